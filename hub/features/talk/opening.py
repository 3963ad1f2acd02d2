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
from hub.features.talk.blueprint import blueprint
from hub.features.talk.forms import PostForm, problem_of, read_post
from hub.features.talk.mentions import meant, names_for, say_who_is_not_told
from hub.features.talk.pages import BeginPage
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.features.talk.unopened import NotYet, facts_of_readers, markings_at, may_open
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.keeping.drafts import Typed, typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.threads.service import LONGEST_TITLE, NewThread, open_thread
from hub.nouns.threads.sorts import QUESTION, SORTS, Sort
from hub.web.pages import Choice, Problem, Tab
from hub.web.render import render

CHANGED: Final = 409
NOT_SO_MARKED: Final = "Policy does not let you mark a conversation so here. Choose one that is offered"
NOT_HERE: Final = "You can read what is here, but you may not write here. Whoever manages the space says who may."


@blueprint.get("/talk/<id:place_id>/new")
@declares("talk:post")
def begin(place_id: str) -> Response:
    """The form for a new conversation."""
    place = _writable(place_by_id(g.db, place_id))
    asked = request.args.get("name", "").strip()[:LONGEST_TITLE]
    return _page(place, typed_into(PostForm("", name=asked)))


@blueprint.post("/talk/<id:place_id>/new")
@declares("talk:post", costs="write")
@acts
def open_it(place_id: str) -> BaseResponse:
    """Open it; wrong input comes back with what to mend."""
    place = _writable(look_up(Place, place_id))
    check_sheet()
    markings, marking = markings_at(place), request.form.get("marking") or place.marking
    new = NotYet(place, marking if marking in dict(markings) else "")
    file = file_sent(new)
    form = read_post(request.form, titled=True, with_file=file is not None)
    since = news((*facts_of(viewer(), place), *facts_of_readers(markings, new.marking)))
    said = meant(form, new)
    form, offered = _marked(said.form, new), said.offered
    if form.problems or form.preview:
        return _page(place, again(form, file), offered=offered)
    if since is not None:
        return _page(place, again(form, file), since or (NOT_SHOWN,), offered)
    try:
        if form.attach:
            here = f"/talk/{place.id}/new?kind={_sort().key}"
            return attach(form, file, new, Typed(here, here, "comment", place.id))
        kept = stored(file)
        with acting() as uow, once(uow) as answer:
            form = with_link(uow, form, kept, new)
            opened = NewThread(_sort().key, form.name, form.kept, said.told, new.marking)
            thread = open_thread(uow, place_for_writing(uow.session, place.id), viewer().person, opened)
            answer.location = f"/threads/{thread.id}"
    except Invalid as refused:
        return _page(place, replace(form, problems=(problem_of(refused),)))
    say_who_is_not_told(said, place)
    return redirect(answer.location, code=303)


@blueprint.get("/talk/<id:place_id>/names")
@declares("talk:post", costs="search")
def names_at(place_id: str) -> Response:
    """People whom one may name in a conversation there, by part of their name."""
    return names_for(NotYet(_writable(place_by_id(g.db, place_id))))


def _sort() -> Sort:
    return SORTS.get(request.args.get("kind", ""), QUESTION)


def _marked(form: PostForm, new: NotYet) -> PostForm:
    """The form, with what is wrong with the marking that was chosen."""
    if form.marking in {"", new.marking}:
        return form
    return replace(form, problems=(*form.problems, Problem("marking", NOT_SO_MARKED)))


def _writable(place: Place | None) -> Place:
    found = viewer().read(place)
    if found.kind not in {"space", "folder"}:
        raise NotFound
    if not may_open(found):
        raise NotPermitted(NOT_HERE)
    return found


def _page(place: Place, form: PostForm, since: tuple[str, ...] = (), offered: tuple[Choice, ...] = ()) -> Response:
    line, sort, markings = line_of(viewer(), place.id), _sort(), markings_at(place)
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
            cancel_href=back,
            sorts=tuple(Tab(each.one, f"{here}?kind={key}", each is sort) for key, each in SORTS.items()),
            sort=sort.key,
            button=sort.begin,
            title_hint=sort.title_hint,
            body_hint=sort.body_hint,
            name=form.name,
            body=form.body,
            tell=form.tell,
            tell_is=form.tell_is,
            offered=offered,
            preview=form.preview,
            said=form.kept,
            names_href=f"{back}/names",
            attach_hint=hint_for(NotYet(place, marking)),
            markings=tuple(Choice(each, each, sentence) for each, sentence in markings),
            marking=marking,
            seen=seal((*facts_of(viewer(), place), *facts_of_readers(markings))),
            news=since,
            readers="" if markings else readers_in_words(viewer(), NotYet(place)),
            keepers=keepers_in_words(viewer(), ()),
            here=place.id,
        ),
        CHANGED if since else 200,
    )
