"""`python -m bench [NAME …]`: run the named measurements (`PARTS`, or all), print a table.

Exits with 1 when a bar is missed, so that a release can insist; the tests never do, since they do not time.
"""

import importlib
import sys

from bench.table import Row, print_table

PARTS = ("acl", "audience", "search", "pages", "texts", "twins")


def main(names: list[str]) -> int:
    """Run the parts and print their rows; 0 when every bar is met."""
    unknown = set(names) - set(PARTS)
    if unknown:
        print(f"There is no measurement {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in names or PARTS:
        print(f"Measuring {name} …", file=sys.stderr)
        rows += importlib.import_module(f"bench.{name}").main()
    print_table(rows)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
