"""Where a thing lies, as its pages show it: the way to it, and whose it is."""

from hub.access.known_place import KnownPlace
from hub.nouns.spaces.queries import Line
from hub.web.pages import Crumb, Whose


def crumbs_of(places: list[KnownPlace]) -> tuple[Crumb, ...]:
    """The way to a thing through places that the viewer may see."""
    return tuple(Crumb(p.name, f"/places/{p.path}") for p in places)


def whose(line: Line) -> Whose:
    """Whose space it is."""
    organisation, space = line.organisation, line.space
    return Whose(
        organisation=organisation.name if organisation else "",
        organisation_href=f"/places/{organisation.path}" if organisation else "",
        space=space.name if space else "",
        space_href=f"/places/{space.path}" if space else "",
    )
