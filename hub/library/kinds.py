"""The kinds of asset, declared: label, what it is for, and the fields that make it useful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hub.db import Word


class Kind(Word, length=24):
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


FieldType = Literal["line", "text", "url", "date"]
Place = Literal["below", "line", "large", "points", "words", "quote", "by"]


@dataclass(frozen=True, slots=True)
class KindField:
    """One field of a kind. `group`: the heading it stands under in the form; `limit` is in characters.

    `place` is where the page of an asset has it: below its text, or before it, as a line, large, as points (a line of it
    is one), as words, or as a quote with the field `by` under it.
    """

    key: str
    label: str
    hint: str = ""
    type: FieldType = "line"
    required: bool = False
    limit: int = 2_000
    group: str = ""
    rows: int = 3
    place: Place = "below"


@dataclass(frozen=True, slots=True)
class KindSpec:
    """What a kind is called, its own fields, whether its heart is a file, its text or a field.

    `body_label`, `body_hint`, `body_aim` (words that are enough) and `tips` are said to those who write one.
    `row` is the field that lists show; without it, or where it is empty, they show the summary.
    """

    kind: Kind
    label: str
    plural: str
    about: str
    fields: tuple[KindField, ...] = ()
    heart: str = "body"  # "file", "body", or the key of a field
    copied: bool = False  # short enough to be copied whole in one click
    row: str = ""
    title_hint: str = "What a rep would look for."
    body_label: str = "Text"
    body_hint: str = ""
    body_aim: int = 0
    tips: tuple[str, ...] = ()


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
                    "As you would say it aloud, in one breath.",
                    "text",
                    required=True,
                    limit=1_000,
                ),
                KindField("when", "When to say it", "The question or objection it answers.", "text", rows=2),
                KindField("source", "Source", "Who said it, or where the number comes from."),
            ),
            heart="sentence",
            copied=True,
            row="sentence",
            title_hint="The point it makes, as a rep would look for it: “Uptime in one line”.",
            body_label="Background",
            body_hint="What to answer when they ask for more.",
            tips=(
                "Say it aloud. If you have to breathe, it is too long.",
                "One number that can be checked beats three adjectives.",
                "Name the moment: the question after which it lands.",
            ),
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
            body_label="The pitch",
            body_hint="As it is spoken. Two and a half words are a second.",
            body_aim=150,
            tips=(
                "Begin with their problem, not with our name.",
                "End with a question that they want to answer.",
            ),
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
            body_label="The proposition",
            body_hint="What they get, in their words, and why only from us.",
            body_aim=120,
            tips=(
                "For one role: what moves a head of finance leaves a nurse cold.",
                "Against what they do today, which often is nothing.",
                "A proof that a buyer can check.",
            ),
        ),
        KindSpec(
            Kind.CUSTOMER_STORY,
            "Customer story",
            "Customer stories",
            "What a customer faced, did and got, in numbers.",
            (
                KindField("customer", "Customer", "The company's name.", group="The customer", place="line"),
                KindField(
                    "industry", "Industry", "In the customer's own words.", group="The customer", place="line"
                ),
                KindField(
                    "situation",
                    "Situation",
                    "What hurt before.",
                    "text",
                    group="The story in brief",
                    place="words",
                ),
                KindField(
                    "result",
                    "Result",
                    "In numbers where there are any. It stands first on the page.",
                    "text",
                    group="The story in brief",
                    place="large",
                ),
                KindField(
                    "quote",
                    "Quote",
                    "What they say themselves.",
                    "text",
                    group="In their words",
                    place="quote",
                ),
                KindField("quoted", "Who says it", "Name and role.", group="In their words", place="by"),
                KindField(
                    "link", "Public link", "Where a buyer can read it.", "url", group="What we may do with it"
                ),
                KindField(
                    "consent_until",
                    "Consent until",
                    "The last day on which we may use it.",
                    "date",
                    group="What we may do with it",
                ),
            ),
            row="result",
            title_hint="Customer and result: “Clinic Nord halves its waiting time”.",
            body_label="The whole story",
            body_hint="Before, what they did, what came of it.",
            tips=(
                "Results are numbers with a time: “31 % fewer tickets in six months”.",
                "A quote says what we cannot say ourselves.",
                "When consent ends, the story leaves pages and search by itself.",
            ),
        ),
        KindSpec(
            Kind.SUCCESS_FACTOR,
            "Success factor",
            "Success factors",
            "Half a page by a top performer: what works, and why.",
            (KindField("who", "Whose habit this is", "The top performer.", place="line"),),
            title_hint="The habit, as an instruction: “Send the agenda the evening before”.",
            body_label="Half a page",
            body_hint="What they do, when, and why it works.",
            body_aim=250,
            tips=(
                "One habit. Two habits are two success factors.",
                "Tell the last time it worked, with what was said.",
                "Half a page is read; two pages are not.",
            ),
        ),
        KindSpec(
            Kind.PITCH_VIDEO,
            "Pitch video",
            "Pitch videos",
            "A top performer pitching, to watch and to learn from.",
            (KindField("speaker", "Speaker", "Who is pitching."),),
            heart="file",
            body_label="What to listen for",
            tips=("Say at which minute the best part begins.",),
        ),
        KindSpec(
            Kind.BATTLECARD,
            "Battlecard",
            "Battlecards",
            "A competitor: where they are strong, the traps, the answers.",
            (
                KindField("competitor", "Competitor", "Whom it is about.", required=True, place="line"),
                KindField(
                    "strengths", "Where they are strong", "Say it fairly.", "text", rows=4, place="words"
                ),
                KindField(
                    "traps",
                    "Traps to set",
                    "Questions that show the difference, one a line.",
                    "text",
                    rows=5,
                    place="points",
                ),
                KindField(
                    "answers",
                    "Answers",
                    "One a line: “What they say.” What you answer.",
                    "text",
                    rows=5,
                    place="points",
                ),
            ),
            title_hint="“Against” and their name, with the situation when there are several.",
            body_label="More about them",
            body_hint="Prices, recent news, customers who left them.",
            tips=(
                "Fair about their strengths, or no rep will trust the rest.",
                "A trap is a question that the buyer takes home.",
                "Each answer in words that can be spoken on a call.",
            ),
        ),
        KindSpec(
            Kind.DECK,
            "Deck",
            "Decks",
            "Slides for a meeting.",
            heart="file",
            body_label="How to use it",
            body_hint="For which meeting, which slides to skip.",
        ),
        KindSpec(
            Kind.DOCUMENT,
            "Document",
            "Documents",
            "Anything to read: a one-pager, a data sheet, a paper.",
            heart="file",
            body_label="How to use it",
            body_hint="For whom, and after which conversation.",
        ),
        KindSpec(
            Kind.LINK,
            "Link",
            "Links",
            "Something worth keeping that lives elsewhere.",
            (
                KindField("url", "Address", "Begin it with https://.", "url", required=True),
                KindField("why", "Why it is worth keeping", "What one finds there.", "text", rows=2),
            ),
            heart="url",
            body_label="Notes",
            tips=("The hub looks once a week whether the address still answers.",),
        ),
    )
}
