"""What is done is what was shown: every button says of what it was made, or is exempt by name and says why.

Each view that acts is asked to without having shown anything, then with what is not so any more, and changes nothing;
then by the button of the page that asks, and does.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, select, update
from werkzeug.test import TestResponse

from acl.directory import ROOT
from hub.access.models import Grant, Place
from hub.audience.sealing import SEEN
from hub.features.administration.service import administrators_of
from hub.features.administration.services.opening import open_for_all
from hub.features.asking.reaching import reach_round
from hub.features.asking.service import NewRequest, ask
from hub.features.imports.archive import Entry
from hub.features.imports.bringing import begin
from hub.features.imports.models import Bringing, BroughtFile
from hub.features.signin.local.models import LocalAccount
from hub.features.signin.models import ExternalIdentity, Issuer
from hub.features.signin.queries import draft_of
from hub.features.signin.service import NewIssuer, add_issuer
from hub.ground.db import Base, Database
from hub.ground.ids import new_id
from hub.nouns.documents.models import Document
from hub.nouns.documents.service import NewDocument, add_document
from hub.nouns.people.service import add_member
from hub.nouns.spaces.services import add_service
from hub.nouns.talk.models import PostReport, ThingReport
from hub.nouns.talk.reading import ask_to_read
from hub.nouns.threads.events import When, announce
from hub.nouns.threads.models import Thread
from hub.nouns.threads.offering import set_offered
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import TestClock

MAKES = "makes something new, of which nothing was shown"
OWN = "is about the viewer's own list alone"
EXEMPT = {
    "admin.add": MAKES,
    "admin.add_organisation": MAKES,
    "admin.admit_arrival": "names one arrival, which never changes and is decided once",
    "admin.refuse_arrival": "names one arrival, which never changes and is decided once",
    "admin.confirm_rights": "names one row that never changes: whose it is, why, and when",
    "admin.invite": MAKES,
    "admin.new_group": MAKES,
    "admin.new_service": MAKES,
    "admin.prove_domain": "names one domain, and gives it to whoever can make its record",
    "admin.put_away": OWN,
    "admin.put_back": "names the text that is refused by its digest, which is compared where it is written",
    "admin.save_policy": "names text, text in force and count by the fingerprint of its preview",
    "admin.refuse_wish": "names one wish, which is open once",
    "admin.send_letter_again": "names one letter, which never changes",
    "admin.take_table": "names the table by the fingerprint of its preview, and is checked whole where it is written",
    "admin.try_issuer": "changes nothing",
    "admin.try_sign_in": "changes nothing",
    "admin.decide_proposal": "names one proposal, which never changes and is decided once",
    "sharing.ask_about_place": "asks, and changes nothing of the place",
    "sharing.ask_about_thing": "asks, and changes nothing of the thing",
    "sharing.accept_invitation": OWN,
    "sharing.call_invitation_back": "names one invitation, which never changes and ends once",
    "sharing.decline_invitation": OWN,
    "sharing.send_invitation": MAKES,
    "asking.refuse": "names one request, which is open once",
    "asking.seen": OWN,
    "asking.send": MAKES,
    "browse.take_chosen": "sends what one may read, and changes nothing",
    "browse.change_pin": "shows nobody what they may not read, and the same page takes it back",
    "desk.favourite": OWN,
    "imports.go_on_with_it": "goes on with what its person was shown as it began, with the rights that they have then",
    "imports.stop_it": "lets less come in of what is the viewer's own",
    "conduct.accept": "names the version by its number, which is compared where it is written",
    "conduct.put_away": OWN,
    "conduct.send_report": MAKES,
    "conduct.send_thing_report": MAKES,
    "documents.begin_cover": MAKES,
    "documents.begin_parts": "adds nothing: the form that names what came does",
    "documents.discard": OWN,
    "drafting.discard_draft": OWN,
    "drafting.keep_draft": OWN,
    "feeds.end": OWN,
    "feeds.make": MAKES,
    "feeds.renew": OWN,
    "hearing.follow": OWN,
    "hearing.follow_place": OWN,
    "hearing.follow_one_service": OWN,
    "hearing.follow_person": OWN,
    "hearing.follow_one_skill": OWN,
    "hearing.put_away": OWN,
    "people.remove_photo": OWN,
    "people.save_photo": "is about the viewer's own photograph alone",
    "hearing.save_settings": OWN,
    "hearing.stop": "names one kind of letters to one person, by a sealed link, and ends it",
    "hearing.stop_following": OWN,
    "hearing.try_address": OWN,
    "people.save_profile": "is about the viewer's own profile alone",
    "signin.add": OWN,
    "signin.begin": "is for strangers",
    "signin.hear_logout": "is sent by issuers, signed, and ends sessions alone",
    "signin.end_one": OWN,
    "signin.end_others": OWN,
    "signin.leave": OWN,
    "signin.prove": "changes nothing but when its person proved who they are",
    "signin.begin_adding": OWN,
    "signin.begin_passkey": "is for strangers",
    "signin.carry_invitation": "is for strangers",
    "signin.enter": "is for strangers",
    "signin.go_on_here": "is for strangers",
    "signin.put_invitation_away": "is for strangers",
    "signin.put_link_away": "is for strangers",
    "signin.remove": OWN,
    "signin.send_code": "is for strangers",
    "signin.sign_in_again": OWN,
    "signin.sign_in_by_passkey": "is for strangers",
    "signin.take_invitation": "is for strangers",
}
UNTOLD = {
    "alembic_version",
    "answered_sheets",
    "held_forms",
    "sessions",
    "signed_in_sessions",
    "spent_budgets",
    "typed_drafts",
    "visits",
}
"""Tables of what nobody decides about."""
POLICY = (
    "allow,group:leeds/administrators,administer,leeds,any,any,-,Sam looks after Leeds",
    "allow,group:leeds/administrators,manage,leeds,any,any,-,Sam keeps everything",
    "allow,group:leeds/administrators,keep-records,leeds,any,any,-,Sam answers requests",
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,all-staff,read,leeds,only PUBLIC,published,-,Open to the sector",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own",
)


class Town(SignInWorld):
    """Leeds, of which Sam looks after everything, and the whole hub; things are made for each case anew."""

    def new(self, make: Callable[[str], Any]) -> Any:
        """Make something under a name that nothing has yet."""
        self.number = getattr(self, "number", 0) + 1
        return make(f"x{self.number}")

    def somebody(self, *groups: str) -> str:
        """A new member of staff of Leeds: their own part of the handle."""
        self.new(lambda name: self.add_person(f"leeds/{name}", *groups))
        return f"x{self.number}"

    def space(self, audience: str = "open", *, takes: str = "") -> str:
        """A new space of Leeds, which takes new conversations of one sort alone if so wanted; its id."""
        found = self.new(lambda name: self.add_space(f"leeds/{name}", audience))
        if takes:
            with self.work() as uow:
                set_offered(uow, uow.session.get_one(Place, found), [takes])
        return found

    def document(self, state: str = "published", owner: str = "person:leeds/sam") -> str:
        """A new document of Leeds; its id."""
        self.space()
        return self.add_document(f"leeds/x{self.number}", "Plan", state=state, owner=owner).removeprefix("doc:")

    def path(self) -> str:
        """The path of the space that was made last."""
        return f"leeds/x{self.number}"

    def sign_in_once(self, name: str) -> None:
        """Let somebody have signed in."""
        with self.work() as uow:
            person = self.person(uow, f"leeds/{name}")
            uow.session.add(
                ExternalIdentity(
                    id=new_id(),
                    person_id=person.id,
                    issuer_id=self.issuer_of("leeds"),
                    issuer="https://login.leeds.example",
                    subject=name,
                    bound_by="link",
                    created_at=uow.now,
                    last_seen_at=uow.now,
                )
            )

    def everything(self) -> dict[str, list[str]]:
        """All that the database holds."""
        with self.parts.database.reading() as session:
            return {
                table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
                for table in Base.metadata.sorted_tables
                if table.name not in UNTOLD
            }


def the_town(world: Town) -> None:
    world.set_policy("platform", "allow,person:leeds/sam,administer,*,any,any,-,Sam runs the hub")
    world.add_organisation("leeds", *POLICY)
    world.add_organisation("york", "allow,all-staff,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_organisation("acme", "allow,all-staff,read,acme,up to OFFICIAL,published,-,x", kind="supplier")
    world.add_organisation("brook", kind="supplier")
    world.add_issuer("leeds", "https://login.leeds.example")
    world.add_issuer("acme", "https://login.acme.example")
    world.add_person("leeds/sam", "leeds/administrators", name="Sam Okafor")
    world.add_person("york/yara", "york/staff", name="Yara Bell")


@pytest.fixture
def town(begin: Begin, database: Database) -> Town:
    world = begin(the_town, database, Town, clock=TestClock(now()))
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


Case = Callable[[Town], tuple[str, dict[str, Any]]]
MEMBER = {"role": "reader", "until": "", "reason": "They asked"}


def _guest(town: Town) -> tuple[str, str]:
    """A guest of a new space: what they were given, and the space's id."""
    space = town.space()
    town.add_person(f"acme/g{town.number}", kind="guest")
    return town.give(f"guest:acme/g{town.number}", "read", town.path(), source="guest", until=town.parts.today), space


