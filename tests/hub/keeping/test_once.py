"""What a form makes is made once, however often and however fast it is sent."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from hub.access.models import Grant, Group, Person, Place
from hub.features.asking.models import AccessRequest
from hub.ground.db import Base
from hub.keeping.models import AnsweredSheet
from hub.keeping.once import TWICE, tidy
from hub.nouns.documents.models import Document
from tests.hub.keeping.conftest import LEEDS, place_id
from tests.hub.sheets import Sheet
from tests.hub.world import World

AT_ONCE = 4
MADE = (Document, Place, Person, Group, Grant, AccessRequest)


def counted(world: World) -> dict[str, int]:
    """How many there are of all that people make."""
    with world.parts.database.reading() as session:
        return {each.__tablename__: session.scalar(select(func.count()).select_from(each)) or 0 for each in MADE}


def opened(browser: FlaskClient, address: str, action: str = "") -> Sheet:
    return Sheet(browser.get(address), action or address.partition("?")[0])


def agreed(browser: FlaskClient, sheet: Sheet, **fields: Any) -> Sheet:
    """The sheet of the page that asks before it is done."""
    answer = sheet.send(browser, **fields)
    assert answer.status_code == 200, answer.text
    return Sheet(answer, sheet.action.partition("?")[0])


def test_each_form_that_makes_something_makes_it_once(town: World) -> None:
    """Mo presses twice, everywhere. The second answer leads to where the first did."""
    mo = town.client("leeds/mo")
    housing, leeds = place_id(town, "leeds/housing"), place_id(town, "leeds")
    upload, people = f"/upload/{housing}", "/admin/leeds/people"
    guest = {"firm": "acme", "name": "Gus", "email": "gus@acme.example", "space": housing, "role": "reader"}
    guest |= {"reason": "Flood walls", "until": "2027-03-31", "sponsor": "mo"}
    table = {"text": "name,email\nIda,ida@leeds.example\nJo,jo@leeds.example", "do": "check"}
    new_space = {"name": "Roads", "slug": "roads", "audience": "private", "marking": "OFFICIAL"}
    forms: list[tuple[dict[str, int], str, dict[str, Any], dict[str, Any] | None]] = [
        ({"documents": 1}, f"{upload}?as=text", {"name": "Plan", "body": "Sandbags."}, None),
        ({"documents": 1}, upload, {"state": "draft", "file": b"words"}, None),
        ({"people": 1}, f"{people}/add", {"name": "Ida Berg", "email": "i@leeds.example"}, None),
        ({"groups": 1}, "/admin/leeds/groups", {"name": "Clerks"}, None),
        ({"access_requests": 1}, "/ask-for-access", {"address": "x/y", "reason": "Work"}, None),
        ({"places": 1, "grants": 1}, f"/make/{leeds}?kind=space", new_space, {}),
        ({"grants": 1}, f"/members/{housing}/add?who=person:leeds/hana", {"role": "reader", "reason": "Work"}, None),
        ({"people": 1, "grants": 1}, "/admin/leeds/guests/add", guest, {}),
        ({"people": 2}, f"{people}/import", table, {"do": "add"}),
    ]
    for made, name, typed, then in forms:
        sheet, sent, before = opened(mo, name), typed, counted(town)
        if then is not None:  # it is asked about first
            sheet, sent = agreed(mo, sheet, **typed), then
        first, second = (sheet.send(mo, **with_file(sent)) for _ in range(2))
        now = counted(town)
        assert {k: now[k] - before[k] for k in now if now[k] != before[k]} == made, name
        assert second.status_code == 303, (name, second.status_code)
        if first.status_code == 303:
            assert second.headers["Location"] == first.headers["Location"], name
        assert mo.get(second.headers["Location"]).status_code == 200, name


def with_file(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with a fresh file where one is sent: sending it closes it."""
    return {k: (io.BytesIO(v), "a.txt") if isinstance(v, bytes) else v for k, v in fields.items()}


