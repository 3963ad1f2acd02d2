"""A feed is judged each time as its person, and whatever ends it looks the same (conversation notes, 6 and 11)."""

import hashlib

import pytest
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from hub.access.models import Person, Place
from hub.features.administration.platform.service import block
from hub.features.feeds import items
from hub.features.feeds.atom import writable
from hub.ground.db import Base, Database
from hub.nouns.organisations.models import Organisation
from hub.nouns.people.feeds import LASTS
from hub.nouns.people.models import Feed
from tests.hub.features.feeds.conftest import ATOM, LEEDS, Follow, Reader
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World


def end(town: World, path: str) -> bytes:
    """What a feed that is none says."""
    answer = town.client().get(path)
    assert answer.status_code == 404
    return answer.data


def test_bo_reads_what_is_new_in_the_forum_by_title_author_and_council(town: World, follow: Follow) -> None:
    node = town.add_thread("leeds/forum", "How do you register wardens?", "york/bo", "The word is LANTERN.")
    town.parts.clock.move(minutes=5)
    town.add_document("leeds/forum/minutes", "Minutes of May", "LANTERN too.", owner="person:leeds/ann")
    town.parts.clock.move(minutes=5)
    town.post(node, "leeds/ann", "LANTERN once more.")
    feed = follow("york/bo", "leeds/forum")
    assert feed.titles() == ["How do you register wardens?", "Minutes of May"]
    first = feed.entries()[0]
    assert first.findtext(f"{ATOM}author/{ATOM}name") == "Ann Shaw of Leeds City Council"
    assert first.find(f"{ATOM}link").get("href") == f"http://localhost:8000/threads/{node.partition(':')[2]}"
    assert first.find(f"{ATOM}category").get("term") == "Question"
    answer = feed.get()
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert b"LANTERN" not in answer.data, "a text leaves the hub"


def test_a_reader_is_no_session_and_leaves_none(town: World, follow: Follow) -> None:
    answer = follow("york/bo", "leeds/forum").get()
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    browser = town.client()
    browser.get(follow("york/bo", "leeds/forum").address)
    assert browser.get("/spaces").status_code == 303, "whoever reads a feed is signed in"


def test_whoever_is_signed_in_at_that_browser_changes_nothing(town: World, follow: Follow) -> None:
    town.add_document("leeds/office", "Office plan", owner="person:leeds/ann")
    town.add_document("leeds/forum", "Forum plan", owner="person:leeds/ann")
    feed = follow("york/bo", "leeds/forum")
    assert town.client("leeds/mo").get(feed.address).data == feed.get().data


def test_what_may_not_leave_by_mail_does_not_leave_so(town: World, follow: Follow) -> None:
    """Hana sees all of these in the hub."""
    town.add_space("leeds/forum/inner", "private")
    town.give("person:leeds/hana", "edit", "leeds/forum/inner")
    town.add_document("leeds/forum", "Sensitive", marking="OFFICIAL-SENSITIVE", owner="person:leeds/hana")
    town.add_document("leeds/forum", "Not ready", state="draft", owner="person:leeds/hana")
    town.add_document("leeds/forum/inner", "Inner", owner="person:leeds/hana")
    town.add_document("leeds/forum", "Plain", owner="person:leeds/hana")
    town.index_all()
    assert follow("leeds/hana", "leeds/forum").titles() == ["Plain"]
    assert follow("leeds/hana", "leeds/hana", "person").titles() == ["Plain"]
    assert set(town.ask("leeds/hana", "words").hits) != set()
    assert follow("leeds/hana", "q=words", "search").titles() == ["Plain"]
    assert follow("leeds/hana", "leeds/forum/inner").get().data == end(town, "/feeds/wrong")


def test_what_the_organisation_lets_out_counts_for_feeds_too(town: World, follow: Follow) -> None:
    """It is the choice of the organisation whose it is, at each fetch."""
    town.add_document("leeds/forum", "Plain", owner="person:leeds/hana")
    feed = follow("york/bo", "leeds/forum")
    assert feed.titles() == ["Plain"]
    with town.work() as uow:
        uow.session.get_one(Organisation, place_id(town, "leeds")).leaves = "nothing"
    assert feed.titles() == []


