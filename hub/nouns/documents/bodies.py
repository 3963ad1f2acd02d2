"""Documents as the search index holds them: the text of the current revision, and nothing else that they say."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.nouns.documents.models import Document, FileText, Revision
from hub.nouns.talk.queries import length_of, said_about
from search.entry import BELOW

_CURRENT = (
    select(Document.id, Revision.body, func.coalesce(FileText.text, ""), Revision.file_name)
    .join(Revision, (Revision.document_id == Document.id) & (Revision.number == Document.number))
    .outerjoin(
        FileText,
        (FileText.document_id == Revision.document_id) & (FileText.number == Revision.number) & FileText.readable,
    )
)
_SIZE = func.length(Revision.body) + func.coalesce(func.length(FileText.text), 0)


def bodies_of(session: Session, documents: Mapping[str, Document]) -> dict[str, str]:
    """The words of each document's current revision, and of what was said about it, by id. `sizes_of` bounds them."""
    rows = session.execute(_CURRENT.where(Document.id.in_(documents.keys())))
    said = said_about(session, [document.node for document in documents.values()])
    return {
        own: (without_marks(body) if body else with_head_last(text, name)) + _below(said.get(documents[own].node, ""))
        for own, body, text, name in rows
    }


def sizes_of(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """How many characters the texts of documents have: id -> length. So that nobody loads too many at once."""
    rows = session.execute(_CURRENT.with_only_columns(Document.id, _SIZE).where(Document.id.in_(ids)))
    said = length_of(session, [f"doc:{own}" for own in ids])
    return {own: size + said.get(f"doc:{own}", 0) for own, size in rows}


def _below(comments: str) -> str:
    """Comments, by which a document is found, and which are no part of what it says."""
    return "".join(f"\n{BELOW} {line}" for line in without_marks(comments).splitlines() if line.strip())


_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_MARKS = (
    ("[", _LINK, r"\1"),  # links and pictures: their words
    ("[", _LINK, r"\1"),  # pictures that are links
    ("#>-*+|", re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+]|\|)[ \t]+", re.MULTILINE), ""),  # what a line begins with
    ("-", re.compile(r"^(?=[^\n]*---)[ \t|:-]+$", re.MULTILINE), ""),  # rules, heads of tables
    ("|", re.compile(r"\|"), " "),  # cells
    ("*_`~", re.compile(r"\*{1,3}|_{2,3}|`+|~~"), ""),
)
"""Letters without which there is no such mark, the mark, and what stays of it.

None of them looks at a character more than a few times, whatever the text: the worker goes through all of them.
"""
_HEAD = re.compile(r"(?:(?:Subject|From|To|Cc|Date): [^\n]*\n)+")
"""How the readers of mail begin (`hub/ground/extraction/readers/mail.py`)."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def without_marks(markdown: str) -> str:
    """Markdown as words alone, for matching and for snippets: no more than that, since templates escape it."""
    for letters, pattern, kept in _MARKS:
        if any(letter in markdown for letter in letters):
            markdown = pattern.sub(kept, markdown)
    return markdown


def with_head_last(text: str, name: str) -> str:
    """The text of a file with what it is found by but nobody reads first at the end: the head of a mail, its name.

    A name is there as it is and by its words, so that “plan” finds `FloodPlan_v2.docx`.
    """
    head = found[0] if (found := _HEAD.match(text)) else ""
    last = "\n".join(filter(None, (head.strip(), name, _HUMP.sub(" ", name))))
    return "\n".join((text[len(head) :].strip(), *(f"{BELOW} {line}" for line in last.splitlines()))).lstrip("\n")
