"""A place with more members than fit a page: turned, found by name, and changed without losing one's place."""

from datetime import date, timedelta

import pytest
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.models import Grant, Person
from tests.hub.features.sharing.conftest import agree, grants, place_id, undo, words
from tests.hub.world import World

MOST_QUERIES = 15


def crowd(town: World, many: int, *, over: int = 0) -> str:
    """So many people of York as members of Leeds' housing space, the last added first in the list; its page."""
    node = place_id(town, "leeds/housing")
    with town.work() as uow:
        bo = uow.session.scalars(select(Person).where(Person.handle == "york/bo")).one()
        leeds = uow.session.scalars(select(Grant.organisation_id).where(Grant.node == node)).first()
        for number in range(many + over):
            uow.session.add(
                Person(
                    id=f"m{number:04}",
                    organisation_id=bo.organisation_id,
                    handle=f"york/m{number:04}",
                    kind="staff",
                    name=f"Member No {number:04}",
                    status="active",
                    access_epoch=1,
                    created_at=uow.now,
                )
            )
            uow.session.add(
                Grant(
                    id=f"g{number:04}",
                    principal=f"person:york/m{number:04}",
                    can="read",
                    node=node,
                    organisation_id=leeds,
                    until=None if number < many else date(2026, 10, 1) - timedelta(days=many + over - number),
                    source="membership",
                    given_by="leeds/lee",
                    reason="For a test",
                    created_at=uow.now + timedelta(seconds=number + 1),
                )
            )
    town.parts.clock.move(hours=1)
    return f"/members/{node}"


def listed(response: TestResponse, section: str = "members") -> list[str]:
    """The names that a list of the page shows."""
    rows = html.fromstring(response.text).xpath(f"//section[@aria-labelledby='{section}']//tbody/tr/th")
    return [" ".join(row.xpath("text() | a/text()")[0].split()) for row in rows]


@pytest.mark.parametrize("many", [60, 600])
def test_a_page_shows_fifty_members_in_few_queries_however_many_there_are(
    town: World, queries: list[str], many: int
) -> None:
    here = crowd(town, many, over=many)
    mo = town.client("leeds/mo")
    mo.get(here)
    for address in (here, f"{here}?page=2", f"{here}?q=no+00", f"{here}?find=bo"):
        queries.clear()
        page = mo.get(address)
        assert page.status_code == 200
        assert len(queries) <= MOST_QUERIES, (address, len(queries), queries)
        assert len(listed(page)) <= 50
        assert len(listed(page, "over")) <= 50
    first = mo.get(here)
    assert listed(first) == [f"Member No {number:04}" for number in range(many - 1, many - 51, -1)]
    assert f"1 to 50 of {many + 1}, the newest first" in words(first)
    newest = range(2 * many - 1, 2 * many - 51, -1)
    assert listed(first, "over") == [f"Member No {number:04}" for number in newest]
    assert f"These are the latest 50 of {many}" in words(first)


def test_the_pages_hold_everybody_once_and_one_beyond_the_end_is_the_last(town: World) -> None:
    here = crowd(town, 110)
    mo = town.client("leeds/mo")
    found = [name for page in (1, 2, 3) for name in listed(mo.get(f"{here}?page={page}"))]
    assert sorted(found) == sorted([*(f"Member No {number:04}" for number in range(110)), "Mo"])
    assert listed(mo.get(f"{here}?page=99")) == listed(mo.get(f"{here}?page=3"))
    assert mo.get(f"{here}?page=none").status_code == 400


def test_members_are_found_by_the_name_that_the_list_shows_whatever_they_are(town: World) -> None:
    """People, guests, groups and organisations, among those that hold and those that are over; signs are no jokers."""
    here = crowd(town, 60, over=1)
    town.give("org:york", "read", "leeds/housing")
    town.give("group:leeds/legal", "read", "leeds/housing")
    town.give("guest:acme/gus", "read", "leeds/housing", until=date(2026, 12, 1))
    mo = town.client("leeds/mo")
    assert listed(mo.get(f"{here}?q=no+0007")) == ["Member No 0007"]
    assert listed(mo.get(f"{here}?q=EVERYONE+at+york")) == ["Everyone at York City Council"]
    assert listed(mo.get(f"{here}?q=legal")) == ["leeds/legal"]
    assert listed(mo.get(f"{here}?q=gus")) == ["Gus"]
    assert listed(mo.get(f"{here}?q=0060"), "over") == ["Member No 0060"]
    for nobody in ("%25", "_", "For+a+test", "zed"):
        page = mo.get(f"{here}?q={nobody}")
        assert listed(page) == []
        assert "No member matches." in words(page)
    assert "page=2&amp;q=" not in mo.get(f"{here}?q=no+0007").text
    assert "q=member&amp;page=2" in mo.get(f"{here}?q=member").text


def test_a_short_list_has_no_box_to_search_it(town: World) -> None:
    here = f"/members/{place_id(town, 'leeds/housing')}"
    assert 'id="members-q"' not in town.client("leeds/mo").get(here).text
    crowd(town, 12)
    assert 'id="members-q"' in town.client("leeds/mo").get(here).text


def test_whoever_takes_one_out_on_the_second_page_stays_on_it_and_so_does_the_undo(town: World) -> None:
    here = crowd(town, 110)
    mo, second = town.client("leeds/mo"), f"{here}?page=2"
    before = listed(mo.get(second))
    form = next(f for f in html.fromstring(mo.get(second).text).iter("form") if "Remove" in f.text_content())
    gone = agree(mo, mo.post(form.get("action"), data=dict(form.form_values())))
    assert gone.location == second
    mo.post(form.get("action"), data=dict(form.form_values()))  # pressed twice
    assert len(grants(town, "leeds/housing")) == 110
    back = undo(mo, second)
    assert (agree(mo, back) if back.status_code == 200 else back).location == second
    assert listed(mo.get(second)) == before


def test_a_member_found_by_name_and_changed_stands_first_and_cancelling_leads_back(town: World) -> None:
    here = crowd(town, 110)
    mo = town.client("leeds/mo")
    form = mo.get(
        html.fromstring(mo.get(f"{here}?q=no+00&page=2").text).xpath("//td/a[contains(., 'Change')]/@href")[0]
    )
    cancel = html.fromstring(form.text).xpath("//a[text()='Cancel']/@href")
    assert cancel == [f"{here}?q=no+00&page=2"]
    sent = html.fromstring(form.text).xpath("//form[.//input[@name='role']]")[0]
    wrong = mo.post(sent.action, data=dict(sent.form_values()) | {"until": "never"})
    assert html.fromstring(wrong.text).xpath("//a[text()='Cancel']/@href") == cancel
    done = mo.post(sent.action, data=dict(sent.form_values()) | {"role": "editor"})
    done = agree(mo, done) if done.status_code == 200 else done
    assert done.location == f"{here}?q=no+00"
    changed = next(grant for grant in grants(town, "leeds/housing") if grant.can == "edit").principal
    assert listed(mo.get(done.location))[0] == f"Member No {changed[-4:]}"
    assert listed(mo.get(here))[0] == f"Member No {changed[-4:]}"