def _asked(town: Town) -> str:
    """A request of Yara's for a new closed space; its id."""
    town.space("restricted")
    with town.work() as uow:
        yara = town.person(uow, "york/yara")
        uow.session.flush()
        request = ask(uow, yara.id, NewRequest(f"/places/{town.path()}", town.path(), "To help"))
        found = request.id
    town.parts.clock.move(days=2)  # nobody asks too often
    reach_round(town.parts)
    return found


def _answered(town: Town) -> tuple[str, dict[str, Any]]:
    request = _asked(town)
    town.client("leeds/sam").post(f"/requests/{request}/decline", data={"note": "Not yet", "tell": "yes"})
    return f"/requests/{request}/reopen", {}


def _join(town: Town) -> tuple[str, dict[str, Any]]:
    return f"/admin/leeds/groups/{_group(town)}/add", {"person": town.somebody()}


def _group(town: Town) -> str:
    town.somebody(f"leeds/g{getattr(town, 'number', 0) + 1}")
    return f"g{town.number}"


def _leave(town: Town) -> tuple[str, dict[str, Any]]:
    group = _group(town)
    return f"/admin/leeds/groups/{group}/remove", {"person": f"x{town.number}"}


def _runs(town: Town) -> tuple[str, dict[str, Any]]:
    name = town.somebody()
    town.sign_in_once(name)
    return "/admin/platform/administrators/add", {"person": f"leeds/{name}"}


