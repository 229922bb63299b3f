"""Reading mode: the thing alone, for whoever may read it; and what stands on paper."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from hub import db
from hub.accounts.models import User
from hub.library.collections import filling, keeping
from hub.library.kinds import Kind
from hub.library.models import Asset


def soup(browser: FlaskClient, path: str) -> BeautifulSoup:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def test_it_shows_the_thing_and_nothing_around_it(
    browser: FlaskClient, make_asset: Callable[..., Asset]
) -> None:
    asset = make_asset(
        "Against Quokka",
        kind=Kind.BATTLECARD,
        summary="A hopper",
        body="They **jump** first.",
        fields={"competitor": "Quokka", "answers": "“Cheap.” Ask for the second year."},
    )
    whole = soup(browser, f"/a/{asset.public_id}")
    link = whole.select_one("#read")
    assert link
    page = soup(browser, str(link["href"]))
    text = page.get_text()
    for words in ("Against Quokka", "A hopper", "jump", "Ask for the second year.", "Quokka"):
        assert words in text
    assert (
        page.select("header.site-header, footer, form, .asset-aside, [data-copy], [download], .main-nav")
        == []
    )
    assert "Internal" in str(page.select_one(".asset-over .is-internal"))
    leave = page.select_one("[data-leave]")
    assert leave
    assert leave["href"] == f"/a/{asset.public_id}#read"  # the focus goes where one came from
    main = page.select_one("main")
    assert main
    assert main["data-opened"] == asset.public_id


def test_it_is_for_those_who_may_read_the_asset(
    browser: FlaskClient,
    library: dict[str, Asset],
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    client: FlaskClient,
) -> None:
    for name in ("team", "draft"):
        assert browser.get(f"/a/{library[name].public_id}?view=reading").status_code == 404
    story = f"/a/{library['story'].public_id}"
    assert client.get(f"{story}?view=reading").location.startswith("/sign-in")
    assert "Reading mode" in browser.get(f"{story}?view=poster").text  # another view is the whole page


def test_paper_says_whether_it_is_internal(
    browser: FlaskClient, rep: User, library: dict[str, Asset], make_user: Callable[..., User]
) -> None:
    def marked(path: str) -> bool:
        page = soup(browser, path)
        assert page.select(".print-from")
        return bool(page.select(".print-internal"))

    bite, story = library["bite"].public_id, library["story"].public_id  # external, internal
    assert not marked(f"/a/{bite}")
    assert marked(f"/a/{story}")
    assert marked(f"/a/{story}?view=reading")
    assert marked(f"/compare?a={bite}&b={story}")
    with db.unit_of_work() as session:
        user = session.get_one(User, rep.id)
        made = [keeping.make(session, user, title=title).public_id for title in ("To give", "Mixed")]
        filling.add(session, user, made[0], [bite])
        filling.add(session, user, made[1], [bite, story])
    assert not marked(f"/collections/{made[0]}")
    assert marked(f"/collections/{made[1]}")