def test_of_a_person_one_reads_what_they_wrote_where_one_may_read(town: World, follow: Follow) -> None:
    thread = town.add_thread("leeds/forum", "Wardens?", "york/bo")
    document = town.add_document("leeds/forum", "Plan", owner="person:leeds/ann")
    town.post(thread, "leeds/ann")
    town.post(document, "leeds/ann")
    hidden = town.add_thread("leeds/office", "CANARY", "leeds/ann")
    town.post(hidden, "leeds/ann")
    feed = follow("leeds/hana", "leeds/ann", "person")
    assert sorted(feed.titles()) == ["Comment on “Plan”", "Plan", "Wardens?"]
    assert follow("york/bo", "leeds/ann", "person").get().status_code == 404, "Ann's page is not shown to York"
    town.set_status("leeds/ann", "left")
    assert feed.get().data == end(town, "/feeds/wrong")


def test_a_search_is_asked_again_each_time(town: World, follow: Follow) -> None:
    feed = follow("york/bo", "q=silt&kind=document", "search")
    assert feed.titles() == []
    town.add_document("leeds/forum", "Silt sensors", owner="person:leeds/ann")
    town.add_document("leeds/office", "Silt CANARY", owner="person:leeds/ann")
    town.index_all()
    assert feed.titles() == ["Silt sensors"]
    for about in ("", "q=", "from=never", "x" * 50):
        assert follow("york/bo", about, "search").get().status_code == 404, about


def _canary(world: World) -> None:
    thread = world.add_thread("leeds/office", "CANARY", "leeds/ann", "CANARY")
    world.post(thread, "leeds/ann", "CANARY silt")
    world.add_document("leeds/forum", "CANARY silt", marking="OFFICIAL-SENSITIVE", owner="person:leeds/ann")
    document = world.add_document("leeds/forum", "CANARY draft", state="draft", owner="person:leeds/ann")
    world.post(document, "leeds/ann", "CANARY silt")


def test_a_word_that_is_hidden_changes_not_one_byte(town: World, follow: Follow) -> None:
    """Each of these feeds is the same as in a world without it, with its ETag (the canary of the notes)."""
    town.add_thread("leeds/forum", "Silt?", "leeds/ann", "About silt.")
    feeds = [
        follow("york/bo", "leeds/forum"),
        follow("leeds/hana", "leeds/ann", "person"),
        follow("york/bo", "q=silt", "search"),
    ]
    town.index_all()
    before = [_all_of(feed) for feed in feeds]
    town.parts.clock.move(minutes=5)
    _canary(town)
    town.index_all()
    assert [_all_of(feed) for feed in feeds] == before
    assert all(b"Silt?" in data for data, _ in before)


