"""Fields of a kind that are read out of more than a key of their name."""

from __future__ import annotations

from hub.library.importing import lines, sections
from hub.library.importing.telling import Telling
from hub.library.importing.values import Values
from hub.library.kinds import Kind

SITUATION = frozenset(
    {"challenge", "challenges", "the challenge", "problem", "the problem", "situation", "the situation"}
)
RESULT = frozenset(
    {
        "impact",
        "the impact",
        "result",
        "results",
        "the result",
        "the results",
        "outcome",
        "outcomes",
        "the outcome",
    }
)


def fields_of(
    kind: Kind, values: Values, telling: Telling, link: str, industries: list[str]
) -> dict[str, str]:
    """What the item says for the fields of its kind; a field that is not in it is read by its own key."""
    if kind is Kind.LINK:
        return {"url": link or values.video()}
    if kind is Kind.SOUND_BITE:
        sentence = values.field("sentence")[0] or telling.quote.text or lines.plain(telling.body)
        return {"sentence": sentence, "source": values.field("source")[0] or telling.quote.speaker}
    if kind is not Kind.CUSTOMER_STORY:
        return {}
    return {
        "customer": telling.customer,
        "industry": ", ".join(industries),
        "situation": values.prose("situation") or sections.under(telling.body, SITUATION),
        "result": values.prose("result") or sections.under(telling.body, RESULT),
        "quote": telling.quote.text,
        "quoted": telling.quote.speaker,
        "link": link or values.video(),
    }
