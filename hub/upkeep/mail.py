"""The hub's mail, looked at: whether a server takes it, whether letters wait or failed."""

from collections.abc import Iterator
from datetime import timedelta

from hub.access.parts import Parts
from hub.mail.composing import host_of
from hub.mail.queries import counts_of
from hub.mail.smtp import Trouble, connected
from hub.upkeep.said import Line, fault, ok, warning

PART = "mail"
LATE = timedelta(minutes=10)
RECENT = timedelta(days=7)
"""Letters that failed before are no news."""


def look_at_mail(parts: Parts) -> Iterator[Line]:
    """Say where letters go, whether the server there lets the hub in, and what became of the last ones."""
    now, server = parts.clock.now(), parts.mail.server
    with parts.database.reading() as session:
        counts = counts_of(session, failed_since=now - RECENT)
    if server is None:
        yield ok(PART, f"No mail server is set (HUB_SMTP_URL): mail goes into the folder {parts.mail.folder}.")
    else:
        try:
            with connected(server, host_of(parts.public_url)):
                yield ok(PART, f"The mail server {server} lets the hub in.")
        except Trouble as trouble:
            cure = "Start it, or mend HUB_SMTP_URL. Letters are kept, and sent then."
            yield fault(PART, str(trouble), cure)
    if counts.oldest is not None and now - counts.oldest > LATE:
        reason = f" {counts.error}" if counts.error else ""
        cure = "See that the worker runs (hub serve), and what stands above of the mail server."
        yield warning(
            PART, f"{counts.waiting:,} letters wait, the oldest since {counts.oldest:%Y-%m-%d %H:%M}.{reason}", cure
        )
    if counts.failed:
        cure = f"See why, and send them again: {parts.public_url}/admin/platform/mail?state=failed"
        yield warning(PART, f"{counts.failed:,} letters of the last seven days could not be sent.", cure)
