"""A person demands to be forgotten: files that were imported may name them, and so do the samples and problems kept of these."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.forgetting import Named
from hub.library.imports.models import CollectionImport, KeptMapping


def forget(session: Session, named: Named) -> None:
    """Name somebody no more in what is kept of imports, and in mappings."""
    # Not chosen by SQL: JSON is stored with letters beyond ASCII escaped.
    for made in session.scalars(select(CollectionImport)).yield_per(50):
        for name in ("reason", "mapping", "found", "outcome"):
            kept = getattr(made, name)
            if (told := _unnamed(kept, named)) != kept:
                setattr(made, name, told)
    for mapping in session.scalars(select(KeptMapping)):
        mapping.text = named.unnamed(mapping.text)
    session.flush()


def _unnamed(value: Any, named: Named) -> Any:
    if isinstance(value, str):
        return named.unnamed(value)
    if isinstance(value, list):
        return [_unnamed(one, named) for one in value]
    if isinstance(value, dict):
        return {_unnamed(key, named): _unnamed(one, named) for key, one in value.items()}
    return value
