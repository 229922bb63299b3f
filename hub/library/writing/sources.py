"""Sound bites that were taken from a story or a transcript: they stay linked to it, and go no further without a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now
from hub.errors import Invalid, NotFound
from hub.library import assets, publishing
from hub.library.contents import Content
from hub.library.forms import AssetForm, Taken
from hub.library.kinds import KINDS, Kind
from hub.library.models import Asset, State
from hub.library.shelf import teams_for
from hub.library.visibility import visible_to
from hub.library.writing.models import Source

SENTENCE = next(known for known in KINDS[Kind.SOUND_BITE].fields if known.key == "sentence")
TITLE_WORDS = 9


@dataclass(frozen=True, slots=True)
class Origin:
    """What a sound bite was taken from, for somebody who may see it. `trouble` and `narrow` are for those who may change
    the bite: why it may not hold any more, and for whom the source is when that is not everybody everywhere."""

    source: Asset
    anchor: str
    words: str
    trouble: str
    narrow: str
    may_widen: bool


def begin(session: Session, user: User, taken: Taken) -> AssetForm:
    """The form of a new sound bite with what was selected, filed as its source is, and for the same people.

    Raises:
        NotFound: this person may not see the source.
    """
    source = assets.get(session, user, taken.source)
    words = " ".join(taken.words.split())
    form = AssetForm.blank(Kind.SOUND_BITE)
    form.taken = replace(taken, words=words)
    mine = {team.public_id for team in teams_for(session, user)}
    form.content = Content(
        title=_title(words),
        fields={"sentence": _sentence(words), "source": _who(source)},
        terms=[f"{term.facet}:{term.key}" for term in source.terms],
        external=source.external,
        for_everyone=source.for_everyone,
        teams=[team.public_id for team in source.audience if team.public_id in mine],
    )
    return form


def link(session: Session, user: User, bite: Asset, form: AssetForm) -> None:
    """Link a new sound bite to where it was taken from, if it was.

    Raises:
        Invalid: it would go further than its source, and nobody said so; or its source is out of their sight by now.
    """
    if form.taken is None or form.spec.kind is not Kind.SOUND_BITE:
        return
    source = _asked(session, user, form.taken)
    if source is None:
        form.taken = None
        raise Invalid(
            "source",
            "What it was taken from is gone, or not for you any more.",
            "Save again without the link.",
        )
    _no_wider(user, source, form, wider_than(source, form.content))
    session.add(
        Source(asset_id=bite.id, source_id=source.id, anchor=form.taken.anchor, words=form.taken.words)
    )
    session.flush()


def check(session: Session, user: User, bite: Asset, form: AssetForm) -> None:
    """Before a sound bite is saved: that it goes no further than its source, unless somebody who may says so.

    What it says already is not asked again.

    Raises:
        Invalid: it would, and nobody said so.
    """
    row = _row(session, bite)
    if row is not None:
        before = wider_than(row[1], AssetForm.of(bite).content)
        wider = {
            field: said for field, said in wider_than(row[1], form.content).items() if field not in before
        }
        _no_wider(user, row[1], form, wider)


def origin(session: Session, user: User, form: AssetForm, bite: Asset | None) -> Origin | None:
    """What the form is told of where its sound bite comes from."""
    if bite is not None:
        return origin_of(session, user, bite)
    source = _asked(session, user, form.taken) if form.taken else None
    return _origin(user, source, form.taken) if source is not None and form.taken is not None else None


def origin_of(session: Session, user: User, bite: Asset) -> Origin | None:
    """Where an asset was taken from, if it was and this person may see that."""
    row = _row(session, bite)
    if row is None or session.scalar(select(Asset.id).where(Asset.id == row[1].id, visible_to(user))) is None:
        return None
    return _origin(user, row[1], Taken(row[1].public_id, row[0].anchor, row[0].words))


def bites_of(session: Session, user: User, source: Asset) -> Sequence[Asset]:
    """The sound bites that were taken from an asset, of those that this person may see."""
    query = (
        select(Asset)
        .join(Source, Source.asset_id == Asset.id)
        .where(Source.source_id == source.id, Asset.state != State.ARCHIVED, visible_to(user))
    )
    return session.scalars(query.order_by(Asset.created_at, Asset.id)).all()


def _row(session: Session, bite: Asset) -> tuple[Source, Asset] | None:
    query = select(Source, Asset).join(Asset, Asset.id == Source.source_id)
    found = session.execute(query.where(Source.asset_id == bite.id)).one_or_none()
    return (found[0], found[1]) if found else None


def _asked(session: Session, user: User, taken: Taken) -> Asset | None:
    """What a new sound bite says it was taken from; None when that is out of this person's sight by now."""
    try:
        return assets.get(session, user, taken.source)
    except NotFound:
        return None


def _origin(user: User, source: Asset, taken: Taken) -> Origin:
    may_widen = publishing.may_publish(user, source)
    return Origin(source, taken.anchor, taken.words, _trouble(source), _narrow(source), may_widen)


def wider_than(source: Asset, content: Content) -> dict[str, str]:
    """In what a sound bite goes further than its source: field → words."""
    found = {}
    if content.external and not source.external:
        found["external"] = "It was taken from what is internal: it would go to buyers."
    teams = {team.public_id for team in source.audience}
    if not source.for_everyone and (content.for_everyone or not set(content.teams) <= teams):
        found["teams"] = f"It was taken from what is only for {_names(source)}: more people would see it."
    return found


def _no_wider(user: User, source: Asset, form: AssetForm, wider: Mapping[str, str]) -> None:
    for field, words in wider.items():
        if not publishing.may_publish(user, source):
            raise Invalid(field, words, "Keep it as its source is, or ask a marketer.")
        if not form.wider:
            raise Invalid(
                field, words, "Keep it as its source is, or tick that this is meant, and save again."
            )


def _narrow(source: Asset) -> str:
    said = [] if source.external else ["internal"]
    return " and ".join(said if source.for_everyone else [*said, f"only for {_names(source)}"])


def _names(source: Asset) -> str:
    return ", ".join(team.name for team in source.audience) or "its owner and marketing"


def _trouble(source: Asset) -> str:
    """Why what a bite says may not be said any more."""
    if source.consent_until is not None and source.consent_until < now().date():
        return "The consent for what it was taken from has ended. Check whether this may still be said."
    if source.state is State.ARCHIVED:
        return "What it was taken from is archived. Check whether this still holds."
    return ""


def _sentence(words: str) -> str:
    """As many whole sentences as a sound bite may have, or as many words."""
    if len(words) <= SENTENCE.limit:
        return words
    cut = words[: SENTENCE.limit]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: end + 1] if end > 0 else cut.rpartition(" ")[0] or cut


def _title(words: str) -> str:
    return " ".join(words.split()[:TITLE_WORDS]).rstrip(".,;:!?")[:120]


def _who(source: Asset) -> str:
    """Who said it, as far as the source tells."""
    said = (source.fields.get(key, "") for key in ("quoted", "speaker", "who"))
    return next((str(one) for one in said if one), str(source.fields.get("customer", "")))
