"""The kinds of asset, declared: label, what it is for, and the fields that make it useful."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sqlalchemy import Enum


class Kind(StrEnum):
    """What an asset is."""

    SOUND_BITE = "sound_bite"
    ELEVATOR_PITCH = "elevator_pitch"
    VALUE_PROPOSITION = "value_proposition"
    CUSTOMER_STORY = "customer_story"
    SUCCESS_FACTOR = "success_factor"
    PITCH_VIDEO = "pitch_video"
    BATTLECARD = "battlecard"
    DECK = "deck"
    DOCUMENT = "document"
    LINK = "link"

    @classmethod
    def column_type(cls) -> Enum:
        return Enum(cls, native_enum=False, length=24, values_callable=lambda kinds: [k.value for k in kinds])


FieldType = Literal["line", "text", "url", "date"]


@dataclass(frozen=True, slots=True)
class KindField:
    """One field of a kind. `copied`: it is what a rep copies in one click."""

    key: str
    label: str
    hint: str = ""
    type: FieldType = "line"
    required: bool = False
    limit: int = 2_000


@dataclass(frozen=True, slots=True)
class KindSpec:
    """What a kind is called, its own fields, whether its heart is a file, its text or a field."""

    kind: Kind
    label: str
    plural: str
    about: str
    fields: tuple[KindField, ...] = ()
    heart: str = "body"  # "file", "body", or the key of a field
    copied: bool = False  # short enough to be copied whole in one click


KINDS: dict[Kind, KindSpec] = {
    spec.kind: spec
    for spec in (
        KindSpec(
            Kind.SOUND_BITE,
            "Sound bite",
            "Sound bites",
            "One sentence that lands, and when to say it.",
            (
                KindField(
                    "sentence",
                    "The sentence",
                    "As you would say it aloud.",
                    "text",
                    required=True,
                    limit=1_000,
                ),
                KindField("when", "When to say it", "The question or objection it answers.", "text"),
                KindField("source", "Source", "Who said it, or where the number comes from."),
            ),
            heart="sentence",
            copied=True,
        ),
        KindSpec(
            Kind.ELEVATOR_PITCH,
            "Elevator pitch",
            "Elevator pitches",
            "Who we are, in the time of a lift ride.",
            (
                KindField("seconds", "Spoken length", "For example: 30 seconds."),
                KindField("audience", "For whom", "Who is standing in the lift."),
            ),
            copied=True,
        ),
        KindSpec(
            Kind.VALUE_PROPOSITION,
            "Value proposition",
            "Value propositions",
            "For whom, against what, with what proof.",
            (
                KindField("for_whom", "For whom", "The role and their problem.", "text"),
                KindField("against", "Against what", "What they do today, or the other vendor.", "text"),
                KindField("proof", "Proof", "A number, a customer, a test.", "text"),
            ),
            copied=True,
        ),
        KindSpec(
            Kind.CUSTOMER_STORY,
            "Customer story",
            "Customer stories",
            "What a customer faced, did and got, in numbers.",
            (
                KindField("customer", "Customer", "The company's name."),
                KindField("industry", "Industry", "In the customer's own words."),
                KindField("situation", "Situation", "What hurt before.", "text"),
                KindField("result", "Result", "In numbers where there are any.", "text"),
                KindField("quote", "Quote", "What they say themselves.", "text"),
                KindField("quoted", "Who says it", "Name and role."),
                KindField("link", "Public link", "Where a buyer can read it.", "url"),
                KindField("consent_until", "Consent until", "The last day we may use it.", "date"),
            ),
        ),
        KindSpec(
            Kind.SUCCESS_FACTOR,
            "Success factor",
            "Success factors",
            "Half a page by a top performer: what works, and why.",
            (KindField("who", "Whose habit this is", "The top performer."),),
        ),
        KindSpec(
            Kind.PITCH_VIDEO,
            "Pitch video",
            "Pitch videos",
            "A top performer pitching, to watch and to learn from.",
            (KindField("speaker", "Speaker", "Who is pitching."),),
            heart="file",
        ),
        KindSpec(
            Kind.BATTLECARD,
            "Battlecard",
            "Battlecards",
            "A competitor: where they are strong, the traps, the answers.",
            (
                KindField("competitor", "Competitor", "Whom it is about.", required=True),
                KindField("strengths", "Where they are strong", "Say it fairly.", "text"),
                KindField("traps", "Traps to set", "Questions that show the difference.", "text"),
                KindField("answers", "Answers", "What to say when they attack.", "text"),
            ),
        ),
        KindSpec(Kind.DECK, "Deck", "Decks", "Slides for a meeting.", heart="file"),
        KindSpec(
            Kind.DOCUMENT,
            "Document",
            "Documents",
            "Anything to read: a one-pager, a data sheet, a paper.",
            heart="file",
        ),
        KindSpec(
            Kind.LINK,
            "Link",
            "Links",
            "Something worth keeping that lives elsewhere.",
            (KindField("url", "Address", "https://…", "url", required=True),),
            heart="url",
        ),
    )
}
