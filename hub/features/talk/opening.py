"""Opening a conversation in a space, by whoever may write there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.store import Snapshot
from acl.visibility import Object, joined
from hub.access.guard import declares, viewer
from hub.access.judged import NEW, judge_at
from hub.access.known_place import KnownPlace
from hub.access.models import Place
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import NOT_SHOWN, facts_of, news, seal
from hub.features.talk.blueprint import blueprint
from hub.features.talk.forms import LONGEST_NAME, PostForm, closing_of, problem_of, read_post
from hub.features.talk.naming import named
from hub.features.talk.pages import BeginPage
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.threads.checks import LONGEST_TITLE
from hub.nouns.threads.models import Thread
from hub.nouns.threads.offering import offered_in
from hub.nouns.threads.service import NewThread, open_thread
from hub.nouns.threads.sorts import QUESTION, SORTS, Sort
from hub.web.pages import Action, Choice, Problem, Tab
from hub.web.render import render

CHANGED: Final = 409
NOT_HERE: Final = "You can read what is here, but you may not write here. Whoever manages the space says who may."
NOTHING: Final = "Nothing new can be started in this space: its managers have switched that off. What is there stays."
OFF: Final = "This space takes no new {} now: whoever manages it has switched that off. Keep your text, or start \
something else with it"
DRAFTED: Final = "Until it is published, only you and those who edit in this space can read it."
DRAFT_BUTTON: Final = "Save as a draft"
NOT_YOURS: Final = "Only those who edit in this space may start {} here"


def openable(place: Place, offered: Iterable[Sort]) -> tuple[Sort, ...]:
    """What the viewer may begin in a place and then read, of what its space takes, by the gate."""
    return tuple(sort for sort in offered if _may_begin(place, sort)) if may_open(place) else ()


def may_open(place: Place | KnownPlace) -> bool:
    """Whether the viewer may write there at all and then read it, by the gate."""
    return (
        place.kind in {"space", "folder"}
        and place.state == "published"
        and _is_let(_NotYet(place), "read")
        and _is_let(_NotYet(place), "comment")
    )


def _may_begin(place: Place, sort: Sort) -> bool:
    """What begins as a draft its author has to see until it is published."""
    mine = _NotYet(place, owner=viewer().subject.id, state="draft")
    return _is_let(_NotYet(place), sort.opens) and (not sort.drafted or _is_let(mine, "edit"))


def _is_let(then: "_NotYet", action: str) -> bool:
    judged = then.judged(viewer().snapshot)
    decision = viewer().judge(action, judged) if judged is not None else None
    return decision is not None and decision.allowed


@blueprint.get("/talk/<id:place_id>/new")
@declares("talk:post")
def begin(place_id: str) -> Response:
    """The form for a new conversation."""
    place = _writable(place_by_id(g.db, place_id))
    sorts = openable(place, offered_in(g.db, viewer().snapshot, place.id))
    if not sorts:
        raise NotPermitted(NOTHING)
    asked = request.args.get("name", "").strip()[:LONGEST_TITLE]
    campaign = request.args.get("campaign", "")[:LONGEST_NAME]
    form = typed_into(PostForm("", name=asked, campaign=campaign))
    return _page(place, sorts, _with_sort(place, sorts, form))


@blueprint.post("/talk/<id:place_id>/new")
@declares("talk:post", costs="write")
@acts
def open_it(place_id: str) -> BaseResponse:
    """Open it; wrong input comes back with what to mend, and so does what the space takes no more."""
    place = _writable(look_up(Place, place_id))
    check_sheet()
    sorts, sort = openable(place, offered_in(g.db, viewer().snapshot, place.id)), _sort()
    form = _with_sort(place, sorts, read_post(request.form, sort))
    since = news(facts_of(viewer(), place))
    form, told, offered = named(form, _NotYet(place))
    if form.problems or form.preview:
        return _page(place, sorts, form, offered=offered)
    if since is not None:
        return _page(place, sorts, form, since or (NOT_SHOWN,), offered)
    try:
        with acting() as uow, once(uow) as answer:
            new = NewThread(sort.key, form.name, form.body, told, closing_of(form, sort), _campaign(form))
            thread = open_thread(uow, place_for_writing(uow.session, place.id), viewer().person, new)
            answer.location = f"/threads/{thread.id}"
    except Invalid as refused:
        return _page(place, sorts, replace(form, problems=(problem_of(refused),)))
    return redirect(answer.location, code=303)


def _sort() -> Sort:
    return SORTS.get(request.args.get("kind", ""), QUESTION)


def _with_sort(place: Place, sorts: tuple[Sort, ...], form: PostForm) -> PostForm:
    """With what is wrong about the sort that is asked for, which the space may take no more."""
    sort = _sort()
    if sort in sorts:
        return form
    words = NOT_YOURS if sort in offered_in(g.db, viewer().snapshot, place.id) else OFF
    return replace(form, problems=(*form.problems, Problem("body", words.format(sort.many.lower()))))


def _campaign(form: PostForm) -> Thread | None:
    """What it is put forward in; NotFound where the viewer does not see that."""
    return viewer().read(look_up(Thread, form.campaign)) if form.campaign else None


def _writable(place: Place | None) -> Place:
    found = viewer().read(place)
    if found.kind not in {"space", "folder"}:
        raise NotFound
    if not may_open(found):
        raise NotPermitted(NOT_HERE)
    return found


@dataclass(frozen=True)
class _NotYet:
    """A conversation that nobody has opened yet, of which is asked who will read it."""

    place: Place | KnownPlace
    id: str = NEW
    node: str = NEW
    owner: str = ""
    state: str = "published"

    @property
    def place_id(self) -> str:
        """Where it would lie."""
        return self.place.id

    @property
    def organisation_id(self) -> str:
        """Whose place that is."""
        return self.place.organisation_id or ""

    @property
    def marking(self) -> str:
        """The same as its place's."""
        return self.place.marking

    @property
    def ms(self) -> str:
        """Both, joined."""
        return joined(self.marking, self.state)

    def judged(self, snapshot: Snapshot) -> Object | None:
        """As policy would see it."""
        return judge_at(self.place.id, NEW, owner=self.owner, marking=self.marking, state=self.state, snapshot=snapshot)


