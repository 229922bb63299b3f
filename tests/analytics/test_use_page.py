"""The page of use through HTTP: who may see it, what it says when there is nothing, its addresses and its CSV."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics import report
from hub.analytics.formulas import PAGES as FORMULA_PAGES
from hub.analytics.frame import SECTIONS
from hub.analytics.hints import hint
from hub.analytics.report import HEADER
from hub.db import now
from hub.library.models import Asset
from hub.usage.models import RollupState, UsageEvent
from tests.usage.samples import Sample, store

Make = Callable[..., Any]
Count = Callable[[], None]
PAGES = ("/insights/use", "/insights/use.csv", "/insights/formulas")


def did(asset: Asset, user: User, *kinds: str, days: float = 1, **given: Any) -> None:
    found = [Sample(0, 0, kind, days * 24, own=False, machine=False, segments=((0, 90),)) for kind in kinds]
    with db.unit_of_work() as session:
        store(session, found, [asset.id], [user.id], now())
        if given:
            session.execute(update(UsageEvent).where(UsageEvent.asset_id == asset.id).values(**given))


def words(page: str) -> str:
    """What a reader sees, in one line."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def sheet(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("address", PAGES)
def test_who_may_see_figures(address: str, client: FlaskClient, make_user: Make, sign_in: Make) -> None:
    assert client.get(address).status_code in {302, 401}
    statuses = {role: sign_in(make_user(role)).get(address).status_code for role in Role}
    assert statuses == {role: 403 if role is Role.REP else 200 for role in Role}


def test_before_the_first_count(browser: FlaskClient) -> None:
    page = browser.get("/insights/use")
    assert page.status_code == 200
    assert "Nothing has been counted yet" in page.text
    assert sheet(browser.get("/insights/use.csv").text) == []


def test_an_empty_library_and_an_unused_one(browser: FlaskClient, make_asset: Make, count: Count) -> None:
    count()
    assert "No asset fits these filters" in browser.get("/insights/use").text
    make_asset("Lonely")
    page = browser.get("/insights/use").text
    assert "Nobody used anything in this range" in page
    assert "Lonely" in page


def test_what_is_used_and_by_how_many(
    browser: FlaskClient, make_user: Make, make_asset: Make, count: Count
) -> None:
    story, other = make_asset("The hospital story"), make_asset("Left alone")
    draft = make_asset("Not out yet", publish=False)
    one, two = make_user(), make_user()
    did(story, one, "opened", "opened", "copied", "played")
    did(story, two, "opened", "downloaded")
    did(story, two, "opened", days=40)
    did(draft, one, "opened")
    count()
    page = words(browser.get("/insights/use").text)
    assert "People active 2 0 in the 30 days before" not in page
    assert "People active 2 1 in the 30 days before" in page
    assert "Opens 3 1 before" in page
    assert "Copies 1 0 before" in page
    assert "Minutes watched 2 0 before" in page  # 90 seconds
    assert "Used by nobody 1 of 2 assets" in page
    assert "The hospital story 2 +1 3 +2 1 0 of 1 1.5 1 1 – –" in page
    assert "Not out yet" not in page
    nobody = words(browser.get("/insights/use?tab=nobody").text)
    assert "Left alone" in nobody
    assert "The hospital story" not in nobody
    assert other.owner.name in nobody
    assert "It is new: tell a team about it." in nobody
    assert "Not out yet" in browser.get("/insights/use?state=").text


def test_the_receipt_says_what_was_left_out(
    browser: FlaskClient, make_user: Make, make_asset: Make, count: Count
) -> None:
    did(make_asset("Own"), make_user(), "opened", "opened", own=True)
    did(make_asset("Robots"), make_user(), "opened", machine=True)
    count()
    raw = browser.get("/insights/use").text
    assert 'days="' not in raw  # no address asks for nothing
    page = words(raw)
    assert "Left out: 2 events by people on assets of their own, 1 event by machines." in page
    assert "Used by nobody 2 of 2 assets" in page
    assert "As of" in page or "as of" in page


def test_figures_that_are_late_say_so(browser: FlaskClient, make_asset: Make, count: Count) -> None:
    make_asset()
    count()
    assert "Counting stopped" not in browser.get("/insights/use").text
    with db.unit_of_work() as session:
        session.execute(update(RollupState).values(as_of=now() - timedelta(hours=3)))
    assert "Counting stopped 3 hours ago" in browser.get("/insights/use").text


def test_the_csv_holds_the_rows_of_the_page(
    browser: FlaskClient, make_user: Make, make_asset: Make, count: Count
) -> None:
    formula = make_asset("=HYPERLINK(1)", terms=["stage:discovery", "vertical:retail"])
    make_asset("Beta", terms=["stage:proposal"])
    did(formula, make_user(), "opened", "played")
    count()
    response = browser.get("/insights/use.csv?sort=-opened")
    assert response.mimetype == "text/csv"
    assert "what-is-used.csv" in response.headers["Content-Disposition"]
    first, second = sheet(response.text)
    assert tuple(first) == HEADER
    assert first["Asset"] == "'=HYPERLINK(1)"
    assert (first["Id"], first["Stages"], first["Verticals"]) == (formula.public_id, "Discovery", "Retail")
    assert (first["People"], first["Opens"], first["Plays"], first["Minutes watched"]) == (
        "1",
        "1",
        "1",
        "1.5",
    )
    assert (second["Asset"], second["People"], second["Last used"]) == ("Beta", "0", "")
    narrowed = sheet(browser.get("/insights/use.csv?stage=proposal&days=7").text)
    assert [row["Asset"] for row in narrowed] == ["Beta"]
    assert [row["Asset"] for row in sheet(browser.get("/insights/use.csv?tab=nobody").text)] == ["Beta"]


