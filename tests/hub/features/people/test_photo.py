"""A photograph, if one wants: shown to whom one chose, among those who see one's page; its file's secrets stay out."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from hub.access.models import Person
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.people.models import Photograph
from hub.nouns.people.service import set_status
from tests.hub.features.people.conftest import Desk
from tests.hub.world import World

HERE = "/me/photo"
PRIYA = "/people/york/priya/photo"


def picture(kind: str = "PNG") -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", (300, 200), (90, 20, 20)).save(written, kind)
    written.seek(0)
    return written


def keep(town: World, who: str = "york/priya", shown_to: str = "page") -> str:
    return Desk(town, who).send(HERE, photo=(picture(), "me.png"), shown_to=shown_to)


def sees(town: World, who: str) -> bool:
    """Whether somebody is given Priya's photograph, and pages show them where it is."""
    answer = town.client(who).get(PRIYA)
    found = Desk(town, who)
    found.see("/people?q=priya")
    shown = bool(found.page.xpath(f"//img[@src='{PRIYA}']"))
    assert shown == (answer.status_code == 200)
    return shown


def test_somebody_sends_one_and_others_see_it_beside_their_name(town: World) -> None:
    assert "Your photograph is saved." in keep(town)
    answer = town.client("leeds/ann").get(PRIYA)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(answer.data)).size == (200, 200)
    assert answer.headers["Cache-Control"] == "no-store"
    ann = Desk(town, "leeds/ann")
    ann.see("/people/york/priya")
    assert ann.page.xpath(f"//main//img[@src='{PRIYA}' and @alt='']")


def test_without_one_others_see_initials(town: World) -> None:
    ann = Desk(town, "leeds/ann")
    ann.see("/people/york/priya")
    assert ann.page.xpath("//main//span[@aria-hidden='true' and text()='PN']")
    assert town.client("leeds/ann").get(PRIYA).status_code == 404


@pytest.mark.parametrize(
    ("shown_to", "who_sees"),
    [
        ("page", ["leeds/ann", "york/bo", "york/priya"]),
        ("council", ["york/bo", "york/priya"]),
        ("self", ["york/priya"]),
    ],
)
def test_it_is_shown_to_whom_they_chose(town: World, shown_to: str, who_sees: list[str]) -> None:
    keep(town, shown_to=shown_to)
    assert [who for who in ("leeds/ann", "york/bo", "york/priya") if sees(town, who)] == who_sees


def test_who_does_not_see_the_page_does_not_see_it_and_each_fetch_is_judged(town: World) -> None:
    """Gus is a guest; York then closes its pages: the next fetch knows."""
    keep(town)
    ann = town.client("leeds/ann")
    assert ann.get(PRIYA).status_code == 200
    hidden, nobody = (town.client("acme/gus").get(f"/people/york/{name}/photo") for name in ("priya", "nobody"))
    assert hidden.status_code == nobody.status_code == 404
    town.set_policy("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    assert ann.get(PRIYA).status_code == 404


def test_of_somebody_who_left_it_is_not_there(town: World) -> None:
    keep(town)
    with town.work() as uow:
        set_status(uow, uow.session.scalars(select(Person).where(Person.handle == "york/priya")).one(), "left")
    assert town.client("york/bo").get(PRIYA).status_code == 404


def test_whom_it_is_shown_to_is_changed_without_sending_it_again_and_it_is_taken_away(town: World) -> None:
    keep(town)
    priya = Desk(town, "york/priya")
    priya.send(HERE, shown_to="council")
    assert not sees(town, "leeds/ann")
    assert sees(town, "york/bo")
    assert "Your photograph is gone." in priya.send(f"{HERE}/remove")
    assert not sees(town, "york/priya")
    with town.parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Photograph)) == 0
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.object == "person:york/priya")).all()
    assert [act for act in acts if act.startswith("photograph")] == [
        "photograph:keep",
        "photograph:show",
        "photograph:remove",
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be a JPEG, PNG or WebP picture"),
        ("me.png", b"not a picture", "must be a JPEG, PNG or WebP picture"),
        ("me.gif", picture("GIF").getvalue(), "must be a JPEG, PNG or WebP picture"),
    ],
)
def test_what_is_no_photograph_is_refused_and_the_one_before_stays(
    town: World, name: str, content: bytes, says: str
) -> None:
    keep(town)
    assert says in Desk(town, "york/priya").send(HERE, 422, photo=(io.BytesIO(content), name), shown_to="page")
    assert sees(town, "leeds/ann")


@pytest.mark.parametrize("fields", [{"shown_to": "page"}, {"shown_to": "everybody"}, {}])
def test_nothing_sent_says_what_is_missing(town: World, fields: dict[str, str]) -> None:
    assert "Choose a photograph, and who sees it" in Desk(town, "york/priya").send(HERE, 422, **fields)
