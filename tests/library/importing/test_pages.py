"""Mark-up of real sites becomes clean Markdown that the hub shows as it was meant; templates and components are never shown."""

from __future__ import annotations

import textwrap
import time

import pytest

from hub.library import prose
from hub.library.importing import page
from hub.library.importing.page import Page


def markdown(text: str, *, mdx: bool = False, base: str = "") -> Page:
    return page.from_markdown(textwrap.dedent(text), mdx=mdx, base=base)


def html(text: str, base: str = "") -> Page:
    return page.from_html(text, base=base)


def body(text: str) -> str:
    return textwrap.dedent(text).strip()


def test_markdown_keeps_its_structure_in_the_dialect_the_hub_shows() -> None:
    made = markdown(
        """\
        # The page
        ## One {#one .big}
        Words that
        run on, *thin* and **bold**, `code`, [a link](https://example.com/a_b?x=1&y=2).
        * first
          * nested
        * second

        1. one
        2. two

        > quoted

        ```go
        a := "{{kept}}" // {% kept %}
        ```

        | a | b |
        |---|---|
        | 1 | 2\\|3 |
        """
    )
    assert made.heading == "The page"
    assert made.body == body(
        """
        ## One

        Words that run on, *thin* and **bold**, `code`, [a link](https://example.com/a_b?x=1&y=2).

        - first
            - nested
        - second

        1. one
        2. two

        > quoted

        ```go
        a := "{{kept}}" // {% kept %}
        ```

        | a | b |
        | --- | --- |
        | 1 | 2\\|3 |
        """
    )
    shown = prose.to_html(made.body)
    assert "<li>first<ul><li>nested</li></ul></li>" in shown.replace("\n", "")
    assert "<td>2|3</td>" in shown


def test_html_loses_what_is_no_content() -> None:
    made = html(
        """<html><head><title>Acme | Site</title><meta name="description" content="How Acme did it."><style>p{}</style></head>
        <body><nav><a href="/">Home</a></nav><h1>Acme flies</h1><script>alert(1)</script><p onclick="x()">Text<img src="a.png">
        <iframe src="https://evil.example/x"></iframe></p><form><input value="x"></form><!-- gone --><svg><text>x</text></svg>
        <iframe src="https://www.youtube.com/embed/abcdefghijk?autoplay=1"></iframe><footer>(c)</footer></body></html>"""
    )
    assert made.heading == "Acme flies"
    assert made.head == {"title": "Acme | Site", "summary": "How Acme did it."}
    assert made.body == "Text\n\n[Watch the video](https://www.youtube.com/watch?v=abcdefghijk)"


def test_links_that_lead_nowhere_become_words_unless_there_is_a_base() -> None:
    text = '<p><a href="/a">Here</a>, <a href="javascript:alert(1)">there</a>, <a href="https://example.com/(x)">away ↗</a>, <a href=""></a>x</p>'
    assert html(text).body == "Here, there, [away](https://example.com/%28x%29), x"
    assert html(text, "https://acme.example/docs/").body.startswith("[Here](https://acme.example/a), there,")


def test_words_that_look_like_marks_stay_words() -> None:
    said = "2 * 3 * 4, snake_case and _this_ [x](y) <b> &lt; &amp; `tick`"
    for line in (said, "# not a heading", "1. not a list", "- nor this", "> nor that", "+ plus", "=== three"):
        made = html(f"<p>{line.replace('<b>', '&lt;b&gt;')}</p>").body
        shown = prose.to_html(made)
        assert shown.startswith("<p>"), made
        assert shown.count("<") == 2, made
        assert prose.to_text(made) == line.replace("&lt;", "<").replace("&amp;", "&")


def test_breaks_cut_paragraphs_and_bold_over_a_break_stays_bold() -> None:
    made = html("<div>One<br>two<br><br><b>three<br><br>four</b> five<br></div>six")
    assert made.body == "One  \ntwo\n\n**three**\n\n**four** five\n\nsix"


def test_an_old_page_laid_out_by_tables_is_read_in_order() -> None:
    made = html("<TABLE><TR><TD><P>Left</P></TD><TD><P>Right</P></TD></TR></TABLE><FONT><B>Bold</B></FONT>")
    assert made.body == "Left\n\nRight\n\n**Bold**"


def test_code_in_lists_and_quotes_is_indented_because_fences_are_not_known_there() -> None:
    made = html(
        "<ul><li>Run<pre><code>a\n\nb</code></pre></li></ul><blockquote><p>Say</p><pre>c</pre></blockquote>"
    ).body
    shown = prose.to_html(made)
    assert shown.count("<pre><code>") == 2
    assert "a\n\nb" in shown


