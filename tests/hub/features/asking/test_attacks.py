"""Requests taken back."""

from tests.hub.features.asking.conftest import Town, agree, link_to

GRANT = {"role": "editor", "until": "", "reason": "Joint flood plan"}


def test_taking_an_answer_back_leaves_them_what_they_had_before(town: Town) -> None:
    """Cy was a reader of what is published; Mo makes her an editor, and thinks better of it."""
    had = town.world.give("person:york/cy", "read", town.plan)
    town.clock.move(hours=1)
    town.world.mark(town.plan, "OFFICIAL", "archived")
    request = town.asked("york/cy", link_to(town.plan))
    town.world.mark(town.plan, "OFFICIAL", "published")
    town.clock.move(minutes=1)
    mo = town.client("leeds/mo")
    assert agree(mo, mo.post(f"/requests/{request}", data=GRANT)).status_code == 303
    town.clock.move(minutes=1)
    assert mo.post(f"/requests/{request}/reopen").status_code == 303
    assert [grant.id for grant in town.grants("york/cy")] == [had]


def test_what_somebody_took_back_meanwhile_does_not_return_with_the_answer(town: Town) -> None:
    """Dee was faster: she ended what Mo gave, so that taking the answer back gives nothing."""
    town.world.give("person:york/cy", "read", town.plan)
    town.world.mark(town.plan, "OFFICIAL", "archived")
    request = town.asked("york/cy", link_to(town.plan))
    town.world.mark(town.plan, "OFFICIAL", "published")
    town.clock.move(minutes=1)
    mo = town.client("leeds/mo")
    assert agree(mo, mo.post(f"/requests/{request}", data=GRANT)).status_code == 303
    town.clock.move(minutes=1)
    town.world.take_back(town.grants("york/cy")[0].id)
    assert mo.post(f"/requests/{request}/reopen").status_code == 303
    assert town.grants("york/cy") == []
