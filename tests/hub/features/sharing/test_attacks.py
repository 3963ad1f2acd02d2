"""What goes wrong when places are put away, shared and changed out of order, twice at once, or with odd letters."""

import random
from concurrent.futures import ThreadPoolExecutor

from flask.testing import FlaskClient
from sqlalchemy import select

from hub.nouns.documents.models import Document
from tests.hub.features.sharing.conftest import agree, grants, place_id, settled
from tests.hub.features.sharing.test_settings import manages_all
from tests.hub.world import World


def states(world: World) -> dict[str, str]:
    with world.parts.database.reading() as session:
        return {d.title: d.state for d in session.scalars(select(Document))}


def test_what_was_withdrawn_by_itself_after_its_space_was_archived_stays_withdrawn(town: World) -> None:
    """Withdrawing is about that one document: restoring the space does not publish it again."""
    manages_all(town)
    names = town.add_document("leeds/housing", "Names of tenants")
    again = town.add_document("leeds/housing", "Brought back, then withdrawn")
    town.add_document("leeds/housing", "Plan")
    mo, space = town.client("leeds/mo"), place_id(town, "leeds/housing")
    agree(mo, mo.get(f"/state/{space}/archive"))
    agree(mo, mo.get(f"/documents/{names[4:]}/withdraw"))
    town.mark(again, "OFFICIAL", "published")
    town.mark(again, "OFFICIAL", "withdrawn")
    agree(mo, mo.get(f"/state/{space}/restore"))
    assert states(town) == {
        "Names of tenants": "withdrawn", "Brought back, then withdrawn": "withdrawn", "Plan": "published"
    }  # fmt: skip


def test_a_folder_withdrawn_by_itself_after_its_space_was_archived_stays_withdrawn(town: World) -> None:
    manages_all(town)
    town.add_folder("leeds/housing/damp")
    town.add_document("leeds/housing/damp", "Damp")
    mo, space, damp = town.client("leeds/mo"), place_id(town, "leeds/housing"), place_id(town, "leeds/housing/damp")
    agree(mo, mo.get(f"/state/{space}/archive"))
    agree(mo, mo.get(f"/state/{damp}/withdraw"))
    agree(mo, mo.get(f"/state/{space}/restore"))
    assert states(town) == {"Damp": "withdrawn"}
    assert town.client("leeds/mo").get(f"/settings/{damp}").text.count("Restore it") == 1


def test_two_managers_who_add_the_same_person_at_once_give_one_membership(town: World) -> None:
    town.give("person:leeds/lee", "manage", "leeds/housing")
    there = place_id(town, "leeds/housing")
    browsers = [town.client("leeds/mo"), town.client("leeds/lee")]
    sent = {"who": "person:leeds/ann", "role": "reader", "until": "", "reason": "Both mean well"}

    def press(client: FlaskClient) -> int:
        return client.post(f"/members/{there}/add", data=sent).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, browsers)) in ([303, 303], [303, 409])
    assert [g.can for g in grants(town, "leeds/housing") if g.principal == "person:leeds/ann"] == ["read"]


def test_a_description_of_rare_letters_leaves_the_browser_signed_in(town: World) -> None:
    """What an undo carries must fit into a cookie: a browser drops one of more than 4,096 bytes."""
    rng = random.Random(4)
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    about = "".join(chr(rng.randrange(0x20000, 0x2A000)) for _ in range(400))
    name = "".join(chr(rng.randrange(0x20000, 0x2A000)) for _ in range(200))
    assert mo.post(f"/settings/{there}", data={"about": about, "name": name}).status_code == 303
    answer = mo.post(f"/settings/{there}", data={"about": "Short", "name": name})
    assert answer.status_code == 303
    assert max(len(c) for c in answer.headers.getlist("Set-Cookie")) < 4093


def test_nobody_takes_their_own_management_away_by_a_slip(town: World) -> None:
    """Of a confidential space nobody was left, and neither Undo nor an administrator found it again."""
    town.add_space("leeds/secret", "confidential")
    own = town.give("person:leeds/mo", "manage", "leeds/secret")
    other = town.give("person:leeds/ann", "manage", "leeds/secret")
    there, mo, ann = place_id(town, "leeds/secret"), town.client("leeds/mo"), town.client("leeds/ann")
    assert mo.post(f"/members/{there}/remove", data={"grant": own}).status_code == 409
    lower = {"who": "person:leeds/mo", "role": "reader", "until": "", "reason": ""}
    assert mo.post(f"/members/{there}/add", data=lower).status_code == 409
    assert mo.get(f"/settings/{there}").status_code == 200
    assert settled(ann, ann.post(f"/members/{there}/remove", data={"grant": own})).status_code == 303
    assert [grant.id for grant in grants(town, "leeds/secret")] == [other]
