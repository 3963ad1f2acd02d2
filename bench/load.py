"""Many people at once: what the hub bears, what a request costs, and how long people wait. See docs/operate/load.md."""

import argparse
from collections.abc import Sequence

from bench.mix import SHARES
from bench.profiled import profile
from bench.table import Row
from bench.town import LARGE, SMALL


def main(options: Sequence[str] = ()) -> list[Row]:
    """Do what the options ask for; returns the rows of the table."""
    asked = _options(options)
    size = LARGE if asked.large else SMALL
    if asked.profile is not None:
        profile(size, asked.profile)
    return []


def _options(options: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=load", description=__doc__)
    parser.add_argument("--large", action="store_true", help="200,000 documents, 50,000 people, 100,000 rules")
    parser.add_argument(
        "--profile",
        nargs="*",
        metavar="KIND",
        choices=tuple(SHARES),
        help=f"where the time goes, in one process: of the whole mix, or of {', '.join(SHARES)}",
    )
    return parser.parse_args(options)
