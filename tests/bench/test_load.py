"""The load kit itself, in a town of a few streets: it asks for pages that are there, and takes no other for them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bench.mix import SHARES
from bench.profiled import UNBOUNDED, InProcess
from bench.serving import closed, serving, settings_for
from bench.town import Size, founded
from config.settings import Settings
from hub.app import build_parts
from hub.nouns.documents.models import Revision

HAMLET = Size(
    documents=300, people=12, rules=9, organisations=3, spaces_each=3, lookers=4, grants=7, crowded=40, members=5
)


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    settings = Settings(data=tmp_path_factory.mktemp("hamlet") / "data", searches_a_minute=UNBOUNDED)
    parts = founded(settings, HAMLET)
    yield InProcess(settings, parts, HAMLET, warm=0)
    parts.engine.close()
    parts.database.close()


def test_everybody_of_the_mix_gets_the_pages_that_they_ask_for(hamlet: InProcess) -> None:
    """Each kind comes in its share, and pages that are measured by themselves are there too."""
    pages = list(hamlet.mix.pages(200))
    for page in [*pages[:60], *hamlet.mix.apart.values()]:
        hamlet.get(page)
    assert {page.kind for page in pages} == set(SHARES)
    assert {page.who for page in pages} == set(range(HAMLET.lookers))


def test_another_page_is_not_taken_for_the_right_one(hamlet: InProcess) -> None:
    home = hamlet.mix.apart["home"]
    for wrong in (replace(home, address="/places/nowhere"), replace(home, address="/spaces")):
        with pytest.raises(RuntimeError, match=wrong.address):
            hamlet.get(wrong)


@pytest.mark.long
def test_people_drive_a_real_hub_and_what_they_save_is_there(tmp_path: Path) -> None:
    """By sockets, from a process of its own: each answer is looked at, and each part of the hub has its cost."""
    settings = settings_for(data=tmp_path / "data")
    parts = founded(settings, HAMLET)
    parts.engine.close()
    parts.database.close()
    town = closed(settings, HAMLET, {})
    pages = [town.asked(page) for page in town.mix.pages(60)]
    forms = [town.asked(form) for form in town.mix.forms(6)]
    with serving(town, 1) as served:
        seen = served.drive([*forms, *pages], 4.0, rate=15)
        assert seen.faults == {}
        assert set(seen.seconds) == {*SHARES, "save", "upload"}
        assert seen.cost("web") > seen.cost("worker") > 0
        own, held, alone = served.memory()
        assert 10 < own < 1000, "with what it shares with the process that began it, whole"
        assert 10 < alone <= held < 1000
        wrong = served.drive([{**pages[0], "expects": "what nobody wrote"}], 0.5, clients=2)
        assert set(wrong.faults) == {f"{pages[0]['kind']}: another page"}
    parts = build_parts(settings)
    with parts.database.reading() as session:
        bodies = set(session.scalars(select(Revision.body)))
    parts.engine.close()
    parts.database.close()
    saved = [kept["fields"]["body"] for kept in seen.kept if "body" in kept["fields"]]
    assert saved
    assert set(saved) <= bodies
