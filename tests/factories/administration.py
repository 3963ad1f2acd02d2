"""Examples of the pages of administration."""

from dataclasses import replace
from typing import Final

from hub.features.administration.pages import (
    AddPersonPage,
    ChecklistPage,
    GroupPage,
    GroupRow,
    GroupsPage,
    HandEditRow,
    LinkOncePage,
    OrganisationAdminPage,
    PeoplePage,
    PersonAdminPage,
    PolicyEditPage,
    PolicyHistoryPage,
    PolicyPage,
    PolicyVersionPage,
    ProvingRow,
    Said,
    Someone,
    Step,
    Tab,
    Touched,
    VersionRow,
    Wanted,
    WishRow,
)
from hub.features.writing.difference import compare
from hub.nouns.organisations.leaving import LEAVES
from hub.web.pages import Choice, Crumb, Page, Problem, Send
from hub.web.paging import page_links
from tests.factories.page_values import LONG_WORD, NOW

TABS: Final = (Tab("Overview", "/admin/leeds"), Tab("People", "/admin/leeds/people", current=True))
CRUMBS: Final = (Crumb("Administration of Leeds City Council", "/admin/leeds"),)
REMOVE: Final = Send("Remove", "/admin/leeds/groups/housing/remove", (("person", "ann-lee"),), "link")
PEOPLE: Final = (
    Someone("Ann Lee", "/admin/leeds/people/ann-lee", "leeds/ann-lee", "ann@leeds.example", "Officer", send=REMOVE),
    Someone("Bo Marsh", "/admin/leeds/people/bo", "leeds/bo", status="suspended"),
    Someone(LONG_WORD, "/admin/leeds/people/x", "leeds/x", signed_in=False),
    Someone("Gus", "/admin/leeds/people/gus", "leeds/gus", kind="guest"),
)
POLICY: Final = "effect,who,can,where,marking,state,until,reason\nallow,org:leeds,read,leeds,any,any,-,<b>We read</b>\n"
SENDS: Final = (
    Send("End all sessions", "/admin/leeds/people/ann-lee/sessions"),
    Send("Suspend", "/admin/leeds/people/ann-lee/status", (("status", "suspended"),), "warning"),
)


