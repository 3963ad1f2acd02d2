"""What is about to be kept no longer, or is kept for a reason, as rows of a list."""

from flask import g

from hub.access.guard import viewer
from hub.access.models import Place
from hub.audience.sealing import shown
from hub.features.administration.records.hold_views import held_as
from hub.features.administration.records.pages import DueRow
from hub.features.administration.records.rows import spoken_of
from hub.nouns.talk.models import Holder, Talk
from hub.nouns.threads import retention
from hub.things.kinds import lying_at
from hub.web.filters import LONDON
from hub.web.pages import Action, Send


def due_rows(place: Place, some: list[tuple[Holder, Talk]]) -> tuple[DueRow, ...]:
    """What was said in words; the titles of what alone the viewer may read. Two queries."""
    holders = [holder for holder, _ in some]
    things = lying_at(g.db, viewer().kinds, {holder.node for holder in holders})
    about = {thing.node: spoken_of(viewer(), thing) for thing in viewer().kept(list(things.values()))}
    others = retention.kept_with_others(g.db, holders) if holders else set()
    return tuple(
        _row(place, holder, talk, about.get(holder.node), others=holder.node in others) for holder, talk in some
    )


def _row(place: Place, holder: Holder, talk: Talk, about: Action | None, *, others: bool) -> DueRow:
    own = f"/admin/{place.path}/retention/{holder.node.partition(':')[2]}"
    go = Send("Let it go by the schedule", own, (("go", "yes"), shown(held_as(holder))), "link")
    return DueRow(
        title=about.text if about else "",
        href=about.href if about else "",
        posts=talk.last_number,
        last=talk.last_at,
        due=holder.due_at.astimezone(LONDON).date() if holder.due_at else None,
        held_for=holder.held_for,
        others=others,
        sends=(go,) if holder.held_for else (),
        hold_href="" if holder.held_for else own,
    )
