"""Taking several files, or a whole folder, away as one archive: judged when it is asked for, and file by file again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.costs import held_until_sent
from hub.access.guard import declares, parts, viewer
from hub.access.login import SignedIn, open_session
from hub.access.models import Place
from hub.access.noting_guests import DOWNLOAD
from hub.access.parts import Parts
from hub.features.browse.packing import Planned, below, planned
from hub.features.browse.views import blueprint
from hub.features.documents.sending import disposition
from hub.ground.errors import Invalid, NotFound
from hub.ground.files import FileDamaged
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.spaces.queries import place_by_id
from hub.nouns.spaces.tabs import files_href
from hub.things.kinds import lying_at
from hub.things.thing import Lying
from hub.web.file_names import safe_name
from hub.web.filters import size
from hub.web.flash import say
from hub.web.zipped import Packed, zipped

log = structlog.get_logger(__name__)

MOST_CHOSEN = 200
NONE_CHOSEN = "Choose at least one document by the box beside its title, then press the button again."
TOO_MANY = "{:,} were chosen: download up to {} at a time, or the whole folder."
LEFT_OUT = "{} of the documents are not in it: they were changed, moved or closed to you while it was sent.\n"
NOTE = "About this download.txt"


@blueprint.get("/files/<id:place_id>/zip")
@declares("things:take")
def take_all(place_id: str) -> BaseResponse:
    """All that the viewer may read of a space or a folder, its folders as folders."""
    place = _place(place_id)
    return _sent(place, below(place))


@blueprint.post("/files/<id:place_id>/zip")
@declares("things:take")
def take_chosen(place_id: str) -> BaseResponse:
    """What was chosen of it; what is hidden and what is not there are passed over alike."""
    place, nodes = _place(place_id), list(dict.fromkeys(request.form.getlist("thing")))
    if not nodes:
        return _refused(place, NONE_CHOSEN)
    if len(nodes) > MOST_CHOSEN:
        return _refused(place, TOO_MANY.format(len(nodes), MOST_CHOSEN))
    rows = lying_at(g.db, parts().kinds, nodes)
    here = [rows[node] for node in nodes if node in rows and rows[node].place_id == place.id]
    return _sent(place, viewer().kept(here))


def _place(place_id: str) -> Place:
    place = viewer().read(place_by_id(g.db, place_id))
    if place.kind not in ("space", "folder"):
        raise NotFound
    return place


def _refused(place: Place, why: str) -> BaseResponse:
    """Back to the files, where it is said why nothing is sent."""
    say(why, "error")
    return redirect(files_href(place), code=303)


def _sent(place: Place, things: list[Lying]) -> BaseResponse:
    """The archive; that somebody took it away is recorded before its first byte goes out."""
    try:
        files, total = planned(place, things)
    except Invalid as problem:
        return _refused(place, str(problem))
    content: Iterator[bytes] = iter(())
    if request.method != "HEAD":
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            uow.record("things:take", place.id, place.organisation_id, f"{len(files)} files, {size(total)}")
            if viewer().person.kind == "guest":
                for file in files:
                    uow.record(DOWNLOAD, f"{file.kind.prefix}:{file.id}", place.organisation_id, "archive")
        user: SignedIn = g.user
        content = iter(held_until_sent(zipped(_Sending(parts(), user.handle, files))))
    response = Response(content, mimetype="application/zip", direct_passthrough=True)
    response.headers["Content-Disposition"] = disposition(safe_name(place.name, ".zip"))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True)
class _Sending:
    """The files of an archive as their turns come, long after the request's own session with the database is over."""

    hub: Parts
    handle: str
    files: list[Planned]

    def __iter__(self) -> Iterator[Packed]:
        left = 0
        for file in self.files:
            found = self._opened(file)
            left += found is None
            if found is not None:
                yield found
        if left:
            yield Packed(NOTE, self.hub.clock.now(), (LEFT_OUT.format(left).encode(),))

    def _opened(self, planned: Planned) -> Packed | None:
        """One of them as it is now, for who asks as they are now; None where they may not read it any more."""
        with self.hub.database.reading() as session:
            user = open_session(self.hub, session, self.handle)
            thing = session.get(planned.kind.model, planned.id)
            if user is None or thing is None or planned.kind.files is None or not user.viewer.sees(thing):
                return None
            file = planned.kind.files(session, [planned.id]).get(planned.id)
            if file is None:
                return None
            text = planned.kind.text(session, thing) if planned.kind.text and not file.hash else ""
            changed: datetime = planned.kind.face(thing).changed
        if not file.hash:
            return Packed(planned.path, changed, (text.encode(),))
        try:
            return Packed(planned.path, changed, self.hub.files.read(file.hash))
        except FileDamaged:
            log.exception("a stored file is damaged", file=file.hash)
            return None
