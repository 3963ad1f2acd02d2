"""Asking, answering, accepting, and what is done to what was said (conversation notes, 1 and 8)."""

import pytest
from sqlalchemy import select

from hub.nouns.talk.models import Holder, Post, PostText
from hub.nouns.threads.models import Thread
from tests.hub.features.talk.conftest import LEEDS, Desk
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World


def test_bo_asks_in_leeds_forum_and_ann_answers_and_he_accepts(town: World, forum: str) -> None:
    """He is told before the button who reads it and who keeps it; afterwards the question says that it is answered."""
    bo, ann = Desk(town, "york/bo"), Desk(town, "leeds/ann")
    assert "Ask a question" in bo.see(forum)
    page = bo.see(f"{forum}/new?kind=question")
    assert "can read it" in page
    assert "York City Council keeps it as a record of its own" in page
    page = bo.fill(f"{forum}/new?kind=question", name="How do you register wardens?", body="We have a *list*.")
    assert "Needs an answer" in page
    assert "Bo Reed of York City Council" in page
    ann.see(forum)
    (here,) = ann.page.xpath("//ul[@class='hub-rows']//a[starts-with(@href, '/threads/')]/@href")
    assert "Leeds City Council and York City Council each keep it" in ann.see(here)
    assert "We use a form" in ann.fill(here, body="We use a form.")
    assert "This answers it" not in ann.see(here)
    bo.see(here)
    assert "It is marked as an answer." in bo.press("This answers it")
    assert "The answer" in bo.see(here)
    assert row(town, here).stage == "answered"
    assert "Answered" in ann.see(forum)
    assert "Nothing like that here." in ann.see(f"{forum}?show=unanswered")
    bo.see(here)
    bo.press("This is no answer after all")
    assert row(town, here).stage == "open"


def test_two_answers_may_be_accepted_and_accepting_twice_is_once(town: World, asked: str) -> None:
    """Two accepts at once: each is kept, and the same one is no fault."""
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "Or ask us.")
    bo = Desk(town, "york/bo")
    for number in (2, 3, 2):
        bo.send(f"{asked}/posts/{number}/accept", on="yes")
    page = bo.see(asked)
    assert "The answers" in page
    assert len(bo.page.xpath("//section[@aria-labelledby='answers']//article")) == 2


def test_only_who_asked_and_who_leads_say_what_answers_it(town: World, asked: str) -> None:
    assert "say what answers a question" in Desk(town, "leeds/ann").send(f"{asked}/posts/2/accept", 403, on="yes")
    Desk(town, "leeds/hana").send(f"{asked}/posts/2/accept", on="yes")
    bo = Desk(town, "york/bo")
    sealed = {"on": "yes", "seen": seal_of(bo, asked)}
    assert "Only an answer to a question" in bo.send(f"{asked}/posts/1/accept", 409, **sealed)


def test_who_may_only_read_is_offered_no_form_and_can_send_none(town: World) -> None:
    """York reads the minutes of Housing by a line, and may not write there: the page says so."""
    town.add_space("leeds/housing", "restricted", name="Housing")
    town.give("org:york", "read", "leeds/housing")
    node = town.add_thread("leeds/housing", "Rents", "leeds/mo", "They rise.", sort="discussion")
    here, bo = f"/threads/{node.removeprefix('thread:')}", Desk(town, "york/bo")
    assert "You can read this." in bo.see(here)
    assert not bo.page.xpath("//textarea")
    bo.send(here, 403, body="Why?")
    talk = f"/talk/{place_id(town, 'leeds/housing')}"
    assert "Ask a question" not in bo.see(talk)
    assert "you may not write here" in bo.see(f"{talk}/new?kind=question", 403)
    bo.send(f"{talk}/new?kind=question", 403, name="Why?", body="Why?")
    assert "They rise." in Desk(town, "leeds/mo").see(here)


def test_a_hidden_conversation_is_like_none(town: World) -> None:
    node = town.add_thread("leeds/legal", "KESTREL", "leeds/mo", "KESTREL")
    here = f"/threads/{node.removeprefix('thread:')}"
    for who in ("york/bo", "leeds/ann", "acme/gus"):
        desk = Desk(town, who)
        for address in (
            here,
            f"{here}/posts/1",
            f"{here}/posts/1/earlier",
            f"{here}/posts/1/withdraw",
            f"{here}/rename",
        ):
            assert desk.see(address, 404) == desk.see("/threads/zzzzzzzzzzzz", 404)
        desk.send(here, 404, body="Hello")
    assert "KESTREL" in Desk(town, "leeds/mo").see(here)


