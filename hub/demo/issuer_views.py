"""The addresses of the demo issuers: discovery, keys, the page that asks who you are, tokens and sign-out."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from flask import Flask, Response, abort, jsonify, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from hub.demo.issuer_core import ALGORITHM, AuthRequest, Issuer, OAuthError
from hub.demo.world import DemoPerson


@dataclass(frozen=True)
class IssuerViews:
    """Views of all issuers by slug. `cookie` is the session cookie's name; its path is the issuer's own."""

    issuers: Mapping[str, Issuer]
    cookie: str

    def register(self, app: Flask) -> None:
        """Add the routes to the application."""
        both = ["GET", "POST"]
        app.add_url_rule("/<slug>/.well-known/openid-configuration", view_func=self.discovery)
        app.add_url_rule("/<slug>/jwks", view_func=self.keys)
        app.add_url_rule("/<slug>/authorize", view_func=self.authorize, methods=both)
        app.add_url_rule("/<slug>/choose", view_func=self.choose, methods=["POST"])
        app.add_url_rule("/<slug>/token", view_func=self.token, methods=["POST"])
        app.add_url_rule("/<slug>/logout", view_func=self.logout, methods=both)

    def discovery(self, slug: str) -> Response:
        """OpenID Connect Discovery 1.0, section 4."""
        return jsonify(self._find(slug).metadata())

    def keys(self, slug: str) -> Response:
        """The public key as a JWK set (RFC 7517)."""
        key = self._find(slug).key
        return jsonify(keys=[{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM, "kid": key.kid}])

    def authorize(self, slug: str) -> AnyResponse | str:
        """The authorization endpoint: shows who one can be, or answers at once to `prompt=none`."""
        issuer = self._find(slug)
        params = _single(request.args if request.method == "GET" else request.form)
        asked = issuer.check_request(params)
        if asked.silent:
            return redirect(issuer.without_asking(asked, self._held()), 303)
        if hinted := issuer.hinted(params.get("login_hint", "")):
            return self._sign_in(slug, asked, hinted)
        session = issuer.session(self._held())
        current = session.person.handle if session else ""
        return render_template("issuers/choose.html", issuer=issuer, held=issuer.hold(asked), current=current)

    def choose(self, slug: str) -> AnyResponse:
        """The choice made on that page. 303, since the browser came with POST."""
        issuer = self._find(slug)
        answers = _single(request.form)
        asked = issuer.take(answers.get("held", ""))
        if "cancel" in answers:
            return redirect(issuer.refuse(asked, "access_denied"), 303)
        return self._sign_in(slug, asked, issuer.person(answers.get("person", "")))

    def _sign_in(self, slug: str, asked: AuthRequest, person: DemoPerson) -> AnyResponse:
        issuer = self._find(slug)
        value, session = issuer.sign_in(person)
        issuer.sign_out(self._held())
        response = redirect(issuer.grant(asked, session), 303)
        response.set_cookie(self.cookie, value, path=f"/{slug}", httponly=True, samesite="Lax")
        return response

    def token(self, slug: str) -> Response:
        """The token endpoint; errors as RFC 6749, section 5.2 wants them."""
        issuer = self._find(slug)
        try:
            params = _single(request.form)
            client_id, secret = _client_credentials(params)
            return jsonify(issuer.redeem(params, client_id, secret))
        except OAuthError as error:
            answer = jsonify(error=error.error, error_description=error.description)
            answer.status_code = 400
            if error.error == "invalid_client":
                answer.status_code = 401
                answer.headers["WWW-Authenticate"] = 'Basic realm="demo issuer"'
            return answer

    def logout(self, slug: str) -> AnyResponse | str:
        """RP-initiated sign-out. Without a hint it asks first: the request may be somebody else's prank."""
        issuer = self._find(slug)
        params = _single(request.args if request.method == "GET" else request.form)
        address = issuer.logout_address(params)
        confirmed = request.method == "POST" and "confirm" in params
        if not (params.get("id_token_hint") or confirmed) and issuer.session(self._held()):
            return render_template("issuers/leave.html", issuer=issuer)
        issuer.sign_out(self._held())
        page = render_template("issuers/left.html", issuer=issuer)
        response: AnyResponse = redirect(address, 303) if address else Response(page)
        response.delete_cookie(self.cookie, path=f"/{slug}", httponly=True, samesite="Lax")
        return response

    def _find(self, slug: str) -> Issuer:
        issuer = self.issuers.get(slug)
        if issuer is None:
            abort(404, "There is no demo issuer at this address.")
        return issuer

    def _held(self) -> str:
        return request.cookies.get(self.cookie, "")


def _single(values: MultiDict[str, str]) -> dict[str, str]:
    """Parameters by name; a doubled one is refused (RFC 6749, section 3.1)."""
    if any(len(given) > 1 for _, given in values.lists()):
        raise OAuthError("invalid_request", "A parameter was sent twice.")
    return values.to_dict()


def _client_credentials(params: Mapping[str, str]) -> tuple[str, str]:
    """Client id and secret from the header (form-encoded inside, RFC 6749 section 2.3.1) or the body, never both."""
    header = request.headers.get("Authorization", "")
    if not header:
        return params.get("client_id", ""), params.get("client_secret", "")
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic" or "client_secret" in params:
        raise OAuthError("invalid_client", "one way of client authentication, please: basic or post")
    try:
        client_id, _, secret = b64decode(value, validate=True).decode("utf-8").partition(":")
    except (Base64Error, UnicodeDecodeError) as error:
        raise OAuthError("invalid_client", "the Authorization header cannot be read") from error
    return unquote_plus(client_id), unquote_plus(secret)
