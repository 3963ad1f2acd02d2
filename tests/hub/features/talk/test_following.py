"""Following people and services, and the list of it: the follower's secret (conversation notes, 6)."""

from lxml import html

from hub.keeping.trail import KEY as TRAIL
from hub.nouns.spaces.services import set_services
from hub.nouns.talk.models import Notice
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.talk.test_hearing import node_of, tell
from tests.hub.features.writing.conftest import place_id, words_of
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


def test_bo_hears_of_questions_about_what_he_follows_where_he_may_read_them_and_of_nothing_else(town: World) -> None:
    """He follows “Silt sensors” from the list; a question in a longer word counts, a discussion or a hidden one not."""
    seen_by(town)
    bo = Desk(town, "york/bo")
    assert "You hear of questions about Silt sensors that you may read." in bo.fill(
        "/me/following", skill="Silt sensors"
    )
    for place, title, body, sort in (
        ("leeds/forum", "Which sensors survive?", "Ours drown in silting gullies.", "question"),
        ("leeds/forum", "Sensors", "No gullies here.", "question"),
        ("leeds/forum", "Silt sensors, told", "Words.", "discussion"),
        ("leeds/legal", "Silt sensors KESTREL", "Words.", "question"),
    ):
        town.add_thread(place, title, "leeds/mo", body, sort=sort)
    tell(town)
    page = bo.see("/notices")
    assert page.count("asked about something that you follow") == 1
    assert "Which sensors survive?" in page
    assert "KESTREL" not in page
    assert "Silt sensors" not in Desk(town, "leeds/mo").see("/me/following"), "nobody else knows"
    bo.see("/people?skill=silt+sensors")
    bo.press("Hear no more of questions about it")
    town.add_thread("leeds/forum", "More silt sensors?", "leeds/mo", "Words.")
    tell(town)
    assert "More silt" not in bo.see("/notices")


def test_what_is_followed_is_said_in_words_or_refused_in_words(town: World) -> None:
    seen_by(town)
    bo = Desk(town, "york/bo")
    for wrong in ("", " … ", "x" * 61):
        assert "Enter what the questions are to be about" in bo.send("/follow/skill", 422, skill=wrong)
    for number in range(50):
        bo.send("/follow/skill", skill=f"Word {number}")
    assert "Take one out before you add another" in bo.send("/follow/skill", 422, skill="One more")
    bo.send("/follow/skill", skill="word 7")
    assert bo.see("/me/following").count("Questions about it") == 50
    bo.press("Take it out : Word 7")
    assert "Word 7" not in bo.see("/me/following")


def test_bo_hears_of_a_document_once_it_is_published_in_a_space_that_he_follows(town: World) -> None:
    """Of a draft, of what he may not read and of what is withdrawn meanwhile he hears nothing; a look clears it."""
    seen_by(town)
    bo = Desk(town, "york/bo")
    draft = town.add_document("leeds/forum", "Draft plan", "Words.", state="draft", owner="person:leeds/ann")
    bo.send(f"/follow/{place_id(town, 'leeds/forum')}", level="all")
    tell(town)
    assert "Draft plan" not in bo.see("/notices")
    town.mark(draft)
    town.add_document("leeds/forum", "KESTREL", "Words.", marking="OFFICIAL-SENSITIVE")
    gone = town.add_document("leeds/forum", "Heron", "Words.", owner="person:leeds/ann")
    town.mark(gone, state="withdrawn")
    tell(town)
    page = bo.see("/notices")
    assert "Draft plan New Ann Shaw of Leeds City Council wrote this, and it was published in a place that" in page
    assert "KESTREL" not in page
    assert "Heron" not in page
    assert new_for(bo) == 1
    bo.see(f"/documents/{draft.removeprefix('doc:')}")
    town.app.extensions[TRAIL].write()
    assert new_for(bo) == 0
    town.post(draft, "leeds/ann", "A comment.")
    tell(town)
    assert new_for(bo) == 0, "the place is followed, not what is said about each document"
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,x")
    town.set_audience("leeds/forum", "private")
    assert "Draft plan" not in bo.see("/notices")


def test_whoever_mutes_a_place_hears_of_nothing_published_there_and_its_owner_not_of_their_own(town: World) -> None:
    seen_by(town)
    forum = place_id(town, "leeds/forum")
    folder = town.add_folder("leeds/forum/plans")
    ann, bo, mo = (Desk(town, who) for who in ("leeds/ann", "york/bo", "leeds/mo"))
    for desk in (ann, bo, mo):
        desk.send(f"/follow/{forum}", level="all")
    bo.send(f"/follow/{folder}", level="none")
    town.add_document("leeds/forum/plans", "Sluice plan", "Words.", owner="person:leeds/ann")
    tell(town)
    assert "Sluice plan" in mo.see("/notices")
    for desk in (ann, bo):
        assert "Sluice plan" not in desk.see("/notices")


def new_for(desk: Desk) -> int:
    """How many of the lines on the page of news are new."""
    desk.see("/notices")
    return len(desk.page.xpath("//*[contains(@class, 'hub-tag') and contains(., 'New')]"))
