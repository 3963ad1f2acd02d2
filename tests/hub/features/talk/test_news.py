"""News: a draft, published at once or at a time, and colleagues who say that they have read it (notes, 1)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hub.access.models import Person
from hub.features.hearing.telling import tell_round
from hub.features.talk.asked import notices, waits
from hub.features.talk.publishing import next_round, publish_round
from hub.ground.clock import LONDON
from hub.nouns.talk.models import Post
from hub.nouns.talk.reading import ask_to_read
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import set_marking_and_state
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import words_of
from tests.hub.world import World

TITLE = "We move to Merrion House"


@pytest.fixture
def news(town: World, forum: str) -> str:
    """Where Hana's draft is."""
    mo, hana = Desk(town, "leeds/mo"), Desk(town, "leeds/hana")
    mo.see(f"{forum}/sorts")
    mo.send(f"{forum}/sorts", sort=["news"], seen=mo.page.xpath("//input[@name='seen']/@value")[0])
    hana.fill(f"{forum}/new?kind=news", name=TITLE, body="Boxes come on Monday.")
    hana.see(forum)
    (here,) = hana.page.xpath("//ul[@class='hub-rows']//a[starts-with(@href, '/threads/')]/@href")
    return str(here)


def publish(desk: Desk, news: str, **fields: str) -> str:
    """Fill the form, and agree to who will read it."""
    page = desk.fill(
        f"{news}/publish", 200, **({"when": "now", "day": "", "at": "09:00", "ask": "", "by": ""} | fields)
    )
    assert "Publish" in page
    button = "Publish it then" if fields.get("when") == "later" else "Publish it"
    return desk.press(button)


def row(town: World, news: str) -> Thread:
    with town.parts.database.reading() as session:
        return session.get_one(Thread, news.rpartition("/")[2])


def test_hanas_draft_is_there_for_her_and_for_mo_and_for_nobody_else(town: World, forum: str, news: str) -> None:
    """Neither in lists, nor in search, nor in what is new, nor by its address; and nobody is told of it."""
    town.index_all()
    tell_round(town.parts)
    for who in ("leeds/ann", "york/bo", "acme/gus"):
        desk = Desk(town, who)
        for rest in ("", "/publish", "/who-has-read", "/posts/1", "/posts/1/earlier"):
            assert desk.see(f"{news}{rest}", 404) == desk.see("/threads/zzzzzzzzzzzz", 404)
        assert "Merrion" not in desk.see("/")
        assert not town.ask(who, "Merrion").hits
        desk.send(f"{news}/read", 404)
        desk.send(f"{news}/publish", 404, when="now")
    for who in ("leeds/ann", "york/bo"):
        assert "Merrion" not in Desk(town, who).see(forum)
        assert "Merrion" not in Desk(town, who).see("/notices")
    for who in ("leeds/hana", "leeds/mo"):
        assert "This is a draft" in Desk(town, who).see(news)
        assert town.ask(who, "Merrion").hits


def test_before_it_is_published_it_is_said_who_will_read_it_and_then_it_is_nobodys_own(
    town: World, forum: str, news: str
) -> None:
    """An owner who stayed would manage what others say under it."""
    hana, ann = Desk(town, "leeds/hana"), Desk(town, "leeds/ann")
    town.parts.clock.move(minutes=20)
    assert "It is published." in publish(hana, news)
    found = row(town, news)
    assert (found.state, found.owner, found.stage) == ("published", "", "published")
    with town.parts.database.reading() as session:
        assert session.get_one(Post, (found.node, 1)).at == town.parts.clock.now()
    assert TITLE in ann.see(forum)
    assert "Good to know." in ann.fill(news, body="Good to know.")
    town.index_all()
    assert town.ask("york/bo", "Merrion").hits
    hana.see(news)
    assert not hana.page.xpath("//article[@id='post-2']//a[contains(@href, 'withdraw')]")


def test_publishing_twice_is_once(town: World, news: str) -> None:
    hana = Desk(town, "leeds/hana")
    publish(hana, news)
    at = row(town, news).published_at
    town.parts.clock.move(minutes=5)
    assert "It is published already." in hana.send(f"{news}/publish", when="now")
    assert row(town, news).published_at == at


