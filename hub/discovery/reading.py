"""The asset page: the thing itself first, then what to do with it, then what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery.sections import Section, laid_out, place, within
from hub.discovery.telling import Telling, tell
from hub.library import assets, prose, publishing
from hub.library.captions.adoption import CAPTIONS
from hub.library.kinds import KINDS, KindSpec
from hub.library.models import FACETS, Asset, Passage, StoredFile, Term
from hub.library.playback import Recording, address, best, recordings


@dataclass(frozen=True, slots=True)
class PageImage:
    number: int
    place: str
    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file of an asset as its page shows it."""

    file: StoredFile
    download: str
    recording: Recording | None
    pages: list[PageImage]
    picture: PageImage | None
    words: list[Section] = field(
        default_factory=list
    )  # of slides that are shown as pictures, with their notes


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the asset page shows."""

    asset: Asset
    spec: KindSpec
    html: str
    plain: str  # the words of the text, to be copied
    told: Telling
    files: list[ShownFile]
    sections: list[Section] = field(default_factory=list)
    whole: bool = True  # all the words there are
    may_edit: bool = False
    may_download: bool = False

    @property
    def summary(self) -> str:
        """The summary, unless the text below begins with the same words, as that of an imported page does."""
        summary = " ".join(self.asset.summary.split())
        begun = " ".join(self.plain.split())[: len(summary)]
        same = begun.rstrip(".… ").startswith(summary.rstrip(".… "))
        return "" if same else self.asset.summary

    @property
    def terms(self) -> list[tuple[str, list[Term]]]:
        """Terms by facet, in the order of the search page."""
        order = [*FACETS]
        found = sorted(self.asset.terms, key=lambda term: (order.index(term.facet), term.position))
        return [(facet, list(of)) for facet, of in groupby(found, key=lambda term: term.facet)]

    @property
    def heart(self) -> str:
        """The one text that a rep copies: the kind's own field, or the body of a short kind."""
        if self.spec.heart in {"file", "body", "url"}:
            return self.plain if self.spec.copied else ""
        return str(self.asset.fields.get(self.spec.heart, ""))


def read(session: Session, user: User, public_id: str, transcript: str = "") -> Reading:
    """The asset page of one asset; `transcript` names the captions whose words are shown beside a recording.

    Raises:
        NotFound: there is none of that id for this person.
    """
    asset = assets.get(session, user, public_id)
    spec = KINDS[asset.kind]
    passages = _passages(session, asset)
    playable = recordings(session, asset, transcript)
    words = [
        (file, within(p for p in passages.get(file.id, ()) if _shown_as_words(file, p)))
        for file in asset.files
    ]
    return Reading(
        asset=asset,
        spec=spec,
        html=prose.to_html(asset.body),
        plain=prose.to_text(asset.body),
        told=tell(spec, asset.fields),
        files=[_shown(file, passages.get(file.id, []), playable.get(file.id)) for file in asset.files],
        sections=[
            section for file, (kept, _) in words for section in laid_out(kept, asset.title, file.public_id)
        ],
        whole=all(whole for _, (_, whole) in words),
        may_edit=publishing.may_edit(user, asset),
        may_download=publishing.may_take_out(user, asset),
    )


def _passages(session: Session, asset: Asset) -> dict[int, list[Passage]]:
    """Passages by file, in their order."""
    found: dict[int, list[Passage]] = {}
    current = [file.id for file in asset.files]
    query = (
        select(Passage)
        .where(Passage.asset_id == asset.id, Passage.file_id.in_(current))
        .order_by(Passage.number)
    )
    for passage in session.scalars(query):
        found.setdefault(passage.file_id or 0, []).append(passage)
    return found


def _shown_as_words(file: StoredFile, passage: Passage) -> bool:
    """A slide or section, unless its file is shown as pictures of its pages already; captions that are no recording's."""
    if passage.kind == "transcript":
        return file.mime in CAPTIONS
    return passage.kind in {"section", "slide"} and best(file, "page") is None


def _shown(file: StoredFile, passages: Sequence[Passage], recording: Recording | None) -> ShownFile:
    slides = [passage for passage in passages if passage.kind == "slide"]
    one = "Slide" if slides else "Page"
    words = {p.number: f"{one} {p.number}: {p.text[:300]}" for p in passages}
    pages = [
        PageImage(
            r.page,
            place("page", r.page, file.public_id),
            address(r),
            r.width,
            r.height,
            words.get(r.page, f"{one} {r.page}"),
        )
        for r in sorted(file.renditions, key=lambda r: r.page)
        if r.kind == "page"
    ]
    image = best(file, "preview")
    picture = (
        PageImage(
            1,
            place("page", 1, file.public_id),
            address(image),
            image.width,
            image.height,
            file.filename,
        )
        if image
        else None
    )
    return ShownFile(
        file=file,
        download=url_for("life.file", public_id=file.asset.public_id, file_id=file.public_id),
        recording=recording,
        pages=pages,
        picture=picture,
        words=laid_out(within(slides)[0], "") if pages else [],
    )
