"""Nobody appoints an administrator alone: what Sam proposes waits until somebody agrees whom he had no hand in."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from acl.directory import ROOT
from hub.access.models import Group, GroupMember, Person, Place
from hub.features.administration.seconding.service import tell_round
from hub.features.administration.service import administrators_of
from hub.features.policies.service import adopt_platform_default
from hub.features.signin.models import ExternalIdentity, Issuer
from hub.ground.ids import new_id
from hub.ground.unit_of_work import AuditEntry
from hub.keeping.models import Proposal
from hub.mail.models import SentLetter
from hub.nouns.people.service import add_member
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.sheets import Sheet

GROUP = "/admin/leeds/groups/administrators"


def bind(town: SignInWorld, handle: str) -> None:
    """Somebody has signed in through their organisation."""
    with town.work() as uow:
        person = town.person(uow, handle)
        issuer = uow.session.scalars(select(Issuer).where(Issuer.organisation_id == person.organisation_id)).first()
        assert issuer is not None
        told = {"issuer_id": issuer.id, "issuer": issuer.issuer, "subject": handle, "bound_by": "subject"}
        row = ExternalIdentity(id=new_id(), person_id=person.id, created_at=uow.now, last_seen_at=uow.now, **told)
        uow.session.add(row)


def run_the_hub(town: SignInWorld, handle: str) -> None:
    """Somebody looks after the whole hub, by the operator's word."""
    with town.work() as uow:
        adopt_platform_default(uow)
        add_member(uow, administrators_of(uow, uow.session.get_one(Place, ROOT)), town.person(uow, handle))


@pytest.fixture
def two(town: SignInWorld) -> SignInWorld:
    """Leeds, which Sam and Mia look after, both for long; Ann works there, and all have signed in."""
    town.add_person("leeds/mia", "leeds/administrators", name="Mia Moore")
    for handle in ("leeds/sam", "leeds/mia", "leeds/ann"):
        bind(town, handle)
    with town.work() as uow:
        for handle in ("leeds/sam", "leeds/mia", "leeds/ann"):
            town.person(uow, handle).email = f"{handle.partition('/')[2]}@leeds.example"
    town.parts.clock.move(days=60)
    return town


def administrators(town: SignInWorld, group: str = "leeds/administrators") -> set[str]:
    """The handles of who is in a group."""
    with town.parts.database.reading() as session:
        inside = select(Person.handle).join(GroupMember).join(Group).where(Group.handle == group)
        return set(session.scalars(inside))


def proposes(town: SignInWorld, who: str = "leeds/sam", person: str = "ann") -> str:
    """Somebody adds a person to the administrators of Leeds; returns where what they proposed stands."""
    answer = presses(town.client(who), f"{GROUP}/add", person=person)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def presses(browser: FlaskClient, path: str, **fields: str):
    """Somebody presses a button, and says yes to what is asked."""
    answer = browser.post(path, data=fields)
    return Sheet(answer, path).send(browser, **fields) if answer.status_code == 200 else answer


def decides(browser: FlaskClient, where: str, do: str, **more: str):
    """Somebody presses a button of the proposal."""
    return browser.post(where, data={"do": do, **more})


def test_what_sam_proposes_is_done_when_mia_agrees_and_not_before(two: SignInWorld) -> None:
    where = proposes(two)
    assert "/proposals/" in where
    assert administrators(two) == {"leeds/sam", "leeds/mia"}
    mia = two.client("leeds/mia")
    assert "1 proposal waits for a second person" in mia.get("/").text
    page = mia.get(where)
    assert "Let Ann Lee (leeds/ann) administer Leeds City Council" in page.text
    assert "Proposed by Sam Okafor" in page.text
    assert decides(mia, where, "approve").status_code == 303
    assert administrators(two) == {"leeds/sam", "leeds/mia", "leeds/ann"}
    with two.parts.database.reading() as session:
        acts = [(row.act, row.actor) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()))]
    assert acts.index(("proposal:approved", "leeds/mia")) < acts.index(("proposal:add", "leeds/sam"))
    assert decides(mia, where, "approve").status_code == 409, "once"
    assert "waits for a second person" not in mia.get("/").text


def test_sam_cannot_agree_to_what_he_proposed_and_may_take_it_back(two: SignInWorld) -> None:
    where = proposes(two)
    sam = two.client("leeds/sam")
    assert "waits for a second person" not in sam.get("/").text, "it does not wait for him"
    refused = decides(sam, where, "approve")
    assert refused.status_code == 403
    assert "somebody else has to agree" in refused.text
    assert decides(sam, where, "withdraw").status_code == 303
    assert decides(two.client("leeds/mia"), where, "approve").status_code == 409
    assert administrators(two) == {"leeds/sam", "leeds/mia"}


def test_mia_refuses_with_a_reason_that_sam_reads(two: SignInWorld) -> None:
    where = proposes(two)
    mia = two.client("leeds/mia")
    bare = decides(mia, where, "refuse")
    assert bare.status_code == 422
    assert "Say why not" in bare.text
    assert decides(mia, where, "refuse", reason="She moves to York in May").status_code == 303
    assert "She moves to York in May" in two.client("leeds/sam").get(where).text
    assert administrators(two) == {"leeds/sam", "leeds/mia"}
    assert proposes(two) != where, "it may be proposed again"


