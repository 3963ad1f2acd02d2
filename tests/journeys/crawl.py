"""How a journey ends: everything that somebody can reach is fetched, and no word is in it that they must not learn.

From home, by every link of every page that is shown to them (pages of places, documents, revisions, people, results,
facets, further pages, files), and by the addresses that they were told. Each word is searched for too, and must be
answered to the byte as a word is that nobody ever wrote.
"""

import io
import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus, urljoin, urlsplit

from lxml import html
from playwright.sync_api import APIResponse, Page

STARTS = (
    "/",
    "/spaces",
    "/organisations",
    "/new?what=page",
    "/favourites",
    "/my-requests",
    "/notices",
    "/reports",
    "/terms",
    "/notices/settings",
    "/me/following",
    "/invitations",
    "/arrivals",
    "/requests",
    "/admin/platform/waiting",
    "/admin/leeds/questions",
    "/admin/leeds/records?why=a+request",
    "/admin/leeds/retention",
    "/people",
    "/ask?q=who+knows+the+plan",
    "/me/profile",
    "/me/photo",
    "/me/feeds",
    "/me/sessions",
    "/events",
    "/me/feeds/new?search=q%3Dplan",
    "/search",
    "/search?q=&kind=person",
    "/search?q=&kind=document",
)
ABOUT = (
    "who-is-in", "files", "talk", "members", "settings", "move", "delete", "make", "upload", "bring", "audience/place",
    "figures",
)  # fmt: skip
"""The pages of a place that go by its id, which nobody guesses."""
OF_TALK = ("events", "sorts", "new", "new-event", "names?q=a")
"""Those of its talk, which go by it too."""
ACTS = ("ask-to-join", "pins", "cover", "members", "settings", "move", "delete")
"""What is sent to a place's pages, by whoever learned of its id: each answer is looked at like a page."""
LEFT_OUT = ("/sign-out", "/static/", "/sign-in", "/demo")
"""What ends the session, what is the same for everybody, and the tour, which tells all comers of its own canary."""
SAYS_BACK = ("/search", "/me/feeds/new?search=")
"""Pages that say what was searched for."""
MOST = 80
"""Pages that a crawl looks at, unless it is told otherwise."""
MOST_SEARCHES = 15
"""Pages of results among them: facets multiply without end."""
MOST_FILE = 3_000_000
CHANGES = re.compile(r'(name="(?:csrf|form)[-_]token"[^>]*value="|name="csrf[-_]token" content="|nonce[-=]"?)[^"\' ]*')
"""What is new in every answer."""


@dataclass
class Crawled:
    """What was looked at, and where a word was that must not be there: its address, and the page that led to it."""

    pages: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)
    """Answers that no crawl should meet: errors of the hub, links of a page that lead nowhere."""


def finds_nothing(
    page: Page, url: str, words: Iterable[str], *, told: Iterable[str] = (), least: int = 5, most: int = MOST
) -> int:
    """Fail, with the addresses, where a crawl finds one of the words, or an error; returns how many pages it saw.

    `told` are addresses that the person has been told of; `least` is how many pages there are to be seen at the least.
    """
    found = crawl(page, url, words, told=told, most=most)
    assert found.told == {}, f"a word that must not be known is told at {found.told}"
    assert found.odd == {}, f"links that lead to no page: {found.odd}"
    assert len(found.pages) >= least, f"a crawl of {len(found.pages)} pages proves nothing: {found.pages}"
    return len(found.pages)


def about(place_id: str) -> list[str]:
    """The addresses of a place's own pages, to be told to whoever must not learn of it."""
    return [f"/{page}/{place_id}" for page in ABOUT] + [f"/talk/{place_id}/{page}" for page in OF_TALK]


def finds(page: Page, url: str, word: str, *, told: Iterable[str] = (), most: int = MOST) -> list[str]:
    """The same crawl by somebody who may know the word: where it is. One that never finds it would prove nothing."""
    found = crawl(page, url, (word,), told=told, most=most)
    assert found.told, f"nobody is told “{word}” on any of {len(found.pages)} pages: the crawl is blind"
    assert found.odd == {}, f"links that lead to no page: {found.odd}"
    return list(found.told)