def administration() -> dict[str, Page]:
    """Every page of administration by a short name."""
    people = PeoplePage(
        crumbs=CRUMBS,
        tabs=TABS,
        action="/admin/leeds/people",
        add_href="/admin/leeds/people/add",
        query="ann",
        only="active",
        parts=(Tab("Everybody", "/admin/leeds/people"), Tab("Active", "?only=active", current=True)),
        people=PEOPLE,
        links=page_links(2, 50, 120, lambda n: f"?page={n}"),
        wanted=(Wanted("bo@leeds.example", "Mo of York", "/x"), Wanted(f"{LONG_WORD}@leeds.example", LONG_WORD, "/x")),
    )
    add = AddPersonPage(
        title="Add a person", crumbs=CRUMBS, tabs=TABS, action="/admin/leeds/people/add", prefix="leeds/"
    )
    link = LinkOncePage(
        title="A sign-in link for Ann Lee",
        crumbs=CRUMBS,
        tabs=TABS,
        person="Ann Lee",
        organisation="Leeds City Council",
        link=f"https://hub.example/sign-in?link={LONG_WORD}",
        lasts="72 hours",
        person_href="/admin/leeds/people/ann-lee",
        add_href="/admin/leeds/people/add",
    )
    person = PersonAdminPage(
        title="Ann Lee",
        crumbs=CRUMBS,
        tabs=TABS,
        handle="leeds/ann-lee",
        email="ann@leeds.example",
        job="Flood officer",
        kind="staff",
        status="active",
        signed_in=True,
        action="/admin/leeds/people/ann-lee",
        typed_name="Ann Lee",
        typed_email="ann@leeds.example",
        typed_job="Flood officer",
        sessions=2,
        added=NOW,
        groups=(Tab("Housing", "/admin/leeds/groups/housing"),),
        sends=SENDS,
    )
    groups = GroupsPage(
        crumbs=CRUMBS,
        tabs=TABS,
        action="/admin/leeds/groups",
        groups=(GroupRow("Housing", "/admin/leeds/groups/housing", "leeds/housing", 12),),
    )
    group = GroupPage(
        title="Housing",
        crumbs=CRUMBS,
        tabs=TABS,
        handle="leeds/housing",
        action="/admin/leeds/groups/housing",
        members=PEOPLE,
        query="bo",
        found=PEOPLE[:1],
    )
    policy = PolicyPage(
        crumbs=CRUMBS,
        tabs=TABS,
        file="organisations/leeds.csv",
        lines=tuple(POLICY.splitlines()),
        edit_href="/admin/leeds/policy/edit",
        accepted_at=NOW,
        accepted_by="leeds/sam-okafor",
        remarks=(Said(2, "who", "nobody is called that."),),
        refused=(Said(3, "effect", "Deny is not deny."), Said(0, "", "LEEDS.CSV is not in force: rename it.")),
        hand_edits=(
            HandEditRow("/admin/leeds/policy/edit?saved=2", NOW, LONG_WORD, "It loses all 3 denies.", held=True),
            HandEditRow("/admin/leeds/policy/edit?saved=1", NOW, "sam", LONG_WORD, held=False),
        ),
        wishes=(
            WishRow(
                f"{LONG_WORD}, Leeds City Council",
                NOW,
                f"delete leeds/{LONG_WORD}",
                (1, 2),
                Send("Say no", "/admin/leeds/policy/wishes/x/refuse", (), "link"),
            ),
        ),
    )
    edit = PolicyEditPage(
        title="Edit the policy",
        crumbs=CRUMBS,
        tabs=TABS,
        file="organisations/leeds.csv",
        action="/admin/leeds/policy/edit",
        cancel_href="/admin/leeds/policy",
        text=POLICY,
        replacing="a" * 64,
    )
    return {
        "admin-checklist": ChecklistPage(
            title="Administration of Leeds City Council",
            tabs=TABS,
            steps=(
                Step("People", "12 people", done=True, href="/admin/leeds/people"),
                Step("Spaces", "None yet", False),
            ),
            done=1,
            sends=(Send("Dismiss", "/admin/leeds/set-up"),),
        ),
        "admin-people": people,
        "admin-people-none": replace(people, people=(), links=page_links(1, 50, 0, str)),
        "admin-add-person": add,
        "admin-add-person-refused": replace(add, name="Ann", problems=(Problem("handle", "It is there already"),)),
        "admin-link": link,
        "admin-link-of-guest": replace(link, local=True, mailed=f"{LONG_WORD}@acme.example"),
        "admin-no-link": replace(link, link=""),
        "admin-person": person,
        "admin-person-self": replace(person, groups=(), sends=(), is_viewer=True),
        "admin-groups": groups,
        "admin-groups-none": replace(groups, groups=(), problems=(Problem("name", "Enter a name"),)),
        "admin-group": group,
        "admin-group-none": replace(group, members=(), found=()),
        "admin-organisation": OrganisationAdminPage(
            crumbs=CRUMBS,
            tabs=TABS,
            action="/admin/leeds/organisation",
            name="Leeds City Council",
            description="Metropolitan district council",
            contact="hub@leeds.example",
            unreachable=3,
            choices=tuple(Choice(key, text) for key, text in LEAVES.items()),
            domains=(("leeds.gov.uk", NOW), ("leeds.example", None)),
            proving=(
                ProvingRow(
                    f"{LONG_WORD}.example",
                    f"_hub.{LONG_WORD}.example",
                    f"hub-domain={LONG_WORD}",
                    Send("Look now", "/admin/leeds/organisation/domains/x/check"),
                    Send("Leave it", "/admin/leeds/organisation/domains/x/drop", (), "link"),
                ),
            ),
        ),
        "admin-policy": policy,
        "admin-policy-none": replace(
            policy, lines=(), accepted_at=None, remarks=(), refused=(), hand_edits=(), wishes=()
        ),
        "admin-policy-edit": edit,
        "admin-policy-checked": replace(
            edit,
            checked="b" * 64,
            remarks=(Said(2, "who", "nobody is called that."),),
            sentences=("It shows 3 documents to 2 people in 1 organisation.", "It takes 1 document from 2 guests."),
            touched=(Touched("City of York Council", "2", "0"), Touched("Guests", "0", "2")),
            difference=compare(POLICY, POLICY + "deny,org:york,read,leeds,any,any,-,Not now\n"),
        ),
        "admin-policy-recounted": replace(
            edit,
            checked="b" * 64,
            news=("Something changed since you were asked. This is the count as it is now.",),
            sentences=("It shows 3 documents to 3 people in 1 organisation.",),
        ),
        "admin-policy-held": replace(
            edit,
            checked="b" * 64,
            sentences=("It shows 3 documents to 2 people in 1 organisation.",),
            difference=compare(POLICY, "".join(POLICY.splitlines(keepends=True)[:1])),
            hand_edit=policy.hand_edits[0],
            put_back=Send("Put the accepted text back", "/admin/leeds/policy/put-back", (("digest", "a" * 64),)),
        ),
        "admin-policy-history": PolicyHistoryPage(
            tabs=TABS,
            file="organisations/leeds.csv",
            versions=(VersionRow(2, "/v/2", NOW, LONG_WORD, in_force=True), VersionRow(1, "/v/1", NOW, "leeds/sam")),
            links=page_links(1, 50, 120, lambda n: f"?page={n}"),
        ),
        "admin-policy-history-none": PolicyHistoryPage(tabs=TABS, file="organisations/leeds.csv", versions=()),
        "admin-policy-version": PolicyVersionPage(
            title="Version 1 of the policy",
            tabs=TABS,
            file="organisations/leeds.csv",
            version=VersionRow(1, "/v/1", NOW, "leeds/sam"),
            lines=tuple(POLICY.splitlines()),
            difference=compare(POLICY, POLICY + "deny,org:york,read,leeds,any,any,-,Not now\n"),
            back_href="/admin/leeds/policy/edit?version=1",
        ),
        "admin-policy-refused": replace(
            edit, faults=(Said(2, "", "is odd."),), problems=(Problem("text", "Line 2: is odd."),)
        ),
    }