BANNER = """
<div class="banner1"><h1> CASE STUDY:<img src="/l.png"><br> <div class="subhead">Baking Bread Ten Times Faster
</div></h1></div>
<div class="details">Company &nbsp;<b>Crumb &amp; Co</b>&nbsp;&nbsp;Location &nbsp;<b>Basel
</b>&nbsp;&nbsp;Industry &nbsp;<b>Grocery retail</b></div><hr>
<section><h2>Challenge</h2> Ovens were slow. <br><h2>Impact</h2>Now they are fast.</section>
<div class="banner2"><div class="banner2text">"We bake more than ever."<br><br><span style="x">— ANNA CRUMB, CTO AT CRUMB &amp; CO</span></div></div>
<div class="banner3"><div class="banner3text">"A quote that nobody signed, but set large."</div></div>
<div class="banner4text">"Signed on one line, like this." — Bob Loaf, Baker</div>
"""


def test_a_banner_page_gives_its_heading_facts_and_quotes() -> None:
    made = html(BANNER)
    assert made.heading == "Baking Bread Ten Times Faster"
    assert made.facts == {"customer": "Crumb & Co", "region": "Basel", "industry": "Grocery retail"}
    assert [(q.text, q.speaker) for q in made.quotes] == [
        ("We bake more than ever.", "Anna Crumb, CTO at Crumb & Co"),
        ("A quote that nobody signed, but set large.", ""),
        ("Signed on one line, like this.", "Bob Loaf, Baker"),
    ]
    assert made.body == body(
        """
        ## Challenge

        Ovens were slow.

        ## Impact

        Now they are fast.

        > We bake more than ever.
        >
        > — Anna Crumb, CTO at Crumb & Co

        > A quote that nobody signed, but set large.

        > Signed on one line, like this.
        >
        > — Bob Loaf, Baker
        """
    )


QUOTES = {
    "go": '{{pullquote `\n  author: Ada Loaf\n  title: <span class="x">Head,</span>&nbsp;<span>Ovens</span>\n  quote: |\n    Said **so**.\n`}}',
    "liquid": '{% include "testimonial.html",\n size: "md",\n quote: "Said **so**.",\n attribution: "Ada Loaf",\n position: "Head, Ovens"\n%}',
    "jsx": '<Wrap>\n    <Quote\n        size="md" name="Ada Loaf"\n        title="Head, Ovens"\n        quote={`“Said **so**.”`}\n    />\n</Wrap>',
    "jsx children": '<Testimonial author="Ada Loaf" role={"Head, Ovens"}>\n  Said **so**.\n</Testimonial>',
    "hugo": '{{< quote author="Ada Loaf" title="Head, Ovens" >}}Said **so**.{{< /quote >}}',
    "hugo attribute": '{{% testimonial quote="Said **so**." author="Ada Loaf" role="Head, Ovens" %}}',
    "html": '<blockquote style="x">\n<p>Said <b>so</b>.</p>\n<p style="y">— Ada Loaf, Head, Ovens</p>\n</blockquote>',
    "span": '<blockquote class="t">\n  Said <b>so</b>.\n    <span>- Ada Loaf, Head, Ovens</span>\n</blockquote>',
    "small": '<div class="x">\n> Said **so**.\n>\n> <small>Ada Loaf, Head, Ovens</small>\n</div>',
    "paragraphs": '<p class="quote">"Said <b>so</b>."</p>\n<p class="attrib">— Ada Loaf, Head, Ovens</p>',
}


@pytest.mark.parametrize("source", QUOTES.values(), ids=QUOTES.keys())
def test_quotes_of_every_template_become_quotes(source: str) -> None:
    made = page.from_markdown(f"Before.\n\n{source}\n\nAfter.", mdx="jsx" in source or "<Wrap>" in source)
    assert [(q.text, q.speaker) for q in made.quotes] == [("Said so.", "Ada Loaf, Head, Ovens")]
    assert made.body == "Before.\n\n> Said **so**.\n>\n> — Ada Loaf, Head, Ovens\n\nAfter."


def test_a_heading_in_quotation_marks_is_a_quote_and_a_tweet_is_nobodys_testimonial() -> None:
    long = "“We bake bread for millions of people every day and never miss a single loaf.”"
    assert markdown(f"### {long}\n").quotes[0].text == long[1:-1]
    tweet = '<blockquote class="twitter-tweet"><p>Hello</p>&mdash; Somebody (@x) <a href="https://t.co/x">May 1</a></blockquote>'
    assert not markdown(tweet).quotes