def crawl(page: Page, url: str, words: Iterable[str], *, told: Iterable[str] = (), most: int = MOST) -> Crawled:
    """Follow every link as whoever is signed in on `page`; `url` is the hub's address."""
    wanted, told, found = tuple(word.lower() for word in words), list(told), Crawled()
    waiting = deque([(path, "the start") for path in STARTS] + [(path, "somebody, in words") for path in told])
    for word in wanted:
        asked = page.request.get(f"{url}/search?q={_phrase(word)}")
        if not _is_unknown(page, url, word, asked.text()):
            found.told[f"/search?q={word}"] = "the search: it is not answered as one for a word that nobody wrote"
        results = (link for link in _links(asked, url) if not link.startswith(SAYS_BACK))
        waiting.extend((link, f"/search?q={word}") for link in results)
    tokens = html.fromstring(page.request.get(f"{url}/").text()).xpath("//input[@name='csrf_token']/@value")
    for path in _forms(told):
        answer = page.request.post(f"{url}{path}", form={"csrf_token": str(tokens[0])}, max_redirects=0)
        if answer.status >= 500:
            found.odd[path] = f"{answer.status}, by a form that was sent there"
        if any(word in text for word in wanted for text in _texts(answer)):
            found.told[path] = "a form that was sent there"
    seen, searches = set[str](), 0
    while waiting and len(found.pages) < most:
        path, source = waiting.popleft()
        searches += path.startswith("/search")
        if path in seen or (path.startswith("/search") and searches > MOST_SEARCHES):
            continue
        seen.add(path)
        answer = page.request.get(f"{url}{path}", max_redirects=5)
        found.pages.append(path)
        if answer.status >= 500 or (answer.status != 200 and source.startswith("/")):
            found.odd[path] = f"{answer.status}, by {source}"
        if any(word in text for word in wanted for text in _texts(answer)):
            found.told[path] = source
        waiting.extend((link, path) for link in _links(answer, url) if not _asks_for(link, wanted))
    return found


def _forms(told: Iterable[str]) -> list[str]:
    """Where forms go about the places of whose pages somebody was told."""
    places = {path.rpartition("/")[2] for path in told if path.startswith("/who-is-in/")}
    return [f"/{act}/{place}" for place in sorted(places) for act in ACTS]


def _is_unknown(page: Page, url: str, word: str, shown: str) -> bool:
    """Whether a search for the word was answered, to the byte, as one is for a word that is in no document."""
    absent = f"{word[::-1].replace(' ', '')}q"
    other = page.request.get(f"{url}/search?q={_phrase(absent)}").text()
    return _without(shown, word) == _without(other, absent)


def _phrase(words: str) -> str:
    return quote(f'"{words}"')


def _without(text: str, asked: str) -> str:
    for spelling in (asked, quote(asked), asked.replace(" ", "+")):
        text = re.sub(re.escape(spelling), "…", text, flags=re.IGNORECASE)
    return CHANGES.sub(r"\1", text)


def _texts(answer: APIResponse) -> Iterator[str]:
    """What an answer says: its headers, its source, its words without the tags between them, what is packed in it."""
    yield " ".join(f"{name}: {value}" for name, value in answer.headers.items()).lower()
    content = answer.body()[:MOST_FILE]
    if "html" in answer.headers.get("content-type", ""):
        yield answer.text().lower()
        yield " ".join(html.fromstring(answer.text()).text_content().split()).lower()
    else:
        yield content.decode("utf-8", "replace").lower()
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                for name in packed.namelist():
                    yield re.sub(r"<[^>]*>", "", packed.read(name).decode("utf-8", "replace")).lower()


def _links(answer: APIResponse, url: str) -> Iterator[str]:
    if "html" not in answer.headers.get("content-type", ""):
        return
    tree = html.fromstring(answer.text())
    for href in tree.xpath("//@href | //@src | //@hx-get | //form[@method='get']/@action"):
        whole = urlsplit(urljoin(answer.url, str(href)))
        if f"{whole.scheme}://{whole.netloc}" == url and not whole.path.startswith(LEFT_OUT):
            yield f"{whole.path}{f'?{whole.query}' if whole.query else ''}"
    for form in tree.xpath("//form/@data-draft"):  # and as they typed into it before, if they did
        yield f"{form}{'&' if '?' in form else '?'}draft=use"


def _asks_for(link: str, words: Iterable[str]) -> bool:
    """Whether the address itself says a word: its page would say it back."""
    return any(word in unquote_plus(link).lower() for word in words)
