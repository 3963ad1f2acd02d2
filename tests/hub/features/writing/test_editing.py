"""A page written, previewed, kept as a draft, edited, and edited by two at once."""

import io
import threading

import pytest

from hub.nouns.documents.models import Document, Revision
from tests.hub.features.writing.conftest import Desk, address_of, place_id, row
from tests.hub.world import World


def test_hana_sees_how_her_page_will_look_and_nothing_is_saved_yet(town: World) -> None:
    """The preview is made by the hub, so it needs no script; what she typed is still in the form."""
    hana = Desk(town, "leeds/hana")
    address = f"/upload/{place_id(town, 'leeds/housing')}?as=text"
    assert "At first only you and those who may edit here" in hana.see(address)
    sent = {"name": "Sandbags", "body": "## Where\r\n\r\n- **depot** <b>x</b>", "marking": "OFFICIAL", "note": "First"}
    page = hana.send(address, 200, **sent, do="preview")
    assert "Preview: nothing is saved yet" in page
    (preview,) = hana.page.find_class("hub-prose")
    assert [e.text_content() for e in preview.iter("h2", "strong")] == ["Where", "depot"]
    assert not list(preview.iter("b"))
    assert hana.page.get_element_by_id("body").text.strip() == "## Where\n\n- **depot** <b>x</b>"
    assert hana.page.get_element_by_id("name").get("value") == "Sandbags"
    with town.parts.database.reading() as session:
        assert session.query(Document).count() == 0


def test_what_hana_writes_is_a_draft_that_says_who_can_see_it(town: World) -> None:
    """Only she and the editors of Housing: Ann, Bo of York, the guest and the temp get what an absent page gives."""
    hana = Desk(town, "leeds/hana")
    page = hana.send(
        f"/upload/{place_id(town, 'leeds/housing')}?as=text", name="Sandbags", body="The code word is heron.",
        marking="OFFICIAL",
    )  # fmt: skip
    assert "Only you and those who may edit in Housing can see this draft." in page
    with town.parts.database.reading() as session:
        document = session.query(Document).one()
        assert document.state == "draft"
    assert "Only its owner and those who may edit in Housing" in Desk(town, "leeds/ivo").see(
        f"/documents/{document.id}"
    )
    for stranger in ("leeds/ann", "york/bo", "acme/gus", "leeds/tim"):
        Desk(town, stranger).see(f"/documents/{document.id}", 404)


def test_a_draft_that_policy_shows_to_others_says_so(town: World) -> None:
    draft = town.add_document("leeds/housing", "Plan", state="draft", owner="person:leeds/hana")
    town.give("org:york", "read", draft, source="share")
    with town.work() as uow:
        from hub.access.models import Grant

        uow.session.query(Grant).one().state = "any"
    assert "others whom policy names can see this draft" in Desk(town, "leeds/hana").see(address_of(draft))
    assert "can see this draft" not in Desk(town, "york/bo").see(address_of(draft))


def test_hana_edits_a_page_and_the_revision_is_hers(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "Old words", owner="person:leeds/ivo")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    assert "Edit" in hana.see(address)
    assert "whoever can read it sees what you save at once" in hana.see(f"{address}/edit")
    assert hana.page.get_element_by_id("body").text.strip() == "Old words"
    preview = hana.send(f"{address}/edit", 200, based_on="1", name="Plan B", body="New words", do="preview")
    assert "Preview: nothing is saved yet" in preview
    assert row(town, document).number == 1
    page = hana.send(f"{address}/edit", based_on="1", name="Plan B", body="New words", note="Words mended")
    assert "Revision 2 is saved." in page
    assert "New words" in page
    assert "Words mended" in page
    with town.parts.database.reading() as session:
        revision = session.get_one(Revision, (row(town, document).id, 2))
        assert (revision.title, revision.author) == ("Plan B", "person:leeds/hana")
    assert row(town, document).owner == "person:leeds/ivo"


def test_saving_what_is_there_already_adds_no_revision(town: World) -> None:
    """A button pressed twice, and a form sent as it came."""
    document = town.add_document("leeds/housing", "Plan", "Two\nlines")
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    assert "nothing had changed" in hana.send(f"{address}/edit", based_on="1", name="Plan", body="Two\r\nlines")
    hana.send(f"{address}/edit", based_on="1", name="Plan", body="Three")
    assert "nothing had changed" in hana.send(f"{address}/edit", based_on="1", name="Plan", body="Three")
    assert row(town, document).number == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": ""}, "Enter a title"),
        ({"name": "x" * 301}, "300 characters or fewer"),
        ({"body": " \r\n"}, "Write the text of the document"),
        ({"body": "x" * 1_000_001}, "1,000,000 characters or fewer"),
        ({"note": "n" * 501}, "500 characters or fewer"),
    ],
)
def test_a_mistake_comes_back_with_what_to_mend(town: World, sent: dict[str, str], said: str) -> None:
    document = town.add_document("leeds/housing", "Plan", "Words")
    hana = Desk(town, "leeds/hana")
    fields = {"based_on": "1", "name": "My plan", "body": "My words", "note": "My note", **sent}
    page = hana.send(f"{address_of(document)}/edit", 422, **fields)
    assert said in page
    assert hana.page.get_element_by_id("note").get("value") == fields["note"]
    assert row(town, document).number == 1