def _ran(town: Town) -> tuple[str, dict[str, Any]]:
    for _ in range(2):
        _, fields = _runs(town)
        with town.work() as uow:  # in the browser the second one would wait for a second person
            group = administrators_of(uow, uow.session.get_one(Place, ROOT))
            add_member(uow, group, town.person(uow, fields["person"]))
    return "/admin/platform/administrators/remove", fields


def _accept(town: Town) -> tuple[str, dict[str, Any]]:
    with town.work() as uow:
        issuer = uow.session.get_one(Issuer, town.issuer_of("leeds"))
        issuer.pin, issuer.candidate, issuer.status = '{"jwks_uri": "a"}', '{"jwks_uri": "b"}', "quarantined"
    return "/admin/leeds/issuer/accept", {}


def _sponsored(town: Town, *, asleep: bool = False) -> str:
    """An admission for which Sam answers; its guest may not have been here for long."""
    grant, _ = _guest(town)
    with town.work() as uow:
        uow.session.get_one(Grant, grant).given_by = "leeds/sam"
        if asleep:
            guest = town.person(uow, f"acme/g{town.number}")
            long_ago = uow.now - timedelta(days=90)
            uow.session.add(
                LocalAccount(
                    person_id=guest.id, address=f"g{town.number}@acme.example", user_handle=guest.id,
                    bound_at=long_ago, last_seen_at=long_ago,
                )
            )  # fmt: skip
    return grant


