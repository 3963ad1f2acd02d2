"""Use cases of documents. Who may is decided by the caller's gate before; what is written is written here."""

from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from acl.visibility import joined
from acl.vocabulary import MARKINGS, STATES
from hub.access.models import Place
from hub.access.places import fence
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.models import MARKDOWN, Document, FileText, Revision
from hub.nouns.documents.queries import text_of
from hub.nouns.documents.texts import EXTRACT, ReadText, write_text
from hub.nouns.people.service import end_grants_on
from hub.nouns.spaces.models import PutAway
from hub.nouns.spaces.pins import forget_pins
from hub.nouns.talk.service import forget_talk, tell_of_published
from hub.web.markdown.weight import MOST_CHARACTERS, check_weight

UNKNOWN_TYPE = "other"
LONGEST_TITLE = 300
LONGEST_BODY = MOST_CHARACTERS


@dataclass(frozen=True)
class StoredUpload:
    """A file that is in the store already."""

    hash: str
    name: str
    size: int
    type: str = UNKNOWN_TYPE
    """What kind of file it is; told from its content by whoever reads its text, a moment later."""
    read: ReadText | None = None
    """What whoever files it has read out of this very file. None: the worker reads it, whatever others have stored."""


@dataclass(frozen=True)
class NewDocument:
    """What a person says of a new document; either `body` (Markdown) or `file`."""

    title: str
    marking: str
    state: str
    owner: str
    """`who` word of the owner; of a revision, of its author."""
    body: str = ""
    file: StoredUpload | None = None
    note: str = ""
    source: str | None = None
    id: str = ""
    """What the document is to be known by; a new id where nothing is said."""


def add_document(uow: UnitOfWork, place: Place, new: NewDocument) -> Document:
    """Add a document with its first revision; raises Invalid for a bad title, marking, state or place."""
    _check(new, place)
    document = Document(
        id=new.id or new_id(),
        place_id=place.id,
        organisation_id=place.organisation_id or "",
        title=new.title.strip(),
        type=new.file.type if new.file else MARKDOWN,
        marking=new.marking,
        state=new.state,
        ms=joined(new.marking, new.state),
        owner=new.owner,
        number=1,
        source=new.source,
        created_at=uow.now,
        changed_at=uow.now,
        published_at=None if new.state == "draft" else uow.now,
    )
    uow.session.add(document)
    uow.session.flush()
    _add_revision(uow, document, new)
    if new.state == "published":
        tell_of_published(uow, f"doc:{document.id}", document.place_id)
    uow.record("document:add", f"doc:{document.id}", document.organisation_id)
    return document


def revise_document(uow: UnitOfWork, document: Document, based_on: int, new: NewDocument) -> Document:
    """Add a revision to a document that is locked; raises Conflict when one came since the one it is based on.

    Raises Invalid for a bad title or text.
    """
    _check_content(new)
    if document.number != based_on:
        raise Conflict(
            f"Revision {document.number} was saved after you opened revision {based_on}. "
            "Compare the two and save again."
        )
    document.number += 1
    document.title = new.title.strip()
    document.type = new.file.type if new.file else MARKDOWN
    document.changed_at = uow.now
    _add_revision(uow, document, new)
    uow.record("document:revise", f"doc:{document.id}", document.organisation_id, f"revision {document.number}")
    return document


def bring_back(uow: UnitOfWork, document: Document, number: int, based_on: int, author: str) -> Document:
    """Make an older revision the current one again, as a new revision; raises as `revise_document`, and NotFound."""
    older = uow.session.get(Revision, (document.id, number))
    if older is None:
        raise NotFound
    file = file_of(uow.session, older)
    note = f"Revision {number} brought back"
    new = NewDocument(older.title, document.marking, document.state, author, body=older.body, file=file, note=note)
    return revise_document(uow, document, based_on, new)


def file_of(session: Session, revision: Revision) -> StoredUpload | None:
    """The file of a revision, for another revision of the same document, with what was read out of it."""
    if not revision.file_hash:
        return None
    upload = StoredUpload(revision.file_hash, revision.file_name, revision.file_size)
    kept = text_of(session, revision)
    if kept is None or not kept.kind:
        return upload
    read = ReadText(kept.kind, kept.readable, kept.text, kept.reason, kept.cut, kept.hidden, kept.author or "")
    return replace(upload, type=kept.kind, read=read)