def test_a_file_is_replaced_or_kept_while_its_title_changes(town: World) -> None:
    document = town.add_file("leeds/housing", "gauges.txt", b"Level 4")
    town.index_all()
    hana, address = Desk(town, "leeds/hana"), address_of(document)
    assert "Now: gauges.txt" in hana.see(f"{address}/edit")
    assert "Level 4" in hana.send(f"{address}/edit", based_on="1", name="Gauges")
    new = (io.BytesIO(b"Level 9"), "gauges-2.txt")
    hana.send(f"{address}/edit", based_on="2", name="Gauges", file=new)
    assert hana.browser.get(f"{address}/file").data == b"Level 9"
    assert hana.browser.get(f"{address}/revisions/1/file").data == b"Level 4"
    town.index_all()
    assert row(town, document).type == "text"
    page = hana.see(f"{address}/compare?from=2&to=3")
    assert "removed: 4" in page
    assert "added: 9" in page


def test_a_replacement_that_is_too_large_is_refused_in_words(town: World) -> None:
    document = town.add_file("leeds/housing", "gauges.txt", b"Level 4")
    hana = Desk(town, "leeds/hana")
    big = (io.BytesIO(b"x" * 5_000_001), "big.txt")
    assert "larger than" in hana.send(f"{address_of(document)}/edit", 422, based_on="1", name="Gauges", file=big)
    assert row(town, document).number == 1


def test_two_who_edit_at_once_lose_no_word(town: World) -> None:
    """Ivo saves first; Hana gets both texts and the difference, mends hers, and saves after his."""
    document = town.add_document("leeds/housing", "Plan", "Ring 0001.\nSandbags.")
    hana, ivo, edit = Desk(town, "leeds/hana"), Desk(town, "leeds/ivo"), f"{address_of(document)}/edit"
    hana.see(edit)
    ivo.see(edit)
    ivo.send(edit, based_on="1", name="Plan", body="Ring 0002.\nSandbags.")
    page = hana.send(edit, 409, based_on="1", name="Her plan", body="Ring 0001.\nPumps.", note="Hers")
    assert "Ivo Brown of Leeds City Council saved revision 2 while you were writing" in page
    assert "Ring removed: 0002 end of removed added: 0001" in page
    assert hana.page.get_element_by_id("body").text.strip() == "Ring 0001.\nPumps."
    assert hana.page.get_element_by_id("name").get("value") == "Her plan"
    assert hana.page.get_element_by_id("note").get("value") == "Hers"
    assert "Ring 0002.\nSandbags." in hana.page.text_content()
    assert row(town, document).number == 2
    assert hana.page.xpath("//input[@name='based_on']/@value") == ["2"]
    done = hana.send(edit, based_on="2", name="Her plan", body="Ring 0002.\nPumps.")
    assert "Revision 3 is saved." in done
    assert "Ring 0002." in ivo.see(f"{address_of(document)}/revisions/2")


def test_a_third_who_was_quicker_still_is_shown_in_turn(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "One")
    hana, edit = Desk(town, "leeds/hana"), f"{address_of(document)}/edit"
    town.revise(document, "Plan", "Two")
    hana.send(edit, 409, based_on="1", name="Plan", body="Mine")
    town.revise(document, "Plan", "Three")
    assert "saved revision 3" in hana.send(edit, 409, based_on="2", name="Plan", body="Mine")
    assert "Revision 4 is saved" in hana.send(edit, based_on="3", name="Plan", body="Mine")


@pytest.mark.parametrize("based_on", ["", "x", "0", "7", "-1", "9" * 40, "²"])
def test_a_form_that_names_no_revision_of_now_is_a_conflict_and_loses_nothing(town: World, based_on: str) -> None:
    document = town.add_document("leeds/housing", "Plan", "Words")
    page = Desk(town, "leeds/hana").send(
        f"{address_of(document)}/edit", 409, based_on=based_on, name="Plan", body="My words"
    )
    assert "My words" in page
    assert row(town, document).number == 1


