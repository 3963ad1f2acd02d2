"""Revisions compared, and an older one brought back."""

import io
import random
import time

import pytest

from hub.features.writing.difference import MOST_CHARACTERS, Difference, compare
from hub.features.writing.matching import Work, steps
from tests.hub.features.writing.conftest import Desk, address_of, row
from tests.hub.sheets import Sheet
from tests.hub.world import World


def told(found: Difference) -> str:
    """A difference as a sentence of marks: +added+ and -removed-."""
    marks = {"added": "+", "removed": "-", "same": ""}
    lines = []
    for line in found.lines:
        if line.kind == "gap":
            lines.append(f"({line.skipped})")
        else:
            lines.append("".join(f"{marks[kind]}{text}{marks[kind]}" for kind, text in line.pieces))
    return "|".join(lines)


@pytest.mark.parametrize(
    ("older", "newer", "seen"),
    [
        ("same", "same", ""),
        ("same\r\n", "same", ""),
        ("", "one\ntwo", "+one+|+two+"),
        ("one\ntwo", "", "-one-|-two-"),
        ("Ring 0113 496 0001 now", "Ring 0113 496 0009 now", "Ring 0113 496 -0001-+0009+ now"),
        ("nothing in common", "42", "-nothing in common-|+42+"),
        ("a\nb\nc\nd\ne\nf\ng\nh\nold", "a\nb\nc\nd\ne\nf\ng\nh\nnew", "(6)|g|h|-old-|+new+"),
        ("x\n\ny", "x\n\n\ny", "x||++|y"),
        ("first\nlast", "first\nmiddle\nlast", "first|+middle+|last"),
        ("<b>&amp;", "<i>&amp;", "<-b-+i+>&amp;"),
    ],
)
def test_a_difference_is_what_a_reader_would_mark(older: str, newer: str, seen: str) -> None:
    assert told(compare(older, newer)) == seen


def test_the_older_and_the_newer_text_can_be_read_off_a_difference() -> None:
    """Whatever is compared: what is same or removed is the older text, what is same or added the newer one."""
    rng = random.Random(4)
    words = ["flood", "plan", "", "weir", "0113 496", "<b>", "sandbags lie in the depot", "é — “x”"]
    for _ in range(200):
        older, newer = ([" ".join(rng.choices(words, k=rng.randint(0, 4))) for _ in range(5)] for _ in "ab")
        newer[: rng.randint(0, 5)] = older[: rng.randint(0, 5)]
        found = compare("\n".join(older), "\n".join(newer))
        for text, kept in ((older, "removed"), (newer, "added")):
            read = [
                "".join(piece for kind, piece in line.pieces if kind in {"same", kept})
                for line in found.lines
                if line.kind in {"same", "changed", kept}
            ]
            wanted = "\n".join(text).rstrip("\n").split("\n")
            if found.lines and not any(line.kind == "gap" for line in found.lines) and wanted != [""]:
                assert read == wanted, (older, newer)


