"""Everything that somebody is answered: the pages that links lead to, and what is sent to find out more.

Each answer is kept whole: status, headers that matter, body, and how many statements the database was given for it,
which stands for the time that it took.
"""

import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event
from werkzeug.test import TestResponse

from hub.features.asking.reaching import reach_round
from hub.features.sharing.service import sweep
from tests.hub.features.signin.browser import SignInWorld
from tests.twins.worlds import BYTES, Luck

STARTS = (
    "/",
    "/organisations",
    "/spaces",
    "/spaces?find=a",
    "/spaces?service=housing",
    "/spaces?service=licensing",
    "/new?what=page",
    "/my-requests",
    "/notices",
    "/reports",
    "/terms",
    "/notices/settings",
    "/me/following",
    "/ask?q=lantern",
    "/invitations",
    "/arrivals",
    "/requests",
    "/people",
    "/people?q=lantern",
    "/me/profile",
    "/me/photo",
    "/me/feeds",
    "/me/sessions",
    "/events",
    "/me/feeds/new?search=q%3Dplan",
    "/search",
    "/search?q=&kind=person",
    "/admin/leeds",
    "/admin/leeds/questions",
)
LEFT_OUT = ("/sign-out", "/static/", "/sign-in")
MOST = 45
CHANGES = re.compile(r'(name="csrf[-_]token"[^>]*value="|name="csrf[-_]token" content="|nonce[-=]"?|\?link=)[^"\' ]*')
"""What is new in every answer."""
GROUPS = ("hull/merger", "hull/rivers", "york/flood", "york/nothing")
PEOPLE = ("hull/una", "hull/zoe-hart", "york/ute", "york/zoe-hart", "acme/maria-lopez")
WHOS = ("guest:acme/maria-lopez", "org:york", "org:hull", "org:nowhere", "all-staff", "everyone-but:group:york/flood")
PATHS = ("leeds/lantern", "leeds/open-data/lantern", "york/lantern", "york/nothing")
WORDS = ("lantern", "merger", "zoe", "maria", "ute")
"""What somebody with a suspicion would try."""
ASKED = ("status", "headers", "body", "statements")


@dataclass(frozen=True)
class Answer:
    """All that one request was answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: int

    def unlike(self, other: "Answer") -> list[str]:
        """In what it differs from another."""
        return [name for name in ASKED if getattr(self, name) != getattr(other, name)]


@dataclass
class Walk:
    """Somebody's answers, by what was asked, in the order in which it was."""

    answers: dict[str, Answer] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    """The pages that links led to."""

    def differences(self, other: "Walk") -> dict[str, str]:
        """What was asked, and in what the answers differ; with the first line that does."""
        found = {}
        for asked in self.answers.keys() | other.answers.keys():
            mine, theirs = self.answers.get(asked), other.answers.get(asked)
            if mine is None or theirs is None:
                found[asked] = "asked of one of them only"
            elif unlike := mine.unlike(theirs):
                found[asked] = f"{', '.join(unlike)}: {_first(mine, theirs)}"
        return found


def _first(mine: Answer, theirs: Answer) -> str:
    lines = zip(mine.body.splitlines(), theirs.body.splitlines(), strict=False)
    here, there = next(((a.strip(), b.strip()) for a, b in lines if a != b), (str(mine.headers), str(theirs.headers)))
    if (mine.status, mine.body, mine.headers) == (theirs.status, theirs.body, theirs.headers):
        return f"{mine.statements} statements, not {theirs.statements}"
    return f"{mine.status} “{here[:400]}” is not {theirs.status} “{there[:400]}”"