def test_what_is_scheduled_is_published_when_it_is_time_and_not_before(town: World, news: str) -> None:
    hana, ann = Desk(town, "leeds/hana"), Desk(town, "leeds/ann")
    then = (town.parts.clock.now() + timedelta(days=2)).astimezone(LONDON)
    said = publish(hana, news, when="later", day=then.date().isoformat(), at="08:30")
    assert "It will be published on" in said
    assert "Scheduled" in hana.see(news)
    due = datetime.combine(then.date(), datetime.min.time().replace(hour=8, minute=30), LONDON)
    assert next_round(town.parts) == due
    assert publish_round(town.parts) == 0
    ann.see(news, 404)
    town.parts.clock.move(days=3)
    assert publish_round(town.parts) == 1
    assert publish_round(town.parts) == 0
    assert TITLE in Desk(town, "leeds/ann").see(news)
    assert next_round(town.parts) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "1 January 2020", "at": "09:00"}, "The time must be later than now"),
        ({"day": "1 January 2099", "at": "09:00"}, "within a year"),
        ({"day": "soon", "at": "09:00"}, "day"),
        ({"day": "", "at": "09:00"}, "day"),
        ({"day": "2026-12-24", "at": "25:00"}, "Enter a time such as 09:30 or 2pm"),
        ({"day": "2026-12-24", "at": "noon"}, "Enter a time such as 09:30 or 2pm"),
    ],
)
def test_a_time_that_is_past_or_is_none_is_refused_in_words(
    town: World, news: str, fields: dict[str, str], said: str
) -> None:
    hana = Desk(town, "leeds/hana")
    hana.see(f"{news}/publish")
    seen = hana.page.xpath("//input[@name='seen']/@value")[0]
    page = hana.send(f"{news}/publish", 200 if said.startswith(("The time", "within")) else 422,
                     seen=seen, when="later", **fields)  # fmt: skip
    if "There is a problem" not in page:
        page = hana.press("Publish it then", 422)
    assert said in page
    assert row(town, news).publish_at is None


def test_whoever_may_no_longer_edit_when_it_is_time_publishes_nothing(town: World, news: str) -> None:
    """It stays a draft, and those who edit there find it as one."""
    hana = Desk(town, "leeds/hana")
    day = (town.parts.clock.now() + timedelta(days=2)).astimezone(LONDON).date().isoformat()
    publish(hana, news, when="later", day=day)
    town.set_status("leeds/hana", "suspended")
    town.parts.clock.move(days=3)
    publish_round(town.parts)
    assert row(town, news).state == "draft"
    assert row(town, news).publish_at is None
    Desk(town, "leeds/ann").see(news, 404)
    assert "This is a draft" in Desk(town, "leeds/mo").see(news)


def test_what_the_draft_said_is_for_those_who_edit_and_what_was_changed_later_for_all(town: World, news: str) -> None:
    hana, ann, mo = Desk(town, "leeds/hana"), Desk(town, "leeds/ann"), Desk(town, "leeds/mo")
    hana.fill(f"{news}/posts/1/edit", body="We sack the SWIFT team.")
    hana.fill(f"{news}/posts/1/edit", body="Boxes come on Tuesday.")
    publish(hana, news)
    ann.see(f"{news}/posts/1/earlier", 404)
    assert "SWIFT" in mo.see(f"{news}/posts/1/earlier")
    assert "edited" not in ann.see(news)
    town.parts.clock.move(minutes=9)
    hana.fill(f"{news}/posts/1/edit", body="Boxes come on Friday.")
    page = ann.see(f"{news}/posts/1/earlier")
    assert "Boxes come on Tuesday." in page
    assert "SWIFT" not in page


def test_only_leeds_is_asked_to_read_it_and_hana_sees_who_has(town: World, news: str) -> None:
    """York reads the same news and sees no request; whoever leaves or cannot read it is in no report."""
    hana, ann, bo = Desk(town, "leeds/hana"), Desk(town, "leeds/ann"), Desk(town, "york/bo")
    day = (town.parts.clock.now() + timedelta(days=7)).astimezone(LONDON).date().isoformat()
    publish(hana, news, ask="yes", by=day)
    home = ann.see("/")
    assert f"Read “{TITLE}” by" in home
    assert ann.page.xpath("//*[@class='hub-header__waiting']")
    assert "say that you have" not in bo.see("/")
    assert "asks you to say" not in bo.see(news)
    assert "I have read this" not in bo.see(news)
    bo.send(f"{news}/read", 409, seen=seen_of(bo, news))
    assert "asks you to say" in ann.see(news)
    assert "0 of 2 at Leeds City Council" in hana.see(f"{news}/who-has-read")
    ann.see(news)
    assert "It is noted that you have read this." in ann.press("I have read this")
    ann.send(f"{news}/read", seen=seen_of(ann, news))
    assert "You said on" in ann.see(news)
    assert "and say that you have" not in ann.see("/")
    assert "1 of 2 at Leeds City Council" in hana.see(f"{news}/who-has-read")
    assert "Mo Khan" in hana.see(f"{news}/who-has-read")
    assert "Ann Shaw" in hana.see(f"{news}/who-has-read?show=read")
    table = hana.browser.get(f"{news}/who-has-read?as=csv")
    assert "Ann Shaw,leeds/ann,yes" in table.text
    assert "Mo Khan,leeds/mo,no" in table.text
    for who in ("leeds/ann", "york/bo"):
        Desk(town, who).see(f"{news}/who-has-read", 403)
    town.set_status("leeds/mo", "suspended")
    assert "1 of 1 at Leeds City Council" in hana.see(f"{news}/who-has-read")


