"""One reader of files for a whole module: its child stays warm, as it does in the hub."""

from collections.abc import Iterator

import pytest

from hub.ground.extraction import Extractor


@pytest.fixture(scope="module")
def reader() -> Iterator[Extractor]:
    with Extractor() as extractor:
        yield extractor