def _new_guest_link(town: Town) -> tuple[str, dict[str, Any]]:
    """A guest whose firm has no issuer, with an address."""
    grant, _ = _guest(town)
    with town.work() as uow:
        guest = town.person(uow, f"acme/g{town.number}")
        guest.email, guest.organisation_id = f"g{town.number}@brook.example", town.place(uow, "brook").id
    return "/admin/leeds/guests/link", {"grant": grant}


def _prepared(town: Town) -> str:
    """Another issuer is prepared for Leeds; the address of its page."""
    with town.work() as uow:
        new = NewIssuer(f"https://{new_id()}.example", "hub", "a secret")
        draft = draft_of(uow.session, "leeds") or add_issuer(uow, town.parts, town.place(uow, "leeds"), new, draft=True)
        assert draft.status == "draft"
    return "/admin/leeds/issuer/next"


def _add_guest(town: Town) -> tuple[str, dict[str, Any]]:
    space = town.space()
    fields = {"firm": "acme", "name": "Gus New", "email": "gus@acme.example", "space": space, "role": "reader"}
    until = str(town.parts.today.replace(year=town.parts.today.year + 1))
    return "/admin/leeds/guests/add", fields | {"reason": "Repairs", "until": until, "sponsor": "Sam"}


def _removed(town: Town) -> tuple[str, dict[str, Any]]:
    space = town.space()
    grant = town.give("org:york", "read", town.path())
    town.take_back(grant)
    return f"/members/{space}/undo", {"end": "", "back": grant}


def _stopped(town: Town) -> tuple[str, dict[str, Any]]:
    document = town.document()
    return f"/share/document/{document}/remove", {"grant": town.give("org:york", "read", f"doc:{document}")}


def _unshared(town: Town) -> tuple[str, dict[str, Any]]:
    document = town.document()
    grant = town.give("org:york", "read", f"doc:{document}")
    town.take_back(grant)
    return f"/share/document/{document}/undo", {"end": "", "back": grant}


def _brought_back(town: Town) -> tuple[str, dict[str, Any]]:
    document = town.document()
    town.revise(f"doc:{document}", "Plan", "Other words.")
    return f"/documents/{document}/revisions/1/bring-back", {}


def _archived(town: Town) -> tuple[str, dict[str, Any]]:
    document = town.document()
    with town.work() as uow:
        return f"/files/{town.place(uow, town.path()).id}/archive", {"thing": f"doc:{document}"}


def _moved(town: Town) -> tuple[str, dict[str, Any]]:
    target, document = town.space(), town.document()
    return f"/move/document/{document}", {"to": target}


def _brings(town: Town) -> tuple[str, dict[str, Any]]:
    """Of somebody who has another one under way there is no form, so the last one is over."""
    with town.work() as uow:
        uow.session.execute(update(Bringing).values(ended_at=uow.now))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("Plans/a.txt", "words")
    return f"/bring/{town.space()}", {"marking": "OFFICIAL", "file": (whole.getvalue(), "Plans.zip")}


def _thread(town: Town) -> str:
    """A question of Sam's in a new space, which Yara has answered; its address."""
    town.space()
    node = town.add_thread(f"leeds/x{town.number}", "How?", "leeds/sam", "Like this?")
    town.post(node, "york/yara", "Like that.")
    return f"/threads/{node.removeprefix('thread:')}"


def _reported(town: Town) -> str:
    """Gus of Acme has reported Yara's answer, and Sam manages the place; the address of the case."""
    node = f"thread:{_thread(town).rpartition('/')[2]}"
    town.add_person(f"acme/r{town.number}", kind="guest")
    with town.work() as uow:
        row = PostReport(
            id=new_id(),
            node=node,
            number=2,
            reporter_id=town.person(uow, f"acme/r{town.number}").id,
            why="abuse",
            revision=1,
            at=uow.now,
        )
        uow.session.add(row)
        return f"/reports/{row.id}"


