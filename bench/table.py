"""The table of measurements."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement: what, the figure as text, the bar as text, whether it is met."""

    name: str
    measured: str
    bar: str
    met: bool


def print_table(rows: list[Row]) -> None:
    """Print the rows in columns."""
    wide = max((len(r.name) for r in rows), default=0)
    for row in rows:
        print(f"{row.name:<{wide}}  {row.measured:>24}  {row.bar:>24}  {'met' if row.met else 'MISSED'}")
