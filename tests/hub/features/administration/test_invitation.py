"""The first administrator: invited at the command line, bound at the next sign-in through that issuer."""

import pytest
from sqlalchemy import select

from hub.access.models import Group, GroupMember, Person, PolicyText
from hub.features.policies.service import adopt_default
from tests.hub.commandline import hub
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.features.signin.conftest import each_world
from tests.peers.hostile import HostileIssuer

__all__ = ["each_world"]
HUB = "http://localhost:8000"


@pytest.fixture
def leeds(each_world: SignInWorld, hostile: HostileIssuer) -> SignInWorld:
    """Leeds with the default policy and an issuer, and nobody in it."""
    each_world.join_hostile("leeds", hostile)
    with each_world.work() as uow:
        adopt_default(uow, each_world.place(uow, "leeds"), "test")
    return each_world


def invited(world: SignInWorld, *arguments: str) -> str:
    """The path of the link that `hub admin invite` prints."""
    ran = hub(world.parts, "admin", "invite", *arguments, "--json")
    assert ran.code == 0, ran.err
    return str(ran.value["link"]).removeprefix(HUB)


def members(world: SignInWorld, handle: str) -> set[str]:
    """Who belongs to a group."""
    with world.parts.database.reading() as session:
        wanted = select(Person.handle).join(GroupMember, GroupMember.person_id == Person.id)
        return set(session.scalars(wanted.join(Group, Group.id == GroupMember.group_id).where(Group.handle == handle)))


def test_sam_is_invited_signs_in_and_lands_on_the_checklist(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """Design, section 6: the link binds at the next sign-in through the named issuer, once, after a yes."""
    link = invited(leeds, "leeds", "--role", "platform", "--name", "Sam Okafor", "--email", "sam@leeds.gov.uk")
    hostile.behaviour.subject = "s-1"
    sam = leeds.browser()
    assert "Sam Okafor" in sam.hub.get(link, base_url=HUB, follow_redirects=True).text
    came = sam.sign_in("leeds", link)
    assert (came.status_code, came.location) == (303, "/admin/leeds")
    assert "To begin with" in sam.get("/admin/leeds").text
    assert members(leeds, "platform/administrators") == {"leeds/sam-okafor"}
    assert members(leeds, "leeds/administrators") == {"leeds/sam-okafor"}, "nobody else opens spaces there yet"
    invited(leeds, "leeds", "--role", "platform", "--name", "Ada Bell")
    assert members(leeds, "leeds/administrators") == {"leeds/sam-okafor"}
    with leeds.parts.database.reading() as session:
        assert session.get(PolicyText, "platform.csv") is not None
    thief = leeds.browser()
    assert thief.hub.get(link, base_url=HUB, follow_redirects=True).status_code == 403


def test_an_administrator_of_leeds_is_nobody_elsewhere(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """N-30."""
    leeds.add_organisation("york", "allow,group:york/administrators,administer,york,any,any,-,Ours")
    sam = leeds.browser()
    sam.sign_in("leeds", invited(leeds, "leeds", "--role", "organisation"))
    assert sam.get("/admin/leeds").status_code == 200
    assert sam.get("/admin/york").status_code == 404
    assert members(leeds, "leeds/administrators") == {"leeds/administrator"}


def test_an_invitation_lasts_fifteen_minutes_and_the_next_one_takes_its_place(
    leeds: SignInWorld, hostile: HostileIssuer
) -> None:
    """G-62: the same person is invited again, not a second one."""
    hostile.now = lambda: leeds.parts.clock.now().timestamp()
    first = invited(leeds, "leeds", "--role", "organisation", "--name", "Sam Okafor")
    leeds.parts.clock.move(minutes=15, seconds=1)
    assert leeds.browser().hub.get(first, base_url=HUB, follow_redirects=True).status_code == 403
    second = invited(leeds, "leeds", "--role", "organisation", "--name", "Sam Okafor")
    assert leeds.browser().sign_in("leeds", second).status_code == 303
    assert leeds.count(Person) == 1


def test_somebody_who_signs_in_already_needs_no_link_and_is_not_taken_for_a_namesake(
    leeds: SignInWorld, hostile: HostileIssuer
) -> None:
    leeds.expect("leeds/sam-okafor", "ann")
    leeds.browser().sign_in("leeds")
    namesake = hub(leeds.parts, "admin", "invite", "leeds", "--role", "organisation", "--name", "Sam Okafor")
    assert namesake.code == 1
    assert "signs in already" in namesake.err
    assert members(leeds, "leeds/administrators") == set()
    meant = hub(leeds.parts, "admin", "invite", "leeds", "--role", "organisation", "--handle", "leeds/sam-okafor")
    assert (meant.code, "no link is needed" in meant.out) == (0, True)
    assert members(leeds, "leeds/administrators") == {"leeds/sam-okafor"}


def test_the_operator_is_told_what_is_missing(leeds: SignInWorld) -> None:
    leeds.add_organisation("york")
    leeds.add_person("leeds/gus", kind="guest")
    for arguments, words in (
        (("york", "--role", "organisation"), "has no issuer"),
        (("leeds", "--role", "organisation", "--handle", "york/bo"), "no person york/bo at Leeds"),
        (("leeds", "--role", "organisation", "--handle", "leeds/gus"), "only active staff"),
        (("leeds", "--role", "organisation", "--email", "nobody"), "e-mail address"),
        (("atlantis", "--role", "organisation"), "no organisation atlantis"),
    ):
        ran = hub(leeds.parts, "admin", "invite", *arguments)
        assert ran.code == 1
        assert words in ran.err, ran.err
    assert members(leeds, "leeds/administrators") == set()
