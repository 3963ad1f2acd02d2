"""Conversations as things of the house: found, judged again, fenced, counted, put away and moved with their place."""

from datetime import date

from sqlalchemy import update

from hub.access.models import Grant
from hub.audience import foreseeing as audience
from hub.ground.ids import new_id
from hub.nouns.talk.models import Post
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import post_to
from tests.hub.commandline import hub
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World


def found(world: World, who: str, words: str) -> list[str]:
    return [hit.href.partition("?")[0] for hit in world.ask(who, words).hits]


def test_a_conversation_is_found_by_what_was_said_in_it_and_by_nobody_who_may_not_read_it(
    town: World, asked: str
) -> None:
    hidden = town.add_thread("leeds/legal", "Wardens", "leeds/mo", "The form is privileged.")
    town.index_all()
    assert found(town, "york/bo", "form") == [asked]
    assert sorted(found(town, "leeds/mo", "form")) == sorted([asked, f"/threads/{hidden.removeprefix('thread:')}"])
    assert found(town, "acme/gus", "form") == []
    answered = town.ask("york/bo", "wardens", kind="conversation")
    assert [hit.href.partition("?")[0] for hit in answered.hits] == [asked]


def test_a_hit_in_a_long_conversation_leads_to_where_it_was_said(town: World, asked: str) -> None:
    for n in range(60):
        town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/ann", f"Post {n}.")
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/ann", "The pumps stand in Kirkstall.")
    town.index_all()
    (hit,) = town.ask("york/bo", "Kirkstall").hits
    answer = Desk(town, "york/bo").browser.get(hit.href)
    assert answer.location.endswith(f"{asked}?page=2#post-63")
    assert Desk(town, "york/bo").browser.get(f"{asked}?said=nothing").status_code == 200


def test_every_post_of_a_thousand_is_found_and_the_hit_leads_to_it(town: World, asked: str) -> None:
    """One entry holds them all (ADR 12): long posts among them, each with a word of its own."""
    node, words = f"thread:{asked.rpartition('/')[2]}", {n: f"pump{n:04d}" for n in range(3, 1003)}
    with town.work() as uow:
        thread, ann = uow.session.get_one(Thread, node.removeprefix("thread:")), town._person(uow, "leeds/ann")
        for word in words.values():
            post_to(uow, thread, ann, f"{'The beck rose again last night. ' * 10}It took {word}.")
    town.index_all()
    bo = Desk(town, "york/bo").browser
    for number in (3, 50, 51, 500, 999, 1002):
        (hit,) = town.ask("york/bo", words[number]).hits
        page = (number - 1) // 50 + 1
        assert bo.get(hit.href).location.endswith(f"{asked}{f'?page={page}' if page > 1 else ''}#post-{number}")
    assert not town.ask("acme/gus", words[1002]).hits


def test_what_the_index_still_holds_is_judged_again_and_a_fence_hides_a_withdrawn_post(town: World, asked: str) -> None:
    """Tightened behind the index's back; and a word that was withdrawn is not found before it is indexed anew."""
    town.index_all()
    Desk(town, "leeds/ann").fill(f"{asked}/posts/2/withdraw", reason="Wrong")
    assert found(town, "york/bo", "form") == []
    town.index_all()
    assert found(town, "york/bo", "paper") == [asked]
    with town.work() as uow:
        values = {"marking": "OFFICIAL-SENSITIVE", "ms": "OFFICIAL-SENSITIVE.published"}
        uow.session.execute(update(Thread).values(**values))
    assert found(town, "york/bo", "paper") == []


def test_a_document_is_found_by_its_comments_and_its_comments_are_read_by_its_readers(town: World) -> None:
    plan = town.add_document("leeds/forum", "Flood plan", "Sandbags.", owner="person:leeds/hana")
    secret = town.add_document("leeds/legal", "Advice", "Privileged.", owner="person:leeds/mo")
    bo, here = Desk(town, "york/bo"), f"/documents/{plan.removeprefix('doc:')}"
    assert "Nobody has commented on this yet." in bo.see(f"{here}/comments")
    page = bo.fill(f"{here}/comments", body="The **depot** has moved.")
    assert "Comments on “Flood plan”" in page
    town.post(secret, "leeds/mo", "The depot is privileged.")
    town.index_all()
    assert "1 comment" in Desk(town, "leeds/ann").see(here)
    assert found(town, "leeds/ann", "depot") == [here]
    away = f"/documents/{secret.removeprefix('doc:')}/comments"
    assert bo.see(away, 404) == bo.see("/documents/zzzzzzzzzzzz/comments", 404)
    bo.send(away, 404, body="Hello")


def test_comments_follow_their_document_and_go_with_a_draft_that_is_deleted(town: World) -> None:
    """Nothing is kept in step by hand: they are the document's."""
    plan = town.add_document("leeds/forum", "Plan", "Sandbags.", state="draft", owner="person:leeds/hana")
    town.post(plan, "leeds/hana", "Not ready.")
    here = f"/documents/{plan.removeprefix('doc:')}"
    Desk(town, "york/bo").see(f"{here}/comments", 404)
    hana = Desk(town, "leeds/hana")
    hana.see(f"{here}/delete")
    hana.press("Delete the draft")
    with town.parts.database.reading() as session:
        assert session.query(Post).count() == 0