def seen_of(desk: Desk, address: str) -> str:
    desk.see(address)
    return str(desk.page.xpath("//input[@name='seen']/@value")[0])


def test_news_whose_space_is_archived_waits_for_nobody_and_is_not_published_late(town: World, news: str) -> None:
    """What was due meanwhile is a draft again once the space is back."""
    hana = Desk(town, "leeds/hana")
    day = (town.parts.clock.now() + timedelta(days=2)).astimezone(LONDON).date().isoformat()
    publish(hana, news, when="later", day=day)
    for state in ("archived", "draft"):
        with town.work() as uow:
            thread = uow.session.get_one(Thread, news.rpartition("/")[2])
            set_marking_and_state(uow, thread, "OFFICIAL", state)
    town.parts.clock.move(days=3)
    assert publish_round(town.parts) == 0
    assert row(town, news).state == "draft"


def test_a_document_can_be_asked_for_too_and_so_can_policies(town: World) -> None:
    """One mechanism: Mo asks Leeds to read the plan, and Ann says so below it."""
    document = town.add_document("leeds/forum", "Winter plan", owner="person:leeds/hana").removeprefix("doc:")
    hana, ann = Desk(town, "leeds/hana"), Desk(town, "leeds/ann")
    assert "Nobody of Leeds City Council is asked" in hana.see(f"/documents/{document}/who-has-read")
    assert "They are asked" in hana.fill(f"/documents/{document}/who-has-read", by="")
    assert "Read “Winter plan”, and say that you have" in ann.see("/")
    (there,) = [link.get("href") for link in ann.page.iter("a") if "Winter plan”" in link.text_content()]
    ann.see(there)
    assert "It is noted that you have read this." in ann.press("I have read this")
    assert "1 of 2 at Leeds City Council" in hana.see(f"/documents/{document}/who-has-read")
    assert "Nobody is asked any more" in hana.press("Ask nobody any more")
    assert "Winter plan”, and say" not in Desk(town, "leeds/mo").see("/")


def test_what_waits_is_counted_as_it_is_listed(town: World, news: str) -> None:
    """In the bar as on home, of what one may read now and of nothing else."""
    publish(Desk(town, "leeds/hana"), news, ask="yes")
    hidden = town.add_thread("leeds/legal", "KESTREL", "leeds/mo", "KESTREL", sort="discussion")
    with town.work() as uow:
        mo = uow.session.scalars(select(Person).where(Person.handle == "leeds/mo")).one()
        ask_to_read(uow, hidden, mo, None, town.parts.today)
    for who, count in (("leeds/ann", 1), ("leeds/mo", 1), ("york/bo", 0), ("acme/gus", 0)):
        with town.viewer(who) as viewer:
            waiting = waits(viewer)
            counted = viewer.session.scalar(select(waiting)) if waiting is not None else 0
            listed = [notice.text for notice in notices(viewer)]
        assert counted == len(listed) == count, (who, counted, listed)
        assert "KESTREL" not in "".join(listed)


def test_a_document_leads_those_who_edit_it_to_who_has_read_it(town: World) -> None:
    """Mo finds it in the document's menu; Ann, who only reads it, does not."""
    document = town.add_document("leeds/forum", "Flood plan").removeprefix("doc:")
    mo, ann = Desk(town, "leeds/mo"), Desk(town, "leeds/ann")
    mo.see(f"/documents/{document}")
    (href,) = [link.get("href") for link in mo.page.iter("a") if words_of(link) == "Who has read this?"]
    assert "Who has read “Flood plan”" in mo.see(href)
    assert "Who has read this?" not in ann.see(f"/documents/{document}")
