"""Reporting a post, and what those who see to it do (conversation notes, 8)."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hub.access.models import Person, Place
from hub.features.conduct.reports.jobs import forget_round, watch_round
from hub.ground.clock import working_days_after
from hub.ground.unit_of_work import AuditEntry
from hub.mail.models import SentLetter
from hub.nouns.talk.models import Post, PostReport
from tests.hub.features.conduct.conftest import Desk
from tests.hub.features.writing.conftest import words_of
from tests.hub.world import World

RUDE = "You are all fools."


@pytest.fixture
def node(town: World) -> str:
    """A question of Bo's in the forum, to which Ann says something rude."""
    node = town.add_thread("leeds/forum", "How do you register flood wardens?", "york/bo", "We have a list.")
    town.post(node, "leeds/ann", RUDE)
    return node


@pytest.fixture
def here(node: str) -> str:
    return f"/threads/{node.removeprefix('thread:')}"


def report(desk: Desk, here: str, why: str = "abuse", words: str = "It is rude", number: int = 2) -> str:
    return desk.fill(f"{here}/posts/{number}/report", why=why, words=words)


def case(desk: Desk) -> str:
    """Open the first report that waits; its address."""
    desk.see("/reports")
    (address, *_) = desk.page.xpath("//main//a[starts-with(@href, '/reports/')]/@href")
    return str(address)


def rows(town: World) -> list[PostReport]:
    with town.parts.database.reading() as session:
        return list(session.scalars(select(PostReport).order_by(PostReport.at, PostReport.id)))


def test_bo_reports_a_post_and_hana_withdraws_it_and_everybody_is_told(town: World, here: str) -> None:
    bo, hana, ann = Desk(town, "york/bo"), Desk(town, "leeds/hana"), Desk(town, "leeds/ann")
    bo.see(here)
    assert f"{here}/posts/2/report" in bo.page.xpath("//a/@href")
    page = bo.see(f"{here}/posts/2/report")
    assert RUDE in page
    assert "Those who manage “Flood forum” will look at it, within 2 working days" in page
    assert "Those who manage “Flood forum” will look at it" in report(bo, here)
    assert "You reported it on 20 October 2026. It waits for an answer." in bo.see(f"{here}/posts/2/report")
    assert "1 reported post waits for your decision" in hana.see("/")
    assert "1 waiting" in words_of(hana.page.xpath("//header")[0])
    page = hana.see("/reports")
    assert "Offensive" in page
    assert "22 Oct 2026" in page
    address = case(hana)
    page = hana.see(address)
    assert "Bo Reed of York City Council" in page
    assert "It is rude" in page
    assert "It is withdrawn." in hana.fill(address, **{"withdraw-note": "It insults colleagues"})
    assert "Nothing waits for your decision." in hana.see("/reports")
    page = bo.see(here)
    assert RUDE not in page
    assert "Withdrawn by Hana Iqbal of Leeds City Council, who manages this: It insults colleagues" in page
    assert "that you reported was withdrawn: It insults colleagues" in bo.see("/notices")
    assert "You withdrew it" in hana.see(address)
    assert "1 decision about what you reported or wrote" in ann.see("/")
    page = ann.see("/notices")
    assert "A post of yours in “How do you register flood wardens?” was withdrawn" in page
    assert "It insults colleagues" in page
    assert "Bo Reed" not in " ".join(ann.page.xpath("//main//text()"))
    ann.press("Dismiss")
    assert "A post of yours" not in ann.see("/notices")
    bo.see("/notices")
    bo.press("Dismiss")
    assert "that you reported" not in bo.see("/notices")


def test_mo_leaves_it_as_it_is_and_bo_reads_why(town: World, here: str) -> None:
    bo, mo = Desk(town, "york/bo"), Desk(town, "leeds/mo")
    report(bo, here)
    address = case(mo)
    assert "Give the reason in a sentence" in mo.fill(address, 422, **{"leave-note": " "})
    assert "Those who reported it are told why." in mo.fill(address, **{"leave-note": "It is blunt, not abusive"})
    assert "that you reported stays as it is: It is blunt, not abusive" in bo.see("/notices")
    assert "stays as it is: It is blunt, not abusive" in bo.see(f"{here}/posts/2/report")
    assert RUDE in bo.see(here)
    assert "reported" not in Desk(town, "leeds/ann").see("/notices")


