"""The security headers of every response, errors and files included.

No inline script, no inline style, nothing from elsewhere. Pages are never kept by a browser or a proxy; only static
files, whose address holds their hash, are. Sources: W3C Content Security Policy Level 3, OWASP ASVS 5.0 V3.4.
"""

from typing import Final

from flask import Flask, Response

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_POLICY: Final = "default-src 'none'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""For what somebody uploaded: even opened by a careless browser it runs nothing."""
SHOWN_POLICY: Final = f"{FILE_POLICY}; style-src 'unsafe-inline'"
"""For what of it is shown in place: browsers lay out a picture by a style of their own."""

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not no-referrer: the check of forged requests over https reads the Referer of our own pages
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
TRANSPORT: Final = "max-age=31536000; includeSubDomains"


def page_headers(*, https: bool) -> dict[str, str]:
    """Those of a page that nobody made for anybody; `https` says whether people reach it by https only."""
    transport = {"Strict-Transport-Security": TRANSPORT} if https else {}
    return HEADERS | {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"} | transport


def init_headers(app: Flask, *, https: bool) -> None:
    """Put the headers on all of `app`'s responses; `https` says whether people reach it by https only."""

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        how = response.headers.get("Content-Disposition", "").partition(";")[0]
        policy = {"attachment": FILE_POLICY, "inline": SHOWN_POLICY}.get(how, PAGE_POLICY)
        response.headers["Content-Security-Policy"] = policy
        if https:
            response.headers["Strict-Transport-Security"] = TRANSPORT
        if not response.cache_control.immutable:
            response.headers["Cache-Control"] = "no-store"
        return response
