"""A bare address of this hub shows the title of what it leads to, to each reader as they may see it.

Canary list of the conversation notes, 11: an inside link's text. Mutant: a resolved link is kept for another reader.
"""

import pytest
from sqlalchemy import select

from hub.access.models import Person, Place
from hub.access.places import move_place, rename_place
from hub.web import environment
from hub.web.markdown import Shown
from tests.hub.features.talk.conftest import LEEDS, Desk
from tests.hub.features.writing.conftest import queries
from tests.hub.world import World

__all__ = ["queries"]
PATHS = ("leeds/forum/minutes", "leeds/legal")


@pytest.fixture
def advice(town: World) -> str:
    """Where Legal's advice is, which nobody but Mo sees."""
    node = town.add_document("leeds/legal", "KESTREL advice", "Privileged.", owner="person:leeds/mo")
    return f"/documents/{node.removeprefix('doc:')}"


def say(town: World, asked: str, text: str) -> None:
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", text)


def links(desk: Desk, asked: str) -> list[tuple[str, str]]:
    """Address and text of each link of the last post."""
    desk.see(asked)
    post = desk.page.xpath("//article")[-1]
    return [(a.get("href"), a.text) for a in post.xpath(".//*[@class='hub-prose']//a")]


def test_each_reader_is_told_what_a_link_leads_to_as_far_as_they_may_see_it(
    town: World, asked: str, advice: str
) -> None:
    plan = town.add_document("leeds/forum", "Flood plan", "Sandbags.").removeprefix("doc:")
    away = f"{town.parts.public_url}/documents/{plan}"
    say(town, asked, f"{away}\n\n{advice}\n\n{asked}/posts/2\n\n/places/leeds/forum\n\n/places/leeds/legal")
    mo, bo = Desk(town, "leeds/mo"), Desk(town, "york/bo")
    question = "How do you register flood wardens?, post 2"
    told = [(away, "Flood plan"), (advice, "KESTREL advice"), (f"{asked}/posts/2", question)]
    assert links(mo, asked) == [*told, ("/places/leeds/forum", "Flood forum"), ("/places/leeds/legal", "Legal")]
    page = links(bo, asked)
    assert [text for _, text in page] == [
        "Flood plan",
        "a page of this hub",
        question,
        "Flood forum",
        "a page of this hub",
    ]
    assert links(mo, asked)[1] == (advice, "KESTREL advice")


def test_what_one_may_not_see_is_told_of_like_what_is_not_there(town: World, asked: str, advice: str) -> None:
    with town.parts.database.reading() as session:
        gus = session.scalars(select(Person.id).where(Person.handle == "acme/gus")).one()
    say(town, asked, f"{advice} /places/leeds/legal @who:{gus}")
    say(town, asked, "/documents/zzzzzzzzzzzz /places/leeds/nowhere @who:zzzzzzzzzzzz")
    bo = Desk(town, "york/bo")
    bo.see(asked)
    hidden, absent = (post.xpath(".//*[@class='hub-prose']/p")[0] for post in bo.page.xpath("//article")[-2:])
    assert (
        [*hidden.itertext()] == [*absent.itertext()] == ["a page of this hub", " ", "a page of this hub", " somebody"]
    )


def test_people_are_named_to_whoever_may_see_their_pages_by_whatever_line_says_so(town: World, asked: str) -> None:
    """Leeds opens its directory to York, and closes it again: nothing else of Leeds changes."""
    with town.parts.database.reading() as session:
        hana = session.scalars(select(Person.id).where(Person.handle == "leeds/hana")).one()
    say(town, asked, f"Ask @who:{hana}, or look at /people/leeds/hana")
    bo = Desk(town, "york/bo")
    told = "Hana Iqbal of Leeds City Council"

    def said() -> str:
        bo.see(asked)
        return " ".join("".join(bo.page.xpath("//article")[-1].xpath(".//*[@class='hub-prose']")[0].itertext()).split())

    assert said() == "Ask somebody, or look at a page of this hub"
    line = "allow,all-staff,read,people:leeds,up to OFFICIAL,published,-,We can be found"
    town.set_policy("leeds", *LEEDS, line)
    assert said() == f"Ask {told}, or look at {told}"
    wide = "allow,all-staff,read,leeds,up to OFFICIAL,published,-,All of it"
    town.set_policy("leeds", *LEEDS, wide, "deny,org:york,read,people:leeds,any,any,-,But not our people")
    assert said() == "Ask somebody, or look at a page of this hub"


def test_words_of_the_authors_own_stay_and_so_do_addresses_elsewhere_and_in_code(
    town: World, asked: str, advice: str
) -> None:
    away = f"https://example.org{advice}"
    say(town, asked, f"[the advice]({advice}) {away} `{advice}` and/or /etc/passwd")
    assert links(Desk(town, "york/bo"), asked) == [(advice, "the advice"), (away, away)]
    assert links(Desk(town, "leeds/mo"), asked) == [(advice, "the advice"), (away, away)]


def test_a_moved_place_is_told_of_by_its_name_now_and_to_nobody_who_may_not_see_it(town: World, asked: str) -> None:
    say(town, asked, "/places/leeds/forum/minutes?page=2 /places/leeds/legal")
    with town.work() as uow:
        folder, legal = (uow.session.scalars(select(Place).where(Place.path == path)).one() for path in PATHS)
        leeds = uow.session.get_one(Place, folder.organisation_id)
        rename_place(uow, folder, "Minutes of the forum", "")
        move_place(uow, folder, uow.session.get_one(Place, folder.parent_id), "records")
        move_place(uow, legal, leeds, "law")
    assert [text for _, text in links(Desk(town, "york/bo"), asked)] == ["Minutes of the forum", "a page of this hub"]
    assert [text for _, text in links(Desk(town, "leeds/mo"), asked)] == ["Minutes of the forum", "Legal"]


def test_links_in_a_document_are_told_too_and_a_handle_in_it_is_what_it_says(town: World, advice: str) -> None:
    plan = town.add_document("leeds/forum", "Flood plan", f"See {advice}. Install @types/node.").removeprefix("doc:")
    page = Desk(town, "york/bo").see(f"/documents/{plan}")
    assert "See a page of this hub . Install @types/node." in page
    assert "See KESTREL advice ." in Desk(town, "leeds/mo").see(f"/documents/{plan}")


def test_what_is_kept_of_a_text_names_nothing_for_the_next_reader(
    town: World, asked: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_SHOWN", Shown())
    say(town, asked, advice)
    assert "KESTREL" in Desk(town, "leeds/mo").see(asked)
    assert "KESTREL" not in Desk(town, "york/bo").see(asked)
    kept = [prose.html for prose, _ in environment._SHOWN.kept._kept.values()]
    assert any(advice in html for html in kept)
    assert not any("KESTREL" in html for html in kept)


def test_however_many_links_there_are_they_take_one_query(town: World, asked: str, queries: list[str]) -> None:
    bo, node = Desk(town, "york/bo"), f"thread:{asked.rpartition('/')[2]}"
    bo.see(asked)
    taken = []
    for count in (0, 1, 40):
        for number in range(count):
            plan = town.add_document("leeds/forum", f"Plan {number}").removeprefix("doc:")
            town.post(
                node,
                "leeds/mo",
                f"/documents/{plan} /places/leeds/x{number} {asked}/posts/1 /people/leeds/ann @who:zzzzzzzzzzzz",
            )
        queries.clear()
        bo.see(asked)
        taken.append(len(queries))
    assert taken[1] == taken[2] <= taken[0] + 1