JUNK = """\
import Quote from './quote'
export const meta = {
  a: 1,
}

{/* a comment */}
<!-- another -->

<FloatedImage image="/x.png" />
<Callout type="tip">
    Kept words, and [a link]({{ site.baseurl }}/x/).
</Callout>
{{ breadcrumbs . }}{{- with .quote}}{{.}}{{end}} {%- assign x = 1 -%} {{< ref "x.md" >}}
{% comment %} secret {% endcomment %}{{pkg "example.com/ovens" "Ovens"}} are {props.fast} <b className="x" style={{a: 1}}>fast</b>.
{: .class}

<YoutubePlayer id="abcdefghijk" /> {{< youtube abcdefghijk >}}

{% highlight ruby %}
puts "{{ not a template }}"
{% endhighlight %}

{{projects `
  - company: Crumb
    url: https://crumb.example/
    desc: Bakes.
    ctas:
      - text: More
        url: https://crumb.example/more
`}}
{{broken `: [`}}
<Unclosed attr={oops
"""


def test_template_and_component_junk_goes_and_what_it_shows_stays() -> None:
    made = page.from_markdown(JUNK, mdx=True)
    outside_code = made.body.replace('puts "{{ not a template }}"', "")
    for junk in (
        "{{",
        "}}",
        "{%",
        "import ",
        "export ",
        "Callout",
        "Floated",
        "className",
        "secret",
        "comment",
        "props",
        "/x/",
        ".class",
    ):
        assert junk not in outside_code, junk
    assert "Kept words, and a link." in made.body
    assert "Ovens are **fast**." in " ".join(made.body.split())
    assert made.body.count("[Watch the video](https://www.youtube.com/watch?v=abcdefghijk)") == 2
    assert '```ruby\nputs "{{ not a template }}"\n```' in made.body
    assert "- [Crumb](https://crumb.example/): Bakes.\n    - [More](https://crumb.example/more)" in made.body


def test_code_keeps_its_braces_and_tags() -> None:
    text = "Use `{{ x }}` and `<Tag a={b}>` and\n\n```jsx\n<Tag a={b}>{{ x }}</Tag>\n```\n\nList<String> and a <> b and 1 < 2."
    made = page.from_markdown(text)
    assert "`{{ x }}`" in made.body
    assert "`<Tag a={b}>`" in made.body
    assert "<Tag a={b}>{{ x }}</Tag>" in made.body
    assert "a <> b and 1 < 2." in prose.to_text(made.body).replace("&lt;", "<")


def test_html_blocks_in_markdown_let_the_markdown_around_them_live() -> None:
    made = markdown(
        '<div class="case-preheader">Approach</div>\n### Build\n\n<div class="note">\n**Kept**\n</div>\nLast *one*.\n'
    )
    assert made.body == "## Approach\n\n### Build\n\n**Kept**\n\nLast *one*."


def test_facts_in_markdown_are_read_only_where_they_are_facts() -> None:
    made = markdown(
        "**Company:** Crumb\n\n- **Industry**: Grocery\n\n**Client**: a module that depends on all the others, and then some more of it that goes on and on.\n"
    )
    assert made.facts == {"customer": "Crumb", "industry": "Grocery"}
    assert made.body.startswith("**Client**")


@pytest.mark.parametrize(
    "text",
    [
        '<![><img src="]><img src=x onerror=alert(1)//">Words',
        '<?xml version="1.0"?><!DOCTYPE html><p>Words</p>',
        "<![CDATA[x]]><p>Words</p>",
        "Words",
        "https://example.com/Words",
        "<p>Words",
        "</p></div>Words</b>",
        "<hr><hr><p>Words</p><hr>",
        "<table><tr><td>Words</td></tr></table>",
        "<video src='https://vimeo.com/12345'></video><audio src='x.mp3'></audio>Words",
        "<dl><dt>Words</dt><dd>more</dd></dl>",
    ],
)
def test_whatever_a_page_is_its_words_come_out(text: str) -> None:
    made = html(text)
    assert "Words" in made.body
    assert not made.body.startswith("---")
    assert "<" not in made.body
    assert "onerror" not in prose.to_html(made.body)


HOSTILE = {
    "nested tags": "<div>" * 4_000 + "deep",
    "nested inline": "<b>" * 4_000 + "deep",
    "nested quotes": ">" * 4_000 + " deep",
    "nested lists": "\n".join(" " * n + "- x" for n in range(200)),
    "brackets": "[" * 10_000,
    "stars": "*a " * 6_000,
    "openings": "{{x `" * 4_000,
    "liquid": "{% a " * 4_000,
    "mustache": "{{ a " * 4_000,
    "jsx": "<Tag a={" * 2_000,
    "tags": "<a " * 4_000,
    "entities": "&amp;" * 10_000,
    "comments": "<!-- " * 4_000,
    "fences": "```\n" * 4_001,
    "links": "[a](" * 4_000,
    "dashes": "“" + "a” — B" * 2_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_little(name: str) -> None:
    """What grows with the square would take minutes; the bound leaves room for a busy machine that counts branches."""
    begun = time.process_time()
    for mdx in (False, True):
        page.from_markdown(HOSTILE[name], mdx=mdx)
    page.from_html(HOSTILE[name])
    assert time.process_time() - begun < 20