def _reported_document(town: Town) -> str:
    """Gus of Acme has reported a document of Yara's, and Sam manages its place; the address of the case."""
    document = town.document()
    town.add_person(f"acme/r{town.number}", kind="guest")
    with town.work() as uow:
        uow.session.get_one(Document, document).owner = "person:york/yara"
        reporter = town.person(uow, f"acme/r{town.number}").id
        row = ThingReport(
            id=new_id(), node=f"doc:{document}", reporter_id=reporter, why="abuse", revision=1, at=uow.now
        )
        uow.session.add(row)
        return f"/reports/{row.id}"


def _take_out(town: Town) -> tuple[str, dict[str, Any]]:
    node = f"thread:{_thread(town).rpartition('/')[2]}"
    return "/admin/leeds/records/post", {"node": node, "number": "1", "way": "whole", "reason": "It named a resident"}


def _said(town: Town, sort: str, stage: str = "") -> str:
    """A conversation of Yara's of another sort in a new space, as far as it may have come; its address."""
    town.space()
    node = town.add_thread(f"leeds/x{town.number}", "Share a van", "york/yara", "We have two.", sort=sort)
    with town.work() as uow:
        thread = uow.session.get_one(Thread, node.removeprefix("thread:"))
        thread.stage = stage or thread.stage
    return f"/threads/{node.removeprefix('thread:')}"


def _to_read(town: Town) -> tuple[str, dict[str, Any]]:
    """What somebody of Leeds asks their colleagues to read."""
    here = _thread(town)
    with town.work() as uow:
        asker = town.person(uow, f"leeds/{town.somebody()}")
        ask_to_read(uow, f"thread:{here.rpartition('/')[2]}", asker, None, town.parts.today)
    return f"{here}/read", {}


def _another(town: Town) -> str:
    """The id of another question in the same space."""
    node = town.add_thread(f"leeds/x{town.number}", "How else?", "leeds/sam", "Like that?")
    return node.removeprefix("thread:")


WHEN = {"starts_on": "4/12/2027", "starts": "10:00", "ends": "12:00", "ends_on": "", "venue": "Civic Hall"}


def _event(town: Town) -> str:
    """An event of Sam's in a new space; its address."""
    town.space()
    at = town.parts.clock.now() + timedelta(days=30)
    with town.work() as uow:
        sam, place = town.person(uow, "leeds/sam"), town.place(uow, town.path())
        thread = announce(uow, place, sam, "Sensors", "Come.", When(at, at + timedelta(hours=2), "Civic Hall"))
        return f"/threads/{thread.id}"


def _joins(town: Town) -> tuple[str, dict[str, Any]]:
    """A question space that nobody has joined."""
    with town.work() as uow:
        service = add_service(uow, f"Trams {new_id()}")
        open_for_all(uow, service)
        return f"/admin/leeds/questions/{service.id}", {"do": "join"}


def _brought(town: Town) -> tuple[str, dict[str, Any]]:
    """Sam has brought in a draft that nobody touched since."""
    space = town.space()
    with town.work() as uow:
        uow.session.execute(update(Bringing).values(ended_at=uow.now))
        sam, place = town.person(uow, "leeds/sam"), uow.session.get_one(Place, space)
        viewer = town.parts.viewer(uow.session, sam)
        found = begin(
            uow, viewer, place, name="Plans.zip", marking="OFFICIAL", parcel="", entries=[Entry(0, "a.txt", 5, 1)]
        )
        file = uow.session.scalars(select(BroughtFile).where(BroughtFile.import_id == found.id)).one()
        new = NewDocument("a", "OFFICIAL", "draft", "person:leeds/sam", body="Words.", id=file.document_id)
        add_document(uow, place, new)
        file.state, found.ended_at = "filed", uow.now
        return f"/imports/{found.id}/undo", {}


