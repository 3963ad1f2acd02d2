"""A file beside a text: it becomes a document of the same place, by the way of every file, and the text links to it."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from flask import redirect, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import parts, viewer
from hub.access.judged import NEW
from hub.audience.acting import acting, beforehand
from hub.audience.readers import may_edit, new_at
from hub.features.documents.storing import Filing, filing, name_of
from hub.features.talk.forms import PostForm
from hub.features.talk.naming import readers_at
from hub.ground.errors import Invalid, NotPermitted
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.drafts import USE, Typed, keep
from hub.keeping.once import once
from hub.things.thing import Lying
from hub.web.filters import size
from hub.web.flash import say
from hub.web.pages import Problem

STATES: Final = frozenset({"draft", "published"})
AGAIN: Final = Problem("file", "Choose the file again: it was not kept")
NO_FILE: Final = "Choose the file that you want to attach"
NOT_HERE: Final = "You may write here, but policy does not let you add files here."
MORE_READERS: Final = (
    "More people would read the file than can read this. Upload it where fewer can, and paste its address here"
)


def hint_for(thing: Lying) -> str:
    """What the field for a file says; empty for whoever may not add one there, who gets none."""
    place = viewer().place(thing.place_id)
    if place is None or not _may_attach(thing):
        return ""
    most = size(parts().upload_limit)
    return f"It is filed in “{place.name}”, marked as this is, and your text links to it. Up to {most}."


def file_sent(thing: Lying) -> FileStorage | None:
    """The file that came with a text; raises NotPermitted where its sender may not add one."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    if not _may_attach(thing):
        raise NotPermitted(NOT_HERE)
    return file


def again(form: PostForm, file: FileStorage | None) -> PostForm:
    """A form that comes back, which cannot hold the file that was chosen."""
    return form if file is None else replace(form, problems=(*form.problems, AGAIN))


def stored(file: FileStorage | None) -> Filing | None:
    """The file, kept; to be called before anything is written. Raises Invalid where it is too large."""
    return beforehand(lambda: filing(file)) if file is not None else None


def with_link(uow: UnitOfWork, form: PostForm, file: Filing | None, thing: Lying) -> PostForm:
    """A form whose text links to the document that the file became; raises Invalid where that has more readers."""
    if file is None:
        return form
    readers = readers_at(NEW, thing.place_id, thing.ms, viewer().subject.id)
    if readers & ~readers_at(thing.node, thing.place_id, thing.ms, thing.owner):
        raise Invalid(MORE_READERS, "file")
    link = file(uow, thing)
    return replace(form, body=_under(form.body, link), kept=_under(form.kept, link))


def attach(form: PostForm, file: FileStorage | None, thing: Lying, typed: Typed) -> BaseResponse:
    """File it, and open the form again as it was typed, with the link; raises Invalid with why not."""
    if file is None:
        raise Invalid(NO_FILE, "file")
    kept, here = stored(file), urlsplit(typed.opens)
    back = f"{here.path}?{here.query}&{USE}=use#say" if here.query else f"{here.path}?{USE}=use#say"
    with acting() as uow:
        with once(uow) as answer:
            form = with_link(uow, form, kept, thing)
            answer.location = back
        fields = {
            "name": form.name,
            "marking": form.marking,
            "body": form.body,
            "answers_to": form.answers_to,
            "tell": form.tell,
        }
        keep(uow, viewer().person.id, typed, {**fields, "tell_is": form.tell_is})
    say(f"“{name_of(file)}” is filed, and your text links to it. Nothing is sent yet.", "info")
    return redirect(answer.location, code=303)


def _may_attach(thing: Lying) -> bool:
    made = new_at(viewer(), thing.place_id, thing.marking, thing.state)
    return thing.state in STATES and may_edit(viewer(), made)


def _under(text: str, link: str) -> str:
    return f"{text.rstrip()}\n\n{link}\n" if text.strip() else f"{link}\n"
