"""The demo world hangs together: every name that one part uses, another part has."""

import csv
import io
import re
from collections import Counter
from datetime import date
from functools import cache
from importlib import resources

import pytest

from acl.cells import CellError, read_who
from acl.rules import Rule, read_rules
from acl.vocabulary import AUDIENCES, MARKINGS, ROLES, STATES
from config import policies as default_policies
from hub.demo.content_files import ContentError, parse_document
from hub.demo.loading import load_world
from hub.demo.world import World
from tests import shared_data


@cache
def world() -> World:
    return load_world()


def rules() -> list[Rule]:
    found: list[Rule] = []
    for name, text in world().policies.items():
        slug = name.rpartition("/")[2].removesuffix(".csv")
        found += read_rules(text, file=name, scope=slug)
    return found


def test_the_councils_are_real_and_the_firms_are_not() -> None:
    with (shared_data() / "organisations" / "uk_local_authorities_future.csv").open(encoding="utf-8") as file:
        official = {row["gss-code"]: row["official-name"] for row in csv.DictReader(file)}
    councils = [organisation for organisation in world().organisations if organisation.kind == "council"]
    assert len(councils) >= 4
    for council in councils:
        assert official[council.code] == council.name
    for firm in (organisation for organisation in world().organisations if organisation.kind != "council"):
        assert firm.code == ""


def test_everyone_has_a_line_of_their_own_and_groups_that_exist() -> None:
    people = world().people
    groups = {group.handle for group in world().groups}
    assert len({person.handle for person in people}) == len(people)
    assert len({person.subject for person in people}) == len(people)
    assert len({person.line for person in people}) == len(people)
    for person in people:
        assert set(person.groups) <= groups
        assert not (person.kind == "guest" and person.groups)
        assert person.email.endswith(".example"), "no mail may go astray"
    assert groups <= {handle for person in people for handle in person.groups}, "a group without members"


def test_every_place_has_its_parent_before_it_and_all_four_audiences_are_there() -> None:
    known = {organisation.slug for organisation in world().organisations}
    for place in world().places:
        assert place.parent in known, place.path
        assert place.path not in known
        known.add(place.path)
        assert place.marking in MARKINGS
    spaces = [place for place in world().places if place.kind == "space"]
    assert {space.audience for space in spaces} == set(AUDIENCES)
    assert all(space.managers for space in spaces)


def test_grants_name_people_places_and_roles_that_exist_and_guests_have_an_end_and_a_sponsor() -> None:
    principals = {person.principal for person in world().people}
    paths = {place.path for place in world().places}
    handles = {person.handle for person in world().people}
    for grant in world().grants:
        assert grant.principal in principals
        assert grant.place in paths
        assert grant.role in ROLES
        if grant.principal.startswith("guest:"):
            assert grant.until
            assert grant.sponsor in handles


def test_there_are_two_hundred_documents_and_none_says_what_another_says() -> None:
    documents = world().documents
    assert len(documents) >= 200
    assert len({document.revisions[-1].body for document in documents if not document.file_name}) == sum(
        not document.file_name for document in documents
    )
    assert len({document.title for document in documents}) == len(documents)
    opening = Counter(document.revisions[-1].body[:40] for document in documents if not document.file_name)
    assert opening.most_common(1)[0][1] == 1, "sentences of one template"
    assert len({document.type for document in documents}) >= 10


def test_documents_are_of_real_length_lie_in_places_and_belong_to_people() -> None:
    paths = {place.path for place in world().places}
    handles = {person.handle for person in world().people}
    for document in world().documents:
        name = f"{document.place}/{document.key}"
        assert document.place in paths, name
        assert document.owner in handles, name
        assert document.marking in MARKINGS, name
        assert document.state in STATES, name
        for revision in document.revisions:
            assert revision.by in handles, name
            assert date(2024, 1, 1) <= revision.on <= date(2026, 12, 31), name
        days = [revision.on for revision in document.revisions]
        assert days == sorted(days), name
        if document.file_name:
            rows = list(csv.reader(io.StringIO(document.file.decode())))
            assert len({len(row) for row in rows}) == 1, name
            assert len(rows) > 4, name
        else:
            assert 55 <= len(document.revisions[-1].body.split()) <= 250, name


