"""Two assets side by side: rows that both kinds have, terms that only one carries, and nothing that one may not see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.library.kinds import Kind
from hub.library.models import Asset

SignIn = Callable[[User], FlaskClient]
MakeAsset = Callable[..., Asset]


def soup(browser: FlaskClient, path: str) -> BeautifulSoup:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def rows(page: BeautifulSoup) -> dict[str, list[str]]:
    """The rows of the comparison: name → what each of the two has."""
    return {
        row.select("th")[0].get_text(strip=True): [
            cell.get_text(" ", strip=True) for cell in row.select("td")
        ]
        for row in page.select(".compare tbody tr")
    }


def address(one: Asset, other: Asset) -> str:
    return f"/compare?a={one.public_id}&b={other.public_id}"


@pytest.fixture
def stories(make_asset: MakeAsset) -> tuple[Asset, Asset]:
    return (
        make_asset(
            "Clinic Nord halves its waiting time",
            kind=Kind.CUSTOMER_STORY,
            summary="Half the wait",
            body="## Before\n\nPeople queued.",
            fields={"customer": "Clinic Nord", "result": "Half the time", "link": "https://example.com/nord"},
            terms=["stage:discovery", "stage:evaluation", "vertical:healthcare"],
            external=True,
        ),
        make_asset(
            "Bank opens accounts in minutes",
            kind=Kind.CUSTOMER_STORY,
            body="They typed for days.",
            fields={"customer": "Hill Bank", "consent_until": "2099-12-31"},
            terms=["stage:evaluation", "vertical:financial-services"],
        ),
    )


def test_two_of_a_kind_are_aligned_row_by_row(browser: FlaskClient, stories: tuple[Asset, Asset]) -> None:
    page = soup(browser, address(*stories))
    assert [title.get_text() for title in page.select(".compare-title")] == [s.title for s in stories]
    told = rows(page)
    assert list(told) == [
        *("Summary", "Customer", "Result", "Public link", "Consent until", "Stage", "Vertical"),
        *("Owner", "Changed", "The whole story"),
    ]
    assert told["Customer"] == ["Clinic Nord", "Hill Bank"]
    assert told["Result"] == ["Half the time", "– nothing"]
    assert told["Consent until"] == ["– nothing", "31 Dec 2099"]
    assert told["Stage"] == ["Discovery , only here Evaluation", "Evaluation"]
    assert [chip.get_text() for chip in page.select(".chip.is-own")] == [
        *("Discovery, only here", "Healthcare, only here", "Financial services, only here")
    ]
    assert told["The whole story"] == ["Before People queued.", "They typed for days."]
    marks = [mark.get_text(strip=True) for mark in page.select(".compare thead .badge-mark")]
    assert marks == ["External", "Internal"]
    assert page.select("[data-copy], [download]") == []  # nothing here leaves the hub


def test_two_of_different_kinds_compare_what_both_have(
    browser: FlaskClient, stories: tuple[Asset, Asset], make_asset: MakeAsset
) -> None:
    card = make_asset("Against Acme", kind=Kind.BATTLECARD, fields={"competitor": "Acme"})
    page = soup(browser, address(stories[0], card))
    assert "Two of different kinds" in page.get_text()
    assert list(rows(page)) == ["Summary", "Stage", "Vertical", "Owner", "Changed", "Text"]


def test_what_one_may_not_see_is_not_there(
    stories: tuple[Asset, Asset],
    make_asset: MakeAsset,
    make_team: Callable[[str], Team],
    make_user: Callable[..., User],
    sign_in: SignIn,
    browser: FlaskClient,
    client: FlaskClient,
) -> None:
    team = make_team("Hospitals")
    hidden = [
        make_asset("Zanzibar for a team", kind=Kind.CUSTOMER_STORY, teams=[team]),
        make_asset("Zanzibar draft", kind=Kind.CUSTOMER_STORY, publish=False),
    ]
    for asset in hidden:
        assert browser.get(address(stories[0], asset)).status_code == 404
        assert browser.get(address(asset, stories[0])).status_code == 404
        assert browser.get(f"/compare?a={asset.public_id}").status_code == 404
    assert browser.get(f"/compare?a={stories[0].public_id}&b=aaaaaaaaaaaa").status_code == 404
    for path in ("/compare", f"/compare?a={stories[0].public_id}", "/compare?words=zanzibar"):
        assert "Zanzibar" not in browser.get(path).text
    member = sign_in(make_user(teams=[team]))
    assert member.get(address(stories[0], hidden[0])).status_code == 200
    assert "Zanzibar for a team" in member.get("/compare?words=zanzibar").text
    assert sign_in(make_user(Role.MARKETER)).get(address(*hidden)).status_code == 200
    assert client.get(address(*stories)).location.startswith("/sign-in")


def test_one_alone_leads_to_what_it_can_be_compared_with(
    browser: FlaskClient, stories: tuple[Asset, Asset], make_asset: MakeAsset
) -> None:
    make_asset("Newer, of another kind")
    one, other = stories
    page = soup(browser, f"/compare?a={one.public_id}")
    links = page.select(".compare-choices a")
    assert [link.select("strong")[0].get_text() for link in links] == [other.title, "Newer, of another kind"]
    assert rows(soup(browser, str(links[0]["href"])))["Customer"] == ["Clinic Nord", "Hill Bank"]
    found = soup(browser, f"/compare?a={one.public_id}&words=ACCOUNTS bank")
    assert len(found.select(".compare-choices a")) == 1
    assert "No title has these words" in browser.get(f"/compare?a={one.public_id}&words=100%").text
    assert "one and the same" in browser.get(address(one, one)).text
    first = soup(browser, "/compare").select(".compare-choices a")
    assert len(first) == 3
    assert "Choose what to put beside it" in browser.get(str(first[0]["href"])).text


def test_it_is_offered_on_the_page_of_an_asset_and_in_results(
    browser: FlaskClient, stories: tuple[Asset, Asset], run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    for path in (f"/a/{stories[0].public_id}", "/search?q=nord"):
        link = soup(browser, path).select_one(f'[data-compare="{stories[0].public_id}"]')
        assert link, path
        assert link["href"] == f"/compare?a={stories[0].public_id}"
        assert link["data-title"] == stories[0].title
