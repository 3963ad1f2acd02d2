"""One example or more of every page, full and empty."""

from dataclasses import replace
from datetime import date
from typing import Final

from hub.features.desk.pages import ChangeGroup, HomePage, NewPage, ThingRow
from hub.features.documents.pages import Arrived, Doable, DocumentPage, RevisionPage, RevisionsPage, SharedWith
from hub.features.find.pages import Chip, SearchPage
from hub.features.signin.pages import LeavingPage, LinkPage, SignedOutPage, SignInChoice, SignInPage, SignInProblemPage
from hub.nouns.organisations.pages import OrganisationRow, OrganisationsPage
from hub.nouns.people.pages import PersonPage
from hub.nouns.spaces.pages import Shelf, SpacesPage
from hub.web.own_pages import AccessibilityPage, CookieRow, CookiesPage, ErrorPage, NotFoundPage, TakingPartPage
from hub.web.pages import Action, Choice, Crumb, Notice, Page, Problem, Send, Who, Whose
from hub.web.paging import page_links
from hub.web.typed import DraftOffer, Kept, KeptField
from tests.factories.adding import ADDED
from tests.factories.administration import administration
from tests.factories.asking import ASKING
from tests.factories.bringing import BRINGING
from tests.factories.conduct import conduct_examples
from tests.factories.events import event_examples
from tests.factories.feeds import feed_examples
from tests.factories.finding_people import SAID, people_examples
from tests.factories.guests import guest_examples
from tests.factories.importing import import_examples
from tests.factories.issuers import issuer_examples
from tests.factories.mail import mail_examples
from tests.factories.many import MANY
from tests.factories.page_values import (
    DOCUMENTS,
    FACETS,
    FILE,
    FLOOD,
    HITS,
    HOUSING,
    LEEDS,
    LOCKED,
    LONG_WORD,
    MANY_SPACES,
    MARKDOWN,
    NOW,
    REVISIONS,
    SPACES,
    UPLOAD,
    WHOSE,
    WHY,
    WHY_MANAGED,
)
from tests.factories.platform import platform_examples
from tests.factories.policies import policies
from tests.factories.records import records_examples
from tests.factories.seconding import seconding_examples
from tests.factories.sharing import SHARING
from tests.factories.signin import session_examples
from tests.factories.spaces import space_examples
from tests.factories.talk import talk_examples
from tests.factories.tour_pages import tour_examples
from tests.factories.writing import COMPARE, CONFLICT, EDIT, EDIT_FILE, MARKING, STEP

THINGS: Final = (
    ThingRow("Flood plan for the lower Aire valley", "/documents/d000000001", "Text", "Text", "Flood plan", NOW.date()),
    ThingRow("Housing", "/places/leeds/housing", "space", "Space", "Leeds City Council"),
    ThingRow(LONG_WORD, "/documents/d000000006", "Word document", "Word document", "", NOW.date()),
    ThingRow("Sam Okafor", "/people/leeds/sam-okafor", "person", "Person"),
)
TOMASZ: Final = Who("Tomasz Nowak", "Leeds City Council", "/people/leeds/tomasz-nowak")
CHANGES: Final = (
    ChangeGroup(
        TOMASZ, "added 6 files", "Flood plan", "/places/flood", NOW, DOCUMENTS[:3], 3, "/search?space=flood&sort=newest"
    ),
    ChangeGroup(Who("Ann Lee", "York"), "changed 1 page", "Housing", "/places/housing", NOW, DOCUMENTS[4:5]),
)
NEW_KINDS: Final = (Action("Page", "/new?what=page", primary=True), Action("File", "/new?what=upload"))
STANDINGS: Final = ("member", "reader", "outsider", "")
SIGNED_OUT: Final = frozenset(
    {
        "sign-in",
        "sign-in-found",
        "sign-in-none",
        "sign-in-problem",
        "guest-sign-in",
        "guest-sign-in-refused",
        "guest-sign-in-mute",
        "guest-code",
        "guest-code-wrong",
        "guest-invitation",
        "guest-invitation-anew",
        "guest-carry",
        "link",
        "leaving",
        "signed-out",
        "not-found-stranger",
        "error-503",
        "kept-signed-out",
    }
)
"""Examples shown to nobody in particular."""