def test_a_conversation_goes_with_its_place_and_comes_back_with_it(town: World, asked: str) -> None:
    """Archived, restored and closed with the space: whoever reads it is told nothing of it then."""
    forum, mo = place_id(town, "leeds/forum"), Desk(town, "leeds/mo")
    mo.see(f"/state/{forum}/withdraw")
    mo.press("Withdraw")
    Desk(town, "york/bo").see(asked, 404)
    mo.see(f"/state/{forum}/restore")
    mo.press("Restore")
    assert "flood wardens" in Desk(town, "york/bo").see(asked)
    town.set_audience("leeds/forum", "private")
    town.set_policy("leeds", "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything")
    Desk(town, "york/bo").see(asked, 404)


def test_it_is_counted_before_somebody_gains_it(town: World) -> None:
    """A space of one conversation is opened: one conversation is what is told."""
    town.add_thread("leeds/legal", "Advice?", "leeds/mo", "Words.")
    with town.parts.database.reading() as session:
        from hub.access.models import Place

        space = session.query(Place).filter_by(path="leeds/legal").one()
        grant = Grant(
            id=new_id(), principal="person:york/bo", can="read", node=space.id, until=date(2027, 1, 1), reason="",
            marking="any", state="any", organisation_id=space.organisation_id, given_by="test", source="membership",
            created_at=None,
        )  # fmt: skip
        told = audience.foresee(
            session, town.parts.snapshots, town.parts.kinds, town.parts.today, audience.grants_given(None, grant)
        )
    assert told.things_in_words == "1 conversation"


def test_mo_moves_one_and_it_is_asked_first_whom_that_shows_it_to(town: World) -> None:
    node = town.add_thread("leeds/legal", "Advice?", "leeds/mo", "Words.")
    own = node.removeprefix("thread:")
    mo, forum = Desk(town, "leeds/mo"), place_id(town, "leeds/forum")
    page = mo.send(f"/move/conversation/{own}", 200, to=forum)
    assert "Move “Advice?” to “Flood forum”?" in page
    Desk(town, "york/bo").see(f"/threads/{own}", 404)
    assert "The conversation is moved." in mo.press("Move it")
    assert "Words." in Desk(town, "york/bo").see(f"/threads/{own}")


def test_mo_reads_who_can_see_it_and_why(town: World, asked: str) -> None:
    own = asked.rpartition("/")[2]
    assert "Who can see" in Desk(town, "leeds/mo").see(f"/audience/conversation/{own}")
    Desk(town, "leeds/mo").see(f"{asked}/why")
    Desk(town, "york/bo").see(f"{asked}/why", 404)
    assert "You can read this because" in Desk(town, "york/bo").see(asked)


def test_the_talk_of_a_space_shows_what_lies_below_it_and_nothing_that_is_hidden(town: World, forum: str) -> None:
    low = town.add_thread("leeds/forum/minutes", "In the folder", "leeds/mo", "Words.")
    town.add_space("leeds/forum/closed", "confidential", name="Closed")
    town.give("person:leeds/mo", "manage", "leeds/forum/closed")
    town.add_thread("leeds/forum/closed", "KESTREL", "leeds/mo", "KESTREL")
    page = Desk(town, "york/bo").see(forum)
    assert "In the folder" in page
    assert "KESTREL" not in page
    assert "KESTREL" in Desk(town, "leeds/mo").see(forum)
    assert low


def test_files_are_files_and_the_overview_tells_of_talk_too(town: World, asked: str) -> None:
    town.add_document("leeds/forum", "Flood plan", "Sandbags.")
    ann = Desk(town, "leeds/ann")
    assert "flood wardens" in ann.see("/places/leeds/forum")
    assert "flood wardens" not in ann.see(f"/files/{place_id(town, 'leeds/forum')}")


def test_the_operators_search_and_explanation_say_what_the_pages_do(town: World, asked: str) -> None:
    """In Bo's name the command finds his question and not the hidden one; who cannot read it is told why."""
    hidden = town.add_thread("leeds/legal", "Wardens", "leeds/mo", "The wardens are privileged.")
    town.index_all()
    own = f"thread:{asked.rpartition('/')[2]}"
    found = hub(town.parts, "search", "--as", "york/bo", "wardens", "--json").value
    assert [(hit["id"], hit["kind"]) for hit in found["hits"]] == [(own, "conversation")]
    assert found["total"] == 1
    assert {hit["id"] for hit in hub(town.parts, "search", "--as", "leeds/mo", "wardens", "--json").value["hits"]} == {
        own,
        hidden,
    }
    assert hub(town.parts, "search", "--as", "acme/gus", "wardens", "--json").value["total"] == 0
    assert hub(town.parts, "policy", "explain", "york/bo", "comment", own, "--json").value["allowed"]
    assert not hub(town.parts, "policy", "explain", "york/bo", "read", hidden, "--json").value["allowed"]