CASES: dict[str, Case] = {
    "admin.accept_issuer": _accept,
    "admin.add_guest": _add_guest,
    "admin.change_block": lambda _: ("/admin/platform/organisations/york/block", {}),
    "admin.change_status": lambda town: (f"/admin/leeds/people/{town.somebody()}/status", {"status": "suspended"}),
    "admin.close_sessions": lambda town: (f"/admin/leeds/people/{town.somebody()}/sessions", {}),
    "admin.end_firm": lambda town: (_guest(town) and "/admin/leeds/guests/end-firm", {"firm": "acme"}),
    "admin.end_guest": lambda town: ("/admin/leeds/guests/end", {"grant": _guest(town)[0]}),
    "admin.hold": lambda town: (f"/admin/leeds/retention/{_thread(town).rpartition('/')[2]}", {"reason": "Claim 7"}),
    "admin.join": _join,
    "admin.join_platform": _runs,
    "admin.leave": _leave,
    "admin.leave_platform_administrators": _ran,
    "admin.new_guest_link": _new_guest_link,
    "admin.new_link": lambda town: (f"/admin/leeds/people/{town.somebody()}/link", {}),
    "admin.put_issuer_away": lambda town: (f"{_prepared(town)}/off", {}),
    "admin.save_answer_within": lambda _: ("/admin/leeds/terms/reports", {"answer_within": "4"}),
    "admin.save_domains": lambda _: ("/admin/platform/organisations/leeds/domains", {"domains": "leeds.example"}),
    "admin.save_issuer": lambda _: ("/admin/leeds/issuer", {"client_id": "another", "secret": "a new secret of it"}),
    "admin.save_retention": lambda _: ("/admin/leeds/retention", {"months": "24", "which": "closed"}),
    "admin.switch_issuer_on": lambda town: (f"{_prepared(town)}/on", {}),
    "admin.save_organisation": lambda _: (
        "/admin/leeds/organisation",
        {"name": "Leeds", "description": "", "contact": "a desk"},
    ),
    "admin.save_person": lambda town: (
        f"/admin/leeds/people/{town.somebody()}",
        {"name": "X", "email": "", "job": "Y"},
    ),
    "admin.take_out": _take_out,
    "admin.save_service": lambda _: ("/admin/platform/services/housing", {"do": "retire"}),
    "admin.take_part": _joins,
    "admin.save_secret_until": lambda _: ("/admin/leeds/issuer/health", {"until": "2027-03-31"}),
    "admin.save_session_limits": lambda _: ("/admin/leeds/sessions", {"idle_minutes": "30"}),
    "admin.save_terms": lambda _: ("/admin/leeds/terms/edit", {"body": "Be polite.", "note": "New", "asks": "no"}),
    "asking.give_access": lambda town: (f"/requests/{_asked(town)}", MEMBER),
    "asking.join": lambda town: (f"/ask-to-join/{town.space('restricted')}", {}),
    "asking.reopen": _answered,
    "conduct.leave": lambda town: (f"{_reported(town)}/leave", {"leave-note": "It stays"}),
    "conduct.pass_on": lambda town: (f"{_reported(town)}/pass-on", {}),
    "conduct.see_to": lambda town: (f"{_reported_document(town)}/done", {"done-note": "The name is taken out"}),
    "conduct.take_out": lambda town: (f"{_reported(town)}/withdraw", {"withdraw-note": "It names a resident"}),
    "documents.add": lambda town: (
        f"/upload/{town.space()}",
        {"name": "New", "body": "Words.", "marking": "OFFICIAL", "state": "draft"},
    ),
    "imports.send": _brings,
    "imports.undo_it": _brought,
    "sharing.add": lambda town: (
        f"/make/{town.space()}?kind=folder",
        {"name": "Plans", "slug": "plans", "marking": "OFFICIAL", "about": ""},
    ),
    "sharing.add_member": lambda town: (f"/members/{town.space()}/add", MEMBER | {"who": "org:york"}),
    "sharing.change_chosen": _archived,
    "sharing.change": lambda town: (f"/settings/{town.space()}", {"name": "Another name"}),
    "sharing.delete": lambda town: (f"/delete/{town.space()}", {}),
    "sharing.move_there": lambda town: (f"/move/{town.space()}", {"slug": "elsewhere", "to": _leeds(town)}),
    "sharing.put_there": _moved,
    "sharing.remove": lambda town: (
        f"/members/{town.space()}/remove",
        {"grant": town.give("org:york", "read", town.path())},
    ),
    "sharing.share_document": lambda town: (f"/share/document/{town.document()}/add", MEMBER | {"who": "org:york"}),
    "sharing.stop_sharing": _stopped,
    "sharing.take_state": lambda town: (f"/state/{town.space()}/archive", {}),
    "sharing.undo": _removed,
    "sharing.undo_sharing": _unshared,
    "sponsoring.end_guest": lambda town: ("/me/guests/end", {"grant": _sponsored(town)}),
    "sponsoring.renew_guest": lambda town: ("/me/guests/renew", {"grant": _sponsored(town)}),
    "sponsoring.wake_guest": lambda town: ("/me/guests/wake", {"grant": _sponsored(town, asleep=True)}),
    "talk.ask_them": lambda town: (f"{_thread(town)}/who-has-read", {"by": ""}),
    "talk.change_offers": lambda town: (f"/talk/{town.space()}/sorts", {"sort": ["news", "idea"]}),
    "talk.change_stage": lambda town: (f"{_said(town, 'idea')}/stage/accepted", {"body": "Gladly."}),
    "talk.have_read": _to_read,
    "talk.save_last_day": lambda town: (f"{_said(town, 'campaign')}/last-day", {"closes": "31/03/2099", "body": ""}),
    "talk.publish": lambda town: (f"{_said(town, 'news')}/publish", {"when": "now", "ask": ""}),
    "talk.say_what": lambda town: (f"{_said(town, 'idea')}/vote", {"word": "support", "on": "yes"}),
    "talk.announce_it": lambda town: (
        f"/talk/{town.space(takes='event')}/new-event",
        {"name": "Sensors", "body": "Come.", **WHEN},
    ),
    "talk.call_event_off": lambda town: (f"{_event(town)}/call-off", {"reason": "The speaker is ill"}),
    "talk.change_event": lambda town: (f"{_event(town)}/event", WHEN | {"venue": "Town Hall"}),
    "talk.come": lambda town: (f"{_event(town)}/come", {"word": "yes"}),
    "talk.accept_post": lambda town: (f"{_thread(town)}/posts/2/accept", {"on": "yes"}),
    "talk.close": lambda town: (f"{_thread(town)}/close", {"on": "yes"}),
    "talk.merge": lambda town: (f"{_thread(town)}/merge", {"into": _another(town)}),
    "talk.open_it": lambda town: (f"/talk/{town.space()}/new?kind=question", {"name": "How?", "body": "Like this?"}),
    "talk.pin": lambda town: (f"{_thread(town)}/pin", {"on": "yes"}),
    "talk.post": lambda town: (_thread(town), {"body": "Like that."}),
    "talk.rename": lambda town: (f"{_thread(town)}/rename", {"name": "How else?"}),
    "talk.save": lambda town: (f"{_thread(town)}/posts/1/edit", {"body": "Like what?", "based_on": "1"}),
    "talk.thank_post": lambda town: (f"{_thread(town)}/posts/2/thank", {"on": "yes"}),
    "talk.withdraw": lambda town: (f"{_thread(town)}/posts/2/withdraw", {"reason": "It named a resident"}),
    "writing.bring_revision_back": _brought_back,
    "writing.delete": lambda town: (f"/documents/{town.document('draft')}/delete", {}),
    "writing.mark": lambda town: (f"/documents/{town.document()}/marking", {"marking": "PUBLIC"}),
    "writing.save": lambda town: (
        f"/documents/{town.document()}/edit",
        {"name": "Plan", "body": "New words.", "note": "", "based_on": "1"},
    ),
    "writing.take": lambda town: (f"/documents/{town.document()}/withdraw", {}),
    "writing.undo": lambda town: (f"/documents/{town.document()}/undo", {"marking": "PUBLIC", "state": "published"}),
}
"""Of each view that acts, a thing to do, made ready: where it is sent to, and what is typed."""
WHO = {"asking.join": "york/yara"}


