"""What a person sends when they add a document."""

from dataclasses import dataclass, replace

from werkzeug.datastructures import FileStorage, MultiDict

from acl.vocabulary import MARKINGS
from hub.nouns.documents.service import LONGEST_TITLE
from hub.web.pages import Choice, Problem

MARKING_HINTS = {
    "PUBLIC": "Anybody may know it",
    "OFFICIAL": "Everyday work; most documents",
    "OFFICIAL-SENSITIVE": "Harm may come of it in the wrong hands",
}
MARKING_CHOICES = tuple(Choice(m, m, MARKING_HINTS.get(m, "")) for m in MARKINGS)
STATE_CHOICES = (
    Choice("published", "Publish it", "You are first told how many people that shows it to, and who they are"),
    Choice("draft", "Keep it as a draft", "Only you, and those who may edit here, will see it"),
)


@dataclass(frozen=True)
class DocumentForm:
    """The fields as they came, and what is wrong with them."""

    name: str
    marking: str
    state: str
    note: str
    body: str
    as_text: bool
    file: FileStorage | None
    preview: bool
    """It is only to be shown, not saved."""
    problems: tuple[Problem, ...]
    several: tuple[FileStorage, ...] = ()
    """Where more than one file was sent, all of them: each becomes a document of its own name."""


def read_form(
    fields: MultiDict[str, str], files: MultiDict[str, FileStorage], *, one_by_one: bool = False
) -> DocumentForm:
    """Read the upload form. `as_text` when it was sent with a body instead of a file.

    `one_by_one` says that this file is one of several, which are sent after one another.
    """
    sent = tuple(file for file in files.getlist("file") if file.filename)
    as_text = "body" in fields
    form = DocumentForm(
        name=fields.get("name", "").strip(),
        marking=fields.get("marking", ""),
        state=fields.get("state", "draft" if as_text else ""),
        note=fields.get("note", "").strip(),
        body=lines_of(fields.get("body", "")),
        as_text=as_text,
        file=sent[0] if sent else None,
        several=sent if sent[1:] or (sent and one_by_one) else (),
        preview=as_text and fields.get("do") == "preview",
        problems=(),
    )
    return form if form.preview else replace(form, problems=tuple(_problems(form)))


def lines_of(text: str) -> str:
    """A text as a browser sends it, with the line ends that the hub keeps."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _problems(form: DocumentForm) -> list[Problem]:
    found = []
    if form.as_text and not form.body.strip():
        found.append(Problem("body", "Write the text of the document"))
    if not form.as_text and form.file is None:
        found.append(Problem("file", "Choose a file"))
    if form.as_text and not form.name:
        found.append(Problem("name", "Enter a title"))
    if len(form.name) > LONGEST_TITLE:
        found.append(Problem("name", f"The title must be {LONGEST_TITLE} characters or fewer"))
    if form.marking not in MARKINGS:
        found.append(Problem("marking", "Select a marking"))
    if form.state not in {c.value for c in STATE_CHOICES}:
        found.append(Problem("state", "Select whether to publish it or keep it as a draft"))
    return found
