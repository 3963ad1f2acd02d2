"""Sam of Leeds admits a supplier's engineer, sees all guests of Leeds, and ends what they were given."""

from datetime import date, timedelta
from html import unescape
from re import findall

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event
from werkzeug.test import TestResponse

from hub.access.models import Grant, Person
from hub.features.administration.guests.service import admit as admit_guest
from hub.ground.db import Database
from hub.nouns.people.service import NewGrant, NewPerson
from tests.hub.features.administration.conftest import the_town
from tests.hub.features.administration.test_looking_after import all_of
from tests.hub.features.signin.browser import HUB, SignInWorld, now
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import TestClock

ADD = "/admin/leeds/guests/add"
LAST = (now() + timedelta(days=300)).date()
SAID = f"{LAST.day} {LAST:%B %Y}"
PUBLIC = "allow,all-staff,read,acme,only PUBLIC,published,-,Open to the sector"


def the_tender(town: SignInWorld) -> None:
    """Leeds has a tender with two documents; Acme is a firm with its own issuer."""
    the_town(town)
    town.add_organisation("acme", PUBLIC, kind="supplier", name="Acme Drainage")
    town.add_issuer("acme", "https://login.acme.example")
    town.add_space("leeds/tenders", "restricted", name="Tenders")
    town.add_document("leeds/tenders", "Flood walls")
    town.add_document("leeds/tenders", "Questions")
    town.add_document("leeds/tenders", "Our own draft", state="draft")
    town.add_space("leeds/legal", "confidential")


@pytest.fixture
def tender(begin: Begin, database: Database) -> SignInWorld:
    world = begin(the_tender, database, SignInWorld, clock=TestClock(now()))
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def guest(world: SignInWorld, name: str) -> str:
    """The handle of the guest whose name it begins with: what follows is not to be foreseen."""
    handles = [person.handle for person in all_of(world, Person) if person.handle.startswith(f"acme/{name}-")]
    assert len(handles) == 1, handles
    return handles[0]


def fields(world: SignInWorld, **other: str) -> dict[str, str]:
    """The form, filled in for Maria."""
    with world.work() as uow:
        space = world.place(uow, "leeds/tenders").id
    given = {"firm": "acme", "name": "Maria Lopez", "email": "maria@acme.example", "space": space, "role": "reader"}
    return given | {"reason": "Contract HO-117", "until": LAST.isoformat(), "sponsor": "ann"} | other


def agreed(client: FlaskClient, address: str, sent: dict[str, str]) -> TestResponse:
    """Send a form, and press the button of the page that asks."""
    asked = client.post(address, data=sent)
    form = next((form for form in html.fromstring(asked.text).iter("form") if "seen" in form.fields), None)
    return asked if form is None else client.post(form.get("action"), data=dict(form.form_values()))


def admit(world: SignInWorld, **other: str) -> str:
    """Admit somebody; returns the page that answers."""
    sam = world.client("leeds/sam")
    answer = agreed(sam, ADD, fields(world, **other))
    answer = sam.get(answer.location) if answer.status_code == 303 else answer
    assert answer.status_code == 200
    return unescape(answer.text)