def test_of_many_who_save_in_the_same_moment_one_wins_and_the_others_are_told(town: World) -> None:
    """Real threads on real transactions: five saves based on revision 1 make one revision 2.

    Four find a conflict, but for those that came while two others of the same person were being dealt with.
    """
    document = town.add_document("leeds/housing", "Plan", "One")
    desks = [Desk(town, "leeds/hana") for _ in range(5)]
    start, statuses = threading.Barrier(5), []

    def save(number: int) -> None:
        start.wait()
        sent = {"based_on": "1", "name": "Plan", "body": f"Text {number}"}
        statuses.append(desks[number].browser.post(f"{address_of(document)}/edit", data=sent).status_code)

    threads = [threading.Thread(target=save, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 409, 429}
    assert 409 in statuses
    assert row(town, document).number == 2


@pytest.mark.parametrize(
    ("who", "status"), [("leeds/ann", 403), ("york/bo", 403), ("leeds/tim", 404), ("acme/gus", 404)]
)
def test_who_may_only_read_cannot_edit_and_who_may_not_read_finds_nothing(town: World, who: str, status: int) -> None:
    """No button, no form, and what they send by hand is refused, with the old text kept. Ann reads a given document."""
    document = town.add_document("leeds/housing", "Plan", "Words")
    town.give("person:leeds/ann", "read", document, source="share")
    town.revise(document, "Plan", "More words")
    desk, address = Desk(town, who), address_of(document)
    if status == 403:
        page = desk.see(address).partition("Revisions")[0]
        assert not {"Edit", "Archive", "Withdraw", "Change marking"} & {
            a.text_content() for a in desk.page.iter("a")
        }, page
        assert "Bring this revision back" not in desk.see(f"{address}/revisions/1")
        assert "Bring this revision back" not in desk.see(f"{address}/compare")
    desk.see(f"{address}/edit", status)
    desk.send(f"{address}/edit", status, based_on="2", name="Mine", body="Mine")
    desk.send(f"{address}/edit", status, based_on="2", name="Mine", body="Mine", do="preview")
    desk.send(f"{address}/revisions/1/bring-back", status, based_on="2")
    for step in ("publish", "archive", "withdraw", "restore", "marking"):
        desk.see(f"{address}/{step}", status)
        desk.send(f"{address}/{step}", status, seen="OFFICIAL.published", marking="PUBLIC")
    desk.send(f"{address}/undo", status, seen="OFFICIAL.published", marking="PUBLIC", state="published")
    assert (row(town, document).number, row(town, document).ms) == (2, "OFFICIAL.published")


def test_a_stranger_is_sent_to_sign_in(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "Words")
    answer = Desk(town, "").browser.get(f"{address_of(document)}/edit")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_an_editor_who_is_suspended_while_writing_saves_nothing(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "Words")
    hana = Desk(town, "leeds/hana")
    hana.see(f"{address_of(document)}/edit")
    town.set_status("leeds/hana", "suspended")
    answer = hana.browser.post(f"{address_of(document)}/edit", data={"based_on": "1", "name": "x", "body": "y"})
    assert answer.headers["Location"] == "/sign-in"
    assert row(town, document).number == 1


def test_an_editor_who_left_the_group_while_writing_saves_nothing(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "Words")
    hana = Desk(town, "leeds/hana")
    hana.see(f"{address_of(document)}/edit")
    town.leave_group("leeds/hana", "leeds/housing")
    hana.send(f"{address_of(document)}/edit", 404, based_on="1", name="x", body="y")
    assert row(town, document).number == 1


def test_forms_of_writing_are_protected_against_forgery(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "Words")
    town.app.config["WTF_CSRF_ENABLED"] = True
    hana = Desk(town, "leeds/hana")
    hana.send(f"{address_of(document)}/edit", 403, based_on="1", name="x", body="y")
    hana.send(f"{address_of(document)}/withdraw", 403, seen="OFFICIAL.published")
    assert row(town, document).number == 1


def test_the_pages_of_writing_take_few_queries(town: World, queries: list[str]) -> None:
    """At most 15, however many revisions and lines of policy there are."""
    document = town.add_document("leeds/housing", "Plan", "Words", owner="person:leeds/hana")
    for number in range(20):
        town.revise(document, "Plan", f"Words {number}")
        town.give(f"person:leeds/{['ann', 'cleo', 'tim'][number % 3]}", "read", document, source="share")
    hana, here = Desk(town, "leeds/hana"), address_of(document)
    place = place_id(town, "leeds/housing")
    pages = [here, f"{here}/edit", f"{here}/compare", f"{here}/compare?from=3&to=17", f"{here}/archive",
             f"{here}/marking", f"{here}/revisions/3", f"/upload/{place}", f"/upload/{place}?as=text"]  # fmt: skip
    hana.see("/")
    hana.see(f"{here}/archive")  # a process asks once who there is, and again when somebody came or changed
    counts = {}
    for page in pages:
        del queries[:]
        hana.see(page)
        counts[page.replace(here, "")] = len([q for q in queries if not q.startswith(("BEGIN", "PRAGMA"))])
    assert max(counts.values()) <= 15, counts
    town.mark(document, state="draft")
    for page in (here, f"{here}/publish", f"{here}/edit"):
        del queries[:]
        hana.see(page)
        assert len(queries) <= 15, (page, queries)


def test_who_writes_in_two_windows_is_told_that_it_was_they(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", "One.")
    hana, edit = Desk(town, "leeds/hana"), f"{address_of(document)}/edit"
    hana.see(edit)
    hana.send(edit, based_on="1", name="Plan", body="Two.")
    told = hana.send(edit, 409, based_on="1", name="Plan", body="Three.")
    assert "You saved revision 2 in another window" in told