def test_two_equal_ones_at_once_make_one_document(town: World) -> None:
    """A double click, or a slow line and a second try: the database decides, not a look before."""
    here = f"/upload/{place_id(town, 'leeds/housing')}"
    hana = town.client("leeds/hana")
    sheet = opened(hana, f"{here}?as=text")
    name = town.app.config["SESSION_COOKIE_NAME"]
    cookies = hana.get_cookie(name)
    assert cookies is not None
    together = Barrier(AT_ONCE)

    def press() -> tuple[int, str]:
        browser = town.app.test_client()
        browser.set_cookie(name, cookies.value, domain="localhost")
        together.wait()
        answer = sheet.send(browser, name="Plan", body="Sandbags.")
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = {each.result() for each in [pool.submit(press) for _ in range(AT_ONCE)]}
    assert counted(town)["documents"] == 1
    told = {location for status, location in answers if status == 303}
    assert len(told) == 1
    assert answers - {(303, *told)} <= {(429, "")}  # of very many at once some are asked to wait


def test_hana_is_told_goes_back_and_what_she_writes_then_is_another_document(town: World) -> None:
    """Only what is the same in every field is a repetition: going back and writing on loses nothing."""
    hana = town.client("leeds/hana")
    sheet = opened(hana, f"/upload/{place_id(town, 'leeds/housing')}?as=text")
    first = sheet.send(hana, name="Plan", body="Sandbags.")
    hana.get(first.headers["Location"])
    again = sheet.send(hana, name="Plan", body="Sandbags.")
    assert TWICE in hana.get(again.headers["Location"]).text
    other = sheet.send(hana, name="Plan", body="Sandbags, and pumps.")
    assert other.headers["Location"] != first.headers["Location"]
    assert counted(town)["documents"] == 2
    assert opened(hana, f"{sheet.action}?as=text").send(hana, name="Plan", body="Sandbags.").status_code == 303
    assert counted(town)["documents"] == 3  # she opened the form anew: she wants two


def test_a_repeated_answer_is_judged_again(town: World) -> None:
    hana = town.client("leeds/hana")
    sheet = opened(hana, f"/upload/{place_id(town, 'leeds/housing')}?as=text")
    assert sheet.send(hana, name="Plan", body="Sandbags.").status_code == 303
    town.set_policy("leeds", "deny,person:leeds/hana,read,leeds/housing,any,any,-,Hana works elsewhere now", *LEEDS)
    again = sheet.send(hana, name="Plan", body="Sandbags.")
    assert again.status_code == 404
    assert "Location" not in again.headers


def test_what_went_wrong_the_first_time_may_be_sent_again(town: World) -> None:
    """And a clash of two texts counts as not done, whoever presses twice."""
    document = town.add_document("leeds/housing", "Plan", "One", owner="person:leeds/hana")
    hana, ivo = town.client("leeds/hana"), town.client("leeds/ivo")
    here = f"/documents/{document.removeprefix('doc:')}/edit"
    mine = opened(hana, here)
    assert opened(ivo, here).send(ivo, body="Two, by Ivo").status_code == 303
    for _ in range(2):
        assert mine.send(hana, body="Two, by Hana").status_code == 409
    assert Sheet(mine.send(hana, body="Two, by Hana"), here).send(hana).status_code == 303
    with town.parts.database.reading() as session:
        assert session.get_one(Document, document.removeprefix("doc:")).number == 3


def test_answered_sheets_are_forgotten_after_two_days(town: World) -> None:
    hana = town.client("leeds/hana")
    opened(hana, f"/upload/{place_id(town, 'leeds/housing')}?as=text").send(hana, name="Plan", body="Sandbags.")
    town.parts.clock.move(days=1, hours=23)  # type: ignore[attr-defined]
    assert tidy(town.parts) == 0
    town.parts.clock.move(hours=2)  # type: ignore[attr-defined]
    assert tidy(town.parts) == 1
    assert rows(town, AnsweredSheet) == 0


def rows(world: World, table: type[Base]) -> int:
    with world.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
