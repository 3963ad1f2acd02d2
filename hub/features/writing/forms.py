"""What a person sends when they edit a document."""

from dataclasses import dataclass, replace

from werkzeug.datastructures import FileStorage, MultiDict

from hub.nouns.documents.forms import lines_of
from hub.nouns.documents.service import LONGEST_BODY, LONGEST_TITLE
from hub.web.fields import number_in
from hub.web.pages import Problem

LONGEST_NOTE = 500


@dataclass(frozen=True)
class EditForm:
    """The fields as they came, and what is wrong with them."""

    name: str
    body: str
    note: str
    based_on: int
    file: FileStorage | None
    preview: bool
    problems: tuple[Problem, ...] = ()


def read_form(fields: MultiDict[str, str], files: MultiDict[str, FileStorage], *, as_text: bool) -> EditForm:
    """Read the edit form of a text, or of a file (which may stay as it is)."""
    file = files.get("file")
    form = EditForm(
        name=fields.get("name", "").strip(),
        body=lines_of(fields.get("body", "")) if as_text else "",
        note=fields.get("note", "").strip(),
        based_on=number_in(fields.get("based_on")) or 0,
        file=file if file is not None and file.filename and not as_text else None,
        preview=as_text and fields.get("do") == "preview",
    )
    return form if form.preview else replace(form, problems=tuple(_problems(form, as_text=as_text)))


def _problems(form: EditForm, *, as_text: bool) -> list[Problem]:
    found = []
    if not form.name:
        found.append(Problem("name", "Enter a title"))
    if len(form.name) > LONGEST_TITLE:
        found.append(Problem("name", f"The title must be {LONGEST_TITLE} characters or fewer"))
    if as_text and not form.body.strip():
        found.append(Problem("body", "Write the text of the document, or withdraw the document"))
    if len(form.body) > LONGEST_BODY:
        found.append(Problem("body", "The text must be 1,000,000 characters or fewer"))
    if len(form.note) > LONGEST_NOTE:
        found.append(Problem("note", f"What is new must be {LONGEST_NOTE} characters or fewer"))
    return found
