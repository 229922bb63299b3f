"""What is taken as an e-mail address, a name, a time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hub.accounts import identity
from hub.errors import Invalid


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (" Ada@Example.COM ", "ada@example.com"),
        ("o'brien+hub@mail.example.co.uk", "o'brien+hub@mail.example.co.uk"),
        ("ada@bücher.example", "ada@bücher.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("用户@例子.测试", "用户@例子.测试"),
        ("ada@stra\u00dfe.example", "ada@stra\u00dfe.example"),
        ("a@b.c", "a@b.c"),
        ("A\u0308da@example.com", "äda@example.com"),
    ],
)
def test_addresses_are_stored_in_one_form(text: str, stored: str) -> None:
    assert identity.email(text) == stored
    assert identity.email(stored) == stored


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ada",
        "@example.com",
        "ada@",
        "ada@localhost",
        "ada@example..com",
        "ada@-example.com",
        "ada@example-.com",
        "ada@exa mple.com",
        "ada lovelace@example.com",
        "ada@@example.com",
        "ada@b@example.com",
        ".ada@example.com",
        "ada.@example.com",
        "a..da@example.com",
        "<ada@example.com>",
        "ada@example.com,bob@example.com",
        "ada@example.com\nBcc: bob@example.com",
        "ada\0@example.com",
        "ada\u200b@example.com",
        "ada@example\u202e.com",
        "ada@xn--\u00fc.example",
        "ada@xn--99999999.example",
        "ada@" + "x" * 64 + ".com",
        "x" * 65 + "@example.com",
        "x" * 64 + "@" + ("y" * 60 + ".") * 4 + "com",
        "ada@example.com/..",
        "\ud800@example.com",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        identity.email(text)
    assert refused.value.field == "email"
    assert refused.value.remedy


@given(some.text(max_size=80) | some.emails())
def test_an_address_is_stored_as_it_will_be_found(text: str) -> None:
    try:
        stored = identity.email(text)
    except Invalid:
        return
    assert identity.email(stored) == stored
    assert len(stored) <= identity.LONGEST_EMAIL
    assert not identity.invisible(stored)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (" Ada \t Lovelace\n", "Ada Lovelace"),
        ("Zo\u00eb", "Zo\u00eb"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<b>Ada</b>", "<b>Ada</b>"),
        ("x" * 200, "x" * 200),
    ],
)
def test_names_are_kept_on_one_line(text: str, stored: str) -> None:
    assert identity.name(text) == stored


@pytest.mark.parametrize("text", ["", " \n ", "x" * 201, "A\0da", "\u202eadA", "A\x07da", "\ud800", "\ue000"])
def test_names_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        identity.name(text)
    assert refused.value.remedy


def test_every_time_zone_on_offer_exists() -> None:
    zones = [zone for zones in identity.time_zones().values() for zone in zones]
    assert {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"} <= set(zones)
    assert all(ZoneInfo(zone) for zone in zones)
    assert all(identity.time_zone(zone) == zone for zone in zones)


@pytest.mark.parametrize("text", ["", "Nowhere", "europe/berlin", "/etc/passwd", "UTC\0", "Europe"])
def test_other_time_zones_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        identity.time_zone(text)
    assert refused.value.field == "timezone"
