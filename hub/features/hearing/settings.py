"""Which letters somebody gets, and when."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Response, g, redirect, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, person_id, viewer
from hub.access.models import Person
from hub.features.hearing.blueprint import blueprint
from hub.features.hearing.hours import A_WEEK, back_at
from hub.features.hearing.pages import SettingsPage
from hub.features.hearing.wishes import wishes_for_writing, wishes_of
from hub.ground.clock import LONDON
from hub.ground.unit_of_work import unit_of_work
from hub.mail.models import RefusedAddress
from hub.mail.service import try_address_again
from hub.nouns.organisations.queries import at_proved_domain
from hub.nouns.talk.models import NewsLetter
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Choice, Problem, Send
from hub.web.render import render

HERE: Final = "/notices/settings"
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAILY: Final = (
    Choice("yes", "Yes", "After eight on working days, only where something is new."),
    Choice("no", "No"),
)
AT_ONCE: Final = (
    Choice("yes", "Yes", "A few minutes later, within the hours below."),
    Choice("no", "No", "It is in the daily letter then."),
)
WHOLE_HOUR: Final = "Enter a whole hour from {}, such as {}"
_HOUR: Final = re.compile(r"([0-9]{1,2})(?:[:.]00)?")
_MOST: Final = 24


@dataclass(frozen=True)
class _Form:
    daily: str
    at_once: str
    begins: str
    ends: str
    days: str
    problems: tuple[Problem, ...] = ()


@blueprint.get(HERE)
@declares("notice:list")
def settings() -> Response:
    """What the viewer has chosen, or what is usual."""
    viewer().visible()
    return _page(_as_kept(wishes_of(g.db, person_id())))


@blueprint.post(HERE)
@declares("notice:list")
def save_settings() -> BaseResponse:
    """Keep it; wrong input comes back with what to mend."""
    viewer().visible()
    form = _read()
    if form.problems:
        return _page(form)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        row = wishes_for_writing(uow.session, person_id())
        row.off, row.at_once_off, row.days = form.daily == "no", form.at_once == "no", form.days
        row.from_hour, row.until_hour = _hour(form.begins) or 0, _hour(form.ends) or 0
    say("It is saved, and holds from the next letter on.")
    return redirect(HERE, code=303)


@blueprint.post(f"{HERE}/again")
@declares("notice:list")
def try_address() -> BaseResponse:
    """Let letters go again to the viewer's address, which a mail server has refused."""
    viewer().visible()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        try_address_again(uow, viewer().person.email)
    say("The next letter goes to your address again.")
    return redirect(HERE, code=303)


def _as_kept(row: NewsLetter) -> _Form:
    return _Form(
        "no" if row.off else "yes",
        "no" if row.at_once_off else "yes",
        f"{row.from_hour}:00",
        f"{row.until_hour}:00",
        row.days,
    )


def _read() -> _Form:
    sent = {name: request.form.get(name, "").strip() for name in ("daily", "at_once", "from", "to")}
    days = "".join(number for number in map(str, range(A_WEEK)) if number in request.form.getlist("day"))
    begins, ends = _hour(sent["from"]), _hour(sent["to"])
    found = [Problem(name, "Choose yes or no") for name in ("daily", "at_once") if sent[name] not in {"yes", "no"}]
    if begins is None or begins == _MOST:
        found.append(Problem("from", WHOLE_HOUR.format("0:00 to 23:00", "8:00")))
    if ends is None or (begins is not None and ends <= begins):
        found.append(Problem("to", WHOLE_HOUR.format("the one after letters may begin to 24:00", "18:00")))
    if not days:
        found.append(Problem("day", "Choose at least one day, or no letters at once"))
    return _Form(sent["daily"], sent["at_once"], sent["from"], sent["to"], days, tuple(found))


def _hour(text: str) -> int | None:
    """The hour of a day that a text names; None for what names none."""
    found = _HOUR.fullmatch(text)
    return int(found[1]) if found and int(found[1]) <= _MOST else None


def _page(form: _Form) -> Response:
    person = viewer().person
    without, refused = _without(g.db, person), g.db.get(RefusedAddress, person.email.lower())
    return render(
        SettingsPage(
            problems=form.problems,
            action=HERE,
            address="" if without else person.email,
            without=without,
            refused=refused.said if refused is not None and not without else "",
            again=Send("Try again", f"{HERE}/again") if refused is not None and not without else None,
            away=_away(wishes_of(g.db, person.id), parts().clock.now()),
            yes_no=(DAILY, AT_ONCE),
            daily=form.daily,
            at_once=form.at_once,
            begins=form.begins,
            ends=form.ends,
            days=tuple((Choice(str(number), name), str(number) in form.days) for number, name in enumerate(DAYS)),
        )
    )


def _without(session: Session, person: Person) -> str:
    """Why somebody gets no letters of news whatever they choose; empty where they may. One query."""
    if person.kind != "staff":
        return "The hub writes letters of news to staff alone. What is new for you stands under “News for you”."
    if not person.email:
        return "Your organisation has given the hub no mail address of yours: ask its administrators."
    if session.scalar(select(Person.id).where(Person.id == person.id, at_proved_domain())) is None:
        return (
            f"The hub writes to {person.email} no letters of news, as your organisation has not proved that the domain "
            "is its own: ask its administrators."
        )
    return ""


def _away(row: NewsLetter, now: datetime) -> str:
    back = back_at(g.db, row, now)
    if back is None:
        return ""
    at = back.astimezone(LONDON)
    return f"Your profile says that you are away. Letters come again from {day(at).striptags()} on, in one."
