"""What is kept about people is told to them: no table that names people is left out."""

from sqlalchemy import Table

import hub.wiring  # all tables there are
from hub.features.conduct.privacy.records import RECORDS
from hub.ground.db import Base
from hub.nouns.organisations.models import Organisation
from tests import ROOT
from tests.hub.features.conduct.conftest import Desk
from tests.hub.world import World

assert hub.wiring.FEATURES
NAMES = frozenset({"actor", "address", "author", "by", "email", "owner", "principal", "subject", "who"})
"""Columns that hold somebody's handle, `who` word or address."""
NOBODY = {
    "former_paths": "holds addresses of places",
}
"""Tables with such a column that holds nobody."""


def names_people(table: Table) -> bool:
    """Whether a table has a column that is a person, or names one."""
    keys = {key.column.table.name for key in table.foreign_keys}
    named = any(column.name in NAMES or column.name.endswith("_by") for column in table.columns)
    return named or bool(keys & {"people", "profiles", "posts"})


def test_every_table_that_names_people_is_told_of() -> None:
    """Add what it keeps, for what and how long to hub/features/conduct/privacy/records.py, then run `make docs`."""
    tables = Base.metadata.tables
    told = [name for record in RECORDS for name in record.tables]
    assert sorted(told) == sorted(set(told))
    assert set(told) - set(tables) == set()
    naming = {name for name, table in tables.items() if names_people(table)}
    assert naming - set(told) - set(NOBODY) == set()


def test_a_table_with_a_person_is_noticed() -> None:
    tables = Base.metadata.tables
    assert all(names_people(tables[name]) for name in ("people", "posts", "thanks", "grants", "audit_entries"))
    assert not names_people(tables["services"])


def test_the_assessment_says_each_table_and_where_they_are_listed() -> None:
    page = (ROOT / "docs" / "operate" / "dpia.md").read_text("utf-8")
    listed = (ROOT / "docs" / "reference" / "personal-data.md").read_text("utf-8")
    assert "../reference/personal-data.md" in page
    assert [name for record in RECORDS for name in record.tables if f"`{name}`" not in listed] == []


def test_a_stranger_reads_the_privacy_notice_and_ann_whom_to_write_to(town: World) -> None:
    assert "The organisation through which you sign in decides" in Desk(town, "").see("/privacy")
    with town.work() as uow:
        ann = town._person(uow, "leeds/ann")
        uow.session.get_one(Organisation, ann.organisation_id).contact = "dpo@leeds.example"
    page = Desk(town, "leeds/ann").see("/privacy")
    assert "Leeds City Council decides what its people do here" in page
    assert "dpo@leeds.example" in page
    for record in RECORDS:
        assert record.what in page
