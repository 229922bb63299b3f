"""Lines that run through a document are no words of any one page."""

from __future__ import annotations

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from hub.media.running import running_lines, without

from .conftest import ReadHere


def paper(path: Path, pages: int, *, foot: str = "Page {} of 12") -> Path:
    """Pages with a head, a sentence that most share in the middle, words of their own and a foot."""
    canvas = Canvas(str(path))
    for number in range(1, pages + 1):
        own, more = "abcdefgh"[number], "ijklmnop"[number]
        lines = ["Acme Corp – Confidential", *(f"Own words {own} {line}" for line in range(3))]
        lines += [
            "Ask your coach.",
            *(f"More words {more} {line}" for line in range(3)),
            foot.format(number),
        ]
        for place, line in enumerate(lines):
            canvas.drawString(72, 750 - 40 * place, line)
        canvas.showPage()
    canvas.save()
    return path


def test_heads_and_feet_are_left_out(read_here: ReadHere, tmp_path: Path) -> None:
    told = read_here(paper(tmp_path / "paper.pdf", 6), page_images=1)
    assert len(told.passages) == 6
    for number, passage in enumerate(told.passages, start=1):
        assert "Confidential" not in passage.text
        assert "of 12" not in passage.text
        assert f"Own words {'abcdefgh'[number]} 0" in passage.text
        assert "Ask your coach." in passage.text  # not at an edge, so it is said on purpose


def test_few_pages_lose_nothing(read_here: ReadHere, tmp_path: Path) -> None:
    told = read_here(paper(tmp_path / "paper.pdf", 3), page_images=1)
    assert all("Confidential" in passage.text for passage in told.passages)


def test_pages_of_nothing_else_stay_as_they_are() -> None:
    texts = ["Brand book", "Brand book", "Brand book", "Brand book\nThe logo", "Brand book\nThe type"]
    pages = list(enumerate(texts, start=1))
    running = running_lines(pages)
    assert [without(text, number, running) for number, text in pages] == [*texts[:3], "The logo", "The type"]
    assert without("Brand book\nThe logo", 4, frozenset()) == "Brand book\nThe logo"


def test_numbers_run_only_when_they_count_along() -> None:
    prices = [(number, f"Plan {number * number + 3}\nWords {number}") for number in range(1, 8)]
    assert [without(text, number, running_lines(prices[:7])) for number, text in prices] == [
        text.split("\n")[0] for _, text in prices
    ]


def test_left_and_right_pages_have_heads_of_their_own() -> None:
    heads = ("{} Acme Corp", "Annual report | {}")
    pages = [
        (number, f"{heads[number % 2].format(number + 8)}\nWords of {'abcdefgh'[number]}")
        for number in range(8)
    ]
    running = running_lines(pages)
    assert [without(text, number, running) for number, text in pages] == [
        f"Words of {letter}" for letter in "abcdefgh"
    ]
