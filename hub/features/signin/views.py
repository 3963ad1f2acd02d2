"""Pages of signing in and out: choose an organisation, go to its issuer, come back, sign out."""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import structlog
from flask import Response, current_app, g, make_response, request
from flask import session as cookie_session

from federation.client import SignedIn as IssuersAnswer
from federation.discovery import Metadata
from federation.errors import CATALOGUE, FederationError, NotYet
from federation.logout import end_session_url
from federation.transaction import new_secret
from hub.access.guard import parts
from hub.access.login import Begun, SignedIn, begin_session, end_session, forget_in_browser, remember_in_browser
from hub.features.signin.arrivals import Claims, note_arrival
from hub.features.signin.arriving import caller_address as _address
from hub.features.signin.arriving import go as _go
from hub.features.signin.arriving import wanted_path as _wanted
from hub.features.signin.blueprint import blueprint
from hub.features.signin.browsers import browser_in_words
from hub.features.signin.cookies import browser_secret, set_browser_secret, set_cookie
from hub.features.signin.credentials import key_set
from hub.features.signin.failures import note_failure
from hub.features.signin.identities import recognise
from hub.features.signin.models import Issuer
from hub.features.signin.pages import LeavingPage, LinkPage, SignedOutPage, SignInChoice, SignInPage, SignInProblemPage
from hub.features.signin.proof import note_proof
from hub.features.signin.queries import (
    Joining,
    contact_of,
    find_organisations,
    issuer_by_id,
    issuer_of_organisation,
    name_and_contact,
    of_link,
    remembered_organisation,
    whose_link,
)
from hub.features.signin.signing import begin_sign_in, finish_sign_in, purpose_of
from hub.features.signin.stores import PER_ADDRESS, PER_BROWSER, REFUSALS_KEPT, Limit, note_try
from hub.features.signin.trying import show_trial
from hub.ground.errors import NotFound, Unavailable
from hub.ground.ids import new_id
from hub.ground.unit_of_work import unit_of_work
from hub.web.render import render

log = structlog.get_logger(__name__)

ON_A_PAGE: Final = 20
LONGEST_QUERY: Final = 200
LONGEST_HINT: Final = 6_000
"""Characters of an ID token that still fit into an address."""
LINK: Final = "sign-in-link"
BECOME: Final = "sign-in-link-is-mine"
LEFT: Final = "signed-out-of"
OWN_KEPT: Final = timedelta(days=365)
AWAY: Final = "You are not signed in any more: you signed out in another window, or were away for a long time."


@blueprint.get("/sign-in")
def choose() -> Response:
    """The chooser. `?link=` is a one-use link, kept in this browser until the person has said that it is theirs.

    Whoever follows a link to a page and signed in here before goes on at their own organisation, unless they ask to
    choose (`?choose`), or their session has ended meanwhile and they are told so.
    """
    link = request.args.get("link", "")
    wanted = _wanted(request.args.get("next"))
    if link:
        cookie_session[LINK] = link[:100]
        cookie_session.pop(BECOME, None)
        return _go(f"/sign-in/link/whose?{urlencode({'next': wanted})}" if wanted else "/sign-in/link/whose")
    if g.user is not None:
        return _go(wanted or "/")
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    remembered = remembered_organisation(g.db, request.cookies.get(_own_cookie(), "")) if not query else None
    away = "_user_id" in cookie_session
    if remembered and wanted and not away and "choose" not in request.args:
        return _begin(remembered.slug, wanted)
    found = find_organisations(g.db, query, ON_A_PAGE)
    whose = remembered or (found.shown[0] if query and found.total == 1 else None)
    return render(
        SignInPage(
            query=query,
            next=wanted,
            own=_choice(remembered) if remembered else None,
            choices=tuple(_choice(one) for one in found.shown),
            total=found.total,
            contact=contact_of(g.db, whose.slug) if whose else "",
            notice=AWAY if away else "",
        )
    )


@blueprint.get("/sign-in/link/whose")
def look_at_link() -> Response:
    """Whom the link that was opened in this browser would make of its holder."""
    wanted = _wanted(request.args.get("next"))
    if g.user is not None:
        return _go(wanted or "/")
    found = whose_link(g.db, str(cookie_session.get(LINK, "")), parts().clock.now())
    if found is None:
        return problem(FederationError("link_expired"), None, "", of_link(g.db, str(cookie_session.get(LINK, ""))))
    person, organisation = found
    return render(
        LinkPage(
            person=person.name, organisation=organisation.name, action=f"/sign-in/{organisation.path}", next=wanted
        )
    )


