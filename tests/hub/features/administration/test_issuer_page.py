"""Sam sees that the issuer of Leeds has changed, asks by another way, and accepts just what was shown."""

from hub.features.policies.service import adopt_default
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.features.signin.conftest import world
from tests.hub.sheets import Sheet
from tests.peers.hostile import HostileIssuer

__all__ = ["world"]


def test_sam_accepts_what_he_was_shown_and_nothing_else(world: SignInWorld, hostile: HostileIssuer) -> None:
    """N-24: what waits is named with its new value; a mark that is not of these changes is refused."""
    issuer = world.join_hostile("leeds", hostile)
    with world.work() as uow:
        adopt_default(uow, world.place(uow, "leeds"), "test")
    world.add_person("leeds/sam", "leeds/administrators")
    world.expect("leeds/ann", "ann")
    assert world.browser().sign_in("leeds").status_code == 303
    hostile.behaviour.metadata = {"id_token_signing_alg_values_supported": ["RS256"]}
    for _ in range(2):
        world.parts.clock.move(hours=25)
        world.browser().send("/sign-in", "/sign-in/leeds")
    world.app.config["WTF_CSRF_ENABLED"] = False
    sam = world.client("leeds/sam")
    page = sam.get("/admin/leeds/issuer").text
    assert "algorithms: [&#39;RS256&#39;]" in page
    assert "Stopped: it changed" in page
    accept = Sheet(sam.get("/admin/leeds/issuer"), "/admin/leeds/issuer/accept")
    assert sam.post(accept.action, data={"seen": f"changes={'0' * 16}"}).status_code == 303
    assert "The issuer has changed again meanwhile." in sam.get("/admin/leeds/issuer").text
    assert world.issuer(issuer).status == "quarantined"
    assert accept.send(sam).status_code == 303
    assert world.issuer(issuer).status == "active"
    assert sam.post("/admin/leeds/issuer/test").status_code == 303
    assert "The issuer answers" in sam.get("/admin/leeds/issuer").text
    hostile.behaviour.metadata = {"issuer": "https://elsewhere.example"}
    sam.post("/admin/leeds/issuer/test")
    assert "cannot be used" in sam.get("/admin/leeds/issuer").text
