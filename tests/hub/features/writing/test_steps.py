"""Publishing, archiving, withdrawing, restoring and marking: first who will read it, then the step, then undo."""

import re
from functools import partial

import pytest

from hub.access.models import Grant
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.documents.models import Revision
from tests.hub.features.writing.conftest import LEEDS, Desk, address_of, row, words_of
from tests.hub.world import World

MOST_QUERIES = 15
READERS = ("leeds/ann", "york/bo", "acme/gus", "leeds/tim")


def section(desk: Desk, name: str) -> str:
    """The words of one part of the page at hand."""
    found = desk.page.xpath(f"//section[@aria-labelledby='{name}']")
    return words_of(found[0]) if found else ""


def test_publishing_first_says_who_then_will_read_it(town: World) -> None:
    """York gains, and until when; the editors are there already; the temps are kept out. Who edits sees no line."""
    draft = town.add_document("leeds/housing", "Flood plan", state="draft", owner="person:leeds/hana")
    hana = Desk(town, "leeds/hana")
    assert "Publish" in hana.see(address_of(draft))
    page = hana.see(f"{address_of(draft)}/publish")
    assert "Publish “Flood plan”?" in page
    assert "This shows it to staff of york who cannot read it now." in page, "how many they are is York's to know"
    readers = section(hana, "readers")
    assert "everyone at York City Council (until 31 March 2027) New Joint" in readers
    assert "the group leeds/housing Housing keeps" in readers
    assert "leeds.csv" not in page
    assert "Temporary staff stay out" not in page
    for line in ("everyone at Leeds", "you"):
        assert line not in readers, "a line that names Leeds does not reach into a private space"
    assert "the group leeds/temps" in section(hana, "kept-out")
    assert "the group leeds/clerks" in section(hana, "lost")
    assert row(town, draft).state == "draft"
    assert "is published. Undo" in hana.press("Publish")
    Desk(town, "york/bo").see(address_of(draft))


def test_what_the_page_says_of_readers_is_what_they_then_can_read(town: World) -> None:
    """The page of each step against the pages of people: nobody reads who was not named, nobody named is refused."""
    named = {"york/bo": "everyone at York", "leeds/cleo": "the group leeds/clerks", "leeds/ivo": "leeds/housing"}
    document = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    desks = {who: Desk(town, who) for who in (*named, "leeds/ann", "leeds/tim", "acme/gus")}
    for step, button in (
        ("publish", "Publish"),
        ("archive", "Archive"),
        ("restore", "Restore"),
        ("withdraw", "Withdraw"),
    ):
        hana.see(f"{address}/{step}")
        readers = section(hana, "readers")
        hana.press(button)
        for who, desk in desks.items():
            can_read = desk.browser.get(address).status_code == 200
            assert can_read == (who in named and named[who] in readers), (step, who, readers)


def test_a_document_leaves_search_and_pages_at_once_when_it_is_withdrawn_and_comes_back(town: World) -> None:
    """Fenced from the same moment: Bo's next search has no hit, though the index has not heard of it yet."""
    document = town.add_document("leeds/housing", "Flood plan", "The code word is heron.", owner="person:leeds/hana")
    town.index_all()
    hana, bo, address = Desk(town, "leeds/hana"), Desk(town, "york/bo"), address_of(document)
    assert "Flood plan" in bo.see("/search?q=heron")
    said = hana.see(f"{address}/withdraw")
    assert "everyone at York" in said.partition("no longer")[2]
    assert "This shows it" not in said
    assert "is withdrawn. Undo" in hana.press("Withdraw")
    for page in ("/search?q=heron", "/", "/places/leeds/housing"):
        assert "Flood plan" not in Desk(town, "york/bo").browser.get(page).text.replace("Joint flood plan", "")
    for page in (address, f"{address}/revisions/1", f"{address}/compare", f"{address}/publish"):
        bo.see(page, 404)
    town.index_all()
    assert "heron" not in bo.see("/search?q=heron").replace("“heron”", "").partition("results")[2]
    assert "is published again" in hana.step(address, "restore", "Restore")
    town.index_all()
    assert "Flood plan" in bo.see("/search?q=heron")


