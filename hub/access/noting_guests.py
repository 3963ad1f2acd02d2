"""What guests open is written down before they get it: an organisation has to be able to say what strangers read.

Of staff, only what they take away whole is (`hub/features/browse/taking.py`). A page that cannot be noted is not shown.
"""

from http import HTTPStatus
from typing import Final

import structlog
from flask import Response, current_app, make_response, request
from sqlalchemy.exc import SQLAlchemyError

from acl.vocabulary import HOME
from hub.access.login import SignedIn
from hub.access.parts import Parts
from hub.ground.unit_of_work import unit_of_work

log = structlog.get_logger(__name__)

READ, DOWNLOAD = "guest:read", "guest:download"
CLOSED: Final = "The hub cannot note at the moment that you open this, so it stays closed. Try again in a minute."


def note_guest(parts: Parts, user: SignedIn, response: Response) -> Response:
    """The response, once it is noted what of the things that a guest asked for goes out with it."""
    opened = user.viewer.opened
    if not opened or user.viewer.person.kind != "guest" or response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        return response
    view = current_app.view_functions.get(request.endpoint or "")
    act = DOWNLOAD if getattr(view, "declared_action", "") == "document:download" else READ
    try:
        with unit_of_work(parts.database, parts.clock, user.viewer.person.handle) as uow:
            for node, organisation in opened.items():
                uow.record(act, node.removeprefix(HOME), organisation or None, request.method)
    except SQLAlchemyError:
        log.exception("cannot note what a guest opens", endpoint=request.endpoint)
        return make_response(CLOSED, HTTPStatus.SERVICE_UNAVAILABLE)
    return response
