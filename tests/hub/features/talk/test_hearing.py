"""Who hears of a post: judged when it is told, and each time it is looked at (conversation notes, 5)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import event, select

from hub.access.models import Place
from hub.features.hearing.overdue import overdue_round
from hub.features.hearing.telling import forget_round, tell_round
from hub.ground.clock import working_days_before
from hub.ground.db import Database
from hub.keeping.trail import KEY as TRAIL
from hub.nouns.people.profile_keeping import Said, keep_profile
from hub.nouns.talk.models import Notice
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World

BELL = "//a[contains(@class, 'hub-header__bell')]//span[contains(@class, 'hub-header__count')]/text()"


def post(town: World, address: str, who: str, body: str) -> None:
    """Somebody posts a minute later; what was read until then is written."""
    town.app.extensions[TRAIL].write()
    town.parts.clock.move(minutes=1)
    town.post(node_of(address), who, body)


def tell(town: World) -> None:
    while tell_round(town.parts):
        pass
    town.parts.clock.move(minutes=2)  # what was counted in the frame is a minute old


def bell(desk: Desk) -> str:
    """The number at the bell of a page that is about nothing of this; empty for none."""
    desk.world.app.extensions[TRAIL].write()
    desk.see("/spaces")
    return str(next(iter(desk.page.xpath(BELL)), ""))


def test_bo_is_told_that_ann_answered_and_once_he_looked_it_is_not_new(town: World, asked: str) -> None:
    bo, ann = Desk(town, "york/bo"), Desk(town, "leeds/ann")
    tell(town)
    assert bell(bo) == "1"
    page = bo.see("/notices")
    assert "Ann Shaw of Leeds City Council answered your question" in page
    (href,) = bo.page.xpath("//ul[contains(@class, 'hub-notices')]//li//a[starts-with(@href, '/threads/')]/@href")
    assert href == f"{asked}/posts/2"
    bo.see(asked)
    assert bell(bo) == ""
    bo.see("/notices")
    assert not bo.page.xpath("//li[@class='hub-notices__new']")
    assert bell(ann) == ""


def test_one_notice_for_each_conversation_grows_while_he_has_not_looked(town: World, asked: str) -> None:
    for n in range(5):
        post(town, asked, "leeds/mo", f"Post {n}.")
    tell(town)
    with town.parts.database.reading() as session:
        (notice,) = session.scalars(select(Notice).where(Notice.person_id == person(town, "york/bo")))
    assert notice.number == 2
    bo = Desk(town, "york/bo")
    bo.see(asked)
    post(town, asked, "leeds/mo", "One more.")
    tell(town)
    with town.parts.database.reading() as session:
        assert session.scalars(select(Notice).where(Notice.person_id == person(town, "york/bo"))).one().number == 8
    assert bell(bo) == "1"


def test_who_wrote_somewhere_hears_what_answers_them_and_not_everything(town: World, asked: str) -> None:
    tell(town)
    ann = Desk(town, "leeds/ann")
    post(town, asked, "leeds/mo", "Something else.")
    tell(town)
    assert bell(ann) == ""
    Desk(town, "york/bo").fill(f"{asked}?quote=2", body="> We use a **form**.\n\nWhich?")
    tell(town)
    assert "Bo Reed of York City Council answered you" in ann.see("/notices")


def test_following_muting_and_stopping(town: World, asked: str) -> None:
    hana = Desk(town, "leeds/hana")
    hana.see(asked)
    assert "You hear of everything that is said there." in hana.press("Follow")
    post(town, asked, "leeds/mo", "Something else.")
    tell(town)
    assert "Mo Khan of Leeds City Council wrote in what you follow" in hana.see("/notices")
    hana.see(asked)
    hana.press("Mute")
    post(town, asked, "leeds/mo", "Once more.")
    tell(town)
    assert bell(hana) == ""
    bo = Desk(town, "york/bo")
    bo.see(asked)
    bo.press("Mute")
    post(town, asked, "leeds/mo", "And more.")
    tell(town)
    assert bell(bo) == ""
    assert "Choose how much you want to hear" in bo.send(f"{asked}/follow", 422, level="everything")


def test_who_follows_a_space_hears_of_new_conversations_in_it_and_below_it(town: World, forum: str) -> None:
    ann = Desk(town, "leeds/ann")
    ann.see(forum)
    ann.press("Follow")
    node = town.add_thread("leeds/forum/minutes", "Minutes?", "leeds/mo", "Words.")
    tell(town)
    assert "Mo Khan of Leeds City Council opened this in a space that you follow" in ann.see("/notices")
    ann.see(f"/threads/{node.removeprefix('thread:')}")
    town.post(node, "leeds/mo", "More.")
    tell(town)
    assert bell(ann) == ""


def test_hana_tells_bo_who_hears_of_it_and_his_name_stands_there(town: World, asked: str) -> None:
    hana, bo = Desk(town, "leeds/hana"), Desk(town, "york/bo")
    town.set_policy("york", "allow,all-staff,read,york,up to OFFICIAL,published,-,Staff read our work")
    page = hana.fill(asked, body="Have a look.", tell="Bo Reed")
    assert "For Bo Reed of York City Council" in page
    tell(town)
    assert "Hana Iqbal of Leeds City Council wanted you to see this" in bo.see("/notices")


def test_nobody_is_offered_who_may_not_read_it_or_whom_the_writer_may_not_see(town: World) -> None:
    """Bo's page is hidden from Leeds; Ann does not read Legal (conversation notes, 5: mentions)."""
    town.add_space("leeds/hr", "private", name="HR")
    town.give("person:leeds/hana", "comment", "leeds/hr")
    node = town.add_thread("leeds/hr", "Pay", "leeds/hana", "Words.", sort="discussion")
    here, hana = f"/threads/{node.removeprefix('thread:')}", Desk(town, "leeds/hana")
    for name in ("Ann", "Bo", "Nobody at all", "Gus"):
        assert "Nobody of that name whom you know may read this" in hana.fill(here, 422, body="Look.", tell=name)
    with town.parts.database.reading() as session:
        assert not session.scalars(select(Notice)).all()


