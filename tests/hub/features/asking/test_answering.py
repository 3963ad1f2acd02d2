"""Whoever manages a thing now finds who asks for it, grants it knowing what that shows, or declines."""

import pytest

from hub.features.asking import reaching
from hub.features.asking.reaching import reach_round
from tests.hub.features.asking.conftest import Town, agree, link_to, told, words
from tests.hub.sheets import Sheet

GRANT = {"role": "reader", "until": "2027-03-31", "reason": "Joint flood plan"}


def test_mo_grants_a_document_until_a_day_and_cy_reads_it(town: Town) -> None:
    """Who, what, why; filled in; the exact count; then the letter, the list is empty, and the day ends it (L35)."""
    request = town.asked("york/cy", link_to(town.plan), "We build the upstream wall")
    mo, cy = town.client("leeds/mo"), town.client("york/cy")
    listed = words(mo.get("/requests"))
    for said in ("Cy Moss", "York City Council", "Flood plan", "We build the upstream wall"):
        assert said in listed
    page = mo.get(f"/requests/{request}")
    assert "Flood engineer" in page.text
    assert 'value="2027-01-18"' in page.text  # ninety days
    assert "Asked on 20 October 2026: We build the upstream wall" in page.text
    assert 'value="manager"' not in page.text
    asked = mo.post(f"/requests/{request}", data=GRANT | {"until": "31/03/2027"})
    assert "This shows 1 document to 1 person in 1 organisation." in words(asked)
    assert cy.get(f"/documents/{town.plan[4:]}").status_code == 404
    assert agree(mo, asked).location == "/requests"
    assert cy.get(f"/documents/{town.plan[4:]}").status_code == 200
    assert "Nobody waits" in words(mo.get("/requests"))
    (grant,) = town.grants("york/cy")
    assert (grant.can, grant.node, grant.marking, grant.state) == ("read", town.plan, "up to OFFICIAL", "published")
    assert (grant.source, grant.given_by, grant.reason) == ("share", "leeds/mo", "Joint flood plan")
    assert town.letters() == [
        ("leeds/mo", "Somebody asks for access", "/requests"),
        ("york/cy", "You have been given access", "/my-requests"),
    ]
    town.clock.move(days=163)
    assert town.client("york/cy").get(f"/documents/{town.plan[4:]}").status_code == 404


def test_letters_name_no_document_and_no_place(town: Town) -> None:
    """What leaves the hub says who asks, and no more."""
    from sqlalchemy import select

    from hub.mail.models import SentLetter

    town.asked("york/cy", link_to(town.merger))
    request = town.asked("york/cy", link_to(town.plan), "CANARY in a reason")
    mo = town.client("leeds/mo")
    agree(mo, mo.post(f"/requests/{request}", data=GRANT))
    with town.world.parts.database.reading() as session:
        letters = [f"{letter.subject} {letter.lines} {letter.link}" for letter in session.scalars(select(SentLetter))]
    assert len(letters) == 3
    for letter in letters:
        for kept in ("CANARY", "Flood", "Merger", "Housing", "Reorganisation", "leeds/", "documents"):
            assert kept not in letter, letter


def test_a_folder_is_granted_as_a_member_in_place_of_what_they_had(town: Town) -> None:
    """Bo read the space's folder once; now Bo edits it. What ended stays ended."""
    town.world.add_folder("leeds/housing/repairs")
    town.world.add_document("leeds/housing/repairs", "Damp")
    old = town.world.give("person:york/bo", "read", "leeds/housing/repairs", until=town.world.parts.today)
    town.clock.move(days=2)
    request = town.asked("york/bo", "/places/leeds/housing/repairs")
    mo = town.client("leeds/mo")
    assert "Was given before" in words(mo.get(f"/requests/{request}"))
    done = mo.post(f"/requests/{request}", data=GRANT | {"role": "editor"})
    assert agree(mo, done).status_code == 303
    (grant,) = [each for each in town.grants("york/bo") if each.node == town.place_id("leeds/housing/repairs")]
    assert (grant.can, grant.source, grant.state) == ("edit", "membership", "published")  # no more than Mo has
    assert grant.id != old


