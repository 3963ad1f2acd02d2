"""Puts the tour's pages together: what each step shows, what its button does, and how to do the same by hand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import structlog

from acl.explain import Names, whom
from acl.misses import place_of, spoken
from acl.rules import Rule, write_rules
from hub.access.names import Rows, names_for, rows_for
from hub.access.why import why
from hub.demo.pages import (
    Column,
    Crowd,
    EndPage,
    FileLine,
    Paper,
    Persona,
    ReadersPage,
    Reason,
    SearchesPage,
    SharePage,
    StartPage,
    StepLink,
    TourPage,
    WhyPage,
)
from hub.demo.queries import (
    FILE,
    PLAN_TITLE,
    SHARED_TITLE,
    SHARING,
    Asked,
    Audience,
    Eyes,
    Looker,
    Readers,
    alone,
    finders,
)
from hub.demo.service import original
from hub.demo.tour_texts import (
    CODE_WORD,
    CODE_WORD_YOURSELF,
    COMMANDS,
    LEDES,
    REFUSED_WHOLE,
    SEARCH_YOURSELF,
    STEPS,
    WORDS,
)
from hub.features.find.pages import SearchHit
from hub.features.find.queries import Found
from hub.features.find.results import hits_of
from hub.features.policies.answers import answer_about, rules_of
from hub.nouns.documents.models import Document
from hub.nouns.documents.words import type_in_words
from hub.nouns.spaces.queries import line_of
from hub.web.filters import day
from hub.web.pages import Choice, Send, Whose
from search.engine import EngineError

Kind = TypeVar("Kind", bound=TourPage)
log = structlog.get_logger(__name__)

PRIYA, BEN, ALICE, MARIA = "leeds/priya-sharma", "york/ben-atkinson", "york/alice-moor", "acme/maria-lopez"
HELEN, DANIEL, NADIA = "leeds/helen-braithwaite", "leeds/daniel-whitaker", "york/nadia-rahman"
TOM_OF_KIRKLEES = "kirklees/tom-quarmby"
SHOWN, OWN = 3, 2
"""Results of each column: the first, and the first of those that nobody else here found."""
LONGEST: Final = 100
"""Characters of a search that is tried on the tour."""
AROUND: Final = 2
"""Lines shown above and below the one that matters."""

IN_THE_PLAN: Final = {"space": SHARING, "kind": "document"}
DOCUMENTS: Final = {
    "rota": SHARED_TITLE,
    "plan": PLAN_TITLE,
    "case": "KESTREL: opening note",
    "bid": "Acme's bid: summary",
}


def start_page(eyes: Eyes) -> StartPage:
    """The first page: what the tour shows."""
    return _page(StartPage, eyes, 0, title="See it work in five minutes")


def searches(eyes: Eyes, words: str) -> SearchesPage:
    """Step 1: one search, three people."""
    asked = words.strip()[:LONGEST] or WORDS[0]
    return _page(
        SearchesPage,
        eyes,
        1,
        query=asked,
        words=WORDS,
        columns=_columns(eyes, (PRIYA, BEN, MARIA), asked, kind="document"),
        yourself=(SEARCH_YOURSELF,),
    )


def reasons(eyes: Eyes, *, opened: bool) -> WhyPage:
    """Step 2: why three people see a document, and a fourth does not."""
    document = eyes.document(PLAN_TITLE)
    manager, *four = eyes.meet(document.owner.partition(":")[2], PRIYA, BEN, MARIA, TOM_OF_KIRKLEES)
    loaded = _rows_behind(eyes, document, four)
    return _page(
        WhyPage,
        eyes,
        2,
        document=_paper(eyes, document),
        manager=manager.person.name,
        reasons=tuple(_with_rule(eyes, each, manager, document, loaded) for each in four),
        opened=opened,
        do=None if opened else Send("Ask why, for all four", "/demo/2", (("open", "yes"),), kind="primary"),
        yourself=(
            "Open the document as any of them, and choose “Why can I see this?” beside its text.",
            f"As {manager.person.name}, choose “Can somebody else do this?” there, and ask about Priya or Maria.",
            f"From a terminal: hub policy explain {BEN} read doc:{document.id}",
        ),
    )


def code_word(eyes: Eyes) -> SearchesPage:
    """Step 3: a word that one group finds."""
    columns = _columns(eyes, (HELEN, DANIEL, NADIA), CODE_WORD)
    return _page(SearchesPage, eyes, 3, query=CODE_WORD, columns=columns, yourself=(CODE_WORD_YOURSELF,))


def policy_out(eyes: Eyes) -> SearchesPage:
    """Step 4: the line of policy is taken out."""
    inside = bool(eyes.policy.york)
    return _policy(
        eyes,
        4,
        "delete the marked line",
        do=Send("Take York’s line out", "/demo/4", kind="warning") if inside else None,
        state="York’s line is in the file." if inside else "York’s line is out of the file. Step 5 puts it back.",
    )


def policy_back(eyes: Eyes) -> SearchesPage:
    """Step 5: the line is put back."""
    inside = bool(eyes.policy.york)
    return _policy(
        eyes,
        5,
        "write the line in again",
        do=None if inside else Send("Put York’s line back", "/demo/5", kind="primary"),
        state="York’s line is in the file. Step 4 takes it out." if inside else "York’s line is out of the file.",
    )


def found_by_ben(eyes: Eyes) -> int:
    """How much Ben finds in the search of steps 4 and 5; 0 where search does not answer."""
    try:
        return eyes.search(eyes.meet(BEN), "flood", **IN_THE_PLAN)[0].total
    except EngineError:
        return 0


def _policy(eyes: Eyes, step: int, edit: str, **values: Any) -> SearchesPage:
    path = eyes.parts.policy_dir / FILE
    return _page(
        SearchesPage,
        eyes,
        step,
        query="flood",
        where="Joint flood plan",
        columns=_columns(eyes, (PRIYA, BEN, ALICE), "flood", **IN_THE_PLAN),
        file=FILE,
        path=str(path),
        lines=tuple(_file_lines(eyes)),
        yourself=(f"Open {path} in an editor or a spreadsheet, {edit}, and save.", REFUSED_WHOLE),
        **values,
    )


def sharing(eyes: Eyes) -> SharePage:
    """Step 6: the audience of a share, before and after."""
    document, grant = eyes.document(SHARED_TITLE), eyes.share
    _, *two = eyes.meet(document.owner.partition(":")[2], BEN, MARIA)
    loaded = _rows_behind(eyes, document, [looker for looker in two if looker.viewer.sees(document)])
    would = None if grant else eyes.would_see(document)
    now = eyes.readers(document)
    here = f"/documents/{document.id}"
    given = f"grants:{grant.id}" if grant else ""
    take_back = Send("Take the share back", "/demo/6", (("act", "take-back"),))
    give = Send("Share it with York", "/demo/6", (("act", "share"),), kind="primary")
    until = (grant or eyes.new_share(document)).until
    return _page(
        SharePage,
        eyes,
        6,
        document=_paper(eyes, document),
        shared=grant is not None,
        whom="everyone at City of York Council",
        until=day(until) if until else "",
        foreseen=_foreseen(would) if would else "",
        names=would.names if would else _names(now, given),
        readers=now.count,
        people=now.people,
        columns=tuple(_reason(looker, document, here, loaded) for looker in two),
        do=take_back if grant else give,
        yourself=("Sign in as Ben before and after, and see the document come and go.",),
    )


def who_can_see(eyes: Eyes, chosen: str) -> ReadersPage:
    """Step 7: everyone who can see a document, and why."""
    key = chosen if chosen in DOCUMENTS else "rota"
    document = eyes.document(DOCUMENTS[key])
    found = eyes.readers(document)
    return _page(
        ReadersPage,
        eyes,
        7,
        document=_paper(eyes, document),
        choices=tuple(Choice(each, title) for each, title in DOCUMENTS.items()),
        chosen=key,
        crowds=_crowds(eyes, found),
        readers=found.count,
        people=found.people,
        yourself=(f"From a terminal: hub policy explain {DANIEL} read doc:{document.id}",),
    )


def end_page(eyes: Eyes) -> EndPage:
    """How to start a hub of one's own."""
    return _page(EndPage, eyes, len(STEPS) + 1, title="Now an empty hub of your own", commands=COMMANDS)