def set_marking_and_state(uow: UnitOfWork, document: Document, marking: str, state: str, *, alone: bool = True) -> None:
    """Change what a document is marked and where it stands. A change that may tighten is fenced at once.

    `alone` says that it is not put away or restored together with its place: what somebody withdrew by itself, the
    restoring of a place that was put away before does not bring back.
    """
    if marking not in MARKINGS or state not in STATES:
        raise Invalid("Choose one of the markings and states that are offered.")
    before = document.ms
    if alone and state != document.state:
        uow.session.execute(delete(PutAway).where(PutAway.node == f"doc:{document.id}"))
    document.marking, document.state, document.ms = marking, state, joined(marking, state)
    if state != "draft" and document.published_at is None:
        document.published_at = uow.now
        if state == "published":
            tell_of_published(uow, f"doc:{document.id}", document.place_id)
    document.changed_at = uow.now
    message = uow.enqueue(f"doc:{document.id}")
    if document.ms != before:
        fence(uow, f"doc:{document.id}", message)
    uow.record("document:mark", f"doc:{document.id}", document.organisation_id, f"{before} to {document.ms}")


def move_document(uow: UnitOfWork, document: Document, place: Place) -> None:
    """Put a document into another place. It is fenced until the index knows where it lies.

    Of another organisation: what was given on the document ends, since grants are of the organisation that owns it.
    """
    owner = place.organisation_id or ""
    if owner != document.organisation_id:
        end_grants_on(uow, f"doc:{document.id}")
        uow.record("document:leave", f"doc:{document.id}", document.organisation_id, f"to {place.path}")
    same = select(Document.id).where(Document.place_id == place.id, Document.source == document.source)
    if document.source and uow.session.scalar(same.where(Document.id != document.id)):
        document.source = None  # a repeated import of that place knows another document by it
    document.place_id = place.id
    document.organisation_id = owner
    message = uow.enqueue(f"doc:{document.id}")
    fence(uow, f"doc:{document.id}", message)
    uow.record("document:move", f"doc:{document.id}", document.organisation_id, f"to {place.path}")


def delete_draft(uow: UnitOfWork, document: Document) -> None:
    """Delete a draft that never was published, with its revisions, for good; raises Conflict for any other document.

    What was once published is kept: it can be withdrawn. Stored files stay, since other revisions may have the same.
    """
    if document.state != "draft" or document.published_at is not None:
        raise Conflict("This was published once, so it is kept. Withdraw it instead.")
    node = f"doc:{document.id}"
    end_grants_on(uow, node)
    forget_talk(uow, node)
    uow.session.execute(delete(PutAway).where(PutAway.node == node))
    forget_pins(uow, node=node)
    uow.session.execute(delete(FileText).where(FileText.document_id == document.id))
    uow.session.execute(delete(Revision).where(Revision.document_id == document.id))
    uow.record("document:delete", node, document.organisation_id)
    uow.session.delete(document)
    uow.session.flush()
    fence(uow, node, uow.enqueue(node))


def _add_revision(uow: UnitOfWork, document: Document, new: NewDocument) -> None:
    file = new.file
    uow.session.add(
        Revision(
            document_id=document.id,
            number=document.number,
            title=document.title,
            body=new.body.replace("\x00", "") if not file else "",
            file_hash=file.hash if file else "",
            file_name=file.name[:LONGEST_TITLE] if file else "",
            file_size=file.size if file else 0,
            author=new.owner,
            note=new.note[:500],
            created_at=uow.now,
        )
    )
    uow.session.flush()
    uow.enqueue(f"doc:{document.id}")
    if file and file.read:
        write_text(uow, document.id, document.number, file.read)
    elif file:
        uow.enqueue(f"revision:{document.id}/{document.number}", topic=EXTRACT)


def _check(new: NewDocument, place: Place) -> None:
    if place.kind not in {"space", "folder"}:
        raise Invalid("Documents lie in spaces and folders. Choose one.")
    _check_content(new)
    if new.marking not in MARKINGS:
        raise Invalid("Select a marking", "marking")
    if new.state not in STATES:
        raise Invalid("Select whether to publish it or keep it as a draft", "state")


def _check_content(new: NewDocument) -> None:
    if not new.title.strip():
        raise Invalid("Enter a title", "name")
    if len(new.title.strip()) > LONGEST_TITLE:
        raise Invalid(f"The title must be {LONGEST_TITLE} characters or fewer", "name")
    if not new.file and not new.body.strip():
        raise Invalid("Write something, or upload a file", "body")
    check_weight(new.body)
