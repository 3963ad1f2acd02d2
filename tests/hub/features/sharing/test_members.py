"""Members of a space: until when, by whom and why; changed, renewed, taken out, and each undone."""

from datetime import date

from hub.access.models import Grant
from tests.hub.features.sharing.conftest import agree, fields, grants, lede, place_id, settled, undo, words
from tests.hub.world import World

SHARED = {"who": "org:york", "role": "reader", "until": "2027-03-31", "reason": "Joint flood plan"}
MOST_QUERIES = 15
LAST = date(2027, 3, 31)


def facts(grant: Grant) -> tuple[object, ...]:
    """What one was given, by whom and why."""
    return (grant.principal, grant.can, grant.until, grant.reason, grant.given_by, grant.marking, grant.state)


def given_to(town: World, principal: str, path: str = "leeds/housing") -> str:
    """The grant that one has on a place."""
    return next(grant.id for grant in grants(town, path) if grant.principal == principal)


def held(town: World, principal: str) -> list[tuple[object, ...]]:
    return [facts(grant) for grant in grants(town, "leeds/housing") if grant.principal == principal]


def test_the_last_day_is_typed_as_people_write_it_and_stays_there_while_anything_is_wrong(town: World) -> None:
    """The browser's own field of a day gets a day; what is no day is in a plain field, as it was typed."""
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    for typed, kind, kept, said in (
        ("31/02/2027", "text", "31/02/2027", "There is no such day as 31/02/2027"),
        ("next spring", "text", "next spring", "Enter a day such as 31/03/2027 or 2027-03-31"),
        ("31.3.2027", "date", "2027-03-31", "Enter a reason"),
    ):
        answer = mo.post(f"{here}/add", data=SHARED | {"until": typed, "reason": ""})
        assert answer.status_code == 422
        assert f'name="until" type="{kind}" value="{kept}"' in answer.text
        assert said in words(answer)
    agree(mo, mo.post(f"{here}/add", data=SHARED | {"until": "31 March 2027"}))
    assert [grant.until for grant in grants(town, "leeds/housing") if grant.principal == "org:york"] == [LAST]


def test_mo_takes_back_a_share_in_the_same_minute(town: World) -> None:
    """Added: undo removes; and what was given is gone at York's next click."""
    town.add_document("leeds/housing", "Plan")
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    agree(mo, mo.post(f"{here}/add", data=SHARED))
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 200
    assert undo(mo, here).status_code == 303
    assert "Undone: the members are as they were before." in words(mo.get(here))
    assert held(town, "org:york") == []
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 404


def test_mo_brings_back_whom_he_removed_with_role_end_and_reason_once_he_is_told_whom_it_shows(town: World) -> None:
    """Removed: undo asks first, since it widens; then the very same is in force again."""
    town.add_document("leeds/housing", "Plan")
    town.give("org:york", "edit", "leeds/housing", until=date(2027, 3, 31))
    before = held(town, "org:york")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    settled(mo, mo.post(f"{here}/remove", data={"grant": given_to(town, "org:york")}))
    asked = undo(mo, here)
    assert lede(asked) == "This shows 1 document to staff of York City Council."
    assert held(town, "org:york") == []
    assert agree(mo, asked).status_code == 303
    assert held(town, "org:york") == before


def test_a_changed_role_is_undone_to_the_one_before(town: World) -> None:
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    town.add_document("leeds/housing", "Plan", state="draft")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    asked = mo.post(f"{here}/add", data=SHARED)
    assert "name and description of 1 space or folder to 2 people" in lede(asked)
    agree(mo, asked)
    page = mo.get(f"{here}/add?who=org:york").text
    assert "Change what everyone at York City Council may do" in page
    assert 'value="2027-03-31"' in page
    assert "Joint flood plan" in page
    assert settled(mo, mo.post(f"{here}/add", data=SHARED | {"role": "editor"})).status_code == 303
    assert [fact[1] for fact in held(town, "org:york")] == ["edit"]
    assert undo(mo, here).status_code == 303
    assert [fact[1:4] for fact in held(town, "org:york")] == [("read", date(2027, 3, 31), "Joint flood plan")]


def test_an_undo_is_refused_when_others_were_faster_and_later_than_an_hour(town: World) -> None:
    """Nobody ends up with two memberships, and nobody digs up one that ended long ago, by an old page."""
    town.give("org:york", "read", "leeds/housing")
    given = given_to(town, "org:york")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    settled(mo, mo.post(f"{here}/remove", data={"grant": given}))
    town.give("org:york", "edit", "leeds/housing")
    assert mo.post(f"{here}/undo", data={"end": "", "back": given}).status_code == 409
    town.take_back(given_to(town, "org:york"))
    town.parts.clock.move(minutes=61)
    assert town.client("leeds/mo").post(f"{here}/undo", data={"end": "", "back": given}).status_code == 409
    assert held(town, "org:york") == []


