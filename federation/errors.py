"""Everything that can go wrong while a person signs in, in one catalogue.

A ``FederationError`` carries a code of this catalogue and a detail in our own words for the administrator. What an
issuer said (``error_description``, a page, a header) never enters either: it is written by somebody else and would be
shown under our name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can go wrong: an HTTP status as a hint, a sentence for the person, one for the administrator."""

    code: str
    status: int
    user: str
    admin: str


_AGAIN = "Start signing in again from the sign-in page."
_HELPDESK = "If it happens again, tell your organisation's IT help desk and quote the reference below."

_ENTRIES = (
    Entry(
        "organisation_unknown",
        404,
        "We do not know that organisation. Choose yours from the list on the sign-in page.",
        "A sign-in was asked for an organisation or issuer that has no row, or whose issuer is not active.",
    ),
    Entry(
        "issuer_disabled",
        403,
        "Signing in through this organisation is switched off at the moment. "
        "Ask your organisation's hub administrator.",
        "The issuer's row is not active.",
    ),
    Entry(
        "issuer_url_refused",
        400,
        "The address of your organisation's sign-in service cannot be used. "
        "Tell your organisation's hub administrator.",
        "An issuer or endpoint address must be a plain https address without user name, query, fragment or template.",
    ),
    Entry(
        "issuer_address_refused",
        502,
        "Your organisation's sign-in service cannot be reached safely. Tell your organisation's hub administrator.",
        "The host name led to an address that is not public. An issuer on an inner network needs its exact origin on "
        "the allow-list.",
    ),
    Entry(
        "issuer_unreachable",
        503,
        "Your organisation's sign-in service does not answer. Wait a few minutes and try again. "
        "People who are already signed in can go on working.",
        "No connection to the issuer: name not found, refused, reset, or its certificate is not valid.",
    ),
    Entry(
        "issuer_slow",
        503,
        "Your organisation's sign-in service took too long to answer. Wait a few minutes and try again.",
        "The issuer passed one of the limits: 3 s to connect, 5 s between bytes, 10 s in all.",
    ),
    Entry(
        "issuer_answer_refused",
        502,
        "Your organisation's sign-in service gave an answer that we could not use. Try again. " + _HELPDESK,
        "The issuer answered with a redirect, an error status, too many bytes, or something that is not the JSON that "
        "the standard asks for.",
    ),
    Entry(
        "issuer_mismatch",
        502,
        "Your organisation's sign-in service is not set up correctly. Tell your organisation's hub administrator.",
        "The metadata names another issuer than the one asked for. They must be equal character by character.",
    ),
    Entry(
        "issuer_template",
        400,
        "Your organisation's sign-in service is not set up correctly. Tell your organisation's hub administrator.",
        "The issuer is a template shared by many organisations. Give the address with your own tenant in it.",
    ),
    Entry(
        "issuer_unfit",
        502,
        "Your organisation's sign-in service lacks something that safe signing in needs. "
        "Tell your organisation's hub administrator.",
        "The metadata must offer the code flow and at least one asymmetric signature for ID tokens; where they list "
        "challenge methods, S256 must be one.",
    ),
    Entry(
        "issuer_changed",
        503,
        "Your organisation's sign-in service has changed and has to be checked first. "
        "Your organisation's hub administrator has been told.",
        "Issuer, hosts or algorithms differ from what was pinned. Compare them and approve the new metadata.",
    ),
    Entry(
        "keys_unavailable",
        503,
        "We could not check the answer of your organisation's sign-in service. Wait a few minutes and try again.",
        "The issuer's signing keys (jwks_uri) could not be fetched or hold no usable key, and the cached ones expired.",
    ),
    Entry(
        "response_mismatch",
        400,
        "This sign-in was started in another browser, has been used already, or took longer than ten minutes. "
        + _AGAIN,
        "State, browser, issuer in the path, or the `iss` parameter does not fit the transaction. A single one is a "
        "person with an old tab; many are an attack.",
    ),
    Entry(
        "sign_in_declined",
        403,
        "Signing in was cancelled at your organisation. " + _AGAIN,
        "The issuer answered access_denied: the person said no, or is not assigned to this application there.",
    ),
    Entry(
        "issuer_refused",
        502,
        "Your organisation's sign-in service could not sign you in. Try again. " + _HELPDESK,
        "The issuer answered with an error. Look into its own log at this time.",
    ),
    Entry(
        "code_refused",
        502,
        "Your organisation's sign-in service did not confirm your sign-in. Try again. " + _HELPDESK,
        "The token endpoint refused our code. invalid_client means that the client secret is wrong or has expired.",
    ),
    Entry(
        "token_invalid",
        403,
        "We could not trust the answer of your organisation's sign-in service, so you are not signed in. " + _HELPDESK,
        "The ID token is missing or failed the check that is named in the detail.",
    ),
    Entry(
        "token_time",
        403,
        "The clock of your organisation's sign-in service and ours do not agree, so you are not signed in. "
        + _HELPDESK,
        "The ID token is expired, from the future or older than a day by our clock. Compare both clocks.",
    ),
    Entry(
        "wrong_tenant",
        403,
        "You signed in with an account of another organisation. Sign out there, then choose your organisation again.",
        "The tenant claim differs from the one registered for this issuer.",
    ),
    Entry(
        "email_domain_not_owned",
        403,
        "Your account carries an e-mail address that belongs to another organisation. "
        "Sign in through that organisation, or ask your IT help desk to correct the address.",
        "The issuer asserts an address in a domain that another organisation has proved.",
    ),
    Entry(
        "person_unknown",
        403,
        "Your organisation confirmed who you are, but you have not been added to the hub yet. "
        "Ask your organisation's hub administrator to add you, and quote the reference below.",
        "No external identity and no pending binding for this issuer and subject.",
    ),
    Entry(
        "person_inactive",
        403,
        "Your access to the hub has ended. Ask your organisation's hub administrator if you think that this is wrong.",
        "The person that this identity belongs to is not active.",
    ),
    Entry(
        "another_person",
        403,
        "You signed in there as somebody else than you are here, so nothing was done. You are still signed in here as "
        "before. Sign out at your organisation, then try again as yourself.",
        "Somebody who was asked to prove anew who they are came back as another person.",
    ),
    Entry(
        "link_expired",
        403,
        "This sign-in link has been used already, has expired, or belongs to somebody else. "
        "Ask your organisation's hub administrator for a new one.",
        "The one-use link did not fit: used, expired, another issuer, or an identity that is bound already.",
    ),
    Entry(
        "other_person",
        403,
        "This link was made for another address than the one with which you signed in, or your organisation does not "
        "vouch for yours. Whoever made it sees now who came, and decides. Ask them, and open the link again once they "
        "have said yes.",
        "Somebody came by a link that was made for another address. Whoever answers for it admits or refuses them.",
    ),
    Entry(
        "awaits_confirmation",
        403,
        "Your organisation has changed its sign-in, so the hub does not know you by it yet. "
        "Your organisation's hub administrator sees now that you came. Sign in again once they have confirmed that it "
        "is you.",
        "The issuer was replaced, and this is probably somebody who was known by the old one. Confirm who they are.",
    ),
    Entry(
        "too_many_attempts",
        429,
        "There were many sign-ins from here in a short time. Wait a few minutes, then try again.",
        "The sign-in throttle for this address or browser is used up. It refills by itself.",
    ),
)