def test_a_guest_needs_an_end_and_is_named_as_a_guest(town: Town) -> None:
    """Gus reaches Leeds only since Leeds has admitted him; Mo becomes the sponsor of what he is given."""
    town.asked("acme/gus", link_to(town.plan))
    mo = town.client("leeds/mo")
    assert "Nobody waits" in words(mo.get("/requests"))
    town.world.give("guest:acme/gus", "read", "leeds/works", until=town.world.parts.today.replace(year=2027))
    town.clock.move(days=31)
    request = town.asked("acme/gus", link_to(town.plan))
    mo = town.client("leeds/mo")
    assert "Guest, Acme City Council" in words(mo.get("/requests"))
    assert "Gus Hale of Acme City Council, a guest" in words(mo.get(f"/requests/{request}"))
    for wrong in ({"until": ""}, {"reason": ""}, {"role": "manager"}, {"until": "2020-01-01"}):
        assert mo.post(f"/requests/{request}", data=GRANT | wrong).status_code in (200, 422)
        assert len(town.grants("acme/gus")) == 1, wrong
    agree(mo, mo.post(f"/requests/{request}", data=GRANT))
    assert town.grants("acme/gus")[-1].source == "guest"
    assert town.client("acme/gus").get(f"/documents/{town.plan[4:]}").status_code == 200


def test_mo_declines_with_a_note_and_takes_it_back(town: Town) -> None:
    """Cy reads the note; undone, Cy's list says nothing any more, and Mo has it in the list again."""
    request = town.asked("york/cy", link_to(town.plan))
    mo = town.client("leeds/mo")
    for wrong in ({"tell": "yes", "note": ""}, {"tell": "", "note": "x"}, {"tell": "yes", "note": "x" * 501}):
        assert mo.post(f"/requests/{request}/decline", data=wrong).status_code == 422
    done = mo.post(f"/requests/{request}/decline", data={"tell": "yes", "note": "Ask Lee for the public one"})
    assert done.location == "/requests"
    assert "Undo" in mo.get("/requests").text
    said = words(town.client("york/cy").get("/my-requests"))
    assert "Declined" in said
    assert "Ask Lee for the public one" in said
    assert "A request of yours was answered" in town.client("york/cy").get("/").text
    assert town.letters()[-1] == ("york/cy", "An answer to your request", "/my-requests")
    assert mo.get(f"/requests/{request}").status_code == 404
    assert mo.post(f"/requests/{request}/reopen").status_code == 303
    assert "Cy Moss" in words(mo.get("/requests"))
    assert "No answer yet" in words(town.client("york/cy").get("/my-requests"))
    assert "Ask Lee" not in town.client("york/cy").get("/my-requests").text


def test_dee_can_tell_nobody_that_a_confidential_space_is_there(town: Town) -> None:
    """Whatever is sent, a no to what lies in it is without a word; no letter, no notice."""
    request = town.asked("york/cy", link_to(town.merger))
    before = town.letters()
    dee = town.client("leeds/dee")
    page = words(dee.get(f"/requests/{request}/decline"))
    assert "nothing is said to them" in page
    assert dee.post(f"/requests/{request}/decline", data={"tell": "yes", "note": "CANARY"}).status_code == 303
    assert town.letters() == before
    cy = town.client("york/cy")
    assert "No answer yet" in words(cy.get("/my-requests"))
    for address in ("/", "/my-requests"):
        assert "CANARY" not in cy.get(address).text
    assert "answered" not in cy.get("/").text


def test_mo_takes_back_what_was_granted(town: Town) -> None:
    """From the list of what was answered lately: Cy's next click finds nothing, and the request is open again."""
    request = town.asked("york/cy", link_to(town.plan))
    mo = town.client("leeds/mo")
    agree(mo, mo.post(f"/requests/{request}", data=GRANT))
    page = mo.get("/requests")
    assert "Answered in the last 30 days" in page.text
    assert f'action="/requests/{request}/reopen"' in page.text
    assert "Answered in" not in town.client("leeds/lee").get("/requests").text
    assert town.client("leeds/lee").post(f"/requests/{request}/reopen").status_code == 404
    assert mo.post(f"/requests/{request}/reopen").status_code == 303
    assert town.client("york/cy").get(f"/documents/{town.plan[4:]}").status_code == 404
    assert "No answer yet" in words(town.client("york/cy").get("/my-requests"))
    assert "You may now open" not in town.client("york/cy").get("/").text
    assert mo.get(f"/requests/{request}").status_code == 200
    assert mo.post(f"/requests/{request}/reopen").status_code == 404


