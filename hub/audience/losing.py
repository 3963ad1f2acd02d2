"""Whose loss a change is: the viewer's own, and that of those who wrote in a thing with them."""

from dataclasses import replace

from acl.gate import Gate
from hub.access.judged import judge_at, judge_place
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.audience.foreseeing import Change, Shown
from hub.nouns.people.queries import named
from hub.things.thing import Lying

MOST_NAMED = 5
YOURSELF = "You are among them: you would not see it yourself any more, and could not take this back."
SOME_YOURSELF = "You are among them: some of it you would not see yourself any more."
NO_HOLD = "You would not manage it any more: somebody else who does would have to take this back."


def losses_in_words(viewer: Viewer, change: Change, lost: Shown, thing: Lying | Place | None) -> tuple[str, ...]:
    """A sentence of those who wrote it, one of the viewer's own sight, one of their hold of the thing."""
    lying = None if isinstance(thing, Place) else thing
    said = _writers(viewer, lost, lying) if lying and lost.people else []
    number = lost.directory.number.get(viewer.person.id)
    if number is not None and lost.everybody >> number & 1:
        said.append(YOURSELF if lying else SOME_YOURSELF)
    elif thing is not None and _loses_hold(viewer, change, thing):
        said.append(NO_HOLD)
    return tuple(said)


def _writers(viewer: Viewer, lost: Shown, thing: Lying) -> list[str]:
    """Among those who lose: who wrote in it, and its owner, as its page names them."""
    kind = lost.kinds.of(thing)
    authors = set(kind.writers(viewer.session, thing)) if kind and kind.writers else set()
    losing = [word for word in {*authors, thing.owner} - {viewer.subject.id} if _is_among(lost, word)]
    people = named(viewer, losing)
    names = sorted(str(person) for word, person in people.items() if word in authors)
    rest = len(names) - MOST_NAMED
    shown = [*names[:MOST_NAMED], *([f"{rest} more"] if rest > 0 else [])]
    text = ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + "".join(shown[-1:])
    said = [f"Among them: {text}, who wrote in it."] if names else []
    return [*said, *(f"Among them: {people[word]}, who owns it." for word in people if word not in authors)]


def _is_among(lost: Shown, word: str) -> bool:
    number = lost.directory.words.get(word)
    return number is not None and bool(lost.people >> number & 1)


def _loses_hold(viewer: Viewer, change: Change, thing: Lying | Place) -> bool:
    """Whether the viewer manages a thing now and would not afterwards: asked of the gate, as things would be."""
    now = thing.judged(viewer.snapshot)
    if now is None or not viewer.sees(thing, "manage"):
        return False
    then = viewer.snapshot.with_places(change.places, (), viewer.snapshot.generation) if change.places else None
    snapshot = then or viewer.snapshot
    gone = {f"grants:{grant}" for grant in change.ended}
    given = [rule for rule in change.given if rule.who in viewer.subject.holds]
    kept = [rule for rule in viewer.subject.grants if rule.file not in gone]
    subject = replace(viewer.subject, grants=(*kept, *given))
    after = next((s.after for s in change.singles if s.node == now.node), None)
    marking, _, state = after[1].rpartition(".") if after else (thing.marking, "", thing.state)
    if isinstance(thing, Place):
        judged = judge_place(thing.id, thing.kind, owner=thing.owner, marking=marking, state=state, snapshot=snapshot)
    else:
        place = after[0] if after else thing.place_id
        judged = judge_at(place, now.node, owner=thing.owner, marking=marking, state=state, snapshot=snapshot)
    return judged is not None and not Gate(snapshot, viewer.today).decide(subject, "manage", judged).allowed
