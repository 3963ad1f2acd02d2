"""Reads the demo's documents and policies from this package's files.

A document is `content/<place path>/<key>.md`: front matter between two lines of `---`, then the text. A later
revision begins at a line `+++ YYYY-MM-DD organisation/name Why it was revised` and holds the whole text again.
A datasheet is the same without text, its front matter naming the `file` beside it. A `format` (docx, odt, pdf, eml,
xlsx) says as what kind of file the text is to be stored; without one it is a page of the hub's own. With `fresh`, the
last revision is so many days old when the demo is made, so that there is always something new in it.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable

from hub.demo.formats import FORMATS
from hub.demo.world import DemoDocument, DemoRevision

_FIELDS = frozenset({"title", "type", "marking", "state", "owner", "date", "file", "format", "fresh"})
_NEEDED = _FIELDS - {"file", "format", "fresh"}


class ContentError(ValueError):
    """A demo file that does not read; the message begins with the file's name."""


def read_documents() -> tuple[DemoDocument, ...]:
    """Every document under `content/`, by place and key."""
    root = resources.files("hub.demo").joinpath("content")
    found = (parse_document(path, text, files) for path, text, files in _markdown(root, ""))
    return tuple(sorted(found, key=lambda document: (document.place, document.key)))


def read_policies() -> dict[str, str]:
    """Text of each policy file by its name, `platform.csv` first."""
    root = resources.files("hub.demo").joinpath("policies")
    found = {"platform.csv": root.joinpath("platform.csv").read_text("utf-8")}
    files = sorted(root.joinpath("organisations").iterdir(), key=lambda file: file.name)
    for file in files:
        found[f"organisations/{file.name}"] = file.read_text("utf-8")
    return found


def parse_document(path: str, text: str, files: Mapping[str, bytes]) -> DemoDocument:
    """A document from its path under `content/`, its text, and the files beside it. Raises ContentError."""
    place, _, name = path.rpartition("/")
    opening, front, body = _split_front(path, text)
    if opening:
        raise ContentError(f"{path}: text before the first line of ---")
    values = _front_matter(path, front)
    file_name = values.get("file", "")
    if file_name and file_name not in files:
        raise ContentError(f"{path}: names the file {file_name}, which is not beside it")
    kind = values.get("format", "")
    if kind and (kind not in FORMATS or (kind == "xlsx") != bool(file_name)):
        raise ContentError(f"{path}: the format {kind} is unknown, or not for this: xlsx is for tables, and only it")
    return DemoDocument(
        key=name.removesuffix(".md"),
        place=place,
        title=values["title"],
        type=values["type"],
        marking=values["marking"],
        state=values["state"],
        owner=values["owner"],
        revisions=tuple(_revisions(path, body, date.fromisoformat(values["date"]), values["owner"])),
        file_name=file_name,
        file=files.get(file_name, b""),
        format=kind,
        fresh=int(values.get("fresh", 0)),
    )


def _markdown(folder: Traversable, path: str) -> Iterator[tuple[str, str, dict[str, bytes]]]:
    entries = list(folder.iterdir())
    files = {entry.name: entry.read_bytes() for entry in entries if entry.is_file() and entry.name.endswith(".csv")}
    for entry in entries:
        inner = f"{path}/{entry.name}".removeprefix("/")
        if entry.is_dir():
            yield from _markdown(entry, inner)
        elif entry.name.endswith(".md"):
            yield inner, entry.read_text("utf-8"), files


def _split_front(path: str, text: str) -> tuple[str, str, str]:
    opening, first, rest = f"\n{text}".partition("\n---\n")
    front, second, body = rest.partition("\n---\n")
    if not (first and second):
        raise ContentError(f"{path}: front matter must stand between two lines of ---")
    return opening.strip(), front, body.strip()


def _front_matter(path: str, front: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in front.splitlines():
        key, colon, value = line.partition(": ")
        if not colon or key not in _FIELDS or key in values:
            raise ContentError(f"{path}: cannot use the line {line!r}")
        values[key] = value.strip()
    if missing := _NEEDED - values.keys():
        raise ContentError(f"{path}: lacks {', '.join(sorted(missing))}")
    return values


def _revisions(path: str, body: str, first: date, owner: str) -> Iterator[DemoRevision]:
    on, by, note, lines = first, owner, "", list[str]()
    for line in body.splitlines():
        if not line.startswith("+++ "):
            lines.append(line)
            continue
        yield DemoRevision(on, by, note, "\n".join(lines).strip() + "\n")
        day, _, rest = line.removeprefix("+++ ").partition(" ")
        by, _, note = rest.partition(" ")
        if not note:
            raise ContentError(f"{path}: a revision needs date, handle and reason: {line!r}")
        on, lines = date.fromisoformat(day), []
    yield DemoRevision(on, by, note, "\n".join(lines).strip() + "\n")