def test_ann_edits_what_she_said_and_every_earlier_text_is_there(town: World, asked: str) -> None:
    ann, bo = Desk(town, "leeds/ann"), Desk(town, "york/bo")
    town.parts.clock.move(minutes=5)
    assert "What it says now is kept" in ann.see(f"{asked}/posts/2/edit")
    assert "It is changed." in ann.fill(f"{asked}/posts/2/edit", body="We use a **web form**.")
    assert "web form" in bo.see(asked)
    assert "edited" in bo.see(asked)
    page = bo.see(f"{asked}/posts/2/earlier")
    assert "We use a form ." in page or "We use a form." in page
    with town.parts.database.reading() as session:
        assert [text.body for text in session.scalars(select(PostText))] == ["We use a **form**."]
    assert "Nothing had changed." in ann.fill(f"{asked}/posts/2/edit", body="We use a **web form**.")


def test_nobody_edits_what_another_said_not_even_who_manages_the_place(town: World, asked: str) -> None:
    for who in ("york/bo", "leeds/hana", "leeds/mo"):
        assert "Only whoever wrote this may edit it." in Desk(town, who).see(f"{asked}/posts/2/edit", 403)
        Desk(town, who).send(f"{asked}/posts/2/edit", 403, body="Nonsense", based_on="1")


def test_an_edit_from_another_window_is_shown_and_not_written_over(town: World, asked: str) -> None:
    ann = Desk(town, "leeds/ann")
    ann.send(f"{asked}/posts/2/edit", body="Second", based_on="1")
    page = ann.send(f"{asked}/posts/2/edit", 409, body="Third", based_on="1")
    assert "in another window" in page
    assert ann.page.get_element_by_id("body").text.strip() == "Third"
    with town.parts.database.reading() as session:
        assert session.get_one(Post, (node_of(asked), 2)).body == "Second"


def test_what_ann_withdraws_leaves_her_reason_and_its_number(town: World, asked: str) -> None:
    """Numbers have no gaps, and a withdrawn answer is no answer any more; its text is in no page and no search."""
    Desk(town, "york/bo").send(f"{asked}/posts/2/accept", on="yes")
    ann = Desk(town, "leeds/ann")
    assert "There is a problem" in ann.fill(f"{asked}/posts/2/withdraw", 422, reason=" ")
    page = ann.fill(f"{asked}/posts/2/withdraw", reason="It named a resident")
    assert "Withdrawn by whoever wrote it: It named a resident" in page
    assert "We use a" not in page
    assert row(town, asked).stage == "open"
    ann.see(f"{asked}/posts/2/edit", 404)
    assert town.post(node_of(asked), "leeds/ann", "Once more.") == 3
    town.index_all()
    assert not town.ask("york/bo", "form").hits
    with town.parts.database.reading() as session:
        assert session.get_one(Post, (node_of(asked), 2)).body == "We use a **form**."


def test_mo_who_manages_withdraws_anothers_words_with_a_reason_and_hana_who_only_edits_does_not(
    town: World, asked: str
) -> None:
    assert "those who manage this place" in Desk(town, "leeds/hana").see(f"{asked}/posts/1/withdraw", 403)
    page = Desk(town, "leeds/mo").fill(f"{asked}/posts/1/withdraw", reason="Personal data")
    assert "Withdrawn by Mo Khan of Leeds City Council, who manages this: Personal data" in page


def test_who_opens_a_conversation_does_not_manage_it(town: World, asked: str) -> None:
    """Bo may not withdraw what others said there, nor move it (conversation notes, 0.3; the mutant keeps an owner)."""
    bo = Desk(town, "york/bo")
    bo.see(f"{asked}/posts/2/withdraw", 403)
    bo.see(f"/move/conversation/{asked.rpartition('/')[2]}", 403)
    assert row(town, asked).owner == ""


def test_a_closed_conversation_takes_no_more_and_opens_again(town: World, asked: str) -> None:
    """Whoever asked may close it; what was being written comes back."""
    bo, ann = Desk(town, "york/bo"), Desk(town, "leeds/ann")
    ann.see(asked)
    assert "Close it" not in " ".join(ann.page.itertext())
    bo.see(asked)
    bo.press("Close it")
    page = ann.send(asked, 409, body="One more thing.")
    assert "closed while you were writing" in page
    assert "This conversation is closed" in ann.see(asked)
    bo.see(asked)
    bo.press("Open it again")
    assert "One more thing." in ann.send(asked, body="One more thing.")