def _page(kind: type[Kind], eyes: Eyes, step: int, **values: Any) -> Kind:
    """A page with what all steps have. `kind` says of what type it is."""
    before = {1: "/demo", len(STEPS) + 1: f"/demo/{len(STEPS)}"}.get(step, f"/demo/{step - 1}" if step else "")
    after = f"/demo/{step + 1}" if step < len(STEPS) else "/demo/end" if step == len(STEPS) else ""
    text = STEPS[step] if step < len(STEPS) else "A hub of your own" if step == len(STEPS) else ""
    changed = eyes.policy.text != original() or eyes.share is not None
    return kind(
        **{
            "title": STEPS[step - 1] if 0 < step <= len(STEPS) else "",
            "step": step,
            "lede": LEDES[step],
            "steps": tuple(StepLink(n, t, f"/demo/{n}", current=n == step) for n, t in enumerate(STEPS, start=1)),
            "previous": before,
            "next": after,
            "next_text": text,
            "waiting": eyes.waiting,
            "put_back": Send("Put everything back", "/demo/put-back") if changed else None,
            **values,
        }
    )


def _persona(looker: Looker, path: str) -> Persona:
    person = looker.person
    slug, given = person.handle.partition("/")[0], person.name.split()[0]
    return Persona(
        name=person.name,
        job=person.job_title,
        organisation=looker.organisation,
        be=Send(f"Sign in as {given}", f"/sign-in/{slug}", (("login_hint", person.handle), ("next", path))),
    )


