"""What in a folder is read, what is passed over, and that nothing outside is touched."""

from __future__ import annotations

import os
from pathlib import Path

from hub.library.importing import folder
from tests.library.importing.samples import write


def scan(root: Path) -> folder.Scan:
    return folder.scan(root.resolve(), lambda path: path.startswith("old/"))


def test_texts_are_found_in_order_and_the_rest_is_counted(tmp_path: Path) -> None:
    files = [
        "b.md",
        "a.markdown",
        "sub/c.mdx",
        "d.html",
        "e.htm",
        "f.yml",
        "g.yaml",
        ".hidden.md",
        ".git/x.md",
        "logo.png",
        "x.exe",
    ]
    write(tmp_path, dict.fromkeys(files, "words"))
    found = scan(tmp_path)
    assert [f.relative for f in found.files] == [
        "a.markdown",
        "b.md",
        "d.html",
        "e.htm",
        "f.yml",
        "g.yaml",
        "sub/c.mdx",
    ]
    assert found.left_out == {"hidden files": 1, "hidden folders": 1, "pictures": 1, "other files": 1}
    assert not found.problems


def test_files_about_the_folder_templates_and_ignored_ones_say_why_they_are_passed_over(
    tmp_path: Path,
) -> None:
    names = [
        "LICENSE",
        "LICENSE.md",
        "README.md",
        "_index.html",
        "_part.md",
        "story.example.yaml",
        "old/x.md",
        "example-inc.md",
    ]
    write(tmp_path, dict.fromkeys([*names, "license_keys.md", "security-reviews.md"], "words"))
    found = scan(tmp_path)
    assert {line.file: line.reason for line in found.passed} == {
        "LICENSE": "it is about the folder, not a story",
        "LICENSE.md": "it is about the folder, not a story",
        "README.md": "it is about the folder, not a story",
        "_index.html": "it lists other pages",
        "_part.md": "a name with _ in front marks a part or a template",
        "story.example.yaml": "by its name it is an example or a template",
        "example-inc.md": "by its name it is an example or a template",
        "old/x.md": "the mapping ignores it",
    }
    assert [f.relative for f in found.files] == ["license_keys.md", "security-reviews.md"]


def test_links_that_lead_out_are_refused_and_those_inside_are_not_read_twice(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret.md": "secret"})
    root = write(tmp_path / "in", {"a.md": "words"})
    (root / "out.md").symlink_to(outside / "secret.md")
    (root / "away").symlink_to(outside)
    (root / "again.md").symlink_to(root / "a.md")
    (root / "nowhere.md").symlink_to(root / "missing.md")
    found = scan(root)
    assert [f.relative for f in found.files] == ["a.md"]
    assert {p.file: p.message for p in found.problems} == {
        "away": "The link leads out of the folder and is not followed.",
        "nowhere.md": "The link leads nowhere.",
        "out.md": "The link leads out of the folder and is not followed.",
    }
    assert [line.file for line in found.passed] == ["again.md"]


def test_pipes_and_names_that_are_not_text_do_no_harm(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("words")
    found = scan(tmp_path)
    assert not found.files
    assert found.left_out["other files"] == 1
    assert "not UTF-8" in found.problems[0].message


def test_a_file_alone_in_its_folder_is_known(tmp_path: Path) -> None:
    write(
        tmp_path,
        dict.fromkeys(
            ["index.html", "acme/index.html", "acme/logo.png", "list/index.md", "list/b.md"], "words"
        ),
    )
    assert {f.relative: f.alone for f in scan(tmp_path).files} == {
        "index.html": False,
        "acme/index.html": True,
        "list/index.md": False,
        "list/b.md": False,
    }


def test_only_pictures_of_the_folder_are_taken(tmp_path: Path) -> None:
    root = write(
        tmp_path / "in",
        {"acme/index.html": "x", "acme/acme_logo.png": "p", "acme/acme_featured.png": "p", "img/b.jpg": "p"},
    )
    write(tmp_path, {"secret.png": "p"})
    (root / "acme" / "linked.png").symlink_to(tmp_path / "secret.png")
    root = root.resolve()
    (found,) = scan(root).files
    assert folder.picture_beside(root, found, ["missing.png", "/img/b.jpg"]) == root / "img" / "b.jpg"
    assert folder.picture_beside(root, found, []) == root / "acme" / "acme_featured.png"
    for name in (
        "../../secret.png",
        "/../secret.png",
        "linked.png",
        "index.html",
        "https://example.com/x.png",
    ):
        assert folder.picture_beside(root, found, [name]) == root / "acme" / "acme_featured.png"