def test_nothing_is_granted_that_would_stay_hidden_and_nobody_is_told_of_it(town: Town) -> None:
    """A draft for a reader, and a document that the platform keeps from York: Mo is told why not, Cy nothing."""
    draft = town.world.add_document("leeds/housing", "Sketch", state="draft", owner="person:leeds/mo")
    town.world.set_policy(
        "leeds", "allow,document-owner,manage,leeds/housing,any,any,-,Authors keep their work in hand"
    )
    town.world.set_policy("platform", f"deny,org:york,read,{town.plan},any,any,-,Not for York")
    mo = town.client("leeds/mo")
    for thing in (draft, town.plan):
        request = town.asked("york/cy", link_to(thing))
        here = f"/requests/{request}"
        refused = Sheet(mo.get(here), here).send(mo, **GRANT)
        assert refused.status_code == 422, words(refused)
        assert "They would still not see it" in words(refused)
    assert town.grants("york/cy") == []
    assert [letter for letter in town.letters() if letter[0] == "york/cy"] == []
    assert words(town.client("york/cy").get("/my-requests")).count("No answer yet") == 2


def test_two_addresses_of_one_thing_are_one_request_and_one_answer(town: Town) -> None:
    """Mo sees Cy once, gets one letter, and what Mo says answers both."""
    first = town.asked("york/cy", "leeds/housing")
    with town.world.work() as uow:
        from hub.access.places import move_place, place_at

        place, parent = place_at(uow.session, "leeds/housing"), place_at(uow.session, "leeds")
        assert place is not None
        assert parent is not None
        move_place(uow, place, parent, "homes")
    town.clock.move(minutes=2)
    second = town.asked("york/cy", "leeds/homes")
    mo = town.client("leeds/mo")
    assert mo.get("/requests").text.count(">Cy Moss<") == 1
    assert "1 person asks for access" in mo.get("/").text
    assert [letter[0] for letter in town.letters()] == ["leeds/mo"]
    mo.post(f"/requests/{second}/decline", data={"tell": "yes", "note": "Not now"})
    assert {request.id: request.answer for request in town.requests()} == {first: "declined", second: "declined"}


def test_who_lost_the_right_finds_nothing_and_can_do_nothing(town: Town) -> None:
    """Mo is no manager any more: no list, no page, no grant; the administrator is asked instead."""
    request = town.asked("york/cy", link_to(town.plan))
    mo = town.client("leeds/mo")
    asked = mo.post(f"/requests/{request}", data=GRANT)
    town.world.take_back(town.grants("leeds/mo")[0].id)
    absent = told(mo.get("/requests/zzzzzzzzzzzz"))
    assert told(mo.get(f"/requests/{request}")) == absent
    assert agree(mo, asked).status_code == 404
    assert mo.post(f"/requests/{request}/decline", data={"tell": "no"}).status_code == 404
    assert "Cy" not in words(mo.get("/requests"))
    assert "asks for access" not in mo.get("/").text
    assert town.grants("york/cy") == []
    assert town.requests()[0].answer == ""
    assert town.watch() == 1
    assert [letter[0] for letter in town.letters()] == ["leeds/ada", "leeds/mo"]