def test_reporting_twice_adds_nothing_and_two_people_make_one_case(town: World, here: str) -> None:
    bo, gus, hana = Desk(town, "york/bo"), Desk(town, "acme/gus"), Desk(town, "leeds/hana")
    report(bo, here)
    assert "You reported this before" in bo.send(f"{here}/posts/2/report", why="false", words="Again")
    assert [(row.why, row.words) for row in rows(town)] == [("abuse", "It is rude")]
    report(gus, here, "other", "I feel mocked")
    page = hana.see("/reports")
    assert len(hana.page.xpath("//tbody/tr")) == 1
    assert "by 2 people" in page
    assert "2 people reported it" in hana.see(case(hana))
    assert "1 reported post waits" in hana.see("/")
    hana.fill(case(hana), **{"leave-note": "It stays"})
    assert {row.outcome for row in rows(town)} == {"left"}


def test_who_reported_is_seen_by_nobody_but_those_who_see_to_it(town: World, here: str) -> None:
    """Neither the author, nor other readers, nor somebody who reported it too."""
    report(Desk(town, "york/bo"), here)
    address = case(Desk(town, "leeds/hana"))
    for who in ("leeds/ann", "york/bo", "acme/gus", "leeds/ada"):
        desk = Desk(town, who)
        assert desk.see(address, 404) == desk.see("/reports/zzzzzzzzzzzz", 404)
        assert "Nothing waits" in desk.see("/reports")
        desk.send(f"{address}/leave", 404, **{"leave-note": "Mine"})
        desk.send(f"{address}/withdraw", 404, **{"withdraw-note": "Mine"})
        desk.send(f"{address}/pass-on", 404)
    assert rows(town)[0].outcome == ""


def test_what_one_cannot_see_cannot_be_reported_and_looks_absent(town: World) -> None:
    node = town.add_thread("leeds/legal", "KESTREL", "leeds/hana", "KESTREL")
    bo = Desk(town, "york/bo")
    there = f"/threads/{node.removeprefix('thread:')}/posts/1/report"
    assert bo.see(there, 404) == bo.see("/threads/zzzzzzzzzzzz/posts/1/report", 404)
    bo.send(there, 404, why="abuse")
    bo.see(f"{there.removesuffix('1/report')}9/report", 404)
    assert rows(town) == []


def test_a_post_that_is_not_there_and_ones_own_cannot_be_reported(town: World, here: str) -> None:
    ann, bo = Desk(town, "leeds/ann"), Desk(town, "york/bo")
    bo.see(f"{here}/posts/9/report", 404)
    assert "This is your own" in ann.see(f"{here}/posts/2/report", 403)
    ann.send(f"{here}/posts/2/report", 403, why="abuse")
    Desk(town, "leeds/hana").fill(f"{here}/posts/2/withdraw", reason="Rude")
    bo.see(f"{here}/posts/2/report", 404)


@pytest.mark.parametrize(
    ("why", "words", "said"),
    [
        ("", "x", "Select what is wrong with it"),
        ("nonsense", "x", "Select what is wrong with it"),
        ("other", " ", "Say what is wrong with it"),
        ("abuse", "x" * 2_001, "This must be 2,000 characters or fewer"),
    ],
)
def test_a_report_that_says_nothing_or_too_much_comes_back(
    town: World, here: str, why: str, words: str, said: str
) -> None:
    bo = Desk(town, "york/bo")
    assert said in bo.send(f"{here}/posts/2/report", 422, why=why, words=words)
    assert bo.page.xpath("string(//textarea)").strip() == words.strip()
    assert rows(town) == []


