"""What administrators are told on their home page: what of their organisation is not set up yet."""

from collections.abc import Iterator

from acl.visibility import FALSE
from hub.access.viewer import Viewer
from hub.admin.queries import Standing, standing_of
from hub.admin.steps import steps_of
from hub.web.pages import Notice, Send


def what_to_set_up(viewer: Viewer) -> Iterator[Notice]:
    """The checklist in a sentence, while anything of it is open or until it is put away: one query, for them alone."""
    if viewer.person.kind != "staff" or viewer.visible("administer") == FALSE:
        return
    standing = standing_of(viewer.session, viewer.person.organisation_id)
    if standing is not None and viewer.sees(standing.place, "administer"):
        yield from _told(viewer, standing)


def _told(viewer: Viewer, standing: Standing) -> Iterator[Notice]:
    steps, here = steps_of(viewer, standing), f"/admin/{standing.place.path}"
    todo = [step for step in steps if not step.done]
    count = f"{len(steps) - len(todo)} of {len(steps)} steps done"
    if todo:
        text = f"Set up {standing.place.name}: {count}. Next: {todo[0].text.lower()}. {todo[0].state}."
        yield Notice(text, here, "warning" if standing.set_up_at else "todo")
    elif standing.set_up_at is None:
        away = Send("Put this away", f"{here}/set-up")
        yield Notice(f"{standing.place.name} is set up: {count}.", here, "info", (away,))
