"""Files of all sorts become the drafts a marketer would have typed: title, customer, summary, quote, fields, kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.library.importing.mapping import Mapping
from hub.library.kinds import Kind
from tests.library.importing.samples import drafted, drafts, write
from tests.library.importing.test_pages import BANNER


def test_a_case_study_page_takes_its_large_line_as_title(tmp_path: Path) -> None:
    front = "---\ntitle: Crumb Case Study\nlinkTitle: Crumb\ncid: x\nquote: >\n  We bake more than ever.\nlogo: crumb.png\n---\n"
    made = drafted(tmp_path, "crumb/index.html", front + BANNER)
    assert made.title == "Crumb: Baking Bread Ten Times Faster"
    assert made.kind is Kind.CUSTOMER_STORY
    assert made.fields == {
        "customer": "Crumb & Co",
        "industry": "Grocery retail",
        "situation": "Ovens were slow.",
        "result": "Now they are fast.",
        "quote": "We bake more than ever.",
        "quoted": "Anna Crumb, CTO at Crumb & Co",
    }
    assert made.verticals == ["Retail"]
    assert made.pictures == ["crumb.png"]
    assert not made.problems


def test_the_title_does_not_say_the_name_twice_and_may_stand_in_a_smaller_heading(tmp_path: Path) -> None:
    twice = "---\ntitle: CrumbCo Case Study\n---\n<h1>CASE STUDY: <div>Crumb Co: Bread for All</div></h1><p>Words.</p>"
    assert drafted(tmp_path / "a", "crumbco/index.html", twice).title == "Crumb Co: Bread for All"
    below = "---\ntitle: Loaf Case Study\n---\n<h1>Loaf Case Study</h1><h3>Bread by Night</h3><p>The loaf foundation bakes.</p>"
    made = drafted(tmp_path / "b", "loaf/index.html", below)
    assert (made.title, made.fields["customer"], made.body) == (
        "Loaf: Bread by Night",
        "Loaf",
        "The loaf foundation bakes.",
    )


@pytest.mark.parametrize(
    ("title", "url", "expected"),
    [
        ("Comfy Cast", "https://youtu.be/abcdefghijk", "Comfy Cast: video on YouTube"),
        ("Crumb", "https://cloud.example.com/customers/crumb/", "Crumb: story at cloud.example.com"),
        ("Crumb", "https://open.spotify.com/episode/1", "Crumb: podcast on Spotify"),
        (
            "How Crumb Bakes Bread at Night in Basel",
            "https://example.com/x",
            "How Crumb Bakes Bread at Night in Basel",
        ),
    ],
)
def test_a_stub_that_holds_nothing_but_a_link_becomes_a_link(
    tmp_path: Path, title: str, url: str, expected: str
) -> None:
    made = drafted(tmp_path, "crumb/index.html", f"---\ntitle: {title}\ncontent_url: {url}\n---\n")
    assert (made.kind, made.title, made.fields) == (Kind.LINK, expected, {"url": url})


def test_a_stub_with_a_company_and_words_is_a_story_with_a_link(tmp_path: Path) -> None:
    text = "---\nlinkTitle: Crumb – Baking by night\ndescription: “We bake from ten seconds down to one.”\ncompany: Crumb\nlink:\n  https://crumb.example/blog\n---\n"
    made = drafted(tmp_path, "crumb.md", text)
    assert (made.kind, made.title) == (Kind.CUSTOMER_STORY, "Crumb – Baking by night")
    assert made.summary == "“We bake from ten seconds down to one.”"
    assert made.fields == {
        "customer": "Crumb",
        "link": "https://crumb.example/blog",
        "quote": "We bake from ten seconds down to one.",
    }


def test_a_quote_that_nobody_says_gives_way_to_one_with_a_name_and_becomes_the_summary(
    tmp_path: Path,
) -> None:
    text = "---\ntitle: Crumb bakes\ncompany: Crumb\nquote: Crumb is a bakery with ovens.\n---\n{{pullquote `\n  author: Ada Loaf\n  quote: Ovens are our heart.\n`}}\n\nWords.\n"
    made = drafted(tmp_path, "crumb.md", text)
    assert made.summary == "Crumb is a bakery with ovens."
    assert (made.fields["quote"], made.fields["quoted"]) == ("Ovens are our heart.", "Ada Loaf")


def test_a_blog_post_tells_its_customer_and_who_wrote_it_when(tmp_path: Path) -> None:
    text = (
        "---\nlayout: post\ntitle: Baking bread with Dough at Crumb.io\nauthors:\n-  Ada Loaf\n- Bob Rye\n"
        "excerpt: A case study of how Dough is being used at Crumb.io.\ntags: energy ovens\n---\n\n"
        "*Welcome to our series. [See all cases](/cases.html).*\n\n"
        "[Crumb.io](https://crumb.io/) bakes bread for everybody in the valley. More.\n\n![Crumb](/bg.jpg)\n\n## The result\nTwice the bread.\n"
    )
    made = drafted(tmp_path, "2020-08-20-baking-bread-at-crumb.io.markdown", text)
    assert made.fields == {"customer": "Crumb.io", "result": "Twice the bread."}
    assert made.summary == "Crumb.io bakes bread for everybody in the valley. More."
    assert made.body.endswith("Twice the bread.\n\n*By Ada Loaf, Bob Rye, 20 August 2020*")
    assert made.verticals == ["Energy"]


def test_items_of_a_data_file_get_their_names_from_their_words(tmp_path: Path) -> None:
    text = """
