"""No chain of acts leads an organisation's administrator to a right beyond it that they lacked."""

import itertools
import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.access.holds import open_holds
from hub.access.models import Grant, Person
from hub.features.administration.service import Invitation, invite_administrator
from hub.features.signin.models import Issuer
from hub.ground.errors import HubError
from search.embedded import EmbeddedEngine
from tests.hub.features.administration.chains import EVIL, HIDDEN, LEEDS, Chains
from tests.hub.features.signin.browser import now
from tests.hub.world import TestClock, make_parts
from tests.remembered import open_database

DEPTH = 4
Act = Callable[[Chains], object]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[tuple[Chains, Path]]:
    """The world of Mal, built once, and the database to which it is put back."""
    folder = tmp_path_factory.mktemp("chains")
    shutil.copy(sqlite_template, folder / "hub.sqlite3")
    database = open_database(f"sqlite:///{folder / 'hub.sqlite3'}")
    with EmbeddedEngine(folder / "index") as engine:
        world = Chains(make_parts(database, engine, folder, clock=TestClock(now())))
        world.build()
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(folder / "hub.sqlite3", folder / "template.sqlite3")
        yield world, folder / "template.sqlite3"
    database.close()


@pytest.fixture
def mal(built: tuple[Chains, Path]) -> Chains:
    """The world as it was before Mal did anything."""
    world, template = built
    world.begin(template)
    return world


# what Mal does


def _named(own: str, path: str, world: Chains, **fields: str) -> None:
    world.mal(f"/people/{own}{path}", **fields)


def _table(world: Chains) -> None:
    """Bring in the one whom York's policy names, and others for groups of the hub's, by subjects of Mal's."""
    for name, groups in (("Newcomer", ""), ("Extra One", "Hubbers"), ("Extra Two", "helpers;officers")):
        text = f"Name,Subject,Groups\n{name},mal-{name.replace(' ', '-')},{groups}\n"
        page = world.mal("/people/import", text=text)
        checked = page.partition('name="checked" value="')[2].partition('"')[0]
        world.mal("/people/import", text=text, do="add", checked=checked)
        world.subjects.add(f"mal-{name.replace(' ', '-')}")


def _guest(email: str, name: str, world: Chains) -> None:
    with world.work() as uow:
        space = world.place(uow, "leeds/tenders").id
    fields = {"firm": "acme", "name": name, "email": email, "space": space, "role": "reader", "reason": "A contract"}
    world.agree("/admin/leeds/guests/add", fields | {"until": "2030-12-31", "sponsor": "bo"}, sure="yes")


def _end_guests(world: Chains) -> None:
    with world.parts.database.reading() as session:
        grants = session.scalars(select(Grant.id).where(Grant.source == "guest")).all()
    for grant in grants:
        world.mal("/guests/end", grant=grant)


def _client(world: Chains) -> None:
    world.mal("/issuer", issuer="https://login.leeds.example", client_id="another", secret="x")
    world.changed = True


def _accept(world: Chains) -> None:
    """Let the issuer move its keys to another host, and accept that."""
    with world.work() as uow:
        issuer = uow.session.scalars(select(Issuer).where(Issuer.issuer == "https://login.leeds.example")).one()
        issuer.candidate = json.dumps(json.loads(issuer.pin) | {"jwks_uri": "https://keys.mal.example/k"})
        issuer.drifted_at = uow.now
        uow.session.flush()
        seen = issuer.candidate_mark
    world.mal("/issuer/accept", seen=f"changes={seen}")
    world.changed = True


def _policy(world: Chains) -> None:
    """Put a policy of Leeds in force that lets others in."""
    text = (
        "effect,who,can,where,marking,state,until,reason\n"
        "allow,group:leeds/administrators,administer,leeds,any,any,-,We look after it\n"
        "allow,group:leeds/administrators,manage,leeds,any,any,-,We look after it\n"
        "allow,person:york/yara,read,leeds,any,any,-,Yara helps\n"
        "allow,group:york/administrators,administer,leeds,any,any,-,York looks after it too\n"
    )
    replacing = HIDDEN.findall(world.mal("/policy/edit", do="check", text=text))
    world.agree("/admin/leeds/policy/edit", dict(replacing) | {"text": text, "do": "check"}, do="adopt")


