"""Writes the news, ideas and notes of the demo, each at its own moment and only if its author might have done it."""

from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Final

from hub.access.models import Person
from hub.demo.events import EVENTS
from hub.demo.talking import Talking
from hub.demo.talks import Ago, Almanac
from hub.demo.told import CAMPAIGNS, IDEAS, NEWS, NOTES, OFFERS, DemoCampaign, DemoIdea, DemoNews
from hub.ground.clock import day_of, end_of
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk.reading import ask_to_read, say_read
from hub.nouns.threads.deciding import Decision, take_step, vote
from hub.nouns.threads.models import Thread
from hub.nouns.threads.offering import set_offered
from hub.nouns.threads.publishing import publish
from hub.nouns.threads.service import NewThread, open_thread, post_to
from hub.nouns.threads.sorts import EVENT, SORTS, SUPPORT

USUAL: Final = tuple(sort.key for sort in SORTS.values() if sort.usual)
TO_READ_WITHIN: Final = timedelta(days=7)
A_STEP: Final = 2
"""Working days after which something comes of an idea, and then something more."""
OPENED: Final = 10
"""The hour at which each of them begins; what follows on the same day, hours later."""


@dataclass
class Telling:
    """All of it, by those who talk."""

    talking: Talking

    def write(self) -> None:
        """Say what spaces take, then tell. Raises NotTheirs."""
        dated = {event.place for event in EVENTS}
        for place in sorted({*OFFERS, *dated}):
            sorts = (*OFFERS.get(place, USUAL), *((EVENT.key,) if place in dated else ()))
            set_offered(self.talking.uow, self.talking.places[place], sorts)
        for news in NEWS:
            self._news(news)
        campaigns = {campaign.place: self._campaign(campaign) for campaign in CAMPAIGNS}
        for idea in IDEAS:
            self._idea(idea, campaigns.get(idea.place) if idea.in_campaign else None)
        for place, by, body, days in NOTES:
            self._open(place, by, NewThread("note", "", body), days)

    def _person(self, handle: str) -> Person:
        return self.talking.people[handle]

    def _at(self, days: int, by: str, more: int = 0) -> UnitOfWork:
        almanac = Almanac(self.talking.uow.now, late=False)
        return self.talking.at(almanac.moment(Ago(days, time(OPENED + more))), by)

    def _open(self, place: str, by: str, new: NewThread, days: int) -> Thread:
        thread = open_thread(self._at(days, by), self.talking.places[place], self._person(by), new)
        self.talking.may(by, SORTS[new.sort].opens, thread)
        return thread

    def _news(self, news: DemoNews) -> None:
        thread = self._open(news.place, news.by, NewThread("news", news.title, news.body), news.days)
        if news.draft:
            return
        start = self._at(news.days, news.by)
        publish(start, thread)
        self.talking.may(news.by, "edit", thread)
        if news.asks:
            today = day_of(start.now)
            ask_to_read(start, thread.node, self._person(news.by), today + TO_READ_WITHIN, today)
        for handle in news.read:
            self.talking.may(handle, "read", thread)
            say_read(self._at(news.days - 1, handle), thread.node, self._person(handle))
        for number, (handle, body) in enumerate(news.comments, start=1):
            self.talking.may(handle, "comment", thread)
            post_to(self._at(news.days, handle, number), thread, self._person(handle), body)

    def _campaign(self, campaign: DemoCampaign) -> Thread:
        closes = end_of(day_of(self.talking.uow.now) + timedelta(days=campaign.open_for))
        new = NewThread("campaign", campaign.title, campaign.body, closes_at=closes)
        return self._open(campaign.place, campaign.by, new, campaign.days)

    def _idea(self, idea: DemoIdea, campaign: Thread | None) -> None:
        new = replace(NewThread("idea", idea.title, idea.body), campaign=campaign)
        thread = self._open(idea.place, idea.by, new, idea.days)
        for handle in idea.support:
            self.talking.may(handle, "comment", thread)
            vote(self._at(idea.days, handle), thread, campaign, self._person(handle), SUPPORT, on=True)
        for number, said in enumerate(idea.steps, start=1):
            self.talking.may(said.by, "edit", thread)
            step = next(each for each in SORTS[thread.sort].steps_from(thread.stage) if each.stage == said.stage)
            at = self._at(idea.days - number * A_STEP, said.by)
            done_on = day_of(at.now) if step.realised else None
            take_step(at, thread, self._person(said.by), step, Decision(said.body, done_on, said.worth))