def test_maria_is_admitted_with_a_sponsor_a_purpose_a_space_and_an_end(tender: SignInWorld) -> None:
    """First it is said what that shows her; she sees that, and nothing else of Leeds."""
    sam = tender.client("leeds/sam")
    asked = sam.post(ADD, data=fields(tender, until=f"{LAST:%d/%m/%Y}"))
    assert f"This shows 2 documents to one guest, Maria Lopez of Acme Drainage, until {SAID}" in asked.text
    assert all_of(tender, Grant) == [], "asking admits nobody"
    link = findall(r"http://localhost:8000/sign-in\?link=[\w-]+", admit(tender))[0]
    stranger = tender.browser()
    stranger.get(link.removeprefix(HUB))
    assert "Maria Lopez" in stranger.get("/sign-in/link/whose").text
    (grant,) = all_of(tender, Grant)
    assert (grant.principal, grant.given_by, grant.source) == (
        f"guest:{guest(tender, 'maria-lopez')}",
        "leeds/ann",
        "guest",
    )
    assert (grant.can, grant.until, grant.reason) == ("read", LAST, "Contract HO-117")
    maria = tender.client(guest(tender, "maria-lopez"))
    page = maria.get("/places/leeds/tenders").text
    assert "Flood walls" in page
    assert "Our own draft" not in page
    assert maria.get("/places/leeds/legal").status_code == 404
    listed = sam.get("/admin/leeds/guests").text
    for words in ("Maria Lopez", "Acme Drainage", "Ann Lee", "Contract HO-117", f"{LAST.day} {LAST:%b %Y}", "Tenders"):
        assert words in listed


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("firm", "", "Choose the firm"), ("firm", "york", "Choose the firm"), ("firm", "nobody", "Choose the firm"),
     ("name", "", "Enter their name"), ("email", "maria", "Enter an e-mail address"), ("space", "", "Choose a space"),
     ("role", "manager", "A guest manages nothing"), ("role", "", "Select a role"), ("reason", "", "Enter a reason"),
     ("until", "", "a guest’s admission ends"), ("until", "2001-01-01", "must not have passed"),
     ("until", "soon", "a day such as 31/03/2027"), ("until", "2090-01-01", "for a year at most: until"),
     ("until", "31/02/2031", "no such day"), ("sponsor", "", "active"),
     ("sponsor", "yara", "Nobody who is active on the staff of Leeds")],
)  # fmt: skip
def test_nobody_comes_in_without_all_of_it(tender: SignInWorld, field: str, value: str, words: str) -> None:
    answer = tender.client("leeds/sam").post(ADD, data=fields(tender, **{field: value}))
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert all_of(tender, Grant) == []
    assert not [person for person in all_of(tender, Person) if person.kind == "guest"]


def radios(page: str, name: str) -> dict[str, str]:
    """What may be chosen: value -> text, with what stands under it."""
    found = html.fromstring(page).xpath(f"//input[@type='radio'][@name='{name}']")
    return {each.get("value"): " ".join(" ".join(each.getparent().itertext()).split()) for each in found}


@pytest.mark.parametrize("typed", ["Lee", "lee ann", "ANN LEE", "ann", "leeds/ann", "ann@leeds.example"])
def test_one_sponsor_who_is_meant_is_taken_by_name_short_name_or_address(tender: SignInWorld, typed: str) -> None:
    with tender.work() as uow:
        tender.person(uow, "leeds/ann").email = "ann@leeds.example"
    asked = tender.client("leeds/sam").post(ADD, data=fields(tender, sponsor=typed))
    assert "Ann Lee of Leeds City Council answers for them, as their sponsor." in unescape(asked.text)


def test_of_several_sponsors_one_is_chosen_and_all_that_was_written_is_kept(tender: SignInWorld) -> None:
    """They are told apart by job and address; whoever has left, guests and other councils are not offered."""
    tender.add_person("leeds/ann-two", name="Ann Leeson", job="Planner")
    tender.add_person("leeds/ann-gone", name="Ann Gone")
    tender.set_status("leeds/ann-gone", "left")
    tender.add_person("york/ann", name="Ann York")
    sam = tender.client("leeds/sam")
    answer = sam.post(ADD, data=fields(tender, sponsor="Ann L"))
    assert answer.status_code == 422
    assert "Choose one of them" in answer.text
    offered = radios(answer.text, "sponsor_is")
    assert sorted(offered.values()) == ["Ann Lee of Leeds City Council", "Ann Leeson of Leeds City Council Planner"]
    assert 'value="Ann L"' in answer.text
    assert 'value="Contract HO-117"' in answer.text
    chosen = next(value for value, text in offered.items() if "Leeson" in text)
    agreed(sam, ADD, fields(tender, sponsor="Ann L", sponsor_is=chosen))
    (grant,) = all_of(tender, Grant)
    assert grant.given_by == "leeds/ann-two"


