"""Captions as people have them: read leniently, written so that reading again gives the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.media.cues import Cue, parse, plain, stretches, to_srt, to_vtt
from hub.media.textual import decode

TIMED = st.tuples(st.integers(0, 3_600_000), st.integers(1, 60_000), st.text(max_size=80).map(plain))


@given(st.lists(TIMED, max_size=8))
def test_what_is_written_reads_back_the_same(found: list[tuple[int, int, str]]) -> None:
    cues = sorted(Cue(start, start + length, text) for start, length, text in found if text)
    reading = parse(to_vtt(cues))
    assert sorted(reading.cues) == cues
    assert reading.faults == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("<i>Really</i> <c.loud>loud</c> <00:00:01.500>now", "Really loud now"),
        ("{\\an8}On top", "On top"),
        ("a --> b", "a --> b"),
        ("{{ 7*7 }} \u202etxt.exe", "{{ 7*7 }} \u202etxt.exe"),
    ],
)
def test_marks_of_players_go_and_all_else_stays_to_the_letter(said: str, kept: str) -> None:
    [cue] = parse(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{said}\n").cues
    assert cue.text == kept


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ("-00:01.000 --> 00:02.000", "no time"),
        ("00:03.000 --> 00:02.000", "ends before it begins"),
        ("00:03.000 --> 00:03.000", "ends before it begins"),
        ("9999:00:00.000 --> 9999:00:01.000", "beyond 100 hours"),
        ("00:00:61,5x --> 1", "no time"),
    ],
)
def test_what_cannot_be_is_left_out_by_line_and_the_rest_goes_in(times: str, words: str) -> None:
    reading = parse(f"WEBVTT\n\n{times}\nwrong\n\n00:05.000 --> 00:06.000\nright\n")
    assert reading.cues == [Cue(5000, 6000, "right")]
    assert [fault.startswith("Line 3: ") and words in fault for fault in reading.faults] == [True]


def test_srt_of_another_age_is_read() -> None:
    text = "1\r\n00:00:01,000 --> 00:00:02,500\r\nGrüße, 490 €\r\n2\r\n0:00:03,0 --> 0:00:04,5 X1:0\r\nTwo\r\nlines\r\n"
    expected = [Cue(1000, 2500, "Grüße, 490 €"), Cue(3000, 4500, "Two\nlines")]
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert parse(decode(text.encode(encoding))).cues == expected, encoding
    assert parse(to_srt(expected)).cues == expected


def test_overlapping_cues_stay_in_the_order_of_their_beginnings() -> None:
    reading = parse("WEBVTT\n\n00:05.000 --> 00:09.000\nb\n\n00:01.000 --> 00:06.000\na\n")
    assert [cue.text for cue in reading.cues] == ["a", "b"]


def test_who_speaks_is_said_when_it_changes() -> None:
    turns = "\n\n".join(
        f"00:0{n}.000 --> 00:0{n}.900\n<v {who}>Word {n}</v>" for n, who in enumerate(("Ana", "Ana", "Bo"))
    )
    assert [cue.text for cue in parse(f"WEBVTT\n\n{turns}").cues] == ["Ana: Word 0", "Word 1", "Bo: Word 2"]


def test_a_file_without_end_is_cut_with_a_word() -> None:
    reading = parse("WEBVTT\n\n" + "00:01.000 --> 00:02.000\nx\n\n" * 20_050)
    assert len(reading.cues) == 20_000
    assert "more than 20,000" in reading.faults[0]


def test_stretches_are_half_a_minute_long_and_keep_every_word() -> None:
    cues = [Cue(n * 4000, n * 4000 + 3500, f"w{n}") for n in range(40)]
    pieces = list(stretches(cues))
    assert max(piece.end - piece.start for piece in pieces) <= 30_000
    assert "\n".join(piece.text for piece in pieces).split("\n") == [cue.text for cue in cues]