def _columns(eyes: Eyes, handles: Iterable[str], words: str, **filters: str) -> tuple[Column, ...]:
    """The search page's answer to each of these people, and who else found what."""
    path = f"/search?{urlencode({'q': words, **filters})}"
    lookers = eyes.meet(*handles)
    try:
        found = list(zip(lookers, eyes.search(lookers, words, **filters), strict=True))
    except EngineError as error:
        log.error("search engine failed", reason=str(error))  # noqa: TRY400  # its trace says nothing more
        return tuple(Column(_persona(looker, path), down=True) for looker in lookers)
    return tuple(
        _column(_persona(looker, path), asked, [(o.person.name.split()[0], a) for o, a in found if o is not looker])
        for looker, asked in found
    )


def _column(person: Persona, asked: Asked, others: list[tuple[str, Asked]]) -> Column:
    shown = asked.hits[:SHOWN]
    only = alone(asked, [other for _, other in others])
    own = tuple(hit for hit in only if hit not in shown)[:OWN]
    told = f"{len(only)} of them found by nobody else here." if only else "All of them found by others here too."
    return Column(
        person=person,
        total=asked.total,
        hits=_unlinked(shown),
        notes=tuple(_also(finders(hit, others)) for hit in shown),
        own=_unlinked(own),
        more=asked.total - len(shown) - len(own),
        told=told if asked.total else "",
    )


def _unlinked(hits: Iterable[Found]) -> tuple[SearchHit, ...]:
    """Hits without addresses: whoever walks the tour may not be able to open them."""
    return tuple(replace(hit, href="", space_href="", organisation_href="") for hit in hits_of(tuple(hits)))


def _also(names: tuple[str, ...]) -> str:
    return f"Also found by {' and '.join(names)}" if names else "Found by nobody else here"


