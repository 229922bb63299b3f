"""“It helped my deal”: its name and amount, how amounts are read, who sees them; sentences hidden; being forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import AuditEntry, TeamMember
from hub.accounts.roles import Role
from hub.errors import Invalid
from hub.feedback import money
from hub.feedback.forgetting import forget
from hub.feedback.models import Rating
from tests.naughty import OURS, acting

Make = Callable[..., Any]
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None), ("0", 0), ("0,5", 50), ("12500", 1_250_000), ("1.234,56", 123_456), ("1,234.56", 123_456),
        ("1.234", 123_400), ("1,234", 123_400), ("12,5", 1_250), ("1 234,56", 123_456), ("1'234.50", 123_450),
        ("1\u202f234\u202f567", 123_456_700), ("1.234.567,8", 123_456_780), ("999,999,999,999.99", 99_999_999_999_999),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, expected: int | None) -> None:
    assert money.hundredths(text, "amount") == expected


@pytest.mark.parametrize(
    "text",
    ["-1", "\u22125", "(5)", "1e5", "0.123", "1,2,3", "1.23.456", "12.345,678", "€ 5", "5k", "٣", "NaN", "1" * 500, "1000000000000", "=1+1"],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        money.hundredths(text, "amount")
    assert refused.value.field == "amount"


@pytest.mark.parametrize("amount", [0, 1, 99, 100, 123_456, 10**14 - 1])
def test_what_is_written_is_read_again(amount: int) -> None:
    assert money.hundredths(money.written(amount), "amount") == amount


def rows(session: Session) -> list[tuple[Any, ...]]:
    session.rollback()
    session.expire_all()
    columns = (Rating.helped, Rating.deal_name, Rating.deal_hundredths, Rating.deal_currency)
    return [tuple(row) for row in session.execute(select(*columns).order_by(Rating.id))]


def test_a_deal_is_named_and_seen(
    make_user: Make, make_team: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    east, west = make_team("East"), make_team("West")
    rita, owner = make_user(name="Rita Rep", teams=[east]), make_user(name="Olga Owner", teams=[west])
    leader, led = make_user(Role.MANAGER, teams=[east]), make_user(Role.MANAGER, teams=[east])
    with db.unit_of_work() as work:
        work.execute(update(TeamMember).where(TeamMember.user_id == leader.id).values(lead=True))
    asset, noise = make_asset("A story", owner=owner), make_asset("Noise")
    hers, address = sign_in(rita), f"/a/{asset.public_id}"
    other = sign_in(make_user(teams=[west]))
    for place in (address, f"/a/{noise.public_id}"):
        other.post(f"{place}/helped", data={"helped": "yes"})
        other.post(f"{place}/helped/deal", data={"deal": "Westward", "amount": "7", "currency": "CHF"})
    deal = {"deal": "Acme, renewal", "amount": "1.234,56", "currency": "EUR"}
    assert hers.post(f"{address}/helped/deal", data=deal).status_code == 409
    hers.post(f"{address}/helped", data={"helped": "yes"})
    assert hers.post(f"{address}/helped/deal", data=deal).location == f"{address}#feedback"
    assert rows(session)[-1] == (True, "Acme, renewal", 123_456, "EUR")
    # Her team and who leads it; marketers, heads, administrators. Not her manager's peer who leads nothing, nor the owner.
    for user, sees in (
        (rita, True), (make_user(teams=[east]), True), (leader, True), (led, False), (owner, False), (make_user(), False),
        (make_user(Role.MARKETER), True), (make_user(Role.HEAD), True), (make_user(Role.ADMINISTRATOR), True),
    ):  # fmt: skip
        page = sign_in(user).get(address).text
        assert ("Acme, renewal" in page, "EUR 1,234.56" in page) == (sees, sees), user.role
        assert 'Helped <strong class="num">2</strong>' in page
    marketing = sign_in(make_user(Role.MARKETER)).get(address).text
    assert "2 deals" in marketing
    assert "CHF 7" in marketing
    # Refused by name, what was written kept; said twice, changed, taken back.
    for form, why in (
        ({**deal, "amount": "many"}, "is no amount"),
        ({**deal, "amount": "-5"}, "0 or more"),
        ({**deal, "currency": "XXX"}, "in which currency"),
        ({**deal, "deal": "x" * 201}, "200 or fewer"),
    ):
        part = hers.post(f"{address}/helped/deal", data=form, headers=HTMX)
        assert (part.status_code, why in part.text, f'value="{form["amount"]}"' in part.text) == (
            422,
            True,
            True,
        )
        assert hers.post(f"{address}/helped/deal", data=form).status_code == 422
    assert rows(session)[-1] == (True, "Acme, renewal", 123_456, "EUR")
    hers.post(f"{address}/helped/deal", data={"deal": "Acme", "amount": "", "currency": "EUR"})
    hers.post(f"{address}/helped", data={"helped": "no"})
    assert rows(session)[-1] == (False, "Acme", None, "")
    assert "1 deal," in sign_in(make_user(Role.HEAD)).get(address).text
    hers.post(f"{address}/helped", data={"helped": ""})
    assert rows(session)[-1] == (None, "", None, "")
    for line in OURS:
        hers.post(f"{address}/helped", data={"helped": "yes"})
        hers.post(f"{address}/helped/deal", data={"deal": line})
        assert rows(session)[-1][1] == " ".join(line.split())
        assert acting(hers.get(address).text) == []
    with db.unit_of_work() as work:
        forget(work, rita.id)
    assert rows(session)[-1] == (True, "", None, "")
    assert sign_in(owner).post(f"{address}/helped/deal", data=deal).status_code == 403


def test_what_people_write_is_seen_to(
    make_user: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    rita, marketer = make_user(name="Rita Rep"), make_user(Role.MARKETER)
    asset, noise = make_asset("A story"), make_asset("Noise")
    hers, desk, reader = sign_in(rita), sign_in(marketer), sign_in(make_user())
    address = f"/a/{asset.public_id}"
    hers.post(f"{address}/rating", data={"stars": "2", "sentence": "Rude sentence"})
    hers.post(f"{address}/comments", data={"text": "Rude comment"})
    reader.post(f"/a/{noise.public_id}/comments", data={"text": "Kind comment"})
    assert [one.get("/moderation/").status_code for one in (hers, desk)] == [403, 200]
    assert "Rude comment" in desk.get("/moderation/?words=rita").text
    found = desk.get("/moderation/?words=100%").text
    assert "Nothing has these words" in found
    only = desk.get("/moderation/?tab=comments&words=a+story").text
    assert ("Rude comment" in only, "Kind comment" in only) == (True, False)
    assert "Rude sentence" in desk.get("/moderation/?tab=sentences").text
    assert "past the end" in desk.get("/moderation/?page=7").text
    comment = only.split(f'action="{address}/comments/', 1)[1].split("/", 1)[0]
    hide = {"reason": "Be kind.", "back": "moderation", "tab": "comments"}
    assert desk.post(f"{address}/comments/{comment}/hide", data=hide).location == "/moderation/?tab=comments"
    assert "Be kind." in desk.get("/moderation/?tab=hidden").text
    sentence = f"{address}/rating/{rita.public_id}"
    assert reader.post(f"{sentence}/hide", data=hide).status_code == 403
    assert desk.post(f"{sentence}/hide", data={"reason": ""}).status_code == 422
    assert desk.post(f"{address}/rating/{marketer.public_id}/hide", data=hide).status_code == 404
    assert desk.post(f"{sentence}/hide", data=hide).location == "/moderation/?tab=sentences"
    hers.post(f"{address}/rating", data={"stars": "1", "sentence": "Ruder"})
    page = reader.get(address).text
    assert ("Rude" in page, "2.0" in page or "1.0" in page) == (False, True)
    assert "Be kind." in hers.get(address).text
    assert desk.post(f"{sentence}/bring-back", data=hide).status_code == 303
    assert "Ruder" in reader.get(address).text
    session.rollback()
    actions = (
        select(AuditEntry.action).where(AuditEntry.action.startswith("sentence")).order_by(AuditEntry.id)
    )
    assert list(session.scalars(actions)) == [
        "sentence of a rating hidden",
        "sentence of a rating brought back",
    ]