class Walker:
    """Somebody who looks at a hub and tries it, always in the same order."""

    def __init__(self, world: SignInWorld, who: str, luck: Luck, places: dict[str, str], hidden: str) -> None:
        luck.begin(f"session of {who}")
        self.world, self.who, self.luck = world, who, luck
        self.client: FlaskClient = world.client(who)
        self.walk = Walk()
        self.places = places
        self.hidden = hidden

    def everything(self, addresses: list[str] | None = None) -> Walk:
        """Walk through all pages, or through these; try what could tell more; and look at some pages again."""
        self.look(addresses)
        self.probe()
        if self.who == "leeds/sam":
            self.try_policy()
            self.try_guests()
        if self.who in ("leeds/sam", "leeds/ann"):
            self.try_sharing()
            self.try_keeping()
            self.try_making()
        self.luck.begin("the worker")
        sweep(self.world.parts)
        self.client.get("/organisations")  # what was removed moved everybody's policies on, as any change does
        reach_round(self.world.parts)
        self.world.index_all()
        for start in STARTS:
            self.get(start, "afterwards ")
        return self.walk

    def look(self, addresses: list[str] | None) -> None:
        """Follow every link, or open just these addresses."""
        if addresses is not None:
            self.walk.addresses = addresses
            for address in addresses:
                self.get(address)
            return
        waiting, seen = deque(STARTS), set[str]()
        while waiting and len(seen) < MOST:
            path = waiting.popleft()
            if path in seen or (path.startswith("/search?") and sum(each.startswith("/search?") for each in seen) > 12):
                continue
            seen.add(path)
            self.walk.addresses.append(path)
            waiting.extend(_links(path, self.get(path)))

    def probe(self) -> None:
        """Addresses and words that nobody told them."""
        for name in PEOPLE:
            self.get(f"/people/{name}")
        for path in PATHS:
            self.get(f"/places/{path}")
            self.get(f"/places/{path}/why")
            self.post("/ask-for-access", {"address": f"/places/{path}", "reason": "To know"})
        for place in (self.hidden, self.places["leeds/housing"], self.places["york/rivers"], self.places["hull"]):
            for page in ("who-is-in", "files", "members", "settings", "delete", "make", "upload"):
                self.get(f"/{page}/{place}")
            self.get(f"/files/{place}?sort=owner")
            self.get(f"/files/{place}/zip")
            for act in ("move", "mark", "archive", "publish", "zip"):
                self.post(f"/files/{place}/{act}", {"thing": f"doc:{self.hidden}"})
            self.post(f"/pins/{place}", {"thing": f"doc:{self.hidden}", "on": "yes"})
            self.post(f"/ask-to-join/{place}", {}, follow=True)
            self.post(f"/drafts?for=/upload/{place}", {"title": "Lantern"})
            self.post("/drafts/discard", {"for": f"/upload/{place}"}, place)
        self.get("/admin/platform/waiting")
        self.post("/admin/platform/waiting/confirm", {"hold": self.hidden})
        for word in WORDS:
            self.get(f"/search?q={quote(word)}")
            self.get(f"/members/{self.places['leeds/housing']}?find={word}")
            self.get(f"/places/leeds/housing/why?find={word}")
            self.get(f"/move/{self.places['leeds/housing/old']}?find={word}")

    def try_policy(self) -> None:
        """Lines of policy that name what may be there, looked at and not adopted."""
        whos = [f"group:{name}" for name in GROUPS] + [f"person:{name}" for name in PEOPLE] + list(WHOS)
        lines = [f"{effect},{who},read,leeds/housing,any,any,-,Why not" for who in whos for effect in ("allow", "deny")]
        lines += [f"{effect},org:leeds,read,{path},any,any,-,Why not" for path in (*PATHS, "leeds")
                  for effect in ("allow", "deny")]  # fmt: skip
        self.preview(lines)

    def preview(self, lines: list[str]) -> None:
        """Each of these lines below the text in force."""
        form = _form(self.get("/admin/leeds/policy/edit", "once more "), "policy/edit")
        for line in lines:
            sent = form | {"text": form.get("text", "") + line + "\r\n", "do": "check"}
            self.post("/admin/leeds/policy/edit", sent, line)

    def try_sharing(self) -> None:
        """Whom a space could be shared with, whom it would be shown to."""
        documents = sorted({path[:23] for path in self.walk.addresses if path.startswith("/documents/")})[:3]
        shared = [path.replace("/documents/", "/share/document/") for path in documents]
        others = (f"group:{GROUPS[0]}", f"person:{PEOPLE[0]}", f"person:{PEOPLE[3]}", "group:leeds/housing")
        for page in (f"/members/{self.places['leeds/housing']}", *shared):
            self.get(f"{page}?find=lantern")
            for who in ("org:york", "org:hull", "group:hull/rivers", "group:york/flood", *others):
                here = f"{page}/add?who={quote(who)}"
                self.get(here)
                self.post(here, {"who": who, "role": "editor", "reason": "Joint", "until": "2027-01-01"})
        for audience in ("open", "private", "confidential"):
            self.post(f"/settings/{self.places['leeds/housing']}", {"audience": audience}, audience)
        for place in ("leeds/housing", "leeds/open-data"):
            content = (io.BytesIO(BYTES), "lantern.pdf")
            sent = {"name": f"Ours in {place}", "marking": "OFFICIAL", "state": "draft", "file": content}
            self.post(f"/upload/{self.places[place]}", sent, place, follow=True)

    def try_making(self) -> None:
        """Places with the addresses that hidden ones may have."""
        for above, kind in (("leeds", "space"), ("leeds/housing", "space"), ("leeds/open-data", "folder")):
            self.make(above, kind, "lantern")
        self.make("leeds", "space", "max-only")
        there = {"to": self.places["leeds/housing"], "slug": "lantern-2"}
        self.agree(f"/move/{self.places['leeds/housing/old']}", there)
        self.agree(f"/delete/{self.places['leeds/housing/empty']}", {})
        self.get("/places/leeds/housing/empty")
        self.get("/places/leeds/housing", "after deleting ")
        self.make("leeds/housing", "folder", "empty")

    def try_keeping(self) -> None:
        """What is typed is kept, told on home, and put away."""
        for page in (
            f"/make/{self.places['leeds/housing']}?kind=space",
            f"/upload/{self.places['leeds/housing']}?as=text",
        ):
            form = _form(self.get(page, "to type "), page.partition("?")[0])
            self.post(f"/drafts?for={quote(page)}", form | {"name": "Lantern", "slug": "lantern", "title": "Lantern"})
            self.post(f"/drafts?for=/make/{self.hidden}", form | {"name": "Lantern"}, f"elsewhere {page}")
            self.get("/", f"kept {page} ")
            self.post("/drafts/discard", {"for": page.partition("?")[0]}, page, follow=True)

    def make(self, above: str, kind: str, slug: str) -> None:
        """Make a place of that address."""
        sent = {"name": slug, "slug": slug, "audience": "restricted", "marking": "OFFICIAL", "about": ""}
        self.agree(f"/make/{self.places[above]}?kind={kind}", sent, slug)

    def try_guests(self) -> None:
        """People of a firm, by addresses that may be known."""
        self.admit("Maria Lopez", "maria@acme.example")
        self.admit("M. L.", "maria@acme.example")

    def admit(self, name: str, email: str) -> None:
        """Admit somebody, and look at the list."""
        sent = {"firm": "acme", "name": name, "email": email, "space": self.places["leeds/open-data"], "role": "reader"}
        sent |= {"reason": "A pump", "until": "2027-01-01", "sponsor": "sam"}
        self.agree("/admin/leeds/guests/add", sent, name)
        self.get("/admin/leeds/guests", f"after {name} ")

    def agree(self, path: str, sent: dict[str, Any], note: str = "") -> None:
        """Send something, press the button of the page that asks, and follow where it leads."""
        asked = self.post(path, sent, note)
        form = _form(asked, "")
        if asked.status == 200 and form:
            action = html.fromstring(asked.body).xpath("//div[@class='hub-buttons']/form/@action")
            self.post(str(action[0]) if action else path, form, f"agreed {note}", follow=True)

    def get(self, path: str, note: str = "") -> Answer:
        """Open a page."""
        return self._keep(f"{note}GET {path}", lambda: self.client.get(path))

    def post(self, path: str, data: dict[str, Any], note: str = "", *, follow: bool = False) -> Answer:
        """Send a form."""
        told = note or " ".join(f"{k}={v}" for k, v in data.items() if isinstance(v, str))
        return self._keep(f"POST {path} {told}", lambda: self.client.post(path, data=data, follow_redirects=follow))

    def _keep(self, asked: str, act: Any) -> Answer:
        self.luck.begin(f"{self.who} {asked} {len(self.walk.answers)}")
        with counting(self.world) as said:
            response: TestResponse = act()
            body = response.data
        kept = {"Set-Cookie", "Date", "Content-Length"}
        headers = tuple(sorted((k, CHANGES.sub(r"\1", v)) for k, v in response.headers if k not in kept))
        answer = Answer(response.status_code, headers, CHANGES.sub(r"\1", body.decode("utf-8", "replace")), len(said))
        self.walk.answers[f"{self.who}: {asked} at {response.request.path}"] = answer
        return answer


@contextmanager
def counting(world: SignInWorld) -> Iterator[list[str]]:
    """The statements that the database is given in a block."""
    said: list[str] = []

    def note(*call: Any) -> None:
        said.append(call[2])

    event.listen(world.parts.database.engine, "before_cursor_execute", note)
    yield said
    event.remove(world.parts.database.engine, "before_cursor_execute", note)


def _links(path: str, answer: Answer) -> list[str]:
    if answer.status != 200 or not answer.body.lstrip().startswith("<"):
        return []
    found = []
    for href in html.fromstring(answer.body).xpath("//a/@href"):
        whole = urlsplit(urljoin(f"http://hub{path}", str(href)))
        if whole.netloc == "hub" and not whole.path.startswith(LEFT_OUT):
            found.append(f"{whole.path}{f'?{whole.query}' if whole.query else ''}")
    return found


def _form(answer: Answer, action: str) -> dict[str, str]:
    if answer.status != 200:
        return {}
    main = html.fromstring(answer.body)
    xpath = f"//form[contains(@action, '{action}')]" if action else "//div[@class='hub-buttons']/form"
    forms = main.xpath(xpath)
    return dict(forms[0].form_values()) if forms else {}