items:
  - id: crumb
    type: backend
    description: >-
      **Crumb** uses Dough for all of its ovens in the valley, supporting many bakers who work by night and by day there. More.
    media:
      type: youtube
      videoId: abcdefghijk
  - id: loaf-and-co
    description: “We bake with **Loaf & Co's** flour. It works for us every single day.”
    signature:
      name: Ada Loaf
      position: Baker at Loaf
    link: /relative/
  - id: rye-server-side
    description: Discover how Rye bakes. See [the article ↗](https://rye.example/a) or the video below.
    link: https://rye.example/story
    media: {type: youtube, videoId: abcdefghijk}
  - id: all
    description: |-
      ## How bakers&nbsp;bake

      Everybody bakes.
"""
    first, second, third, fourth = drafts(write(tmp_path, {"all.yml": text}))
    assert not isinstance(first, str)
    assert first.title == "Crumb uses Dough for all of its ovens in the valley"
    assert first.fields == {"customer": "Crumb", "link": "https://www.youtube.com/watch?v=abcdefghijk"}
    assert first.source == "stories/all.yml#crumb"
    assert first.summary.startswith("Crumb uses Dough for all")
    assert first.body == ""
    assert not isinstance(second, str)
    assert second.title == second.fields["customer"] == "Loaf & Co"
    assert second.fields["quoted"] == "Ada Loaf, Baker at Loaf"
    assert second.fields["quote"].startswith("We bake with Loaf & Co's flour.")
    assert "link" not in second.fields
    assert not isinstance(third, str)
    assert third.fields["customer"] == "Rye"
    assert third.body == (
        "Discover how Rye bakes. See [the article](https://rye.example/a) or the video below.\n\n"
        "[Watch the video](https://www.youtube.com/watch?v=abcdefghijk)"
    )
    assert not isinstance(fourth, str)
    assert (fourth.title, fourth.body) == ("How bakers bake", "Everybody bakes.")


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("2021-03-04-night_bread.md", "Words only.", "Night bread"),
        ("night/index.md", "Words only.", "Night"),
        ("a.md", "# Night *bread*\n\nWords.", "Night bread"),
        ("a.md", "---\ntitle: '\"Night & **bread**\"'\n---\nWords.", "Night & bread"),
        ("a.md", "---\ntitle: Night <b>bread</b> &amp; {{ .x }}rye \n---\nWords.", "Night bread & rye"),
        ("a.html", "<title>Night bread | Crumb</title><p>Words.</p>", "Night bread"),
        ("a.html", "<title>x</title><h1>Night bread</h1><p>Words.</p>", "Night bread"),
        (
            "crumb.md",
            '---\nid: "case-study-crumb"\nslug: crumb\ntitle: Crumb\n---\nCrumb bakes all of its bread at night. More.',
            "Crumb bakes all of its bread at night",
        ),
        (
            "crumb.md",
            "---\ntitle: Crumb\ncompany: Crumb\n---\n# How Crumb bakes\n\nWords.",
            "How Crumb bakes",
        ),
        ("a.mdx", "---\ntitle: Success Story – Crumb\n---\nWords.", "Success Story – Crumb"),
    ],
)
def test_every_item_gets_a_title_that_says_something(
    tmp_path: Path, name: str, text: str, title: str
) -> None:
    assert drafted(tmp_path, name, text).title == title


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"a.md": "---\nredirect: /other\n---\n"}, "it only sends readers on to /other"),
        (
            {"a.md": "---\ntitle: All\n---\n{{- range newest $all}}<li>{{.title}}</li>{{- end}}"},
            "it is a template that lists other pages",
        ),
        (
            {"a.html": "{% for x in site.pages %}<a>{{ x }}</a>{% endfor %}"},
            "it is a template that lists other pages",
        ),
        (
            {"index.md": "Our stories.", "b.md": "---\nredirect: /x\n---\n"},
            "it lists the other pages of its folder",
        ),
        ({"a.md": "---\ntitle: Only this\n---\n\n"}, "it holds nothing but a title"),
    ],
)
def test_what_is_no_story_is_passed_over_with_a_reason(
    tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    assert reason in drafts(write(tmp_path, files))


def test_an_index_with_a_customer_of_its_own_is_a_story_among_others(tmp_path: Path) -> None:
    files = {"index.md": "---\ntitle: Bread at Crumb\ncompany: Crumb\n---\nWords.", "b.md": "Words."}
    assert [made if isinstance(made, str) else made.title for made in drafts(write(tmp_path, files))] == [
        "B",
        "Bread at Crumb",
    ]


@pytest.mark.parametrize(
    ("name", "front", "kind"),
    [
        ("a.md", "kind: battlecard", Kind.BATTLECARD),
        ("a.md", "kind: Sound bites", Kind.SOUND_BITE),
        ("a.md", "series: Use Cases", Kind.VALUE_PROPOSITION),
        ("a.md", "type: solutions\nseries: Case Studies", Kind.CUSTOMER_STORY),
        ("battlecards/a.md", "x: y", Kind.BATTLECARD),
        ("docs/a.md", "layout: document", Kind.CUSTOMER_STORY),
        ("a.md", "draft: true", Kind.CUSTOMER_STORY),
    ],
)
def test_kinds_are_read_from_what_files_say(tmp_path: Path, name: str, front: str, kind: Kind) -> None:
    assert drafted(tmp_path, name, f"---\ntitle: T\n{front}\n---\nWords.").kind is kind


def test_fields_of_other_kinds_are_read_by_their_keys(tmp_path: Path) -> None:
    card = drafted(
        tmp_path / "a",
        "a.md",
        "---\ntitle: T\nkind: battlecard\ncompetitor: Stale Bread\nTraps: Ask *when*.\n---\nWords.",
    )
    assert card.fields == {"competitor": "Stale Bread", "traps": "Ask when."}
    bite = drafted(
        tmp_path / "b",
        "a.md",
        "---\ntitle: T\nkind: sound bite\nwhen: They ask.\n---\nFresh by six, or it is free.",
    )
    assert bite.fields == {"sentence": "Fresh by six, or it is free.", "when": "They ask."}


def test_what_does_not_fit_is_said_with_its_line_and_the_rest_goes_in(tmp_path: Path) -> None:
    text = (
        f"---\ntitle: {'very ' * 70}long\nkind: poem\nstage: Wedding\nvertical: [Retail, Moon]\nlink: https://ok.example/\n"
        "consent_until: soon\nregion: Mars\nproduct: Rocket\n---\nWords."
    )
    made = drafted(tmp_path, "a.md", text)
    assert len(made.title) <= 300
    assert made.title.endswith("…")
    assert made.terms == ["vertical:retail"]
    told = {problem.line: str(problem) for problem in made.problems}
    assert "has 354 characters and was cut to 300" in told[2]
    assert "no kind “poem”" in told[3]
    assert "sound_bite" in told[3]
    assert "no stage “Wedding”" in told[4]
    assert "Prospecting, Discovery, Evaluation" in told[4]
    assert "no vertical “Moon”" in told[5]
    assert "“soon” is no date" in told[7]
    assert "no region “Mars”" in told[8]
    assert len(told) == 6  # a product is not missed where the hub knows none


def test_addresses_that_are_none_never_come_in(tmp_path: Path) -> None:
    made = drafted(tmp_path, "a.md", "---\ntitle: T\nkind: link\nurl: javascript:alert(1)\n---\nWords.")
    assert made.fields == {}
    assert "javascript" not in made.body


def test_a_long_name_keeps_a_source_of_its_own(tmp_path: Path) -> None:
    deep = "/".join(["n" * 120] * 5)
    one = drafted(tmp_path / "a", f"{deep}/one.md", "Words.")
    two = drafted(tmp_path / "b", f"{deep}/two.md", "Words.")
    assert len(one.source) == 500
    assert one.source != two.source
    assert one.source == drafted(tmp_path / "a", f"{deep}/one.md", "Other words.").source


def test_drafts_say_so_and_whether_a_buyer_may_see_them(tmp_path: Path) -> None:
    held = drafted(tmp_path / "a", "a.md", "---\ntitle: T\ndraft: true\nexternal: yes\n---\nWords.")
    assert (held.stays_draft, held.external) == (True, True)
    said = drafted(tmp_path / "b", "a.md", "---\ntitle: T\npublished: false\n---\nWords.")
    assert (said.stays_draft, said.external) == (True, None)
    assert drafted(tmp_path / "c", "a.md", "Words.", Mapping(external=True)).external
