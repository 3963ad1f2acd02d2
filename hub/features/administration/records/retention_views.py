"""How long an organisation keeps what was said: the schedule, what is due by it, and what is kept all the same."""

from dataclasses import dataclass
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import Fact, news, seal, shown
from hub.features.administration.blueprint import blueprint, crumbs, tabs
from hub.features.administration.records.hold_views import held_as
from hub.features.administration.records.pages import DueRow, RetentionPage, RetentionSurePage
from hub.features.administration.records.whose import kept
from hub.ground.errors import Invalid
from hub.nouns.talk.models import Holder, Talk
from hub.nouns.talk.words import day_in_words
from hub.nouns.threads import retention
from hub.nouns.threads.retention import Rule
from hub.things.kinds import lying_at
from hub.things.thing import Face
from hub.things.words import counted
from hub.web.fields import number_in
from hub.web.filters import LONDON
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Send
from hub.web.paging import page_links, page_number
from hub.web.render import render

TAB: Final = "Retention"
ON_A_PAGE: Final = 50
MOST_HELD: Final = 200
WHICH: Final = (
    Choice("closed", "Conversations that were closed"),
    Choice("all", "All conversations", "Open ones too, once nobody has written in them for so long."),
)
OLD_ALREADY: Final = (
    "As old as that already: {}. What is due is listed, and goes on {} or soon after, unless you keep it."
)
NONE_SO_OLD: Final = "None is as old as that yet. What comes to be is listed 30 days before it goes."
FOR_GOOD: Final = (
    "Where no other organisation keeps a conversation, its text goes for good, and what it said before it was edited. "
    "Its title, who wrote, and when, stay."
)


@dataclass(frozen=True)
class _Form:
    months: str
    which: str

    def rule(self) -> Rule:
        """What was sent; raises Invalid for what is no number of months."""
        months = number_in(self.months) if self.months else None
        if self.months and not months:
            raise Invalid("Enter a number of months, or nothing to keep everything", "months")
        if months and months > retention.MOST_MONTHS:
            raise Invalid(f"Enter a number of months from 1 to {retention.MOST_MONTHS:,}", "months")
        return Rule(months, self.which != "all")


@blueprint.get("/admin/<slug:organisation>/retention")
@declares("records:keep")
def show_retention(organisation: str) -> Response:
    """How long conversations are kept, and which are due."""
    return _page(kept(organisation))


@blueprint.post("/admin/<slug:organisation>/retention")
@declares("records:keep")
@acts
def save_retention(organisation: str) -> BaseResponse:
    """Change that, once it is agreed how many conversations it makes due."""
    place, here = kept(organisation), f"/admin/{organisation}/retention"
    form = _Form(request.form.get("months", "").strip(), request.form.get("which", "closed"))
    try:
        rule = form.rule()
    except Invalid as refused:
        return _page(place, form, (Problem(refused.field, str(refused)),))
    bound = (*_as_it_is(retention.rule_of(g.db, place.id)), _fit(place, rule))
    if (since := news(bound)) is not None:
        return _ask(place, form, rule, bound, since)
    with acting() as uow:
        retention.set_rule(uow, place.id, rule, viewer().subject.id)
        retention.call_due(uow, place.id, rule)
    say(f"{in_words(place, rule)} Nothing goes before it was due for {retention.WAITS.days} days.")
    return redirect(here, code=303)


def in_words(place: Place, rule: Rule) -> str:
    """How long an organisation keeps conversations, in a sentence."""
    if rule.months is None:
        return f"{place.name} keeps everything that its people say, for good."
    which = "conversations that were closed" if rule.closed_only else "conversations"
    return f"{place.name} keeps {which} for {counted(rule.months, 'month', 'months')} after the last post."


def _as_it_is(rule: Rule) -> tuple[Fact, ...]:
    now = f"{rule.months or 0} {rule.closed_only}"
    return (Fact("rule", now, lambda: "Somebody changed this meanwhile: look at it as it is now."),)


def _fit(place: Place, rule: Rule) -> Fact:
    count = retention.how_many_fit(g.db, place.id, rule, parts().clock.now())
    said = f"{rule.months or 0} {rule.closed_only} {count}"
    return Fact("due", said, lambda: f"It makes {counted(count, 'conversation', 'conversations')} due now.")


def _ask(place: Place, form: _Form, rule: Rule, bound: tuple[Fact, ...], since: tuple[str, ...]) -> Response:
    here, now = f"/admin/{place.path}/retention", parts().clock.now()
    count = retention.how_many_fit(g.db, place.id, rule, now)
    many, last = counted(count, "conversation", "conversations"), day_in_words(now + retention.WAITS)
    sentences = [in_words(place, rule)]
    if rule.months is not None:
        sentences += [OLD_ALREADY.format(many, last), FOR_GOOD] if count else [NONE_SO_OLD, FOR_GOOD]
    fields = (("months", form.months), ("which", form.which), shown(bound))
    return render(
        RetentionSurePage(
            title="Change how long conversations are kept?",
            crumbs=crumbs(place, Crumb("Retention", here)),
            tabs=tabs(place, TAB),
            sentences=tuple(sentences),
            news=since,
            send=Send("Keep them so long", here, fields, "warning" if count else "primary"),
            cancel_href=here,
        )
    )


def _page(place: Place, form: _Form | None = None, problems: tuple[Problem, ...] = ()) -> Response:
    here, rule = f"/admin/{place.path}/retention", retention.rule_of(g.db, place.id)
    page = page_number(request.args.get("page"))
    due, total = retention.due(g.db, place.id, page, ON_A_PAGE)
    held = retention.held(g.db, place.id, MOST_HELD)
    rows = _rows(place, [*due, *held])
    form = form or _Form(str(rule.months or ""), "closed" if rule.closed_only else "all")
    return render(
        RetentionPage(
            crumbs=crumbs(place),
            tabs=tabs(place, TAB),
            problems=problems,
            action=here,
            now=in_words(place, rule),
            months=form.months,
            which=form.which,
            whiches=WHICH,
            seen=seal(_as_it_is(rule)),
            due=rows[: len(due)],
            links=page_links(page, ON_A_PAGE, total, lambda n: f"{here}?page={n}"),
            held=rows[len(due) :],
        )
    )


def _rows(place: Place, some: list[tuple[Holder, Talk]]) -> tuple[DueRow, ...]:
    """Conversations in words; the titles of those alone that the viewer may read. Two queries."""
    holders = [holder for holder, _ in some]
    things = lying_at(g.db, viewer().kinds, {holder.node for holder in holders})
    faces = {thing.node: viewer().kinds.face(thing) for thing in viewer().kept(list(things.values()))}
    others = retention.kept_with_others(g.db, holders) if holders else set()
    return tuple(
        _row(place, holder, talk, faces.get(holder.node), others=holder.node in others) for holder, talk in some
    )


def _row(place: Place, holder: Holder, talk: Talk, face: Face | None, *, others: bool) -> DueRow:
    own = f"/admin/{place.path}/retention/{holder.node.partition(':')[2]}"
    go = Send("Let it go by the schedule", own, (("go", "yes"), shown(held_as(holder))), "link")
    return DueRow(
        title=face.title if face else "",
        href=face.href if face else "",
        posts=talk.last_number,
        last=talk.last_at,
        due=holder.due_at.astimezone(LONDON).date() if holder.due_at else None,
        held_for=holder.held_for,
        others=others,
        sends=(go,) if holder.held_for else (),
        hold_href="" if holder.held_for else own,
    )