def test_a_choice_of_before_does_not_outlive_another_name_and_others_cannot_be_slipped_in(tender: SignInWorld) -> None:
    tender.add_person("leeds/ann-two", name="Ann Leeson")
    with tender.work() as uow:
        two, yara = (tender.person(uow, handle).id for handle in ("leeds/ann-two", "york/yara"))
    sam = tender.client("leeds/sam")
    assert (
        "Sam Okafor of Leeds City Council answers"
        in sam.post(ADD, data=fields(tender, sponsor="Sam Okafor", sponsor_is=two)).text
    )
    assert sam.post(ADD, data=fields(tender, sponsor="Ann L", sponsor_is=yara)).status_code == 422


def test_at_most_twenty_are_offered_and_the_rest_is_asked_for_by_more_of_the_name(tender: SignInWorld) -> None:
    for n in range(21):
        tender.add_person(f"leeds/robin-{n}", name=f"Robin {n:02} Smith")
    answer = tender.client("leeds/sam").post(ADD, data=fields(tender, sponsor="Robin"))
    assert "Choose one of them, or enter more of the name: there are others" in answer.text
    assert len(radios(answer.text, "sponsor_is")) == 20


def test_the_sponsor_who_was_shown_is_the_one_who_is_taken(tender: SignInWorld) -> None:
    """Somebody of the same name who joins between question and yes changes nothing; who left meanwhile is not taken."""
    sam = tender.client("leeds/sam")
    asked = sam.post(ADD, data=fields(tender, sponsor="Ann Lee"))
    form = next(form for form in html.fromstring(asked.text).iter("form") if "seen" in form.fields)
    tender.add_person("leeds/ann-two", name="Ann Lee")
    sam.post(ADD, data=dict(form.form_values()))
    (grant,) = all_of(tender, Grant)
    assert grant.given_by == "leeds/ann"
    tender.set_status("leeds/ann", "left")
    assert "Nothing was done yet" in sam.post(ADD, data=dict(form.form_values()) | {"email": "x@acme.example"}).text


def test_a_space_that_sam_does_not_manage_cannot_be_opened_by_its_id(tender: SignInWorld) -> None:
    """N-30: neither a confidential one of Leeds, nor one of York; and it is not offered."""
    tender.add_space("york/plans")
    sam = tender.client("leeds/sam")
    for path in ("leeds/legal", "york/plans"):
        with tender.work() as uow:
            other = tender.place(uow, path).id
        assert other not in sam.get(ADD).text
        assert sam.post(ADD, data=fields(tender, space=other)).status_code == 422
    assert all_of(tender, Grant) == []


def test_the_same_address_is_the_same_guest_and_a_namesake_another(tender: SignInWorld) -> None:
    admit(tender)
    said = tender.client("leeds/sam").post(ADD, data=fields(tender, role="editor", email="Maria@ACME.example")).text
    assert "is a guest of yours already" in said
    assert "This shows 1 document to one guest" in said, "the draft, which an editor sees"
    admit(tender, role="editor", email="Maria@ACME.example")
    admit(tender, email="another.maria@acme.example")
    guests = sorted(person.handle for person in all_of(tender, Person) if person.kind == "guest")
    assert len(guests) == 2
    open_ = [grant for grant in all_of(tender, Grant) if grant.ended_at is None]
    assert {grant.principal for grant in open_} == {f"guest:{handle}" for handle in guests}
    assert sorted(grant.can for grant in open_) == ["edit", "read"]


