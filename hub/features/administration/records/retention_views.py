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
from hub.features.administration.records.due_rows import due_rows
from hub.features.administration.records.pages import RetentionPage, RetentionSurePage
from hub.features.administration.records.whose import kept
from hub.ground.errors import Invalid
from hub.nouns.talk.words import day_in_words
from hub.nouns.threads import retention
from hub.nouns.threads.retention import Rule
from hub.things.words import counted
from hub.web.fields import number_in
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Send
from hub.web.paging import page_links, page_number
from hub.web.render import render

TAB: Final = "Retention"
ON_A_PAGE: Final = 50
MOST_HELD: Final = 200
COMMENTS: Final = (
    Choice("", "As long as their document"),
    Choice("yes", "As long as conversations", "If closed ones alone go: once the document is archived or withdrawn."),
)
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
    comments: str = ""

    def rule(self) -> Rule:
        """What was sent; raises Invalid for what is no number of months."""
        months = number_in(self.months) if self.months else None
        if self.months and not months:
            raise Invalid("Enter a number of months, or nothing to keep everything", "months")
        if months and months > retention.MOST_MONTHS:
            raise Invalid(f"Enter a number of months from 1 to {retention.MOST_MONTHS:,}", "months")
        return Rule(months, self.which != "all", self.comments == "yes")


def _form_of(rule: Rule) -> _Form:
    which = "closed" if rule.closed_only else "all"
    return _Form(str(rule.months or ""), which, "yes" if rule.comments else "")


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
    said = request.form
    form = _Form(said.get("months", "").strip(), said.get("which", "closed"), said.get("comments", ""))
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
    which += ", and comments on documents," if rule.comments else ""
    return f"{place.name} keeps {which} for {counted(rule.months, 'month', 'months')} after the last post."


def _as_it_is(rule: Rule) -> tuple[Fact, ...]:
    now = f"{rule.months or 0} {rule.closed_only} {rule.comments}"
    return (Fact("rule", now, lambda: "Somebody changed this meanwhile: look at it as it is now."),)


def _fit(place: Place, rule: Rule) -> Fact:
    count = retention.how_many_fit(g.db, place.id, rule, parts().clock.now())
    said = f"{rule.months or 0} {rule.closed_only} {rule.comments} {count}"
    return Fact("due", said, lambda: f"It makes {counted(count, 'conversation', 'conversations')} due now.")


def _ask(place: Place, form: _Form, rule: Rule, bound: tuple[Fact, ...], since: tuple[str, ...]) -> Response:
    here, now = f"/admin/{place.path}/retention", parts().clock.now()
    count = retention.how_many_fit(g.db, place.id, rule, now)
    many, last = counted(count, "conversation", "conversations"), day_in_words(now + retention.WAITS)
    sentences = [in_words(place, rule)]
    if rule.months is not None:
        sentences += [OLD_ALREADY.format(many, last), FOR_GOOD] if count else [NONE_SO_OLD, FOR_GOOD]
    fields = (("months", form.months), ("which", form.which), ("comments", form.comments), shown(bound))
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
    rows = due_rows(place, [*due, *held])
    form = form or _form_of(rule)
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
            comments=form.comments,
            comment_choices=COMMENTS,
            seen=seal(_as_it_is(rule)),
            due=rows[: len(due)],
            links=page_links(page, ON_A_PAGE, total, lambda n: f"{here}?page={n}"),
            held=rows[len(due) :],
        )
    )
