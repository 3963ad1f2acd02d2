"""Make the table of words that comes with the hub: `python tools/rarity.py FOLDER... > search/shipped.txt`.

Each paragraph of the Markdown and text files in the folders is a text. Give only folders whose texts may be
redistributed; the head of the table says what it was made of.
"""

import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from search.rarity import LONGEST, words_of

HEAD = """\
# How many paragraphs, and in how many of them each English stem stands (Porter 2, as in search/stems.py).
# Counted in the Government Service Design Manual (Crown copyright; contains public sector information licensed under
# the Open Government Licence v2.0) and in the hub's own guides and demo texts (MIT). Made by tools/rarity.py."""
FEWEST_WORDS, FEWEST_TEXTS = 5, 2


def main(folders: list[str]) -> None:
    """Print the table."""
    texts, counts = 0, Counter[str]()
    paths = sorted(p for folder in folders for p in Path(folder).rglob("*") if p.suffix in {".md", ".txt"})
    for path in paths:
        for paragraph in re.split(r"\n\s*\n", path.read_text("utf-8", "replace")):
            words = words_of("", paragraph)
            if len(words) >= FEWEST_WORDS:
                texts += 1
                counts.update(words)
    print(HEAD)
    print(texts)
    for stem, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if number >= FEWEST_TEXTS and len(stem) <= LONGEST and stem.isascii() and stem.isalpha():
            print(stem, number)


if __name__ == "__main__":
    main(sys.argv[1:])
