"""The page of an issuer, put together: of one that is there, one that is prepared, or one that is yet to be named."""

import json
from dataclasses import replace
from typing import Final

from flask import Response, g, request

from hub.access.guard import parts
from hub.access.models import Place
from hub.audience.sealing import seal, shown
from hub.features.administration.blueprint import crumbs, tabs
from hub.features.administration.forms import IssuerForm
from hub.features.administration.issuers.pages import IssuerMore, IssuerPage, StepShown
from hub.features.administration.pages import IssuerFields, Tab
from hub.features.administration.seals import as_it_is, changed_as
from hub.features.administration.steps import issuer_in_words
from hub.features.signin.credentials import WAYS, keys_address, way_of
from hub.features.signin.issuers import redirect_uri
from hub.features.signin.models import DRAFT, Issuer
from hub.features.signin.presets import KEYS, PRESETS, REDIRECT, SIGNED_OUT
from hub.features.signin.queries import changes_of, draft_of, issuer_of_organisation
from hub.ground.errors import NotFound
from hub.nouns.organisations.queries import organisation_of
from hub.web.pages import Choice, Send
from hub.web.render import render

NEXT: Final = "next"
_SAID: Final = {
    "authorization_endpoint": "People are sent to",
    "token_endpoint": "The hub asks at",
    "jwks_uri": "Its keys",
    "userinfo_endpoint": "Names and addresses",
    "end_session_endpoint": "Signing out",
    "algorithms": "Signatures",
    "auth_methods": "How it lets the hub prove itself",
}
"""What of an issuer's metadata is shown, in words."""


def here(place: Place, which: str) -> str:
    """The address of the page about an organisation's issuer, or about the next one."""
    return f"/admin/{place.path}/issuer{f'/{which}' if which else ''}"


def issuer_on_page(place: Place, which: str) -> Issuer | None:
    """The issuer that a page is about: the one in force, else the one that is prepared; `next`, the prepared one."""
    current = issuer_of_organisation(g.db, place.path)
    if which == NEXT and current is None:
        raise NotFound
    return draft_of(g.db, place.path) if which == NEXT or current is None else current


def form_of(issuer: Issuer | None) -> IssuerForm:
    """The form as it is when nothing was typed; the secret is never shown again."""
    if issuer is None:
        preset = PRESETS.get(request.args.get("kind", ""))
        return IssuerForm(
            preset.address if preset else "", "", "", tenant_claim=preset.claim if preset else "", preset=_kind(None)
        )
    return IssuerForm(
        issuer.issuer,
        issuer.client_id,
        "",
        auth_method=issuer.auth_method,
        tenant_claim=issuer.tenant_claim,
        tenant_value=issuer.tenant_value,
        s256_waived="yes" if issuer.s256_waived else "",
        preset=issuer.preset,
    )


def issuer_page(place: Place, which: str, form: IssuerForm, said: str = "") -> Response:
    """The page, with what was typed into it and what is wrong with that."""
    issuer, found = issuer_on_page(place, which), organisation_of(g.db, place.id)
    if found is None:
        raise NotFound
    issuer_id = issuer.id if issuer else found[1].next_issuer
    kind, address = _kind(issuer), here(place, which)
    preset = PRESETS[kind]
    redirect = redirect_uri(parts(), issuer_id)
    copied = {
        "": "", REDIRECT: redirect, SIGNED_OUT: f"{parts().public_url}/signed-out",
        KEYS: keys_address(parts(), issuer_id),
    }  # fmt: skip
    current = issuer_of_organisation(g.db, place.path) if which == NEXT else None
    page = IssuerPage(
        crumbs=crumbs(place),
        problems=form.problems if not said else (),
        tabs=tabs(place, "Sign-in"),
        slug=place.path,
        action=address,
        typed=IssuerFields(redirect, form.issuer, form.client_id, said),
        more=_more(form),
        seen=seal(as_it_is(issuer)),
        redirect=redirect,
        replaces=current.issuer if current else "",
        kind=kind,
        kinds=tuple(Tab(one.name, f"{address}?kind={key}", current=key == kind) for key, one in PRESETS.items()),
        steps=tuple(StepShown(step.text, copied[step.copy]) for step in preset.steps),
        note=preset.note,
        looks_like=preset.issuer,
        failed_href=f"/admin/{place.path}/issuer/failed",
    )
    return render(_with(page, place, which, issuer) if issuer else page)


def _with(page: IssuerPage, place: Place, which: str, issuer: Issuer) -> IssuerPage:
    address, prepared, as_shown = here(place, which), issuer.status == DRAFT, (shown(as_it_is(issuer)),)
    accept = (Send("Accept these changes", f"{address}/accept", (shown(changed_as(issuer)),), "warning"),)
    ready = (
        Send("Let people sign in through it", f"{address}/on", as_shown, "primary"),
        Send("Put it away", f"{address}/off", as_shown),
    )
    trial = Send("Try a sign-in", f"{address}/try", (), "secondary")
    return replace(
        page,
        issuer=issuer.issuer,
        status=issuer_in_words(issuer.status),
        client_id=issuer.client_id,
        rule=f"{issuer.tenant_claim} is {issuer.tenant_value}" if issuer.tenant_claim else "",
        way=_way(issuer),
        answered=issuer.answered_at,
        changes=tuple(changes_of(issuer)),
        found=_found(issuer),
        prepared=prepared,
        next_href="" if prepared or which else here(place, NEXT),
        sends=(*(accept if issuer.candidate else ()), trial, Send("Test it", f"{address}/test"), *(ready * prepared)),
    )


def _way(issuer: Issuer) -> str:
    """How the hub proves itself, in words; by the issuer's own, where it was reached."""
    if not issuer.pin:
        return WAYS[issuer.auth_method]
    secret = parts().keys.decrypt(issuer.secret) if issuer.secret else ""
    return WAYS[way_of(issuer, json.loads(issuer.pin).get("auth_methods", ()), secret)]


def _found(issuer: Issuer) -> tuple[tuple[str, str], ...]:
    """What an issuer says of itself, as it is pinned."""
    pin = json.loads(issuer.pin) if issuer.pin else {}
    told = ((text, pin.get(name) or "not offered") for name, text in _SAID.items()) if pin else ()
    return tuple((text, ", ".join(value) if isinstance(value, list) else str(value)) for text, value in told)


def _kind(issuer: Issuer | None) -> str:
    asked = request.args.get("kind", "") or request.form.get("preset", "") or (issuer.preset if issuer else "")
    return asked if asked in PRESETS else "generic"


def _more(form: IssuerForm) -> IssuerMore:
    rare = ("auth_method", "tenant_claim", "tenant_value", "s256_waived")
    set_already = bool(form.tenant_claim or form.tenant_value or form.s256_waived) or form.auth_method != "auto"
    return IssuerMore(
        ways=tuple(Choice(key, text) for key, text in WAYS.items()),
        auth_method=form.auth_method,
        tenant_claim=form.tenant_claim,
        tenant_value=form.tenant_value,
        s256_waived=bool(form.s256_waived),
        open=set_already or any(problem.field in rare for problem in form.problems),
    )
