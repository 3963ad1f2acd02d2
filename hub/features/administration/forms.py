"""What administrators type, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hub.access.parts import Parts
from hub.features.administration.platform.pages import KINDS
from hub.features.administration.service import short_name
from hub.features.signin.presets import PRESETS
from hub.features.signin.service import NewIssuer, check_issuer
from hub.ground.errors import Invalid
from hub.ground.ids import new_id
from hub.web.pages import Problem

LONGEST = {
    "name": 200, "contact": 254, "issuer": 500, "client_id": 255, "secret": 10_000, "domains": 10_000,
    "tenant_claim": 60, "tenant_value": 255,
}  # fmt: skip
ISSUER_FIELDS = (
    "issuer", "client_id", "secret", "auth_method", "tenant_claim", "tenant_value", "s256_waived", "preset",
)  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9]{11}")


@dataclass(frozen=True)
class OrganisationForm:
    """A new organisation, and what is wrong with it."""

    reserved: str
    name: str = ""
    slug: str = ""
    kind: str = "council"
    contact: str = ""
    domains: tuple[str, ...] = ()
    issuer: str = ""
    client_id: str = ""
    secret: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class IssuerForm:
    """An issuer, and what is wrong with it."""

    issuer: str
    client_id: str
    secret: str
    auth_method: str = "auto"
    tenant_claim: str = ""
    tenant_value: str = ""
    s256_waived: str = ""
    preset: str = ""
    problems: tuple[Problem, ...] = ()

    def wanted(self) -> NewIssuer:
        """What is asked for."""
        return NewIssuer(
            self.issuer,
            self.client_id,
            self.secret,
            s256_waived=bool(self.s256_waived),
            tenant_claim=self.tenant_claim,
            tenant_value=self.tenant_value,
            auth_method=self.auth_method or "auto",
            preset=self.preset,
        )


def read_organisation(fields: Mapping[str, str]) -> OrganisationForm:
    """Read the form of a new organisation; an empty short name is made from the name."""
    sent = {name: fields.get(name, "").strip() for name in (*LONGEST, "slug", "kind", "reserved")}
    found = [
        Problem(name, f"Use at most {most:,} characters") for name, most in LONGEST.items() if len(sent[name]) > most
    ]
    if not sent["name"]:
        found.append(Problem("name", "Enter the organisation’s full name"))
    slug = sent["slug"].lower() or short_name(sent["name"])
    if sent["name"] and not slug:
        found.append(Problem("slug", "Enter a short name of letters and digits: this name has none"))
    if sent["kind"] not in {kind.value for kind in KINDS}:
        found.append(Problem("kind", "Select what it is"))
    found += _incomplete(sent["issuer"], sent["client_id"], sent["secret"])
    return OrganisationForm(
        reserved=sent["reserved"] if _ID.fullmatch(sent["reserved"]) else new_id(),
        name=sent["name"],
        slug=slug,
        kind=sent["kind"],
        contact=sent["contact"],
        domains=domains_in(sent["domains"]),
        issuer=sent["issuer"],
        client_id=sent["client_id"],
        secret=sent["secret"],
        problems=tuple(found),
    )


def domains_in(text: str) -> tuple[str, ...]:
    """The mail domains that somebody typed, by commas, spaces or lines apart."""
    return tuple(text.replace(",", " ").split())


def read_issuer(fields: Mapping[str, str]) -> IssuerForm:
    """Read the form of an issuer."""
    sent = {name: fields.get(name, "").strip() for name in ISSUER_FIELDS}
    sent["preset"] = sent["preset"] if sent["preset"] in PRESETS else ""
    found = _too_long(sent)
    if not sent["issuer"]:
        found.append(Problem("issuer", "Enter the address of the issuer"))
    return IssuerForm(**sent, problems=(*found, *_incomplete(sent["issuer"], sent["client_id"], sent["secret"])))


def tested(parts: Parts, issuer: str, *, s256_waived: bool) -> tuple[str, tuple[Problem, ...]]:
    """Reach an issuer now: what is to be said when it is fit, or what is wrong with it."""
    try:
        check_issuer(parts, NewIssuer(issuer, "hub", s256_waived=s256_waived))
    except Invalid as problem:
        return "", (Problem("issuer", str(problem)),)
    return "The issuer answers, and what it says of itself is fit for signing in.", ()


def _too_long(sent: Mapping[str, str]) -> list[Problem]:
    """The fields that hold more than can be kept."""
    longer = [name for name, text in sent.items() if len(text) > LONGEST.get(name, LONGEST["name"])]
    return [Problem(name, f"Use at most {LONGEST.get(name, LONGEST['name']):,} characters") for name in longer]


def _incomplete(issuer: str, client_id: str, secret: str) -> list[Problem]:
    if issuer and not issuer.startswith(("https://", "http://")):
        return [Problem("issuer", "The address of an issuer begins with https://")]
    if issuer and not client_id:
        return [Problem("client_id", "Enter the client id that the issuer gave the hub")]
    if (client_id or secret) and not issuer:
        return [Problem("issuer", "Enter the address of the issuer to which these belong")]
    return []