def _leeds(town: Town) -> str:
    with town.work() as uow:
        return town.place(uow, "leeds").id


def acting_views(app: Flask) -> set[str]:
    """Endpoints whose view is marked as one that acts."""
    return {endpoint for endpoint, view in app.view_functions.items() if getattr(view, "acts", False)}


def posts(app: Flask) -> set[str]:
    """Endpoints that take a form, but for the tour of a demo."""
    found = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    return {endpoint for endpoint in found if not endpoint.startswith("demo.")}


def test_every_form_is_bound_to_what_it_showed_or_is_exempt_by_name(app: Flask) -> None:
    acting = acting_views(app)
    assert posts(app) - acting == set(EXEMPT)
    assert acting == set(CASES)


def test_a_view_that_compares_nothing_is_a_fault_of_ours(app: Flask) -> None:
    """Whoever writes a new one cannot forget it: there is no other way to the unit of work of a view that acts."""
    from hub.audience.acting import acting, acts

    @acts
    def careless() -> None:
        with acting():
            pass

    with app.test_request_context(method="POST"), pytest.raises(RuntimeError, match="as it was shown"):
        careless()


@pytest.mark.long
def test_nothing_is_done_by_who_was_shown_nothing_or_what_is_not_so_any_more(town: Town) -> None:
    """Sam, of each kind of act: a form without a seal, one with the seal of another world, then the page's button."""
    faults = {}
    for endpoint, case in CASES.items():
        path, fields = case(town)
        fault = _fault(town, WHO.get(endpoint, "leeds/sam"), path, fields)
        if fault:
            faults[endpoint] = fault
    assert not faults, "\n".join(f"{each}: {why}" for each, why in faults.items())