@pytest.mark.parametrize("hand", ["added", "appointed", "linked", "addressed", "let in"])
def test_nobody_agrees_in_whom_the_author_had_a_hand_of_late(two: SignInWorld, hand: str) -> None:
    """Sam has made Mia able to agree within the last 30 days: she could be him."""
    sam = two.client("leeds/sam")
    if hand == "added":
        assert sam.post("/admin/leeds/people/add", data={"name": "Ivo Marsh"}).status_code == 200
        bind(two, "leeds/ivo-marsh")
        with two.work() as uow:
            add_member(
                uow, uow.session.scalars(select(Group).where(Group.handle == "leeds/administrators")).one(),
                two.person(uow, "leeds/ivo-marsh"),
            )  # fmt: skip
    other = {"added": "leeds/ivo-marsh", "linked": "leeds/lia"}.get(hand, "leeds/mia")
    if hand == "appointed":
        two.leave_group("leeds/mia", "leeds/administrators")
        where = proposes(two, person="mia")
        run_the_hub(two, "leeds/ann")
        assert decides(two.client("leeds/ann"), where, "approve").status_code == 303
    if hand == "linked":
        two.add_person("leeds/lia", "leeds/administrators")
        assert "sign-in?link=" in sam.post("/admin/leeds/people/lia/link", data={}).text
        bind(two, "leeds/lia")
    if hand == "addressed":
        new = {"name": "Mia Moore", "email": "sams@leeds.example", "job": ""}
        assert sam.post("/admin/leeds/people/mia", data=new).status_code == 303
    if hand == "let in":
        for status in ("suspended", "active"):
            assert presses(sam, "/admin/leeds/people/mia/status", status=status).status_code == 303
    two.parts.clock.move(days=29)
    two.add_person("leeds/bea", name="Bea Stone")
    where = proposes(two, person="bea")
    answer = decides(two.client(other), where, "approve")
    assert answer.status_code == 403, hand
    assert "Somebody whom they had no hand in" in answer.text
    assert "leeds/bea" not in administrators(two)
    two.parts.clock.move(days=2)
    decides(two.client("leeds/sam"), where, "withdraw")
    where = proposes(two, person="bea")
    assert decides(two.client(other), where, "approve").status_code == 303, "after 30 days"


def test_who_first_signed_in_after_it_was_proposed_does_not_agree(two: SignInWorld) -> None:
    """An administrator of long ago, whom somebody has just become at the issuer, is no second person."""
    two.add_person("leeds/old", "leeds/administrators", name="Old Hand")
    where = proposes(two)
    two.parts.clock.move(minutes=1)
    bind(two, "leeds/old")
    answer = decides(two.client("leeds/old"), where, "approve")
    assert answer.status_code == 403
    assert "for the first time after this was proposed" in answer.text


def test_nothing_comes_of_it_where_its_author_has_gone_or_the_person_is_another(two: SignInWorld) -> None:
    where = proposes(two)
    two.leave_group("leeds/sam", "leeds/administrators")
    assert decides(two.client("leeds/mia"), where, "approve").status_code == 403
    with two.work() as uow:
        add_member(
            uow, uow.session.scalars(select(Group).where(Group.handle == "leeds/administrators")).one(),
            two.person(uow, "leeds/sam"),
        )  # fmt: skip
        two.person(uow, "leeds/ann").email = "somebody@else.example"
    answer = decides(two.client("leeds/mia"), where, "approve")
    assert answer.status_code == 409
    assert "propose it anew" in answer.text
    two.parts.clock.move(days=14)
    with two.work() as uow:
        two.person(uow, "leeds/ann").email = "ann@leeds.example"
    assert decides(two.client("leeds/mia"), where, "approve").status_code == 409, "it waited for too long"
    assert administrators(two) == {"leeds/sam", "leeds/mia"}


def test_the_only_administrator_of_leeds_goes_to_the_hubs(town: SignInWorld) -> None:
    """An organisation with one administrator: those who run the hub agree, and are written to."""
    run_the_hub(town, "york/yara")
    for handle in ("leeds/sam", "leeds/ann", "york/yara"):
        bind(town, handle)
    with town.work() as uow:
        town.person(uow, "york/yara").email = "yara@york.example"
    town.parts.clock.move(days=60)
    where = proposes(town)
    assert administrators(town) == {"leeds/sam"}
    assert tell_round(town.parts) == 1
    with town.parts.database.reading() as session:
        letter = session.scalars(select(SentLetter)).one()
    assert (letter.address, letter.link) == ("yara@york.example", where)
    assert "Ann" not in letter.lines + letter.subject
    yara = town.client("york/yara")
    assert "1 proposal waits for a second person" in yara.get("/").text
    assert "Let Ann Lee" in yara.get("/admin/platform/proposals").text
    assert decides(yara, where, "approve").status_code == 303
    assert administrators(town) == {"leeds/sam", "leeds/ann"}


