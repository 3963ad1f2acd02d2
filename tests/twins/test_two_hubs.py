"""Whoever may not know of a thing is answered the same whether or not it is there: in words, counts and effort."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Response
from sqlalchemy import func, select, text

from hub.access.known_place import KnownPlace, known_place
from hub.access.models import Person, Place
from hub.nouns.spaces.queries import place_by_path
from tests.hub.features.sharing.conftest import place_id
from tests.hub.features.signin.browser import SignInWorld
from tests.twins.walk import Walk, Walker
from tests.twins.worlds import LOOKERS, SECRETS, copy_of, first_id_of, hub_in, lucky, make_town

pytestmark = pytest.mark.long

PLACES = (
    "leeds",
    "leeds/housing",
    "leeds/housing/old",
    "leeds/housing/empty",
    "leeds/open-data",
    "york/rivers",
    "hull",
)
HEARD = "a confidential space at an address"
"""Whose id everybody has heard."""
ALONE = ("a guest who was put out",)
"""Secrets that another one rules out."""
EVERY = [(secret, who) for secret, each in SECRETS.items() for who in LOOKERS if who not in each.known_to]
NIGHTLY = int(os.environ.get("HUB_TEST_ROUNDS", "3")) > 3
ONE_BY_ONE = EVERY if NIGHTLY else [(secret, "leeds/sam") for secret in ALONE]
Steps = Callable[[Walker], Walk]


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the town, in which nothing runs."""
    folder = tmp_path_factory.mktemp("town")
    with lucky():
        make_town(sqlite_template, folder)
    return folder


@pytest.fixture(scope="module")
def without(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Walk]:
    """What somebody is answered by the hub that has one thing less; walked once."""
    folder, walks = tmp_path_factory.mktemp("without"), dict[str, Walk]()

    def walked(who: str) -> Walk:
        if who not in walks:
            walks[who] = walk(copy_of(town, folder / who.replace("/", "-")), who, lambda walker: walker.everything())
        return walks[who]

    return walked


def walk(folder: Path, who: str, steps: Steps, *secrets: str) -> Walk:
    """Somebody's walk through the hub in a folder, to which these secrets are added first."""
    with lucky() as luck:
        hidden = first_id_of(HEARD)
        if secrets:
            with hub_in(folder) as world:
                for secret in secrets:
                    luck.begin(secret)
                    SECRETS[secret].made(world)
                    assert secret != HEARD or place_id(world, "leeds/max-only") == hidden
                world.index_all()
        with hub_in(folder) as world:  # started anew, so that neither has anything at hand already
            return steps(Walker(world, who, luck, {path: place_id(world, path) for path in PLACES}, hidden))


def kept_from(who: str) -> list[str]:
    """The secrets that somebody may not know of."""
    return [secret for secret, each in SECRETS.items() if who not in each.known_to]


def check(town: Path, before: Walk, folder: Path, who: str, *secrets: str) -> None:
    after = walk(copy_of(town, folder / "hub"), who, lambda walker: walker.everything(before.addresses), *secrets)
    told = before.differences(after)
    assert len(before.answers) > 50, "so short a walk proves nothing"
    assert told == {}, "\n".join(f"{asked}\n    {how}" for asked, how in sorted(told.items()))


@pytest.mark.parametrize("who", LOOKERS)
def test_nobody_can_tell_the_hub_with_all_secrets_from_the_hub_without(
    town: Path, without: Callable[[str], Walk], tmp_path: Path, who: str
) -> None:
    """L1 to L4, L13, L25, L26: every page, list, count, sentence and refusal is the same to the byte."""
    check(town, without(who), tmp_path, who, *(each for each in kept_from(who) if each not in ALONE))


@pytest.mark.nightly
@pytest.mark.parametrize(("secret", "who"), ONE_BY_ONE)
def test_nor_can_they_with_one_of_them(
    town: Path, without: Callable[[str], Walk], tmp_path: Path, secret: str, who: str
) -> None:
    """So that no two hide one another."""
    check(town, without(who), tmp_path, who, secret)


