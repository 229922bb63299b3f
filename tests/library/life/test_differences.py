"""Two contents laid over one another: what a person reads, and how long it may take."""

from __future__ import annotations

import random
import time

import pytest

from hub.library.differences import Piece, differences, pieces
from hub.library.kinds import Kind

WORDS = [
    "ward",
    "nurse",
    "time",
    "week",
    "clinic",
    "paper",
    "search",
    "answer",
    "round",
    "shift",
    "price",
    "month",
    "plan",
    "team",
    "call",
]


def said(found: tuple[Piece, ...]) -> str:
    marks = {"same": "{}", "gone": "[-{}]", "new": "[+{}]", "left_out": "<{}>"}
    return "".join(marks[piece.how].format(piece.text) for piece in found)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "New.", "[+New.]"),
        ("Old.", "", "[-Old.]"),
        (
            "It takes two weeks to begin.",
            "It takes three weeks to begin.",
            "It takes [-two][+three] weeks to begin.",
        ),
        ("One.\n\nTwo.\n\nFour.", "One.\n\nTwo.\n\nThree.\n\nFour.", "One.\n\nTwo.\n\n[+Three.\n\n]Four."),
        ("We cut cost by 30 %", "We cut cost by 45 %", "We cut cost by [-30][+45] %"),
        ("naïve 漢字 text", "naïve 漢語 text", "naïve [-漢字][+漢語] text"),
    ],
)
def test_words_are_laid_over_one_another(before: str, after: str, shown: str) -> None:
    assert said(pieces(before, after)) == shown


def test_a_sentence_written_anew_keeps_no_scraps_of_the_old() -> None:
    found = pieces(
        "We save the nurses a lot of time on the ward.", "Every clinic finds the price of a plan in seconds."
    )
    assert [piece.how for piece in found] in (["gone", "new"], ["gone", "new", "same"])


@pytest.mark.parametrize("seed", range(6))
def test_both_texts_can_be_read_out_of_the_pieces(seed: int) -> None:
    dice = random.Random(seed)
    words = [dice.choice(WORDS) for _ in range(400)]
    changed = list(words)
    for _ in range(40):
        place = dice.randrange(len(changed))
        changed[place : place + dice.randrange(3)] = [dice.choice(WORDS)] * dice.randrange(3)
    before, after = " ".join(words), " ".join(changed)
    found = pieces(before, after)
    assert "".join(p.text for p in found if p.how != "new") == before
    assert "".join(p.text for p in found if p.how != "gone") == after
    assert sum(len(p.text) for p in found if p.how == "same") > len(before) / 2


def long_texts() -> list[tuple[str, str, str]]:
    dice = random.Random(1)
    prose = " ".join(dice.choice(WORDS) + str(dice.randrange(3_000)) for _ in range(24_000))[:200_000]
    common = " ".join(dice.choice(WORDS) for _ in range(40_000))[:200_000]
    other = " ".join(dice.choice(WORDS) for _ in range(40_000))[:200_000]
    one, two = (" ".join(f"w{dice.randrange(5_000)}" for _ in range(80_000)) for _ in "ab")
    return [
        ("a word changed", prose, f"{prose[:90_000]} doctor {prose[90_000:]}"),
        ("halves swapped", prose, prose[100_000:] + prose[:100_000]),
        ("few words, another order", common, other),
        ("one letter", "a " * 100_000, "a " * 99_000 + "b " * 1_000),
        ("lines alone", "\n" * 200_000, "\n" * 100_000 + "x" + "\n" * 99_999),
        ("one word without end", "x" * 200_000, "x" * 199_999 + "y"),
        ("signs", "*[" * 100_000, "[*" * 100_000),
        ("other words altogether", one, two),
    ]


@pytest.mark.parametrize(("name", "before", "after"), long_texts(), ids=lambda value: str(value)[:20])
def test_long_texts_take_bounded_time(name: str, before: str, after: str) -> None:
    begun = time.process_time()
    found = pieces(before, after, folded=True)
    assert time.process_time() - begun < 3, name  # half a second on an idle machine
    assert {piece.how for piece in found} & {"gone", "new"}


def test_long_stretches_without_a_change_are_left_out() -> None:
    text = " ".join(f"word{number}" for number in range(2_000))
    found = pieces(text, text.replace("word1000", "other"), folded=True)
    assert [piece.how for piece in found] == ["left_out", "same", "gone", "new", "same", "left_out"]
    assert "words unchanged" in found[0].text
    assert sum(len(piece.text) for piece in found) < 700


def test_every_part_of_a_content_is_compared() -> None:
    before = {
        "title": "Uptime",
        "summary": "",
        "body": "One.",
        "fields": {"sentence": "Ninety seconds.", "source": "Ann"},
        "terms": ["stage:evaluation", "vertical:healthcare"],
        "external": False,
        "for_everyone": True,
        "teams": [],
        "files": [{"id": "a", "name": "old.pdf"}],
    }
    after = {
        **before,
        "title": "Uptime in one line",
        "fields": {"sentence": "Eighty seconds.", "retired": "kept"},
        "terms": ["stage:discovery", "vertical:healthcare"],
        "external": True,
        "for_everyone": False,
        "teams": ["t1"],
        "files": [{"id": "b", "name": "new.pdf"}],
    }
    found = differences(before, after, Kind.SOUND_BITE, names={"stage:discovery": "Discovery", "t1": "North"})
    assert [one.label for one in found] == [
        "Title", "The sentence", "Source", "Retired", "Stage", "May it go to a buyer?", "Audience", "Files",
    ]  # fmt: skip
    by_key = {one.key: one for one in found}
    assert said(by_key["sentence"].pieces) == "[-Ninety][+Eighty] seconds."
    assert (by_key["stage"].gone, by_key["stage"].new) == (("stage:evaluation",), ("Discovery",))
    assert (by_key["audience"].gone, by_key["audience"].new) == (("Everyone",), ("North",))
    assert (by_key["files"].gone, by_key["files"].new) == (("old.pdf",), ("new.pdf",))
    assert differences(before, dict(before), Kind.SOUND_BITE) == []