def test_hana_pins_and_renames_and_ann_may_not(town: World, asked: str, forum: str) -> None:
    later = town.add_thread("leeds/forum", "Later", "leeds/ann", "Words.", sort="discussion")
    hana, ann = Desk(town, "leeds/hana"), Desk(town, "leeds/ann")
    ann.send(f"{asked}/pin", 403, on="yes")
    ann.see(f"{asked}/rename", 403)
    hana.see(asked)
    hana.press("Pin to the top")
    hana.see(forum)
    assert hana.page.xpath("//ul[@class='hub-rows']//a/@href")[0] == asked
    assert "The title is changed." in hana.fill(f"{asked}/rename", name="Registering flood wardens")
    assert "Enter a title" in hana.fill(f"{asked}/rename", 422, name=" ")
    assert "Registering flood wardens" in ann.see(forum)
    assert later


def test_ann_thanks_once_and_takes_it_back_and_not_herself(town: World, asked: str) -> None:
    ann, bo = Desk(town, "leeds/ann"), Desk(town, "york/bo")
    for _ in range(2):
        bo.send(f"{asked}/posts/2/thank", on="yes")
    assert "1 thanks" in ann.see(asked)
    sealed = {"on": "yes", "seen": seal_of(bo, asked)}
    assert "This is your own." in ann.send(f"{asked}/posts/2/thank", 409, **sealed)
    bo.send(f"{asked}/posts/2/thank", on="no")
    assert "1 thanks" not in ann.see(asked)


def test_bo_quotes_and_the_answer_says_what_it_answers(town: World, asked: str) -> None:
    bo = Desk(town, "york/bo")
    bo.see(f"{asked}?quote=2")
    assert bo.page.get_element_by_id("body").text.strip() == "> We use a **form**."
    page = bo.fill(f"{asked}?quote=2", body="> We use a **form**.\n\nWhich?")
    assert "In answer to 2 by Ann Shaw" in page
    bo.send(asked, 422, body="Which?", answers_to="99")


def test_a_preview_says_nothing_to_anybody(town: World, asked: str) -> None:
    bo = Desk(town, "york/bo")
    page = bo.send(asked, 200, body="## Which?", do="preview")
    assert "Preview: nothing is saved yet" in page
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(Post)).all()) == 2


def test_each_council_whose_people_wrote_keeps_the_talk_from_its_first_post_on(town: World, asked: str) -> None:
    """The holders, which cannot be told later (conversation notes, 1)."""
    town.post(node_of(asked), "leeds/mo")
    with town.parts.database.reading() as session:
        rows = session.execute(select(Holder.organisation_id, Holder.from_number).order_by(Holder.from_number)).all()
    assert [number for _, number in rows] == [1, 2]
    assert rows[0][0] == place_id(town, "york")
    assert rows[1][0] == place_id(town, "leeds")


def test_posts_of_a_long_conversation_come_fifty_at_a_time_and_each_has_an_address(town: World, asked: str) -> None:
    for n in range(60):
        town.post(node_of(asked), "leeds/ann", f"Post number {n}.")
    bo = Desk(town, "york/bo")
    assert "Post number 47." in bo.see(asked)
    assert "Post number 48." not in bo.see(asked)
    assert "Post number 48." in bo.see(f"{asked}?page=2")
    bo.see(f"{asked}?page=3", 404)
    assert bo.browser.get(f"{asked}/posts/60").location.endswith(f"{asked}?page=2#post-60")
    bo.see(f"{asked}/posts/63", 404)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"body": " "}, "Write something"),
        ({"body": "x" * 100_001}, "100,000 characters or fewer"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_what_to_mend(
    town: World, asked: str, sent: dict[str, str], said: str
) -> None:
    """A post of a megabyte, and none."""
    ann = Desk(town, "leeds/ann")
    assert said in ann.send(asked, 422, **sent)
    assert ann.page.get_element_by_id("body").text[1:].strip() == sent["body"].strip()


def test_a_sheet_that_is_sent_twice_says_it_once(town: World, asked: str) -> None:
    town.app.config["WTF_CSRF_ENABLED"] = True
    bo = Desk(town, "york/bo")
    bo.see(asked)
    form = next(form for form in bo.page.iter("form") if form.get("action") == asked)
    fields = {f.get("name"): f.get("value") for f in form.iter("input")} | {"body": "Once."}
    for _ in range(2):
        assert bo.browser.post(asked, data=fields).status_code == 303
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(Post).where(Post.body == "Once.")).all()) == 1


