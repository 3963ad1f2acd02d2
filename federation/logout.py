"""Signing out at the issuer too: the address to send the browser to (OpenID Connect RP-Initiated Logout 1.0)."""

from urllib.parse import urlencode

from federation.discovery import Metadata


def end_session_url(
    metadata: Metadata, *, client_id: str, id_token_hint: str, state: str, post_logout_redirect_uri: str
) -> str | None:
    """Return the issuer's sign-out address for this person, or None when it offers none (they stay signed in there).

    An empty ``id_token_hint`` is left out: the issuer then asks the person.
    """
    if not metadata.end_session_endpoint:
        return None
    fields = {
        "id_token_hint": id_token_hint,
        "client_id": client_id,
        "post_logout_redirect_uri": post_logout_redirect_uri,
        "state": state,
    }
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"{metadata.end_session_endpoint}{'&' if '?' in metadata.end_session_endpoint else '?'}{query}"