def _paper(eyes: Eyes, document: Document) -> Paper:
    """The head of the document's page as its owner sees it."""
    owner = eyes.look(document.owner.partition(":")[2])
    line = line_of(owner.viewer, document.place_id)
    return Paper(
        title=document.title,
        marking=document.marking,
        state=document.state,
        whose=Whose(
            organisation=line.organisation.name if line.organisation else "",
            space=line.space.name if line.space else "",
        ),
        owner=owner.person.name,
        kind=type_in_words(document.type),
    )


def _rows_behind(eyes: Eyes, document: Document, lookers: Iterable[Looker]) -> Rows:
    """What the reasons of all of them name, loaded together; none of it is told to anyone who may not know it."""
    decisions = [looker.viewer.decide("read", document) for looker in lookers]
    judged = document.judged(eyes.snapshot)
    rules = [rule for decision in decisions if decision for rule in rules_of(decision)]
    return rows_for(eyes.session, eyes.snapshot, rules, judged.within if judged else ())


def _reason(looker: Looker, document: Document, path: str, loaded: Rows) -> Reason:
    person = _persona(looker, path)
    told = why(looker.viewer, document, edited=True, loaded=loaded) if looker.viewer.sees(document) else None
    return Reason(person, told and replace(told, rule=None))


def _with_rule(eyes: Eyes, looker: Looker, manager: Looker, document: Document, loaded: Rows) -> Reason:
    """The same, with what the document's manager is told when they ask about that person. Links are the manager's."""
    told = answer_about(eyes.parts, manager.viewer, looker.person, looker.organisation, "read", document, loaded=loaded)
    rule = replace(told.decided, href="", link="") if told.decided else None
    nearest = tuple(replace(near, rule=replace(near.rule, href="", link="")) for near in told.nearest)
    reason = _reason(looker, document, f"/documents/{document.id}", loaded)
    return replace(reason, managers=replace(told, decided=rule, nearest=nearest))


def _file_lines(eyes: Eyes) -> Iterable[FileLine]:
    """The lines around York's: as the file is where it has it, as the demo's own file has it where it has not."""
    inside = eyes.policy.york
    lines = (eyes.policy.text if inside else original()).splitlines()
    at = inside[0] if inside else next(n for n, line in enumerate(lines, start=1) if line.startswith("allow,org:york,"))
    marked = set(inside) or {at}
    for number in range(max(1, at - AROUND), min(len(lines), at + AROUND) + 1):
        kind = ("mark" if inside else "gone") if number in marked else "same"
        yield FileLine(number, lines[number - 1], kind)


def _crowds(eyes: Eyes, found: Readers) -> tuple[Crowd, ...]:
    """The groups of readers, each with its rule in words and as it is written."""
    names = names_for(eyes.session, eyes.snapshot, tuple(group.rule for group in found.groups)).get_or_blank
    return tuple(
        Crowd(
            organisation=group.organisation,
            names=group.names,
            sentence=_because(group.rule, names),
            source=place_of(group.rule) if group.rule.line else f"Given by {names(group.rule.file) or 'the hub'}",
            rule=write_rules((group.rule,)).splitlines()[-1] if group.rule.line else "",
        )
        for group in found.groups
    )


def _because(rule: Rule, names: Names) -> str:
    """A rule in words: for whom, until when, and its reason."""
    until = "" if rule.until == "-" else f", until {spoken(rule.until)}"
    said = f"{whom(rule.who, names)}{until}: {rule.reason}"
    return said[0].upper() + said[1:]


def _names(found: Readers, file: str) -> tuple[str, ...]:
    return tuple(sorted(name for group in found.groups if group.rule.file == file for name in group.names))


def _foreseen(would: Audience) -> str:
    """What stands before a share: "This shows 1 document to 9 people in 1 organisation, and to no guest."."""
    guests = _count(would.guests, "guest") if would.guests else "no guest"
    return (
        f"This shows {_count(would.documents, 'document')} to {_count(would.staff, 'person', 'people')} "
        f"in {_count(would.organisations, 'organisation')}, and to {guests}."
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