def test_nobody_gives_back_by_undo_what_is_more_than_they_hold(town: World) -> None:
    """Mo manages up to OFFICIAL only: a membership without that limit, which Lee once gave, he cannot bring back."""
    town.give("org:york", "read", "leeds/housing")
    given = given_to(town, "org:york")
    town.set_policy("leeds", "deny,person:leeds/mo,manage,leeds,OFFICIAL-SENSITIVE and above,any,-,Not for Mo")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    settled(mo, mo.post(f"{here}/remove", data={"grant": given}))
    assert mo.post(f"{here}/undo", data={"end": "", "back": given}).status_code == 403
    assert held(town, "org:york") == []


def test_readers_and_strangers_undo_nothing_and_a_grant_of_another_place_is_none_of_this_one(town: World) -> None:
    town.give("org:york", "read", "leeds/housing")
    here = f"/members/{place_id(town, 'leeds/housing')}"
    sent = {"end": given_to(town, "org:york"), "back": ""}
    assert town.client("york/bo").post(f"{here}/undo", data=sent).status_code == 403
    assert town.client("acme/gus").post(f"{here}/undo", data=sent).status_code == 404
    town.add_space("leeds/news", "open")
    town.give("org:york", "read", "leeds/news")
    other = {"end": given_to(town, "org:york", "leeds/news"), "back": ""}
    assert town.client("leeds/mo").post(f"{here}/undo", data=other).status_code == 409
    assert len(grants(town, "leeds/news")) == 1


def test_the_list_says_until_when_by_whom_and_why_marks_guests_and_tells_what_is_over(town: World) -> None:
    """Gus's contract has ended: he is listed apart, sees nothing, and is renewed with a new last day."""
    town.set_policy("acme", "allow,all-staff,read,acme,any,published,-,Acme shows itself")
    town.add_document("leeds/housing", "Plan")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    sent = {"who": "guest:acme/gus", "role": "reader", "until": "2026-10-31", "reason": "Contract HO-117"}
    agree(mo, mo.post(f"{here}/add", data=sent))
    page = words(mo.get(here))
    assert "Gus Guest Acme City Council reader up to OFFICIAL" not in page
    assert (
        "Gus Guest Acme City Council reader published 31 Oct 2026 Mo of Leeds City Council 20 Oct 2026 Contract" in page
    )
    assert "HO-117 Change" in page
    assert "Memberships that are over" not in page
    town.parts.clock.move(days=30)
    mo = town.client("leeds/mo")
    over = words(mo.get(here)).partition("Memberships that are over")[2]
    assert "ended 31 Oct 2026" in over
    assert "Renew" in over
    assert town.client("acme/gus").get("/places/leeds/housing").status_code == 404
    form = mo.get(f"{here}/add?who=guest:acme/gus").text
    assert "Contract HO-117" in form
    assert "2026-10-31" not in form, "a day that has passed is no last day"
    asked = mo.post(f"{here}/add", data=sent | {"until": "2026-12-31"})
    assert lede(asked) == "This shows 1 document to 1 guest."
    agree(mo, asked)
    assert town.client("acme/gus").get("/places/leeds/housing").status_code == 200
    assert "Memberships that are over" not in words(mo.get(here))


def test_a_member_whose_page_mo_may_not_see_can_be_changed_all_the_same_but_nobody_else(town: World) -> None:
    """York shows Mo none of its people; Bo is a member whom Lee added, Cy is none."""
    town.give("person:york/bo", "read", "leeds/housing")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    assert "Change what Bo of York City Council may do" in mo.get(f"{here}/add?who=person:york/bo").text
    assert mo.get(f"{here}/add?who=person:york/cy").status_code == 404
    agree_or_done = mo.post(f"{here}/add", data={"who": "person:york/bo", "role": "editor", "reason": "Writes too"})
    assert agree_or_done.status_code == 303
    assert [fact[1] for fact in held(town, "person:york/bo")] == ["edit"]


def test_the_picker_finds_whom_mo_may_see_behind_any_number_whom_he_may_not(town: World) -> None:
    """Five hundred hidden people of one name, and one of his own: only she is offered, without script."""
    with town.work() as uow:
        from hub.access.models import Person
        from hub.access.places import place_at

        york = place_at(uow.session, "york")
        assert york is not None
        for number in range(500):
            handle = f"york/sam-{number:03}"
            uow.session.add(
                Person(
                    id=f"sam{number:03}",
                    organisation_id=york.id,
                    handle=handle,
                    kind="staff",
                    name="Sam Aaron",
                    email="",
                    job_title="",
                    status="active",
                    access_epoch=1,
                    created_at=uow.now,
                )
            )
    town.add_person("leeds/sam-zest", name="Sam Zest")
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
    page = words(town.client("leeds/mo").get(f"/members/{place_id(town, 'leeds/housing')}?find=sam"))
    assert "Add Sam Zest" in page
    assert "Sam Aaron" not in page


