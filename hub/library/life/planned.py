"""What is to be published at a moment goes out as whoever planned it saw it, or not by itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.models import User
from hub.library import publishing
from hub.library.models import Asset
from hub.notices import Topic

ENQUEUES = ("notices.mail",)


def fall(session: Session, user: User, asset: Asset) -> None:
    """Call after this person has changed an asset: a plan falls when they could not have published it themselves.

    Else a draft that somebody looked at and planned would be a way to publish what nobody looked at.
    """
    if asset.publish_at is None or publishing.may_publish(user, asset):
        return
    to = {asset.owner_id, user.id} | ({asset.scheduled_by_id} if asset.scheduled_by_id else set())
    asset.publish_at = asset.scheduled_by_id = None
    session.flush()
    text = f"{user.name} changed it after it was planned, so it does not go out by itself. A marketer can plan it again."
    notices.tell(session, to, Topic.MOVED, text, key=f"planned:{asset.public_id}", asset=asset.public_id)
