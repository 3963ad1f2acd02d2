"""Letters of news: what may leave, when it does, and that it is judged as it leaves (conversation notes, 5)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from config.mail import Mailing, smtp_server
from hub.access.models import Person
from hub.features.hearing.letters import letters_round
from hub.features.hearing.telling import tell_round
from hub.keeping.trail import KEY as TRAIL
from hub.mail.jobs import letters_round as send_letters
from hub.mail.models import SentLetter
from hub.nouns.organisations.models import OrganisationDomain
from hub.nouns.organisations.service import set_leaving
from hub.nouns.people.profile_keeping import Said, keep_profile
from hub.nouns.talk.models import NewsLetter, Notice, Post
from hub.nouns.talk.service import accept, say, set_level, withdraw_post
from tests.hub.features.talk.conftest import Desk
from tests.hub.world import World
from tests.peers.mail_server import MailServer, free_port

WEDNESDAY = datetime(2026, 10, 21, 7, 10, tzinfo=UTC)
"""Ten past eight in London."""
BO = "bo@york.gov.uk"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    found = MailServer(free_port(), tmp_path)
    yield found
    found.stop()


@pytest.fixture
def mailed(town: World, asked: str, server: MailServer) -> MailServer:
    """A mail server to which the hub's letters go; Bo has an address at a proved domain, and Ann answered him."""
    mail = Mailing(smtp_server(f"smtp://localhost:{server.port}"), "hub@example.gov.uk", "The Hub", Path("mail"))
    town.parts = replace(town.parts, mail=mail, public_url="https://hub.example")
    known_by_mail(town)
    assert asked
    return server.start()


def known_by_mail(town: World, handle: str = "york/bo", address: str = BO) -> None:
    """Somebody has an address of a domain that their organisation has proved."""
    domain = address.partition("@")[2]
    with town.work() as uow:
        town._person(uow, handle).email = address
        if uow.session.get(OrganisationDomain, "york.gov.uk") is None and domain.endswith(".gov.uk"):
            whose = town._place(uow, handle.partition("/")[0]).id
            uow.session.add(OrganisationDomain(domain=domain, organisation_id=whose, verified=True))


def leaves(town: World, level: str, organisation: str = "leeds") -> None:
    with town.work() as uow:
        set_leaving(uow, town._place(uow, organisation), level)


def wishes(town: World, handle: str = "york/bo", **said: object) -> None:
    with town.work() as uow:
        row = NewsLetter(person_id=town._person(uow, handle).id, **said)
        uow.session.merge(row)


def told(town: World) -> None:
    while tell_round(town.parts):
        pass


def morning(town: World, at: datetime = WEDNESDAY) -> None:
    """It is that moment, and the worker has put the daily letters on their way and sent what is due."""
    town.parts.clock.at = at
    told(town)
    while letters_round(town.parts):
        pass
    while send_letters(town.parts):
        pass


def later(town: World, **by: float) -> None:
    """So much later, the worker has told of posts, and sent what is due."""
    told(town)
    town.parts.clock.move(**by)
    while send_letters(town.parts):
        pass


def text_of(message: EmailMessage) -> str:
    return f"{message['Subject']}\n{message.get_content()}"


def no_more_at_once(town: World) -> None:
    wishes(town, at_once_off=True)


def letters(town: World) -> list[SentLetter]:
    with town.parts.database.reading() as session:
        return list(session.scalars(select(SentLetter).order_by(SentLetter.created_at)))


def test_bo_gets_one_letter_at_eight_with_titles_names_councils_and_links(
    town: World, asked: str, mailed: MailServer
) -> None:
    no_more_at_once(town)
    morning(town, WEDNESDAY.replace(hour=6))
    assert mailed.taken == []
    morning(town)
    (message,) = mailed.taken
    text = text_of(message)
    assert message["To"] == BO
    assert "Flood forum\r\n" in text
    said = "Ann Shaw of Leeds City Council answered your question: How do you register flood wardens?"
    assert said in text
    assert f"https://hub.example{asked}/posts/2" in text
    assert "form" not in text
    morning(town, WEDNESDAY.replace(day=22))
    assert len(mailed.taken) == 1
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
    later(town, hours=1)
    assert len(mailed.taken) == 1
    morning(town, WEDNESDAY.replace(day=23))
    assert len(mailed.taken) == 2
    assert "More was said in: How do you register" in text_of(mailed.taken[1])


