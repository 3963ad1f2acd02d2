"""Examples of the pages of making and sharing."""

from dataclasses import replace
from datetime import date
from typing import Final

from hub.audience.pages import ConfirmPage, Crowded, Gain, Listed, Named, SurePage
from hub.features.sharing.forms import AUDIENCE_CHOICES, USUAL, VOICES_CHOICES
from hub.features.sharing.pages import (
    AddMemberPage,
    AudiencePage,
    InsiderRow,
    InvitationRow,
    InvitedRow,
    InvitePage,
    MemberRow,
    MembersPage,
    MovePage,
    MyInvitationsPage,
    NewPlacePage,
    Offer,
    ReaderList,
    ReaderRow,
    SettingsPage,
    ShareDocumentPage,
    WhoPage,
)
from hub.nouns.documents.forms import MARKING_CHOICES
from hub.nouns.people.forms import ROLE_CHOICES
from hub.web.pages import Action, Choice, Page, Problem, Send, Who
from hub.web.paging import page_links
from tests.factories.page_values import FLOOD, HOUSING, LEEDS, LONG_WORD, NOW, WHOSE

CRUMBS: Final = (LEEDS, HOUSING, FLOOD)
PLACE: Final = "p4k9x2m7qa"
NEW: Final = NewPlacePage(
    title="Make a space",
    crumbs=CRUMBS,
    whose=WHOSE,
    kind="space",
    parent="Housing",
    parent_href="/places/leeds/housing",
    action=f"/make/{PLACE}",
    audiences=AUDIENCE_CHOICES,
    markings=MARKING_CHOICES,
    name="<Joint> flood plan",
    slug="joint-flood-plan",
    audience="restricted",
    writers=(USUAL, *VOICES_CHOICES),
    marking="OFFICIAL",
    services=(Choice("housing", "Housing"), Choice("long", LONG_WORD)),
    chosen=("housing", "", ""),
)
SETTINGS: Final = SettingsPage(
    title="Settings of “Flood plan”",
    crumbs=CRUMBS,
    whose=WHOSE,
    kind="space",
    action=f"/settings/{PLACE}",
    cancel_href="/places/leeds/housing/flood-plan",
    move_href=f"/move/{PLACE}",
    name=LONG_WORD,
    about="Joint plan of Leeds and York.",
    audience="private",
    audiences=AUDIENCE_CHOICES,
    voices="staff",
    writers=VOICES_CHOICES,
    said=("While it is not open, only those whom membership or policy lets write in it.",),
    marking="OFFICIAL",
    markings=MARKING_CHOICES,
    services=(Choice("housing", "Housing"), Choice("long", LONG_WORD)),
    chosen=("housing", "", ""),
    state="archived",
    steps=(Action("Withdraw it", f"/state/{PLACE}/withdraw"), Action("Restore it", f"/state/{PLACE}/restore")),
    delete_href=f"/delete/{PLACE}",
)
REMOVE: Final = Send("Remove", f"/members/{PLACE}/remove", (("grant", "g4k9x2m7qa"),), "link")
CALL_BACK: Final = Send("Call back", f"/members/{PLACE}/invitations/i4k9x2m7qaaa/call-back", (), "link")
ACCEPT: Final = Send("Accept", "/invitations/i4k9x2m7qaaa/accept", (), "primary")
DECLINE: Final = Send("Decline", "/invitations/i4k9x2m7qaaa/decline", (), "link")
INVITE: Final = InvitePage(
    title="Invite a colleague by e-mail",
    crumbs=CRUMBS,
    whose=WHOSE,
    action=f"/members/{PLACE}/invite",
    cancel_href=f"/members/{PLACE}",
    lasts=30,
    email="bo@york.example",
    roles=ROLE_CHOICES,
    role="reader",
    reason=LONG_WORD,
)
MEMBERS: Final = MembersPage(
    title="Members of “Flood plan”",
    crumbs=CRUMBS,
    whose=WHOSE,
    place_href="/places/leeds/housing/flood-plan",
    audience_href=f"/audience/place/{PLACE}",
    members=(
        MemberRow("Sam Okafor", "/people/leeds/sam-okafor", "person", "manager", "Bo of York", date(2026, 10, 1),
                  None, False, "They made this space", "", REMOVE, f"/members/{PLACE}/add?who=person%3Aleeds%2Fsam",
                  LONG_WORD),
    ),
    over=(
        MemberRow("Maria Lopez", "", "guest", "reader", "Sam Okafor", date(2026, 10, 1), date(2026, 10, 2), True,
                  f"Contract {LONG_WORD}", "up to OFFICIAL, published", REMOVE, f"/members/{PLACE}/add?who=guest"),
    ),
    links=page_links(2, 50, 2031, lambda number: f"/members/{PLACE}?q=sam&page={number}"),
    query="sam",
    filtered=True,
    total_over=312,
    action=f"/members/{PLACE}",
    find="York",
    offers=(Offer("Everyone at City of York Council", "york", "organisation", f"/members/{PLACE}/add?who=org%3Ayork"),),
)  # fmt: skip
SHARE: Final = ShareDocumentPage(
    title=f"Share “{LONG_WORD}”",
    crumbs=CRUMBS,
    whose=WHOSE,
    document_href="/documents/d000000001",
    audience_href="/audience/document/d000000001",
    given=MEMBERS.members,
    links=page_links(1, 50, 1, str),
    over=MEMBERS.over,
    action="/share/document/d000000001",
    find="York",
    offers=MEMBERS.offers,
)
WHO: Final = WhoPage(
    title="Who is in “Flood plan”",
    crumbs=CRUMBS,
    whose=WHOSE,
    place_href="/places/leeds/housing/flood-plan",
    rows=(
        InsiderRow(Who("Sam Okafor", "Leeds City Council", "/people/leeds/sam-okafor"), "Manages it"),
        InsiderRow(Who("Everyone at City of York Council"), "Can read", date(2027, 3, 31)),
        InsiderRow(Who(f"Maria {LONG_WORD}", "Acme Drainage Limited"), "Can edit", date(2026, 12, 31), guest=True),
    ),
    links=page_links(2, 50, 2031, lambda number: f"/who-is-in/{PLACE}?page={number}"),
    by_policy=(InsiderRow(Who("The group Housing team", "Leeds City Council"), "Can edit"),),
)
ADD: Final = AddMemberPage(
    title="Add everyone at City of York Council",
    crumbs=CRUMBS,
    whose=WHOSE,
    action=f"/members/{PLACE}/add",
    cancel_href=f"/members/{PLACE}",
    who="org:york",
    name="Everyone at City of York Council",
    kind="organisation",
    roles=ROLE_CHOICES,
    role="reader",
    until="2027-03-31",
    needs_reason=True,
)
GAIN: Final = Gain(
    sentence="This shows 14 documents to 312 people in 3 organisations and 2 guests.",
    more="This shows the name and description of 2 spaces and folders to 312 people in 3 organisations.",
    organisations=(Crowded("City of York Council", 310), Crowded("Guests", 2)),
    people=(Named("Bo <Ek>", "/people/york/bo", "of City of York Council"),),
    hidden_people=49,
    things=(Listed("Documents", (Named(LONG_WORD, "/documents/d000000001", "OFFICIAL"),)),),
    turns=(Send("More names", f"/members/{PLACE}/add", (("turn", "2"),), "link"),),
    first=1,
    last=50,
)
LOSS: Final = replace(
    GAIN,
    sentence="This takes 14 documents from 27 people in 1 organisation and 1 guest.",
    more="This hides the name and description of 1 space or folder from 1 guest.",
)
CONFIRM: Final = ConfirmPage(
    title="Share “Flood plan” with everyone at City of York Council?",
    crumbs=CRUMBS,
    whose=WHOSE,
    gain=GAIN,
    heard=replace(GAIN, sentence="This lets 312 people in 3 organisations write in it.", more="", things=()),
    silenced=replace(GAIN, sentence="This stops 2 guests from writing in it.", more="", things=()),
    notes=(f"It will belong to {LONG_WORD}.",),
    send=Send("Share it", f"/members/{PLACE}/add", (("agreed", "0" * 32),), "primary"),
    cancel_href=f"/members/{PLACE}",
)
SURE: Final = SurePage(
    title=f"Delete “{LONG_WORD}”?",
    crumbs=CRUMBS,
    whose=WHOSE,
    lede="The folder is empty. It is deleted with its address and its memberships, for good.",
    notes=("What was once published is kept.",),
    send=Send("Delete the folder", f"/delete/{PLACE}", kind="warning"),
    cancel_href=f"/settings/{PLACE}",
)
AUDIENCE: Final = AudiencePage(
    title="Who can see “Flood plan”",
    crumbs=CRUMBS,
    whose=WHOSE,
    back_href="/places/leeds/housing/flood-plan",
    lists=(
        ReaderList(
            "What is published in it, marked OFFICIAL",
            "312 people in 2 organisations and 1 guest can see it.",
            (
                ReaderRow("Everyone at City of York Council", "organisations/leeds.csv line 5", "Joint flood plan",
                          "31 March 2027", 311, 1, (Who("Bo Ek", LONG_WORD, "/people/york/bo"),), 311),
                ReaderRow("Its owner", f"the grant {LONG_WORD}", "", "", 1, 0, (), 1),
            ),
        ),
        ReaderList("The space’s own page: its name and description", "Nobody can see it.", ()),
    ),
)  # fmt: skip
MOVE: Final = MovePage(
    title="Move “Flood plan”",
    crumbs=CRUMBS,
    whose=WHOSE,
    action=f"/move/{PLACE}",
    cancel_href="/places/leeds/housing/flood-plan",
    path="leeds/housing/flood-plan",
    slug="flood-plan",
    to=PLACE,
    places=(Choice(PLACE, "Housing", "leeds/housing (where it is now)"), Choice("p2", LONG_WORD, f"leeds/{LONG_WORD}")),
)
SHARING: Final[dict[str, Page]] = {
    "make-space": NEW,
    "make-folder": replace(
        NEW, kind="folder", title="Make a folder", audiences=(), audience="", writers=(), name="", slug=""
    ),
    "make-wrong": replace(NEW, problems=(Problem("slug", "There is already a place with this address"),)),
    "settings": SETTINGS,
    "settings-changed": replace(SETTINGS, news=(f"It is called “{LONG_WORD}” now.", "It is open now.")),
    "members": MEMBERS,
    "share-document": SHARE,
    "share-document-none": replace(SHARE, given=(), over=(), offers=(), find="zz", links=page_links(1, 50, 0, str)),
    "share-with": replace(ADD, title=f"Share “{LONG_WORD}” with everyone at City of York Council", about="Sharing"),
    "who-is-in": WHO,
    "who-is-in-none": replace(WHO, rows=(), by_policy=(), links=page_links(1, 50, 0, str), guest=True),
    "members-invited": replace(
        MEMBERS,
        invite_href=f"/members/{PLACE}/invite",
        invitations=(
            InvitationRow("bo@york.example", "reader", "Sam Okafor", NOW, CALL_BACK, "Bo Ek of York", "/add"),
            InvitationRow(f"{LONG_WORD}@york.example", "editor", LONG_WORD, NOW, CALL_BACK),
        ),
    ),
    "invite": INVITE,
    "invite-refused": replace(INVITE, email="bo", problems=(Problem("email", "Enter a work e-mail address"),)),
    "invitations": MyInvitationsPage(
        rows=(
            InvitedRow("Sam Okafor of Leeds", "reader", LONG_WORD, date(2027, 3, 31), NOW, ACCEPT, DECLINE),
            InvitedRow(LONG_WORD, "editor", "To help", None, NOW, ACCEPT, DECLINE),
        )
    ),
    "invitations-none": MyInvitationsPage(),
    "members-none": replace(MEMBERS, members=(), over=(), offers=(), find="zz"),
    "add-member": ADD,
    "add-guest": replace(ADD, needs_end=True, problems=(Problem("until", "Enter the last day"),)),
    "confirm": CONFIRM,
    "confirm-nobody": replace(CONFIRM, gain=Gain(sentence="Nobody sees more by it.")),
    "confirm-loss": replace(
        CONFIRM, gain=None, loss=LOSS, news=(f"{LONG_WORD} saved revision 4 at 14:02.",), notes=("You are among them.",)
    ),
    "confirm-both": replace(CONFIRM, loss=LOSS),
    "sure": SURE,
    "sure-changed": replace(SURE, news=("It is published now.",)),
    "move-nowhere": replace(MOVE, places=(), find="zz", note="A place stays with its organisation."),
    "add-member-changed": replace(ADD, known=True, news=("Maria Lopez is editor here now.",)),
    "change-member": replace(ADD, known=True, title="Change what Maria Lopez may do"),
    "audience": AUDIENCE,
    "audience-then": replace(
        AUDIENCE, title="Who could see “Flood plan”", action=f"/audience/place/{PLACE}", day="2027-03-03"
    ),
    "audience-untold": replace(
        AUDIENCE,
        action=f"/audience/place/{PLACE}",
        day="2026-03-03",
        said="History begins on 22 November 2026, so nobody can tell who could see it at the end of 3 March 2026.",
        lists=(),
    ),
    "audience-wrong": replace(
        AUDIENCE,
        action=f"/audience/place/{PLACE}",
        day="31/02/2027",
        problems=(Problem("day", "There is no such day as 31/02/2027: check the day and the month"),),
    ),
    "move": MOVE,
    "move-wrong": replace(MOVE, problems=(Problem("to", "Choose a place from the list"),)),
}
"""Every page of the feature by a short name."""
