"""The load kit itself, in a town of a few streets: it asks for pages that are there, and takes no other for them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.mix import SHARES
from bench.profiled import UNBOUNDED, InProcess
from bench.town import Size, founded
from config.settings import Settings

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
