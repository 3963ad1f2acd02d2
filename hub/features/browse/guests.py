"""What a guest is told on top of their home page: who sponsors them, for what, and until when."""

from collections.abc import Iterator

from hub.access.viewer import Viewer
from hub.nouns.people.admissions import admissions_of, ended, together, told
from hub.web.pages import Notice

MOST = 5


def guest_notices(viewer: Viewer) -> Iterator[Notice]:
    """One for each sponsor, purpose and end, what ends first first; where all have ended, the last. One query."""
    every = admissions_of(viewer)
    lasting = [admission for admission in every if admission.lasts(viewer.today)]
    for admission, places in together(lasting)[:MOST]:
        seen = viewer.kept(places)
        names = [place.name for place in seen]
        to = f" to {', '.join(names[:-1])}{' and ' if names[1:] else ''}{names[-1]}" if names else ""
        said = told(admission, viewer.today, to)
        href = f"/places/{seen[0].path}" if len(seen) == 1 else ""
        yield Notice(said.sentence, href, "warning" if said.soon else "info")
    if every and not lasting:
        yield Notice(ended(every[-1]), kind="warning")
