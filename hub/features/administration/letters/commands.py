"""`hub mail …`: what mail servers return."""

import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from hub.running.command import operators_work, parts_of

if TYPE_CHECKING:
    from hub.access.parts import Parts

MOST_READ = 4_000_000
"""Bytes of a message: what says why it came back stands before the letter itself."""


@click.group("mail")
def mail() -> None:
    """Look after the hub's mail."""


@mail.command("bounced")
@click.option("--to", "recipient", default="", help="The address that it was delivered to, where no header has it.")
@click.argument("files", nargs=-1, type=click.File("rb"))
@click.pass_context
def bounced(ctx: click.Context, recipient: str, files: tuple[BinaryIO, ...]) -> None:
    """Read letters that came back: one from standard input, as a mail server pipes it, or FILES, such as a Maildir's.

    Where a delivery status notification (RFC 3464) says that an address does not exist, nothing more is sent there,
    until its person or an administrator tries again. Letters are known by the address that HUB_MAIL_BOUNCES makes. What
    is no such notification changes nothing, and is no failure: an answer of somebody who is away ends here.
    """
    parts = parts_of(ctx)
    for file in files or (sys.stdin.buffer,):
        click.echo(_taken(parts, file.read(MOST_READ), recipient))


def _taken(parts: "Parts", content: bytes, recipient: str) -> str:
    """Note what came back; in a sentence what was done about it."""
    from hub.mail.returning import addressed_to, letter_of, read_message, returned
    from hub.mail.service import note_returned

    message = read_message(content)
    names = [letter_of(parts.keys, address) for address in (recipient, *addressed_to(message))]
    letter_id = next(filter(None, names), "")
    if not letter_id:
        return "Nothing was noted: it is not addressed to where a letter of this hub is returned."
    told = returned(message)
    if told is None:
        return f"Nothing was noted: nothing in it says that letter {letter_id} was not delivered."
    with operators_work(parts) as uow:
        stopped = note_returned(uow, letter_id, told)
    return f"Letter {letter_id}: {told.said} {stopped}"
