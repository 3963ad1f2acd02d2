"""An organisation proves its mail domains by itself."""

from flask import g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.features.administration.blueprint import administered, blueprint
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.organisations.proving import claim_domain, claims_of, drop_claim, prove, stands_there
from hub.web.flash import say


@blueprint.post("/admin/<slug:organisation>/organisation/domains")
@declares("organisation:administer")
def prove_domain(organisation: str) -> BaseResponse:
    """Begin to prove a domain, look whether its record is there, or end with it."""
    place = administered(organisation)
    domain, wanted = request.form.get("domain", "").strip()[:253], request.form.get("do", "")
    try:
        said = _look(place, domain) if wanted == "check" else _write(place, domain, wanted)
    except (Invalid, Conflict) as problem:
        say(str(problem), "error")
    else:
        say(*said)
    return redirect(f"/admin/{place.path}/organisation#domains", code=303)


def _write(place: Place, domain: str, wanted: str) -> tuple[str, str]:
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        if wanted == "drop":
            drop_claim(uow, place, domain)
            return f"You are not proving {domain} any more.", "success"
        claim = claim_domain(uow, place, domain)
        return f"Make the record for {claim.domain} that stands below, then look whether it is there.", "success"


def _look(place: Place, domain: str) -> tuple[str, str]:
    claim = next((one for one in claims_of(g.db, place.id) if one.domain == domain), None)
    if claim is None:
        return "Enter the domain first.", "error"
    if not stands_there(parts().names, claim):
        return f"The record for {domain} is not there yet. It may take an hour until a new one is seen.", "error"
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        prove(uow, place, claim)
    return f"{domain} is yours: your sign-in may assert addresses there.", "success"
