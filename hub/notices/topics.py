"""What people are told about. A feature that tells something new adds its topic here, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hub.db import Word


class Delivery(Word, length=8):
    """How a person wants to hear of a topic."""

    INBOX = "inbox"
    DIGEST = "digest"  # and in the mail of the next morning, if it is still unread then
    MAIL = "mail"  # and by mail at once
    OFF = "off"  # not at all

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Delivery.INBOX: "Here only",
    Delivery.DIGEST: "Also in the daily mail",
    Delivery.MAIL: "Also by mail at once",
    Delivery.OFF: "Not at all",
}


class Topic(StrEnum):
    """What a notice is about."""

    COMMENTS = "comments"
    DATES = "dates"
    FLAGS = "flags"
    LINKS = "links"
    MOVED = "moved"
    OWNERSHIP = "ownership"
    RATINGS = "ratings"
    REQUESTS = "requests"
    REVIEW = "review"
    SEARCHES = "searches"
    THANKS = "thanks"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as people read it; how it is delivered until they choose; whether they may turn it off."""

    topic: Topic
    label: str
    about: str
    usual: Delivery = Delivery.INBOX
    may_be_off: bool = True

    @property
    def ways(self) -> list[Delivery]:
        """What a person may choose."""
        return [way for way in Delivery if way is not Delivery.OFF or self.may_be_off]


TOPICS: dict[Topic, TopicSpec] = {
    spec.topic: spec
    for spec in (
        TopicSpec(
            Topic.DATES,
            "Days that come",
            "Something of yours is to be reviewed, expires, loses a customer's consent, or is archived because nobody uses it.",
            Delivery.DIGEST,
        ),
        TopicSpec(
            Topic.MOVED,
            "What the hub does by itself",
            "Something of yours was published as planned, or archived because its time was over or nobody used it.",
            Delivery.DIGEST,
        ),
        TopicSpec(
            Topic.REVIEW,
            "Reviews",
            "Somebody asks you to review a draft, or yours is approved, sent back or remarked on.",
            Delivery.MAIL,
        ),
        TopicSpec(
            Topic.LINKS,
            "Links that break",
            "A link you keep in the library stops working, or works again.",
            Delivery.DIGEST,
        ),
        TopicSpec(
            Topic.SEARCHES,
            "Searches you keep",
            "Something new was published that fits a search of which you want to hear.",
            Delivery.DIGEST,
        ),
        TopicSpec(
            Topic.REQUESTS,
            "Content requests",
            "Somebody sees to what you asked for or second, answers or declines it; or what you looked for in vain is there now.",
            Delivery.DIGEST,
        ),
        TopicSpec(
            Topic.RATINGS,
            "Asked what you think",
            "Marketing asks what something was worth that you used lately and nobody has rated.",
        ),
        TopicSpec(
            Topic.COMMENTS,
            "Comments",
            "Somebody comments on what you own, mentions you, or replies where you wrote; or a comment of yours is hidden.",
            Delivery.DIGEST,
        ),
        TopicSpec(
            Topic.WEEK,
            "Your week",
            "For marketers, each Monday morning: your most used, what went stale, what was searched in vain. A mail of its own.",
            Delivery.DIGEST,
        ),
        TopicSpec(
            Topic.THANKS,
            "Thanks",
            "Somebody thanks you for something you brought.",
        ),
        TopicSpec(
            Topic.FLAGS,
            "Flags",
            "Somebody says that what you own is out of date, wrong or cannot be opened; or a flag of yours is answered.",
            Delivery.DIGEST,
        ),
        TopicSpec(
            Topic.OWNERSHIP,
            "What becomes yours",
            "Somebody makes you the owner of assets, or a colleague leaves and you take over.",
            Delivery.DIGEST,
        ),
    )
}
