"""Line icons for kinds of things, drawn for this project on a grid of 24; always beside a text."""

from typing import Final

from markupsafe import Markup

_PAGE: Final = '<path d="M6 2.5h8l5 5v14H6z"/><path d="M14 2.5v5h5"/>'
_TALK: Final = '<path d="M3 4.500h18v12h-10l-5 4v-4h-3z"/>'
_SHAPES: Final = {
    "text": _PAGE + '<path d="M9 12h7M9 15h7M9 18h4"/>',
    "pdf": _PAGE + '<path d="M9 18.5c2.5-2 3.5-5 3-8 .5 3.5 2 5.5 4.5 6-3-.3-5.5.5-7.5 2z"/>',
    "word": _PAGE + '<path d="M8.5 12l1.700 6.5 2.200-5 2.200 5 1.700-6.5"/>',
    "sheet": _PAGE + '<path d="M8.5 11.5h8v7h-8zM8.5 15h8M12.5 11.5v7"/>',
    "slides": _PAGE + '<path d="M8.5 11.5h8v5h-8zM12.5 16.5v2.5"/>',
    "image": _PAGE + '<path d="M9 18.5l2.5-4.5 2 3 1.5-2 2 3.5z"/>',
    "mail": '<path d="M2.5 5.5h19v13h-19z"/><path d="M3 6l9 7 9-7"/>',
    "folder": '<path d="M2.5 5.5h7l2 2.5h10v11h-19z"/>',
    "space": '<path d="M12 2.5l9 5-9 5-9-5z"/><path d="M3 12.5l9 5 9-5M3 16.5l9 5 9-5"/>',
    "organisation": '<path d="M3 9.5l9-6 9 6zM3.5 20.5h17M6.5 10v8M12 10v8M17.5 10v8"/>',
    "arrow": '<path d="M5 12h13M12.5 6l6 6-6 6"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "talk": _TALK,
    "question": _TALK + '<path d="M9.500 8.500c.5-2 4.500-2 4.500.5 0 1.700-2 1.700-2 3.200v.5"/>',
    "news": '<path d="M3 5.5h14v13H5a2 2 0 0 1-2-2zM17 9h4v7.5a2 2 0 0 1-4 0"/><path d="M6 9h8M6 12h8M6 15h5"/>',
    "idea": '<path d="M12 2.5a6.5 6.5 0 0 0-3.5 12V17h7v-2.5a6.5 6.5 0 0 0-3.5-12z"/><path d="M9.5 20.5h5"/>',
    "event": '<rect x="3.500" y="5" width="17" height="15" rx="1.500"/><path d="M3.500 10h17M8 3v4M16 3v4"/>',
    "bell": '<path d="M6.500 13.500V9a5.500 5.500 0 0 1 11 0v4.500l2 3.500h-15z"/><path d="M10 20a2 2 0 0 0 4 0"/>',
    "person": '<circle cx="12" cy="8" r="4.5"/><path d="M3.5 21c.5-4.5 4-7 8.5-7s8 2.5 8.5 7"/>',
}
_WORDS: Final = {
    "pdf": "pdf",
    "word": "word",
    "opendocument text": "word",
    "rich text": "word",
    "workbook": "sheet",
    "csv": "sheet",
    "outlook": "mail",
    "spreadsheet": "sheet",
    "presentation": "slides",
    "slides": "slides",
    "image": "image",
    "picture": "image",
    "mail": "mail",
    "folder": "folder",
    "space": "space",
    "organisation": "organisation",
    "person": "person",
    "bell": "bell",
    "question": "question",
    "talk": "talk",
    "discussion": "talk",
    "news": "news",
    "idea": "idea",
    "note": "talk",
    "event": "event",
    "conversation": "talk",
    "arrow": "arrow",
    "close": "close",
}
_DRAWN: Final = {
    name: Markup(  # noqa: S704 - constants of this module
        f'<svg class="hub-icon hub-icon--{name}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shape}</svg>'
    )
    for name, shape in _SHAPES.items()
}


def icon(kind: str) -> Markup:
    """The icon of a kind in words ("Word document", "folder"); a page with lines for kinds that have none."""
    lower = kind.lower()
    return _DRAWN[next((name for word, name in _WORDS.items() if word in lower), "text")]