def test_an_address_does_not_tell_whether_york_has_admitted_her(tender: SignInWorld) -> None:
    """Nor that she was put out there: Sam reads the same, and makes her a link, whatever York did."""
    tender.add_space("york/tenders", "restricted")
    with tender.work() as uow:
        yorks, firm = tender.place(uow, "york/tenders"), tender.place(uow, "acme")
        given = NewGrant("guest:x/x", "read", yorks.id, yorks.organisation_id or "", "york/yara", "guest", "Levels",
                         until=date(2030, 1, 1))  # fmt: skip
        new = NewPerson("", "M. Lopez", "maria@acme.example")
        maria = admit_guest(uow, tender.parts, firm, new, given, by=given.organisation_id).person.handle
    for status in ("active", "suspended"):
        tender.set_status(maria, status)
        asked = unescape(tender.client("leeds/sam").post(ADD, data=fields(tender)).text)
        assert "This shows 2 documents to one guest, Maria Lopez of Acme Drainage" in asked
        assert "already" not in asked
    assert "sign-in?link=" in admit(tender)
    listed = tender.client("leeds/sam").get("/admin/leeds/guests").text
    assert "M. Lopez" not in listed
    assert maria not in listed


def test_a_guest_who_never_signed_in_gets_a_new_link_whatever_york_gave_her(tender: SignInWorld) -> None:
    """That waits once she comes by it: Leeds could have made it for anybody (`hub/access/holds.py`)."""
    admit(tender)
    tender.add_space("york/tenders", "restricted")
    told = []
    for grants in ((), ("york/tenders",)):
        for path in grants:
            maria = guest(tender, "maria-lopez")
            tender.give(f"guest:{maria}", "read", path, until=date(2030, 1, 1), source="guest")
        asked = tender.client("leeds/sam").post(ADD, data=fields(tender)).text
        told.append(("is a guest of yours already" in asked, "sign-in?link=" in admit(tender)))
    assert told == [(True, True)] * 2


def test_what_was_given_ends_with_the_next_click(tender: SignInWorld) -> None:
    admit(tender)
    admit(tender, name="Max Weld", email="max@acme.example")
    maria, sam = tender.client(guest(tender, "maria-lopez")), tender.client("leeds/sam")
    assert maria.get("/places/leeds/tenders").status_code == 200
    grant = next(row for row in all_of(tender, Grant) if row.principal == f"guest:{guest(tender, 'maria-lopez')}")
    assert tender.client("york/yara").post("/admin/york/guests/end", data={"grant": grant.id}).status_code == 303
    assert maria.get("/places/leeds/tenders").status_code == 200, "York ends nothing of Leeds"
    asked = sam.post("/admin/leeds/guests/end", data={"grant": grant.id})
    assert "This takes 2 documents from one guest, Maria Lopez of Acme Drainage." in asked.text
    assert maria.get("/places/leeds/tenders").status_code == 200
    assert agreed(sam, "/admin/leeds/guests/end", {"grant": grant.id}).status_code == 303
    assert maria.get("/places/leeds/tenders").status_code == 404
    assert tender.client(guest(tender, "max-weld")).get("/places/leeds/tenders").status_code == 200


def test_all_guests_of_a_firm_are_out_in_one_act(tender: SignInWorld) -> None:
    """D-GU 84. What York gave them stays."""
    admit(tender)
    admit(tender, name="Max Weld", email="max@acme.example")
    tender.add_space("york/tenders", "restricted")
    tender.give(f"guest:{guest(tender, 'max-weld')}", "read", "york/tenders", until=date(2030, 1, 1), source="guest")
    sam = tender.client("leeds/sam")
    asked = sam.get("/admin/leeds/guests/end-firm?firm=acme").text
    assert "2 guests of Acme Drainage lose all that Leeds City Council gave them: 2 admissions." in asked
    assert sam.get("/admin/leeds/guests/end-firm?firm=nobody").status_code == 404
    assert agreed(sam, "/admin/leeds/guests/end-firm", {"firm": "acme"}).status_code == 303
    for name in ("maria-lopez", "max-weld"):
        assert tender.client(guest(tender, name)).get("/places/leeds/tenders").status_code == 404
    assert tender.client(guest(tender, "max-weld")).get("/places/york/tenders").status_code == 200
    assert "No guests are here." in sam.get("/admin/leeds/guests").text


