"""What administrators are told on their home page: what is not set up yet, and mail that did not leave."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from acl.visibility import FALSE
from hub.access.guard import parts
from hub.access.holds import beyond_of
from hub.access.viewer import Viewer
from hub.features.administration.blueprint import PLATFORM, administers_platform
from hub.features.administration.platform.queries import Needs, needs_of_the_hub
from hub.features.administration.queries import Standing, standing_with
from hub.features.administration.records.due import due_in_words, due_there
from hub.features.administration.seconding.queries import waiting_for
from hub.features.administration.steps import steps_of
from hub.ground.clock import LONDON
from hub.web.pages import Notice, Send

RECENT = timedelta(days=7)
ON_DISK = "The policy of {} was changed on disk, and that is not in force. Look at what is wrong with it."


def what_to_set_up(viewer: Viewer) -> Iterator[Notice]:
    """The checklist in a sentence, while anything of it is open or until it is put away, and what the hub needs.

    One query, for those alone who administer their organisation, or the hub.
    """
    if viewer.person.kind != "staff" or viewer.visible("administer") == FALSE:
        return
    since = datetime.combine(viewer.today - RECENT, time(), LONDON)
    hub = needs_of_the_hub(since) if administers_platform() else ()
    due = due_there(viewer)
    second = waiting_for(viewer.person, parts().clock.now(), whole_hub=bool(hub))
    standing, found = standing_with(viewer, viewer.person.organisation_id, second, *due, *hub)
    waits, more = found[:1], found[1:]
    own = standing is not None and viewer.sees(standing.place, "administer")
    if any(waits) and (own or hub):
        yield _second_person(waits[0], PLATFORM if hub or standing is None else f"/admin/{standing.place.path}")
    if standing is not None and own:
        yield from _told(viewer, standing)
    if standing is not None and due:
        yield from due_in_words(viewer, standing.place, more[0])
    if hub and more:
        yield from _what_the_hub_needs(Needs(*more[len(due) :]))


def _second_person(count: int, where: str) -> Notice:
    text = "1 proposal waits" if count == 1 else f"{count:,} proposals wait"
    return Notice(f"{text} for a second person.", f"{where}/proposals")


def _what_the_hub_needs(needs: Needs) -> Iterator[Notice]:
    """For those who run the hub: their policy on disk, letters not sent lately, rights that wait."""
    if needs.alarm:
        yield Notice(ON_DISK.format("the hub"), f"{PLATFORM}/policy", "warning")
    if needs.failed:
        words = "1 letter could" if needs.failed == 1 else f"{needs.failed:,} letters could"
        yield Notice(f"{words} not be sent in the last seven days.", f"{PLATFORM}/mail?state=failed", "warning")
    if needs.holds:
        what = "1 change waits" if needs.holds == 1 else f"{needs.holds:,} changes wait"
        yield Notice(f"{what} for you to confirm who somebody is.", f"{PLATFORM}/waiting", "warning")


def rights_that_wait(viewer: Viewer) -> Iterator[Notice]:
    """For somebody whose rights beyond their organisation wait: that they do, and whom to ask."""
    if not viewer.subject.waiting:
        return
    if not beyond_of(viewer.session, viewer.snapshot, [viewer.person])[viewer.person.id].all:
        return
    yield Notice(
        "What others than your organisation gave you is not open to you for now: something changed in how you sign in, "
        "and the administrators of the hub have yet to confirm it. Ask your organisation to tell them.",
        kind="warning",
    )


def _told(viewer: Viewer, standing: Standing) -> Iterator[Notice]:
    steps, here = steps_of(viewer, standing), f"/admin/{standing.place.path}"
    todo = [step for step in steps if not step.done]
    if standing.alarm and todo[0].text != "Policy":
        yield Notice(ON_DISK.format(standing.place.name), f"{here}/policy", "warning")
    if standing.wishes:
        waits = "1 wish waits" if standing.wishes == 1 else f"{standing.wishes:,} wishes wait"
        yield Notice(f"{waits} about what lines of your policy name.", f"{here}/policy")
    count = f"{len(steps) - len(todo)} of {len(steps)} steps done"
    if todo:
        text = f"Set up {standing.place.name}: {count}. Next: {todo[0].text.lower()}. {todo[0].state}."
        yield Notice(text, here, "warning" if standing.set_up_at else "todo")
    elif standing.set_up_at is None:
        away = Send("Dismiss", f"{here}/set-up")
        yield Notice(f"{standing.place.name} is set up: {count}.", here, "info", (away,))