def test_everything_chosen_stands_in_the_address(
    browser: FlaskClient, make_asset: Make, count: Count
) -> None:
    make_asset("Findable", terms=["stage:discovery"])
    count()
    address = "/insights/use?kind=success_factor&stage=discovery&days=90&sort=-copied&tab=nobody"
    page = browser.get(address).text
    assert "Findable" in page
    for chosen in ("success_factor", "discovery", "90"):
        assert f'<option value="{chosen}" selected>' in page
    link = re.search(r'href="(/insights/use\.csv[^"]*)"', page)
    assert link
    assert set(html.unescape(link[1]).split("?")[1].split("&")) == set(address.split("?")[1].split("&"))
    assert "Findable" not in browser.get(address.replace("discovery", "proposal")).text


def test_columns_sort_both_ways(browser: FlaskClient, make_asset: Make, count: Count) -> None:
    make_asset()
    count()
    page = browser.get("/insights/use?sort=-opened").text
    assert re.search(r'aria-sort="descending"><a href="/insights/use\?sort=opened">Opens', page)
    assert re.search(r'<a href="/insights/use\?sort=-copied">Copies', page)
    assert re.search(
        r'aria-sort="ascending"><a href="/insights/use\?sort=-opened">',
        browser.get("/insights/use?sort=opened").text,
    )


@pytest.mark.parametrize(
    "query",
    [
        "days=13&kind=nothing&stage=%00&vertical=%F0%9F%98%80&state=lost&sort=;drop&page=-1&tab=x",
        "days=&kind=&stage=&vertical=&sort=&page=99999999999999",
        "stage=" + "x" * 5000,
        "sort=--people&page=two&days=-7",
    ],
    ids=lambda query: query[:20],
)
def test_an_address_that_makes_no_sense_is_answered(
    query: str, browser: FlaskClient, make_asset: Make, count: Count
) -> None:
    make_asset()
    count()
    for page in ("/insights/use", "/insights/use.csv"):
        assert browser.get(f"{page}?{query}").status_code == 200


def test_fifty_to_a_page(browser: FlaskClient, make_asset: Make, count: Count) -> None:
    for number in range(53):
        make_asset(f"Number {number:02}")
    count()
    first, second = (browser.get(f"/insights/use?sort=title&page={n}").text for n in (1, 2))
    assert first.count("Number ") == 50
    assert re.findall(r"Number \d\d", second) == ["Number 50", "Number 51", "Number 52"]
    assert "51–53 of 53 assets" in words(second)
    assert browser.get("/insights/use?page=9").text.count("Number ") == 3


def test_each_formula_is_told(browser: FlaskClient) -> None:
    page = words(browser.get("/insights/formulas").text)
    for formula in [formula for _, formulas in FORMULA_PAGES for formula in formulas]:
        assert formula.name in page
        assert formula.text.endswith(".")
        assert formula.text in page


def test_the_chart_has_a_table_behind_it(
    browser: FlaskClient, make_user: Make, make_asset: Make, count: Count
) -> None:
    did(make_asset(), make_user(), "opened")
    count()
    page = browser.get("/insights/use?days=365").text
    assert 'data-chart-table="weeks"' in page
    table = page.split('id="weeks"')[1].split("</table>")[0]
    assert table.count("<tr>") == 1 + 53


@pytest.mark.parametrize(
    ("published_days", "changed_days", "terms", "everyone", "says"),
    [
        (3, 3, (), True, "It is new"),
        (30, 30, (), True, "no stage and no vertical"),
        (30, 30, ("stage",), True, "no vertical: file it"),
        (30, 30, ("stage", "vertical"), False, "named teams"),
        (800, 400, ("stage", "vertical"), True, "Not changed for a year"),
        (800, 30, ("stage", "vertical"), True, "Show it to one rep"),
    ],
)
def test_hints(
    published_days: int,
    changed_days: int,
    terms: tuple[str, ...],
    everyone: bool,
    says: str,
    make_asset: Make,
    session: Session,
) -> None:
    filed = {"stage": "stage:discovery", "vertical": "vertical:retail"}
    made = make_asset(terms=[filed[facet] for facet in terms])
    asset = session.get_one(Asset, made.id)
    moment = now()
    asset.published_at = moment - timedelta(days=published_days)
    asset.updated_at = moment - timedelta(days=changed_days)
    asset.for_everyone = everyone
    with session.no_autoflush:
        assert says in hint(asset, moment)
    session.rollback()


def test_the_short_address_leads_to_what_is_used(browser: FlaskClient) -> None:
    assert browser.get("/insights", follow_redirects=True).request.path == "/insights/use"


def test_the_frame_has_a_tab_for_each_page_there_is(
    browser: FlaskClient, make_asset: Make, count: Count
) -> None:
    make_asset()
    count()
    page = browser.get("/insights/use?days=90").text
    tabs = page.split('aria-label="Insights"')[1].split("</nav>")[0]
    assert '<a class="tab" href="/insights/use" aria-current="page">Assets</a>' in tabs
    there = {label for label, endpoint in SECTIONS if endpoint in browser.application.view_functions}
    assert set(re.findall(r">([A-Z]\w+)</a>", tabs)) == there
    receipt = words(page.split('id="receipt"')[1].split("</details>")[0])
    assert "Range: " in receipt
    for formula in report.FORMULAS:
        assert f"{formula.name} {formula.text}" in receipt