def test_the_pages_of_members_need_few_queries(town: World, queries: list[str]) -> None:
    """However many members there are, the list, the search, the form and the question."""
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    for number in range(30):
        town.add_person(f"york/p{number:02}")
        town.give(f"person:york/p{number:02}", "read", "leeds/housing")
        town.add_document("leeds/housing", f"Plan {number}")
    town.add_person("leeds/eve", "leeds/clerks")
    town.give("group:leeds/clerks", "read", "leeds/housing")
    town.give("guest:acme/gus", "read", "leeds/housing", until=date(2026, 10, 20))
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    mo.get(here)  # a process that has loaded its policies
    sent = SHARED | {"seen": fields(mo.get(f"{here}/add?who=org:york"))["seen"]}
    mo.post(f"{here}/add", data=sent)
    for look in (
        lambda: mo.get(here),
        lambda: mo.get(f"{here}?find=p"),
        lambda: mo.get(f"{here}/add?who=person:york/p01"),
        lambda: mo.post(f"{here}/add", data=sent),
    ):
        queries.clear()
        assert look().status_code == 200
        asked = [query for query in queries if query != "BEGIN"]
        assert len(asked) <= MOST_QUERIES, (len(asked), asked)


def test_removing_asks_who_loses_and_says_so_of_the_last_manager(town: World) -> None:
    """York loses a plan and the space; Mo, the one manager who is named, is not removed by a slip of Lee's."""
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    town.set_policy("leeds", "allow,person:leeds/lee,manage,leeds/housing,any,any,-,Lee looks after it")
    town.add_document("leeds/housing", "Plan")
    town.give("org:york", "read", "leeds/housing")
    lee, here = town.client("leeds/lee"), f"/members/{place_id(town, 'leeds/housing')}"
    asked = lee.post(f"{here}/remove", data={"grant": given_to(town, "org:york")})
    assert lede(asked) == "This takes 1 document from 2 people in 1 organisation."
    assert "Remove Everyone at York City Council from “Housing”?" in words(asked)
    assert "Show who loses and which documents" in words(asked)
    assert "Bo" in words(asked)
    assert len(held(town, "org:york")) == 1
    assert agree(lee, asked).status_code == 303
    assert held(town, "org:york") == []
    asked = lee.post(f"{here}/remove", data={"grant": given_to(town, "person:leeds/mo")})
    assert "Nobody else is named as a manager of “Housing”" in words(asked)
    lower = {"who": "person:leeds/mo", "role": "reader", "until": "", "reason": ""}
    assert "Nobody else is named as a manager" in words(lee.post(f"{here}/add", data=lower))
    town.give("person:leeds/ann", "manage", "leeds/housing")
    assert "Nobody else is named" not in words(
        lee.post(f"{here}/remove", data={"grant": given_to(town, "person:leeds/mo")})
    )


def test_a_form_of_a_member_is_about_what_they_had_when_it_was_opened(town: World) -> None:
    """Lee makes York an editor while Mo's form is open: nothing is saved, and old buttons remove nothing."""
    town.give("org:york", "read", "leeds/housing")
    given = given_to(town, "org:york")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    sent = fields(mo.get(f"{here}/add?who=org:york")) | {"role": "reader", "reason": "Another"}
    town.take_back(given)
    town.give("org:york", "edit", "leeds/housing")
    again = mo.post(f"{here}/add", data=sent)
    assert again.status_code == 409
    assert "Nothing was done yet. Everyone at York City Council is editor here now." in words(again)
    mo.post(f"{here}/remove", data={"grant": given})
    assert "somebody changed meanwhile what they may do here" in words(mo.get(here))
    assert [fact[1] for fact in held(town, "org:york")] == ["edit"]


def test_mo_makes_ann_a_commenter_who_asks_and_answers_and_edits_nothing(town: World) -> None:
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town, 'leeds/housing')}"
    form = mo.get(f"{here}/add?who=person:leeds/dee")
    assert 'value="commenter"' in form.text
    sent = fields(form) | {"role": "commenter", "until": "2027-03-31"}
    assert settled(mo, mo.post(f"{here}/add", data=sent)).status_code == 303
    assert [fact[1:3] for fact in held(town, "person:leeds/dee")] == [("comment", date(2027, 3, 31))]
    talk = town.client("leeds/dee").get(here.replace("/members/", "/talk/")).text
    assert "Ask a question" in talk
    assert "Upload files" not in talk