@blueprint.post("/sign-in/link/put-away")
def put_link_away() -> Response:
    """The link was opened by somebody else: this browser forgets it, and it stays good for its owner."""
    cookie_session.pop(LINK, None)
    cookie_session.pop(BECOME, None)
    return _go("/sign-in")


@blueprint.post("/sign-in/<slug:organisation>")
def begin(organisation: str) -> Response:
    """Send the browser to an organisation's issuer."""
    if LINK in cookie_session:
        cookie_session[BECOME] = request.form.get("become") == "yes"
    return _begin(organisation, _wanted(request.form.get("next")))


def _begin(organisation: str, wanted: str) -> Response:
    issuer = issuer_of_organisation(g.db, organisation)
    secret = browser_secret() or new_secret()
    try:
        admitted = _admit(issuer, (PER_ADDRESS, _address()), (PER_BROWSER, secret))
        href = begin_sign_in(
            parts(), admitted, browser_secret=secret, return_path=wanted or "/", login_hint=_login_hint()
        )
    except FederationError as error:
        return problem(error, issuer, wanted)
    name, _ = name_and_contact(g.db, admitted.organisation_id)
    response = render(LeavingPage(destination=name, href=href))
    set_browser_secret(response, secret)
    return response


@blueprint.get("/sign-in/callback/<id:issuer_id>")
def complete(issuer_id: str) -> Response:
    """Where one issuer, and no other, sends people back to."""
    issuer = issuer_by_id(g.db, issuer_id)
    if issuer is None:
        raise NotFound
    answer = list(request.args.items(multi=True))
    purpose = purpose_of(parts(), issuer, answer, browser_secret())
    if purpose == "test":
        return show_trial(issuer, answer)
    came: IssuersAnswer | None = None
    try:
        admitted = _admit(issuer, (PER_ADDRESS, _address()))
        came = finish_sign_in(parts(), admitted, answer, browser_secret=browser_secret(), purpose=purpose)
        proving = purpose == "prove"
        handle = _open_session(admitted, came, proving=proving)
    except FederationError as error:
        error.claims = error.claims or (came.token.claims if came else {})
        if came is not None and isinstance(error, NotYet):
            _note_arrival(issuer, came, error)
        if g.user is not None and error.code == "response_mismatch":
            return _go("/")  # the back button, after all went well: they are signed in, and stay so
        return problem(error, issuer, "")
    remember_in_browser(handle, same_person=proving)
    response = _go(came.transaction.return_path)
    set_browser_secret(response, "")
    if not proving:
        set_cookie(response, _own_cookie(), admitted.organisation_id, OWN_KEPT)
    return response


@blueprint.get("/sign-in/callback/<id:issuer_id>/keys")
def show_keys(issuer_id: str) -> Response:
    """The key set by which one issuer knows the hub (RFC 7517), for that issuer to fetch; public, as keys are."""
    text = key_set(parts(), issuer_by_id(g.db, issuer_id))
    if not text:
        raise NotFound
    response = make_response(text)
    response.content_type = "application/jwk-set+json"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.post("/sign-out")
def leave() -> Response:
    """End the session here, then at the issuer."""
    user: SignedIn | None = g.user
    if user is None:
        forget_in_browser()
        return _go("/signed-out")
    with unit_of_work(parts().database, parts().clock, user.viewer.person.handle) as uow:
        end_session(uow, user.handle)
        uow.record("session:end", user.viewer.person.subject_id, user.viewer.person.organisation_id)
    issuer = issuer_by_id(g.db, user.row.issuer_id) if user.row.issuer_id else None
    name = name_and_contact(g.db, issuer.organisation_id)[0] if issuer else ""
    state = new_secret()
    href = _end_session_url(user, issuer, state) if issuer else None
    forget_in_browser()
    g.user = None
    cookie_session[LEFT] = {"name": name, "state": state if href else ""}
    if href is None:
        return _go("/signed-out")
    return render(LeavingPage(title=f"Signing out of {name}", destination=name, href=href, signing_out=True))


@blueprint.get("/signed-out")
def signed_out() -> Response:
    """The end of signing out, also for one who comes back from the issuer."""
    left = cookie_session.get(LEFT)
    name, state = (str(left.get("name", "")), str(left.get("state", ""))) if isinstance(left, dict) else ("", "")
    everywhere = bool(state) and request.args.get("state") == state
    return render(SignedOutPage(organisation=name, still_signed_in=bool(name) and not everywhere))


def _login_hint() -> str:
    """Who the person says they are, for the issuer to begin with (OpenID Connect Core 1.0, 3.1.2.1). Proves nothing."""
    return request.form.get("login_hint", "").strip()[:LONGEST_QUERY]


