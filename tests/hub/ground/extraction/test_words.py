"""Whatever a library trips over, the person who stored the file reads a sentence, and no program's words."""

import random
import re
from pathlib import Path

from hub.ground.extraction.outcome import Limits
from hub.ground.extraction.read import read
from tests import shared_data


def test_a_file_that_a_library_trips_over_is_called_damaged_with_what_to_do(tmp_path: Path) -> None:
    """A presentation with thirty bytes of it changed, as by a bad disk."""
    name = "Single_Coloured_Page_With_Fonts_and_Alignments.ppt"
    content = bytearray(shared_data("office", "poi", "slideshow", name).read_bytes())
    places = random.Random(6)
    for _ in range(30):
        content[places.randrange(8, len(content))] = places.randrange(256)
    (tmp_path / name).write_bytes(content)
    found = read(tmp_path / name, name, Limits())
    assert found.status == "unreadable"
    assert found.reason == "it is cut off or damaged. Open it in PowerPoint, save it again, and upload that"
    assert not re.search(r"Error|Exception|object|\(", found.reason)
