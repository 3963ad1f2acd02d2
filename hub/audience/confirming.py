"""Before anything is saved that widens sight or narrows it: what it shows to whom, what it takes from whom, a button.

Every use case that can do either asks by `ask_first`. What is agreed to is just what the page showed: the things
and people counted, and the thing as it stood (`sealing.py`). Only what the viewer may see is counted and listed, so
that the count says nothing of anything else.
"""

from dataclasses import dataclass

from flask import Response, g, request
from sqlalchemy import select

from hub.access.guard import parts, viewer
from hub.access.known_crowd import AsKnown
from hub.access.models import Grant, Place
from hub.access.this_request import ThisRequest
from hub.audience.foreseeing import Change, Foretold, Shown, foretold_of
from hub.audience.gains import GAINING, HEARD, LOSING, SILENCED, Saying, Turning, list_of
from hub.audience.losing import losses_in_words
from hub.audience.pages import ConfirmPage, Gain
from hub.audience.sealing import SEEN, Fact, facts_of, news, shown
from hub.things.thing import Lying
from hub.web.form_tokens import FIELD
from hub.web.pages import Crumb, Send, Whose
from hub.web.render import render

AGREED = "agreed"
TURN, TURN_LOSS, TURN_HEARD, TURN_SILENCED = TURNS = ("turn", "turn-loss", "turn-heard", "turn-silenced")
UNDO = "undo"
"""The field by which an undo says that it is one."""
NOT_KEPT = {"csrf_token", FIELD, AGREED, *TURNS, SEEN}
AS_BEFORE = "Nobody sees more or less by it."
RECOUNTED = "Something changed since you were asked. This is the count as it is now."


@dataclass(frozen=True)
class Question:
    """What the page that asks says around the counts."""

    title: str
    button: str
    cancel_href: str
    crumbs: tuple[Crumb, ...]
    whose: Whose
    thing: Lying | Place | None = None
    """What the change is about: it is done only to the thing as it was shown."""
    facts: tuple[Fact, ...] = ()
    """What else was shown, and is bound likewise."""
    gaining: Saying = GAINING
    losing: Saying = LOSING
    heard: Saying = HEARD
    """Of those who may write in a space by it."""
    always: bool = False
    """Whether to ask even where nobody gains or loses."""
    undoes: bool = False
    """Whether it takes back what was done a moment ago: what that gave is taken without another question."""
    button_kind: str = "primary"
    whole: bool = False
    """Whether what is shown is counted though the viewer may not see it yet: they gain it themselves by agreeing."""
    notes: tuple[str, ...] = ()
    """What else the change means, a sentence each."""

    @property
    def bound(self) -> tuple[Fact, ...]:
        """Every fact that the page shows."""
        return (*(facts_of(viewer(), self.thing) if self.thing is not None else ()), *self.facts)


def ask_first(change: Change, question: Question) -> Response | None:
    """The page that says what a change means; None where it means nothing to anybody, or where just this was agreed.

    Either way only where the form showed the thing as it is.
    """
    told, bound = foretold(change, whole=question.whole), question.bound
    print_, agreed = told.print, request.form.get(AGREED, "")
    found = news(bound)
    turns = any(request.form.get(name) for name in TURNS)
    if agreed == print_ and not turns and found is None:
        return None
    touched = told.gives or (told.takes and not question.undoes)
    if not touched and not question.always and found is None:
        return None
    found = found or ()
    if agreed and agreed != print_:
        found = (*found, RECOUNTED)
    here = request.full_path.rstrip("?")
    kept = tuple((k, v) for k, v in request.form.items(multi=True) if k not in NOT_KEPT)
    sent = (*kept, shown(bound), (AGREED, print_))
    gain, loss = lists_of(told, question, here, sent)
    heard = _list_of_writers(told.heard, question.heard, Turning(here, sent, TURN_HEARD, _page(TURN_HEARD)))
    silenced = _list_of_writers(told.silenced, SILENCED, Turning(here, sent, TURN_SILENCED, _page(TURN_SILENCED)))
    return render(
        ConfirmPage(
            title=question.title,
            crumbs=question.crumbs,
            whose=question.whose,
            news=found,
            gain=gain,
            loss=loss,
            heard=heard,
            silenced=silenced,
            notes=(
                *losses_in_words(viewer(), change, told.lost, question.thing),
                *_of_sight(told, question),
                *question.notes,
            ),
            send=Send(question.button, here, sent, question.button_kind, once=True),
            cancel_href=question.cancel_href,
        )
    )


def _of_sight(told: Foretold, question: Question) -> tuple[str, ...]:
    """What is said where other people may write, and that is all."""
    seen = told.gained.everybody or told.lost.everybody or question.always
    return (AS_BEFORE,) if (told.gives or told.takes) and not seen else ()


def foretold(change: Change, *, whole: bool = False) -> Foretold:
    """What a change means, as far as the viewer may be told; whom it names, they know."""
    named = {rule.who for rule in change.given}
    if change.ended:
        named.update(g.db.scalars(select(Grant.principal).where(Grant.id.in_(change.ended))))
    known = AsKnown(ThisRequest(), viewer(), frozenset(named))
    return foretold_of(g.db, known, parts().kinds, parts().today, change, told=None if whole else viewer().person)


def lists_of(
    told: Foretold, question: Question, here: str, fields: tuple[tuple[str, str], ...]
) -> tuple[Gain | None, Gain | None]:
    """Who gains and who loses, each with a page of names; None for what is not worth saying."""
    says_gain = told.gained.everybody or question.always or not (told.gives or told.takes)
    first, second = (Turning(here, fields, name, _page(name)) for name in (TURN, TURN_LOSS))
    gain = list_of(viewer(), told.gained, question.gaining, first) if says_gain else None
    loss = list_of(viewer(), told.lost, question.losing, second) if told.lost.everybody else None
    return gain, loss


def _list_of_writers(shown: Shown, saying: Saying, turning: Turning) -> Gain | None:
    """Who may write, or may not any more; None for nobody."""
    return list_of(viewer(), shown, saying, turning) if shown.everybody else None


def _page(name: str) -> int:
    return request.form.get(name, 1, type=int) or 1
