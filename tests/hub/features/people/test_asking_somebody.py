"""Asking somebody: where one may write and they may read, so that others find the answer too."""

from datetime import date

from sqlalchemy import select

from hub.access.models import Person
from hub.features.hearing.telling import tell_round
from hub.nouns.talk.models import Notice
from tests.hub.features.people.conftest import LEEDS, Desk, place_id
from tests.hub.world import World

HERE = "/ask/york/priya"


def offered(desk: Desk, address: str = HERE) -> list[str]:
    desk.see(address)
    return [link.get("href") for link in desk.page.xpath("//main//ul[contains(@class, 'hub-cards')]//a")]


def test_a_space_that_both_read_and_the_asker_writes_in_is_offered_and_leads_to_the_form(town: World) -> None:
    forum = place_id(town, "leeds/forum")
    ann = Desk(town, "leeds/ann")
    assert "Ask Priya Nair" in ann.see("/people/york/priya")
    assert offered(ann) == [f"/talk/{forum}/new?kind=question&tell=york/priya"]
    assert "Ask a question" in ann.see(f"/talk/{forum}/new?kind=question")


def test_where_only_one_of_them_may_nothing_is_offered(town: World) -> None:
    """Legal, which Ann does not read; a space in which she may only read; one that Priya does not read."""
    town.add_space("york/reading", "restricted", name="Only to read")
    town.add_space("leeds/own", "private", name="Of Leeds")
    town.give("person:leeds/ann", "edit", "leeds/own")
    assert offered(Desk(town, "leeds/ann")) == [
        f"/talk/{place_id(town, 'leeds/forum')}/new?kind=question&tell=york/priya"
    ]
    assert "Of Leeds" not in Desk(town, "leeds/ann").see(HERE)


def test_the_spaces_that_both_belong_to_come_first_and_there_are_five_at_most(town: World) -> None:
    for name in "abcdef":
        town.add_space(f"leeds/{name}")
        town.give("org:leeds", "edit", f"leeds/{name}")
    town.add_space("leeds/ours", "private", name="Zz ours")
    for who in ("leeds/ann", "york/priya"):
        town.give(f"person:{who}", "edit", "leeds/ours")
    ann = offered(Desk(town, "leeds/ann"))
    assert len(ann) == 5
    assert ann[0] == f"/talk/{place_id(town, 'leeds/ours')}/new?kind=question&tell=york/priya"
    assert all(Desk(town, "leeds/ann").see(each) for each in ann)


def test_where_there_is_none_it_says_so(town: World) -> None:
    town.set_policy("leeds", "allow,all-staff,read,leeds,up to OFFICIAL,published,-,Open to the sector")
    town.set_audience("leeds/forum", "restricted")
    assert "There is no space in which you can write" in Desk(town, "leeds/ann").see(HERE)


def test_whoever_is_hidden_is_not_there_and_nobody_asks_themselves(town: World) -> None:
    ann = Desk(town, "leeds/ann")
    assert ann.see("/ask/hull/hal", 404) == ann.see("/ask/hull/nobody", 404)
    ann.see("/ask/leeds/ann", 404)


def test_who_is_in_a_closed_space_is_not_told_to_whoever_writes_there_by_a_line_of_policy(town: World) -> None:
    """Ann writes in Quiet by a line for her council, and is no member; Sam is; that Priya is one is for members."""
    town.add_space("leeds/quiet", "private", name="Quiet")
    line = "allow,org:leeds,comment,leeds/quiet,up to OFFICIAL,published,-,Staff may ask there"
    town.set_policy("leeds", *LEEDS, line)
    before = offered(Desk(town, "leeds/ann"))
    for who in ("leeds/sam", "york/priya"):
        town.give(f"person:{who}", "edit", "leeds/quiet")
    quiet = f"/talk/{place_id(town, 'leeds/quiet')}/new?kind=question&tell=york/priya"
    assert "Ask a question" in Desk(town, "leeds/ann").see(quiet)
    assert offered(Desk(town, "leeds/ann")) == before
    assert quiet in offered(Desk(town, "leeds/sam"))


def test_where_a_guest_was_admitted_is_told_to_members_only(town: World) -> None:
    town.set_policy("acme", "allow,all-staff,read,acme,up to OFFICIAL,published,-,Whoever works with us may know us")
    town.give("guest:acme/gus", "read", "leeds/forum", source="guest", until=date(2027, 1, 1))
    assert offered(Desk(town, "leeds/ann"), "/ask/acme/gus") == []
    town.give("person:leeds/ann", "comment", "leeds/forum")
    assert len(offered(Desk(town, "leeds/ann"), "/ask/acme/gus")) == 1


def ask(desk: Desk, address: str, **fields: str) -> str:
    """Post a question by the form at an address, as it stands but for these fields."""
    desk.see(address)
    form = next(each for each in desk.page.forms if each.get("action", "").startswith("/talk/"))
    sent = {name: value or "" for name, value in form.form_values()}
    return desk.send(
        form.get("action"), **sent | {"name": "Who has silt sensors?", "body": "We look for some."} | fields
    )


def told(world: World) -> list[tuple[str, str]]:
    """Who heard of something, and why."""
    tell_round(world.parts)
    with world.parts.database.reading() as session:
        rows = session.execute(select(Person.handle, Notice.because).join(Notice, Notice.person_id == Person.id))
        return sorted((handle, because) for handle, because in rows)


def test_whoever_is_asked_is_told_of_the_question(town: World) -> None:
    ann = Desk(town, "leeds/ann")
    (address,) = offered(ann)
    ann.see(address)
    assert ann.page.xpath("//input[@name='tell']/@value") == ["Priya Nair"]
    assert "Who has silt sensors?" in ask(ann, address)
    assert told(town) == [("york/priya", "told")]


def test_of_two_with_one_name_just_the_one_is_told_who_was_asked(town: World) -> None:
    town.add_person("york/another", name="Priya Nair")
    ann = Desk(town, "leeds/ann")
    (address,) = offered(ann)
    ask(ann, address)
    assert told(town) == [("york/priya", "told")]


def test_nobody_is_named_in_the_form_whom_the_asker_may_not_see(town: World) -> None:
    ann, forum = Desk(town, "leeds/ann"), place_id(town, "leeds/forum")
    for handle in ("hull/hal", "hull/nobody"):
        ann.see(f"/talk/{forum}/new?kind=question&tell={handle}")
        assert not ann.page.xpath("//input[@name='tell' and @value!=''] | //input[@name='tell_is']")