def test_what_is_hidden_pushes_nothing_out(town: World, follow: Follow, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much of what is newer Bo may not see."""
    monkeypatch.setattr(items, "LOOKED_AT", 3)
    town.add_thread("leeds/forum", "Silt?", "leeds/ann")
    feed = follow("york/bo", "leeds/forum")
    town.parts.clock.move(minutes=5)
    for n in range(4):
        town.add_document("leeds/forum", f"CANARY {n}", marking="OFFICIAL-SENSITIVE")
        town.add_document("leeds/forum", f"CANARY draft {n}", state="draft")
    assert feed.titles() == ["Silt?"]


def _all_of(feed: Reader) -> tuple[bytes, list[tuple[str, str]]]:
    answer = feed.get()
    return answer.data, _headers(answer)


def _headers(answer: TestResponse) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers if name != "Date")


def test_an_etag_spares_what_was_read_already_and_says_no_more(town: World, follow: Follow) -> None:
    town.add_thread("leeds/forum", "Silt?", "leeds/ann")
    feed = follow("york/bo", "leeds/forum")
    answer = feed.get()
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'
    again = feed.get(If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    town.add_thread("leeds/forum", "Sand?", "leeds/ann")
    assert feed.get(If_None_Match=answer.headers["ETag"]).status_code == 200


@pytest.mark.parametrize("why", ["suspended", "left", "blocked", "expired", "revoked", "closed", "gone", "guest"])
def test_whatever_ends_it_looks_the_same(town: World, follow: Follow, why: str) -> None:
    feed = follow("york/bo", "leeds/forum")
    assert feed.get().status_code == 200
    _end_by(town, why)
    answers = [feed.get(), town.client().get("/feeds/" + "x" * 43), town.client().get("/feeds/a/b.xml?c=d")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(_headers(answer)) for answer in answers}) == 1


def _end_by(town: World, why: str) -> None:
    if why in {"suspended", "left"}:
        town.set_status("york/bo", why)
    elif why == "expired":
        town.parts.clock.move(days=LASTS.days, seconds=1)
    elif why == "closed":
        town.set_policy("leeds", *[line for line in LEEDS if "forum" not in line])
        town.set_audience("leeds/forum", "private")
    with town.work() as uow:
        if why == "blocked":
            mo = uow.session.scalars(select(Person).where(Person.handle == "leeds/mo")).one()
            block(uow, uow.session.scalars(select(Place).where(Place.path == "york")).one(), mo)
        elif why == "revoked":
            uow.session.scalars(select(Feed)).one().ended_at = uow.now
        elif why == "gone":
            uow.session.scalars(select(Feed)).one().about = "zzzzzzzzzzzz"
        elif why == "guest":
            uow.session.scalars(select(Person).where(Person.handle == "york/bo")).one().kind = "guest"


def test_a_space_that_became_restricted_is_not_there_for_those_outside(town: World, follow: Follow) -> None:
    feed = follow("york/bo", "leeds/forum")
    town.set_policy("leeds", *[line for line in LEEDS if "forum" not in line])
    town.set_audience("leeds/forum", "restricted")
    assert feed.get().data == end(town, "/feeds/wrong")


def test_a_space_that_became_private_is_not_named_to_its_members_either(town: World, follow: Follow) -> None:
    feed = follow("leeds/hana", "leeds/forum")
    town.set_audience("leeds/forum", "private")
    assert feed.get().data == end(town, "/feeds/wrong")


def test_who_comes_back_gets_no_old_address_back(town: World, follow: Follow) -> None:
    feed = follow("york/bo", "leeds/forum")
    town.set_status("york/bo", "suspended")
    town.set_status("york/bo", "active")
    assert feed.get().status_code == 404


def test_a_wrong_address_costs_one_query_whatever_it_is(town: World, follow: Follow, database: Database) -> None:
    feed = follow("york/bo", "leeds/forum")
    _end_by(town, "revoked")
    found: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: a[2] != "BEGIN" and found.append(a[2]))
    counts = []
    for address in (feed.address, "/feeds/wrong", "/feeds/" + "y" * 4000):
        found.clear()
        assert town.client().get(address).status_code == 404
        counts.append(len(found))
    assert len(set(counts)) == 1, counts


def test_the_secret_is_nowhere_in_the_hub(
    town: World, follow: Follow, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = follow("york/bo", "leeds/forum")
    secret = feed.address.rpartition("/")[2]
    assert len(secret) == 43
    answer = feed.get()
    town.client().post(feed.address)
    town.client().get(f"{feed.address}/")
    said = caplog.text + "".join(capsys.readouterr())
    assert secret not in said
    assert secret not in answer.text
    with town.parts.database.reading() as session:
        rows = [str(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    assert not any(secret in row for row in rows)
    assert any(hashlib.sha256(secret.encode()).hexdigest() in row for row in rows)


def test_its_last_use_is_kept_to_within_the_hour(town: World, follow: Follow) -> None:
    feed = follow("york/bo", "leeds/forum")
    used = []
    for minutes in (1, 10, 70):
        town.parts.clock.move(minutes=minutes)
        feed.get()
        with town.parts.database.reading() as session:
            used.append(session.scalars(select(Feed.used_at)).one())
    assert used[0] == used[1] != used[2]


def test_what_no_xml_can_hold_breaks_none(town: World, follow: Follow) -> None:
    town.add_thread("leeds/forum", "Bell\x07 ]]> <script>&amp;\ufffe", "leeds/ann")
    assert follow("york/bo", "leeds/forum").titles() == ["Bell ]]> <script>&amp;\ufffd"]
    assert writable("a\x00b\x1bc\ud800\t") == "a\ufffdb\ufffdc\ufffd\t"


def test_a_search_engine_that_is_away_is_no_empty_feed(
    town: World, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.engine import EngineDown

    feed = follow("york/bo", "q=silt", "search")

    def down(*_: object) -> None:
        raise EngineDown("away")

    monkeypatch.setattr(type(town.parts.engine), "search", down)
    answer = feed.get()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
