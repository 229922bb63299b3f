"""A folder comes into the library, and running it again changes only what changed in the folder."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.errors import Invalid
from hub.library import assets, contents
from hub.library.contents import Content
from hub.library.importing import Status, run_import
from hub.library.importing.options import Options
from hub.library.kinds import Kind
from hub.library.models import Asset, State, Version
from hub.storage import storage
from tests.library.importing.conftest import Shelf

People = Callable[..., User]

STORY = """---
title: Bread at Crumb
customer: Crumb
industry: Grocery
stage: Discovery
---
Crumb bakes bread at night, and everybody in the valley eats it in the morning.
"""


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    return made.getvalue()


def edit(asset: Asset, user: User, **changed: Any) -> None:
    """A person changes an asset in the hub."""
    with db.unit_of_work() as session:
        kept = session.get_one(Asset, asset.id)
        said = contents.snapshot(kept)
        said.pop("files")
        content = Content(**{**said, **changed})
        assets.write(session, session.get_one(User, user.id), kept, content)


def versions(asset: Asset) -> list[str]:
    with db.unit_of_work(write=False) as session:
        return [
            version.note
            for version in session.scalars(
                select(Version).where(Version.asset_id == asset.id).order_by(Version.number)
            )
        ]


def test_a_story_comes_in_as_a_draft_with_all_that_it_says(shelf: Shelf, marketer: User) -> None:
    shelf.put({"sub/crumb.md": STORY})
    report = shelf.bring()
    asset = shelf.one()
    assert (asset.title, asset.kind, asset.state) == ("Bread at Crumb", Kind.CUSTOMER_STORY, State.DRAFT)
    assert asset.fields == {"customer": "Crumb", "industry": "Grocery"}
    assert [f"{t.facet}:{t.key}" for t in asset.terms] == ["stage:discovery", "vertical:retail"]
    assert asset.owner_id == marketer.id
    assert asset.import_source == "stories/sub/crumb.md"
    assert asset.body.startswith("Crumb bakes bread")
    assert versions(asset) == ["Imported from sub/crumb.md"]
    assert shelf.counts() == (1, 1, 0, 1)
    (line,) = report.lines
    assert (line.status, line.file, line.state, line.asset) == (
        Status.CREATED,
        "sub/crumb.md",
        "draft",
        asset.public_id,
    )
    assert report.ok
    assert "1 created" in report.words()
    assert "run again with --publish" in report.words()


def test_a_second_run_changes_nothing(shelf: Shelf) -> None:
    items = "- id: a\n  title: One loaf\n  description: Words.\n- id: b\n  title: Two loaves\n  description: More words.\n"
    shelf.put(
        {
            "crumb.md": STORY,
            "all.yml": items,
            "rye/index.html": "<h1>Rye</h1><p>Words.</p>",
            "rye/rye_logo.png": picture(),
        }
    )
    assert shelf.bring(publish=True).count(Status.CREATED) == 4
    before = shelf.counts()
    updated = {title: asset.updated_at for title, asset in shelf.assets().items()}
    again = shelf.bring(publish=True)
    assert again.count(Status.UNCHANGED) == 4
    assert shelf.counts() == before
    assert {title: asset.updated_at for title, asset in shelf.assets().items()} == updated
    assert "4 unchanged" in again.words()


def test_a_changed_file_makes_a_version_only_where_what_it_says_changed(shelf: Shelf) -> None:
    shelf.put({"crumb.md": STORY, "rye.md": "---\ntitle: Rye\n---\nWords."})
    shelf.bring(publish=True)
    shelf.put(
        {
            "crumb.md": STORY.replace("Crumb bakes", "Crumb  bakes").replace("stage:", "weight: 3\nstage:")
            + "\n\n"
        }
    )
    assert shelf.bring().count(Status.UNCHANGED) == 2
    shelf.put({"crumb.md": STORY.replace("at night", "by day").replace("Discovery", "Evaluation")})
    report = shelf.bring()
    assert (report.count(Status.CHANGED), report.count(Status.UNCHANGED)) == (1, 1)
    asset = shelf.assets()["Bread at Crumb"]
    assert "by day" in asset.body
    assert [t.key for t in asset.terms] == ["evaluation", "retail"]
    assert (asset.version, asset.state) == (2, State.PUBLISHED)
    assert shelf.assets()["Rye"].version == 1
    assert shelf.bring().count(Status.UNCHANGED) == 2


def test_an_asset_changed_in_the_hub_is_not_overwritten(shelf: Shelf, make_user: People) -> None:
    editor = make_user(Role.MARKETER)
    shelf.put({"crumb.md": STORY})
    shelf.bring()
    edit(shelf.one(), editor, body="Better words.")
    assert shelf.bring().count(Status.UNCHANGED) == 1
    shelf.put({"crumb.md": STORY.replace("at night", "by day")})
    report = shelf.bring()
    assert report.count(Status.CONFLICT) == 1
    assert not report.ok
    assert "body changed in the hub" in report.words()
    assert "--overwrite" in report.problems[0].remedy
    assert shelf.one().body == "Better words."
    assert shelf.bring(overwrite=True).count(Status.CHANGED) == 1
    assert "by day" in shelf.one().body
    assert len(versions(shelf.one())) == 3
    assert shelf.bring().count(Status.UNCHANGED) == 1


def test_a_conflict_mended_by_hand_is_over_for_good(shelf: Shelf, make_user: People) -> None:
    editor = make_user(Role.MARKETER)
    shelf.put({"crumb.md": "---\ntitle: Crumb\n---\nFirst words."})
    shelf.bring()
    edit(shelf.one(), editor, body="Second words.")
    shelf.put({"crumb.md": "---\ntitle: Crumb\n---\nSecond words."})
    assert shelf.bring().count(Status.UNCHANGED) == 1
    shelf.put({"crumb.md": "---\ntitle: Crumb\n---\nThird words."})
    assert shelf.bring().count(Status.CHANGED) == 1
    assert shelf.one().body == "Third words."


def test_what_people_add_in_the_hub_survives_a_changed_file(
    shelf: Shelf, marketer: User, make_team: Callable[[str], Team]
) -> None:
    team = make_team("North")
    shelf.put({"crumb.md": STORY})
    shelf.bring()
    added = {
        "terms": ["stage:discovery", "stage:expansion", "vertical:education"],
        "fields": {"customer": "Crumb", "industry": "Grocery", "consent_until": "2031-01-31"},
        "for_everyone": False,
        "teams": [team.public_id],
        "external": True,
    }
    edit(shelf.one(), marketer, **added)
    shelf.put({"crumb.md": STORY.replace("at night", "by day")})
    assert shelf.bring().count(Status.CHANGED) == 1
    with db.unit_of_work(write=False) as session:
        said = contents.snapshot(session.get_one(Asset, shelf.one().id))
    assert "by day" in said["body"]
    assert {key: said[key] for key in added} == added
    shelf.put(
        {"crumb.md": STORY.replace("at night", "by day").replace("stage: Discovery", "stage: Proposal")}
    )
    assert shelf.bring().count(Status.CHANGED) == 1
    assert [t.key for t in shelf.one().terms] == ["proposal", "retail"]


def test_publish_publishes_what_never_was_and_leaves_what_somebody_withdrew(
    shelf: Shelf, marketer: User
) -> None:
    shelf.put(
        {
            "a.md": STORY,
            "b.md": "---\ntitle: Held\ndraft: true\n---\nWords.",
            "c.md": "---\ntitle: Card\nkind: battlecard\n---\nWords.",
        }
    )
    shelf.bring()
    report = shelf.bring(publish=True)
    found = shelf.assets()
    assert {title: asset.state for title, asset in found.items()} == {
        "Bread at Crumb": State.PUBLISHED,
        "Held": State.DRAFT,
        "Card": State.DRAFT,
    }
    assert [str(p) for p in report.problems] == [
        "c.md:2: It is in the library as a draft and could not be published: A battlecard needs “Competitor”. Fill it in, then publish."
    ]
    assert "1 published" in report.words()
    assert "Kept as drafts because their files say so: 1." in report.words()
    with db.unit_of_work() as session:
        user = session.get_one(User, marketer.id)
        assets.withdraw(session, user, found["Bread at Crumb"].public_id)
    shelf.bring(publish=True)
    assert shelf.assets()["Bread at Crumb"].state is State.DRAFT


def test_a_file_that_moved_takes_its_asset_along(shelf: Shelf) -> None:
    shelf.put({"old/crumb.md": STORY, "b.md": "---\ntitle: Rye\n---\nWords."})
    shelf.bring()
    public_id = shelf.assets()["Bread at Crumb"].public_id
    (shelf.root / "old" / "crumb.md").rename(shelf.root / "crumb.md")
    report = shelf.bring()
    assert (report.count(Status.MOVED), report.count(Status.GONE)) == (1, 0)
    asset = shelf.assets()["Bread at Crumb"]
    assert (asset.public_id, asset.import_source, asset.version) == (public_id, "stories/crumb.md", 1)
    assert shelf.bring().count(Status.UNCHANGED) == 2


def test_a_file_that_is_gone_is_told_and_nothing_is_archived(shelf: Shelf, marketer: User) -> None:
    shelf.put(
        {
            "a.md": STORY,
            "all.yml": "- id: x\n  title: X loaf\n  text: Words.\n- id: y\n  title: Y loaf\n  text: Words.\n",
        }
    )
    shelf.bring()
    (shelf.root / "a.md").unlink()
    shelf.put(
        {
            "all.yml": "- id: x\n  title: X loaf\n  text: Words.\n- id: z\n  title: Z loaf\n  text: Other words.\n"
        }
    )
    report = shelf.bring()
    assert sorted(line.file for line in report.lines if line.status is Status.GONE) == ["a.md", "all.yml#y"]
    assert report.ok
    assert {asset.state for asset in shelf.assets().values()} == {State.DRAFT}
    assert "No longer in the folder" in report.words()
    with db.unit_of_work() as session:
        assets.archive(
            session, session.get_one(User, marketer.id), shelf.assets()["Bread at Crumb"].public_id
        )
    assert shelf.bring().count(Status.GONE) == 1
    shelf.put({"a.md": STORY.replace("at night", "by day")})
    back = shelf.bring()
    assert [line.reason for line in back.lines if line.file == "a.md"] == ["its asset is archived in the hub"]


BAD: dict[str, str | bytes] = {
    "broken.md": "---\ntitle: A\ntags: [a, b\n---\nBody\n",
    "one.md": "---\nid: 7\ntitle: First\n---\nWords.",
    "two.md": "---\ntitle: Second\nid: 7\n---\nOther words.",
    "old.md": b"---\ntitle: R\xe9sum\xe9\n---\nIt\x92s 5 \x80.",
    "stage.md": "---\ntitle: Staged\nstage: Wedding\n---\nWords.",
    "long.md": f"---\ntitle: {'very ' * 80}long\n---\nWords.",
    "huge.md": "# Huge\n\n" + "word " * 100_001,
    "fine.md": "---\ntitle: Fine\n---\nWords.",
}


def test_bad_files_are_told_with_their_lines_the_rest_goes_in_and_mending_changes_only_that(
    shelf: Shelf,
) -> None:
    shelf.put(BAD)
    report = shelf.bring()
    told = {f"{problem.file}:{problem.line}": problem for problem in report.problems}
    assert set(told) == {"broken.md:4", "two.md:3", "old.md:2", "stage.md:3", "long.md:2", "huge.md:1"}
    assert "one.md" in told["two.md:3"].message
    assert "Windows-1252" in told["old.md:2"].message
    assert not told["old.md:2"].serious
    assert "Prospecting" in told["stage.md:3"].remedy
    assert "500,000" in told["huge.md:1"].remedy
    titles = {title[:20] for title in shelf.assets()}
    assert titles == {"First", "Résumé", "Staged", "Fine", "very very very very "}
    assert not report.ok
    before = {title: asset.version for title, asset in shelf.assets().items()}
    shelf.put(
        {
            "stage.md": "---\ntitle: Staged\nstage: Proposal\n---\nWords.",
            "broken.md": "---\ntitle: Mended\n---\nBody\n",
        }
    )
    again = shelf.bring()
    assert (again.count(Status.CREATED), again.count(Status.CHANGED), again.count(Status.UNCHANGED)) == (
        1,
        1,
        4,
    )
    after = {title: asset.version for title, asset in shelf.assets().items()}
    assert after == before | {"Staged": 2, "Mended": 1}
    assert [t.key for t in shelf.assets()["Staged"].terms] == ["proposal"]


def test_a_file_that_no_longer_parses_is_not_taken_for_gone(shelf: Shelf) -> None:
    shelf.put({"crumb.md": STORY})
    shelf.bring()
    shelf.put({"crumb.md": STORY.replace("title: Bread", "title: 'Bread")})
    report = shelf.bring()
    assert [line.status for line in report.lines] == []
    assert report.problems[0].line == 2
    assert shelf.one().title == "Bread at Crumb"


def test_a_picture_beside_a_new_story_is_attached_once(shelf: Shelf) -> None:
    story = "---\ntitle: Rye\nfeaturedImage: ../img/missing.png\nlogo: rye.png\n---\nWords."
    shelf.put({"rye.md": story, "rye.png": picture()})
    shelf.bring()
    (file,) = shelf.one().files
    assert file.filename == "rye.png"
    assert file.size == len(picture())
    with storage().open(file.storage_key) as stored:
        assert stored.read() == picture()
    assert shelf.counts() == (1, 1, 1, 2)
    shelf.put({"rye.md": story + " More."})
    shelf.bring()
    assert len(shelf.one().files) == 1


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(shelf: Shelf) -> None:
    shelf.put({"crumb.md": STORY, "b.md": "Words.", "logo.png": picture()})
    report = shelf.bring(dry_run=True, publish=True)
    assert shelf.counts() == (0, 0, 0, 0)
    assert list(storage().list()) == []
    assert "2 would be created, 2 would be published" in report.words()
    shelf.bring()
    shelf.put({"crumb.md": STORY.replace("night", "day")})
    before = shelf.counts()
    assert shelf.bring(dry_run=True).count(Status.CHANGED) == 1
    assert shelf.counts() == before


def test_many_items_are_kept_in_batches_and_two_sources_do_not_mix(shelf: Shelf) -> None:
    shelf.put({"all.yaml": "".join(f"- id: n{n}\n  title: Loaf {n}\n  text: Words.\n" for n in range(60))})
    assert shelf.bring().count(Status.CREATED) == 60
    other = shelf.bring(source="Other site")
    assert other.count(Status.CREATED) == 60
    assert other.count(Status.GONE) == 0
    assert shelf.counts()[0] == 120
    assert shelf.bring(source="Other site").count(Status.UNCHANGED) == 60


def test_a_changed_kind_changes_the_asset(shelf: Shelf) -> None:
    shelf.put({"a.md": "---\ntitle: Habit\n---\nWords of a habit."})
    shelf.bring()
    shelf.put({"a.md": "---\ntitle: Habit\nkind: success factor\nwho: Ada\n---\nWords of a habit."})
    assert shelf.bring().count(Status.CHANGED) == 1
    assert (shelf.one().kind, shelf.one().fields) == (Kind.SUCCESS_FACTOR, {"who": "Ada"})
    assert shelf.bring().count(Status.UNCHANGED) == 1
    assert shelf.bring(kind=Kind.SUCCESS_FACTOR).count(Status.UNCHANGED) == 1


def test_names_that_differ_only_in_how_they_are_composed_are_told(shelf: Shelf) -> None:
    for name in (b"caf\xc3\xa9.md", b"cafe\xcc\x81.md"):
        (shelf.root / os.fsdecode(name)).write_text("Words.")
    report = shelf.bring()
    assert report.count(Status.CREATED) == 1
    assert "written alike" in report.problems[0].message


def test_who_owns_what_comes_in(shelf: Shelf, make_user: People) -> None:
    rep, admin = make_user(), make_user(Role.ADMINISTRATOR)
    shelf.put({"crumb.md": STORY})
    shelf.bring(as_email=admin.email.upper())
    assert shelf.one().owner_id == admin.id
    for email, words in ((rep.email, "keeps no library"), ("nobody@example.com", "Nobody with the address")):
        with pytest.raises(Invalid, match=words):
            shelf.bring(as_email=email)


@pytest.mark.usefixtures("app")
def test_without_a_marketer_there_is_nobody_to_own_it(tmp_path: Path, make_user: People) -> None:
    make_user(Role.REP)
    with pytest.raises(Invalid, match="no marketer and no administrator"):
        run_import(tmp_path, Options())


def test_a_folder_that_is_none_and_a_source_that_cannot_be_are_refused(shelf: Shelf) -> None:
    (shelf.root / "file").write_text("x")
    for folder in (shelf.root / "missing", shelf.root / "file"):
        with pytest.raises(Invalid, match="folder"):
            run_import(folder, Options())
    for source in ("a/b", "a#b", "x" * 81, "a\x1b[31m"):
        with pytest.raises(Invalid, match="source"):
            shelf.bring(source=source)


def test_stopping_in_the_middle_keeps_what_was_done_and_says_so(shelf: Shelf) -> None:
    shelf.put({f"{n:03}.md": f"---\ntitle: Loaf {n}\n---\nWords." for n in range(70)})

    def watch(files: object) -> object:
        for number, file in enumerate(files):  # type: ignore[arg-type, var-annotated]
            if number == 60:
                raise KeyboardInterrupt
            yield file

    report = run_import(shelf.root, Options(), watch)  # type: ignore[arg-type]
    assert report.interrupted
    assert not report.ok
    assert "run again to go on" in report.words()
    assert shelf.counts()[0] == 50
    assert shelf.bring().count(Status.CREATED) == 20
