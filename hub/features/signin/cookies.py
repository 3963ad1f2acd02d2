"""The cookies of signing in: what binds a sign-in to one browser, and through whom it signed in last."""

from datetime import timedelta
from typing import Final

from flask import Response, current_app, request

from federation.transaction import LIFETIME

BROWSER_SECRET: Final = 43
"""Characters of the secret that the binding cookie holds."""


def browser_secret() -> str | None:
    """The secret to which this browser's sign-ins are bound; None while none is under way."""
    secret = request.cookies.get(_binding_cookie(), "")
    return secret if len(secret) == BROWSER_SECRET else None


def set_browser_secret(response: Response, secret: str) -> None:
    """Set the binding cookie for as long as a sign-in may take, or take it away (empty)."""
    set_cookie(response, _binding_cookie(), secret, LIFETIME)


def set_cookie(response: Response, name: str, value: str, lasts: timedelta) -> None:
    """Set a cookie that no script reads, or take it away (empty)."""
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()) if value else 0,
        path="/",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def _binding_cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-signin"