def _share(world: Chains) -> None:
    with world.work() as uow:
        space = world.place(uow, "leeds/tenders").id
    fields = {"who": "guest:acme/gus", "role": "manager", "reason": "Help", "until": "2030-12-31"}
    world.agree(f"/members/{space}/add", fields)


def _reach_over(world: Chains) -> None:
    """Send the forms of others: none of them is Mal's."""
    for path, fields in (
        ("/admin/york/people/yara/link", {}),
        ("/admin/york/groups/administrators/add", {"person": "yara"}),
        ("/admin/platform/administrators/add", {"person": "leeds/mal"}),
        ("/admin/platform/organisations/york/invite", {"name": "Mal", "email": EVIL}),
        ("/admin/platform/waiting/confirm", {"hold": "x"}),
        ("/admin/acme/people/maria/link", {}),
    ):
        world.post("leeds/mal", path, **fields)
    with world.parts.database.reading() as session:
        for hold, *_ in open_holds(session):
            world.post("leeds/mal", "/admin/platform/waiting/confirm", hold=hold.id)


ACTS: dict[str, Act] = {
    **{f"link {own}": partial(_named, own, "/link") for own in LEEDS},
    **{f"suspend {own}": partial(_named, own, "/status", status="suspended") for own in LEEDS},
    **{f"bring back {own}": partial(_named, own, "/status", status="active") for own in LEEDS},
    **{f"rename {own}": partial(_named, own, "", name=f"Mal as {own}", email=EVIL) for own in LEEDS},
    "add newcomer": lambda w: w.mal("/people/add", name="Newcomer", handle="newcomer", email=EVIL),
    "add una's double": lambda w: w.mal("/people/add", name="Una", email=EVIL),
    "add a group of the hub's": lambda w: w.mal("/groups", name="Helpers"),
    **{
        f"put {own} into {group}": lambda w, o=own, g=group: w.mal(f"/groups/{g}/add", person=o)
        for own in ("mal", "bo", "una")
        for group in ("hubbers", "helpers", "officers", "administrators")
    },
    "a table": _table,
    "admit maria": partial(_guest, "maria@acme.example", "Maria"),
    "admit maria again, by the address she has": partial(_guest, "", "Maria"),
    "end guests": _end_guests,
    "another client": _client,
    "changes accepted": _accept,
    "policy": _policy,
    "share": _share,
    "reach over": _reach_over,
}


# what others do meanwhile


def _invite(world: Chains) -> None:
    """The operator lets Una look after the hub; mail to her goes where Mal reads it, if Mal has put that address."""
    with world.work() as uow:
        wanted = Invitation("platform", handle="leeds/una")
        try:
            invite_administrator(uow, world.parts, world.place(uow, "leeds"), wanted)
        except HubError:
            return


def _unless_known(world: Chains, handle: str, act: Act) -> None:
    """What is given to somebody who has signed in is given to whoever they turned out to be."""
    with world.work() as uow:
        waits = uow.session.scalars(select(Person).where(Person.handle == handle)).first()
        known = handle in world.been
    if waits is not None and not known:
        act(world)


def _address(world: Chains) -> None:
    with world.work() as uow:
        world.person(uow, "acme/maria").email = "maria@acme.example"


OTHERS: dict[str, Act] = {
    "ruth makes hal's link": lambda w: w.post("leeds/ruth", "/admin/leeds/people/hal/link"),
    "ruth makes nia's link": lambda w: w.post("leeds/ruth", "/admin/leeds/people/nia/link"),
    "the operator invites una": lambda w: _unless_known(w, "leeds/una", _invite),
    "ruth names una": lambda w: _unless_known(
        w, "leeds/una", lambda v: v.post("leeds/ruth", "/admin/platform/administrators/add", person="leeds/una")
    ),
    "york shares with una": lambda w: _unless_known(
        w, "leeds/una", lambda v: v.give("person:leeds/una", "edit", "york/flood")
    ),
    "york's maria has an address": _address,
}


def about(other: str) -> str:
    """Whom an act of others is about."""
    return next(name for name in ("una", "hal", "nia", "maria") if re.search(rf"\b{name}\b", other))


def run(world: Chains, names: list[str]) -> str:
    """Do these in turn, being everybody whom Mal can be after each; what Mal came by, or an empty string."""
    may = world.legitimate()
    assert may == {("read", "Canary for officers")}, "what York leaves to Leeds to decide, and nothing else"
    for name in names:
        (ACTS.get(name) or OTHERS[name])(world)
        world.sign_in_as_far_as_possible()
        more = world.reached() - may
        if more:
            return f"after {names}: {sorted(more)} as {sorted(world.been)}"
    return ""


