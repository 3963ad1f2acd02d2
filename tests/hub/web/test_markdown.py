"""What people write is shown as they meant it, and runs nothing (D-WEB 54)."""

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.markdown import ATTRIBUTES, TAGS, render_markdown
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
    assert_harmless(render_markdown(text))


@given(st.text(alphabet=st.sampled_from("<>\"'`[]()!#|-:*_&;=/\\ \n\x00aonjscript"), max_size=200))
def test_no_text_whatever_makes_anything_but_the_listed_tags(text: str) -> None:
    assert_harmless(render_markdown(text))


def test_headings_stand_below_the_page_s_own_and_skip_no_level() -> None:
    html = render_markdown("# One\n\n#### Deep\n\n# Two\n\n## Two")
    assert re.findall(r"<(h\d) id=\"([^\"]+)\"", html) == [
        ("h2", "h-one"), ("h3", "h-deep"), ("h2", "h-two"), ("h3", "h-two-2"),
    ]  # fmt: skip


def test_a_wide_table_scrolls_in_a_box_that_the_keyboard_reaches() -> None:
    html = render_markdown(MARKDOWN)
    assert '<div class="hub-scroll" role="region" tabindex="0" aria-label="Table 1">' in html
    assert html.count("<div") == html.count("</div>")
    assert '<th scope="col">Post</th>' in html


def test_a_picture_from_elsewhere_is_a_link_and_fetches_nothing() -> None:
    html = render_markdown("![map](https://example.org/map.png)")
    assert "<img" not in html
    assert '<a href="https://example.org/map.png" rel="noopener noreferrer nofollow">Picture: map</a>' in html
    nested = render_markdown("[![map](x.png)](https://example.org)")
    assert nested.count("<a ") == 1


def test_the_same_text_is_rendered_once() -> None:
    text = "A *plan* that is read often"
    assert render_markdown(text) is render_markdown(str(text))
