"""Is the hub well? Every part is looked at in turn, also when others are broken, and each complaint names its cure."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import select

from federation.errors import FederationError
from federation.safe_http import Limits
from hub.access.models import Place
from hub.access.parts import Parts
from hub.features.policies.checking import check_working_copies
from hub.features.signin.issuers import discover_issuer
from hub.features.signin.models import ACTIVE, QUARANTINED, Issuer
from hub.ground.files import FileDamaged
from hub.running.failures import sentence_for
from hub.upkeep import ground, work
from hub.upkeep.house import House, open_house
from hub.upkeep.mail import look_at_mail
from hub.upkeep.past import look_at_history
from hub.upkeep.said import Line, fault, ok, warning
from hub.upkeep.tables import stored_files
from hub.upkeep.talk import look_at_talk

PATIENCE = Limits(connect=2.0, read=3.0, total=4.0)
"""Seconds that an issuer has to answer."""
SAMPLE = 40
"""Stored files that are read and checked."""
_GROUND: tuple[tuple[str, Callable[[House], Line]], ...] = (
    ("data folder", ground.look_at_folder),
    ("key file", ground.look_at_keys),
    ("disk", ground.look_at_disk),
    ("database", ground.look_at_database),
    ("schema", ground.look_at_schema),
    ("keys", ground.look_at_keys_in_force),
    ("clock", ground.look_at_clock),
)
_HANGS_ON = {"schema": {"database"}, "keys": {"database", "schema", "key file"}, "clock": {"database", "schema"}}
"""Parts that cannot be looked at while others are broken."""


def examine(settings: Any, open_parts: Callable[[], AbstractContextManager[Parts]]) -> Iterator[Line]:
    """Look at everything; a line, or several, for each part, given as soon as it is known."""
    broken: set[str] = set()
    with open_house(settings) as house:
        for part, look in _GROUND:
            if broken & _HANGS_ON.get(part, set()):
                continue
            for line in _guarded(part, look, house):
                yield line
                broken |= {part} if line.level == "fault" else set()
        if broken & {"database", "schema", "keys"} or not ground.keys_are_there(house):
            return
    with open_parts() as parts:
        yield from _guarded("worker", work.look_at_worker, parts, settings.data)
        for part, look_at in _INSIDE:
            yield from _guarded(part, look_at, parts)


def look_at_files(parts: Parts) -> Line:
    """Say whether the stored files are there, and whole: all are looked for, some are read."""
    with parts.database.reading() as session:
        hashes = stored_files(session)
    bad: set[str] = set()
    for file_hash in hashes:
        try:
            parts.files.size(file_hash)
        except FileDamaged:
            bad.add(file_hash)
    for file_hash in random.sample(hashes, min(SAMPLE, len(hashes))):
        try:
            with parts.files.local(file_hash):
                pass
        except FileDamaged:
            bad.add(file_hash)
    if bad:
        cure = "Restore a backup elsewhere, and copy the missing ones from its files folder."
        return fault("files", f"{len(bad):,} of {len(hashes):,} stored files are missing or damaged.", cure)
    return ok("files", f"{len(hashes):,} stored files are there; {min(SAMPLE, len(hashes)):,} were read and are whole.")


def look_at_policies(parts: Parts) -> Iterator[Line]:
    """Say which working copies are refused, and which differ from what is in force."""
    with parts.database.reading() as session:
        found = check_working_copies(parts, session)
    for checked in found:
        if checked.faults:
            cure = f"Mend it: hub policy lint {parts.policy_dir / checked.file}"
            yield fault("policies", f"{checked.file} is refused: the text accepted before stays in force.", cure)
        elif not checked.in_force:
            cure = "The worker adopts it within a second: see that it runs."
            yield warning("policies", f"{checked.file} differs from what is in force.", cure)
    if all(checked.in_force for checked in found):
        yield ok("policies", f"All {len(found):,} policy files are in force.")


def look_at_issuers(parts: Parts) -> Iterator[Line]:
    """Say which issuers answer with metadata that the hub can use."""
    with parts.database.reading() as session:
        rows = session.execute(select(Place.path, Issuer).join(Place, Place.id == Issuer.organisation_id)).all()
    answering = 0
    for slug, issuer in rows:
        if issuer.status == QUARANTINED:
            cure = "Ask its administrators whether they changed it, then accept the change or disable the issuer."
            yield fault("issuers", f"The issuer of {slug} changed and was shut out: {issuer.issuer}.", cure)
        elif issuer.status == ACTIVE:
            try:
                discover_issuer(
                    parts,
                    issuer.issuer,
                    s256_waived=issuer.s256_waived,
                    inner_network=issuer.inner_network,
                    limits=PATIENCE,
                )
                answering += 1
            except FederationError as error:
                yield fault("issuers", f"The issuer of {slug} cannot be used: {issuer.issuer}.", error.entry.admin)
    if answering:
        yield ok("issuers", f"{answering:,} issuers answer.")
    if not any(issuer.status == ACTIVE for _, issuer in rows):
        yield warning("issuers", "Nobody can sign in: no organisation has an issuer.", "hub organisation issuer SLUG")


_INSIDE: tuple[tuple[str, Callable[[Parts], Line | Iterator[Line]]], ...] = (
    ("outbox", work.look_at_messages),
    ("index", work.look_at_index),
    ("files", look_at_files),
    ("policies", look_at_policies),
    ("history", look_at_history),
    ("talk", look_at_talk),
    ("issuers", look_at_issuers),
    ("mail", look_at_mail),
)


def _guarded(part: str, look: Callable[..., Line | Iterator[Line]], *given: Any) -> Iterator[Line]:
    """What a look finds; one that cannot be done is a fault of the part."""
    try:
        found = look(*given)
        yield from (found,) if isinstance(found, Line) else found
    except Exception as error:  # noqa: BLE001  # the doctor looks at broken hubs, and goes on to the next part
        cure = "Mend what is said above first, then look again; else look into the hub's log."
        yield fault(part, f"It cannot be looked at: {sentence_for(error)}", cure)
