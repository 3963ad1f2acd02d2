"""Letters of news: one on working days at eight, judged once more, none where nothing is new (conversation, 5)."""

from datetime import UTC, datetime

from sqlalchemy import select

from hub.access.models import Person
from hub.features.hearing.letters import letters_round
from hub.features.hearing.telling import tell_round
from hub.keeping.trail import KEY as TRAIL
from hub.mail.models import SentLetter
from hub.nouns.organisations.models import OrganisationDomain
from tests.hub.features.talk.conftest import Desk
from tests.hub.world import World

WEDNESDAY = datetime(2026, 10, 21, 7, 10, tzinfo=UTC)
"""Ten past eight in London."""


def known_by_mail(town: World, handle: str = "york/bo", address: str = "bo@york.gov.uk") -> None:
    """Somebody has an address of a domain that York has proved."""
    with town.work() as uow:
        person = town._person(uow, handle)
        person.email = address
        if uow.session.get(OrganisationDomain, "york.gov.uk") is None:
            york = town._place(uow, "york").id
            uow.session.add(OrganisationDomain(domain="york.gov.uk", organisation_id=york, verified=True))


def told(town: World) -> None:
    while tell_round(town.parts):
        pass


def letters(town: World) -> list[SentLetter]:
    """All that were written, after the morning's round."""
    while letters_round(town.parts):
        pass
    with town.parts.database.reading() as session:
        return list(session.scalars(select(SentLetter).order_by(SentLetter.created_at)))


def test_bo_gets_one_letter_at_eight_that_names_nothing(town: World, asked: str) -> None:
    known_by_mail(town)
    told(town)
    town.parts.clock.at = WEDNESDAY.replace(hour=6)
    assert letters(town) == []
    town.parts.clock.at = WEDNESDAY
    (letter,) = letters(town)
    assert letter.address == "bo@york.gov.uk"
    assert letter.lines == "Something is new for you in 1 conversation."
    assert letter.link == "/notices"
    assert "wardens" not in letter.subject + letter.lines + letter.why
    town.parts.clock.move(days=1)
    assert len(letters(town)) == 1
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
    told(town)
    town.parts.clock.move(hours=1)
    assert len(letters(town)) == 1
    town.parts.clock.move(days=1)
    assert len(letters(town)) == 2


def test_nothing_is_written_of_what_bo_has_read_or_may_not_read_any_more(town: World, asked: str) -> None:
    """Judged a third time, when it is mailed."""
    known_by_mail(town)
    town.add_thread("leeds/forum", "Another?", "york/bo", "Words.")
    told(town)
    Desk(town, "york/bo").see(asked)
    town.app.extensions[TRAIL].write()
    town.parts.clock.at = WEDNESDAY
    assert letters(town) == []
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
    told(town)
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,x")
    town.set_audience("leeds/forum", "private")
    town.parts.clock.move(days=1)
    assert letters(town) == []


def test_none_goes_to_an_address_that_is_not_of_their_organisation_nor_to_a_guest(town: World, asked: str) -> None:
    known_by_mail(town, address="bo@elsewhere.example")
    with town.work() as uow:
        uow.session.scalars(select(Person).where(Person.handle == "acme/gus")).one().email = "gus@york.gov.uk"
    told(town)
    town.parts.clock.at = WEDNESDAY
    assert letters(town) == []
    known_by_mail(town)
    with town.work() as uow:
        uow.session.get_one(OrganisationDomain, "york.gov.uk").verified = False
    assert letters(town) == []
    assert asked


def test_bo_wants_none_and_then_some_again(town: World, asked: str) -> None:
    known_by_mail(town)
    told(town)
    bo = Desk(town, "york/bo")
    bo.see("/notices")
    assert "You get no letters of news any more." in bo.press("Send me no letters of this")
    town.parts.clock.at = WEDNESDAY
    assert letters(town) == []
    bo = Desk(town, "york/bo")
    bo.see("/notices")
    bo.press("Write to me when something is new")
    assert len(letters(town)) == 1
    assert asked


def test_there_are_none_at_the_weekend_and_none_in_the_evening(town: World, asked: str) -> None:
    known_by_mail(town)
    told(town)
    for at in (datetime(2026, 10, 24, 10, tzinfo=UTC), datetime(2026, 10, 21, 18, tzinfo=UTC)):
        town.parts.clock.at = at
        assert letters(town) == []
    town.parts.clock.at = datetime(2026, 10, 26, 10, tzinfo=UTC)
    assert len(letters(town)) == 1
    assert asked
