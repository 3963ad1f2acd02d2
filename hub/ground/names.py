"""The domain name system, asked for texts: behind a port, so that what asks does not know how."""

from dataclasses import dataclass
from typing import Protocol

import dns.exception
import dns.resolver

PATIENCE = 4.0
"""Seconds that an answer may take, over all servers."""
MOST = 50
"""Records of one name that are looked at."""


class Unanswered(Exception):
    """No server said anything about a name: nobody knows whether there is a record."""


class Names(Protocol):
    """Whoever knows what stands in the domain name system."""

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records of a name (RFC 1035, 3.3.14), none where there is none; raises Unanswered."""


@dataclass(frozen=True)
class SystemNames:
    """The servers of this machine, or `servers` (addresses) at a `port`."""

    servers: tuple[str, ...] = ()
    port: int = 53

    def texts(self, name: str) -> tuple[str, ...]:
        """As of `Names`."""
        resolver = dns.resolver.Resolver(configure=not self.servers)
        if self.servers:
            resolver.nameservers, resolver.port = list(self.servers), self.port
        try:
            found = resolver.resolve(name, "TXT", lifetime=PATIENCE, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(name) from error
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in list(found)[:MOST])