def test_hana_undoes_what_she_has_just_done(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    hana.step(address, "archive", "Archive")
    assert row(town, document).state == "archived"
    hana.press("Undo", 200)
    assert "This shows it to staff of york who cannot read it now." in words_of(hana.page)
    assert row(town, document).state == "archived", "what widens is asked first, undone or not"
    assert "is as it was before: published, OFFICIAL." in hana.press("Undo")
    assert row(town, document).ms == "OFFICIAL.published"
    assert "Undo" not in hana.see(address)


def test_undo_does_not_undo_what_somebody_else_did_since(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    hana.step(address, "archive", "Archive")
    page = hana.page
    Desk(town, "leeds/ivo").step(address, "withdraw", "Withdraw")
    hana.page = page
    assert "Nothing was done yet. It is withdrawn now." in hana.press("Undo", 200)
    assert row(town, document).state == "withdrawn"


@pytest.mark.parametrize(
    "sent",
    [{}, {"marking": "SECRET", "state": "draft"}, {"marking": "PUBLIC", "state": "gone"}, {"marking": "PUBLIC"}],
)
def test_an_undo_of_nothing_that_was_is_refused(town: World, sent: dict[str, str]) -> None:
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    Desk(town, "leeds/hana").send(f"{address_of(document)}/undo", 409, seen="OFFICIAL.published", **sent)
    assert row(town, document).ms == "OFFICIAL.published"


def test_nobody_publishes_what_they_were_not_shown(town: World) -> None:
    """While Hana looked at who reads an OFFICIAL page, Ivo made it PUBLIC: her button does nothing."""
    draft = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    hana, address = Desk(town, "leeds/hana"), address_of(draft)
    hana.see(f"{address}/publish")
    town.mark(draft, "PUBLIC", "draft")
    assert "Nothing was done yet. It is marked PUBLIC now." in hana.press("Publish", 200)
    hana.send(f"{address}/publish", 200)
    assert row(town, draft).state == "draft", "who was shown nothing is asked"


def test_a_revision_that_came_after_the_look_is_not_published_withdrawn_deleted_or_brought_back_unseen(
    town: World,
) -> None:
    """Ivo saves while Hana's page is open: each of her buttons first says so, by his name, and does nothing yet."""
    document = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    hana, ivo, address, number = Desk(town, "leeds/hana"), Desk(town, "leeds/ivo"), address_of(document), 1
    for page, button, state in (
        ("delete", "Delete the draft", "draft"),
        ("publish", "Publish", "draft"),
        ("archive", "Archive", "published"),
        ("restore", "Restore", "archived"),
        ("withdraw", "Withdraw", "published"),
    ):
        hana.see(f"{address}/{page}")
        ivo.fill(f"{address}/edit", name="Plan", body=f"Words {page}", note="")
        number += 1
        said = hana.press(button, 200)
        assert f"Nothing was done yet. Ivo Brown of Leeds City Council saved revision {number} at 10:00." in said, page
        assert row(town, document).state == state
        if page != "delete":
            hana.press(button)
    hana.see(f"{address}/revisions/1")
    ivo.step(address, "restore", "Restore")
    assert "It is published now." in hana.press("Bring this revision back")
    assert row(town, document).number == number
    hana.press("Bring this revision back")
    assert row(town, document).number == number + 1


def test_a_marking_a_place_and_an_undo_are_about_the_document_that_was_shown(town: World) -> None:
    """A form that was opened before Ivo saved, moved or marked: it says which, and gives the button for it as it is."""
    town.add_folder("leeds/housing/damp")
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    hana, ivo, address = Desk(town, "leeds/hana"), Desk(town, "leeds/ivo"), address_of(document)
    hana.see(f"{address}/marking")
    form, seal = hana.page, hana.page.xpath("//input[@name='seen']/@value")[0]
    ivo.fill(f"{address}/edit", name="Plan", body="Other words", note="")
    said = hana.send(f"{address}/marking", 200, marking="PUBLIC", seen=seal)
    assert "Ivo Brown of Leeds City Council saved revision 2 at" in said
    assert row(town, document).marking == "OFFICIAL"
    assert "is marked PUBLIC. Undo" in hana.press("Mark it PUBLIC")
    page = hana.page
    town.move(document, "leeds/housing/damp")
    hana.page = page
    assert "It lies in “Damp” now." in hana.press("Undo", 200)
    assert row(town, document).marking == "PUBLIC"
    hana.page = form
    assert "PUBLIC already" in hana.send(f"{address}/marking", marking="PUBLIC", seen=seal)


def test_what_is_written_for_a_draft_is_not_saved_into_what_was_published_meanwhile(town: World) -> None:
    """Hana writes into what the form calls a draft; Ivo publishes it: her words come back, with that said."""
    document = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    hana.see(f"{address}/edit")
    seal = hana.page.xpath("//input[@name='seen']/@value")[0]
    Desk(town, "leeds/ivo").step(address, "publish", "Publish")
    sent = partial(hana.send, f"{address}/edit", name="Plan", body="Not yet for York", note="", based_on="1")
    said = sent(status=409, seen=seal)
    assert "It is published now." in said
    assert "Not yet for York" in hana.page.xpath("//textarea[@name='body']")[0].text
    assert row(town, document).number == 1
    again = hana.page.xpath("//input[@name='seen']/@value")[0]
    assert "Revision 2 is saved" in sent(seen=again)


def test_who_loses_sight_is_said_by_count_and_name_before_it_is_taken(town: World) -> None:
    """York reads Hana's plan, and Bo wrote in it: marked up, withdrawn, each is asked about; undoing is not."""
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    with town.work() as uow:
        uow.session.get_one(Revision, (document.removeprefix("doc:"), 1)).author = "person:york/bo"
    hana, bo, address = Desk(town, "leeds/hana"), Desk(town, "york/bo"), address_of(document)
    said = hana.fill(f"{address}/marking", 200, marking="OFFICIAL-SENSITIVE")
    assert "Mark “Plan” OFFICIAL-SENSITIVE? This takes it from 1 person in 1 organisation who can read it now." in said
    assert "Among them: Bo" in said
    assert "Show who loses" in said
    assert "York City Council: 1" in said
    bo.see(address)
    hana.press("Mark it OFFICIAL-SENSITIVE")
    bo.see(address, 404)
    hana.press("Undo", 200)
    hana.press("Undo")
    said = hana.see(f"{address}/withdraw")
    assert "This takes it from 1 person in 1 organisation who can read it now." in said
    assert "Bo" in said
    town.add_person("york/cy")
    assert "This takes it from 2 people in 1 organisation" in hana.press("Withdraw", 200)
    assert row(town, document).state == "published"
    hana.press("Withdraw")
    assert "Undo" not in hana.step(address, "restore", "Restore") or hana.press("Undo")
    assert row(town, document).state == "withdrawn", "what one has just shown is taken back without a question"


def test_ones_own_loss_has_a_sentence_of_its_own(town: World) -> None:
    """Ivo may edit by a line up to OFFICIAL what Hana owns; and whoever would not manage it any more is told."""
    town.set_policy(
        "leeds",
        *LEEDS[:2],
        "allow,group:leeds/housing,manage,leeds/housing,up to OFFICIAL,any,-,Housing",
        "allow,org:york,read,leeds/housing,up to OFFICIAL,published,2027-03-31,Joint flood plan",
    )
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    ivo = Desk(town, "leeds/ivo")
    said = ivo.fill(f"{address_of(document)}/marking", 200, marking="OFFICIAL-SENSITIVE")
    assert "You would not manage it any more" in said


def test_a_button_pressed_twice_says_so_and_does_no_harm(town: World) -> None:
    draft = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    hana, address = Desk(town, "leeds/hana"), address_of(draft)
    hana.step(address, "publish", "Publish")
    assert "is published already" in hana.send(f"{address}/publish", seen="OFFICIAL.draft")
    assert "This is published, so there is nothing to publish" in hana.see(f"{address}/publish", 409)


@pytest.mark.parametrize(("state", "step"), [("draft", "archive"), ("draft", "withdraw"), ("draft", "restore"),
                                             ("archived", "archive"), ("withdrawn", "publish")])  # fmt: skip
def test_a_step_that_does_not_fit_the_state_is_refused(town: World, state: str, step: str) -> None:
    document = town.add_document("leeds/housing", "Plan", state=state, owner="person:leeds/hana")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    hana.see(f"{address}/{step}", 409)
    if {"archive": "archived", "withdraw": "withdrawn"}.get(step) != state:
        hana.send(f"{address}/{step}", 409, seen=f"OFFICIAL.{state}")
    assert row(town, document).state == state


def test_a_step_that_there_is_not_is_no_page(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    Desk(town, "leeds/hana").see(f"{address_of(document)}/shred", 404)


def test_cleo_prepares_drafts_and_policy_does_not_let_her_publish(town: World) -> None:
    """Her line of policy ends at drafts: no button, no page, and what she sends by hand is refused."""
    draft = town.add_document("leeds/housing", "Plan", state="draft")
    cleo, address = Desk(town, "leeds/cleo"), address_of(draft)
    cleo.see(address)
    assert "Publish" not in {each.text_content() for each in cleo.page.iter("a", "button")}
    assert "Revision 2 is saved" in cleo.send(f"{address}/edit", based_on="1", name="Plan", body="Cleo's words")
    assert "Policy lets you edit this, but not publish it" in cleo.see(f"{address}/publish", 403)
    cleo.send(f"{address}/publish", 403, seen="OFFICIAL.draft")
    cleo.send(f"{address}/undo", 403, seen="OFFICIAL.draft", marking="OFFICIAL", state="published")
    assert row(town, draft).state == "draft"
    Desk(town, "leeds/hana").step(address, "publish", "Publish")
    cleo.see(address, 404)


def test_a_change_of_marking_shows_who_reads_each_and_binds_at_once(town: World) -> None:
    """Raised to OFFICIAL-SENSITIVE, York is gone at the next click; made OFFICIAL by undo, York is back."""
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    hana, bo, address = Desk(town, "leeds/hana"), Desk(town, "york/bo"), address_of(document)
    bo.see(address)
    page = hana.see(f"{address}/marking")
    those = "Everyone at York City Council (until 31 March 2027) and those who may edit here"
    assert f"{those} can read it: 2 people in 1 organisation and staff of york." in page
    assert "Those who may edit here can read it: 2 people in 1 organisation." in page
    assert page.count("keeps others out") == 0, "Tim, whom a line keeps out, is let in by none"
    said = hana.fill(f"{address}/marking", 200, marking="OFFICIAL-SENSITIVE")
    assert "This takes it from staff of york" in said
    assert "is marked OFFICIAL-SENSITIVE. Undo" in hana.press("Mark it OFFICIAL-SENSITIVE")
    bo.see(address, 404)
    assert "This shows it to staff of york" in hana.press("Undo", 200)
    bo.see(address, 404)
    hana.press("Undo")
    bo.see(address)
    assert "Select a marking" in hana.fill(f"{address}/marking", 422, marking="SECRET")
    assert "is marked OFFICIAL already" in hana.fill(f"{address}/marking", marking="OFFICIAL")
    assert "Look at it as it is now" in hana.send(f"{address}/marking", 200, marking="PUBLIC", seen="marking=PUBLIC")
    assert row(town, document).ms == "OFFICIAL.published"


def test_of_many_who_were_given_it_by_name_a_sentence_names_a_few(town: World) -> None:
    """A space may have 2,000 members, and a page that is about to be marked says in one line who reads it."""
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana")
    for number in range(9):
        town.add_person(f"leeds/reader-{number}", name=f"Reader {number}")
        town.give(f"person:leeds/reader-{number}", "read", "leeds/housing")
    page = Desk(town, "leeds/hana").see(f"{address_of(document)}/marking")
    said = next(line for line in re.split(r"(?<=\.) ", page) if "by name" in line)
    assert said.count("Reader ") == 6
    assert "3 others by name and those who may edit here can read it" in said


def test_nobody_marks_a_document_out_of_their_own_reach(town: World) -> None:
    """Whoever may edit up to OFFICIAL is offered no more, and cannot send more."""
    town.set_policy("leeds", *LEEDS[:1], "allow,group:leeds/housing,edit,leeds/housing,up to OFFICIAL,any,-,Housing")
    document = town.add_document("leeds/housing", "Plan")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    hana.see(f"{address}/marking")
    assert hana.page.xpath("//input[@type='radio']/@value") == ["PUBLIC", "OFFICIAL"]
    hana.send(f"{address}/marking", 403, marking="OFFICIAL-SENSITIVE", seen="OFFICIAL.published")
    assert row(town, document).marking == "OFFICIAL"


def test_every_step_is_in_the_audit_with_who_took_it(town: World, database: Database) -> None:
    document = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    Desk(town, "leeds/ivo").step(address_of(document), "publish", "Publish")
    with database.reading() as session:
        entry = session.query(AuditEntry).filter_by(act="document:mark").one()
        assert (entry.actor, entry.object, entry.detail) == (
            "leeds/ivo", document, "OFFICIAL.draft to OFFICIAL.published"
        )  # fmt: skip


def test_a_long_title_does_not_burst_the_cookie_that_says_what_was_done(town: World) -> None:
    document = town.add_document("leeds/housing", "Ж" * 300, owner="person:leeds/hana")
    hana = Desk(town, "leeds/hana")
    hana.see(f"{address_of(document)}/archive")
    assert "…” is archived. Undo" in hana.press("Archive")


def test_in_an_open_space_the_lines_for_all_staff_and_for_the_author_are_told(town: World) -> None:
    town.add_space("leeds/open", "open")
    draft = town.add_document("leeds/open", "Plan", state="draft", owner="person:leeds/hana")
    hana = Desk(town, "leeds/hana")
    assert "Only you and those who may edit in Open can see this draft." in hana.see(address_of(draft))
    hana.see(f"{address_of(draft)}/publish")
    readers = section(hana, "readers")
    assert "the staff of every organisation New The audience of Open" in readers
    assert "you organisations/leeds.csv line 4: Authors keep their own work in hand" in readers
    assert "everyone at Leeds City Council New organisations/leeds.csv line 2" in readers


def test_a_lower_marking_first_says_exactly_who_gains_by_it_with_their_names(town: World) -> None:
    """Hana lowers a plan to OFFICIAL: Bo of York gains; nothing is saved before she agrees, and not for Cy who came."""
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana", marking="OFFICIAL-SENSITIVE")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    said = hana.fill(f"{address}/marking", 200, marking="OFFICIAL")
    assert "Mark “Plan” OFFICIAL? This shows it to 1 person in 1 organisation who cannot read it now." in said
    assert "York City Council: 1" in said
    assert "Bo of York City Council" in said
    assert row(town, document).marking == "OFFICIAL-SENSITIVE"
    town.add_person("york/cy")
    again = hana.press("Mark it OFFICIAL", 200)
    assert "Something changed since you were asked" in again
    assert "This shows it to 2 people" in again
    assert "is marked OFFICIAL. Undo" in hana.press("Mark it OFFICIAL")
    Desk(town, "york/cy").see(address)


def test_publishing_lists_by_name_who_gains_and_asks_again_when_somebody_joins(town: World) -> None:
    """The count on the page of the step is the one that is agreed to, its names one click away, in pages."""
    draft = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    for number in range(60):
        town.add_person(f"york/p{number:02}", name=f"Pat {number:02}")
    hana, address = Desk(town, "leeds/hana"), address_of(draft)
    page = hana.see(f"{address}/publish")
    assert "This shows it to 61 people in 1 organisation who cannot read it now." in page
    assert "Pat 48" in page
    assert "Pat 58" not in page
    assert "Pat 58" in hana.press("More names", 200)
    town.add_person("york/zoe")
    assert "This shows it to 62 people" in hana.press("Publish", 200)
    assert row(town, draft).state == "draft"
    assert "is published. Undo" in hana.press("Publish")


def test_hana_deletes_her_own_draft_for_good_and_nothing_else(town: World, database: Database) -> None:
    """Her draft goes, with revisions and grants; Ivo's, and what was once published, stay."""
    mine = town.add_document("leeds/housing", "Scrap", "heron", state="draft", owner="person:leeds/hana")
    town.give("person:york/bo", "read", mine)
    ivos = town.add_document("leeds/housing", "Ivo's", state="draft", owner="person:leeds/ivo")
    once = town.add_document("leeds/housing", "Once", owner="person:leeds/hana")
    town.mark(once, "OFFICIAL", "draft")
    town.index_all()
    hana = Desk(town, "leeds/hana")
    for kept in (ivos, once):
        assert "Delete" not in {words_of(each) for each in hana.page.iter("a")}
        hana.see(f"{address_of(kept)}/delete", 409)
        hana.send(f"{address_of(kept)}/delete", 409)
    hana.see(address_of(mine))
    assert "Delete" in {words_of(each) for each in hana.page.iter("a")}
    assert "for good: it cannot be brought back" in hana.see(f"{address_of(mine)}/delete")
    assert "The draft “Scrap” is deleted." in hana.press("Delete the draft")
    hana.see(address_of(mine), 404)
    assert "Scrap" not in hana.see("/search?q=heron")
    town.index_all()
    with database.reading() as session:
        assert session.query(Grant).filter_by(node=mine, ended_at=None).count() == 0
        assert session.query(Revision).filter_by(document_id=mine.removeprefix("doc:")).count() == 0
    assert row(town, ivos).state == "draft"


def test_the_pages_of_steps_need_few_queries(town: World, queries: list[str]) -> None:
    """However many gain by it: the page of the step, and the question about a marking."""
    for number in range(80):
        town.add_person(f"york/p{number:02}")
    draft = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    marked = town.add_document("leeds/housing", "Other", owner="person:leeds/hana", marking="OFFICIAL-SENSITIVE")
    hana = Desk(town, "leeds/hana")
    hana.see(f"{address_of(marked)}/marking")
    seal = hana.page.xpath("//input[@name='seen']/@value")[0]
    hana.see(f"{address_of(draft)}/publish")  # a process that has loaded its policies and people
    for look in (
        partial(hana.see, f"{address_of(draft)}/publish"),
        partial(hana.see, f"{address_of(draft)}/delete"),
        partial(hana.see, f"{address_of(marked)}/marking"),
        partial(hana.send, f"{address_of(marked)}/marking", 200, marking="OFFICIAL", seen=seal),
    ):
        queries.clear()
        look()
        assert len(queries) <= MOST_QUERIES, [
            print(" ".join(q.split())[:60] + " ... " + " ".join(q.split("FROM", 1)[-1].split())[:140]) for q in queries
        ]
