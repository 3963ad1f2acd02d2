"""Before an act of administration Sam proves that it is still Sam; what he was doing waits for him (P-09, D-WEB 50)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from hub.access.models import Group, SignedInSession
from hub.features.policies.service import adopt_default
from hub.features.signin.models import Issuer
from hub.ground.unit_of_work import AuditEntry
from hub.keeping.holding import KEPT, tidy
from hub.keeping.models import HeldForm
from hub.nouns.people.service import add_group, add_member
from tests.hub.features.signin.browser import Browser, SignInWorld, leads_to, refused
from tests.hub.sheets import Sheet
from tests.peers.hostile import HostileIssuer
from tests.peers.mint import DELETE

GROUPS = "/admin/leeds/groups"


@pytest.fixture
def town(world: SignInWorld, hostile: HostileIssuer) -> SignInWorld:
    """Leeds, whose issuer says when somebody proved who they are; Sam administers it, Ann and Ida work there."""
    world.join_hostile("leeds", hostile)
    with world.work() as uow:
        adopt_default(uow, world.place(uow, "leeds"), "test")
    for handle, subject in (("leeds/sam", "sam"), ("leeds/ann", "ann")):
        world.expect(handle, subject)
    with world.work() as uow:
        place = world.place(uow, "leeds")
        group = add_group(uow, place, "leeds/administrators", "Administrators")
        add_member(uow, group, world.person(uow, "leeds/sam"))
    return world


def proves(town: SignInWorld, hostile: HostileIssuer, who: str = "sam", ago: int | None = 0) -> None:
    """What the issuer says of the next sign-in: who, and how many seconds ago they proved it; None for nothing."""
    at = int(town.parts.clock.now().timestamp())
    hostile.now = lambda: float(at)
    hostile.behaviour.subject = who
    hostile.behaviour.claims = {"auth_time": DELETE if ago is None else at - ago}


def signed_in(town: SignInWorld, hostile: HostileIssuer, ago: int | None = 0) -> Browser:
    """Sam, who has just signed in at the hub."""
    proves(town, hostile, ago=ago)
    sam = town.browser("sam")
    assert sam.sign_in("leeds").status_code == 303
    return sam


def add_group_named(sam: Browser, name: str):
    """Sam fills the form for a group and sends it."""
    return Sheet(sam.get(GROUPS), GROUPS).send(sam.hub, name=name)


def groups(town: SignInWorld) -> set[str]:
    """The names of all groups."""
    with town.parts.database.reading() as session:
        return set(session.scalars(select(Group.name)))


def to_the_issuer(sam: Browser, page) -> str:
    """Press the button of the page that asks; returns the address at the issuer."""
    return leads_to(Sheet(page, "/me/sessions/prove").send(sam.hub))


def test_sam_who_has_just_signed_in_is_asked_nothing(town, hostile) -> None:
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=14, seconds=59)
    assert add_group_named(sam, "Housing").status_code == 303
    assert "Housing" in groups(town)


def test_after_a_quarter_of_an_hour_sam_signs_in_again_and_finds_what_he_wrote(town, hostile) -> None:
    """P-09: prompt, max_age on the wire, auth_time checked; then one press, and it is done once."""
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=15)
    asked = add_group_named(sam, "Housing & <b>homes</b>")
    assert asked.status_code == 403
    assert "Sign in again at Leeds City Council" in asked.text
    assert "Housing & <b>homes</b>" not in groups(town)
    proves(town, hostile)
    href = to_the_issuer(sam, asked)
    query = parse_qs(urlsplit(href).query)
    assert (query["prompt"], query["max_age"]) == (["login"], ["900"])
    back = sam.come_back(sam.prove(href))
    assert back.status_code == 303
    page = sam.get(back.location)
    assert "Housing &amp; &lt;b&gt;homes&lt;/b&gt;" in page.text
    done = Sheet(page, GROUPS).send(sam.hub)
    assert done.status_code == 303
    assert "Housing & <b>homes</b>" in groups(town)
    again = Sheet(page, GROUPS).send(sam.hub)
    assert again.status_code == 303
    assert len(groups(town)) == 2, "once, though it was sent twice"
    with town.parts.database.reading() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert (
        acts.index("session:start") < acts.index("session:prove") < acts.index("group:add", acts.index("session:prove"))
    )
    town.parts.clock.move(minutes=14)
    assert add_group_named(sam, "Waste").status_code == 303, "none within 15 minutes of the last"


def test_the_session_has_another_id_after_the_proof_and_the_old_one_is_worth_nothing(town, hostile) -> None:
    """D-WEB 50; forms that are open in other windows are taken still."""
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=20)
    other_window = Sheet(sam.get(GROUPS), GROUPS)
    before = sam.cookies()
    asked = add_group_named(sam, "Housing")
    proves(town, hostile)
    sam.come_back(sam.prove(to_the_issuer(sam, asked)))
    assert sam.is_signed_in()
    assert other_window.send(sam.hub, name="Waste").status_code == 303
    thief = town.browser("thief")
    thief.restore(before)
    assert not thief.is_signed_in()
    assert town.count(SignedInSession) == 2


def test_a_sign_in_of_long_ago_at_the_issuer_is_no_proof(town, hostile) -> None:
    """The issuer lets Sam in without a word, by a session of its own of this morning: the hub's alone is new."""
    sam = signed_in(town, hostile, ago=3600)
    assert add_group_named(sam, "Housing").status_code == 403


def test_an_issuer_that_answers_with_an_old_proof_is_refused(town, hostile) -> None:
    """P-09: max_age is not only asked for."""
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=30)
    asked = add_group_named(sam, "Housing")
    for ago in (1000, None):
        proves(town, hostile, ago=ago)
        answer = sam.come_back(sam.prove(to_the_issuer(sam, asked)))
        assert refused(answer, "We could not trust the answer", 403), ago
    assert add_group_named(sam, "Housing").status_code == 403
    assert sam.is_signed_in(), "he is signed in as before"