def _fault(town: Town, who: str, path: str, fields: dict[str, Any]) -> str:
    sam, before = town.client(who), town.everything()
    sam.looks = False  # type: ignore[attr-defined]
    bare = sam.post(path, data=fields)
    if town.everything() != before:
        return "it was done without a seal"
    if bare.status_code not in {200, 303, 409, 422}:
        return f"it was answered with {bare.status_code}: {bare.text[:300]}"
    sheet = _asks(sam, bare, path)
    if not sheet.fields.get(SEEN):
        return "the page that asks sends no seal"
    old = [(name, f"{value}0") for name, value in parse_qsl(str(sheet.fields[SEEN]), keep_blank_values=True)]
    stale = sam.post(path, data=sheet.fields | fields | {SEEN: urlencode(old)})
    if town.everything() != before:
        return "it was done with a stale seal"
    if stale.status_code not in {200, 303, 409, 422}:
        return f"a stale seal was answered with {stale.status_code}"
    _press(sam, path, fields)
    return "" if town.everything() != before else "it was not done by the button of the page that asks"


def _press(browser: FlaskClient, path: str, fields: dict[str, Any]) -> None:
    """Ask for something, and say yes to every question."""
    answer = browser.post(path, data=fields)
    for _ in range(3):
        try:
            sheet = _asks(browser, answer, path)
        except StopIteration:
            return
        answer = browser.post(path, data=sheet.fields | fields)


def _asks(browser: FlaskClient, answer: TestResponse, path: str) -> Sheet:
    """The form of the page that asks, be it the answer itself or where that leads to."""
    shown = browser.get(answer.location) if answer.status_code == 303 else answer
    return Sheet(shown, path.partition("?")[0])


@pytest.mark.long
def test_what_another_does_between_the_look_and_the_write_is_not_done_over(town: Town) -> None:
    """Mo has made the draft a marking higher when Sam's button has been compared and not yet written: it is asked."""
    document = town.document("draft")
    sam = town.client("leeds/sam")
    asked = Sheet(sam.get(f"/documents/{document}/delete"), f"/documents/{document}/delete")
    begun: list[bool] = []

    def meanwhile(_: Connection, options: dict[str, Any]) -> None:
        """Run as the unit of work of Sam's request is about to begin."""
        if options.get("hub_writes") and not begun:
            begun.append(True)
            town.mark(f"doc:{document}", "OFFICIAL-SENSITIVE", "draft")

    event.listen(town.parts.database.engine, "set_connection_execution_options", meanwhile)
    answer = asked.send(sam)
    event.remove(town.parts.database.engine, "set_connection_execution_options", meanwhile)
    assert begun
    assert answer.status_code == 200
    assert "It is marked OFFICIAL-SENSITIVE now." in answer.text
    assert sam.get(f"/documents/{document}").status_code == 200
