"""The link in a letter that ends letters of its kind: without signing in, by one press, and for good (RFC 8058).

Looking at the address changes nothing, as programs that look at the links of a letter do. An address that this hub
never gave out is answered like one that it did: nobody learns by trying which are good.
"""

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import parts
from hub.access.models import Person
from hub.features.hearing.blueprint import blueprint
from hub.features.hearing.pages import StopPage
from hub.ground.unit_of_work import unit_of_work
from hub.mail.stopping import PATH, stopped_by
from hub.mail.writing import kind_of
from hub.web.render import render

HERE = f"{PATH}<sealed:token>"


@blueprint.get(HERE)
def ask_stop(token: str) -> Response:
    """A button that does it; the address is not looked at."""
    return render(StopPage(action=f"{PATH}{token}"))


@blueprint.post(HERE)
def stop(token: str) -> BaseResponse:
    """Write no more letters of that kind to that person. Programs of mailboxes send this, without cookies."""
    found = stopped_by(parts().keys, token)
    kind = kind_of(found[0]) if found else None
    if found is not None and kind is not None:
        with unit_of_work(parts().database, parts().clock) as uow:
            person = uow.session.get(Person, found[1])
            if person is not None:
                kind.stop(uow, person.id)
                uow.record("letters:stop", person.subject_id, person.organisation_id, kind.key)
    return render(StopPage(title="You get no more of these letters"))