@pytest.mark.parametrize(
    "line",
    ["flood plan weir " * 4, "a", "a b " * 70, "x" * 5_000, ""],
    ids=["words", "letter", "pairs", "long", "blank"],
)
def test_texts_of_any_size_and_shape_are_compared_within_a_moment(line: str) -> None:
    """The work is bounded, so nobody can keep a process busy with two revisions; a cut is told."""
    older = "\n".join(f"{line}{n % 7}" for n in range(200_000 // (len(line) + 2)))
    newer = "\n".join(f"{line}{n % 5}" for n in range(900_000 // (len(line) + 2)))
    began = time.process_time()
    found = compare(older, newer)
    assert time.process_time() - began < 4
    assert found.cut
    assert sum(len(text) for each in found.lines for _, text in each.pieces) <= 2 * MOST_CHARACTERS


def test_texts_too_different_to_be_told_apart_are_shown_whole_and_it_is_said() -> None:
    """Lines, and words, of a few kinds in any order: what keeps a matcher busy longest."""
    rng = random.Random(8)
    shapes = {
        "lines": ["\n".join(str(rng.randrange(kinds)) for _ in range(3_900)) for kinds in (100, 90)],
        "two kinds of lines": ["\n".join(rng.choices("ab", k=3_900)) for _ in "ab"],
        "words": ["\n".join(" ".join(rng.choices("abcd", k=290)) for _ in range(300)) for _ in "ab"],
    }
    for name, (older, newer) in shapes.items():
        began = time.process_time()
        found = compare(older, newer)
        assert time.process_time() - began < 4, name
        assert found.coarse, name
        assert found.lines, name
    assert not compare("one\ntwo", "two\nthree").coarse


def test_as_little_is_marked_as_can_be() -> None:
    """Against the longest common row, as it is defined; with too little work granted, still a true difference."""
    rng = random.Random(3)
    for turn in range(2_000):
        older, newer = (rng.choices("abcde", k=rng.randrange(9)) for _ in "ab")
        granted = Work(rng.randrange(30) if turn % 5 == 0 else 10_000)
        found = list(steps(older, newer, granted))
        assert [t for s in found for t in older[s.i : s.j]] == older
        assert [t for s in found for t in newer[s.k : s.m]] == newer
        assert all(older[s.i : s.j] == newer[s.k : s.m] for s in found if s.same)
        repeated = [text * 2 for text in older * 2], [text * 2 for text in newer * 2]  # none stands once
        same = sum(s.j - s.i for s in steps(*repeated, Work(10_000)) if s.same)
        assert same == _longest(*repeated), repeated


def _longest(older: list[str], newer: list[str]) -> int:
    """The length of the longest row that both have."""
    row = [0] * (len(newer) + 1)
    for text in older:
        following = [0]
        for place, other in enumerate(newer):
            following.append(row[place] + 1 if text == other else max(row[place + 1], following[-1]))
        row = following
    return row[-1]


def test_ann_compares_any_two_revisions_in_words_that_can_be_heard(town: World) -> None:
    """Ann may read it by a share; what was added and removed is told in hidden words, not by colour alone."""
    document = town.add_document("leeds/housing", "Plan", "Ring 0001.\nSandbags.")
    town.revise(document, "Plan B", "Ring 0002.\nSandbags.")
    town.revise(document, "Plan B", "Ring 0002.\nSandbags.\n<script>alert(1)</script>")
    town.give("person:leeds/ann", "read", document, source="share")
    ann, address = Desk(town, "leeds/ann"), address_of(document)
    ann.see(address)
    assert f"{address}/compare" in ann.page.xpath("//a/@href")
    last = ann.see(f"{address}/compare")
    assert "Revisions 2 and 3 compared" in last
    assert "added: <script>alert(1)</script> end of added" in last
    assert "alert(1)" not in "".join(script.text or "" for script in ann.page.iter("script"))
    page = ann.see(f"{address}/compare?from=1&to=2")
    assert "Ring removed: 0001 end of removed added: 0002 end of added ." in page
    assert "removed: Plan added: Plan B" in page
    assert ann.see(f"{address}/compare?from=2&to=1") == page
    assert "The two texts are the same." in ann.see(f"{address}/compare?from=2&to=2")


def test_ann_compares_texts_as_they_are_read_and_as_they_were_typed(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "## Who rings\n\n**Ann** rings [York](https://york.example).")
    town.revise(document, "Plan", "## Who rings\n\n**Ann** rings [York](https://york.example/new).")
    town.revise(document, "Plan", "# Who rings\n\nAnn rings [York](https://york.example/new).")
    ann, address = Desk(town, "leeds/hana"), address_of(document)
    page = ann.see(f"{address}/compare?from=1&to=2")
    assert "Ann rings York (https://york.example added: /new end of added )." in page
    assert "**" not in page
    assert "##" not in page
    page = ann.see(f"{address}/compare?from=2&to=3")
    assert "The words are the same. Only how they are set has changed" in page
    assert f"{address}/compare?from=2&to=3&as=typed" in ann.page.xpath("//a/@href")
    page = ann.see(f"{address}/compare?from=2&to=3&as=typed")
    assert "Who rings" in page
    assert "removed: ** end of removed" in page
    assert "Compare them as they are read" in page


@pytest.mark.parametrize("query", ["from=0", "from=4&to=1", "to=x", "from=-1", "to=" + "9" * 30, "from=²", "from=1.5"])
def test_revisions_that_there_are_not_are_not_found(town: World, query: str) -> None:
    document = town.add_document("leeds/housing", "Plan", "Words")
    Desk(town, "leeds/hana").see(f"{address_of(document)}/compare?{query}", 404)


def test_the_revisions_of_a_draft_and_of_a_withdrawn_document_are_hidden_with_it(town: World) -> None:
    """Of others' compare pages and revisions nothing comes but the page of what is not there."""
    document = town.add_document("leeds/housing", "Plan", "The code word is heron.", state="draft")
    town.revise(document, "Plan", "The code word is egret.")
    nothing = Desk(town, "leeds/ann").see("/documents/zzzzzzzzzzzz", 404)
    for state in ("draft", "withdrawn", "archived"):
        town.mark(document, state=state)
        for who in ("leeds/ann", "york/bo", "acme/gus", "leeds/tim"):
            for page in ("/compare", "/compare?from=1&to=2", "/compare?from=9", "/revisions/1", "/edit"):
                said = Desk(town, who).see(f"{address_of(document)}{page}", 404)
                assert "heron" not in said
                if who == "leeds/ann":
                    assert said == nothing


def test_ivo_brings_an_older_revision_back_and_takes_it_back_again(town: World) -> None:
    """Nothing is lost: the older text becomes a new revision, and undo makes another one of what was there."""
    document = town.add_document("leeds/housing", "Plan", "First words")
    town.revise(document, "Plan B", "Second words")
    ivo, address = Desk(town, "leeds/ivo"), address_of(document)
    ivo.see(f"{address}/revisions/1")
    page = ivo.press("Bring this revision back")
    assert "Revision 1 is back, as revision 3." in page
    assert "First words" in page
    assert "Revision 1 brought back" in page
    assert (row(town, document).title, row(town, document).number) == ("Plan", 3)
    page = ivo.press("Undo")
    assert "Revision 2 is back, as revision 4." in page
    assert "Second words" in page
    assert "First words" in ivo.see(f"{address}/revisions/3")


def test_the_current_revision_offers_no_way_back_to_itself(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "First words")
    hana = Desk(town, "leeds/hana")
    assert "Bring this revision back" not in hana.see(f"{address_of(document)}/revisions/1")


def test_a_revision_is_not_brought_back_over_one_that_was_not_seen(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "First words")
    town.revise(document, "Plan", "Second words")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    button = Sheet(hana.browser.get(f"{address}/revisions/1"), f"{address}/revisions/1/bring-back")
    town.revise(document, "Plan", "Third words")
    assert button.send(hana.browser).location == f"{address}/revisions/1"
    assert "saved revision 3" in hana.see(f"{address}/revisions/1")
    assert row(town, document).number == 3
    unknown = hana.browser.post(f"{address}/revisions/7/bring-back", data=button.fields)
    assert unknown.status_code in {303, 404}
    assert row(town, document).number == 3


def test_a_file_comes_back_with_its_bytes_and_its_type(town: World) -> None:
    document = town.add_file("leeds/housing", "gauges.txt", b"Level 4")
    town.index_all()
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    hana.send(f"{address}/edit", based_on="1", name="Gauges", file=(io.BytesIO(b"\x00\x01\x02" * 9), "x.bin"))
    town.index_all()
    assert "cannot be compared" in hana.see(f"{address}/compare")
    hana.see(f"{address}/revisions/1")
    hana.press("Bring this revision back")
    assert hana.browser.get(f"{address}/file").data == b"Level 4"
    town.index_all()
    assert row(town, document).type == "text"
    assert "Level 4" in hana.see(address)
