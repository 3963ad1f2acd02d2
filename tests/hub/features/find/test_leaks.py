"""Nobody learns of what they may not read: in hits, counts, facets, names, snippets. On every database and engine."""

import pytest
from sqlalchemy import select

from hub.access.models import Person
from hub.features.find.forms import read_question
from hub.features.find.queries import Answered, ask_all
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,org:york,read,leeds/housing/flood-plan,up to OFFICIAL,published,-,Joint flood plan",
)
YORK = ("allow,org:york,read,york,up to OFFICIAL,published,-,Staff read what the council works on",)


@pytest.fixture
def councils(world: World) -> World:
    """Ann of Leeds, Bea of Leeds housing, Yan of York; a housing space, a flood plan within it, York's own space."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", *YORK)
    world.add_person("leeds/ann")
    world.add_person("leeds/bea", "leeds/housing")
    world.add_person("york/yan")
    world.add_space("leeds/housing", "restricted", name="Leeds Housing")
    world.add_space("leeds/housing/flood-plan", "restricted", name="Joint Flood Plan")
    world.add_space("york/rivers", "restricted", name="York Rivers")
    return world


def ids(answered: Answered) -> set[str]:
    return {hit.id for hit in answered.hits if hit.kind == "document"}


def counts(answered: Answered, facet: str) -> dict[str, int | None]:
    return {option.value: option.count for option in answered.facets.get(facet, ())}


def test_yan_of_york_finds_only_what_leeds_shares_with_york(councils: World) -> None:
    """L1, L2, L3, L4: hits, count and facets hold the shared document alone."""
    world = councils
    shared = world.add_document("leeds/housing/flood-plan", "Sandbag store", "Sandbags and pumps")
    world.add_document("leeds/housing", "Sandbag budget", "Sandbags cost money", marking="OFFICIAL-SENSITIVE")
    world.add_document("leeds/housing", "Sandbag draft", "Sandbags again", state="draft")
    world.add_document("leeds/housing", "Sandbag note", "Sandbags in the depot")
    world.index_all()
    answered = world.ask("york/yan", "sandbags")
    assert ids(answered) == {shared}
    assert answered.total == 1
    assert answered.total_is_exact
    assert counts(answered, "marking") == {"OFFICIAL": 1}
    assert counts(answered, "kind") == {"document": 1}
    assert len(ids(world.ask("leeds/ann", "sandbags"))) == 2
    assert len(ids(world.ask("leeds/bea", "sandbags"))) == 4


def test_a_filter_or_sort_by_what_yan_may_not_see_gives_no_signal(councils: World) -> None:
    """L4, L15: no bucket, no hit and no count from a hidden marking, state, year or date."""
    world = councils
    world.add_document("leeds/housing/flood-plan", "Sandbag store", "Sandbags")
    world.parts.clock.move(days=90)  # type: ignore[attr-defined]
    world.add_document("leeds/housing", "Sandbag budget", "Sandbags", marking="OFFICIAL-SENSITIVE")
    world.index_all()
    for asked in ({"marking": "OFFICIAL-SENSITIVE"}, {"year": "2027"}, {"from_": "2027-01-01"}, {"to": "2020-01-01"}):
        answered = world.ask("york/yan", "sandbags", **asked)
        assert (answered.total, answered.hits) == (0, ())
        assert "OFFICIAL-SENSITIVE" not in {value for value, count in counts(answered, "marking").items() if count}
    plain = world.ask("york/yan", "sandbags")
    assert set(counts(plain, "year")) == {"2026"}
    for sort in ("newest", "oldest"):
        assert len(world.ask("york/yan", "sandbags", sort=sort).hits) == 1


def test_a_snippet_shows_the_text_of_its_own_document_and_nothing_else(councils: World) -> None:
    """L6: the words around a match are those of the visible document, never of a hidden one or an older revision."""
    world = councils
    shared = world.add_document("leeds/housing/flood-plan", "Store", "The first wording names Operation Kestrel.")
    world.add_document("leeds/housing", "Hidden", "The depot word again: Operation Heron", marking="OFFICIAL-SENSITIVE")
    world.revise(shared, "Store", "Sandbags lie in the depot.")
    world.index_all()
    (hit,) = world.ask("york/yan", "depot").hits
    said = "".join(text for text, _ in hit.snippet)
    assert said == "Sandbags lie in the depot."
    assert [text for text, marked in hit.snippet if marked] == ["depot"]
    assert world.ask("york/yan", "kestrel").total == 0
    assert world.ask("york/yan", "heron").total == 0


def test_yan_is_not_told_the_names_of_places_above_what_he_was_shown(world: World) -> None:
    """L13, L14: a hidden space's name and path are in no hit and no facet, and filtering by it finds nothing."""
    world.add_organisation("leeds", "deny,org:york,read,leeds,only PUBLIC,any,-,Not even that Leeds is here")
    world.add_organisation("york", *YORK)
    world.add_person("york/yan")
    world.add_person("leeds/ann")
    secret = world.add_space("leeds/lantern", "confidential", name="Project Lantern")
    document = world.add_document("leeds/lantern", "Tide tables", "High water at noon")
    world.give("person:york/yan", "read", document, source="share")
    world.give("person:leeds/ann", "read", "leeds/lantern")
    world.index_all()
    answered = world.ask("york/yan", "tide")
    (hit,) = answered.hits
    assert (hit.id, hit.space, hit.organisation) == (document, None, None)
    assert "lantern" not in repr(answered).lower()
    assert secret not in repr(answered)
    assert counts(answered, "space") == {}
    for name in ("leeds/lantern", secret, "leeds/nothing-of-the-kind"):
        assert world.ask("york/yan", "tide", space=name).total == 0
    (seen,) = world.ask("leeds/ann", "tide").hits
    assert seen.space is not None
    assert seen.space.name == "Project Lantern"
    assert counts(world.ask("leeds/ann", "tide", space="leeds/lantern"), "space") == {"leeds/lantern": 1}