def test_where_nobody_but_its_author_manages_the_place_the_administrators_decide(town: World) -> None:
    """The author, who manages the place, neither sees nor answers what others report of them."""
    town.give("person:leeds/ann", "manage", "leeds/lone")
    node = town.add_thread("leeds/lone", "Rents", "leeds/ann", RUDE, sort="discussion")
    here = f"/threads/{node.removeprefix('thread:')}"
    hana, ada, ann = (Desk(town, who) for who in ("leeds/hana", "leeds/ada", "leeds/ann"))
    page = hana.see(f"{here}/posts/1/report")
    assert "Those who look after Leeds City Council will look at it" in page
    report(hana, here, number=1)
    assert "Nothing waits" in ann.see("/reports")
    address = case(ada)
    ann.see(address, 404)
    assert "Pass on" not in ada.see(address)
    ada.fill(address, **{"withdraw-note": "It insults colleagues"})
    with town.parts.database.reading() as session:
        assert session.get_one(Post, (node, 1)).withdrawn_by == "person:leeds/ada"


def test_hana_passes_a_report_on_and_only_the_administrators_decide_then(town: World, here: str) -> None:
    report(Desk(town, "york/bo"), here)
    hana, mo, ada = Desk(town, "leeds/hana"), Desk(town, "leeds/mo"), Desk(town, "leeds/ada")
    address = case(hana)
    hana.see(address)
    assert "It is passed on" in hana.press("Pass on to the administrators")
    for desk in (hana, mo):
        assert "Nothing waits" in desk.see("/reports")
        desk.see(address, 404)
    assert "Passed on" in ada.see("/reports")
    report(Desk(town, "acme/gus"), here, "false", "It is wrong as well")
    assert "Nothing waits" in hana.see("/reports")
    assert "by 2 people" in ada.see("/reports")
    ada.fill(address, **{"leave-note": "It stays"})
    assert {row.outcome_by for row in rows(town)} == {"person:leeds/ada"}


def test_administrators_decide_nothing_that_they_may_not_read(town: World) -> None:
    town.give("person:leeds/hana", "manage", "leeds/legal")
    town.give("person:leeds/mo", "read", "leeds/legal")
    node = town.add_thread("leeds/legal", "KESTREL", "leeds/hana", "KESTREL")
    report(Desk(town, "leeds/mo"), f"/threads/{node.removeprefix('thread:')}", number=1)
    ada = Desk(town, "leeds/ada")
    assert "Nothing waits" in ada.see("/reports")
    assert "reported" not in ada.see("/")
    ada.see(f"/reports/{rows(town)[0].id}", 404)


def test_of_two_at_once_the_second_sees_what_was_done(town: World, here: str) -> None:
    report(Desk(town, "york/bo"), here)
    hana, mo = Desk(town, "leeds/hana"), Desk(town, "leeds/mo")
    address = case(hana)
    mo.see(address)
    hana.fill(address, **{"leave-note": "It is blunt"})
    form = next(form for form in mo.page.iter("form") if form.get("action") == f"{address}/withdraw")
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    page = mo.send(f"{address}/withdraw", 409, **(fields | {"withdraw-note": "Rude"}))
    assert "Hana Iqbal of Leeds City Council left it as it is" in page
    assert "It is blunt" in page
    assert RUDE in mo.see(here)


def test_a_post_that_is_edited_meanwhile_is_shown_anew_before_anything_is_done(town: World, here: str) -> None:
    report(Desk(town, "york/bo"), here)
    hana, ann = Desk(town, "leeds/hana"), Desk(town, "leeds/ann")
    address = case(hana)
    hana.see(address)
    form = next(form for form in hana.page.iter("form") if form.get("action") == f"{address}/withdraw")
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    ann.fill(f"{here}/posts/2/edit", body="Sorry.")
    page = hana.send(f"{address}/withdraw", 409, **(fields | {"withdraw-note": "Rude"}))
    assert "The post was edited meanwhile." in page
    assert "It was edited since" in page
    assert hana.page.get_element_by_id("withdraw-note").get("value") == "Rude"
    assert "Sorry." in Desk(town, "york/bo").see(here)