def _page(
    place: Place,
    sorts: tuple[Sort, ...],
    form: PostForm,
    since: tuple[str, ...] = (),
    offered: tuple[Choice, ...] = (),
) -> Response:
    line, sort, campaign = line_of(viewer(), place.id), _sort(), _campaign(form)
    here, back = f"/talk/{place.id}/new", f"/talk/{place.id}"
    return render(
        BeginPage(
            title=sort.begin,
            crumbs=crumbs_of(line.seen),
            problems=form.problems,
            whose=whose(line),
            place=place.name,
            place_href=f"/places/{place.path}",
            action=f"{here}?kind={sort.key}",
            cancel_href=campaign_href(campaign) or back,
            sorts=tuple(Tab(each.one, f"{here}?kind={each.key}", each is sort) for each in sorts),
            sort=sort.key,
            button=DRAFT_BUTTON if sort.drafted else sort.begin,
            titled=sort.titled,
            title_hint=sort.title_hint,
            body_hint=sort.body_hint,
            name=form.name,
            body=form.body,
            tell=form.tell,
            tell_is=form.tell_is,
            offered=offered,
            asks_closes=bool(sort.takes),
            closes=form.closes,
            campaign=form.campaign,
            within=Action(campaign.title, campaign_href(campaign)) if campaign is not None else None,
            preview=form.preview,
            seen=seal(facts_of(viewer(), place)),
            news=since,
            readers=DRAFTED if sort.drafted else readers_in_words(viewer(), _NotYet(place)),
            keepers=keepers_in_words(viewer(), ()),
            here=place.id,
        ),
        CHANGED if since else 200,
    )


def campaign_href(campaign: Thread | None) -> str:
    """Where that is."""
    return f"/threads/{campaign.id}" if campaign is not None else ""