def test_a_document_marked_up_is_gone_before_the_index_knows(councils: World) -> None:
    """L22: marking raised or withdrawn: out of hits, counts and facets at once; back where it is allowed."""
    world = councils
    first = world.add_document("leeds/housing/flood-plan", "Sandbag store", "Sandbags")
    second = world.add_document("leeds/housing/flood-plan", "Sandbag lorry", "Sandbags")
    world.index_all()
    world.mark(first, "OFFICIAL-SENSITIVE")
    world.mark(second, "OFFICIAL", "withdrawn")
    for when in ("before the index", "after the index"):
        answered = world.ask("york/yan", "sandbags")
        assert (answered.total, answered.hits) == (0, ()), when
        assert all(not counts(answered, facet) for facet in ("kind", "marking", "year", "space", "type")), when
        world.index_all()
    assert ids(world.ask("leeds/bea", "sandbags")) == {first, second}
    world.mark(first)
    world.index_all()
    assert ids(world.ask("york/yan", "sandbags")) == {first}


def test_many_documents_withdrawn_at_once_leave_the_counts_too(councils: World) -> None:
    """L22 where it is not the second look that does it: more documents than a page shows."""
    world = councils
    documents = [world.add_document("leeds/housing/flood-plan", f"Sandbag {n}", "Sandbags") for n in range(30)]
    world.index_all()
    assert world.ask("york/yan", "sandbags").total == 30
    for document in documents[:25]:
        world.mark(document, state="withdrawn")
    for _ in range(2):
        answered = world.ask("york/yan", "sandbags")
        assert (answered.total, ids(answered)) == (5, set(documents[25:]))
        assert counts(answered, "marking") == {"OFFICIAL": 5}
        world.index_all()
    world.set_audience("leeds/housing/flood-plan", "private")
    world.set_policy("leeds", *LEEDS[:2])
    assert world.ask("york/yan", "sandbags").total == 0