def test_an_issuer_that_never_says_when_is_asked_to_let_him_prove_it_now(town, hostile) -> None:
    """As Google and Entra: prompt=login is asked, and the time of the token counts."""
    sam = signed_in(town, hostile, ago=None)
    asked = add_group_named(sam, "Housing")
    assert asked.status_code == 403, "nobody knows when he proved it"
    proves(town, hostile, ago=None)
    back = sam.come_back(sam.prove(to_the_issuer(sam, asked)))
    assert Sheet(sam.get(back.location), GROUPS).send(sam.hub).status_code == 303
    town.parts.clock.move(minutes=16)
    asked = add_group_named(sam, "Waste")
    proves(town, hostile, ago=None)
    hostile.now = lambda: town.parts.clock.now().timestamp() - 1000
    hostile.behaviour.claims |= {"exp": int(town.parts.clock.now().timestamp()) + 300}
    answer = sam.come_back(sam.prove(to_the_issuer(sam, asked)))
    assert refused(answer, "We could not trust the answer", 403), "a token of a quarter of an hour ago"


def test_whoever_comes_back_as_somebody_else_has_done_nothing(town, hostile) -> None:
    """Ann sits down at Sam's machine and signs in as herself: she gets neither his session nor what he wrote."""
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=20)
    asked = add_group_named(sam, "Housing")
    proves(town, hostile, "ann")
    answer = sam.come_back(sam.prove(to_the_issuer(sam, asked)))
    assert refused(answer, "You signed in there as somebody else", 403)
    assert "Sam" in sam.get("/me/sessions").text
    assert add_group_named(sam, "Housing").status_code == 403


def test_nobody_else_opens_what_is_held_for_sam_and_it_is_there_for_half_an_hour(town, hostile) -> None:
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=20)
    asked = add_group_named(sam, "A word of Sam's")
    form = Sheet(asked, "/me/sessions/prove").fields["form"]
    proves(town, hostile, "ann")
    ann = town.browser("ann")
    ann.sign_in("leeds")
    theirs, absent = ann.get(f"/me/sessions/go-on/{form}"), ann.get("/me/sessions/go-on/zzzzzzzzzzzz")
    assert (theirs.status_code, theirs.text) == (404, absent.text)
    with town.parts.database.reading() as session:
        assert "A word" not in session.scalars(select(HeldForm.sealed)).one()
    assert sam.get(f"/me/sessions/go-on/{form}").status_code == 403, "he is asked again, and it is not shown before"
    town.parts.clock.move(minutes=KEPT.total_seconds() / 60)
    assert sam.get(f"/me/sessions/go-on/{form}").status_code == 404
    town.parts.clock.move(seconds=1)
    assert tidy(town.parts) == 1


def test_a_forged_form_is_not_held_for_sam(town, hostile) -> None:
    """Another site lets Sam's browser send a form: it has no token of his, so nothing of it stands before him later."""
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=20)
    asked = sam.hub.post(GROUPS, data={"name": "Evil"}, base_url="http://localhost:8000")
    assert asked.status_code == 403
    assert "Nothing was done" in asked.text
    assert town.count(HeldForm) == 0


def test_a_secret_is_not_held_and_has_to_be_typed_again(town, hostile) -> None:
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=20)
    page = Sheet(sam.get("/admin/leeds/issuer"), "/admin/leeds/issuer")
    asked = page.send(sam.hub, client_id="hub", secret="canary-secret")
    with town.parts.database.reading() as session:
        assert "canary" not in town.parts.keys.decrypt(session.scalars(select(HeldForm.sealed)).one())
    proves(town, hostile)
    back = sam.get(sam.come_back(sam.prove(to_the_issuer(sam, asked))).location).text
    assert "canary" not in back
    assert "type it again" in back


def test_what_leeds_asks_for_besides_is_asked_and_checked(town, hostile) -> None:
    """P-09: `acr`, where the organisation has said how people prove it."""
    sam = signed_in(town, hostile)
    with town.work() as uow:
        uow.session.scalars(select(Issuer)).one().proof_acr = "phr phrh"
    town.parts.clock.move(minutes=20)
    asked = add_group_named(sam, "Housing")
    proves(town, hostile)
    href = to_the_issuer(sam, asked)
    assert parse_qs(urlsplit(href).query)["acr_values"] == ["phr phrh"]
    assert refused(sam.come_back(sam.prove(href)), "We could not trust the answer", 403)
    hostile.behaviour.claims |= {"acr": "phr"}
    assert sam.come_back(sam.prove(to_the_issuer(sam, asked))).status_code == 303
    assert add_group_named(sam, "Housing").status_code == 303


def test_reading_asks_for_no_proof_and_neither_does_who_may_not_administer_learn_more(town, hostile) -> None:
    """Ann is asked alike for what is there and what is not; once she has proved it, neither is there for her."""
    sam = signed_in(town, hostile)
    town.parts.clock.move(minutes=20)
    assert sam.get(GROUPS).status_code == 200
    proves(town, hostile, "ann", ago=3600)
    ann = town.browser("ann")
    ann.sign_in("leeds")
    ann.hub.get("/", base_url="http://localhost:8000")
    there, absent = (
        ann.hub.post(f"/admin/{slug}/groups", data={"name": "x"}, base_url="http://localhost:8000")
        for slug in ("leeds", "nowhere")
    )
    assert there.status_code == absent.status_code == 403
    plain = [page.text.split("<main", 1)[1].split("csrf_token")[0] for page in (there, absent)]
    assert plain[0] == plain[1]