def test_a_post_that_is_edited_after_it_was_decided_can_be_reported_anew(town: World, here: str) -> None:
    bo, hana = Desk(town, "york/bo"), Desk(town, "leeds/hana")
    report(bo, here)
    hana.fill(case(hana), **{"leave-note": "It is blunt"})
    assert "You reported this before" in bo.send(f"{here}/posts/2/report", why="abuse", words="Still")
    Desk(town, "leeds/ann").fill(f"{here}/posts/2/edit", body="You are worse than fools.")
    assert "You are worse than fools." in bo.see(f"{here}/posts/2/report")
    assert "It waits for an answer." in report(bo, here, words="Worse")
    assert "Worse" in hana.see(case(hana))
    assert [(row.words, row.revision, row.outcome) for row in rows(town)] == [("Worse", 2, "")]


def test_a_post_that_its_author_withdraws_waits_for_nobody_and_bo_is_told(town: World, here: str) -> None:
    bo, hana = Desk(town, "york/bo"), Desk(town, "leeds/hana")
    report(bo, here)
    Desk(town, "leeds/ann").fill(f"{here}/posts/2/withdraw", reason="I regret it")
    assert "Nothing waits" in hana.see("/reports")
    assert "that you reported was withdrawn: I regret it" in bo.see("/notices")


def test_a_comment_on_a_document_is_reported_too(town: World) -> None:
    document = town.add_document("leeds/forum", "Flood plan")
    town.post(document, "leeds/ann", RUDE)
    bo, hana = Desk(town, "york/bo"), Desk(town, "leeds/hana")
    there = f"/documents/{document.removeprefix('doc:')}"
    report(bo, there, number=1)
    assert "Comments on “Flood plan”" in hana.see("/reports")
    hana.fill(case(hana), **{"withdraw-note": "Rude"})
    assert "who manages this: Rude" in bo.see(f"{there}/comments")


def test_a_report_that_waits_too_long_is_marked_by_the_days_of_its_organisation(town: World, here: str) -> None:
    report(Desk(town, "york/bo"), here)
    hana = Desk(town, "leeds/hana")
    assert "Overdue" not in hana.see("/reports")
    town.parts.clock.move(days=2, minutes=1)
    hana = Desk(town, "leeds/hana")
    assert "Overdue" in hana.see("/reports")
    Desk(town, "leeds/ada").fill("/admin/leeds/terms", answer_within="5")
    assert "Overdue" not in hana.see("/reports")
    assert "within 5 working days" in Desk(town, "acme/gus").see(f"{here}/posts/2/report")


def test_a_report_whose_manager_goes_reaches_the_administrators(town: World) -> None:
    grant = town.give("person:leeds/mo", "manage", "leeds/lone")
    node = town.add_thread("leeds/lone", "Rents", "leeds/ann", RUDE, sort="discussion")
    report(Desk(town, "leeds/hana"), f"/threads/{node.removeprefix('thread:')}", number=1)
    assert watch_round(town.parts) == 0
    assert "Nothing waits" in Desk(town, "leeds/ada").see("/reports")
    town.take_back(grant)
    assert watch_round(town.parts) == 1
    assert "Offensive" in Desk(town, "leeds/ada").see("/reports")
    town.give("person:leeds/mo", "manage", "leeds/lone")
    assert "Offensive" in Desk(town, "leeds/mo").see("/reports")


def test_reports_are_forgotten_a_year_after_they_were_answered(town: World, here: str) -> None:
    report(Desk(town, "york/bo"), here)
    hana = Desk(town, "leeds/hana")
    hana.fill(case(hana), **{"leave-note": "It stays"})
    town.parts.clock.move(days=360)
    assert forget_round(town.parts) == 0
    town.parts.clock.move(days=6)
    assert forget_round(town.parts) == 1
    assert rows(town) == []


def test_a_document_that_is_deleted_takes_its_reports_along(town: World) -> None:
    document = town.add_document("leeds/forum", "Flood plan", owner="person:leeds/hana", state="draft")
    town.post(document, "leeds/ann", RUDE)
    here = f"/documents/{document.removeprefix('doc:')}"
    report(Desk(town, "leeds/mo"), here, number=1)
    hana = Desk(town, "leeds/hana")
    hana.see(f"{here}/delete")
    hana.press("Delete the draft")
    hana.see(here, 404)
    assert rows(town) == []