def test_a_moved_document_is_never_seen_from_the_wrong_side(councils: World) -> None:
    """L23: between move and index neither those of the old place nor those of the new find it; then the new ones."""
    world = councils
    document = world.add_document("leeds/housing/flood-plan", "Sandbag store", "Sandbags")
    world.index_all()
    world.move(document, "leeds/housing")
    for person in ("york/yan", "leeds/ann"):
        assert world.ask(person, "sandbags").total == 0
    world.index_all()
    assert world.ask("york/yan", "sandbags").total == 0
    answered = world.ask("leeds/ann", "sandbags")
    assert ids(answered) == {document}
    assert counts(answered, "space") == {"leeds/housing": 1}


def test_a_space_made_private_takes_its_contents_along_at_once(councils: World) -> None:
    """L23 of a whole subtree: gone before the index has it, present after for those inside only."""
    world = councils
    deep = world.add_folder("leeds/housing/flood-plan/maps")
    document = world.add_document("leeds/housing/flood-plan/maps", "Sandbag map", "Sandbags")
    world.index_all()
    assert deep
    assert world.ask("leeds/ann", "sandbags").total == 1
    world.set_audience("leeds/housing/flood-plan", "private")
    for person in ("leeds/ann", "leeds/bea", "york/yan"):
        assert world.ask(person, "sandbags").total == 0, person
    world.index_all()
    assert world.ask("leeds/ann", "sandbags").total == 0  # her line names Leeds, above the private space
    assert world.ask("leeds/bea", "sandbags").total == 0
    assert ids(world.ask("york/yan", "sandbags")) == {document}  # his line names the private space itself
    world.set_audience("leeds/housing/flood-plan", "open")
    world.index_all()
    assert ids(world.ask("leeds/ann", "sandbags")) == {document}


def test_a_document_that_is_gone_is_in_no_hit_and_no_snippet(councils: World) -> None:
    """L24: a row deleted, and its message not yet done: nothing of it is shown; the index forgets it afterwards."""
    world = councils
    document = world.add_document("leeds/housing/flood-plan", "Sandbag store", "Sandbags")
    kept = world.add_document("leeds/housing/flood-plan", "Sandbag lorry", "Sandbags")
    world.index_all()
    from sqlalchemy import delete

    from hub.access.places import fence
    from hub.nouns.documents.models import Document, Revision

    own = document.removeprefix("doc:")
    with world.work() as uow:
        uow.session.execute(delete(Revision).where(Revision.document_id == own))
        uow.session.execute(delete(Document).where(Document.id == own))
        fence(uow, document, uow.enqueue(document))
    for _ in range(2):
        answered = world.ask("york/yan", "sandbags")
        assert ids(answered) == {kept}
        assert answered.total == 1
        assert counts(answered, "kind") == {"document": 1}
        world.index_all()
    assert world.parts.engine.count() == 9 - 1 + 1  # 2 organisations, 3 people, 3 spaces and the kept document


def test_search_syntax_is_words_and_nothing_more(councils: World) -> None:
    """L27: no field names, wildcards or operators reach an engine."""
    world = councils
    world.add_document("leeds/housing", "Sandbag budget", "Sandbags", marking="OFFICIAL-SENSITIVE")
    world.index_all()
    for words in ("marking:OFFICIAL-SENSITIVE", "*", "within:*", "_exists_:owner", "sandb*", "sand~", "a OR b"):
        found = world.ask("york/yan", words)
        assert not [hit for hit in found.hits if hit.kind == "document"], words


def test_a_thing_that_policy_cannot_judge_is_nobodys(councils: World) -> None:
    """L28: an entry whose place is in no tree leaves the index; one forged into it is dropped at the second look."""
    world = councils
    document = world.add_document("leeds/housing/flood-plan", "Sandbag store", "Sandbags")
    world.index_all()
    from dataclasses import replace

    from hub.running.indexing import OutboxSource

    (entry,) = OutboxSource(world.parts).entries([document]).values()
    forged = replace(entry, id="doc:neverexisted", version=10_000_000)  # type: ignore[type-var]
    world.parts.engine.write([forged])  # type: ignore[list-item]
    world.parts.engine.commit()
    with world.work() as uow:
        uow.enqueue("folder:nothing")
    world.index_all()
    for person in ("york/yan", "leeds/ann", "leeds/bea"):
        answered = world.ask(person, "sandbags")
        assert ids(answered) == {document}
        assert answered.total == 1


