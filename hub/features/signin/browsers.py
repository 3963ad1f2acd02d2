"""What a browser says of itself, in words that its person knows it by: “Firefox on Windows”. It proves nothing."""

from typing import Final

_PROGRAMS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
)
"""What stands in the header, the first that does: nearly all of them name those below them too."""
_SYSTEMS: Final = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)
UNKNOWN: Final = "A browser that does not say what it is"


def browser_in_words(header: str) -> str:
    """The program and the machine of a User-Agent header (RFC 9110, 10.1.5); never what it says letter by letter."""
    program = next((name for mark, name in _PROGRAMS if mark in header), "")
    system = next((name for mark, name in _SYSTEMS if mark in header), "")
    if not program:
        return f"A browser on {system}" if system else UNKNOWN
    return f"{program} on {system}" if system else program