def test_every_space_has_something_in_it() -> None:
    filled = {document.place for document in world().documents}
    for place in world().places:
        assert any(path == place.path or path.startswith(f"{place.path}/") for path in filled), place.path


def test_markings_states_years_and_revisions_vary() -> None:
    documents = world().documents
    markings = Counter(document.marking for document in documents)
    assert all(markings[marking] >= 10 for marking in MARKINGS), markings
    assert {document.state for document in documents} == set(STATES)
    assert {document.revisions[0].on.year for document in documents} == {2024, 2025, 2026}
    assert sum(len(document.revisions) > 1 for document in documents) >= 6


def test_only_legal_has_written_the_code_word() -> None:
    """The story that a newcomer is shown: one word that only Leeds' lawyers find."""
    told = [d for d in world().documents if "KESTREL" in f"{d.title} {d.revisions} {d.file!r}".upper()]
    assert len(told) >= 3
    assert all(document.place.startswith("leeds/legal") for document in told)


@pytest.mark.parametrize(
    ("words", "organisations"),
    [("flood", 5), ("retrofit", 4), ("damp and mould", 4)],
)
def test_the_same_words_are_found_at_several_organisations_and_markings(words: str, organisations: int) -> None:
    found = [d for d in world().documents if words in f"{d.title}\n{d.revisions[-1].body}".lower()]
    assert len({document.organisation for document in found}) >= organisations
    assert len({document.marking for document in found}) == len(MARKINGS)


def test_policy_lines_name_groups_people_and_places_that_exist() -> None:
    paths = {place.path for place in world().places} | {organisation.slug for organisation in world().organisations}
    groups = {group.handle for group in world().groups} | {"platform/administrators"}
    slugs = {organisation.slug for organisation in world().organisations}
    for rule in rules():
        path = rule.where.removeprefix("people:")
        assert path == "*" or path in paths, rule
        assert rule.file == "platform.csv" or path.split("/")[0] == rule.scope, rule
        kind, _, name = rule.who.removeprefix("everyone-but:").partition(":")
        assert kind != "group" or name in groups, rule
        assert kind != "org" or name in slugs, rule


def test_the_demo_policies_can_be_read_by_somebody_in_a_minute() -> None:
    for name, text in world().policies.items():
        assert len(text.splitlines()) <= 26, name
        assert text.count("\n") == len(text.splitlines()), name
    assert all(rule.reason for rule in rules())


def test_the_default_policies_are_accepted_and_short() -> None:
    """A council's first policy file: eight lines, each with its reason."""
    folder = resources.files(default_policies)
    platform = read_rules(folder.joinpath("platform.csv").read_bytes(), file="platform.csv", scope="platform")
    assert {rule.effect for rule in platform if rule.who.startswith("everyone-but:")} == {"deny"}
    text = folder.joinpath("organisation.csv").read_text("utf-8").replace("SLUG", "selby")
    council = read_rules(text, file="organisations/selby.csv", scope="pselby")
    assert len(council) == 8
    assert {rule.where for rule in council} == {"selby", "people:selby"}
    assert all(rule.reason for rule in (*platform, *council))


def test_the_platforms_own_group_is_a_word_of_policy() -> None:
    try:
        assert read_who("group:platform/administrators", "allow") == "group:platform/administrators"
    except CellError as error:
        pytest.fail(str(error))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: x\n", "front matter"),
        ("---\ntitle: x\n---\nBody", "lacks"),
        ("---\ntitle: x\ncolour: red\n---\nBody", "colour"),
        ("---\ntitle: a\ntitle: b\n---\nBody", "title: b"),
    ],
)
def test_a_document_file_that_does_not_read_is_named(text: str, says: str) -> None:
    with pytest.raises(ContentError, match=re.escape(says)) as refused:
        parse_document("leeds/housing/x.md", text, {})
    assert "leeds/housing/x.md" in str(refused.value)