def test_of_two_of_one_name_she_says_which(town: World, asked: str) -> None:
    town.add_person("leeds/ann-two", name="Ann Shaw")
    hana = Desk(town, "leeds/hana")
    assert "Choose which of them you mean" in hana.fill(asked, 422, body="Look.", tell="Ann")
    page = (
        hana.fill(asked, body="Look.", tell="Ann")
        if False
        else hana.send(  # the form as it came back
            asked, body="Look.", tell="Ann", tell_is="person:leeds/ann-two", seen=seal(hana)
        )
    )
    assert "For Ann Shaw of Leeds City Council" in page
    tell(town)
    assert bell(Desk(town, "leeds/ann-two")) == "1"


def test_who_lost_sight_between_the_post_and_the_telling_is_told_nothing(town: World, asked: str) -> None:
    """Judged at fan-out."""
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,x")
    town.set_audience("leeds/forum", "private")
    tell(town)
    with town.parts.database.reading() as session:
        assert not session.scalars(select(Notice).where(Notice.person_id == person(town, "york/bo"))).all()


def test_who_lost_sight_after_it_was_told_reads_nothing_and_counts_nothing(town: World, asked: str) -> None:
    """Judged when it is listed: no title, no number, and it is there again with the right to it."""
    tell(town)
    bo = Desk(town, "york/bo")
    assert bell(bo) == "1"
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,x")
    town.set_audience("leeds/forum", "private")
    assert bell(bo) == ""
    assert "wardens" not in bo.see("/notices")
    assert "Nothing new for you." in bo.see("/notices")


def test_a_withdrawn_post_is_news_to_nobody(town: World, asked: str) -> None:
    tell(town)
    Desk(town, "leeds/ann").fill(f"{asked}/posts/2/withdraw", reason="Wrong")
    assert bell(Desk(town, "york/bo")) == ""
    post(town, asked, "leeds/ann", "Right.")
    with town.work() as uow:
        from hub.nouns.talk.models import Post
        from hub.nouns.talk.service import withdraw_post

        withdraw_post(uow, uow.session.get_one(Post, (node_of(asked), 3)), "person:leeds/ann", "Wrong again")
    tell(town)
    assert bell(Desk(town, "york/bo")) == ""


def test_what_was_said_after_a_withdrawn_post_is_news_still(town: World, asked: str) -> None:
    """Bo has looked at neither answer; the first one goes."""
    post(town, asked, "leeds/hana", "We have a list.")
    tell(town)
    bo = Desk(town, "york/bo")
    bo.see("/notices")
    assert bo.page.xpath("//main//a[contains(@href, '/posts/2')]")
    Desk(town, "leeds/ann").fill(f"{asked}/posts/2/withdraw", reason="Wrong")
    tell(town)
    assert "Hana Iqbal of Leeds City Council answered your question" in bo.see("/notices")
    assert bo.page.xpath("//main//a[contains(@href, '/posts/3')]")
    assert bell(bo) == "1"


def test_all_of_it_counts_as_seen_and_what_comes_after_does_not(town: World, asked: str) -> None:
    tell(town)
    bo = Desk(town, "york/bo")
    bo.see("/notices")
    assert "All of it counts as seen." in bo.press("Mark all as seen")
    assert bell(bo) == ""
    post(town, asked, "leeds/mo", "Later.")
    tell(town)
    assert bell(bo) == "1"


def test_old_news_is_forgotten(town: World, asked: str) -> None:
    tell(town)
    town.parts.clock.move(days=91)
    assert forget_round(town.parts) == 2
    assert asked


def test_telling_two_thousand_asks_as_often_as_telling_one(town: World, asked: str, database: Database) -> None:
    """Followers are judged together (fan-out in 2 s is measured in bench)."""
    found: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: found.append(a[2]))
    counts = []
    for crowd in (1, 60):
        for n in range(crowd):
            name = f"leeds/f{crowd}-{n}"
            town.add_person(name)
            Desk(town, name).send(f"{asked}/follow", level="all")
        post(town, asked, "leeds/mo", "Words.")
        tell_round(town.parts)
        post(town, asked, "leeds/mo", "Words.")
        found.clear()
        tell_round(town.parts)
        counts.append(len(found))
    assert counts[1] <= counts[0]