@pytest.mark.long
def test_no_chain_of_acts_of_one_admin_reaches_a_right_that_they_lacked(built: tuple[Chains, Path]) -> None:
    """Four acts of Mal and what others do in between, and being everybody whom Mal can be.

    Each act of others meets each act of Mal about the same person, before and after it; the rest is drawn at random.
    """
    world, template = built
    been: set[str] = set()
    order = random.Random(8)
    pairs = [(act, other) for other in OTHERS for act in ACTS if about(other) in re.findall(r"\w+", act)]
    cores = [pair[::turn] for pair in pairs for turn in (1, -1)]
    fresh = itertools.chain.from_iterable(order.sample(sorted(ACTS), len(ACTS)) for _ in itertools.count())
    for core in cores:
        world.begin(template)
        names = list(core)
        while len(names) <= DEPTH:
            names.insert(order.randrange(len(names) + 1), next(fresh))
        assert run(world, names) == ""
        been |= world.been
    assert {"leeds/una", "leeds/bo", "leeds/ruth", "leeds/hal"} <= been, "chains that lead nowhere prove nothing"


CHAINS = (
    ("link nia",),
    ("link pip",),
    ("link kit",),
    ("link hal",),
    ("add newcomer",),
    ("a table",),
    ("changes accepted",),
    ("another client",),
    ("bring back ivy", "changes accepted"),
    ("put bo into hubbers", "changes accepted"),
    ("add a group of the hub's", "put mal into helpers"),
    ("link una", "the operator invites una"),
    ("rename una", "the operator invites una"),
    ("rename hal", "ruth makes hal's link"),
    ("york shares with una", "link una"),
    ("link una", "ruth names una"),
    ("york's maria has an address", "admit maria"),
)


@pytest.mark.parametrize("names", CHAINS, ids=", then ".join)
def test_each_chain_that_once_led_beyond_leads_nowhere(mal: Chains, names: tuple[str, ...]) -> None:
    """Those that were thought of, one by one."""
    assert run(mal, list(names)) == ""


def _nothing(*_: object, **__: object) -> None:
    return None


FAULTS: dict[str, tuple[tuple[tuple[str, object], ...], tuple[str, ...]]] = {
    "a first sign-in is not looked at": ((("hub.features.signin.identities.hold_person", _nothing),), ("link hal",)),
    "nor is one by a subject": ((("hub.features.signin.identities.hold_person", _nothing),), ("a table",)),
    "links are made of anybody, and nobody looks": (
        (
            ("hub.features.administration.people.views.check_link", _nothing),
            ("hub.features.signin.identities.hold_person", _nothing),
        ),
        ("link pip",),
    ),
    "changes of the issuer pass": (
        (("hub.features.signin.service.hold_organisation", _nothing),),
        ("changes accepted",),
    ),
    "another client id passes": ((("hub.features.signin.service.hold_organisation", _nothing),), ("another client",)),
    "a hold binds nobody": (
        (("hub.access.subjects.waiting_of", lambda *_: frozenset()),),
        ("changes accepted",),
    ),
    "the hub's groups are anybody's": (
        (("hub.features.administration.groups.views.check_group", _nothing),),
        ("put mal into hubbers",),
    ),
    "groups of a table are not looked at": (
        (
            ("hub.features.administration.people.import_views.closed_groups", lambda *_: frozenset()),
            ("hub.features.signin.identities.hold_person", _nothing),
        ),
        ("a table",),
    ),
    "a link of the platform's is mailed": (
        (
            ("hub.features.administration.people.views.may_mail", lambda *_: True),
            ("hub.features.signin.identities._check_invited", _nothing),
        ),
        ("rename hal", "ruth makes hal's link"),
    ),
    "the platform's link goes to any address": (
        (
            ("hub.features.administration.service.is_told", lambda *_: True),
            ("hub.features.signin.identities._check_invited", _nothing),
        ),
        ("rename una", "the operator invites una"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_check_is_missed_when_it_is_gone(mal: Chains, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault is planted, and the same run says what Mal comes by."""
    planted, names = FAULTS[fault]
    for where, instead in planted:
        monkeypatch.setattr(where, instead)
    assert run(mal, list(names)) != ""
