"""Rules that templates keep, and what the build must weigh."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from config import ROOT
from hub.navigation import NAV

# Mail (`mail*.html`) never meets our policy, and no program that shows it loads a style sheet.
TEMPLATES = sorted(set((ROOT / "templates").rglob("*.html")) - set((ROOT / "templates").rglob("mail*.html")))
DIST = ROOT / "static" / "dist"
EVERY_PAGE = ("app.css", "app.js", "theme.js", "icons.svg", "inter-latin-wght-normal.woff2")
HTML = 12_000  # bytes, compressed, of a page of twenty results
BUDGET = 200_000  # bytes, compressed, of sign-in, home and search


STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
#: A block of rules for what can hover; its rules are one deep.
HOVERING = re.compile(r"@media \(hover: hover\) \{(?:[^{}]|\{[^{}]*\})*\}")


def icons() -> set[str]:
    listed = json.loads((ROOT / "static" / "icons.json").read_text(encoding="utf-8"))
    return set(listed["outline"]) | {f"{name}-filled" for name in listed["filled"]}


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    path = DIST / "manifest.json"
    assert path.is_file(), "The front end is not built: make front."
    built: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return built


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_to_the_content_security_policy(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<[a-z][^>]*\sstyle=", text), "inline style: use a class"
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), "inline handler: use a module of static/src"
    assert not re.search(r"<[a-z][^>]*\shx-(on|vals='js|vars)", text), "htmx that evaluates"
    for script in re.findall(r"<script\b[^>]*>", text):
        assert 'nonce="{{ csp_nonce() }}"' in script
        assert "src=" in script


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_name_icons_that_are_built(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert set(re.findall(r'\bicon\(\s*"([a-z0-9-]+)"', text)) <= icons()


def test_the_navigation_names_icons_that_are_built() -> None:
    assert {icon for _, _, icon, *_ in NAV} <= icons()


def test_every_file_of_the_manifest_is_there_and_compressed(manifest: dict[str, str]) -> None:
    for plain, name in manifest.items():
        assert re.fullmatch(re.escape(Path(plain).stem) + r"-[A-Z0-9]{8}" + Path(plain).suffix, name)
        assert (DIST / name).is_file()
        if Path(name).suffix in {".js", ".css", ".svg"}:
            assert (DIST / f"{name}.gz").is_file()
            assert (DIST / f"{name}.br").is_file()


def test_what_every_page_loads_stays_within_its_budget(manifest: dict[str, str]) -> None:
    def weight(plain: str) -> int:
        packed = DIST / f"{manifest[plain]}.gz"
        return (packed if packed.is_file() else DIST / manifest[plain]).stat().st_size

    assert sum(weight(plain) for plain in EVERY_PAGE) + HTML <= BUDGET


def test_nothing_is_loaded_from_elsewhere(manifest: dict[str, str]) -> None:
    style = (DIST / manifest["app.css"]).read_text(encoding="utf-8")
    assert not re.search(r"url\(\s*[\"']?(https?:)?//", style)


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_what_looks_hovered_is_for_what_can_hover(style: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
    outside = re.findall(r"[^{}]*:hover[^{}]*(?=\{)", HOVERING.sub("", text))
    assert not outside, "a finger leaves it looking hovered: put it into @media (hover: hover)"