def test_what_is_taken_away_binds_the_next_question(councils: World) -> None:
    """Group left, grant ended, policy line removed, guest's last day over, person suspended (L18, L29, L30)."""
    from datetime import date

    world = councils
    world.add_organisation("acme", kind="supplier")
    world.add_person("acme/maria-lopez", kind="guest")
    document = world.add_document("leeds/housing/flood-plan", "Sandbag draft", "Sandbags", state="draft")
    published = world.add_document("leeds/housing/flood-plan", "Sandbag store", "Sandbags")
    world.index_all()
    world.give("guest:acme/maria-lopez", "read", "leeds/housing/flood-plan", until=date(2026, 10, 20), source="guest")
    assert ids(world.ask("acme/maria-lopez", "sandbags")) == {published}
    assert ids(world.ask("leeds/bea", "sandbags")) == {document, published}
    world.leave_group("leeds/bea", "leeds/housing")
    assert ids(world.ask("leeds/bea", "sandbags")) == {published}
    grant = world.give("person:leeds/bea", "edit", "leeds/housing/flood-plan")
    world.set_policy("leeds", *LEEDS[:2])
    assert world.ask("york/yan", "sandbags").total == 0
    world.take_back(grant)
    world.set_policy("leeds", *LEEDS[1:])
    assert world.ask("leeds/bea", "sandbags").total == 0
    world.parts.clock.move(days=1)  # type: ignore[attr-defined]
    assert world.ask("acme/maria-lopez", "sandbags").total == 0
    assert ids(world.ask("york/yan", "sandbags")) == {published}
    world.set_status("york/yan", "suspended")
    assert world.ask("york/yan", "sandbags").total == 0


def test_people_are_found_while_they_are_active_and_by_whom_policy_lets(councils: World) -> None:
    """L11: a suspended person is found by nobody; York's policy decides who finds York's people."""
    world = councils
    world.add_person("york/zoe-winter", job="Flood engineer")
    world.index_all()
    assert {hit.href for hit in world.ask("york/yan", "winter").hits} == {"/people/york/zoe-winter"}
    assert world.ask("york/yan", "flood engineer").hits[0].kind == "person"
    assert world.ask("leeds/ann", "winter").total == 0
    world.set_policy("york", "allow,org:york,read,york,any,any,-,Staff see everything in every state")
    world.set_status("york/zoe-winter", "suspended")
    world.index_all()
    assert world.ask("york/yan", "winter").total == 0
    world.set_status("york/zoe-winter", "active")
    world.index_all()
    assert world.ask("york/yan", "winter").total == 1


def test_who_is_answered_together_with_others_is_told_what_they_are_told_alone(councils: World) -> None:
    """L1, L4: one load of rows serves several people, and nobody sees by another's eyes; all pages of each answer."""
    world = councils
    for number in range(12):
        world.add_document("leeds/housing/flood-plan", f"Sandbag store {number}", "Sandbags", owner="person:leeds/bea")
    world.add_document("leeds/housing", "Sandbag budget", "Sandbags cost money", marking="OFFICIAL-SENSITIVE")
    world.add_document("york/rivers", "Sandbag rota", "Sandbags in York", owner="person:york/yan")
    world.index_all()
    for asked in ({}, {"space": "leeds/housing"}, {"space": "york/rivers"}, {"page": "9"}):
        values = {"q": ["sandbags"]} | {name: [value] for name, value in asked.items()}
        question = read_question(values, world.parts.kinds).question
        with world.parts.database.reading() as session:
            people = session.scalars(select(Person).order_by(Person.handle)).all()
            viewers = [world.parts.viewer(session, person) for person in people]
            together = ask_all(world.parts.engine, world.parts.kinds, [(viewer, question) for viewer in viewers], 3)
        for person, pages in zip(people, together, strict=True):
            first = world.ask(person.handle, "sandbags", **asked)
            rest = [world.ask(person.handle, "sandbags", **asked | {"page": str(p.page)}) for p in pages[1:]]
            assert pages == (first, *rest), (person.handle, asked)
            if "page" not in asked:
                assert sum(len(page.hits) for page in pages) == first.total
