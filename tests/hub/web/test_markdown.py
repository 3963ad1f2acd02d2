"""What people write is shown as they meant it, and runs nothing (D-WEB 54)."""

import re
from urllib.parse import unquote

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.web.markdown import ATTRIBUTES, TAGS, render, words_of
from hub.web.markdown.inside import MOST, Led, told
from tests.factories.page_values import MARKDOWN

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "![a](javascript:alert(1))",
    '![a"onload=alert(1)](x)',
    "[a](<x onclick=alert(1)>)",
    "<svg><script>alert(1)</script></svg>",
    "<a href='x' style='position:fixed'>x</a>",
    "<iframe src=//example.org></iframe>",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "| <script> |\n|---|\n| <b onclick=x> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "# <img src=x onerror=alert(1)>",
    "<style>*{display:none}</style>",
    "<form action=//example.org><button>x</button></form>",
    "<meta http-equiv=refresh content=0>",
    '[a](https://example.org "x\\" onmouseover=alert(1)")',
    'https://example.org/"onmouseover=alert(1)',
    "www.example.org/<script>alert(1)</script>",
    "javascript:alert(1)@example.org",
    "[^<script>]\n\n[^<script>]: <img src=x onerror=alert(1)>",
    "<br onclick=alert(1)>",
    "- [x] <input type=checkbox onclick=alert(1)>",
    "[a](#<script>)\n\n# <script>",
]


def assert_harmless(html: str) -> None:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    for element in tree.iter():
        if element is tree:
            continue
        assert element.tag in TAGS, element.tag
        for name, value in element.attrib.items():
            assert name in ATTRIBUTES.get(str(element.tag), set()) | {"rel"}, (element.tag, name)
            if name == "href":
                scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", str(value), re.IGNORECASE)
                assert scheme is None or scheme[1].lower() in {"http", "https", "mailto", "tel"}


@pytest.mark.parametrize("text", ATTACKS)
def test_mallory_s_text_stays_text(text: str) -> None:
    assert_harmless(render(text).html)


@given(st.text(alphabet=st.sampled_from("<>\"'`[]()!#|-:*_&;=/\\^~@. \n\x00aonjscriptwbx1"), max_size=200))
def test_no_text_whatever_makes_anything_but_the_listed_tags(text: str) -> None:
    assert_harmless(render(text).html)


@given(
    st.lists(
        st.sampled_from(
            ["> ", "- ", "1. ", "    ", "| a ", "\n", "\n\n", "a", "[^1]", "[^1]: ", "# ", "---", "[x]", "*"]
        )
    )
)
@example(["[^1]: ", "[^1]: ", "a"])
@example(["> "] * 20 + ["[^1]: ", "a"])
def test_no_word_that_ann_wrote_is_left_out(pieces: list[str]) -> None:
    words = [f"w{n}x" if piece == "a" else piece for n, piece in enumerate(pieces)]
    shown = render("".join(words)).html.striptags()
    assert [word for word in words if word.startswith("w") and word not in shown] == []


def test_headings_stand_below_the_page_s_own_and_skip_no_level() -> None:
    html = render("# One\n\n#### Deep\n\n# Two\n\n## Two").html
    assert re.findall(r"<(h\d) id=\"([^\"]+)\"", html) == [
        ("h2", "h-one"), ("h3", "h-deep"), ("h2", "h-two"), ("h3", "h-two-2"),
    ]  # fmt: skip


def test_equal_headings_have_anchors_of_their_own() -> None:
    html = render("# a\n# a-2\n# a\n# a\n# a-2\n").html
    anchors = re.findall(r'id="([^"]+)"', html)
    assert anchors == ["h-a", "h-a-2", "h-a-3", "h-a-4", "h-a-2-2"]


@pytest.mark.parametrize(
    ("heading", "link", "anchor"),
    [
        ("Section one", "#section-one", "h-section-one"),
        ("Section one", "#h-section-one", "h-section-one"),
        ("Section one", "#Section%20One", "h-section-one"),
        ("What's new?", "#whats-new", "h-what-s-new"),
        ("Über uns", "#über-uns", "h-über-uns"),
        ("О нас", "#о-нас", "h-о-нас"),
        ("住宅計画", "#住宅計画", "h-住宅計画"),
        ("हिन्दी", "#हिन्दी", "h-हिन्दी"),
        ("A *plan* with [a link](https://x.test)", "#a-plan-with-a-link", "h-a-plan-with-a-link"),
    ],
)
def test_a_link_within_a_text_jumps_to_the_heading_that_it_means(heading: str, link: str, anchor: str) -> None:
    html = render(f"[jump]({link})\n\n# {heading}").html
    assert f'id="{anchor}"' in html
    assert unquote(re.findall(r'href="(#[^"]+)"', html)[0]) == f"#{anchor}"


def test_a_link_to_no_heading_leads_to_no_other_part_of_the_page() -> None:
    assert 'href="#h-revisions"' in render("[a](#revisions)").html


@pytest.mark.parametrize(
    ("text", "href", "shown"),
    [
        ("Bare https://www.leeds.example/a?b=c_d_e.", "https://www.leeds.example/a?b=c_d_e", None),
        ("(see http://leeds.example/a_(b))", "http://leeds.example/a_(b)", None),
        ("at www.leeds.gov.uk, daily", "http://www.leeds.gov.uk", "www.leeds.gov.uk"),
        ("write to jane.o'hara+x@york.example.", "mailto:jane.o'hara+x@york.example", "jane.o'hara+x@york.example"),
        ("“https://leeds.example/ä”", "https://leeds.example/%C3%A4", "https://leeds.example/ä"),
        ("a &amp; https://leeds.example/?a&amp;b", "https://leeds.example/?a&amp;b", "https://leeds.example/?a&amp;b"),
    ],
)
def test_addresses_in_running_text_become_links(text: str, href: str, shown: str | None) -> None:
    assert f'<a href="{href}" rel="noopener noreferrer nofollow">{shown or href}</a>' in render(text).html


