"""What Web Authentication Level 2 asks of a relying party, done by the library `webauthn`: nothing else uses it.

The hub asks for no attestation (any authenticator will do), for one that finds its passkey by itself (no page has to
tell which addresses are known), and for a person who is verified by it, so that a passkey is two factors in one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from hub.ground.errors import Invalid

TIMEOUT: Final = 300_000
"""Milliseconds that a browser waits for the person."""
REFUSED: Final = "The passkey could not be checked. Try again, or sign in by a code that is sent to your address."


@dataclass(frozen=True)
class Party:
    """The hub as authenticators know it."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True)
class Made:
    """A passkey that was made: base64url texts, and how often it was used."""

    credential: str
    public_key: str
    sign_count: int


def party_of(public_url: str, name: str) -> Party | None:
    """The hub at the host of its address; None where there can be no passkeys.

    They belong to the name of a host, never to a bare address, and browsers make them over https or on this machine.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if not host or _is_bare(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    return Party(host, f"{parts.scheme}://{parts.netloc}", name)


def options_to_make(
    party: Party, challenge: bytes, *, user_handle: str, address: str, shown: str, known: Iterable[str]
) -> str:
    """What a browser needs to make a passkey, as JSON; `known` are the credentials that the person has already."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    return options_to_json(
        generate_registration_options(
            rp_id=party.rp_id,
            rp_name=party.name,
            user_id=user_handle.encode(),
            user_name=address,
            user_display_name=shown,
            challenge=challenge,
            timeout=TIMEOUT,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=_bytes(each)) for each in known],
        )
    )


def options_to_use(party: Party, challenge: bytes) -> str:
    """What a browser needs to sign in by a passkey, as JSON. Nobody is named: the authenticator knows."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    return options_to_json(
        generate_authentication_options(
            rp_id=party.rp_id,
            challenge=challenge,
            timeout=TIMEOUT,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )


def check_made(party: Party, challenge: bytes, answer: str) -> Made:
    """The passkey that a browser's answer tells of; raises Invalid for any answer that is not to this challenge."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid(REFUSED, "passkey") from error
    key = bytes_to_base64url(found.credential_public_key)
    return Made(bytes_to_base64url(found.credential_id), key, found.sign_count)


def named_in(answer: str) -> tuple[str, str]:
    """The credential that an answer speaks of, and the user handle in it; raises Invalid for what is no answer.

    Nothing is proved by it: `check_used` does that.
    """
    from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = parse_authentication_credential_json(answer)
        handle = found.response.user_handle
        return bytes_to_base64url(found.raw_id), handle.decode() if handle else ""
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid(REFUSED, "passkey") from error


def check_used(party: Party, challenge: bytes, answer: str, made: Made) -> int:
    """How often a passkey was used by now, if the answer to this challenge is signed by it; raises Invalid.

    A count that does not grow tells of a copy (Web Authentication Level 2, 6.1.1), and is refused too.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            credential_public_key=_bytes(made.public_key),
            credential_current_sign_count=made.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid(REFUSED, "passkey") from error
    return found.new_sign_count


def _bytes(text: str) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    return base64url_to_bytes(text)


def _is_bare(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