def test_what_nobody_manages_goes_to_the_administrators_until_somebody_does(town: Town) -> None:
    """Ada reads what was typed, not the title; may decline; once Ann manages it, it is Ann's and not Ada's."""
    town.world.add_space("leeds/attic", "private", name="Attic")
    box = town.world.add_document("leeds/attic", "Box of things")
    request = town.asked("york/cy", link_to(box))
    assert [letter[0] for letter in town.letters()] == ["leeds/ada"]
    ada = town.client("leeds/ada")
    page = ada.get("/requests")
    assert link_to(box) in page.text
    assert "Box of things" not in page.text
    assert "1 person asks for access" in ada.get("/").text
    answer = ada.get(f"/requests/{request}")
    assert "Nobody manages this" in answer.text
    assert "Box of things" not in answer.text
    assert ada.post(f"/requests/{request}", data=GRANT).status_code == 404
    for who in ("leeds/ann", "leeds/lee", "york/bo"):
        assert town.client(who).get(f"/requests/{request}").status_code == 404
    town.world.give("person:leeds/ann", "manage", "leeds/attic")
    assert "Cy Moss" in words(town.client("leeds/ann").get("/requests"))
    assert "Cy Moss" not in words(ada.get("/requests"))  # at once: the flag is only where to look
    assert ada.get(f"/requests/{request}").status_code == 404
    assert town.watch() == 1
    assert "asks for access" not in ada.get("/").text


def test_ada_declines_what_nobody_manages(town: Town) -> None:
    """Without a manager somebody can still say no."""
    town.world.add_space("leeds/attic", "private")
    request = town.asked("york/cy", "leeds/attic")
    done = town.client("leeds/ada").post(f"/requests/{request}/decline", data={"tell": "yes", "note": "It is empty"})
    assert done.status_code == 303
    assert "It is empty" in words(town.client("york/cy").get("/my-requests"))


def test_a_document_that_moves_is_asked_of_whoever_manages_it_now(town: Town) -> None:
    """Mo had it in Housing; moved into Works it is Lee's to answer, at once."""
    request = town.asked("york/cy", link_to(town.plan))
    town.world.move(town.plan, "leeds/works")
    assert "Cy Moss" not in words(town.client("leeds/mo").get("/requests"))
    lee = town.client("leeds/lee")
    assert "Cy Moss" in words(lee.get("/requests"))
    agree(lee, lee.post(f"/requests/{request}", data=GRANT))
    assert town.client("york/cy").get(f"/documents/{town.plan[4:]}").status_code == 200


def test_a_document_that_is_deleted_leaves_the_list_and_cy_learns_nothing(town: Town) -> None:
    """Its page and its answers are not there; for Cy it waits, then runs out, like everything else."""
    request = town.asked("york/cy", link_to(town.plan))
    mo = town.client("leeds/mo")
    town.remove_document(town.plan)
    assert "Nobody waits" in words(mo.get("/requests"))
    assert mo.get("/").status_code == 200
    assert "asks for access" not in mo.get("/").text
    assert mo.get(f"/requests/{request}").status_code == 404
    assert mo.post(f"/requests/{request}", data=GRANT).status_code == 404
    assert town.watch() == 0
    assert "No answer yet" in words(town.client("york/cy").get("/my-requests"))


def test_a_document_that_is_deleted_before_the_worker_looks(town: Town) -> None:
    town.client("york/cy").post("/ask-for-access", data={"address": town.plan, "reason": "Work"})
    town.remove_document(town.plan)
    assert reach_round(town.world.parts) == 1
    assert reach_round(town.world.parts) == 0
    assert town.requests()[0].node == ""
    assert town.letters() == []