@pytest.mark.parametrize(
    "text",
    ["`https://x.test`", "[https://x.test](/a)", "a@b", "x@y@z.test", "http://", "www.", "www.x", "e.g.this", "10:30"],
)
def test_what_is_no_address_or_is_code_or_a_link_already_stays_as_it_is(text: str) -> None:
    assert render(text).html.count("<a ") == text.count("](")


def test_a_wide_table_scrolls_in_a_box_that_the_keyboard_reaches() -> None:
    html = render(MARKDOWN).html
    assert '<div class="hub-scroll" role="region" tabindex="0" aria-label="Table 1">' in html
    assert html.count("<div") == html.count("</div>")
    assert '<th scope="col">Post</th>' in html


def test_columns_stand_as_they_were_aligned_and_a_cell_may_have_lines() -> None:
    html = render("| A | B | C |\n|:-:|--:|:--|\n| one<br>two<BR/>three | 2 | 3 |").html
    assert '<th scope="col" class="hub-centre">A</th>' in html
    assert '<td class="hub-right">2</td>' in html
    assert "one<br>\ntwo<br>\nthree" in html


def test_a_list_of_tasks_says_what_is_done() -> None:
    html = render("- [ ] call\n- [x] write\n- other").html
    assert re.sub(r"<[^>]+>", "", html).split("\n")[1:4] == ["☐ To do: call", "☑ Done: write", "other"]


def test_footnotes_stand_at_the_end_in_the_order_in_which_they_are_called_and_lead_back() -> None:
    html = render("b[^b] a[^a] b[^b] ![x[^a]](y)\n\n[^a]: A\n[^b]: B\n\n[^c]: nobody calls it").html
    assert re.findall(r'<li id="(fn-\d)">\s*<p>(\w+)', html) == [("fn-1", "B"), ("fn-2", "A"), ("fn-3", "nobody")]
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= set(re.findall(r'id="([^"]+)"', html))
    assert len(re.findall(r'id="([^"]+)"', html)) == len(set(re.findall(r'id="([^"]+)"', html)))


def test_a_picture_from_elsewhere_is_a_link_and_fetches_nothing() -> None:
    html = render("![map](https://example.org/map.png)").html
    assert "<img" not in html
    assert '<a href="https://example.org/map.png" rel="noopener noreferrer nofollow">Picture: map</a>' in html
    nested = render("[![map](x.png)](https://example.org)").html
    assert nested.count("<a ") == 1


def test_a_picture_beside_a_link_keeps_its_address() -> None:
    html = render("![plan](https://maps.test/plan.png) and [a link](https://x.test/) and ![**b**](c.png)").html
    assert re.findall(r'href="([^"]+)"', html) == [
        "https://maps.test/plan.png",
        "https://x.test/",
        "c.png",
    ]
    assert "Picture: b</a>" in html


def test_what_lies_too_deep_is_shown_as_text() -> None:
    for start in ("> " * 60, "- " * 60, "1. " * 60, "[^a]: " * 60):
        assert "the end" in render(f"{start}the end").html
    assert "the end" in render("*a **b " * 500 + "the end" + " b** a*" * 500).html


def test_a_text_is_compared_as_it_is_read() -> None:
    text = (
        "# Who *is* called\n\nAsk [Jane](https://york.example/jane), jane@york.example[^1]\n\n"
        "| Post | No |\n|---|--:|\n| Duty | 1 |\n\n3. one\n   - [x] in\n\n[^1]: by day\n\n"
        "```\n<b>\n  in\n```\n\n[back](#who-is-called) > all"
    )
    assert words_of(render(text).html).split("\n") == [
        "Who is called", "Ask Jane (https://york.example/jane), jane@york.example[1]", "Post | No", "Duty | 1",
        "3. one", "  • ☑ in", "<b>", "  in", "back > all", "1. by day",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '<span class="hub-at">who:abcdefghijkl</span>',
        '<a href="/documents/abcdefghijkl" rel="noopener noreferrer nofollow">/documents/abcdefghijkl</a>',
        "[/documents/abcdefghijkl<b>](/documents/abcdefghijkl)",
        "`/documents/abcdefghijkl @who:abcdefghijkl`",
        "[our plan](/documents/abcdefghijkl) a/documents/abcdefghijkl bo@who:abcdefghijkl",
    ],
)
def test_nobody_writes_what_only_the_hub_writes_into_a_page(text: str) -> None:
    """Markup that looks like a bare address or like somebody who is named is what it says."""
    html = str(render(text).html)
    asked: list[str] = []
    assert told(html, "https://hub.example", lambda paths: asked.extend(paths) or {}).count("somebody") == 0
    assert not [path for path in asked if path.startswith("@")]


def test_titles_that_are_put_in_run_nothing() -> None:
    html = str(render("/documents/abcdefghijkl @who:abcdefghijkl").html)
    bad = Led('<script>alert(1)</script>"', '/people/x"onclick="alert(1)')
    page = told(html, "https://hub.example", lambda paths: dict.fromkeys(paths, bad))
    assert_harmless(page)
    assert page.count("&lt;script&gt;") == 2


def test_so_many_links_take_time_that_grows_with_the_text() -> None:
    """More than are looked up stay as they were typed."""
    html = str(render(" ".join(f"/documents/a{number:011d}" for number in range(600))).html)
    page = told(html, "https://hub.example", lambda paths: {})
    assert page.count("a page of this hub") == MOST
    assert page.count(">/documents/") == 600 - MOST
