"""Several things changed at once: each is decided for itself, all are asked about together, and undone together."""

import time
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.models import Place
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from tests.hub.once import Begin
from tests.hub.world import World

POLICY = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,document-owner,read,leeds,any,any,-,Authors see their own",
    "allow,person:leeds/mo,manage,leeds/housing,any,any,-,Mo keeps housing",
    "allow,person:leeds/mo,manage,leeds/attic,any,any,-,Mo keeps the attic",
)
ABSENT = "doc:zzzzzzzzzzzz"


def the_town(world: World) -> None:
    """Leeds, whose housing Mo edits, but for what only Zoe keeps; Ann reads."""
    world.add_organisation("leeds", *POLICY)
    for handle in ("leeds/mo", "leeds/ann", "leeds/zoe"):
        world.add_person(handle, name=handle.partition("/")[2].capitalize())
    for path in ("leeds/housing", "leeds/attic", "leeds/vault"):
        world.add_space(path, "restricted", name=path.partition("/")[2].capitalize())


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def place_id(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == path)).one()


def seen_of(world: World, *nodes: str) -> list[tuple[str, str, str]]:
    """Where each lies, and what it is."""
    with world.parts.database.reading() as session:
        found = [session.get_one(Document, node.removeprefix("doc:")) for node in nodes]
        return [(session.get_one(Place, each.place_id).path, each.marking, each.state) for each in found]


def words(answer: TestResponse) -> str:
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def send(browser: FlaskClient, address: str, nodes: list[str], **fields: str) -> TestResponse:
    return posted(browser, address, [*(("thing", node) for node in nodes), *fields.items()])


def posted(browser: FlaskClient, address: str, fields: list[tuple[str, str]]) -> TestResponse:
    """Send a form that may name a field more than once."""
    return browser.post(address, data=urlencode(fields), content_type="application/x-www-form-urlencoded")


def press(browser: FlaskClient, answer: TestResponse, button: str) -> TestResponse:
    """Press a button of a page, with all that its form holds."""
    forms = html.fromstring(answer.text).xpath("//main//form")
    form = next(f for f in forms if button in [b.text_content() for b in f.iter("button")])
    fields = [(i.get("name"), i.get("value")) for i in form.iter("input") if i.get("type") == "hidden"]
    return posted(browser, form.get("action"), fields)


def test_mo_moves_what_she_may_and_is_told_of_each_that_stays_and_of_who_gains(town: World) -> None:
    """One is hidden from her and one is not there: both are told alike. Then all is as before by one button."""
    mine = [town.add_document("leeds/housing", f"Plan {n}") for n in range(3)]
    hidden = town.add_document("leeds/housing", "Merger", marking="OFFICIAL-SENSITIVE")
    town.set_policy("leeds", *POLICY, "deny,person:leeds/mo,read,leeds,only OFFICIAL-SENSITIVE,any,-,Not Mo")
    kept = town.add_document("leeds/housing", "Kept")
    town.set_policy(
        "leeds",
        *POLICY,
        "deny,person:leeds/mo,read,leeds,only OFFICIAL-SENSITIVE,any,-,Not Mo",
        f"deny,person:leeds/mo,edit,{kept},any,any,-,Not this one",
    )
    housing, attic = place_id(town, "leeds/housing"), place_id(town, "leeds/attic")
    town.give("person:leeds/zoe", "read", "leeds/attic")
    mo = town.client("leeds/mo")
    where = send(mo, f"/files/{housing}/move", [*mine, kept, hidden, ABSENT])
    assert where.status_code == 200
    assert "Attic" in words(where)
    assert "Vault" not in words(where)
    assert "Merger" not in where.text
    question = send(mo, f"/files/{housing}/move", [*mine, kept, hidden, ABSENT], to=attic)
    assert "Move 3 documents to “Attic”?" in words(question)
    assert "“Kept” stays as it is: you may not change it." in words(question)
    assert "2 things that you chose: not here any more." in words(question)
    assert seen_of(town, *mine) == [("leeds/housing", "OFFICIAL", "published")] * 3
    done = press(mo, question, "Move")
    assert "3 documents moved, 3 not" in words(done)
    assert "Kept: you may not change it" in words(done)
    assert "2 are not here any more" in words(done)
    assert "Merger" not in done.text
    assert seen_of(town, *mine, kept) == [("leeds/attic", "OFFICIAL", "published")] * 3 + [
        ("leeds/housing", "OFFICIAL", "published")
    ]
    back = press(mo, done, "Undo")
    back = press(mo, back, "Undo") if "Undo: make" in words(back) else back
    assert "3 documents as they were before" in words(back)
    assert seen_of(town, *mine) == [("leeds/housing", "OFFICIAL", "published")] * 3


