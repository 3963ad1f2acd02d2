"""A sign-in ends as what it was begun as: a trial opens nothing, and an everyday one is no trial."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from federation.errors import FederationError
from federation.transaction import new_secret
from hub.features.signin.models import DISABLED, DRAFT, Issuer
from hub.features.signin.signing import begin_sign_in, finish_sign_in
from tests.hub.features.signin.browser import HUB, SignInWorld
from tests.peers.person import Person


@pytest.mark.parametrize(("begun", "ended"), [("test", "sign-in"), ("sign-in", "test")])
def test_a_sign_in_does_not_end_as_another_thing(leeds: SignInWorld, begun, ended) -> None:
    """P-06, R-78: the row says what it is, whatever whoever judges it takes it for."""
    issuer, secret = leeds.issuer(leeds.issuer_of("leeds")), new_secret()
    href = begin_sign_in(leeds.parts, issuer, browser_secret=secret, return_path="/", purpose=begun)
    answer = parse_qsl(urlsplit(Person("ann").go(href, HUB)).query)
    issuer = leeds.issuer(issuer.id)
    with pytest.raises(FederationError, match="begun for something else"):
        finish_sign_in(leeds.parts, issuer, answer, browser_secret=secret, purpose=ended)


@pytest.mark.parametrize(("status", "purpose"), [(DRAFT, "sign-in"), (DISABLED, "sign-in"), (DISABLED, "test")])
def test_nobody_signs_in_through_an_issuer_that_is_prepared_or_off(leeds: SignInWorld, status, purpose) -> None:
    issuer = leeds.issuer(leeds.issuer_of("leeds"))
    leeds.browser().sign_in("leeds")
    with leeds.work() as uow:
        uow.session.get_one(Issuer, issuer.id).status = status
    issuer = leeds.issuer(issuer.id)
    with pytest.raises(FederationError, match="issuer_disabled"):
        begin_sign_in(leeds.parts, issuer, browser_secret=new_secret(), return_path="/", purpose=purpose)
