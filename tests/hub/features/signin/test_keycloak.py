"""Keycloak 26 at the other end: by a secret, by a key of the hub's own, and one realm for two organisations."""

import json
from uuid import uuid4

import pytest

from hub.access.models import Place
from hub.features.signin.credentials import key_set
from hub.features.signin.models import Issuer
from hub.features.signin.service import NewIssuer, add_issuer, set_credentials
from hub.nouns.organisations.service import add_domain
from tests.hub.features.signin.browser import HUB, SignInWorld, leads_to, refused
from tests.peers.keycloak import Keycloak

pytestmark = pytest.mark.peers
SIGNED_OUT = f"{HUB}/signed-out"


def join(world: SignInWorld, slug: str, new: NewIssuer) -> Issuer:
    """Add an organisation that signs in at a realm."""
    world.add_organisation(slug, f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work")
    with world.work() as uow:
        place: Place = world.place(uow, slug)
        add_domain(uow, place, f"{slug}.example")
        row = add_issuer(uow, world.parts, place, new)
        uow.session.flush()
        uow.session.expunge(row)
    return row


@pytest.fixture
def realm(keycloak: Keycloak) -> str:
    """A realm of the test's own."""
    name = f"realm-{uuid4().hex[:8]}"
    keycloak.realm(name)
    return name


def test_ann_signs_in_and_out_at_keycloak(world: SignInWorld, keycloak: Keycloak, realm: str) -> None:
    """P-01, P-08, L-43: PKCE and nonce on the wire, name and address in the ID token, signed out there as well."""
    issuer = join(world, "leeds", NewIssuer(f"{keycloak.url}/realms/{realm}", "hub"))
    secret = keycloak.client(realm, "hub", f"{HUB}/sign-in/callback/{issuer.id}", SIGNED_OUT)
    with world.work() as uow:
        set_credentials(uow, world.parts, uow.session.get_one(Issuer, issuer.id), "hub", secret)
    world.expect("leeds/ann", keycloak.person(realm, "ann", "ann@leeds.example"))
    ann = world.browser("ann")
    assert ann.sign_in("leeds").status_code == 303
    with world.work() as uow:
        row = world.person(uow, "leeds/ann")
        assert (row.name, row.email) == ("Ann Keycloak", "ann@leeds.example")
    back = ann.come_back(ann.prove(leads_to(ann.send("/", "/sign-out"))))
    assert "and of Leeds City Council" in back.text


def test_the_hub_proves_itself_to_keycloak_by_a_key_of_its_own(
    world: SignInWorld, keycloak: Keycloak, realm: str
) -> None:
    """N-27: Keycloak takes the assertion whose audience is the issuer alone, and no secret is shared."""
    issuer = join(world, "leeds", NewIssuer(f"{keycloak.url}/realms/{realm}", "hub", auth_method="own_key"))
    keycloak.client(
        realm,
        "hub",
        f"{HUB}/sign-in/callback/{issuer.id}",
        SIGNED_OUT,
        clientAuthenticatorType="client-jwt",
        attributes={"use.jwks.string": "true", "jwks.string": key_set(world.parts, issuer)},
    )
    assert "d" not in json.loads(key_set(world.parts, issuer))["keys"][0]
    world.expect("leeds/ann", keycloak.person(realm, "ann", "ann@leeds.example"))
    assert world.browser("ann").sign_in("leeds").status_code == 303


def test_one_realm_serves_two_organisations_by_an_attribute(world: SignInWorld, keycloak: Keycloak, realm: str) -> None:
    """A2, A-42: each is known by its own value, and whoever has the other's is sent away from both sides."""
    mapper = {
        "name": "organisation",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-usermodel-attribute-mapper",
        "config": {
            "user.attribute": "lastName",
            "claim.name": "organisation",
            "id.token.claim": "true",
            "jsonType.label": "String",
        },
    }
    for slug in ("leeds", "york"):
        new = NewIssuer(f"{keycloak.url}/realms/{realm}", slug, tenant_claim="organisation", tenant_value=slug)
        issuer = join(world, slug, new)
        redirect = f"{HUB}/sign-in/callback/{issuer.id}"
        secret = keycloak.client(realm, slug, redirect, SIGNED_OUT, protocolMappers=[mapper])
        with world.work() as uow:
            set_credentials(uow, world.parts, uow.session.get_one(Issuer, issuer.id), slug, secret)
        world.expect(f"{slug}/ann", keycloak.person(realm, slug, f"ann@{slug}.example", last=slug))
    assert world.browser("leeds").sign_in("leeds").status_code == 303
    assert world.browser("york").sign_in("york").status_code == 303
    assert refused(world.browser("leeds").sign_in("york"), "an account of another organisation", 403)
