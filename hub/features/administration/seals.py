"""What forms of administration show, and are about: each is saved only to that (`hub/audience/sealing.py`)."""

from hub.access.models import Group, Person, Place
from hub.audience.sealing import NOT_SHOWN, Fact, digest
from hub.features.administration.platform.queries import Crew
from hub.features.signin.models import Issuer
from hub.nouns.organisations.models import Organisation
from hub.things.words import counted


def as_problem(since: tuple[str, ...]) -> str:
    """What a form says beside its first field where it was about something else than there is."""
    return (since or (NOT_SHOWN,))[0].rstrip(".")


def shown_as(person: Person) -> tuple[Fact, ...]:
    """How somebody is shown: nobody overwrites what another has just put right."""
    now = person.name, person.email, person.job_title
    told = ", ".join(text for text in now if text)
    return (Fact("person", digest(*now), lambda: f"Nothing was saved: this was changed meanwhile, to {told}."),)


def standing_of(person: Person) -> tuple[Fact, ...]:
    """Whom a button is about: how somebody is shown and stands, so that nothing is done to another than was meant."""
    now = ", ".join(text for text in (person.name, person.email, person.job_title, person.status) if text)
    return (Fact("standing", digest(now), lambda: f"This was changed meanwhile, to {now}."),)


def joining_as(group: Group, person: Person) -> tuple[Fact, ...]:
    """Who is put into which group."""
    named = Fact("group", digest(group.name), lambda: f"The group is called {group.name} now.")
    return (named, *standing_of(person))


def as_it_is(issuer: Issuer | None) -> tuple[Fact, ...]:
    """What a form was opened for: none yet, or this one with these credentials."""
    now = digest(issuer.id, issuer.issuer, issuer.client_id, issuer.status) if issuer else "none"
    told = f"it is {issuer.issuer} now, with the client id {issuer.client_id}" if issuer else "it is gone"
    return (Fact("issuer", now, lambda: f"Nothing was saved: somebody changed the issuer meanwhile, {told}."),)


def changed_as(issuer: Issuer) -> tuple[Fact, ...]:
    """What an issuer has changed, and waits to be accepted."""
    return (Fact("changes", issuer.candidate_mark, lambda: "The issuer has changed again meanwhile."),)


def domains_kept(kept: str) -> tuple[Fact, ...]:
    """The list that a form replaces."""
    told = f"they are {', '.join(kept.split())} now" if kept else "there are none now"
    return (Fact("domains", digest(kept), lambda: f"Nothing was saved: somebody changed them meanwhile, {told}."),)


def standing_as(organisation: Place) -> tuple[Fact, ...]:
    """Whether the people of an organisation are kept out, and since when."""
    since = organisation.blocked_at.isoformat() if organisation.blocked_at else ""
    told = "It is blocked now." if since else "Its people are let in now."
    return (Fact("blocked", since, lambda: told),)


def people_of(organisation: Place, crew: Crew) -> tuple[Fact, ...]:
    """Whom a block keeps out, the number of people first; sessions come and go."""
    people = f"{counted(crew.staff, 'member', 'members')} of staff and {counted(crew.guests, 'guest', 'guests')}"
    return (Fact("people", people, lambda: f"It keeps out {people} now."), *standing_as(organisation))


def told_of(organisation: Place, more: Organisation) -> tuple[Fact, ...]:
    """What an organisation says of itself: nobody overwrites what another has just put right."""
    now = organisation.name, more.description, more.contact, more.leaves
    told = f"it is called {organisation.name} now, reached at {more.contact or 'no address'}"
    return (Fact("organisation", digest(*now), lambda: f"Nothing was saved: somebody changed this meanwhile, {told}."),)
