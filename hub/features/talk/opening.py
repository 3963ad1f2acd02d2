"""Opening a conversation in a space, by whoever may write there."""

from dataclasses import replace
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import NOT_SHOWN, facts_of, news, seal
from hub.features.talk.attaching import again, attach, file_sent, hint_for, stored, with_link
from hub.features.talk.begin_pages import BeginPage
from hub.features.talk.blueprint import blueprint
from hub.features.talk.forms import LONGEST_NAME, PostForm, closing_of, problem_of, read_post
from hub.features.talk.mentions import meant, names_for, say_who_is_not_told
from hub.features.talk.naming import say_who_is_away, to_tell
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.features.talk.unopened import NotYet, facts_of_readers, form_for, markings_at, may_open, openable
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.keeping.drafts import Typed, typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.threads.checks import LONGEST_TITLE
from hub.nouns.threads.models import Thread
from hub.nouns.threads.offering import offered_in
from hub.nouns.threads.service import NewThread, open_thread
from hub.nouns.threads.sort import Sort
from hub.nouns.threads.sorts import QUESTION, SORTS
from hub.web.pages import Action, Choice, Problem, Tab
from hub.web.render import render

CHANGED: Final = 409
NOT_SO_MARKED: Final = "Policy does not let you mark a conversation so here. Choose one that is offered"
NOT_HERE: Final = "You can read what is here, but you may not write here. Whoever manages the space says who may."
NOTHING: Final = "Nothing new can be started in this space: its managers have switched that off. What is there stays."
OFF: Final = "This space takes no new {} now: whoever manages it has switched that off. Keep your text, or start \
something else with it"
DRAFTED: Final = "Until it is published, only you and those who edit in this space can read it."
DRAFT_BUTTON: Final = "Save as a draft"
NOT_YOURS: Final = "Only those who edit in this space may start {} here"


@blueprint.get("/talk/<id:place_id>/new")
@declares("talk:post")
def begin(place_id: str) -> Response:
    """The form for a new conversation."""
    place = writable(place_by_id(g.db, place_id))
    sorts = openable(place, offered_in(g.db, viewer().snapshot, place.id))
    if not sorts:
        raise NotPermitted(NOTHING)
    asked = request.args.get("name", "").strip()[:LONGEST_TITLE]
    campaign = request.args.get("campaign", "")[:LONGEST_NAME]
    form = typed_into(to_tell(PostForm("", name=asked, campaign=campaign), request.args.get("tell", "")))
    return _page(place, sorts, _with_sort(place, sorts, form))


@blueprint.post("/talk/<id:place_id>/new")
@declares("talk:post", costs="write")
@acts
def open_it(place_id: str) -> BaseResponse:
    """Open it; wrong input comes back with what to mend, and so does what the space takes no more."""
    place = writable(look_up(Place, place_id))
    check_sheet()
    sorts, sort = openable(place, offered_in(g.db, viewer().snapshot, place.id)), _sort()
    markings, marking = markings_at(place, sort), request.form.get("marking") or place.marking
    new = NotYet(place, marking if marking in dict(markings) else "")
    file = None if sort.drafted else file_sent(new)
    form = _with_sort(place, sorts, read_post(request.form, sort, with_file=file is not None))
    since = news((*facts_of(viewer(), place), *facts_of_readers(markings, new.marking)))
    said = meant(form, new)
    form, offered = _marked(said.form, new), said.offered
    if form.problems or form.preview:
        return _page(place, sorts, again(form, file), offered=offered)
    if since is not None:
        return _page(place, sorts, again(form, file), since or (NOT_SHOWN,), offered)
    try:
        if form.attach:
            here = form_for(place, sort)
            return attach(form, file, new, Typed(here, here, "comment", place.id))
        kept = stored(file)
        with acting() as uow, once(uow) as answer:
            form = with_link(uow, form, kept, new)
            opened = NewThread(
                sort.key, form.name, form.kept, said.told, new.marking, closing_of(form, sort), _campaign(form)
            )
            thread = open_thread(uow, place_for_writing(uow.session, place.id), viewer().person, opened)
            answer.location = f"/threads/{thread.id}"
            say_who_is_away(said.told)
    except Invalid as refused:
        return _page(place, sorts, replace(form, problems=(problem_of(refused),)))
    say_who_is_not_told(said, place)
    return redirect(answer.location, code=303)


@blueprint.get("/talk/<id:place_id>/names")
@declares("talk:post", costs="search")
def names_at(place_id: str) -> Response:
    """People whom one may name in a conversation there, by part of their name."""
    return names_for(NotYet(writable(place_by_id(g.db, place_id))))


def _sort() -> Sort:
    asked = SORTS.get(request.args.get("kind", ""), QUESTION)
    return QUESTION if asked.dated else asked  # which has a form of its own


def _with_sort(place: Place, sorts: tuple[Sort, ...], form: PostForm) -> PostForm:
    """With what is wrong about the sort that is asked for, which the space may take no more."""
    sort = _sort()
    if sort in sorts:
        return form
    words = NOT_YOURS if sort in offered_in(g.db, viewer().snapshot, place.id) else OFF
    return replace(form, problems=(*form.problems, Problem("body", words.format(sort.many.lower()))))


def _marked(form: PostForm, new: NotYet) -> PostForm:
    """The form, with what is wrong with the marking that was chosen."""
    if form.marking in {"", new.marking}:
        return form
    return replace(form, problems=(*form.problems, Problem("marking", NOT_SO_MARKED)))


def _campaign(form: PostForm) -> Thread | None:
    """What it is put forward in; NotFound where the viewer does not see that."""
    return viewer().read(look_up(Thread, form.campaign)) if form.campaign else None


def writable(place: Place | None) -> Place:
    """A place in which the viewer may open a conversation; raises NotFound and NotPermitted."""
    found = viewer().read(place)
    if found.kind not in {"space", "folder"}:
        raise NotFound
    if not may_open(found):
        raise NotPermitted(NOT_HERE)
    return found


def _page(
    place: Place,
    sorts: tuple[Sort, ...],
    form: PostForm,
    since: tuple[str, ...] = (),
    offered: tuple[Choice, ...] = (),
) -> Response:
    line, sort, campaign = line_of(viewer(), place.id), _sort(), _campaign(form)
    markings = markings_at(place, sort)
    marking = form.marking if form.marking in dict(markings) else place.marking
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
            sorts=tuple(Tab(each.one, form_for(place, each), each is sort) for each in sorts),
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
            said=form.kept,
            names_href=f"{back}/names",
            attach_hint="" if sort.drafted else hint_for(NotYet(place, marking)),
            markings=tuple(Choice(each, each, sentence) for each, sentence in markings),
            marking=marking,
            seen=seal((*facts_of(viewer(), place), *facts_of_readers(markings))),
            news=since,
            readers="" if markings else DRAFTED if sort.drafted else readers_in_words(viewer(), NotYet(place)),
            keepers=keepers_in_words(viewer(), ()),
            here=place.id,
        ),
        CHANGED if since else 200,
    )


def campaign_href(campaign: Thread | None) -> str:
    """Where that is."""
    return f"/threads/{campaign.id}" if campaign is not None else ""
