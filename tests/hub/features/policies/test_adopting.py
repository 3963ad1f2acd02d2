"""An accepted text binds the next request; a faulty one changes nothing."""

import pytest
from sqlalchemy import select

from acl.rules import PolicyError
from hub.access.models import HubState, PolicyText, PolicyVersion
from hub.access.places import place_at
from hub.features.policies.service import adopt, adopt_default, adopt_platform_default, canonical_text
from hub.ground.db import Database
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import AuditEntry
from tests.hub.features.policies.conftest import LEEDS
from tests.hub.world import HEADER, World

NAME = "organisations/leeds.csv"


def in_force(world: World) -> PolicyText:
    with world.parts.database.reading() as session:
        return session.get_one(PolicyText, NAME)


def reads(world: World, handle: str, document: str) -> bool:
    from hub.nouns.documents.models import Document

    with world.viewer(handle) as viewer:
        return viewer.sees(viewer.session.get_one(Document, document.removeprefix("doc:")))


def test_ann_loses_a_document_with_the_next_request_after_an_accepted_deny(world: World) -> None:
    rent = world.add_document("leeds/housing", "Rent review")
    assert reads(world, "leeds/ann", rent)
    world.set_policy("leeds", *LEEDS, "deny,person:leeds/ann,read,leeds/housing,any,any,-,She moved to Legal")
    assert not reads(world, "leeds/ann", rent)
    assert reads(world, "leeds/omar", rent)


def test_a_file_with_faults_is_refused_whole_with_every_fault(world: World) -> None:
    before = in_force(world)
    text = (
        HEADER + "Deny,ann,read,leeds,any,any,-,\nallow,org:leeds,devour,leeds,any,any,-,\n" + "\n".join(LEEDS) + "\n"
    )
    with pytest.raises(PolicyError) as refused, world.work() as uow:
        adopt(uow, NAME, text, "omar")
    assert {fault.line for fault in refused.value.faults} == {2, 3}
    assert in_force(world).text == before.text
    assert in_force(world).generation == before.generation


def test_each_accepted_text_is_kept_and_audited_with_who_answers_for_it(world: World) -> None:
    world.set_policy("leeds", LEEDS[0], LEEDS[2])
    with world.parts.database.reading() as session:
        versions = session.scalars(select(PolicyVersion).where(PolicyVersion.name == NAME)).all()
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "policy:adopt")).all()
        generation = session.scalars(select(HubState.policy_generation)).one()
    assert [version.text.count("\n") for version in versions] == [4, 3]
    assert versions[-1].generation == generation
    assert entries[-1].object == NAME
    assert entries[-1].detail == "2 lines by test"


def test_the_same_text_again_changes_nothing(world: World) -> None:
    before = in_force(world)
    with world.work() as uow:
        again = adopt(uow, NAME, before.text, "omar")
    assert not again.changed
    assert in_force(world).accepted_by == "test"
    assert in_force(world).generation == before.generation


def test_of_two_admins_at_once_the_slower_one_is_told(world: World) -> None:
    seen = in_force(world).digest
    world.set_policy("leeds", LEEDS[0], LEEDS[2])
    with pytest.raises(Conflict, match="changed meanwhile by test"), world.work() as uow:
        adopt(uow, NAME, HEADER + LEEDS[2] + "\n", "omar", replacing=seen)
    assert LEEDS[0] in in_force(world).text


@pytest.mark.parametrize("name", ["organisations/leads.csv", "leeds.csv", "organisations/../platform.csv", "notes.txt"])
def test_a_file_of_no_organisation_is_refused(world: World, name: str) -> None:
    with pytest.raises(PolicyError), world.work() as uow:
        adopt(uow, name, HEADER, "omar")


def test_a_spreadsheets_days_and_mark_are_put_right_and_comments_kept(world: World) -> None:
    """Ann's spreadsheet writes 31/03/2027 and a byte-order mark: the accepted text has neither."""
    text = (
        "\ufeff" + HEADER + "# joint work, agreed 01/02/2026\n"
        "allow,org:york,read,leeds/housing,up to OFFICIAL,published,31/03/2027,Joint plan of 01/02/2026\n"
    )
    with world.work() as uow:
        adopt(uow, NAME, text.encode(), "ann")
    assert in_force(world).text == text.removeprefix("\ufeff").replace("31/03/2027", "2027-03-31")


def test_only_the_day_that_the_rule_read_is_rewritten(world: World) -> None:
    from acl.rules import read_rules

    header = HEADER.strip().replace(",", ";") + "\r\n"
    text = header + 'allow;org:york;read;leeds;any;published;"1/4/2027";"1/4/2027, they said"\r\n'
    rules = read_rules(text, file=NAME, scope="x")
    assert canonical_text(text, rules) == header + (
        'allow;org:york;read;leeds;any;published;"2027-04-01";"1/4/2027, they said"\r\n'
    )


def test_a_new_organisation_gets_the_default_policy_and_the_platform_its_ceilings(world: World) -> None:
    world.add_organisation("hull")
    world.add_person("hull/cy", "hull/administrators")
    with world.work() as uow:
        hull = place_at(uow.session, "hull")
        assert hull is not None
        accepted = adopt_default(uow, hull)
        assert not adopt_platform_default(uow)
    assert accepted.changed
    assert "SLUG" not in accepted.text
    with world.viewer("hull/cy") as viewer:
        place = place_at(viewer.session, "hull")
        assert place is not None
        decision = viewer.decide("administer", place)
        assert decision is not None
        assert decision.allowed
        assert set(viewer.snapshot.files) >= {"platform.csv", "organisations/hull.csv"}


def test_adopting_works_on_both_databases(database: Database) -> None:
    from hub.ground.clock import SystemClock
    from hub.ground.unit_of_work import unit_of_work

    with unit_of_work(database, SystemClock()) as uow:
        assert adopt_platform_default(uow)
    with database.reading() as session:
        row = session.get_one(PolicyText, "platform.csv")
        assert (row.generation, row.scope) == (2, "platform")
