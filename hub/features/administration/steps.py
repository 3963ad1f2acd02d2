"""What an administrator sets up first: a list that goes by what is in the database, never by what was clicked."""

from hub.access.viewer import Viewer
from hub.features.administration.pages import Step
from hub.features.administration.queries import Standing
from hub.features.signin.models import ACTIVE, DRAFT, QUARANTINED
from hub.things.words import counted

ISSUER_IN_WORDS = {
    ACTIVE: "On",
    DRAFT: "Prepared: try it, then switch it on",
    QUARANTINED: "Stopped: it changed, and nobody has accepted that yet",
}


def steps_of(viewer: Viewer, standing: Standing) -> tuple[Step, ...]:
    """The steps, each with how it stands and where it is done."""
    here = f"/admin/{standing.place.path}"
    return (
        Step(
            "Organisation",
            f"People reach you at {standing.contact}" if standing.contact else "Say how your people reach you",
            bool(standing.contact),
            f"{here}/organisation",
        ),
        Step(
            "Domains",
            counted(standing.domains, "mail domain", "mail domains") if standing.domains else "No mail domain yet",
            standing.domains > 0,
            f"{here}/organisation",
        ),
        Step("Sign-in", issuer_in_words(standing.issuer), standing.issuer == ACTIVE, f"{here}/issuer"),
        Step(
            "People",
            counted(standing.people, "person", "people") if standing.people > 1 else "Only you so far",
            standing.people > 1,
            f"{here}/people" if standing.people > 1 else f"{here}/people/add",
        ),
        Step(
            "Groups",
            counted(standing.groups, "group", "groups") if standing.groups else "None yet: policies speak of groups",
            standing.groups > 0,
            f"{here}/groups",
        ),
        Step(
            "Spaces",
            counted(standing.spaces, "space", "spaces") if standing.spaces else "None yet: documents live in spaces",
            standing.spaces > 0,
            _spaces(viewer, standing),
        ),
        Step("Policy", _policy(standing), standing.policy and not standing.alarm, f"{here}/policy"),
    )


def issuer_in_words(status: str) -> str:
    """How an issuer stands; an empty status is that of none."""
    return ISSUER_IN_WORDS.get(status, "Off") if status else "No issuer yet, so nobody can sign in"


def _spaces(viewer: Viewer, standing: Standing) -> str:
    """The form for the first space; afterwards the organisation's page, which lists them."""
    if not standing.spaces and viewer.sees(standing.place, "manage"):
        return f"/make/{standing.place.id}"
    return f"/places/{standing.place.path}" if viewer.sees(standing.place) else ""


def _policy(standing: Standing) -> str:
    if standing.alarm:
        return "The copy on disk is not in force"
    return "In force" if standing.policy else "None: nobody may do anything"