def test_a_request_that_the_worker_cannot_look_after_holds_up_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again, with an alarm in the log; the next one has reached Mo meanwhile."""
    bad = town.client("york/bo")
    bad.post("/ask-for-access", data={"address": "leeds/works", "reason": "Work"})
    town.clock.move(seconds=1)
    town.client("york/cy").post("/ask-for-access", data={"address": town.plan, "reason": "Work"})
    with monkeypatch.context() as patch:
        whole = reaching.thing_sought
        patch.setattr(
            reaching,
            "thing_sought",
            lambda session, kinds, sought: 1 / 0 if "works" in sought else whole(session, kinds, sought),
        )
        with pytest.raises(ZeroDivisionError):
            reach_round(town.world.parts)
    assert "Cy Moss" in words(town.client("leeds/mo").get("/requests"))
    assert reach_round(town.world.parts) == 1
    assert "Bo" in words(town.client("leeds/lee").get("/requests"))


def test_the_second_of_two_managers_is_told_that_the_first_was_quicker(town: Town) -> None:
    """Dee agrees after Mo declined: nothing is given."""
    town.world.give("person:leeds/dee", "manage", "leeds/housing")
    request = town.asked("york/cy", link_to(town.plan))
    mo, dee = town.client("leeds/mo"), town.client("leeds/dee")
    asked = dee.post(f"/requests/{request}", data=GRANT)
    mo.post(f"/requests/{request}/decline", data={"tell": "no"})
    assert agree(dee, asked).status_code == 404
    assert town.grants("york/cy") == []


def test_the_platforms_ceiling_holds_for_what_is_granted(town: Town) -> None:
    """Where the platform lets nobody manage a marking, a document of it is granted to nobody."""
    secret = town.world.add_document("leeds/housing", "Names", marking="OFFICIAL-SENSITIVE")
    request = town.asked("york/cy", link_to(secret))
    assert "Cy Moss" in words(town.client("leeds/mo").get("/requests"))
    town.world.set_policy("platform", "deny,all-staff,manage,*,OFFICIAL-SENSITIVE and above,any,-,Not here")
    assert town.client("leeds/mo").get(f"/requests/{request}").status_code == 404
    assert "Nobody waits" in words(town.client("leeds/mo").get("/requests"))


def test_what_is_done_is_audited_without_titles(town: Town) -> None:
    from sqlalchemy import select

    from hub.ground.unit_of_work import AuditEntry

    request = town.asked("york/cy", link_to(town.plan), "CANARY")
    mo = town.client("leeds/mo")
    mo.post(f"/requests/{request}/decline", data={"tell": "yes", "note": "CANARY"})
    mo.post(f"/requests/{request}/reopen")
    agree(mo, mo.post(f"/requests/{request}", data=GRANT | {"reason": "CANARY"}))
    with town.world.parts.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.object == f"request:{request}")).all()
    acts = [(entry.act, entry.actor) for entry in entries]
    assert acts == [
        ("access:ask", "york/cy"),
        ("access:decline", "leeds/mo"),
        ("access:reopen", "leeds/mo"),
        ("access:grant", "leeds/mo"),
    ]
    assert not any("CANARY" in entry.detail or "Flood" in entry.detail for entry in entries)


@pytest.mark.parametrize("many", [3, 40])
def test_the_pages_take_few_queries_however_long(town: Town, queries: list[str], many: int) -> None:
    """At most 15: the lists of managers and administrators, one request, what it shows, one's own, home."""
    town.world.add_space("leeds/attic", "private")
    for number in range(many):
        handle = f"york/p{number:02}"
        town.world.add_person(handle)
        town.world.add_person(f"leeds/m{number:02}", f"leeds/g{number:02}")
        town.world.give(f"group:leeds/g{number:02}", "manage", "leeds/attic", until=town.world.parts.today)
        town.client(handle).post("/ask-for-access", data={"address": town.plan, "reason": "Work"})
        town.client(handle).post("/ask-for-access", data={"address": "leeds/attic", "reason": "Work"})
        town.client("york/cy").post("/ask-for-access", data={"address": f"leeds/s{number}", "reason": "Work"})
        town.clock.move(minutes=30)
    while reach_round(town.world.parts):
        pass
    request = next(r.id for r in town.requests() if r.node == town.plan)
    town.clock.move(days=1)
    town.watch()
    pages = {
        "leeds/mo": ("/requests", f"/requests/{request}", f"/requests/{request}/decline", "/"),
        "leeds/ada": ("/requests", "/"),
        "york/cy": ("/my-requests", "/ask-for-access", "/"),
    }
    for who, addresses in pages.items():
        client = town.client(who)
        client.get("/requests")
        for address in addresses:
            del queries[:]
            assert client.get(address).status_code == 200
            asked = [query for query in queries if query.lstrip().startswith(("SELECT", "WITH"))]
            assert len(asked) <= 15, (who, address, len(asked), asked)
    del queries[:]
    mo = town.client("leeds/mo")
    del queries[:]
    assert mo.post(f"/requests/{request}", data=GRANT).status_code == 200
    assert len([query for query in queries if query.lstrip().startswith("SELECT")]) <= 20