def test_working_days_leave_weekends_out() -> None:
    friday = datetime(2026, 10, 23, 9, tzinfo=UTC)
    assert working_days_after(friday, 1).date().isoformat() == "2026-10-26"
    assert working_days_after(friday.replace(day=24), 1).date().isoformat() == "2026-10-27"
    assert working_days_after(friday.replace(day=20), 2).date().isoformat() == "2026-10-22"


@pytest.fixture
def mailed(town: World) -> World:
    """Where everybody has an address."""
    with town.work() as uow:
        for person in uow.session.scalars(select(Person)):
            person.email = f"{person.handle.replace('/', '.')}@example.org"
    return town


def letters(town: World) -> list[tuple[str, str]]:
    """Whom letters went to, and what these say; for none of them is anybody named."""
    with town.parts.database.reading() as session:
        wanted = select(Person.handle, SentLetter).join(Person, Person.id == SentLetter.person_id)
        found = [(handle, f"{row.subject}: {row.lines} {row.why}") for handle, row in session.execute(wanted)]
    for _, words in found:
        assert not any(name in words for name in ("Bo Reed", "Gus", "Ann", "Hana", "wardens", "fools", "forum"))
    return sorted((handle, words.partition(":")[0]) for handle, words in found)


def acts(town: World) -> list[tuple[str, str, str]]:
    """What the audit has of posts: who did what, and in which organisation."""
    with town.parts.database.reading() as session:
        wanted = select(AuditEntry.actor, AuditEntry.act, Place.path).join(
            Place, Place.id == AuditEntry.organisation_id
        )
        some = session.execute(wanted.where(AuditEntry.act.startswith("post:")).order_by(AuditEntry.id))
        return [(actor, act, path) for actor, act, path in some]


def test_what_was_decided_is_told_by_letter_to_whom_it_concerns(mailed: World, here: str) -> None:
    """Who reported it hears that it was looked at, who wrote it that it was withdrawn: neither learns of the other."""
    report(Desk(mailed, "york/bo"), here)
    report(Desk(mailed, "acme/gus"), here)
    hana = Desk(mailed, "leeds/hana")
    hana.fill(case(hana), **{"withdraw-note": "It insults colleagues"})
    looked = "What you reported was looked at"
    assert letters(mailed) == [
        ("acme/gus", looked),
        ("leeds/ann", "Something that you wrote was withdrawn"),
        ("york/bo", looked),
    ]
    assert acts(mailed)[-1] == ("leeds/hana", "post:moderate", "leeds")


def test_what_stays_as_it_is_is_told_to_nobody_but_who_reported_it(mailed: World, here: str) -> None:
    report(Desk(mailed, "york/bo"), here)
    hana = Desk(mailed, "leeds/hana")
    hana.fill(case(hana), **{"leave-note": "It is blunt"})
    assert letters(mailed) == [("york/bo", "What you reported was looked at")]


def test_a_manager_who_withdraws_it_without_the_list_tells_the_same_people(mailed: World, here: str) -> None:
    report(Desk(mailed, "york/bo"), here)
    Desk(mailed, "leeds/hana").fill(f"{here}/posts/2/withdraw", reason="It insults colleagues")
    assert [handle for handle, _ in letters(mailed)] == ["leeds/ann", "york/bo"]


def test_the_audit_of_both_organisations_has_what_a_manager_took_away(town: World, here: str) -> None:
    """What somebody withdraws of their own is no such thing."""
    Desk(town, "leeds/hana").fill(f"{here}/posts/1/withdraw", reason="It names a resident")
    Desk(town, "leeds/ann").fill(f"{here}/posts/2/withdraw", reason="I regret it")
    *moderated, own = acts(town)
    assert sorted(moderated) == [("leeds/hana", "post:moderate", "leeds"), ("leeds/hana", "post:moderate", "york")]
    assert own == ("leeds/ann", "post:withdraw", "leeds")