def test_hidden_and_absent_things_answer_alike_in_every_act(town: World) -> None:
    hidden = town.add_document("leeds/housing", "Merger", marking="OFFICIAL-SENSITIVE")
    town.set_policy("leeds", *POLICY, "deny,person:leeds/mo,read,leeds,only OFFICIAL-SENSITIVE,any,-,Not Mo")
    housing, attic = place_id(town, "leeds/housing"), place_id(town, "leeds/attic")
    mo = town.client("leeds/mo")
    marks: tuple[dict[str, str], ...] = ({}, {"marking": "PUBLIC"})
    plain: tuple[tuple[str, dict[str, str]], ...] = (("archive", {}), ("publish", {}), ("zip", {}))
    for act, fields in (("move", {"to": attic}), *(("mark", each) for each in marks), *plain):
        both = [send(mo, f"/files/{housing}/{act}", [node], **fields) for node in (hidden, ABSENT)]
        texts = [answer.text.replace(node, "") for answer, node in zip(both, (hidden, ABSENT), strict=True)]
        assert both[0].status_code == both[1].status_code, act
        assert len(texts[0]) == len(texts[1]), act
        assert "Merger" not in texts[0]
    mo.get("/")  # what was said is read
    undo = [
        mo.post(f"/files/{housing}/undo", data={"was": f"{node} OFFICIAL draft {housing}"}) for node in (hidden, ABSENT)
    ]
    assert words(undo[0]) == words(undo[1])
    assert seen_of(town, hidden) == [("leeds/housing", "OFFICIAL-SENSITIVE", "published")]


def test_marking_publishing_and_archiving_say_who_gains_and_who_loses_over_all_and_are_undone(town: World) -> None:
    drafts = [town.add_document("leeds/housing", f"Draft {n}", state="draft") for n in range(2)]
    plan = town.add_document("leeds/housing", "Plan")
    here, mo = f"/files/{place_id(town, 'leeds/housing')}", town.client("leeds/mo")
    question = send(mo, f"{here}/publish", [*drafts, plan])
    assert "This shows 2 documents to 2 people in 1 organisation who cannot read them now." in words(question)
    assert "“Plan” stays as it is: it is published." in words(question)
    done = press(mo, question, "Publish")
    assert "2 documents published, 1 not" in words(done)
    assert [state for _, _, state in seen_of(town, *drafts)] == ["published"] * 2
    assert "2 documents as they were before" in words(press(mo, done, "Undo"))
    assert [state for _, _, state in seen_of(town, *drafts)] == ["draft"] * 2
    question = send(mo, f"{here}/archive", [plan])
    assert "This takes 1 document from 2 people in 1 organisation." in words(question)
    press(mo, question, "Archive")
    assert seen_of(town, plan)[0][2] == "archived"
    question = send(mo, f"{here}/mark", drafts, marking="OFFICIAL-SENSITIVE")
    done = press(mo, question, "Mark 2 documents")
    assert "2 documents marked" in words(done)
    assert [marking for _, marking, _ in seen_of(town, *drafts)] == ["OFFICIAL-SENSITIVE"] * 2


def test_what_changed_meanwhile_is_asked_again_and_what_was_sent_twice_is_done_once(town: World) -> None:
    plans = [town.add_document("leeds/housing", f"Plan {n}") for n in range(2)]
    here, mo = f"/files/{place_id(town, 'leeds/housing')}", town.client("leeds/mo")
    question = send(mo, f"{here}/archive", plans)
    town.mark(plans[0], "PUBLIC")
    again = press(mo, question, "Archive")
    assert "Some of what you chose has changed." in words(again)
    assert [state for _, _, state in seen_of(town, *plans)] == ["published"] * 2
    first = press(mo, again, "Archive")
    assert "2 documents archived" in words(first)
    town.mark(plans[0], "PUBLIC")
    second = press(mo, again, "Archive")
    assert second.status_code == 303
    assert seen_of(town, plans[0])[0][2] == "published"


def test_nothing_and_too_much_are_refused_in_words_and_readers_are_told_what_they_may_not(town: World) -> None:
    plan = town.add_document("leeds/housing", "Plan")
    here = f"/files/{place_id(town, 'leeds/housing')}"
    mo, ann = town.client("leeds/mo"), town.client("leeds/ann")

    def told(nodes: list[str]) -> str:
        return words(mo.get(send(mo, f"{here}/archive", nodes).location))

    assert "Choose at least one document" in told([])
    many = [f"doc:{n:012}" for n in range(201)]
    assert "201 were chosen: change up to 200 at a time." in told(many)
    refused = send(ann, f"{here}/archive", [plan])
    assert "Nothing is archived" in words(refused)
    assert "Plan: you may not change it" in words(refused)
    assert seen_of(town, plan)[0][2] == "published"
    assert "Move" not in html.fromstring(ann.get(here).text).xpath("//main//form//button/text()")
    assert html.fromstring(ann.get(here).text).xpath("//main//form[@data-choosing]//button/text()") == ["Download"]


@pytest.mark.long
def test_two_hundred_at_once_are_decided_within_a_few_seconds(town: World) -> None:
    plans = [town.add_document("leeds/housing", f"Plan {n}") for n in range(200)]
    here, mo = f"/files/{place_id(town, 'leeds/housing')}", town.client("leeds/mo")
    began = time.perf_counter()
    question = send(mo, f"{here}/archive", plans)
    asked = time.perf_counter()
    done = press(mo, question, "Archive")
    finished = time.perf_counter()
    assert "200 documents archived" in words(done)
    assert (asked - began) < 8
    assert (finished - asked) < 15
