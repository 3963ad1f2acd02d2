"""Who can see this: of a space, a folder or what lies in one, for those who manage it."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from flask import Response, g, request

from acl.audience import Because
from acl.explain import whom
from acl.misses import spoken
from acl.rules import Rule
from acl.visibility import joined
from acl.vocabulary import GUEST, SOMEBODY, is_inside
from hub.access.crowd import Crowd, called
from hub.access.guard import declares, of_each_kind, parts, viewer
from hub.access.judged import NEW, node_of
from hub.access.known import Known
from hub.access.models import Place
from hub.access.names import GIVEN, source_of
from hub.audience.changes import in_words
from hub.audience.foreseeing import readers_of_each
from hub.audience.reach import known_around
from hub.features.sharing.blueprint import address, blueprint, managed, surroundings
from hub.features.sharing.earlier import AskedDay, earlier, read_asked, readers_then
from hub.features.sharing.pages import AudiencePage, ReaderList, ReaderRow
from hub.nouns.people.queries import people_by_id
from hub.nouns.spaces.queries import line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.things.thing import Lying
from hub.web.pages import Crumb, Who
from hub.web.render import render

NAMED = 12
"""So many people of each rule are named."""
ONE_BY_ONE = 20
"""What so many were given by name has a row for each of them; what more were given has one for all."""


class Thing(NamedTuple):
    """Something of which it is asked who can see it: as `hub.audience.foreseeing.readers` names it."""

    heading: str
    node: str
    seat: tuple[str, str]
    owner: str


def _then(row: Place | Lying, asked: AskedDay, node: str, place_id: str) -> tuple[str, tuple[ReaderList, ...]]:
    """A sentence, or who could see it at the end of the day that is asked for."""
    if asked.day is None:
        return "", ()
    is_place = isinstance(row, Place)
    found = earlier(node, place_id, asked.day, place=is_place)
    if found.was is None or found.then is None:
        return found.said, ()
    was, when = found.was, f"At the end of {spoken(asked.day.isoformat())}"
    seat = (place_id if is_place else was.place_id, was.ms)
    marking, _, state = was.ms.rpartition(".")
    things = [Thing(f"{when}: {state}, {marking}", node, seat, was.owner)]
    if is_place:
        inside = Thing(
            f"{when}: what was published in it, marked {marking}", NEW, (seat[0], joined(marking, "published")), ""
        )
        things = [inside, things[0]._replace(heading=f"{when}: its own page, {state}, {marking}")]
    told = [readers_then(found.then, t.node, t.seat, t.owner) for t in things]
    words = frozenset(word for *_, known in told for word in known.words)
    return "", _told(row, things, [(because, crowd) for because, crowd, _ in told], words, then=True)


@blueprint.get("/audience/place/<id:place_id>")
@declares("place:audience", costs="check")
def of_place(place_id: str) -> Response:
    """Who can see what is published in a place, and the place itself; of an organisation, just its page."""
    place = managed(place_id, "organisation", "space", "folder")
    crumbs, whose_ = surroundings(place)
    ms, node = joined(place.marking, "published"), node_of(place.id, place.kind)
    own = Thing(f"The {place.kind}’s own page: its name and description", node, (place.id, place.ms), place.owner)
    inside = Thing(f"What is published in it, marked {place.marking}", NEW, (place.id, ms), "")
    asked = AskedDay() if place.kind == "organisation" else read_asked(request.args)
    said, lists = _then(place, asked, node, place.id)
    if asked.day is None:
        lists = _lists(place, own) if place.kind == "organisation" else _lists(place, inside, own)
    return render(
        AudiencePage(
            title=f"Who can see “{place.name}”" if asked.day is None else f"Who could see “{place.name}”",
            crumbs=crumbs,
            whose=whose_,
            back_href=address(place),
            lists=lists,
            action="" if place.kind == "organisation" else request.path,
            day=asked.typed,
            said=said,
            problems=asked.problems,
        )
    )


@of_each_kind(blueprint, lambda kind: kind.audience_href("<id:own>"))
@declares("thing:audience", costs="check")
def of_thing(prefix: str, own: str) -> Response:
    """Who can read what lies in a place, as it is now."""
    kind = parts().kinds[prefix]
    thing: Lying = viewer().require("manage", g.db.get(kind.model, own))
    line, face = line_of(viewer(), thing.place_id), kind.face(thing)
    seat = (thing.place_id, thing.ms)
    heading = f"As it is now: {thing.state}, {thing.marking}"
    asked = read_asked(request.args)
    said, lists = _then(thing, asked, thing.node, thing.place_id)
    if asked.day is None:
        lists = _lists(thing, Thing(heading, thing.node, seat, thing.owner))
    return render(
        AudiencePage(
            title=f"Who can see “{face.title}”" if asked.day is None else f"Who could see “{face.title}”",
            crumbs=(*crumbs_of(line.seen), Crumb(face.title, face.href)),
            whose=whose(line),
            back_href=face.href,
            lists=lists,
            action=request.path,
            day=asked.typed,
            said=said,
            problems=asked.problems,
        )
    )


def _lists(row: Place | Lying, *things: Thing) -> tuple[ReaderList, ...]:
    """Who can see each of some things of one row, as far as the viewer may know; names are asked for once."""
    known = known_around(viewer(), row, (thing.owner for thing in things))
    place = things[0].seat[0]  # all lie there
    found = readers_of_each(g.db, known, parts().today, place, [(t.node, t.seat[1], t.owner) for t in things])
    return _told(row, things, found, known.words)


def _told(
    row: Place | Lying,
    things: Sequence[Thing],
    found: Sequence[tuple[list[Because], Crowd]],
    words: frozenset[str],
    *,
    then: bool = False,
) -> tuple[ReaderList, ...]:
    """The lists of some things; `words` are those of people who are named to the viewer in any case."""
    told = [(merged(because), crowd) for because, crowd in found]
    rules = tuple(each.rules[0] for some, _ in told for each in some)
    judged = row.judged(viewer().snapshot)
    names = _names(Known.around(viewer(), row, judged, rules), words) if rules and judged else {}
    first = {person for some, crowd in told for person in _first(some, crowd)}
    shown = {person.id: who for person, who in people_by_id(viewer(), first)}
    return tuple(
        ReaderList(
            thing.heading,
            _sentence(crowd, reduce(or_, (each.people for each in some), 0), "could" if then else "can"),
            tuple(_row(each, crowd, dict(names), shown) for each in some),
        )
        for thing, (some, crowd) in zip(things, told, strict=True)
    )


def _names(known: Known, named: frozenset[str]) -> dict[str, str]:
    return known.names | {p.subject_id: p.name for p in known.rows.people if p.subject_id in named}


class Alike(NamedTuple):
    """Rules that are told in one row, and everybody whom they let in."""

    rules: tuple[Rule, ...]
    people: int


def merged(because: Sequence[Because]) -> list[Alike]:
    """Each rule in a row of its own, but what many were given by name on one thing: that is one row for all of them."""
    together: dict[tuple[str, ...], list[Because]] = {}
    for each in because:
        by_name = each.rule.file.startswith(GIVEN) and each.rule.who.startswith(SOMEBODY)
        kind = each.rule.who.partition(":")[0]
        key = (kind, each.rule.where) if by_name else (each.rule.file, str(each.rule.line), each.rule.who)
        together.setdefault(key, []).append(each)
    rows: list[Alike] = []
    for some in together.values():
        if len(some) > ONE_BY_ONE:
            rows.append(Alike(tuple(each.rule for each in some), reduce(or_, (each.people for each in some))))
        else:
            rows += [Alike((each.rule,), each.people) for each in some]
    return rows


def _first(some: list[Alike], crowd: Crowd) -> list[str]:
    return [person for each in some for person in crowd.directory.ids_of(each.people)[:NAMED]]


def _row(each: Alike, crowd: Crowd, names: dict[str, str], shown: dict[str, Who]) -> ReaderRow:
    directory = crowd.directory
    found = [shown[person] for person in directory.ids_of(each.people)[:NAMED] if person in shown]
    count = (each.people & directory.everyone).bit_count()
    ends, reasons = {rule.until for rule in each.rules}, {rule.reason for rule in each.rules}
    until, reason = ends.pop() if len(ends) == 1 else "-", reasons.pop() if len(reasons) == 1 else "-"
    return ReaderRow(
        whom=_whom(each.rules, names),
        source=_source(each.rules, names),
        reason=reason.strip("-"),
        until=spoken(until) if until != "-" else "",
        people=(each.people & directory.all_staff).bit_count(),
        guests=(each.people & directory.guests).bit_count(),
        names=tuple(found),
        more=count - len(found),
        uncounted=bool(called(crowd.others, each.people, alone=not count)),
    )


def _whom(rules: Sequence[Rule], names: dict[str, str]) -> str:
    if len(rules) > 1:
        return "Guests, each by name" if rules[0].who.startswith(GUEST) else "People, each by name"
    text = whom(rules[0].who, lambda key: names.get(key, ""))
    return text[0].upper() + text[1:]


def _source(rules: Sequence[Rule], names: dict[str, str]) -> str:
    if len(rules) == 1:
        return source_of(rules[0], names)
    given = "guests’ admissions" if rules[0].who.startswith(GUEST) else "memberships"
    return f"{len(rules):,} {'shares' if is_inside(rules[0].where.removeprefix('node:')) else given}"


def _sentence(crowd: Crowd, people: int, can: str) -> str:
    said = in_words(crowd.directory, crowd.others, people)
    return f"{said[0].upper()}{said[1:]} {can} see it."
