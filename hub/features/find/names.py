"""Names of places that are told apart."""

from collections import Counter
from collections.abc import Mapping


def told_apart(places: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """What to call places that stand in one list: path -> text, from path -> (name, name of the organisation or empty).

    Those of one name have their organisation added, or where that does not tell them apart their path.
    """
    names = Counter(name for name, _ in places.values())
    fuller = Counter(places.values())
    texts = {}
    for path, (name, organisation) in places.items():
        more = organisation if organisation and fuller[name, organisation] == 1 else path
        texts[path] = name if names[name] == 1 else f"{name} ({more})"
    return texts
