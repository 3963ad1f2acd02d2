"""Things and people, counted, as people read them."""

from collections.abc import Iterable


def people_in_words(staff: int, organisations: int, guests: int, others: Iterable[str] = ()) -> str:
    """People counted, and others called: "312 people in 3 organisations, staff of York City Council and 2 guests"."""
    said = []
    if staff:
        said.append(
            f"{counted(staff, 'person', 'people')} in {counted(organisations, 'organisation', 'organisations')}"
        )
    said += others
    if guests:
        said.append(counted(guests, "guest", "guests"))
    return " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said) or "nobody"


def counted(count: int, one: str, more: str) -> str:
    """A number and its noun: "1 person", "1,204 people"."""
    return f"{count:,} {one if count == 1 else more}"
