"""Reporting a document, and what those who see to it say about that (conversation notes, 8)."""

import pytest
from sqlalchemy import select

from hub.access.models import Person
from hub.features.conduct.reports.jobs import forget_round, watch_round
from hub.ground.unit_of_work import AuditEntry
from hub.mail.models import SentLetter
from hub.nouns.talk.models import ThingReport
from tests.hub.features.conduct.conftest import Desk
from tests.hub.features.writing.conftest import words_of
from tests.hub.world import World


@pytest.fixture
def node(town: World) -> str:
    """A plan of Ann's in the forum, which Bo of York reads."""
    return town.add_document("leeds/forum", "Flood plan", "Call Mrs Graves.", owner="person:leeds/ann")


@pytest.fixture
def here(node: str) -> str:
    return f"/documents/{node.removeprefix('doc:')}"


def report(desk: Desk, here: str, why: str = "personal", words: str = "It names a resident") -> str:
    return desk.fill(f"{here}/report", why=why, words=words)


def case(desk: Desk) -> str:
    """Open the first report that waits; its address."""
    desk.see("/reports")
    (address, *_) = desk.page.xpath("//main//a[starts-with(@href, '/reports/')]/@href")
    return str(address)


def rows(town: World) -> list[ThingReport]:
    with town.parts.database.reading() as session:
        return list(session.scalars(select(ThingReport).order_by(ThingReport.at, ThingReport.id)))


def test_bo_reports_a_document_and_hana_says_what_she_did_about_it(town: World, here: str) -> None:
    """He and Ann, whose it is, are told; Ann never who it was."""
    with town.work() as uow:
        for person in uow.session.scalars(select(Person)):
            person.email = f"{person.handle.replace('/', '.')}@example.org"
    bo, hana, ann = Desk(town, "york/bo"), Desk(town, "leeds/hana"), Desk(town, "leeds/ann")
    bo.see(here)
    assert f"{here}/report" in bo.page.xpath("//a/@href")
    assert "Those who manage “Flood forum” will look at it, within 2 working days" in bo.see(f"{here}/report")
    assert "Those who manage “Flood forum” will look at it" in report(bo, here)
    assert "It waits for an answer." in bo.see(f"{here}/report")
    assert "1 reported document waits for your decision" in hana.see("/")
    assert "1 waiting" in words_of(hana.page.xpath("//header")[0])
    assert "Flood plan" in hana.see("/reports")
    address = case(hana)
    page = hana.see(address)
    assert "Bo Reed of York City Council" in page
    assert "It names a resident" in page
    assert "Give the reason in a sentence" in hana.fill(address, 422, **{"done-note": " "})
    assert "are told what was done" in hana.fill(address, **{"done-note": "The name is taken out"})
    assert "You saw to it" in hana.see(address)
    assert "Nothing waits" in hana.see("/reports")
    assert "1 decision about what you reported or wrote" in bo.see("/")
    assert "The document “Flood plan” that you reported was seen to: The name is taken out" in bo.see("/notices")
    assert "It was seen to: The name is taken out" in bo.see(f"{here}/report")
    page = ann.see("/notices")
    assert "Somebody reported a document of yours, “Flood plan”. Whoever manages it saw to it: The name" in page
    assert "Bo Reed" not in page
    for desk in (ann, bo):
        desk.see("/notices")
        desk.press("Dismiss")
        assert "Flood plan" not in desk.see("/notices")
    with town.parts.database.reading() as session:
        wanted = select(Person.handle, SentLetter.subject).join(Person, Person.id == SentLetter.person_id)
        assert sorted(tuple(row) for row in session.execute(wanted)) == [
            ("leeds/ann", "Something of yours was seen to"),
            ("york/bo", "What you reported was looked at"),
        ]
        acts = session.scalars(
            select(AuditEntry.act).where(AuditEntry.act.startswith("thing:")).order_by(AuditEntry.id)
        )
        assert list(acts) == ["thing:report", "thing:moderate"]


def test_what_stays_as_it_is_is_told_to_whoever_reported_it_alone(town: World, here: str) -> None:
    bo, hana = Desk(town, "york/bo"), Desk(town, "leeds/hana")
    report(bo, here)
    hana.fill(case(hana), **{"leave-note": "She asked us to name her"})
    assert "that you reported stays as it is: She asked us to name her" in bo.see("/notices")
    assert "reported" not in Desk(town, "leeds/ann").see("/notices")


def test_two_people_make_one_case_and_the_same_one_adds_nothing_until_it_is_changed(
    town: World, here: str, node: str
) -> None:
    bo, gus, hana = Desk(town, "york/bo"), Desk(town, "acme/gus"), Desk(town, "leeds/hana")
    report(bo, here)
    assert "You reported this before" in bo.send(f"{here}/report", why="false", words="Again")
    report(gus, here, "false", "The number is wrong")
    assert "by 2 people" in hana.see("/reports")
    assert len(hana.page.xpath("//tbody/tr")) == 1
    hana.fill(case(hana), **{"leave-note": "It stays"})
    assert {row.outcome for row in rows(town)} == {"left"}
    assert "You reported this before" in bo.send(f"{here}/report", why="false", words="Still")
    town.revise(node, "Flood plan", "Call Mrs Graves twice.")
    assert "It waits for an answer." in report(bo, here, words="Worse")