def test_headings_of_two_posts_have_anchors_of_their_own(town: World, asked: str) -> None:
    for _ in range(2):
        town.post(node_of(asked), "leeds/ann", "## What we did\n\nSee [above](#what-we-did).[^1]\n\n[^1]: A note.")
    bo = Desk(town, "york/bo")
    bo.see(asked)
    ids = bo.page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {"post-3-h-what-we-did", "post-4-h-what-we-did"} <= set(ids)
    assert set(bo.page.xpath("//article//a[starts-with(@href, '#post-4-')]/@href")) <= {f"#{each}" for each in ids}


def row(town: World, address: str) -> Thread:
    with town.parts.database.reading() as session:
        return session.get_one(Thread, address.rpartition("/")[2])


def seal_of(desk: Desk, address: str) -> str:
    """What a button of the page sends back of what was shown."""
    desk.see(address)
    return str(desk.page.xpath("//input[@name='seen']/@value")[0])


def node_of(address: str) -> str:
    return f"thread:{address.rpartition('/')[2]}"


def test_tables_and_notes_of_two_posts_are_told_apart_by_those_who_listen(town: World, asked: str) -> None:
    for _ in range(2):
        town.post(node_of(asked), "leeds/ann", "| a | b |\n|---|---|\n| 1 | 2 |\n\nSee.[^1]\n\n[^1]: A note.")
    bo = Desk(town, "york/bo")
    bo.see(asked)
    labels = bo.page.xpath("//article//*[@role='region' or self::section]/@aria-label")
    assert sorted(labels) == ["Notes, post 3", "Notes, post 4", "Table 1, post 3", "Table 1, post 4"]


def test_hana_who_may_choose_marks_what_she_opens_and_reads_who_will_see_it(town: World, forum: str) -> None:
    """Ann may write what is PUBLIC or OFFICIAL there, Hana also what is OFFICIAL-SENSITIVE, which Ann does not read."""
    ann, hana = Desk(town, "leeds/ann"), Desk(town, "leeds/hana")
    ann.see(f"{forum}/new")
    assert ann.page.xpath("//input[@name='marking']/@value") == ["PUBLIC", "OFFICIAL"]
    hana.see(f"{forum}/new")
    assert hana.page.xpath("//input[@name='marking']/@value") == ["PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE"]
    assert hana.page.xpath("//input[@name='marking'][@checked]/@value") == ["OFFICIAL"]
    assert len(set(hana.page.xpath("//*[contains(@id, '-item-hint')]/text()"))) > 1
    hana.fill(f"{forum}/new?kind=discussion", name="Rents", body="Words.", marking="OFFICIAL-SENSITIVE")
    here = hana.browser.get(forum).text.split('href="/threads/')[1][:12]
    assert row(town, f"/threads/{here}").ms == "OFFICIAL-SENSITIVE.published"
    ann.see(f"/threads/{here}", 404)
    page = ann.fill(f"{forum}/new?kind=discussion", 422, name="Rents", body="Words.", marking="OFFICIAL-SENSITIVE")
    assert "Policy does not let you mark a conversation so here" in page
    assert ann.page.get_element_by_id("body").text.strip() == "Words."


def test_who_would_read_it_changed_while_hana_wrote(town: World, forum: str) -> None:
    hana = Desk(town, "leeds/hana")
    hana.see(f"{forum}/new?kind=discussion")
    form = next(form for form in hana.page.iter("form") if "/new" in (form.get("action") or ""))
    hidden = {f.get("name"): f.get("value") for f in form.xpath(".//input[@type='hidden']")}
    town.set_policy("leeds", *LEEDS, "allow,org:york,read,leeds/forum,any,published,-,York too")
    sent = {"name": "Rents", "body": "Words.", "marking": "OFFICIAL-SENSITIVE", **hidden}
    assert "Of what is OFFICIAL-SENSITIVE it now holds" in hana.send(form.get("action"), 409, **sent)
    assert hana.page.get_element_by_id("body").text.strip() == "Words."
