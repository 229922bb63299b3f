"""Saying what one thinks of an asset, and seeing what others said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.db import insert_into, now
from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.feedback.models import Rating
from hub.feedback.summaries import RatingSummary, summary, summary_for_list
from hub.library.contents import bounded
from hub.library.models import Asset, State
from hub.library.visibility import visible_to

__all__ = ["Panel", "RatingSummary", "helped", "panel", "rate", "summary", "summary_for_list"]

SENTENCE_LIMIT = 500
SHOWN = 20  # sentences of others on the asset page


@dataclass(frozen=True, slots=True)
class Panel:
    """What the asset page shows: everybody's word, one's own, and what others wrote. `own`: it is one's own asset.

    `others` are at most 20, newest first; `more` says how many are left out.
    """

    summary: RatingSummary
    mine: Rating | None
    others: Sequence[Rating]
    more: int
    own: bool

    @property
    def stars(self) -> int | None:
        return self.mine.stars if self.mine else None

    @property
    def sentence(self) -> str:
        return self.mine.sentence if self.mine else ""

    @property
    def helped(self) -> bool | None:
        return self.mine.helped if self.mine else None


def rate(session: Session, user: User, public_id: str, stars: int | None, sentence: str = "") -> Asset:
    """Give an asset 1 to 5 stars and a sentence, or take both back (`stars` None). Returns the asset.

    Raises:
        NotFound: there is none of that id for this person.
        Forbidden: it is their own.
        Conflict: it is not published.
        Invalid: the stars are not 1 to 5, or the sentence is longer than 500 characters.
    """
    asset = rateable(session, user, public_id)
    if stars is not None and stars not in range(1, 6):
        raise Invalid("stars", "A rating is 1 to 5 stars.", "Choose one of the five.")
    if stars is None and sentence.strip():
        raise Invalid(
            "stars", "A sentence stands beside stars.", "Choose one to five stars, then save it again."
        )
    sentence = bounded("sentence", sentence, SENTENCE_LIMIT, line=True) if stars is not None else ""
    _say(session, user, asset, stars=stars, sentence=sentence)
    return asset


def helped(session: Session, user: User, public_id: str, answer: bool | None) -> Asset:
    """Say whether an asset helped one's deal, or take it back (None), and its deal with it. Raises as `rate`."""
    asset = rateable(session, user, public_id)
    taken_back = {"deal_name": "", "deal_hundredths": None, "deal_currency": ""} if answer is None else {}
    _say(session, user, asset, helped=answer, **taken_back)
    return asset


def panel(session: Session, user: User, asset: Asset) -> Panel:
    """What is said of an asset that this person may see."""
    said = select(Rating).where(
        Rating.asset_id == asset.id,
        Rating.sentence != "",
        Rating.user_id != user.id,
        Rating.hidden_at.is_(None),
    )
    total = session.scalar(select(func.count()).select_from(said.subquery())) or 0
    newest = (
        said.order_by(Rating.updated_at.desc(), Rating.id.desc())
        .limit(SHOWN)
        .options(joinedload(Rating.user))
    )
    others = session.scalars(newest).all()
    mine = select(Rating).where(Rating.asset_id == asset.id, Rating.user_id == user.id)
    return Panel(
        summary=summary(session, [asset.id])[asset.id],
        mine=session.scalars(mine.execution_options(populate_existing=True)).one_or_none(),
        others=others,
        more=total - len(others),
        own=asset.owner_id == user.id,
    )


def rateable(session: Session, user: User, public_id: str) -> Asset:
    """An asset on which this person may give their word; raises as `rate`."""
    asset = session.scalars(select(Asset).where(Asset.public_id == public_id, visible_to(user))).one_or_none()
    if asset is None:
        raise NotFound
    if asset.owner_id == user.id:
        raise Forbidden("This asset is yours, so others rate it.", remedy="Ask a colleague who has used it.")
    if asset.state is not State.PUBLISHED:
        raise Conflict("It is not published, so it cannot be rated.", remedy="Publish it first.")
    return asset


def _say(session: Session, user: User, asset: Asset, **said: Any) -> None:
    """Write this person's row, new or not: two clicks at once make one row, and the later one stands."""
    said["updated_at"] = now()
    row = insert_into(session, Rating).values(asset_id=asset.id, user_id=user.id, **said)
    session.execute(row.on_conflict_do_update(index_elements=["asset_id", "user_id"], set_=said))
