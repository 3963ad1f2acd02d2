"""A file beside a text becomes a document of the same place, which the text links to."""

import io

import pytest
from sqlalchemy import select

from hub.keeping.models import TypedDraft
from hub.nouns.documents.models import Document
from hub.nouns.talk.models import Post
from tests.hub.features.talk.conftest import LEEDS as LINES
from tests.hub.features.talk.conftest import Desk
from tests.hub.world import World


def file(words: str = "Wardens: Ann, Bo.", name: str = "Rota of wardens.txt") -> tuple[io.BytesIO, str]:
    return io.BytesIO(words.encode()), name


def documents(town: World) -> list[Document]:
    with town.parts.database.reading() as session:
        return list(session.scalars(select(Document)))


def test_hana_attaches_a_file_and_everybody_who_reads_the_talk_reads_it(town: World, asked: str) -> None:
    """It is filed where the conversation lies, marked as it is, and goes the way of every file."""
    hana, bo = Desk(town, "leeds/hana"), Desk(town, "york/bo")
    hana.see(asked)
    assert "Attach a file" in " ".join(hana.page.itertext())
    hana.fill(asked, body="Here is ours.", file=file())
    (document,) = documents(town)
    assert (document.title, document.marking, document.state) == ("Rota of wardens", "OFFICIAL", "published")
    bo.see(asked)
    (link,) = bo.page.xpath("//article")[-1].xpath(".//*[@class='hub-prose']//a")
    assert (link.get("href"), link.text) == (f"/documents/{document.id}", "Rota of wardens")
    assert "Rota of wardens" in bo.see(link.get("href"))
    town.index_all()
    assert [hit.href for hit in town.ask("york/bo", "rota", kind="document").hits] == [link.get("href")]


def test_a_file_alone_is_something_to_say(town: World, asked: str) -> None:
    Desk(town, "leeds/hana").fill(asked, body="", file=file())
    (document,) = documents(town)
    with town.parts.database.reading() as session:
        assert (
            session.get_one(Post, (f"thread:{asked.rpartition('/')[2]}", 3)).body.strip() == f"/documents/{document.id}"
        )


@pytest.mark.parametrize("opening", [False, True])
def test_a_file_is_attached_and_the_text_stays_to_be_gone_on_with(
    town: World, asked: str, forum: str, opening: bool
) -> None:
    """Without script: the file goes first, what was typed is kept as a draft, and comes back with the link in it."""
    hana = Desk(town, "leeds/hana")
    town.app.config["WTF_CSRF_ENABLED"] = True
    where, action = (f"{forum}/new?kind=discussion", f"{forum}/new?kind=discussion") if opening else (asked, asked)
    hana.see(where)
    form = next(form for form in hana.page.iter("form") if form.get("action") == action)
    hidden = {f.get("name"): f.get("value") for f in form.xpath(".//input[@type='hidden']")}
    more = {"name": "Our rota"} if opening else {}
    page = hana.send(action, body="Here is ours, @leeds/ann.", file=file(), do="attach", **hidden, **more)
    assert "Nothing is sent yet." in page
    (document,) = documents(town)
    assert hana.page.get_element_by_id("body").text.strip().endswith(f"@leeds/ann.\n\n/documents/{document.id}")
    assert not opening or hana.page.get_element_by_id("name").get("value") == "Our rota"
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(Post)).all()) == 2
        assert len(session.scalars(select(TypedDraft)).all()) == 1
    form = next(form for form in hana.page.iter("form") if form.get("action") == action)
    hidden = {f.get("name"): f.get("value") for f in form.xpath(".//input[@type='hidden']")}
    hana.send(action, body=hana.page.get_element_by_id("body").text, **hidden, **more)
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(Post)).all()) == 3
        assert not session.scalars(select(TypedDraft)).all()


def test_who_may_not_add_files_there_sees_no_field_and_sends_none(town: World, asked: str) -> None:
    bo = Desk(town, "york/bo")
    bo.see(asked)
    assert not bo.page.xpath("//input[@type='file']")
    assert "may not" not in bo.see(asked)
    assert "does not let you add files here" in bo.send(asked, 403, body="Mine.", file=file())
    assert not documents(town)


def test_a_file_that_cannot_be_taken_comes_back_with_the_text(town: World, asked: str) -> None:
    hana = Desk(town, "leeds/hana")
    assert "Choose the file that you want to attach" in hana.fill(asked, 422, body="Mine.", do="attach")
    assert hana.page.get_element_by_id("body").text.strip() == "Mine."
    page = hana.fill(asked, 422, body="Mine.", tell="Nobody at all", file=file())
    assert "Choose the file again" in page
    assert not documents(town)


def test_a_file_is_never_read_by_more_people_than_what_it_is_attached_to(town: World, asked: str) -> None:
    """A line keeps York from this one conversation: a file in the same place would be read there."""
    own = asked.rpartition("/")[2]
    hana = Desk(town, "leeds/hana")
    town.set_policy("leeds", *LINES, f"deny,org:york,read,thread:{own},any,any,-,Among ourselves")
    assert "More people would read the file" in hana.fill(asked, 422, body="Mine.", file=file())
    assert not documents(town)


def test_comments_take_files_too(town: World) -> None:
    plan = town.add_document("leeds/forum", "Flood plan", "Sandbags.", owner="person:leeds/hana")
    Desk(town, "leeds/hana").fill(f"/documents/{plan.removeprefix('doc:')}/comments", body="See.", file=file())
    assert {document.title for document in documents(town)} == {"Flood plan", "Rota of wardens"}