CATALOGUE: Mapping[str, Entry] = MappingProxyType({entry.code: entry for entry in _ENTRIES})


class FederationError(Exception):
    """Signing in stops here. ``code`` is one of the catalogue's, ``detail`` ours and for the administrator only.

    ``claims``: what the issuer had said and signed of the person by then; nothing where it had not come so far.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        self.entry = CATALOGUE[code]
        self.detail = detail
        self.claims: Mapping[str, Any] = MappingProxyType({})
        super().__init__(f"{code}: {detail}" if detail else code)

    @property
    def code(self) -> str:
        """The catalogue's code."""
        return self.entry.code

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return self.entry.status


class NotYet(FederationError):
    """Somebody came who may be whom a place was kept for; whoever answers for that place decides.

    ``person_id``: whose place it is. ``pending_id``: the link that was opened, if one was. ``decider``: whose word.
    """

    def __init__(self, code: str, *, person_id: str, pending_id: str | None, decider: str) -> None:
        super().__init__(code, f"waits for {decider}")
        self.person_id, self.pending_id, self.decider = person_id, pending_id, decider


class TokenRefused(FederationError):
    """An ID token failed a check; ``check`` names which one of `federation.validate.CHECKS` it was."""

    def __init__(self, check: str, detail: str, *, code: str = "token_invalid") -> None:
        self.check = check
        super().__init__(code, f"{check}: {detail}")