def suspicion(walker: Walker) -> Walk:
    """What somebody would try first."""
    for path in (
        "/places/leeds",
        "/places/leeds/lantern",
        "/places/leeds/max-only",
        "/people/york/zoe-hart",
        "/admin/leeds",
    ):
        walker.get(path)
    walker.preview(["allow,group:hull/rivers,read,leeds/housing,any,any,-,Why not"])
    walker.make("leeds", "space", "lantern")
    walker.admit("Maria Lopez", "maria@acme.example")
    return walker.walk


def _plain_address(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("hub.features.sharing.places.making.with_tail", lambda slug, longest: slug)


def _whole_crowd(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("hub.access.known_crowd.AsKnown.crowd", lambda self, session: self.snapshots.crowd(session))


def _every_child(patch: pytest.MonkeyPatch) -> None:
    def all_of_them(viewer: Any, place: Place) -> list[KnownPlace | None]:
        return [known_place(viewer.snapshot, below) for below in viewer.snapshot.tree.children(place.id)]

    patch.setattr("hub.features.browse.places.children_of", all_of_them)


def _more_work(patch: pytest.MonkeyPatch) -> None:
    def looked_up(session: Any, path: str) -> Place | None:
        found = place_by_path(session, path)
        if found is not None:
            session.execute(text("SELECT 1"))
        return found

    patch.setattr("hub.features.browse.places.place_by_path", looked_up)


def _by_address(patch: pytest.MonkeyPatch) -> None:
    def anybodys(session: Any, _organisation: str, firm: Place, email: str) -> Person | None:
        return session.scalar(select(Person).where(Person.organisation_id == firm.id, Person.email == email))  # type: ignore[no-any-return]

    for module in ("service", "admitting"):
        patch.setattr(f"hub.features.administration.guests.{module}.known_guest", anybodys)


def _header(patch: pytest.MonkeyPatch) -> None:
    app = SignInWorld.app

    def with_header(world: SignInWorld) -> Any:
        made = app.fget(world)  # type: ignore[attr-defined]
        if "counts" not in made.extensions:
            made.extensions["counts"] = True

            def count(response: Response) -> Response:
                with world.parts.database.reading() as session:
                    response.headers["X-People"] = session.scalar(select(func.count()).select_from(Person))
                return response

            made.after_request(count)
        return made

    patch.setattr(SignInWorld, "app", property(with_header))


LEAKS: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], None], str]] = {
    "a count of a preview": ("a member of a group whose people one sees", _whole_crowd, "body"),
    "a name in a list": ("a confidential space", _every_child, "body"),
    "an address that is taken": ("a confidential space", _plain_address, "body"),
    "effort alone": ("a confidential space at an address", _more_work, "statements"),
    "an address of mail that is known": ("a guest of another organisation", _by_address, "body"),
    "a header": ("a person", _header, "headers"),
}


def in_both(town: Path, folder: Path, *secrets: str) -> dict[str, str]:
    """What Leeds's administrator, who suspects something, is told differently by the hub with these secrets."""
    walks = [walk(copy_of(town, folder / f"hub{n}"), "leeds/sam", suspicion, *s) for n, s in enumerate(((), secrets))]
    return walks[0].differences(walks[1])


def test_a_suspicion_alone_shows_nothing(town: Path, tmp_path: Path) -> None:
    assert in_both(town, tmp_path, *dict.fromkeys(secret for secret, *_ in LEAKS.values())) == {}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_seen(town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leak: str) -> None:
    """One of each kind is planted; the same few steps then show it."""
    secret, plant, where = LEAKS[leak]
    plant(monkeypatch)
    told = in_both(town, tmp_path, secret)
    assert any(where in how for how in told.values()), told
