"""A certified provider tells the hub that Ann has signed out there (L-44): its own notice, over real HTTP."""

import time
from pathlib import Path
from typing import Any

import pytest

from hub.features.signin.models import Issuer
from hub.features.signin.service import set_credentials
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.features.signin.browser import HUB, SignInWorld, leads_to, now
from tests.hub.world import TestClock, make_parts

pytestmark = pytest.mark.peers
LONGEST = 5.0


def test_whoever_signs_out_at_their_council_is_signed_out_here_in_every_browser(
    sqlite_database: Database, tmp_path: Path, providers
) -> None:
    worlds: list[SignInWorld] = []

    def late(*call: Any) -> Any:
        """The application: it is made when its address is known."""
        return worlds[0].app(*call)

    with EmbeddedEngine(tmp_path / "index") as engine, serving(late) as listening:
        world = SignInWorld(make_parts(sqlite_database, engine, tmp_path, clock=TestClock(now())))
        worlds.append(world)
        issuer_id = world.join_provider("leeds", providers[0])
        client = providers[0].register(
            f"{HUB}/sign-in/callback/{issuer_id}",
            f"{HUB}/signed-out",
            backchannel_logout_uri=f"{listening.replace('127.0.0.1', 'localhost')}/sign-in/logout/{issuer_id}",
            backchannel_logout_session_required=True,
        )
        with world.work() as uow:
            set_credentials(
                uow, world.parts, uow.session.get_one(Issuer, issuer_id), client.client_id, client.client_secret
            )
        world.expect("leeds/ann-archer", "ann")
        first, second = world.browser("ann"), world.browser("ann")
        second.person = first.person
        first.sign_in("leeds")
        second.sign_in("leeds")
        assert first.is_signed_in()
        assert second.is_signed_in()
        first.come_back(first.prove(leads_to(first.send("/", "/sign-out"))))
        until = time.monotonic() + LONGEST
        while second.is_signed_in() and time.monotonic() < until:
            time.sleep(0.05)
        assert not second.is_signed_in()
