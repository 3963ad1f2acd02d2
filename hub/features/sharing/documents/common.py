"""What every page of sharing one document begins with, and with whom it can be shared."""

from collections.abc import Iterable

from flask import g
from sqlalchemy import or_, select

from hub.access.guard import parts, viewer
from hub.access.models import Grant
from hub.audience.acting import look_up
from hub.audience.confirming import Question
from hub.audience.sealing import Fact, digest, facts_of, shown
from hub.features.sharing.members.views import ROLE_OF
from hub.features.sharing.queries import Principal, given_on, member_of, principal_of
from hub.ground.errors import NotFound
from hub.nouns.documents.models import Document
from hub.nouns.spaces.queries import line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.web.pages import Crumb, Send, Whose


def managed(document_id: str) -> Document:
    """A document for whoever manages it; NotFound for whoever may not see it, NotPermitted for readers."""
    return viewer().require("manage", look_up(Document, document_id))


def node_of(document: Document) -> str:
    """What a grant on it names."""
    return f"doc:{document.id}"


def address(document: Document) -> str:
    """The page that lists with whom it is shared."""
    return f"/share/document/{document.id}"


def surroundings(document: Document) -> tuple[tuple[Crumb, ...], Whose]:
    """The way to a page about a document, and whose it is."""
    line = line_of(viewer(), document.place_id)
    return (*crumbs_of(line.seen), Crumb(document.title, f"/documents/{document.id}")), whose(line)


def someone(document: Document, word: str) -> Principal:
    """Somebody whom the viewer may see, or who has it already; NotFound for others, whether or not they are there."""
    found = principal_of(viewer(), word) or member_of(viewer(), node_of(document), word)
    if found is None or not admitted_ones(document, [found]):
        raise NotFound
    return found


def admitted_ones(document: Document, found: Iterable[Principal]) -> list[Principal]:
    """Of some, those with whom it can be shared: a guest only where the organisation that owns it admits them now.

    That is its staff's business: others who manage the document know of those guests alone who have it already.
    """
    offered = list(found)
    guests = [each.word for each in offered if each.kind == "guest"]
    if not guests:
        return offered
    lasts = Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= parts().today)
    own = document.organisation_id in viewer().subject.orgs
    here = Grant.organisation_id == document.organisation_id if own else Grant.node == node_of(document)
    admitted = set(g.db.scalars(select(Grant.principal).where(here, lasts, Grant.principal.in_(guests))))
    return [each for each in offered if each.kind != "guest" or each.word in admitted]


def is_outside(document: Document, who: Principal) -> bool:
    """Whether somebody is of another organisation than the document."""
    return who.kind == "guest" or who.organisation_id != document.organisation_id


def role_of(held: list[Grant]) -> str:
    """What somebody may do to it by what was given on it; empty for nothing."""
    return ROLE_OF.get(held[-1].can, "") if held else ""


def held_facts(who: Principal, held: list[Grant]) -> tuple[Fact, ...]:
    """What somebody has on the document: the form is about that, and nothing that was given since."""
    role = role_of(held)
    said = f"{who.called} is {role} of it now." if role else f"It is not shared with {who.called} any more."
    return (Fact("held", digest(*(grant.id for grant in held)), lambda: said),)


def now_held(document: Document, end: Grant | None, back: list[Grant]) -> tuple[Fact, ...]:
    """What those about whom something is undone have on the document now."""
    words = {grant.principal for grant in (*back, *((end,) if end else ()))}
    held = sorted(grant.id for word in words for grant in given_on(g.db, node_of(document), word))
    return (Fact("now", digest(*held), lambda: "Somebody changed meanwhile what they may do to it."),)


def undo_of(document: Document, end: Grant | None, back: list[Grant]) -> Send:
    """The button that ends what was just given and gives back what was just taken, while nothing else was done since.

    To be made within the unit of work that did it.
    """
    seen = shown((*facts_of(viewer(), document), *now_held(document, end, back)))
    fields = ("end", end.id if end else ""), ("back", " ".join(grant.id for grant in back)), seen
    return Send("Undo", f"{address(document)}/undo", fields)


def question(
    document: Document, title: str, button: str, facts: tuple[Fact, ...] = (), *, undoes: bool = False
) -> Question:
    """What is asked before with whom it is shared changes."""
    crumbs, of_whom = surroundings(document)
    return Question(
        title=title,
        button=button,
        cancel_href=address(document),
        crumbs=crumbs,
        whose=of_whom,
        thing=document,
        facts=facts,
        undoes=undoes,
    )