KEPT: Final = Kept(
    "/upload/p1",
    "token",
    words=(
        KeptField("name", "Name or title", "Flood plan for the lower Aire valley", long=False),
        KeptField("body", "Text", MARKDOWN, long=True),
    ),
    rest=(("marking", "OFFICIAL"),),
    files=(("file", "depot.pdf"),),
)
"""What Sam wrote."""
OFFERS: Final = {
    name: DraftOffer(UPLOAD.action, NOW, f"{UPLOAD.action}?as=text&draft=use", used=name == "draft-used")
    for name in ("draft-offered", "draft-used")
}
"""The examples that are opened by somebody who typed into them before."""


DONE: Final = Doable(
    shared=(
        SharedWith(Who("Bo Ek", "City of York Council", "/people/york/bo"), date(2026, 12, 31)),
        SharedWith(Who(f"Everyone at {LONG_WORD}"), None),
    ),
    share_href="/share/document/d1",
    reach=Action("28 people in 3 organisations and 1 guest can read this", "/audience/document/d1"),
    actions=(Action("Edit", "/documents/d000000001/edit", primary=True),),
    menu=(
        (Action("Share this document", "/share/document/d1"), Action("Who can see this?", "/audience/document/d1")),
        (
            Action("Change marking", "/documents/d000000001/marking"),
            Action("Move", "/move/document/d1"),
            Action("Archive", "/documents/d1/archive"),
            Action("Withdraw", "/documents/d1/withdraw"),
        ),
        (Action("Compare revisions", "/documents/d1/compare"), Action("All revisions", "/documents/d1/revisions")),
    ),
)
"""What Sam may do with the flood plan."""


