"""Following people and services, and the list of it: the follower's secret (conversation notes, 6)."""

from lxml import html

from hub.nouns.spaces.services import set_services
from hub.nouns.talk.models import Notice
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.talk.test_hearing import node_of, tell
from tests.hub.features.writing.conftest import words_of
from tests.hub.world import World


def seen_by(town: World) -> None:
    """Leeds shows its people to all staff, so that Bo sees their pages."""
    town.set_policy(
        "leeds",
        "allow,all-staff,comment,leeds/forum,up to OFFICIAL,published,-,Whoever works for a council may ask",
        "allow,all-staff,read,leeds,up to OFFICIAL,published,-,Open",
        "allow,person:leeds/mo,administer,leeds,any,any,-,Mo administers",
        "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything",
    )


def follow(town: World, who: str, whom: str, on: str = "yes") -> str:
    return Desk(town, who).send(f"/follow/person/{whom}", on=on)


def test_bo_follows_ann_and_hears_of_what_she_writes_where_he_may_read_it(town: World, asked: str) -> None:
    seen_by(town)
    bo = Desk(town, "york/bo")
    bo.see("/people/leeds/ann")
    assert "Nobody else knows that" in bo.press("Follow")
    town.add_thread("leeds/forum", "Sandbags", "leeds/ann", "Words.", sort="discussion")
    town.give("person:leeds/ann", "comment", "leeds/legal")
    town.add_thread("leeds/legal", "KESTREL", "leeds/ann", "KESTREL")
    tell(town)
    page = bo.see("/notices")
    assert "Ann Shaw of Leeds City Council wrote this, and you follow them" in page
    assert "Sandbags" in page
    assert "KESTREL" not in page
    with town.parts.database.reading() as session:
        assert not [n for n in session.query(Notice) if n.because == "person" and n.node == "KESTREL"]
    bo.see("/people/leeds/ann")
    assert "You do not follow them any more." in bo.press("Stop following")
    town.add_thread("leeds/forum", "Pumps", "leeds/ann", "Words.", sort="discussion")
    tell(town)
    assert "Pumps" not in bo.see("/notices")


def test_nobody_can_tell_that_they_are_followed_nor_can_an_administrator(town: World) -> None:
    seen_by(town)
    watched = {
        "leeds/ann": ("/people/leeds/ann", "/notices", "/me/following", "/people/york/bo"),
        "leeds/mo": ("/people/leeds/ann", "/people/york/bo", "/admin/leeds/people", "/admin/leeds/people/ann"),
    }

    clients = {who: town.client(who) for who in watched}

    def pages() -> list[str]:
        found = []
        for who, addresses in watched.items():
            found += [words_of(html.fromstring(clients[who].get(address).text)) for address in addresses]
        return found

    before = pages()
    follow(town, "york/bo", "leeds/ann")
    assert pages() == before


def test_whom_one_may_not_see_one_cannot_follow_as_if_they_were_not_there(town: World) -> None:
    ann = town.client("leeds/ann")
    hidden = ann.post("/follow/person/york/bo", data={"on": "yes"})
    absent = ann.post("/follow/person/york/nobody", data={"on": "yes"})
    assert (hidden.status_code, hidden.text) == (absent.status_code, absent.text)
    assert hidden.status_code == 404
    hidden = ann.post("/follow/service/housing", data={"on": "yes"})
    absent = ann.post("/follow/service/nothing", data={"on": "yes"})
    assert (hidden.status_code, hidden.text) == (absent.status_code, absent.text)


def test_the_list_of_what_bo_follows_holds_what_he_may_see_and_lets_him_stop(town: World, asked: str) -> None:
    seen_by(town)
    bo = Desk(town, "york/bo")
    assert "You follow nothing yet." in bo.see("/me/following")
    follow(town, "york/bo", "leeds/ann")
    bo.send(f"{asked}/follow", level="all")
    page = bo.see("/me/following")
    assert "Ann Shaw of Leeds City Council" in page
    assert "How do you register flood wardens?" in page
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,x")
    town.set_audience("leeds/forum", "private")
    page = bo.see("/me/following")
    assert "You follow nothing yet." in page
    assert "wardens" not in page
    bo.send("/me/following", node=node_of(asked))
    seen_by(town)
    town.set_audience("leeds/forum", "open")
    page = bo.see("/me/following")
    assert "wardens" not in page
    bo.press("Take it out : Ann Shaw of Leeds City Council")
    assert "You follow nothing yet." in bo.see("/me/following")


def test_bo_follows_a_service_and_hears_of_what_is_opened_in_spaces_about_it(town: World) -> None:
    seen_by(town)
    for space in ("leeds/forum", "leeds/legal"):
        with town.work() as uow:
            set_services(uow, town._place(uow, space), ["housing"])
    bo = Desk(town, "york/bo")
    bo.see("/spaces?service=housing")
    assert "You hear of new conversations in the spaces about this" in bo.press("Follow this service")
    town.add_thread("leeds/forum", "Damp", "leeds/ann", "Words.", sort="discussion")
    town.add_thread("leeds/legal", "KESTREL", "leeds/mo", "KESTREL")
    tell(town)
    page = bo.see("/notices")
    assert "Ann Shaw of Leeds City Council opened this in a space about a service that you follow" in page
    assert "KESTREL" not in page
    bo.see("/me/following")
    bo.press("Take it out : Housing")
    town.add_thread("leeds/forum", "Mould", "leeds/ann", "Words.", sort="discussion")
    tell(town)
    assert "Mould" not in bo.see("/notices")