@pytest.mark.parametrize(
    ("level", "has", "lacks"),
    [
        ("nothing", ("Something is new for you in 1 conversation.",), ("wardens", "Ann", "Flood forum", "form")),
        ("titles", ("wardens", "Ann Shaw of Leeds City Council"), ("We use a form",)),
        ("text", ("wardens", "> We use a form."), ("**",)),
    ],
)
def test_as_much_leaves_as_the_organisation_of_the_thing_says(
    town: World, mailed: MailServer, level: str, has: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    """Bo's own, York, has no word in it: what is told is of Leeds."""
    leaves(town, level)
    leaves(town, {"nothing": "text"}.get(level, "nothing"), "york")
    later(town, minutes=6)
    (message,) = mailed.taken
    for words in has:
        assert words in text_of(message)
    for words in lacks:
        assert words not in text_of(message)


def test_what_is_marked_higher_or_lies_in_a_private_space_leaves_as_a_number_alone(
    town: World, mailed: MailServer
) -> None:
    """The canary words are in threads that Bo reads, and may not leave."""
    no_more_at_once(town)
    leaves(town, "text")
    town.give("person:york/bo", "comment", "leeds/legal")
    private = town.add_thread("leeds/legal", "KESTREL", "york/bo", "KESTREL")
    town.post(private, "leeds/mo", "KESTREL")
    town.add_space("leeds/secret", "open", marking="OFFICIAL-SENSITIVE")
    town.give("person:york/bo", "comment", "leeds/secret")
    marked = town.add_thread("leeds/secret", "MERLIN", "york/bo", "MERLIN")
    town.post(marked, "leeds/mo", "MERLIN")
    morning(town)
    (message,) = mailed.taken
    assert "wardens" in text_of(message)
    assert "Something is new for you in " in text_of(message)
    for word in ("KESTREL", "MERLIN", "Legal", "secret", "leeds/legal"):
        assert word not in text_of(message)


def test_nothing_is_written_of_what_bo_has_read_or_may_not_read_any_more(
    town: World, asked: str, mailed: MailServer
) -> None:
    """Judged a third time, as the letter leaves: the round had found something, and then Leeds closed the forum."""
    town.add_thread("leeds/forum", "Another?", "york/bo", "Words.")
    told(town)
    Desk(town, "york/bo").see(asked)
    town.app.extensions[TRAIL].write()
    later(town, minutes=6)
    morning(town)
    assert mailed.taken == []
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
    told(town)
    town.parts.clock.at = WEDNESDAY.replace(day=22)
    assert letters_round(town.parts) == 1
    assert letters(town)[-1].kind == "daily"
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,x")
    town.set_audience("leeds/forum", "private")
    later(town, minutes=6)
    assert mailed.taken == []
    assert {letter.state for letter in letters(town)} == {"withheld"}


def test_no_table_holds_a_title_or_a_name_of_a_letter(town: World, mailed: MailServer) -> None:
    leaves(town, "text")
    later(town, minutes=6)
    assert len(mailed.taken) == 1
    for letter in letters(town):
        kept = f"{letter.subject} {letter.lines} {letter.link} {letter.why}"
        assert not any(word in kept for word in ("wardens", "Ann", "form"))


def test_none_goes_to_an_address_that_is_not_of_their_organisation_nor_to_a_guest(
    town: World, mailed: MailServer
) -> None:
    known_by_mail(town, address="bo@elsewhere.example")
    with town.work() as uow:
        uow.session.scalars(select(Person).where(Person.handle == "acme/gus")).one().email = "gus@york.gov.uk"
    later(town, minutes=6)
    morning(town)
    known_by_mail(town)
    with town.work() as uow:
        uow.session.get_one(OrganisationDomain, "york.gov.uk").verified = False
    morning(town)
    assert mailed.taken == []


def test_there_are_none_at_the_weekend_and_none_in_the_evening(town: World, mailed: MailServer) -> None:
    no_more_at_once(town)
    for at in (datetime(2026, 10, 24, 10, tzinfo=UTC), datetime(2026, 10, 21, 18, tzinfo=UTC)):
        morning(town, at)
        assert mailed.taken == []
    morning(town, datetime(2026, 10, 26, 10, tzinfo=UTC))
    assert len(mailed.taken) == 1


def test_an_answer_comes_at_once_with_what_else_came_and_not_again_in_the_morning(
    town: World, asked: str, mailed: MailServer
) -> None:
    told(town)
    town.parts.clock.move(minutes=4)
    assert send_letters(town.parts) == 0
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
    node = town.add_thread("leeds/forum", "Sandbags?", "york/bo", "Words.")
    town.post(node, "leeds/hana", "Yes.")
    later(town, minutes=2)
    (message,) = mailed.taken
    assert "wardens" in text_of(message)
    assert "Sandbags?" in text_of(message)
    morning(town)
    assert len(mailed.taken) == 1


def test_one_answer_is_the_subject_of_its_letter(town: World, mailed: MailServer) -> None:
    later(town, minutes=6)
    said = "Ann Shaw of Leeds City Council answered your question: How do you register flood wardens?"
    assert mailed.subjects == [said]


def test_what_is_not_for_bo_in_person_waits_for_the_morning(town: World, asked: str, mailed: MailServer) -> None:
    later(town, minutes=6)
    Desk(town, "york/bo").send(f"{asked}/follow", level="all")
    node = town.add_thread("leeds/forum", "Pumps", "leeds/ann", "Words.", sort="discussion")
    Desk(town, "york/bo").send(f"/threads/{node.removeprefix('thread:')}/follow", level="all")
    town.post(node, "leeds/hana", "More.")
    later(town, minutes=6)
    assert len(mailed.taken) == 1
    morning(town)
    assert len(mailed.taken) == 2
    assert "wrote in what you follow: Pumps" in text_of(mailed.taken[1])


def test_ann_hears_that_her_answer_was_accepted_unless_that_was_taken_back(
    town: World, asked: str, mailed: MailServer
) -> None:
    with town.work() as uow:
        leeds = town._place(uow, "leeds").id
        uow.session.add(OrganisationDomain(domain="leeds.gov.uk", organisation_id=leeds, verified=True))
        town._person(uow, "leeds/ann").email = "ann@leeds.gov.uk"
        accept(uow, uow.session.get_one(Post, (f"thread:{asked.rpartition('/')[2]}", 2)), "person:york/bo")
    later(town, minutes=6)
    assert "Bo Reed of York City Council accepted your answer: How do you register flood wardens?" in mailed.subjects
    assert "Bo Reed of York City Council accepted your answer" in Desk(town, "leeds/ann").see("/notices")


def test_who_accepts_their_own_answer_hears_nothing_of_it(town: World, asked: str, mailed: MailServer) -> None:
    node = f"thread:{asked.rpartition('/')[2]}"
    number = town.post(node, "york/bo", "I found it.")
    with town.work() as uow:
        accept(uow, uow.session.get_one(Post, (node, number)), "person:york/bo")
    later(town, minutes=6)
    assert not any("accepted" in subject for subject in mailed.subjects)


def test_bo_hears_at_once_in_his_own_hours_alone(town: World, mailed: MailServer) -> None:
    """Answered on a Tuesday at seven in the evening; he works from ten, and not on Wednesdays."""
    wishes(town, from_hour=10, until_hour=16, days="0134", off=True)
    town.parts.clock.at = datetime(2026, 10, 20, 18, tzinfo=UTC)
    later(town, minutes=6)
    for day in (20, 21, 22):
        town.parts.clock.at = datetime(2026, 10, day, 8, 30, tzinfo=UTC)
        later(town)
    assert mailed.taken == []
    town.parts.clock.at = datetime(2026, 10, 22, 9, 0, tzinfo=UTC)
    later(town)
    assert len(mailed.taken) == 1


def test_while_bo_is_away_nothing_comes_and_then_one_letter(town: World, asked: str, mailed: MailServer) -> None:
    with town.work() as uow:
        bo = town._person(uow, "york/bo")
        keep_profile(uow, bo, Said(away_from=date(2026, 10, 19), away_until=date(2026, 10, 22), away_for="self"))
    town.parts.clock.at = datetime(2026, 10, 20, 9, tzinfo=UTC)
    for day in (20, 21, 22):
        town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
        morning(town, WEDNESDAY.replace(day=day))
        later(town, hours=2)
    assert mailed.taken == []
    morning(town, WEDNESDAY.replace(day=23))
    assert len(mailed.taken) == 1
    later(town, hours=2)
    assert len(mailed.taken) == 1


def test_while_the_mail_server_is_down_nothing_is_lost_and_nothing_comes_twice(
    town: World, asked: str, mailed: MailServer
) -> None:
    no_more_at_once(town)
    mailed.stop()
    morning(town)
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
    node = town.add_thread("leeds/forum", "Sandbags?", "york/bo", "Words.")
    town.post(node, "leeds/hana", "Yes.")
    morning(town, WEDNESDAY.replace(day=22))
    assert len(letters(town)) == 1
    mailed.start()
    town.parts.clock.move(hours=1)
    later(town)
    (message,) = mailed.taken
    assert "wardens" in text_of(message)
    assert "Sandbags?" in text_of(message)
    morning(town, WEDNESDAY.replace(day=23))
    assert len(mailed.taken) == 1


def test_a_withdrawn_post_is_in_no_letter(town: World, asked: str, mailed: MailServer) -> None:
    leaves(town, "text")
    node = f"thread:{asked.rpartition('/')[2]}"
    told(town)
    with town.work() as uow:
        post = say(uow, node, town._person(uow, "leeds/mo"), "KESTREL")
        withdraw_post(uow, post, "person:leeds/mo", "Wrong")
    later(town, minutes=6)
    (message,) = mailed.taken
    assert "KESTREL" not in text_of(message)


def test_news_that_was_forgotten_while_its_letter_left_stops_no_letter(town: World, mailed: MailServer) -> None:
    def forget() -> None:
        with town.work() as uow:
            uow.session.execute(delete(Notice))

    mailed.after_taking = forget
    later(town, minutes=6)
    assert len(mailed.taken) == 1
    assert [letter.state for letter in letters(town)] == ["sent"]


def test_who_wants_no_daily_letter_gets_the_one_of_their_absence_when_they_are_back(
    town: World, mailed: MailServer
) -> None:
    wishes(town, off=True)
    with town.work() as uow:
        bo = town._person(uow, "york/bo")
        keep_profile(uow, bo, Said(away_from=date(2026, 10, 19), away_until=date(2026, 10, 22), away_for="self"))
    later(town, minutes=6)
    morning(town, WEDNESDAY)
    assert mailed.taken == []
    morning(town, WEDNESDAY.replace(day=23))
    assert len(mailed.taken) == 1


@pytest.mark.parametrize("level", ["nothing", "titles", "text"])
def test_a_word_in_a_thread_that_bo_may_not_read_is_in_none_of_his_letters_however_he_follows(
    town: World, asked: str, mailed: MailServer, level: str
) -> None:
    """Canary: told of it, answered in it, following its author, its place and all of Leeds (conversation notes, 11)."""
    leaves(town, level)
    hidden = town.add_thread("leeds/legal", "KESTREL", "leeds/mo", "KESTREL")
    with town.work() as uow:
        bo, mo = town._person(uow, "york/bo"), town._person(uow, "leeds/mo")
        for node in (hidden, mo.node, town._place(uow, "leeds").id, town._place(uow, "leeds/legal").id):
            set_level(uow, bo.id, node, "all")
        say(uow, hidden, bo, "I could write here once.")
        say(uow, hidden, mo, "KESTREL", answers_to=2, told=(bo,))
    later(town, minutes=6)
    morning(town)
    assert len(mailed.taken) == 1
    for message in mailed.taken:
        assert "KESTREL" not in text_of(message)
        assert "Legal" not in text_of(message)
        assert "2 conversations" not in text_of(message)
    assert asked