def examples() -> dict[str, Page]:
    """Every page by a short name."""
    document = DocumentPage(
        title="Flood plan for the lower Aire valley",
        crumbs=(LEEDS, HOUSING, FLOOD),
        whose=WHOSE,
        marking="OFFICIAL",
        state="published",
        owner=Who("Sam Okafor", "Leeds City Council", "/people/leeds/sam-okafor"),
        created=NOW,
        changed=NOW,
        number=3,
        permalink="https://hub.example/documents/d000000001",
        body=MARKDOWN,
        revisions=REVISIONS,
        why=WHY,
        revisions_href="/documents/d000000001/revisions",
        done=DONE,
    )
    search = SearchPage(
        query="flood",
        total=1249,
        hits=HITS,
        facets=FACETS,
        links=page_links(3, 10, 1249, lambda n: f"/search?q=flood&page={n}"),
        chips=(
            Chip("Leeds City Council", "/search?q=flood&marking=PUBLIC"),
            Chip("PUBLIC", "/search?q=flood&organisation=leeds"),
        ),
        clear_href="/search?q=flood",
    )
    sign_in = SignInPage(
        choices=tuple(
            SignInChoice(name, f"/sign-in/{slug}", hint)
            for name, slug, hint in (
                ("Acme Drainage Limited", "acme", "Partner firm"),
                ("City of York Council", "york", "Unitary authority"),
                ("Leeds City Council", "leeds", "Metropolitan district"),
                ("Wychavon District Council", "wychavon", "District council"),
            )
        ),
        total=4,
    )
    return {
        **tour_examples(),
        **administration(),
        **platform_examples(),
        **guest_examples(),
        **records_examples(),
        **import_examples(),
        **mail_examples(),
        **policies(),
        "home": HomePage(
            given_name="Sam",
            opened=THINGS,
            favourites=THINGS[:2],
            spaces=SPACES,
            writes=True,
            drafts=tuple(row for row in DOCUMENTS if row.state == "draft"),
            last_visit=NOW,
            changes=CHANGES,
            earlier=True,
        ),
        "home-quiet": HomePage(given_name="Sam", spaces=SPACES[:1], writes=True, last_visit=NOW),
        "home-empty": HomePage(),
        "home-new": HomePage(given_name="Sam", others=SPACES, recent=DOCUMENTS),
        "home-notices": HomePage(
            given_name="Sam",
            waiting=(
                Notice("2 people ask for access to your spaces", "/requests"),
                Notice("Your access to Tenders ends on 30 November 2026", "/places/leeds/tenders", "warning"),
            ),
            told=(Notice("Everything that a new hub needs is done.", "", "info", (Send("Dismiss", "/away"),)),),
        ),
        "home-many": HomePage(given_name="Sam", spaces=SPACES * 3),
        "new": NewPage(title="Where do you want to write it?", what="page", kinds=NEW_KINDS, places=SPACES, more=True),
        "new-none": NewPage(title="Whose space is it?", what="space", kinds=NEW_KINDS),
        "new-not-found": NewPage(title="Where do you want to write it?", what="page", kinds=NEW_KINDS, find="parks"),
        "spaces": SpacesPage(
            spaces=tuple(replace(row, standing=standing) for row, standing in zip(SPACES, STANDINGS, strict=False)),
            organisations=(Choice("leeds", "Leeds City Council"), Choice("york", "City of York Council")),
            organisation="leeds",
            services=(Choice("housing", "Housing"), Choice("long", LONG_WORD)),
            service="housing",
            links=page_links(2, 20, 57, lambda n: f"/spaces?page={n}"),
        ),
        "spaces-first": SpacesPage(
            spaces=SPACES,
            by_service=(Shelf("Housing", "/spaces?service=housing", 12), Shelf(LONG_WORD, "/x", 1)),
            by_organisation=(Shelf("Leeds City Council", "/spaces?organisation=leeds", 1_200),),
        ),
        "spaces-of-service": SpacesPage(
            title="Spaces about Housing",
            services=(Choice("housing", "Housing"),),
            service="housing",
            questions=replace(SPACES[0], standing="outsider"),
        ),
        "spaces-empty": SpacesPage(),
        "spaces-not-found": SpacesPage(find="parks"),
        "organisations": OrganisationsPage(
            organisations=(
                OrganisationRow("Acme Drainage Limited", "/places/acme", "Partner firm", 0),
                OrganisationRow("City of York Council", "/places/york", "Unitary authority", 3),
                OrganisationRow("Leeds City Council", "/places/leeds", "Metropolitan district", 12),
            ),
            own="Leeds City Council",
        ),
        "organisations-empty": OrganisationsPage(organisations=()),
        **space_examples(),
        **conduct_examples(),
        **talk_examples(),
        **event_examples(),
        **feed_examples(),
        **session_examples(),
        **issuer_examples(),
        **seconding_examples(),
        **MANY,
        **ADDED,
        **BRINGING,
        "document": document,
        "document-file": replace(
            document,
            title="Gauge readings, October 2026",
            body="",
            file=FILE,
            marking="PUBLIC",
            loud=True,
            done=replace(DONE, actions=(), menu=DONE.menu[2:]),
            crumbs=(),
            whose=Whose("Leeds City Council", "", "Flood plan", ""),
        ),
        "document-unreadable": replace(
            document,
            title=LONG_WORD,
            body="",
            file=LOCKED,
            marking="OFFICIAL-SENSITIVE",
            loud=True,
            state="draft",
            done=replace(
                DONE,
                actions=(Action("Publish", "/documents/d1/publish", primary=True), *DONE.actions),
                notice="Only you and those who may edit in Flood plan can see this draft.",
            ),
            why=WHY_MANAGED,
        ),
        "document-long": replace(document, body="".join(f"# Part {n} & more\n\nText.\n\n" for n in range(1, 6))),
        "document-empty": replace(document, body="", revisions=REVISIONS[:1]),
        "revisions": RevisionsPage(
            title="Revisions of “Flood plan for the lower Aire valley”",
            crumbs=(LEEDS, Crumb("Flood plan for the lower Aire valley", "/documents/d1")),
            whose=WHOSE,
            document_href="/documents/d1",
            compare_href="/documents/d1/compare",
            revisions=REVISIONS,
            links=page_links(2, 50, 301, lambda n: f"/documents/d1/revisions?page={n}"),
        ),
        "revision": RevisionPage(
            title="Flood plan for the lower Aire valley",
            crumbs=(LEEDS, Crumb("Flood plan for the lower Aire valley", "/documents/d1")),
            whose=WHOSE,
            marking="OFFICIAL",
            state="published",
            number=2,
            latest=3,
            compare_href="/documents/d1/compare?from=2&to=3",
            bring_back=COMPARE.bring_back,
            at=NOW,
            by="Ann Lee",
            note="Numbers checked",
            permalink="https://hub.example/documents/d1/revisions/2",
            document_href="/documents/d1",
            older_href="/r/1",
            newer_href="/r/3",
            body=MARKDOWN,
        ),
        "upload": UPLOAD,
        "upload-arrived": replace(
            UPLOAD,
            upload=Arrived("u000000001", f"{LONG_WORD}.pdf", 30_000_000),
            problems=(Problem("marking", "Select a marking"),),
        ),
        "upload-text": replace(UPLOAD, as_text=True, states=(), body=MARKDOWN, name="Flood plan", preview=True),
        "upload-changed": replace(
            UPLOAD,
            name="Flood plan",
            seen="place=0c1d2e3f",
            news=(
                "The place is “Floods” at leeds/floods now.",
                "Of what is OFFICIAL it now holds: Nobody can read it.",
            ),
            problems=(Problem("file", "Choose the file again: it was not kept"),),
        ),
        "upload-refused": replace(
            UPLOAD,
            name="Flood plan",
            problems=(
                Problem("file", "Choose a file of at most 256 MB"),
                Problem("marking", "Choose a marking"),
                Problem("", "Nothing was saved"),
            ),
            marking="",
        ),
        "search": search,
        "search-many-spaces": replace(search, facets=(*FACETS, MANY_SPACES)),
        "search-many-untouched": replace(search, facets=(replace(MANY_SPACES, options=MANY_SPACES.options[:9]),)),
        "search-start": SearchPage(asked=False),
        "search-nothing": replace(
            search, query="zzz*", starred=True, hits=(), total=0, links=page_links(1, 10, 0, str)
        ),
        "search-one": replace(search, hits=HITS[:1], total=1, chips=(), links=page_links(1, 10, 1, str)),
        "search-down": SearchPage(query="flood", engine_down=True),
        "search-refused": replace(
            search,
            hits=(),
            total=0,
            links=page_links(1, 10, 0, str),
            date_from="yesterday",
            problems=(Problem("q", "Use at most 500 characters"), Problem("from", "Write the date as 2026-11-20")),
        ),
        "sign-in": sign_in,
        "sign-in-found": replace(
            sign_in,
            query="leeds",
            next="/documents/d1?a=b&c=d",
            choices=sign_in.choices[2:3],
            total=25,
            notice="You were signed out because nothing happened for an hour.",
        ),
        "sign-in-none": replace(sign_in, query="zzz", choices=(), total=0, next="/documents/d1"),
        "sign-in-problem-known": SignInProblemPage(
            sentences=("Your access to the hub has ended.",),
            reference="k4m9x2p7qa",
            contact="hub@leeds.example",
            organisation="Leeds City Council",
        ),
        "sign-in-problem": SignInProblemPage(
            sentences=("Leeds City Council’s sign-in did not answer.", "Try again in a minute."),
            reference="k4m9x2p7qa",
            contact="help@hub.example",
        ),
        "link": LinkPage(
            person="Sam Okafor", organisation="Leeds City Council", action="/sign-in/leeds", next="/admin/leeds"
        ),
        "leaving": LeavingPage(destination="Leeds City Council", href="/static-issuer"),
        "signed-out": SignedOutPage(organisation="Leeds City Council"),
        "signed-out-here": SignedOutPage(organisation="Leeds City Council", still_signed_in=True),
        "person": PersonPage(
            title="Ann Lee",
            organisation="City of York Council",
            organisation_href="/places/york",
            handle="york/ann-lee",
            job="Flood officer",
            email="ann.lee@york.example",
            spaces=SPACES[:1],
            why=WHY,
            crumbs=(Crumb("City of York Council", "/places/york"),),
        ),
        "person-said": PersonPage(
            title="Priya Nair", organisation="York", handle="", profile=SAID, ask_href="/ask/york/priya-nair"
        ),
        **people_examples(),
        "person-viewer": PersonPage(
            title="Sam Okafor", organisation="Leeds City Council", handle="leeds/sam-okafor", is_viewer=True
        ),
        **ASKING,
        **SHARING,
        "edit": EDIT,
        "edit-preview": replace(EDIT, preview=True),
        "edit-conflict": CONFLICT,
        "edit-file": EDIT_FILE,
        "edit-changed": replace(EDIT, state="published", news=("It is published now.", "Choose your file again.")),
        "publish": STEP,
        "withdraw": replace(STEP, title="Withdraw it?", loss=STEP.gain, gain=None, notes=("You are among them.",)),
        "mark-manage": replace(STEP, gain=None, notes=("You would not manage it any more.",)),
        "marking": MARKING,
        "compare": COMPARE,
        "not-found": NotFoundPage(
            organisation="Leeds City Council", contact="hub-admins@leeds.example", signed_in=True
        ),
        "not-found-stranger": NotFoundPage(),
        "error-403": ErrorPage(
            title="You cannot do that here",
            status=403,
            sentences=("You may see this.", "Only editors change it."),
            contact="Ring 0113 496 0000",
            links=(Action("Go to your home page", "/"), Action("search", "/search")),
        ),
        "draft-offered": UPLOAD,
        "draft-used": UPLOAD,
        "kept": ErrorPage(
            title="This form is out of date",
            status=403,
            sentences=("You signed in again meanwhile.", "Nothing that you wrote is lost: it is below."),
            kept=KEPT,
        ),
        "kept-signed-out": ErrorPage(
            title="Sign in again to go on",
            status=403,
            sentences=("You are not signed in any more.", "Nothing that you wrote is lost: it is below."),
            kept=replace(KEPT, signed_out=True, files=()),
        ),
        "kept-sealed": ErrorPage(
            title="Somebody else is signed in",
            status=403,
            sentences=("This form was opened by somebody else.", "It is sealed in this page."),
            kept=Kept("/upload/p1", "token", sealed="sealed"),
        ),
        "not-found-kept": NotFoundPage(signed_in=True, kept=replace(KEPT, again=False)),
        "error-503": ErrorPage(title="Not available just now", status=503, sentences=("Try again in a minute.",)),
        "accessibility": AccessibilityPage(
            site="Knowledge Hub", contact="help@hub.example", prepared=date(2026, 11, 22)
        ),
        "taking-part": TakingPartPage(contact="help@hub.example", write_href="mailto:help@hub.example?subject=We"),
        "taking-part-demo": TakingPartPage(tour_href="/demo"),
        "cookies": CookiesPage(
            cookies=(
                CookieRow(
                    "__Host-hub-session", "Knows you from one page to the next.", "When you sign out, or after 12 hours"
                ),
                CookieRow("__Host-hub-sign-in", "Ties a sign-in to your browser.", "After 10 minutes"),
            )
        ),
    }
