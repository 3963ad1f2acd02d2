"""Sent mail: the hub's letters, what became of each, and another try for those that did not leave."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Person
from hub.features.administration.blueprint import PLATFORM, blueprint, crumbs, platform, tabs
from hub.features.administration.letters.pages import LetterPage, LetterRow, LetterState, SentMailPage
from hub.features.administration.pages import Tab
from hub.features.administration.queries import organisation_names
from hub.ground.errors import NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.mail.composing import message_id, text_of
from hub.mail.models import CODE, FAILED, FOLDER, SENT, WAITING, WITHHELD, SentLetter
from hub.mail.queries import counts_of, letter_by_id, letters_of
from hub.mail.service import can_be_sent_again, send_again
from hub.web.flash import say
from hub.web.pages import Crumb, Send, Who
from hub.web.paging import page_links, page_number
from hub.web.render import render

HERE = f"{PLATFORM}/mail"
ON_A_PAGE = 50
STATES = {
    WAITING: LetterState("Waiting", "draft"),
    SENT: LetterState("Sent", "quiet"),
    FOLDER: LetterState("In the folder", "quiet"),
    FAILED: LetterState("Failed", "withdrawn"),
    WITHHELD: LetterState("Not sent", "quiet"),
}
LISTS = (("", "All"), (WAITING, "Waiting"), (FAILED, "Failed"))
NOBODY_KNOWN = "Somebody who was invited"
HIDDEN_LINK = "(a link into the hub)"


@blueprint.get(HERE)
@declares("platform:administer")
def sent_mail() -> Response:
    """Letters to anybody, newest first."""
    own = platform()
    state, page = request.args.get("state", ""), page_number(request.args.get("page"))
    state = state if state in STATES else ""
    found, total = letters_of(g.db, state, page, ON_A_PAGE)
    counts = counts_of(g.db)
    names = organisation_names(g.db, {person.organisation_id for _, person in found if person})
    numbers = {WAITING: counts.waiting, FAILED: counts.failed}
    return render(
        SentMailPage(
            crumbs=crumbs(own),
            tabs=tabs(own, "Sent mail"),
            way=_way(),
            trouble=counts.error,
            states=tuple(
                Tab(f"{text} ({numbers[each]:,})" if each else text, _list(each), current=each == state)
                for each, text in LISTS
            ),
            chosen=STATES[state].text.lower() if state else "",
            letters=tuple(_row(letter, _to(person, names)) for letter, person in found),
            links=page_links(page, ON_A_PAGE, total, lambda number: _list(state, number)),
        )
    )


@blueprint.get(f"{HERE}/<id:letter_id>")
@declares("platform:administer")
def show_letter(letter_id: str) -> Response:
    """One letter. Where it leads is not told: the path of a place can name what the viewer may not see."""
    own = platform()
    letter, person = _letter(letter_id)
    link = _link(letter)
    once = "(a code)" if letter.link == CODE else link or "(a one-use link)"
    address = HIDDEN_LINK if letter.secret_until is None else once
    again = can_be_sent_again(letter, to_server=parts().mail.server is not None)
    return render(
        LetterPage(
            title=letter.subject,
            crumbs=crumbs(own, Crumb("Sent mail", HERE)),
            tabs=tabs(own, "Sent mail"),
            name=_to(person, organisation_names(g.db, [person.organisation_id] if person else [])),
            address=letter.address,
            person_href=_person_href(person) if person else "",
            state=STATES[letter.state],
            reason=letter.error,
            written=letter.created_at,
            left=letter.sent_at,
            attempts=letter.attempts,
            due=letter.due_at if letter.state == WAITING and letter.attempts else None,
            message_id=message_id(letter, parts().public_url),
            text=text_of(letter, person.name if person else "", address, parts().mail, parts().public_url),
            link=link,
            link_until=letter.secret_until if link else None,
            sends=(Send("Send again", f"{HERE}/{letter.id}/again", kind="primary"),) if again else (),
        )
    )


@blueprint.post(f"{HERE}/<id:letter_id>/again")
@declares("platform:administer")
def send_letter_again(letter_id: str) -> BaseResponse:
    """Try a letter once more, at the address that the person has now."""
    platform()
    _letter(letter_id)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        found = letter_by_id(uow.session, letter_id)
        if found is None:
            raise NotFound
        send_again(uow, *found, to_server=parts().mail.server is not None)
        address = found[0].address
    say(f"The letter to {address} is on its way again.")
    return redirect(f"{HERE}/{letter_id}", code=303)


def _letter(letter_id: str) -> tuple[SentLetter, Person | None]:
    found = letter_by_id(g.db, letter_id)
    if found is None:
        raise NotFound
    return found


def _link(letter: SentLetter) -> str:
    """The one-use link, never a code, unless it reached a mail server, was used, or its time is over."""
    over = letter.secret_until is not None and letter.secret_until <= parts().clock.now()
    if not letter.secret or over or letter.link == CODE or letter.state == SENT:
        return ""
    return f"{parts().public_url}{parts().keys.decrypt(letter.secret)}"


def _way() -> str:
    server, folder = parts().mail.server, parts().mail.folder.name
    if server is not None:
        return f"Letters go out through {server}, from {parts().mail.sender}."
    return f"No mail server is set, so letters go into the folder “{folder}” of the data folder, and no further."


def _list(state: str, number: int = 1) -> str:
    asked = ({"state": state} if state else {}) | ({"page": str(number)} if number > 1 else {})
    return f"{HERE}?{urlencode(asked)}" if asked else HERE


def _to(person: Person | None, organisations: Mapping[str, str]) -> str:
    return str(Who(person.name, organisations[person.organisation_id])) if person else NOBODY_KNOWN


def _row(letter: SentLetter, to: str) -> LetterRow:
    return LetterRow(letter.subject, f"{HERE}/{letter.id}", to, letter.address, letter.created_at, STATES[letter.state])


def _person_href(person: Person) -> str:
    organisation, _, name = person.handle.partition("/")
    return f"/admin/{organisation}/people/{name}"
