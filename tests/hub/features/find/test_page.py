"""The search page and the home page as a browser gets them, and the command that prints the same."""

import json
import re
import time
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import html

from hub.features.find.commands import index, search
from hub.ground.db import Database
from hub.running.command import Console
from search.engine import EngineDown, EngineSlow
from tests.hub.features.find.test_leaks import (
    LEEDS,
    YORK,
    councils,  # noqa: F401  # a fixture
)
from tests.hub.once import Begin
from tests.hub.world import World

RANDOM = re.compile(rb'(name="(?:csrf|form)_token" value="|nonce=")[^"]*')


def words_of(page: Any) -> str:
    return " ".join(html.fromstring(page.get_data(as_text=True)).text_content().split())


def run(world: World, command: Any, *arguments: str) -> Any:
    """A command over the world's parts."""

    @contextmanager
    def opened() -> Any:
        yield world.parts

    from config.settings import Settings

    console = Console(open_parts=opened, settings=lambda: Settings(data=world.parts.policy_dir.parent))
    return CliRunner().invoke(command, list(arguments), obj=console)


def leeds_and_york(world: World) -> None:
    """Ann works for Leeds, Bea for its housing, Yan for York; a housing space, and a flood plan within it."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", *YORK)
    world.add_person("leeds/ann", name="Ann Lee")
    world.add_person("leeds/bea", "leeds/housing")
    world.add_person("york/yan")
    world.add_space("leeds/housing", "restricted", name="Leeds Housing")
    world.add_space("leeds/housing/flood-plan", "restricted", name="Joint Flood Plan")


@pytest.fixture
def leeds(begin: Begin, sqlite_database: Database) -> World:
    return begin(leeds_and_york, sqlite_database)


def test_what_yan_may_not_see_changes_no_byte_of_his_page(councils: World) -> None:  # noqa: F811
    """L1 to L6, L16: documents hidden from him, full of his words, leave every byte as it was, on both engines.

    Ranking uses a document's own words alone (`search/ranking.py`), so the order by relevance holds as well.
    """
    world = councils
    for number in range(25):
        world.add_document("leeds/housing/flood-plan", f"Plan {number}", "flood " * (number % 5) + "and sandbags")
    world.index_all()
    browser = world.client("york/yan")
    addresses = [
        "/search?q=flood+sandbags", "/search?q=flood&page=2", "/search?q=sandbags&sort=newest", "/search?q=heron",
        "/search?q=%22and+sandbags%22&kind=document&year=2026", "/search?q=flod", "/search?kind=document", "/",
    ]  # fmt: skip
    before = [RANDOM.sub(b"", browser.get(address).data) for address in addresses]
    for number in range(40):
        marking = "OFFICIAL-SENSITIVE" if number % 2 else "OFFICIAL"
        body = "heron " * number + "flood sandbags"
        world.add_document("leeds/housing", "flood flood sandbags", body, marking=marking)
    world.add_document("leeds/housing/flood-plan", "flood heron flod", "and sandbags flood", state="draft")
    world.add_space("leeds/heron-sandbags-flood", "confidential")
    world.add_person("leeds/heron-flood")
    for _ in range(2):  # before the index has them, and after
        after = [RANDOM.sub(b"", browser.get(address).data) for address in addresses]
        for address, was, now in zip(addresses, before, after, strict=True):
            assert was == now, address
        world.index_all()
    assert b"20 results" in before[0]


def test_a_stranger_and_someone_suspended_are_sent_to_sign_in_whatever_they_ask(leeds: World) -> None:
    """L30: the same redirect, with or without anything to find."""
    leeds.add_document("leeds/housing", "Sandbag note", "Sandbags")
    leeds.index_all()
    stranger, ann = leeds.client(), leeds.client("leeds/ann")
    assert ann.get("/search?q=sandbags").status_code == 200
    leeds.set_status("leeds/ann", "suspended")
    for browser in (stranger, ann):
        for address in ("/search?q=sandbags", "/search?q=nothing", "/"):
            answer = browser.get(address)
            assert answer.status_code in {302, 303}
            assert answer.location.startswith("/sign-in")
            assert b"andbag" not in answer.data.replace(b"q%3Dsandbags", b"").replace(b"sandbags", b"")


def test_the_page_and_the_command_show_the_same(leeds: World) -> None:
    for number in range(13):
        leeds.add_document("leeds/housing", f"Sandbag note {number}", "Sandbags, pumps & <i>ropes</i>")
    leeds.add_document("leeds/housing", "Sandbag budget", "Sandbags", marking="OFFICIAL-SENSITIVE")
    leeds.index_all()
    for page in (1, 2):
        asked = ("--as", "leeds/ann", "sandbags", "--page", str(page), "--space", "leeds/housing")
        told = run(leeds, search, *asked, "--json")
        assert told.exit_code == 0, told.output
        found = json.loads(told.stdout)
        assert found["total"] == 13
        address = f"/search?q=sandbags&space=leeds/housing&page={page}"
        tree = html.fromstring(leeds.client("leeds/ann").get(address).text)
        hits = tree.xpath("//li[@class='hub-hit']//h3/a")
        assert [hit.get("href") for hit in hits] == [hit["href"] for hit in found["hits"]]
        assert [hit.text_content() for hit in hits] == [hit["title"] for hit in found["hits"]]
        assert all(hit["id"] == "doc:" + hit["href"].rpartition("/")[2] for hit in found["hits"])
        assert {(h["organisation"], h["space"], h["marking"]) for h in found["hits"]} == {
            ("Leeds City Council", "Leeds Housing", "OFFICIAL")
        }
        shown = {
            (box.get("name"), box.get("value"), int(box.getparent().text_content().split()[-1]))
            for box in tree.xpath("//input[@type='checkbox']")
        }
        assert shown == {(n, o["value"], o["count"]) for n, some in found["facets"].items() for o in some}


def test_ann_can_tell_two_spaces_of_one_name_apart(leeds: World) -> None:
    """Each council has its planning: the filter names the organisation, and where that is not enough the path."""
    leeds.set_policy("york", *YORK, "allow,all-staff,read,york,up to OFFICIAL,published,-,York tells everybody")
    for path, name in (
        ("leeds/planning", "Planning"),
        ("york/planning", "Planning"),
        ("leeds/housing/repairs", "Repairs"),
        ("leeds/planning/repairs", "Repairs"),
        ("york/parks", "Parks"),
    ):
        leeds.add_space(path, name=name)
        leeds.add_document(path, f"Kerb {path}", "Kerbs")
    leeds.index_all()
    found = json.loads(run(leeds, search, "--as", "leeds/ann", "kerb", "--space", "york/planning", "--json").stdout)
    texts = {option["value"]: option["text"] for option in found["facets"]["space"]}
    assert texts == {
        "leeds/planning": "Planning (Leeds City Council)",
        "york/planning": "Planning (York City Council)",
        "leeds/housing/repairs": "Repairs (leeds/housing/repairs)",
        "leeds/planning/repairs": "Repairs (leeds/planning/repairs)",
        "york/parks": "Parks",
    }
    said = words_of(leeds.client("leeds/ann").get("/search?q=kerb&space=york/planning"))
    assert said.count("Planning (York City Council)") >= 2  # among the options, and as the filter that is in force


def test_what_is_named_alike_but_hidden_changes_no_name(leeds: World) -> None:
    """Yan may see one space called Planning: that there is another is not told by the way his is named."""
    leeds.set_policy("york", *YORK)
    leeds.add_space("york/planning", name="Planning")
    leeds.add_document("york/planning", "Kerbs", "Kerbs")
    leeds.add_space("leeds/planning", "confidential", name="Planning")
    leeds.add_document("leeds/planning", "Kerbs", "Kerbs")
    leeds.index_all()
    found = json.loads(run(leeds, search, "--as", "york/yan", "kerbs", "--json").stdout)
    assert [option["text"] for option in found["facets"]["space"]] == ["Planning"]


def test_the_support_desk_is_told_what_to_do_when_the_command_cannot_be(leeds: World) -> None:
    from hub.ground.errors import Invalid

    for arguments, sentence in (
        (["--as", "leeds/nn", "x"], "no person"),
        (["--as", "leeds/ann", "x", "--space", "leeds/hausing"], "Did you mean leeds/housing"),
        (["--as", "leeds/ann", "x", "--from", "last week"], "a day such as 31/03/2027"),
        (["--as", "leeds/ann", "x" * 10_000], "10,000 characters"),
        (["--as", "leeds/ann", "x", "--page", "1001"], "1000"),
        (["--as", "leeds/ann", "x", "--year", "next"], "cannot be a value of --year"),
        (["--as", "leeds/ann", "x", "--marking", "SECRET"], "OFFICIAL-SENSITIVE"),
    ):
        told = run(leeds, search, *arguments)
        assert told.exit_code != 0
        said = str(told.exception) if isinstance(told.exception, Invalid) else told.output
        assert sentence in said, said


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/search?q=" + "x" * 10_000, 422, "at most 1,000"),
        ("/search?q=" + "+".join(f"w{n}" for n in range(60)), 422, "at most 20"),
        ("/search?q=sand&from=last+week", 422, "a day such as 31/03/2027"),
        ("/search?q=sand&from=31/02/2026", 422, "no such day as 31/02/2026"),
        ("/search?q=sand&from=31.3.2026&to=31/12/2026", 200, "From 31 March 2026"),
        ("/search?q=sand&from=2026-05-01&to=2026-04-01", 422, "swap them"),
        ("/search?q=sand&page=0", 400, "counted from 1"),
        ("/search?q=sand&page=-1", 400, "counted from 1"),
        ("/search?q=sand&page=%F0%9F%90%8D", 400, "counted from 1"),
        ("/search?q=sand&page=99999", 422, "first 10,000 results"),
        ("/search?q=sand&page=500", 200, "1 result"),
        ("/search?q=sand&kind=canary&marking=canary&year=canary&type=CANARY&sort=canary&x=canary", 200, "1 result"),
        ("/search?q=sand&organisation=canary", 200, "Nothing found"),
        ("/search?q=sand&space=" + "&space=".join(f"canary-{n}" for n in range(300)), 422, "at most 200"),
        ("/search?q=%00%01%EF%BF%BF%ED%A0%80", 200, "Nothing found"),
        ("/search?from=&to=&q=", 200, "One search covers every organisation"),
        ("/search?q=%22", 200, "results"),
    ],
)
def test_bad_questions_are_answered_plainly_and_repeat_nothing(
    leeds: World, address: str, status: int, sentence: str
) -> None:
    leeds.add_document("leeds/housing", "Sand", "Some")
    leeds.index_all()
    answer = leeds.client("leeds/ann").get(address)
    assert answer.status_code == status, answer.text
    assert sentence in words_of(answer)
    assert "canary" not in words_of(answer).lower()
    assert len(answer.data) < 30_000


def test_ann_can_read_her_question_in_the_box_but_it_is_only_text(leeds: World) -> None:
    leeds.index_all()
    answer = leeds.client("leeds/ann").get('/search?q="><script>alert(1)</script>&from="><script>')
    assert b"<script>alert" not in answer.data
    assert b"<script>" not in answer.data


class Broken:
    """The real engine, but for its search, which the network has taken away."""

    def __init__(self, engine: Any, error: Exception) -> None:
        self._engine = engine
        self._error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, _request: Any) -> Any:
        raise self._error


@pytest.mark.parametrize("error", [EngineDown("no server at 10.1.2.3"), EngineSlow("too slow: 10.1.2.3")])
def test_when_the_engine_is_away_ann_is_told_and_nothing_else(leeds: World, error: Exception) -> None:
    from dataclasses import replace

    leeds.add_document("leeds/housing", "Sandbag budget", "Sandbags")
    leeds.index_all()
    broken = World(replace(leeds.parts, engine=Broken(leeds.parts.engine, error)))
    answer = broken.client("leeds/ann").get("/search?q=sandbags")
    assert answer.status_code == 503
    assert "Search is not answering" in words_of(answer)
    assert b"10.1.2.3" not in answer.data
    assert b"budget" not in answer.data
    assert broken.client("leeds/ann").get("/").status_code == 200


def test_a_dead_elasticsearch_is_noticed_within_two_seconds(leeds: World) -> None:
    """One that refuses, and one that takes the connection and says nothing."""
    import socket
    from dataclasses import replace

    from search.elastic import ElasticEngine

    with socket.socket() as silent, socket.socket() as closed:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        closed.bind(("127.0.0.1", 0))
        for port in (silent.getsockname()[1], closed.getsockname()[1]):
            engine = ElasticEngine(f"http://127.0.0.1:{port}", index="hub")
            world = World(replace(leeds.parts, engine=engine))
            browser = world.client("leeds/ann")
            browser.get("/search")  # templates are read once
            begun = time.monotonic()
            answer = browser.get("/search?q=sandbags")
            took = time.monotonic() - begun
            assert answer.status_code == 503
            assert took < 2.5, took
            told = run(world, search, "--as", "leeds/ann", "sandbags")
            assert told.exit_code == 1
            assert "Elasticsearch" in str(told.exception)
            engine.close()


def test_home_shows_where_ann_belongs_and_what_changed_last(leeds: World) -> None:
    leeds.add_space("leeds/library", "open", name="Library")
    leeds.add_space("york/rivers", "open", name="York Rivers")
    leeds.add_space("leeds/secret", "confidential", name="Lantern")
    leeds.give("person:leeds/ann", "edit", "york/rivers")
    for number in range(12):
        leeds.parts.clock.move(minutes=1)  # type: ignore[attr-defined]
        marking = "OFFICIAL-SENSITIVE" if number == 11 else "OFFICIAL"
        leeds.add_document("leeds/housing", f"Note {number}", marking=marking)
    said = words_of(leeds.client("leeds/ann").get("/"))
    links = html.fromstring(leeds.client("leeds/ann").get("/").text).xpath("//a/text()")
    assert "Hello, Ann" in said
    assert [text for text in links if text.startswith("Note")] == [f"Note {number}" for number in range(10, 0, -1)]
    assert "Lantern" not in said
    assert "York Rivers" in said
    assert "Library" not in said, "where she was given something is hers; the rest is a page away"
    bea = words_of(leeds.client("leeds/bea").get("/"))
    assert "Leeds Housing" in bea
    assert "Note 11" in bea
    assert "York Rivers" not in bea  # an open space is everybody's to find; that is not to belong to it


def test_a_guest_who_was_let_into_one_space_starts_there(leeds: World) -> None:
    from datetime import date

    leeds.add_organisation("acme", kind="supplier")
    leeds.add_person("acme/maria-lopez", kind="guest")
    leeds.give("guest:acme/maria-lopez", "read", "leeds/housing/flood-plan", until=date(2026, 10, 20), source="guest")
    leeds.add_document("leeds/housing/flood-plan", "Pump list")
    leeds.add_document("leeds/housing", "Rent list")
    maria = leeds.client("acme/maria-lopez")
    said = words_of(maria.get("/"))
    assert "Joint Flood Plan" in said
    assert "Pump list" in said
    assert "Rent list" not in said
    assert "Leeds City Council" in said  # whose guest she is
    assert "Leeds Housing" not in said  # the space around hers is not hers to know
    leeds.parts.clock.move(hours=15)  # type: ignore[attr-defined]  # past midnight in London
    later = leeds.client("acme/maria-lopez").get("/")
    assert "Joint Flood Plan" not in words_of(later)
    assert "Pump list" not in words_of(later)


def test_a_file_that_ann_may_not_read_is_as_absent_as_one_that_never_was(leeds: World) -> None:
    """L25: text and file by their addresses: the same bytes, whether hidden or absent."""
    hidden = leeds.add_file("leeds/housing", "secret.txt", b"Operation Heron", marking="OFFICIAL-SENSITIVE")
    shared = leeds.add_file("leeds/housing", "open.txt", b"Operation Kestrel")
    leeds.index_all()
    ann = leeds.client("leeds/ann")
    own = hidden.removeprefix("doc:")
    for part in ("", "/file", "/revisions/1", "/revisions/1/file"):
        got, absent = ann.get(f"/documents/{own}{part}"), ann.get(f"/documents/zzzzzzzzzzzz{part}")
        assert got.status_code == absent.status_code == 404
        assert got.data == absent.data
        assert dict(got.headers) == dict(absent.headers)
    assert leeds.ask("leeds/ann", "heron").total == 0
    assert [hit.id for hit in leeds.ask("leeds/ann", "kestrel").hits] == [shared]
    assert [hit.id for hit in leeds.ask("leeds/bea", "heron").hits] == [hidden]


def test_the_operator_sees_the_state_of_the_index_and_builds_it_anew(leeds: World) -> None:
    leeds.add_document("leeds/housing", "Sandbag budget", "Sandbags")
    told = json.loads(run(leeds, index, "status", "--json").stdout)
    assert told["entries"] == 0
    assert told["waiting"] == 8  # 2 organisations, 3 people, 2 spaces, 1 document
    rebuilt = run(leeds, index, "rebuild")
    assert rebuilt.exit_code == 0, rebuilt.output
    assert "8 things" in rebuilt.stdout
    told = json.loads(run(leeds, index, "status", "--json").stdout)
    assert (told["entries"], told["waiting"], told["parked"]) == (8, 0, 0)
    assert leeds.ask("leeds/ann", "sandbags").total == 1
    assert "everything could be indexed" in run(leeds, index, "parked").stdout


def test_where_nothing_is_found_the_page_says_what_would_be(leeds: World) -> None:
    """Without filters, in words that were meant, word by word: each a search of Ann's own."""
    leeds.add_document("leeds/housing", "Safeguarding children", "x")
    leeds.add_document("leeds/housing/flood-plan", "Flood plan", "sandbags")
    leeds.add_document("leeds/housing", "Safegaurds of the depot", "x", marking="OFFICIAL-SENSITIVE")
    leeds.index_all()
    ann = leeds.client("leeds/ann")

    def found(query: str) -> Any:
        page = html.fromstring(ann.get(f"/search?{query}").get_data(as_text=True))
        (empty,) = page.find_class("hub-empty")
        return " ".join(empty.text_content().split()), [a.get("href") for a in empty.iter("a")]

    words, links = found("q=safegaurding")
    assert "Did you mean safeguarding?" in words
    assert links[0] == "/search?q=safeguarding"
    assert html.fromstring(ann.get(links[0]).text).find_class("hub-hit")
    words, links = found("q=sandbags&kind=person")
    assert "Without filters there is 1 result." in words
    assert links[0] == "/search?q=sandbags"
    words, links = found("q=sandbags+zebra+crossing")
    assert "Search for one word: sandbags, zebra, crossing." in words
    assert links[:3] == ["/search?q=sandbags", "/search?q=zebra", "/search?q=crossing"]
    for stars in ("sandba*", "%22sandba*%22", "zebra*+crossing"):
        words, _ = found(f"q={stars}")
        assert "A star does not stand for the rest of a word. Type the whole word" in words
    assert "Flood plan" in ann.get("/search?q=sandbag").text, "other endings are found with it"
    words, _ = found("q=*+zebra")
    assert "A star" not in words
    words, _ = found("q=zzzz&kind=person")
    assert "Without filters there is nothing either." in words
    assert "Ask for access" in words


