"""The command palette: go anywhere, add anything, find anything, from any page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.discovery.suggesting import Option, suggestions
from hub.library import taxonomy
from hub.library.kinds import KINDS
from hub.search import Engine

MOST_ACTS = 5
MOST_AT_FIRST = 9


@dataclass(frozen=True, slots=True)
class Act:
    """A place to go or a thing to do: its label, other words for it, where it is, who may."""

    label: str
    also: str
    endpoint: str
    icon: str
    permission: Permission
    values: Mapping[str, str] = field(default_factory=dict)


ACTS = (
    Act("Search the library", "find all assets", "discovery.search", "search", Permission.READ),
    Act("Browse by stage and vertical", "map gaps", "reading.browse", "layout-grid", Permission.READ),
    Act("Add to the library", "new upload file asset", "library.new", "plus", Permission.DRAFT),
    Act("Saved searches", "kept alerts", "mine.searches", "bookmark", Permission.READ),
    Act("Collections", "lists boards", "collections.every", "bookmark", Permission.READ),
    Act("Notices", "inbox messages", "notices.inbox", "inbox", Permission.READ),
    Act("Library", "drafts shelf content", "library.shelf", "library", Permission.DRAFT),
    Act("What needs care", "review due expiring stale", "care.overview", "heart-handshake", Permission.DRAFT),
    Act("Insights", "use figures analytics", "analytics.use", "chart-bar", Permission.MEASURE),
    Act("Gaps", "searched in vain insights demand", "gaps.overview", "chart-bar", Permission.MEASURE),
    Act("Requests", "content wanted wishes", "requests.every", "target-arrow", Permission.READ),
    Act("Ask for content", "new request missing wish", "requests.new", "plus", Permission.READ),
    Act("Your stages and verticals", "interests territory", "mine.terms", "target-arrow", Permission.READ),
    Act("What you hear of", "mail notification preferences", "notices.preferences", "mail", Permission.READ),
    Act("Your profile", "password sessions time zone account", "accounts.profile", "user", Permission.READ),
    Act("Flags", "out of date wrong broken reported", "flags.overview", "flag", Permission.READ),
    Act(
        "What people write",
        "comments moderation hidden ratings",
        "moderation.overview",
        "message",
        Permission.PUBLISH,
    ),
    Act("Tune the search", "synonyms failed searches pins", "tuning.overview", "search", Permission.PUBLISH),
    Act("Terms", "taxonomy stages verticals personas", "terms.terms", "tag", Permission.PUBLISH),
    Act("Pinned on the first page", "home", "pins.every", "pin", Permission.PUBLISH),
    Act("Import", "manifest zip csv folder", "imports.overview", "upload", Permission.PUBLISH),
    Act("Bulk changes", "undo many", "bulk.past", "history", Permission.PUBLISH),
    Act("People", "users accounts invite", "accounts.people", "users", Permission.OPERATE),
    Act("Teams", "groups", "accounts.teams", "users", Permission.OPERATE),
    Act("Record", "audit log", "accounts.record", "list-details", Permission.OPERATE),
    Act("Jobs", "queue worker health", "jobs.overview", "cpu", Permission.OPERATE),
    *(
        Act(
            f"Add a {spec.label.lower()}",
            "new write",
            "library.compose",
            "plus",
            Permission.DRAFT,
            {"kind": kind.value},
        )
        for kind, spec in KINDS.items()
    ),
)


def options(session: Session, engine: Engine, user: User, words: str) -> list[Option]:
    """What this person can do or find by these words; with none, where they can go; else the search itself."""
    typed = taxonomy.fold(words).split()
    allowed = [act for act in ACTS if may(user.role, act.permission)]
    if not typed:
        return [_option(act) for act in allowed[:MOST_AT_FIRST]]
    acts = [_option(act) for act in allowed if _fits(act, typed)][:MOST_ACTS]
    found = [*acts, *suggestions(session, engine, user, words)]
    return found or [Option(url_for("discovery.search", q=words), f"Search for “{words}”", "search", "find")]


def _fits(act: Act, typed: list[str]) -> bool:
    words = taxonomy.fold(f"{act.label} {act.also}").split()
    return all(any(word.startswith(begun) for word in words) for begun in typed)


def _option(act: Act) -> Option:
    hint = "add" if act.icon == "plus" else "go"
    return Option(url_for(act.endpoint, **act.values), act.label, act.icon, hint)  # type: ignore[arg-type]