def test_a_hub_that_has_one_administrator_gets_its_second_without_one(town: SignInWorld) -> None:
    """The first-administrator exception: nobody else could agree. It is in the audit by a name of its own."""
    run_the_hub(town, "leeds/sam")
    for handle in ("leeds/sam", "leeds/ann"):
        bind(town, handle)
    town.parts.clock.move(days=60)
    answer = presses(town.client("leeds/sam"), "/admin/platform/administrators/add", person="leeds/ann")
    assert answer.status_code == 303
    assert administrators(town, f"{ROOT}/administrators") == {"leeds/sam", "leeds/ann"}
    with town.parts.database.reading() as session:
        assert session.scalar(select(AuditEntry.actor).where(AuditEntry.act == "proposal:alone")) == "leeds/sam"


def test_whoever_takes_the_others_out_first_is_not_alone_by_that(town: SignInWorld) -> None:
    """Sam takes Ann out of the hub's administrators, then wants his accomplice in: somebody has to agree."""
    for handle in ("leeds/sam", "leeds/ann"):
        run_the_hub(town, handle)
        bind(town, handle)
    bind(town, "york/yara")
    town.parts.clock.move(days=60)
    sam = town.client("leeds/sam")
    assert presses(sam, "/admin/platform/administrators/remove", person="leeds/ann").status_code == 303
    sam.get("/")  # the button that takes it back is read
    answer = presses(sam, "/admin/platform/administrators/add", person="york/yara")
    assert answer.status_code == 303, answer.text
    assert "/proposals/" in answer.location
    town.set_status("leeds/ann", "suspended")
    assert administrators(town, f"{ROOT}/administrators") == {"leeds/sam"}


def test_somebody_who_is_suspended_still_counts_as_another(two: SignInWorld) -> None:
    """Sam cannot suspend Mia to be alone."""
    two.set_status("leeds/mia", "suspended")
    assert "/proposals/" in proposes(two)


def test_a_link_for_another_administrator_is_no_way_round(two: SignInWorld) -> None:
    """Yara runs the hub: where Leeds has an administrator who signs in, she invites no further one alone."""
    run_the_hub(two, "york/yara")
    bind(two, "york/yara")
    answer = two.client("york/yara").post("/admin/platform/organisations/leeds/invite", data={"name": "Mallory"})
    assert answer.status_code == 422
    assert "nobody appoints another one alone" in answer.text
    assert administrators(two) == {"leeds/sam", "leeds/mia"}


def test_other_groups_are_joined_at_once(two: SignInWorld) -> None:
    answer = presses(two.client("leeds/sam"), "/admin/leeds/groups/housing/add", person="mia")
    assert answer.location == "/admin/leeds/groups/housing"
    assert "leeds/mia" in administrators(two, "leeds/housing")


def test_whoever_does_not_administer_leeds_finds_no_proposals(two: SignInWorld) -> None:
    where = proposes(two)
    for who in ("leeds/ann", "york/yara"):
        browser = two.client(who)
        for path in ("/admin/leeds/proposals", where, f"{where[:-4]}zzzz"):
            assert browser.get(path).status_code == 404
        assert decides(browser, where, "approve").status_code == 404
    assert two.client("york/yara").get(where.replace("leeds", "york")).status_code == 404, "it is not York's"
    assert two.client("york/yara").post(where.replace("leeds", "york"), data={"do": "approve"}).status_code == 404


def test_the_same_is_proposed_once_and_two_who_agree_at_once_do_it_once(two: SignInWorld) -> None:
    proposes(two)
    again = presses(two.client("leeds/sam"), f"{GROUP}/add", person="ann")
    assert again.status_code == 409
    assert "proposed already" in again.text
    with two.parts.database.reading() as session:
        assert len(session.scalars(select(Proposal)).all()) == 1


def test_mia_reads_it_with_buttons_that_work(two: SignInWorld) -> None:
    """By the forms of the page, as a browser sends them."""
    where = proposes(two)
    mia = two.client("leeds/mia")
    assert Sheet(mia.get(where), where).send(mia).status_code == 303
    assert "Done" in mia.get("/admin/leeds/proposals").text


def test_a_group_that_a_line_of_policy_lets_administer_is_one_of_administrators(two: SignInWorld) -> None:
    """Whatever it is called; and whom a line names by themselves counts as another, who may agree."""
    two.set_policy(
        "leeds",
        "allow,group:leeds/housing,administer,leeds,any,any,-,They look after it",
        "allow,person:leeds/mia,administer,leeds,any,any,-,Mia too",
        "allow,group:leeds/administrators,administer,leeds,any,any,-,As ever",
    )
    two.leave_group("leeds/mia", "leeds/administrators")
    two.add_person("leeds/bea", name="Bea Stone")
    two.parts.clock.move(days=60)
    answer = presses(two.client("leeds/sam"), "/admin/leeds/groups/housing/add", person="bea")
    assert "/proposals/" in answer.location
    assert "leeds/bea" not in administrators(two, "leeds/housing")
    assert decides(two.client("leeds/mia"), answer.location, "approve").status_code == 303
    assert "leeds/bea" in administrators(two, "leeds/housing")
