"""`python -m bench [NAME …] [OPTIONS]`: run the named measurements (`PARTS`, or all), print a table.

Exits with 1 when a bar is missed, so that a release can insist; the tests never do, since they do not time.
"""

import importlib
import itertools
import sys

from bench.table import Row, print_table

PARTS = ("acl", "audience", "search", "pages", "load", "texts", "twins", "idle", "indexing", "scale", "talk", "digest")


def main(arguments: list[str]) -> int:
    """Run the parts and print their rows; 0 when every bar is met. `load` alone takes options, behind its name."""
    names = list(itertools.takewhile(lambda word: not word.startswith("-"), arguments))
    options = arguments[len(names) :]
    if options and names != ["load"]:
        print('Only load takes options: ARGS="load --help" lists them.', file=sys.stderr)
        return 2
    unknown = set(names) - set(PARTS)
    if unknown:
        print(f"There is no measurement {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in names or PARTS:
        print(f"Measuring {name} …", file=sys.stderr)
        rows += importlib.import_module(f"bench.{name}").main(*([options] if options else []))
    print_table(rows)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
