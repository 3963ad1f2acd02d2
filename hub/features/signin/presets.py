"""How the hub is registered at each product, step by step: data. A step names the address that is copied with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

REDIRECT: Final = "redirect"
SIGNED_OUT: Final = "signed-out"
KEYS: Final = "keys"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One thing to do at the issuer, and which address is copied there, if one is."""

    text: str
    copy: str = ""
    """`redirect`, `signed-out` or `keys`; empty where nothing is copied."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A product at which the hub is registered."""

    name: str
    issuer: str
    """What its address looks like."""
    steps: tuple[Instruction, ...]
    note: str = ""
    """What is peculiar to it."""
    address: str = ""
    """Its address itself, where it is the same for everybody."""
    claim: str = ""
    """The claim that tells its customers apart, where it has one address for all."""


PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "entra": Preset(
            "Microsoft Entra ID",
            "https://login.microsoftonline.com/YOUR-TENANT-ID/v2.0",
            (
                Instruction(
                    "In the Entra admin centre open App registrations, New registration. Name it after the hub, choose "
                    "“Accounts in this organizational directory only”, and as redirect address of the kind Web enter:",
                    REDIRECT,
                ),
                Instruction(
                    "Under Authentication add a second redirect address of the kind Web, to which people come back "
                    "when they sign out:",
                    SIGNED_OUT,
                ),
                Instruction(
                    "Under Certificates & secrets make a client secret. Copy its value (not its id), and note when it "
                    "ends."
                ),
                Instruction(
                    "Under Token configuration add the optional claims email, family_name and given_name to the ID "
                    "token."
                ),
                Instruction("Under API permissions grant openid, profile and email for everybody (admin consent)."),
                Instruction(
                    "Copy Application (client) ID and Directory (tenant) ID from Overview: the first is the client id, "
                    "the second belongs into the issuer’s address below."
                ),
            ),
            "Entra does not say whether an address is verified: invitations to people of yours wait until whoever sent "
            "them has looked at who came. Add people with their subject, or look at who came.",
        ),
        "google": Preset(
            "Google Workspace",
            "https://accounts.google.com",
            (
                Instruction(
                    "In the Google Cloud console open APIs & Services, OAuth consent screen, and choose Internal: then "
                    "only people of your organisation are asked."
                ),
                Instruction(
                    "Under Credentials create an OAuth client ID of the kind Web application. Enter there:", REDIRECT
                ),
                Instruction("Copy the client id and the client secret into the form below."),
                Instruction(
                    "Everybody at Google signs in at one address. The claim hd names your organisation’s domain there: "
                    "enter it below."
                ),
            ),
            "Google offers no sign-out and does not say when somebody last proved who they are.",
            address="https://accounts.google.com",
            claim="hd",
        ),
        "keycloak": Preset(
            "Keycloak",
            "https://login.YOUR-COUNCIL.gov.uk/realms/YOUR-REALM",
            (
                Instruction(
                    "In the admin console of your realm open Clients, Create client: type OpenID Connect, a client id "
                    "such as knowledge-hub, Client authentication on, Standard flow alone."
                ),
                Instruction("As Valid redirect URI enter:", REDIRECT),
                Instruction("As Valid post logout redirect URI enter:", SIGNED_OUT),
                Instruction(
                    "Under Credentials copy the client secret. Or choose Signed Jwt, switch “Use JWKS URL” on under "
                    "Keys, and enter there:",
                    KEYS,
                ),
            ),
            "Users need Email verified on, else their addresses are not believed. Several organisations in one realm: "
            "map an attribute of theirs to a claim of the ID token, and name it below.",
        ),
        "adfs": Preset(
            "AD FS 2016 or newer",
            "https://adfs.YOUR-COUNCIL.gov.uk/adfs",
            (
                Instruction(
                    "In AD FS Management open Application Groups, Add: Server application accessing a web API. Enter "
                    "as redirect address:",
                    REDIRECT,
                ),
                Instruction("Generate a shared secret and copy it, with the client identifier, into the form below."),
                Instruction(
                    "Under the web API issue the claims email, given_name and family_name, and permit the scopes "
                    "openid, profile, email and allatclaims."
                ),
                Instruction(
                    "As LogoutUri of the application enter (Set-AdfsNativeClientApplication -LogoutUri):", SIGNED_OUT
                ),
            ),
            "Where your AD FS has a certificate of your own authority, those who run the hub name that authority first "
            "(HUB_ISSUER_CA).",
        ),
        "generic": Preset(
            "Another OpenID Connect issuer",
            "https://login.YOUR-COUNCIL.gov.uk",
            (
                Instruction(
                    "Register a web application (authorization code, S256) with this redirect address:", REDIRECT
                ),
                Instruction("As address after signing out (post_logout_redirect_uri) enter:", SIGNED_OUT),
                Instruction("Allow the scopes openid, profile and email."),
                Instruction(
                    "Copy client id and client secret into the form below. Or let the hub prove itself by a key "
                    "(private_key_jwt), which the issuer fetches from:",
                    KEYS,
                ),
            ),
        ),
    }
)
