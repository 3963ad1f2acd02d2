"""What an administrator does about a sign-in that failed: data, by code of our catalogue and by error of an issuer.

The numbers are Microsoft's (Entra authentication and authorization error codes); all else of such an error is left
where it was said.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_AADSTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "16000": "The person is signed in at Entra with several accounts, none of them in this tenant. They choose the "
        "right one, or sign out there first.",
        "50011": "The redirect address is not registered in Entra. Copy the one of this page, letter by letter, to "
        "App registrations > Authentication > Web.",
        "50020": "The account is of another tenant. The person signs in with the account of their work, or you invite "
        "them to your tenant as a guest first.",
        "50034": "There is no such account in your tenant. Look whether the address is right.",
        "50053": "The account is locked after too many wrong passwords, or the address is blocked.",
        "50055": "The person’s password has expired. They change it at Entra, then come back.",
        "50057": "The account is switched off in Entra.",
        "50058": "The person was not signed in at Entra, and it was not allowed to ask. They try again.",
        "50072": "The person has to register a second factor at Entra first.",
        "50074": "Entra asked for a second factor, and it was not given. They try again.",
        "50076": "Entra asks for a second factor now. The person tries again and gives it.",
        "50079": "The person has to register a second factor at Entra first.",
        "50097": "Entra wants the device to prove itself (Conditional Access). The person uses a device of yours.",
        "50105": "The person is not assigned to the hub. Enterprise applications > the hub > Users and groups: add "
        "them or a group of theirs, or switch “Assignment required” off.",
        "50126": "User name or password were wrong.",
        "50131": "A rule of Conditional Access stopped the person. Look into the sign-in logs of Entra at this time.",
        "50158": "Entra waits for a further check that did not end. The person tries again.",
        "50194": "The application is for one tenant, and was asked for at an address for all. Give the issuer with "
        "your own tenant in it.",
        "53000": "Conditional Access lets in only devices that comply. The person uses such a device.",
        "53001": "Conditional Access lets in only devices joined to your domain.",
        "53003": "A rule of Conditional Access stopped the person. Look into the sign-in logs of Entra at this time.",
        "65001": "Nobody has consented to the hub. An administrator of Entra grants it: App registrations > "
        "API permissions > Grant admin consent.",
        "65004": "The person did not consent to the hub. They try again, or an administrator consents for everybody.",
        "70008": "The code was older than ten minutes. The person tries again.",
        "90002": "There is no such tenant. Look at the tenant in the issuer’s address.",
        "90072": "The account is not of your tenant. The person signs in with the account of their work.",
        "90094": "An administrator has to consent to the hub: App registrations > API permissions > Grant admin "
        "consent.",
        "500113": "No redirect address is registered in Entra. Copy the one of this page to App registrations > "
        "Authentication > Web.",
        "530003": "Conditional Access lets in only devices that are managed. The person uses such a device.",
        "650052": "Your tenant has not taken the hub in yet. An administrator of Entra consents to it.",
        "650056": "The registration lacks something: openid, profile and email belong among its permissions.",
        "700016": "There is no application with this client id in your tenant. Compare client id and tenant.",
        "700027": "The key by which the hub proved itself is not the one registered. Entra takes certificates, not "
        "published keys: use a client secret there.",
        "7000112": "The application is switched off in Entra.",
        "7000215": "The client secret is wrong. Copy the value of the secret, not its id.",
        "7000218": "Entra wants a client secret, and got none. Enter it on this page.",
        "7000222": "The client secret has expired. Make a new one in Entra and enter it on this page.",
        "9002325": "The redirect address is registered as that of a single-page application. Register it as Web.",
    }
)
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "invalid_client": "The client secret is wrong or has expired, or it is shown in a way that the issuer does not "
        "take. Enter it anew, then try a sign-in: that finds the way.",
        "unauthorized_client": "The issuer does not let the hub sign people in by a code. Allow the authorization code "
        "flow for it there.",
        "invalid_grant": "The issuer would not trade the code: it was older than the issuer allows, or the redirect "
        "address there differs from the one of this page.",
        "invalid_scope": "Allow the scopes openid, profile and email for the hub at the issuer.",
        "invalid_request": "The issuer did not understand the request. Compare the redirect address there with the one "
        "of this page, letter by letter.",
        "access_denied": "The person said no at the issuer, or is not assigned to the hub there.",
        "server_error": "The issuer failed. Look into its own log at this time.",
        "temporarily_unavailable": "The issuer was busy or being looked after. The person tries again.",
        "login_required": "The person was not signed in at the issuer, and it was not allowed to ask.",
        "consent_required": "The issuer wants the person’s consent. Grant it there for everybody.",
        "interaction_required": "The issuer wants something of the person that it was not allowed to ask for.",
    }
)
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "issuer_unreachable": "Look whether the issuer is up, whether its name is known and its certificate valid.",
        "issuer_slow": "Look whether the issuer is busy.",
        "issuer_address_refused": "The issuer lives on an inner network. Those who run the hub open it with "
        "--inner-network.",
        "issuer_changed": "Look at what it says differently now, ask the people who run it, then accept it "
        "on this page.",
        "issuer_disabled": "Switch the issuer on, once you are sure of it.",
        "keys_unavailable": "Look whether the address of its keys (jwks_uri) answers.",
        "response_mismatch": "One is somebody with an old tab: they start again. Many within an hour are an attack: "
        "tell those who run the hub.",
        "token_invalid": "The detail names the check that failed. Nobody was let in. Where it is new, ask the people "
        "who run the issuer what they changed.",
        "token_time": "Compare the issuer’s clock with the time: more than a minute apart is too much.",
        "wrong_tenant": "The person is of another organisation at the same issuer. They sign out there and take the "
        "account of their work.",
        "email_domain_not_owned": "Put the person’s address right at the issuer, or have the domain added to your "
        "organisation.",
        "person_unknown": "Add the person under People, with the subject that stands here or by a link.",
        "person_inactive": "The person is suspended or has left. Let them in again under People, if that is meant.",
        "link_expired": "Make a new link for the person under People.",
        "other_person": "Somebody else than was invited opened the link. It waits for whoever invited them.",
    }
)
_NUMBER: Final = re.compile(r"AADSTS(\d+)")


def what_to_do(code: str, detail: str) -> str:
    """Return a sentence for an administrator; the most exact that is known of a failure.

    ``code`` is one of the catalogue's, ``detail`` what a ``FederationError`` carries.
    """
    number = _NUMBER.search(detail)
    if number:
        unknown = f"Entra’s error AADSTS{number[1]}: the sign-in logs of Entra say more, and so does its documentation."
        return _AADSTS.get(number[1], unknown)
    if code in {"code_refused", "issuer_refused", "sign_in_declined"}:
        told = next((_WORDS[word] for word in detail.replace(":", " ").split() if word in _WORDS), "")
        return told or "Look into the issuer’s own log at this time."
    return _CODES.get(code, "Look at how the issuer is set up, and try a sign-in from this page.")
