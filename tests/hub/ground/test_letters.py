"""What people read as one line is one line, whoever wrote it and however it came."""

import pytest
from sqlalchemy import select

from hub.access.places import bump_generation
from hub.ground.db import Base, Database, Line
from hub.ground.letters import is_unseen, one_line
from hub.ground.migrations.autogenerate import whole_metadata
from hub.nouns.documents.models import Document, Revision
from tests.hub.world import World, make_parts

PLAIN = {
    "Flood plan": "Flood plan",
    "  Flood \t plan\r\nBcc: all ": "Flood plan Bcc: all",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "\u2066Sam\u2069 \u200fOkafor\u200e": "Sam Okafor",
    "Sam\u200bOka\ufefffor\u00ad": "SamOkafor",
    "one\u2028two\u2029three\x85four\x1b[31m": "one two three four [31m",
    "Zoe\u0308": "Zoë",
    "Tag\U000e0041\U000e007f": "Tag",
    "a\u3164b\u115f": "a b",
    "A\u200dB": "AB",
    "می\u200cخواهم": "می\u200cخواهم",
    "क्\u200dष": "क्\u200dष",
    "\U0001f469\u200d\U0001f4bb": "\U0001f469\u200d\U0001f4bb",
    "דוח 3": "דוח 3",
    "": "",
}


@pytest.mark.parametrize("text", PLAIN)
def test_a_line_keeps_what_is_seen(text: str) -> None:
    assert one_line(text) == PLAIN[text]
    assert one_line(PLAIN[text]) == PLAIN[text]


def test_fillers_are_drawn_as_nothing() -> None:
    assert all(map(is_unseen, "\u3164\u2800\u200b\u202e \n\U000e0041"))
    assert not any(map(is_unseen, "aé-א🏛"))


def test_every_name_title_and_file_name_is_a_line() -> None:
    """Except the names of policy files, which are the hub's own."""
    names = {
        f"{table.name}.{column.name}"
        for table in whole_metadata().tables.values()
        for column in table.columns
        if column.name in {"name", "title", "file_name", "job_title", "subject", "note"} and table.name != "issuers"
        if not isinstance(column.type, Line)
    }
    assert names == {
        "policy_texts.name", "policy_versions.name", "policy_alarms.name", "policy_hand_edits.name",
        "pending_bindings.subject", "external_identities.subject", "access_requests.note", "post_reports.note",
        "thing_reports.note", "proposals.note", "arrivals.subject",
    }  # fmt: skip
    assert Base.metadata is whole_metadata()


def test_what_was_uploaded_under_a_reversed_name_shows_its_real_ending(database: Database, tmp_path) -> None:
    world = World(make_parts(database, None, tmp_path))  # type: ignore[arg-type]  # nothing is searched
    world.add_organisation("leeds")
    world.add_space("leeds/housing", name="Housing\u202e\n\u200b team")
    document = world.add_file("leeds/housing", "invoice\u202efdp.exe", b"MZ").removeprefix("doc:")
    with database.reading() as session:
        assert session.get_one(Document, document).title == "invoicefdp.exe"
        assert session.scalars(select(Revision.file_name)).one() == "invoicefdp.exe"
        assert session.scalars(select(Document.id).where(Document.title == "invoice\u202efdp.exe")).one() == document
    with world.work() as uow:
        place = world._place(uow, "leeds/housing")
        assert place.name == "Housing team"
        place.generation = bump_generation(uow)
        place.name = "Housing\r\nAdvice"
        assert place.name == "Housing Advice"  # before it is written, too
