"""Puts the tour's pages together: what each step shows, what its button does, and how to do the same by hand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from acl.explain import Names, whom
from acl.misses import place_of, spoken
from acl.rules import Rule, write_rules
from hub.access.names import Rows, names_for, rows_for
from hub.access.why import why
from hub.demo.pages import (
    AskedPage,
    Crowd,
    EndPage,
    FileLine,
    Paper,
    ReadersPage,
    Reason,
    SearchesPage,
    SharePage,
    StartPage,
    WhyPage,
)
from hub.demo.queries import (
    FILE,
    PLAN_TITLE,
    QUESTION_TITLE,
    SHARED_TITLE,
    SHARING,
    Audience,
    Eyes,
    Looker,
    Readers,
)
from hub.demo.service import original
from hub.demo.tour_parts import columns, persona, step_page
from hub.demo.tour_texts import (
    ASK_YOURSELF,
    CODE_WORD,
    CODE_WORD_YOURSELF,
    COMMANDS,
    REFUSED_WHOLE,
    SEARCH_YOURSELF,
    STEPS,
    WORDS,
)
from hub.features.policies.answers import answer_about, rules_of
from hub.features.talk.post_pages import PostShown
from hub.nouns.documents.models import Document
from hub.nouns.documents.words import type_in_words
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.spaces.queries import Line, line_of
from hub.nouns.talk.models import Post
from hub.nouns.talk.queries import how_many, posts_of
from hub.nouns.threads.kind import THREAD
from hub.web.filters import day
from hub.web.pages import Choice, Send, Who, Whose
from search.engine import EngineError

PRIYA, BEN, ALICE, MARIA = "leeds/priya-sharma", "york/ben-atkinson", "york/alice-moor", "acme/maria-lopez"
HELEN, DANIEL, NADIA = "leeds/helen-braithwaite", "leeds/daniel-whitaker", "york/nadia-rahman"
TOM_OF_KIRKLEES = "kirklees/tom-quarmby"
GEORGE, YASMIN, TOM_OF_ACME = "york/george-tindall", "bradford/yasmin-akhtar", "acme/tom-hargreaves"
FIRST_TWO: Final = 2
"""What was asked, and what answered it."""
ASKED_FOR: Final = "fans switched off"
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
    return step_page(StartPage, eyes, 0, title="See it work in five minutes")


def searches(eyes: Eyes, words: str) -> SearchesPage:
    """Step 1: one search, three people."""
    asked = words.strip()[:LONGEST] or WORDS[0]
    return step_page(
        SearchesPage,
        eyes,
        1,
        query=asked,
        words=WORDS,
        columns=columns(eyes, (PRIYA, BEN, MARIA), asked, kind="document"),
        yourself=(SEARCH_YOURSELF,),
    )


def reasons(eyes: Eyes, *, opened: bool) -> WhyPage:
    """Step 2: why three people see a document, and a fourth does not."""
    document = eyes.document(PLAN_TITLE)
    manager, *four = eyes.meet(document.owner.partition(":")[2], PRIYA, BEN, MARIA, TOM_OF_KIRKLEES)
    loaded = _rows_behind(eyes, document, four)
    return step_page(
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
    found = columns(eyes, (HELEN, DANIEL, NADIA), CODE_WORD)
    return step_page(SearchesPage, eyes, 3, query=CODE_WORD, columns=found, yourself=(CODE_WORD_YOURSELF,))


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
    return step_page(
        SearchesPage,
        eyes,
        step,
        query="flood",
        where="Joint flood plan",
        columns=columns(eyes, (PRIYA, BEN, ALICE), "flood", **IN_THE_PLAN),
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
    return step_page(
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
    return step_page(
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


def asked(eyes: Eyes) -> AskedPage:
    """Step 8: a question of one council, answered by another, found by a third, and by no supplier."""
    thread = eyes.question(QUESTION_TITLE)
    (george,) = eyes.meet(GEORGE)
    posts = posts_of(eyes.session, thread.node, 0, FIRST_TWO)
    people = named(george.viewer, {post.author for post in posts})
    line = line_of(george.viewer, thread.place_id)
    return step_page(
        AskedPage,
        eyes,
        8,
        question=thread.title,
        whose=_unlinked(line),
        marking=thread.marking,
        posts=tuple(_post(post, replace(people.get(post.author, NOBODY), href="")) for post in posts),
        more=how_many(eyes.session, [thread.node]).get(thread.node, 0) - len(posts),
        query=ASKED_FOR,
        where=THREAD.many,
        columns=columns(eyes, (YASMIN, TOM_OF_ACME), ASKED_FOR, kind=THREAD.word),
        yourself=ASK_YOURSELF,
    )


def _post(post: Post, by: Who) -> PostShown:
    anchor = f"post-{post.number}"
    return PostShown(number=post.number, anchor=anchor, by=by, at=post.at, body=post.body, accepted=post.number > 1)


def end_page(eyes: Eyes) -> EndPage:
    """How to start a hub of one's own."""
    return step_page(EndPage, eyes, len(STEPS) + 1, title="Now an empty hub of your own", commands=COMMANDS)


def _paper(eyes: Eyes, document: Document) -> Paper:
    """The head of the document's page as its owner sees it."""
    owner = eyes.look(document.owner.partition(":")[2])
    line = line_of(owner.viewer, document.place_id)
    return Paper(
        title=document.title,
        marking=document.marking,
        state=document.state,
        whose=_unlinked(line),
        owner=owner.person.name,
        kind=type_in_words(document.type),
    )


def _unlinked(line: Line) -> Whose:
    """Whose something is, without addresses: whoever walks the tour may not be able to open them."""
    return Whose(
        organisation=line.organisation.name if line.organisation else "",
        space=line.space.name if line.space else "",
    )


def _rows_behind(eyes: Eyes, document: Document, lookers: Iterable[Looker]) -> Rows:
    """What the reasons of all of them name, loaded together; none of it is told to anyone who may not know it."""
    decisions = [looker.viewer.decide("read", document) for looker in lookers]
    judged = document.judged(eyes.snapshot)
    rules = [rule for decision in decisions if decision for rule in rules_of(decision)]
    return rows_for(eyes.session, eyes.snapshot, rules, judged.within if judged else ())


def _reason(looker: Looker, document: Document, path: str, loaded: Rows) -> Reason:
    person = persona(looker, path)
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