def test_who_may_not_decide_finds_nothing_whoever_asks(town: World, here: str) -> None:
    """Whose it is does not decide, nor who reported it, nor an administrator to whom it was not passed on."""
    report(Desk(town, "york/bo"), here)
    address = case(Desk(town, "leeds/hana"))
    for who in ("leeds/ann", "york/bo", "acme/gus", "leeds/ada"):
        desk = Desk(town, who)
        assert desk.see(address, 404) == desk.see("/reports/zzzzzzzzzzzz", 404)
        for act in ("leave", "done", "pass-on", "withdraw"):
            desk.send(f"{address}/{act}", 404, **{f"{act}-note": "Mine"})
        assert "Nothing waits" in desk.see("/reports")
    assert rows(town)[0].outcome == ""


def test_what_is_hidden_cannot_be_reported_and_looks_absent_and_ones_own_is_changed(town: World, here: str) -> None:
    hidden = town.add_document("leeds/legal", "KESTREL").removeprefix("doc:")
    bo = Desk(town, "york/bo")
    assert bo.see(f"/documents/{hidden}/report", 404) == bo.see("/documents/zzzzzzzzzzzz/report", 404)
    bo.send(f"/documents/{hidden}/report", 404, why="abuse")
    ann = Desk(town, "leeds/ann")
    assert "This is your own" in ann.see(f"{here}/report", 403)
    ann.see(here)
    assert f"{here}/report" not in ann.page.xpath("//a/@href")
    assert rows(town) == []


@pytest.mark.parametrize(
    ("why", "words", "said"),
    [
        ("", "x", "Select what is wrong"),
        ("other", " ", "Say what is wrong"),
        ("abuse", "x" * 2_001, "2,000 characters"),
    ],
)
def test_a_report_that_says_nothing_or_too_much_comes_back(
    town: World, here: str, why: str, words: str, said: str
) -> None:
    bo = Desk(town, "york/bo")
    assert said in bo.send(f"{here}/report", 422, why=why, words=words)
    assert bo.page.xpath("string(//textarea)").strip() == words.strip()
    assert rows(town) == []


def test_a_document_that_is_changed_meanwhile_is_looked_at_again(town: World, here: str, node: str) -> None:
    report(Desk(town, "york/bo"), here)
    hana = Desk(town, "leeds/hana")
    address = case(hana)
    hana.see(address)
    form = next(form for form in hana.page.iter("form") if form.get("action") == f"{address}/done")
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    town.revise(node, "Flood plan", "Call the desk.")
    page = hana.send(f"{address}/done", 409, **(fields | {"done-note": "I rang her"}))
    assert "It was changed meanwhile." in page
    assert "It was edited since" in page
    assert hana.page.get_element_by_id("done-note").get("value") == "I rang her"


def test_of_two_at_once_the_second_sees_what_was_done(town: World, here: str) -> None:
    report(Desk(town, "york/bo"), here)
    hana, mo = Desk(town, "leeds/hana"), Desk(town, "leeds/mo")
    address = case(hana)
    mo.see(address)
    form = next(form for form in mo.page.iter("form") if form.get("action") == f"{address}/leave")
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    hana.fill(address, **{"done-note": "The name is out"})
    page = mo.send(f"{address}/leave", 409, **(fields | {"leave-note": "It stays"}))
    assert "Hana Iqbal of Leeds City Council saw to it" in page
    assert "The name is out" in page


def test_where_nobody_but_whose_it_is_manages_it_the_administrators_decide(town: World) -> None:
    town.give("person:leeds/ann", "manage", "leeds/lone")
    node = town.add_document("leeds/lone", "Rents", "Mrs Graves owes.", owner="person:leeds/ann")
    here, hana, ada = f"/documents/{node.removeprefix('doc:')}", Desk(town, "leeds/hana"), Desk(town, "leeds/ada")
    assert "Those who look after Leeds City Council will look at it" in hana.see(f"{here}/report")
    report(hana, here)
    assert "Nothing waits" in Desk(town, "leeds/ann").see("/reports")
    ada.fill(case(ada), **{"done-note": "It is withdrawn"})
    assert rows(town)[0].outcome_by == "person:leeds/ada"


def test_hana_passes_it_on_and_the_administrators_decide_then(town: World, here: str) -> None:
    report(Desk(town, "york/bo"), here)
    hana, ada = Desk(town, "leeds/hana"), Desk(town, "leeds/ada")
    address = case(hana)
    hana.see(address)
    assert "It is passed on" in hana.press("Pass on to the administrators")
    hana.see(address, 404)
    assert "Passed on" in ada.see("/reports")
    ada.fill(address, **{"leave-note": "It stays"})
    assert rows(town)[0].outcome == "left"


def test_what_nobody_manages_any_more_goes_to_the_administrators_and_is_forgotten_after_a_year(
    town: World, here: str
) -> None:
    report(Desk(town, "york/bo"), here)
    for handle in ("leeds/hana", "leeds/mo"):
        town.set_status(handle, "suspended")
    assert watch_round(town.parts) == 1
    ada = Desk(town, "leeds/ada")
    ada.fill(case(ada), **{"leave-note": "It stays"})
    town.parts.clock.move(days=366)
    assert forget_round(town.parts) == 1
    assert rows(town) == []