def person(town: World, handle: str) -> str:
    with town.parts.database.reading() as session:
        from hub.access.models import Person

        return session.scalars(select(Person.id).where(Person.handle == handle)).one()


def seal(desk: Desk) -> str:
    return str(desk.page.xpath("//input[@name='seen']/@value")[0])


def node_of(address: str) -> str:
    return f"thread:{address.rpartition('/')[2]}"


__all__ = ["Place", "place_id"]


def profile(town: World, handle: str, **said: str) -> None:
    with town.work() as uow:
        keep_profile(uow, town._person(uow, handle), Said(**said))


def test_a_question_without_an_answer_is_brought_up_once_to_its_managers_and_once_to_who_knows(town: World) -> None:
    """Asked on a Friday: Mo, who manages the forum, hears of it on Monday; Ann, whose profile says so, on Tuesday."""
    town.parts.clock.move(days=3)
    town.give("person:leeds/mo", "manage", "leeds/forum")
    profile(town, "leeds/ann", ask_about="Volunteer wardens, sandbags")
    profile(town, "leeds/hana", ask_about="Wardens", knows_for="self")
    node = town.add_thread("leeds/forum", "How do you register wardens?", "york/bo", "By Friday.")
    for days, heard in ((2, ""), (1, "1"), (0, "1")):
        town.parts.clock.move(days=days, hours=1)
        while overdue_round(town.parts):
            pass
        assert bell(Desk(town, "leeds/mo")) == heard, days
        assert bell(Desk(town, "leeds/ann")) == ""
    said = "Bo Reed of York City Council asked this, and nobody has answered yet"
    assert said in Desk(town, "leeds/mo").see("/notices")
    town.parts.clock.move(days=1)
    assert overdue_round(town.parts) == 1
    ann = Desk(town, "leeds/ann")
    assert "your profile says that you know about it" in ann.see("/notices")
    assert bell(Desk(town, "leeds/hana")) == ""
    assert overdue_round(town.parts) == 0
    here = f"/threads/{node.removeprefix('thread:')}"
    assert "Sent to" not in ann.see(here)


def test_the_asker_is_told_of_those_who_know_only_as_far_as_they_see_them(town: World) -> None:
    town.parts.clock.move(days=3)
    for handle in ("leeds/ann", "leeds/mo", "york/bo"):
        profile(town, handle, ask_about="Wardens")
    by_bo = town.add_thread("leeds/forum", "How many wardens?", "york/bo", "Words.")
    by_hana = town.add_thread("leeds/forum", "Which wardens?", "leeds/hana", "Words.")
    for _ in range(2):
        town.parts.clock.move(days=4)
        overdue_round(town.parts)
    assert "Sent to 2 people who know about this." in Desk(town, "leeds/hana").see(
        f"/threads/{by_hana.removeprefix('thread:')}"
    )
    assert "Sent to" not in Desk(town, "york/bo").see(f"/threads/{by_bo.removeprefix('thread:')}")


def test_what_was_answered_closed_or_may_not_be_read_is_not_brought_up(town: World, asked: str) -> None:
    town.parts.clock.move(days=3)
    profile(town, "leeds/ann", ask_about="Advice")
    town.add_thread("leeds/legal", "Advice on wardens?", "leeds/mo", "KESTREL")
    town.parts.clock.move(days=4)
    assert overdue_round(town.parts) == 1
    town.parts.clock.move(days=4)
    assert overdue_round(town.parts) == 1
    assert "Advice" not in Desk(town, "leeds/ann").see("/notices")
    assert asked


def test_weekends_are_no_working_days() -> None:
    monday = datetime(2026, 10, 26, 9, tzinfo=UTC)
    assert working_days_before(monday, 1).date().isoformat() == "2026-10-23"
    assert working_days_before(monday - timedelta(hours=20), 1) < datetime(2026, 10, 23, 9, tzinfo=UTC)
    assert working_days_before(monday, 2).date().isoformat() == "2026-10-22"
    assert working_days_before(monday + timedelta(days=4), 2).date().isoformat() == "2026-10-28"


def test_a_name_of_forty_asks_as_often_as_a_name_of_two(town: World, asked: str, database: Database) -> None:
    """Who of them may read it is asked once for all."""
    found: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: found.append(a[2]))
    counts = []
    for crowd in (2, 40):
        for n in range(crowd):
            town.add_person(f"leeds/c{crowd}-{n}", name="Cleo Ward")
        hana = Desk(town, "leeds/hana")
        for _ in range(2):
            found.clear()
            assert "Choose which of them you mean" in hana.send(asked, 422, body="Look.", tell="Cleo")
        counts.append(len(found))
    assert counts[0] == counts[1]