def test_a_guest_of_a_space_that_sam_may_not_see_is_listed_without_it(tender: SignInWorld, database: Database) -> None:
    """And one whose sponsor is suspended is flagged (D-GU 80); the list takes at most 15 queries."""
    admit(tender)
    tender.give(f"guest:{guest(tender, 'maria-lopez')}", "read", "leeds/legal", until=date(2030, 1, 1), source="guest")
    tender.set_status("leeds/ann", "suspended")
    sam = tender.client("leeds/sam")
    for number in range(30):
        tender.add_person(f"acme/x{number}", kind="guest")
        tender.give(f"guest:acme/x{number}", "read", "leeds/tenders", until=date(2030, 1, 1), source="guest")
    sam.get("/admin/leeds/guests")
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    page = sam.get("/admin/leeds/guests").text
    assert len([statement for statement in said if statement.startswith("SELECT")]) <= 15
    said.clear()
    assert sam.get(ADD).status_code == 200
    assert len([statement for statement in said if statement.startswith("SELECT")]) <= 15
    assert "Something that you may not see" in page
    assert "Legal" not in page
    assert page.count("No longer here") == 1


def test_what_was_agreed_of_an_admission_is_what_was_shown(tender: SignInWorld) -> None:
    """A document is published, or the space opened, between the question and the answer: Sam is asked again."""
    sam = tender.client("leeds/sam")
    asked = sam.post(ADD, data=fields(tender))
    form = next(form for form in html.fromstring(asked.text).iter("form") if "seen" in form.fields)
    tender.add_document("leeds/tenders", "Third")
    again = unescape(sam.post(ADD, data=dict(form.form_values())).text)
    assert "It shows 3 documents to them now." in again
    assert all_of(tender, Grant) == []
    form = next(form for form in html.fromstring(again).iter("form") if "seen" in form.fields)
    tender.set_audience("leeds/tenders", "open")
    assert "It is open now." in sam.post(ADD, data=dict(form.form_values())).text
    assert sam.post(ADD, data=fields(tender) | {"sure": "yes"}).status_code == 200, "a constant agrees to nothing"
    assert all_of(tender, Grant) == []
    firm = "/admin/leeds/guests/end-firm"
    admit(tender)
    form = next(f for f in html.fromstring(sam.get(f"{firm}?firm=acme").text).iter("form") if "seen" in f.fields)
    admit(tender, name="Max Weld", email="max@acme.example")
    assert "Somebody was admitted" in sam.post(firm, data=dict(form.form_values())).text
    assert len([grant for grant in all_of(tender, Grant) if grant.ended_at is None]) == 2


def test_taking_somebody_out_of_a_group_first_says_what_they_lose(tender: SignInWorld) -> None:
    """Of what Sam may read himself; where it is nothing, it is done at once."""
    tender.add_person("leeds/ivo", "leeds/housing")
    leave, before = "/admin/leeds/groups/housing/remove", {"person": "ivo"}
    for path, reader in (("leeds/works", "person:leeds/sam"), ("leeds/homes", "group:leeds/housing")):
        tender.add_space(path, "private")
        tender.add_document(path, "Repairs")
        tender.give("group:leeds/housing", "read", path)
        tender.give(reader, "read", path)
    sam, ivo = tender.client("leeds/sam"), tender.client("leeds/ivo")
    asked = unescape(sam.post(leave, data=before).text)
    assert "This takes 1 document from" in asked, "what Sam may not read himself is not counted"
    assert "Repairs" in ivo.get("/places/leeds/works").text
    assert agreed(sam, leave, before).status_code == 303
    assert "Repairs" not in ivo.get("/places/leeds/works").text
    tender.add_person("leeds/jo", "leeds/empty")
    group = sam.get("/admin/leeds/groups/empty")
    assert Sheet(group, "/admin/leeds/groups/empty/remove").send(sam).status_code == 303
