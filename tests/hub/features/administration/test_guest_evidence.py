"""Sam of Leeds shows an auditor what the guests of Leeds had, by whose word, and what they opened."""

import csv
import io
from html import unescape

import pytest
from sqlalchemy import select

from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from tests.hub.features.administration.test_guests import admit, guest, the_tender
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.once import Begin
from tests.hub.world import TestClock

HERE = "/admin/leeds/guests/evidence"


@pytest.fixture
def tender(begin: Begin, database: Database) -> SignInWorld:
    world = begin(the_tender, database, SignInWorld, clock=TestClock(now()))
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_pack_says_who_had_what_by_whose_word_and_what_they_opened(tender: SignInWorld) -> None:
    """On a page to print, with a line of time, and as a table; that it was taken is in the audit itself."""
    admit(tender, reason="=HYPERLINK(1)")
    handle = guest(tender, "maria-lopez")
    maria, sam = tender.client(handle), tender.client("leeds/sam")
    maria.get("/places/leeds/tenders")
    assert maria.get("/places/leeds/legal").status_code == 404
    page = unescape(sam.get(HERE).text)
    for words in ("Admitted", "Opened", "Maria Lopez", "Acme Drainage", "Tenders", "leeds/sam", "<svg", "Until when"):
        assert words in page
    rows = table(sam.get(f"{HERE}.csv").text)
    assert [row["what"] for row in rows] == ["Opened", "Admitted"]
    assert rows[0]["guest"] == f"Maria Lopez ({handle})"
    assert rows[0]["thing"] == rows[1]["thing"] == "Tenders"
    assert rows[1]["purpose"] == "'=HYPERLINK(1)"
    assert (rows[1]["sponsor"], rows[1]["by"], rows[1]["role"]) == ("leeds/ann", "leeds/sam", "reader")
    with tender.parts.database.reading() as session:
        looked = session.scalars(select(AuditEntry.detail).where(AuditEntry.act == "guests:evidence")).all()
    assert looked == ["all: 2", "all: 2"]
    assert table(sam.get(f"{HERE}.csv?firm=acme").text) == rows
    assert table(sam.get(f"{HERE}.csv?firm=nobody").text) == []


def test_it_holds_nothing_of_another_organisation_and_no_name_that_sam_may_not_see(tender: SignInWorld) -> None:
    """D-AU 89: York's admissions, and what is opened there, are York's; a hidden space of Leeds has no name."""
    admit(tender)
    handle = guest(tender, "maria-lopez")
    tender.add_space("york/secret", "restricted", name="Yorks own")
    until = tender.parts.today
    for path in ("york/secret", "leeds/legal"):
        tender.give(f"guest:{handle}", "read", path, source="guest", until=until)
        assert tender.client(handle).get(f"/places/{path}").status_code == 200
    sam = tender.client("leeds/sam")
    for address in (HERE, f"{HERE}.csv"):
        text = unescape(sam.get(address).text)
        assert "Yorks own" not in text
        assert "Legal" not in text
        assert "Something that you may not see" in text
    assert len(table(sam.get(f"{HERE}.csv").text)) == 3
    for who in ("york/yara", "leeds/ann", handle):
        for address in (HERE, f"{HERE}.csv"):
            assert tender.client(who).get(address).status_code == 404
