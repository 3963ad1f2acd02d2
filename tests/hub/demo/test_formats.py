"""The demo's story comes in the formats of real life, made by its own code and read by the hub's own readers."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.demo.formats import FORMATS, Paper, blocks, file_name
from hub.demo.loading import load_world
from hub.ground.extraction import Extractor
from hub.ground.extraction.sniff import sniff
from hub.nouns.documents.models import Document, FileText, Revision
from tests.hub.world import World

TEXT = Paper(
    "Pumps & people: “who” pays £5?",
    "# Terms\n\nThe **owner** lends <pump> (and *crew*) – no \\ charge.\n\n- Fuel first\n- Then hose\n"
    + "\nLong enough to need a second line and then another page. " * 120,
    "Ann Lee <ann.lee@leeds.example>",
    date(2026, 3, 4),
)
TABLE = Paper("Pumps: all", "pump,litres\nÖrsted & Co,12\nNo 7,0012\n", "ann.lee@leeds.example", date(2026, 3, 4))


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_what_it_says_and_holds_all_its_words(kind: str, tmp_path: Path) -> None:
    write, shown_as = FORMATS[kind]
    paper = TABLE if kind == "xlsx" else TEXT
    path = tmp_path / file_name(paper.title, kind)
    path.write_bytes(write(paper))
    assert sniff(path, path.name) == kind
    read = Extractor().extract(path, path.name)
    assert (read.status, read.kind) == ("readable", shown_as)
    words = " ".join(read.text.split())
    for said in ("Örsted & Co", "0012") if kind == "xlsx" else (
        paper.title, "Terms", "The owner lends <pump> (and crew) – no \\ charge.", "Fuel first", "Then hose",
    ):  # fmt: skip
        assert said in words
    assert words.count("second line") == (0 if kind == "xlsx" else 120)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_text_gives_the_same_bytes(kind: str) -> None:
    """So that a second seeding stores no file twice."""
    write, _ = FORMATS[kind]
    assert write(TABLE) == write(TABLE)


def test_a_list_a_heading_and_a_paragraph_are_told_apart() -> None:
    found = list(blocks("# Head\nA **b** c\nd\n\n- one\n- two\n1. first\n"))
    assert [(block.kind, block.text) for block in found] == [
        ("heading", "Head"),
        ("text", "A b c d"),
        ("item", "• one"),
        ("item", "• two"),
        ("item", "1. first"),
    ]
    assert found[1].runs == (("A ", False), ("b", True), (" c d", False))


def test_twenty_documents_of_the_story_are_real_files() -> None:
    formats = Counter(document.format for document in load_world().documents if document.format)
    assert sum(formats.values()) >= 20
    assert set(formats) == set(FORMATS)
    assert sum(document.file_name.endswith(".csv") for document in load_world().documents) > formats["xlsx"]


def test_the_hubs_readers_have_read_every_one_of_them(demo: World) -> None:
    with demo.parts.database.reading() as session:
        rows = session.execute(
            select(Document.title, Revision.file_name, FileText.readable, FileText.reason)
            .join(Revision, (Revision.document_id == Document.id) & (Revision.number == Document.number))
            .outerjoin(FileText, (FileText.document_id == Document.id) & (FileText.number == Revision.number))
            .where(Revision.file_hash != "")
        ).all()
    assert len(rows) >= 30
    assert [row for row in rows if not row.readable] == []


@pytest.mark.parametrize(
    ("who", "words", "kind", "title"),
    [
        ("york/ben-atkinson", "red trigger two hours' notice", "word", "Mutual aid: terms for lending pumps and crews"),
        ("york/ben-atkinson", "Knowsthorpe", "spreadsheet", "Large pumps and where they stand"),
        ("leeds/priya-sharma", "Chevin dropped kerb", "pdf", "Section 19 investigation: surface water in Otley, May"),
        ("leeds/tomasz-nowak", "repeat each other's words", "mail", "Lines to take for the press during a flood"),
    ],
)
def test_what_a_file_says_is_found(demo: World, who: str, words: str, kind: str, title: str) -> None:
    """Words that stand only inside the file."""
    hits = demo.ask(who, words, type=kind).hits
    assert title in " ".join("".join(text for text, _ in hit.title) for hit in hits)