def _admit(issuer: Issuer | None, *tries: tuple[Limit, str]) -> Issuer:
    """The issuer, if there is one and neither address nor browser has tried too often."""
    if issuer is None:
        raise FederationError("organisation_unknown")
    if not all(note_try(parts(), limit, who) for limit, who in tries):
        raise FederationError("too_many_attempts")
    return issuer


def _open_session(issuer: Issuer, came: IssuersAnswer, *, proving: bool) -> str:
    """Start the person's session, in the transaction that recognises them; a session of before ends with it.

    Whoever is `proving` who they are comes back as the same person, or nothing happens.
    """
    token = came.token
    with unit_of_work(parts().database, parts().clock) as uow:
        link = str(cookie_session.get(LINK, "")) if cookie_session.get(BECOME) and not proving else ""
        person = recognise(uow, parts(), issuer, token, link)
        if proving and (g.user is None or g.user.viewer.person.id != person.id):
            raise FederationError("another_person", "the person of the session is another one")
        if g.user is not None:
            end_session(uow, g.user.handle)
        sid = token.claims.get("sid")
        begun = Begun(
            issuer_id=issuer.id,
            sid=sid[:255] if isinstance(sid, str) and sid.isprintable() else "",
            id_token=token.raw,
            proved_before=note_proof(uow, issuer, token.claims, proving=proving),
            browser=browser_in_words(request.user_agent.string),
            address=(request.remote_addr or "")[:45],
        )
        handle = begin_session(uow, parts(), person, begun)
        uow.record(
            "session:prove" if proving else "session:start", person.subject_id, person.organisation_id, issuer.id
        )
        return handle


def _note_arrival(issuer: Issuer, came: IssuersAnswer, error: NotYet) -> None:
    """Keep who came, apart from the sign-in that was undone."""
    claims = came.token.claims
    name, email = (claims.get(each) if isinstance(claims.get(each), str) else "" for each in ("name", "email"))
    told = Claims(str(name)[:200], str(email)[:254], claims.get("email_verified") is True)
    with unit_of_work(parts().database, parts().clock) as uow:
        note_arrival(uow, issuer, came.token.subject, told, error)


def _end_session_url(user: SignedIn, issuer: Issuer, state: str) -> str | None:
    if not issuer.pin:
        return None
    try:
        hint = parts().keys.decrypt(user.row.id_token) if user.row.id_token else ""
    except Unavailable:  # sealed with keys that are gone: the issuer will ask who it is
        hint = ""
    return end_session_url(
        Metadata.from_json(json.loads(issuer.pin)),
        client_id=issuer.client_id,
        id_token_hint=hint if len(hint) <= LONGEST_HINT else "",
        state=state,
        post_logout_redirect_uri=f"{parts().public_url}/signed-out",
    )


def problem(error: FederationError, issuer: Issuer | None, wanted: str, organisation_id: str = "") -> Response:
    """The page of the catalogue's sentence; the administrator finds the reference in the log and the audit.

    Whom to ask is told of the issuer's organisation, or of another that the person has shown to be theirs.
    """
    reference = new_id()
    log.warning(
        "sign-in refused",
        reference=reference,
        code=error.code,
        detail=error.detail,
        issuer=issuer.id if issuer else "",
    )
    if issuer is not None and _is_kept(issuer, error):
        with unit_of_work(parts().database, parts().clock) as uow:
            detail = f"{reference} {error.code} {error.detail}"[:500]
            uow.record("sign-in:refuse", issuer.id, issuer.organisation_id, detail)
            note_failure(uow, issuer, reference, error)
    entry = CATALOGUE[error.code]
    name, contact = name_and_contact(g.db, issuer.organisation_id if issuer else organisation_id)
    retry = f"/sign-in?{urlencode({'choose': 'yes', 'next': wanted})}" if wanted else "/sign-in"
    response = render(
        SignInProblemPage(
            sentences=(entry.user,),
            reference=reference,
            contact=contact,
            organisation=name,
            retry_href=retry,
        ),
        entry.status,
    )
    if entry.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        response.headers["Retry-After"] = "60"
    return response


def _is_kept(issuer: Issuer, error: FederationError) -> bool:
    return error.code != "too_many_attempts" and note_try(parts(), REFUSALS_KEPT, f"{issuer.id} {error.code}")


def _own_cookie() -> str:
    """The cookie that holds the id of the organisation through which this browser signed in last."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-organisation"


def _choice(one: Joining) -> SignInChoice:
    return SignInChoice(one.name, f"/sign-in/{one.slug}", one.hint)
