"""Examples of the pages of talk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.features.hearing.pages import NoticeRow, NoticesPage
from hub.features.talk.pages import (
    BeginPage,
    EarlierPage,
    EarlierText,
    EditPostPage,
    MergePage,
    PostShown,
    RenamePage,
    TalkPage,
    ThreadPage,
    ThreadRow,
    WithdrawPage,
)
from hub.web.pages import Action, Choice, Page, Problem, Send, Tab
from hub.web.paging import page_links
from tests.factories.page_values import HOUSING, LEEDS, LONG_WORD, MARKDOWN, WHOSE, WHY
from tests.factories.spaces import HEAD, PRIYA, TOM

AT: Final = datetime(2026, 10, 20, 9, 12, tzinfo=UTC)
THREAD: Final = "/threads/t4k9x2m7qabc"
ASK: Final = Action("Ask a question", "/talk/p4k9x2m7qa/new?kind=question", primary=True)
SORTS: Final = (Tab("Question", "?kind=question", current=True), Tab("Discussion", "?kind=discussion"))
READERS: Final = "27 people in 2 organisations and staff of City of York Council can read this."
KEEPERS: Final = "Leeds City Council and City of York Council each keep it as a record of theirs."
POST: Final = PostShown(
    number=1,
    anchor="post-1",
    href=f"{THREAD}/posts/1",
    by=PRIYA,
    at=AT,
    body=MARKDOWN,
    revision=f"{THREAD}/posts/1/2",
    edited=AT + timedelta(hours=1),
    earlier_href=f"{THREAD}/posts/1/earlier",
    thanks=3,
    told=(TOM,),
    sends=(Send("Thank", f"{THREAD}/posts/1/thank", kind="link"),),
    actions=(Action("Quote", "?quote=1#say"), Action("Edit", f"{THREAD}/posts/1/edit")),
)
ANSWER: Final = replace(
    POST,
    number=2,
    anchor="post-2",
    by=TOM,
    body=f"Yes. {LONG_WORD}",
    edited=None,
    earlier_href="",
    accepted=True,
    answers_to=1,
    answers_href="#post-1",
    answered="Priya Shah",
    thanks=1,
    told=(),
)
GONE: Final = PostShown(
    number=3, anchor="post-3", by=TOM, at=AT, withdrawn="Withdrawn by whoever wrote it: It named a resident"
)
ROW: Final = ThreadRow(
    title="Can we use the silt sensors of others?",
    href=THREAD,
    sort="Question",
    stage="Needs an answer",
    open=True,
    by=PRIYA,
    replies=0,
    last_at=AT,
    pinned=True,
)


def talk_examples() -> dict[str, Page]:
    """Every page of talk by a short name."""
    thread = ThreadPage(
        title="Can we use the silt sensors of others?",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        word="Question",
        stage="Answered",
        marking="OFFICIAL",
        star=Send("Add to favourites", "/favourites", kind="link"),
        pinned=True,
        posts=(POST, ANSWER, GONE),
        accepted=(ANSWER,),
        total=120,
        links=page_links(1, 50, 120, lambda number: f"{THREAD}?page={number}"),
        menu=((Action("Who can see this?", "/audience/conversation/t4"),), (Action("Move", "/move/conversation/t4"),)),
        sends=(Send("Follow", f"{THREAD}/follow", (("level", "all"),), "link"),),
        action=THREAD,
        answers_to="1",
        quoted="post 1 by Priya Shah",
        body="> Yes.",
        tell="Tom",
        offered=(Choice("person:york/tom", "Tom Reed", "York"), Choice("person:hull/tom", "Tom Ellis", "Hull")),
        problems=(Problem("tell_is", "Choose which of them you mean"),),
        button="Answer",
        readers=READERS,
        keepers=KEEPERS,
        names_href=f"{THREAD}/names",
        attach_hint="It is filed in “Flood plan”, marked as this is, and your text links to it. Up to 100 MB.",
        why=WHY,
    )
    begin = BeginPage(
        title="Ask a question",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        place="Flood plan",
        place_href="/places/leeds/housing/flood-plan",
        action="/talk/p4k9x2m7qa/new?kind=question",
        cancel_href="/talk/p4k9x2m7qa",
        sorts=SORTS,
        sort="question",
        button="Ask a question",
        title_hint="In one sentence.",
        body_hint="What have you tried?",
        readers=READERS,
        keepers=KEEPERS,
    )
    talk = TalkPage(
        title="Flood plan",
        crumbs=(LEEDS, HOUSING),
        head=HEAD,
        shows=(Tab("All", "/talk/p4", current=True), Tab("Questions", "/talk/p4?show=questions")),
        follow=(Send("Follow", "/follow/p4", kind="link"),),
        begin=(ASK, Action("Start a discussion", "/talk/p4/new?kind=discussion")),
        threads=(ROW, replace(ROW, title=LONG_WORD, stage="Answered", open=False, replies=1, pinned=False)),
        links=page_links(1, 30, 2, lambda number: f"/talk/p4?page={number}"),
    )
    return {
        "talk": talk,
        "talk-empty": replace(talk, threads=(), links=page_links(1, 30, 0, str)),
        "thread": thread,
        "thread-closed": replace(thread, closed=True, action="", silent="This is closed.", body="Mine.", problems=()),
        "comments": replace(
            thread,
            title="Comments on “Plan”",
            word="Comments",
            about=Action("Plan", "/documents/d1"),
            posts=(),
            total=0,
            accepted=(),
            problems=(),
            offered=(),
            why=None,
            links=page_links(1, 50, 0, str),
        ),
        "begin": begin,
        "begin-again": replace(
            begin,
            body="Words",
            markings=(Choice("PUBLIC", "PUBLIC", "All staff can read it."), Choice("OFFICIAL", "OFFICIAL", READERS)),
            marking="OFFICIAL",
            readers="",
            problems=(Problem("name", "Enter a title"), Problem("marking", "Choose one that is offered")),
        ),
        "edit-post": EditPostPage(
            title="Edit what you said",
            crumbs=(LEEDS,),
            whose=WHOSE,
            action=f"{THREAD}/posts/1/edit",
            cancel_href=THREAD,
            body="Words",
            based_on=1,
            news=("You saved another text.",),
        ),
        "withdraw-post": WithdrawPage(
            title="Withdraw this?",
            crumbs=(LEEDS,),
            whose=WHOSE,
            action=f"{THREAD}/posts/1/withdraw",
            cancel_href=THREAD,
            post=POST,
            own=False,
        ),
        "earlier-texts": EarlierPage(
            title="Earlier texts of post 1",
            crumbs=(LEEDS,),
            whose=WHOSE,
            back_href=THREAD,
            post=POST,
            texts=(EarlierText(1, AT, MARKDOWN),),
        ),
        "rename-thread": RenamePage(
            title="Change the title",
            crumbs=(LEEDS,),
            whose=WHOSE,
            action=f"{THREAD}/rename",
            cancel_href=THREAD,
            name="Silt",
            problems=(Problem("name", "Enter a title"),),
        ),
        "merge-thread": MergePage(
            title="Merge “Silt” into another conversation",
            crumbs=(LEEDS,),
            whose=WHOSE,
            action=f"{THREAD}/merge",
            cancel_href=THREAD,
            threads=(Choice("t1", "Silt sensors", "Flood plan, 3 posts"), Choice("t2", LONG_WORD, "1 post")),
            problems=(Problem("into", "Choose a conversation from the list"),),
        ),
        "merge-nothing": MergePage(
            title="Merge “Silt” into another conversation",
            crumbs=(LEEDS,),
            whose=WHOSE,
            action=f"{THREAD}/merge",
            cancel_href=THREAD,
            find="sand",
        ),
        "notices": NoticesPage(
            notices=(
                NoticeRow(
                    who=TOM,
                    did="answered you",
                    title="Silt",
                    href=f"{THREAD}/posts/2",
                    place="Flood plan",
                    at=AT,
                    new=True,
                ),
                NoticeRow(
                    who=PRIYA, did="wrote in what you follow", title=LONG_WORD, href=THREAD, place="", at=AT, new=False
                ),
            ),
            put_away=Send("Mark all as seen", "/notices/seen"),
            letters=Send("Send me no letters of this", "/notices/letters", kind="link"),
        ),
        "notices-none": NoticesPage(),
    }
