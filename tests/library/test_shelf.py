"""The shelf: narrowed, sorted and counted as its address says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import now, today
from hub.library import shelf as shelving
from hub.library.kinds import Kind
from hub.library.models import Asset, State, StoredFile
from hub.library.shelf_filter import ShelfFilter

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


def titles(page: str) -> list[str]:
    return re.findall(r'<td class="cell-title"><a href="[^"]+">(.*?)</a>', page)


def change(asset: Asset, **values: Any) -> None:
    with db.unit_of_work() as session:
        session.execute(update(Asset).where(Asset.id == asset.id).values(**values))


def with_file(asset: Asset, digest: str) -> StoredFile:
    with db.unit_of_work() as session:
        file = StoredFile(
            asset_id=asset.id,
            uploader_id=asset.owner_id,
            storage_key=f"files/{asset.public_id}/{digest}",
            filename="deck.pdf",
            size=1,
            sha256=digest,
        )
        session.add(file)
    return file


@pytest.fixture
def staff(make_user: People, sign_in: SignIn) -> FlaskClient:
    return sign_in(make_user(Role.MARKETER, name="Mia"))


def test_each_filter_lets_through_what_it_says(
    staff: FlaskClient, make_asset: Assets, make_user: People, make_team: Callable[[str], Team]
) -> None:
    north, gone, rep = make_team("North"), make_user(name="Gone"), make_user(name="Rita")
    make_asset("Plain")
    make_asset("Bite", kind=Kind.SOUND_BITE, fields={"sentence": "Yes."})
    make_asset("Filed", terms=["stage:discovery", "vertical:retail"])
    make_asset("Half filed", terms=["stage:discovery"])
    make_asset("Northern", teams=[north])
    make_asset("Outward", external=True)
    make_asset("Rita's", owner=rep)
    orphan = make_asset("Orphan", owner=gone)
    with db.unit_of_work() as session:
        session.execute(update(User).where(User.id == gone.id).values(active=False))
    due, fine = make_asset("Due"), make_asset("Fine")
    change(due, review_by=today() - timedelta(days=1))
    change(fine, review_by=today())
    soon, later = make_asset("Soon"), make_asset("Later")
    change(soon, expires_on=today() + timedelta(days=30))
    change(later, expires_on=today() + timedelta(days=31))
    for query, expected in (
        ("kind=sound_bite", ["Bite"]),
        ("stage=discovery", ["Half filed", "Filed"]),
        ("stage=discovery&vertical=retail", ["Filed"]),
        (f"audience={north.public_id}", ["Northern"]),
        ("audience=everyone&buyer=external", ["Outward"]),
        (f"owner={rep.public_id}", ["Rita&#39;s"]),
        ("owner=me", []),
        ("needs=owner", ["Orphan"]),
        ("needs=review", ["Due"]),
        ("needs=expiring", ["Soon"]),
        ("words=half+FILED", ["Half filed"]),
    ):
        page = staff.get(f"/library/?{query}").text
        assert titles(page) == expected, query
        assert f'All <span class="tab-count num">{len(expected)}</span>' in page, query
    assert len(titles(staff.get("/library/?buyer=internal").text)) == 11
    assert orphan.title in titles(staff.get("/library/").text)


def test_a_draft_that_is_planned_says_when_it_goes_out(staff: FlaskClient, make_asset: Assets) -> None:
    planned, out = make_asset("Planned", publish=False), make_asset("Out")
    at = now() + timedelta(days=3)
    change(planned, publish_at=at)
    change(out, publish_at=at)
    assert staff.get("/library/").text.count("It is published on") == 1


def test_columns_sort_both_ways_and_empty_ones_come_last(staff: FlaskClient, make_asset: Assets) -> None:
    b, a, c = make_asset("beta"), make_asset("Alpha"), make_asset("Gamma")
    change(b, review_by=today())
    change(c, review_by=today() + timedelta(days=9))
    assert titles(staff.get("/library/").text) == ["Gamma", "Alpha", "beta"]
    assert titles(staff.get("/library/?turned=yes").text) == ["beta", "Alpha", "Gamma"]
    assert titles(staff.get("/library/?sort=title").text) == ["Alpha", "beta", "Gamma"]
    assert titles(staff.get("/library/?sort=title&turned=yes").text) == ["Gamma", "beta", "Alpha"]
    assert titles(staff.get("/library/?sort=review").text) == ["beta", "Gamma", "Alpha"]
    assert titles(staff.get("/library/?sort=review&turned=yes").text) == ["Gamma", "beta", "Alpha"]
    page = staff.get("/library/?sort=title&words=a").text
    assert 'aria-sort="ascending"' in page
    assert "/library/?words=a&amp;sort=title&amp;turned=yes" in page
    assert a.title in page


def test_tabs_count_what_the_filter_leaves(staff: FlaskClient, make_asset: Assets) -> None:
    make_asset("Ward one")
    make_asset("Ward two", publish=False)
    change(make_asset("Ward three"), state=State.IN_REVIEW)
    change(make_asset("Ward four"), state=State.ARCHIVED)
    make_asset("Shop")
    page = staff.get("/library/?words=ward").text
    counts = re.findall(r'class="tab"[^>]*>([\w ]+?) <span class="tab-count num">(\d+)<', page)
    assert dict(counts) == {
        "All": "3",
        "Drafts": "1",
        "In review": "1",
        "Published": "1",
        "Needs a hand": "0",
        "Archived": "1",
    }


def test_a_rep_narrows_only_what_is_theirs(make_user: People, sign_in: SignIn, make_asset: Assets) -> None:
    rep = make_user()
    make_asset("Mine", owner=rep, publish=False)
    make_asset("Theirs")
    page = sign_in(rep).get("/library/?kind=success_factor&owner=&audience=everyone").text
    assert titles(page) == ["Mine"]
    assert "Add to collection" in page
    assert "Change…" not in page


def test_the_same_file_twice_is_shown_to_those_who_may_see_both(
    staff: FlaskClient,
    make_asset: Assets,
    make_user: People,
    make_team: Callable[[str], Team],
    sign_in: SignIn,
) -> None:
    rep = make_user()
    first, again = (
        make_asset("First", teams=[make_team("Secret")]),
        make_asset("Again", owner=rep, publish=False),
    )
    seen, alone = make_asset("Seen by all"), make_asset("Also mine", owner=rep, publish=False)
    for asset, digest in ((first, "a" * 64), (again, "a" * 64), (seen, "b" * 64), (alone, "b" * 64)):
        with_file(asset, digest)
    with_file(make_asset("Only once"), "c" * 64)
    assert set(titles(staff.get("/library/?needs=twice").text)) == {
        "First",
        "Again",
        "Seen by all",
        "Also mine",
    }
    assert titles(sign_in(rep).get("/library/?needs=twice").text) == ["Also mine"]


def test_the_form_names_the_other_asset_until_both_are_kept(
    staff: FlaskClient,
    make_asset: Assets,
    make_user: People,
    make_team: Callable[[str], Team],
    sign_in: SignIn,
) -> None:
    rep = make_user()
    secret = make_asset("Not for the rep", teams=[make_team("Secret")])
    mine = make_asset("My copy", owner=rep, publish=False)
    with_file(secret, "a" * 64)
    file = with_file(mine, "a" * 64)
    form, act = (
        f"/library/{mine.public_id}/edit",
        f"/library/{mine.public_id}/files/{file.public_id}/keep-both",
    )
    assert "The same file is in" not in sign_in(rep).get(form).text
    for page in (form, f"/library/{mine.public_id}/files"):
        seen = staff.get(page).text
        assert "The same file is in" in seen
        assert "Not for the rep" in seen
    assert sign_in(make_user()).post(act).status_code == 404
    assert staff.post(f"/library/{secret.public_id}/files/{file.public_id}/keep-both").status_code == 404
    assert staff.post(act).status_code == 303
    assert "The same file is in" not in staff.get(form).text
    assert titles(staff.get("/library/?needs=twice").text) == []
    with_file(make_asset("A third"), "a" * 64)
    assert titles(staff.get("/library/?needs=twice").text) == ["A third"]


@pytest.mark.parametrize(
    "query",
    [
        "owner=%00&audience=%00&stage=%00&words=%00",
        "sort=nonsense&turned=maybe&needs=x&buyer=y&tab=z&kind=k",
        "stage=" + "x" * 5000 + "&owner=" + "y" * 5000,
        "page=999999",
    ],
)
def test_nonsense_in_the_address_is_left_out(query: str, staff: FlaskClient, make_asset: Assets) -> None:
    make_asset()
    assert staff.get(f"/library/?{query}").status_code == 200


def test_an_address_says_all_of_a_filter() -> None:
    said = {
        "tab": "draft",
        "words": "two words",
        "kind": "deck",
        "owner": "me",
        "audience": "everyone",
        "buyer": "internal",
        "needs": "review",
        "stage": "discovery",
        "region": "emea",
        "sort": "title",
        "turned": "yes",
    }
    wanted = ShelfFilter.of(MultiDict(said))
    assert wanted.args() == said
    assert ShelfFilter.of(MultiDict(wanted.args())) == wanted
    assert wanted.narrowed == 8
    assert ShelfFilter().args() == {}


def test_every_page_of_it_can_be_reached(
    staff: FlaskClient, make_asset: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelving, "PAGE_SIZE", 2)
    for number in range(5):
        make_asset(f"Asset {number}")
    found = [titles(staff.get(f"/library/?sort=title&page={page}").text) for page in (1, 2, 3)]
    assert found == [["Asset 0", "Asset 1"], ["Asset 2", "Asset 3"], ["Asset 4"]]
    assert "Choose all 5 that match" in staff.get("/library/").text
