"""Which addresses our outbound requests may go to: plain https, and public machines only."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from federation.errors import FederationError

# Python calls these global, yet they carry an inner IPv4 address: NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo.
_TRANSLATED = tuple(
    ipaddress.ip_network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
_LONGEST = 2000  # characters
_HOST = re.compile(r"[a-z0-9.-]{1,253}|[0-9a-f:.]{2,45}")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\<>{}\"^`|]")


def is_public(address: str) -> bool:
    """Say whether an IP address is of the public internet, seen through any mapping."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _TRANSLATED)


def is_loopback(address: str) -> bool:
    """Say whether an IP address is this machine's own (127.0.0.0/8 or ::1)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback


def origin_of(parts: SplitResult) -> str:
    """Return scheme, host and port of an address as one string, the port always written."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{(parts.hostname or '').rstrip('.')}:{port}"


@dataclass(frozen=True)
class Policy:
    """What may be fetched. ``allowed_origins``: exact origins that may also be on an inner network.

    An allowed ``http`` origin is still only ever spoken to on this machine (tests, the demo), never over a wire.
    """

    allowed_origins: frozenset[str]

    @classmethod
    def allowing(cls, origins: Collection[str]) -> "Policy":
        """Build from origins as people write them (``http://127.0.0.2:9000``)."""
        return cls(frozenset(origin_of(urlsplit(origin)) for origin in origins))

    def check_url(self, url: str) -> SplitResult:
        """Return the parsed address, or raise ``issuer_url_refused`` (``issuer_template`` for a template)."""
        if "{" in url or "}" in url:
            raise FederationError("issuer_template", "the address has a placeholder in braces")
        if len(url) > _LONGEST or _FORBIDDEN.search(url):
            raise FederationError("issuer_url_refused", "the address is too long or has characters it may not have")
        try:
            parts = urlsplit(url)
            origin = origin_of(parts)
        except ValueError as error:
            raise FederationError("issuer_url_refused", "the address cannot be read") from error
        if "@" in parts.netloc or "#" in url or not _HOST.fullmatch(parts.hostname or ""):
            raise FederationError("issuer_url_refused", "the address has a user name, a fragment or no plain host")
        if parts.scheme != "https" and origin not in self.allowed_origins:
            raise FederationError("issuer_url_refused", "only https addresses are used")
        return parts

    def check_peer(self, origin: str, address: str) -> None:
        """Raise ``issuer_address_refused`` unless an origin may be spoken to at this IP address."""
        if is_public(address) and origin.startswith("https:"):
            return
        if origin not in self.allowed_origins:
            raise FederationError("issuer_address_refused", f"{origin} is at an address that is not public")
        if not is_loopback(address) and (origin.startswith("http:") or _is_never(address)):
            raise FederationError("issuer_address_refused", f"{origin} may only be spoken to on this machine")


def _is_never(address: str) -> bool:
    """Say whether no allow-list opens an address: link-local (cloud metadata), multicast, unspecified, translated."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_link_local or ip.is_multicast or ip.is_unspecified or any(ip in network for network in _TRANSLATED)