def test_no_word_of_a_title_that_yan_may_not_see_is_suggested(leeds: World) -> None:
    leeds.add_document("leeds/housing", "Kestrel merger", "x", marking="OFFICIAL-SENSITIVE")
    before = leeds.client("york/yan").get("/search?q=kestrle").data
    leeds.index_all()
    after = leeds.client("york/yan").get("/search?q=kestrle").data
    assert RANDOM.sub(b"", before) == RANDOM.sub(b"", after)
    assert b"Did you mean" not in after


def test_years_stand_in_order(leeds: World) -> None:
    for year, count in ((2024, 1), (2026, 2), (2025, 3)):
        leeds.parts.clock.at = leeds.parts.clock.at.replace(year=year)
        for number in range(count):
            leeds.add_document("leeds/housing", f"Minutes {year} {number}", "flood")
    leeds.index_all()
    page = html.fromstring(leeds.client("leeds/ann").get("/search?q=flood").text)
    assert [box.get("value") for box in page.xpath("//input[@name='year']")] == ["2026", "2025", "2024"]


def test_a_file_is_found_by_its_name_whatever_its_title(leeds: World) -> None:
    document = leeds.add_file("leeds/housing", "kangaroo-Q3Report.csv", b"a;b\n1;2\n")
    with leeds.work() as uow:
        leeds._document(uow, document).title = "Quarterly figures"
    leeds.index_all()
    for words in ("kangaroo", "report", "q3report", '"kangaroo q3report"'):
        assert [hit.id for hit in leeds.ask("leeds/ann", words).hits] == [document], words
