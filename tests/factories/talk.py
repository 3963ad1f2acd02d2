"""Examples of the pages of talk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.features.hearing.following import CHOICES as FOLLOW_CHOICES
from hub.features.hearing.pages import (
    FollowedRow,
    FollowingPage,
    FollowPage,
    NoticeRow,
    NoticesPage,
    SettingsPage,
    StopPage,
)
from hub.features.hearing.settings import AT_ONCE, DAILY, DAYS
from hub.features.talk.begin_pages import BeginPage
from hub.features.talk.leading_pages import MergePage, RenamePage
from hub.features.talk.pages import Beside, TalkPage, ThreadPage, ThreadRow
from hub.features.talk.post_pages import EarlierPage, EarlierText, EditPostPage, PostShown, WithdrawPage
from hub.features.talk.telling_pages import LastDayPage, OffersPage, PublishPage, ReaderRow, ReadingPage, StepFormPage
from hub.web.pages import Action, Choice, Notice, Page, Problem, Send, Tab
from hub.web.paging import page_links
from tests.factories.events import ROW as EVENT_ROW
from tests.factories.events import SHOWN
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
    tone="draft",
    by=PRIYA,
    replies=0,
    last_at=AT,
    pinned=True,
)
IDEA: Final = replace(ROW, sort="Idea", stage="New", tone="official", pinned=False, votes="12 people support this")


def talk_examples() -> dict[str, Page]:
    """Every page of talk by a short name."""
    thread = ThreadPage(
        title="Can we use the silt sensors of others?",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        word="Question",
        stage="Answered",
        tone="public",
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
        hear=Action("How much you hear", "/follow/p4"),
        begin=(ASK, Action("Start a discussion", "/talk/p4/new?kind=discussion")),
        threads=(ROW, replace(ROW, title=LONG_WORD, stage="Answered", tone="public", replies=1, pinned=False)),
        links=page_links(1, 30, 2, lambda number: f"/talk/p4?page={number}"),
    )
    idea = replace(
        thread,
        word="Idea",
        stage="Accepted",
        tone="public",
        accepted=(),
        posts=(replace(POST, moved="Declined", tone="archived"),),
        problems=(),
        offered=(),
        beside=Beside(
            remarks=["It was done on 3 May 2026 and was worth £12,400."],
            votes="12 people support this",
            sends=[Send("Support this", f"{THREAD}/vote"), Send("I have read this", f"{THREAD}/read", (), "primary")],
            steps=[Action("Decline it", f"{THREAD}/stage/declined")],
            within=Action("How do we heat for less?", "/threads/c1"),
        ),
    )
    campaign = replace(
        idea,
        word="Ideas campaign",
        stage="",
        beside=Beside(
            remarks=["It takes ideas up to the end of 3 December 2026."],
            takes="Ideas",
            put_forward=(IDEA, replace(IDEA, votes="", title=LONG_WORD)),
            begin=Action("Put forward an idea", "/talk/p4/new?kind=idea", primary=True),
        ),
    )
    offers = OffersPage(
        title="What people can start in “Flood plan”",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        action="/talk/p4/sorts",
        cancel_href="/talk/p4",
        choices=(Choice("question", "Questions", "Whoever may write here asks"), Choice("news", "News", LONG_WORD)),
        chosen=("question",),
        news=("Somebody changed this meanwhile.",),
    )
    publish = PublishPage(
        title="Publish “We move”",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        action=f"{THREAD}/publish",
        cancel_href=THREAD,
        when="later",
        whens=(Choice("now", "Now"), Choice("later", "On a day, at a time", "It is published by itself then")),
        day="soon",
        at="09:00",
        ask="yes",
        asks=(Choice("", "Nobody"), Choice("yes", "All staff of my organisation who can read it")),
        problems=(Problem("day", "Enter a day"),),
    )
    reading = ReadingPage(
        title="Who has read “We move”",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        action=f"{THREAD}/who-has-read",
        back_href=THREAD,
        organisation="Leeds City Council",
        asked=True,
        by_date=AT.date(),
        read=1,
        total=2,
        shows=(Tab("Not yet (1)", "?", current=True), Tab("Have read it (1)", "?show=read")),
        rows=(ReaderRow(PRIYA, None), ReaderRow(TOM, AT)),
        csv_href="?as=csv",
        stop=Send("Ask nobody any more", f"{THREAD}/who-has-read", (("on", "no"),), "link"),
    )
    stage = StepFormPage(
        title="Say that this is done?",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        action=f"{THREAD}/stage/done",
        cancel_href=THREAD,
        button="Say that it is done",
        hint="What was done.",
        realised=True,
        done_on="2026-05-03",
        worth="12.50",
        problems=(Problem("worth", "Enter whole pounds, without pence"),),
        readers=READERS,
    )
    last_day = LastDayPage(
        title="Change the last day",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        action=f"{THREAD}/last-day",
        cancel_href=THREAD,
        closes="30 February",
        body=LONG_WORD,
        news=("The last day is 3 December 2026 now.",),
        problems=(Problem("closes", "Enter a day such as 31/03/2027 or 2027-03-31"),),
        readers=READERS,
    )
    return {
        "last-day": last_day,
        "idea": idea,
        "campaign": campaign,
        "campaign-without": replace(campaign, beside=Beside(takes="Ideas")),
        "talk-of-ideas": replace(
            talk,
            realised="£12,400 realised by 1 idea that is done.",
            change=Action("Choose what people can start here", "/talk/p4/sorts"),
            threads=(IDEA, replace(IDEA, sort="Note", words=MARKDOWN, until="open up to 3 December 2026")),
        ),
        "offers": offers,
        "publish-news": publish,
        "who-has-read": reading,
        "who-has-read-nobody": replace(reading, asked=False, rows=(), stop=None),
        "stage": stage,
        "begin-note": replace(begin, titled=False, title_hint="", body="Words"),
        "begin-campaign": replace(begin, asks_closes=True, closes="soon", problems=(Problem("closes", "Enter a day"),)),
        "begin-in-campaign": replace(begin, campaign="c1", within=Action("How do we heat for less?", "/threads/c1")),
        "talk": talk,
        "talk-coming": replace(talk, coming=(EVENT_ROW,), events_href="/talk/p4/events"),
        "talk-empty": replace(talk, threads=(), links=page_links(1, 30, 0, str)),
        "thread": thread,
        "thread-event": replace(thread, word="Event", stage="", accepted=(), event=SHOWN, problems=()),
        "thread-event-off": replace(
            thread, word="Event", event=replace(SHOWN, off=LONG_WORD, sends=(), mine="", names_href="", counts=())
        ),
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
            told=(
                Notice(
                    "A post of yours in “Silt sensors” was withdrawn by a manager: It named a resident",
                    f"{THREAD}/posts/2",
                    "info",
                    (Send("Dismiss", "/reports/seen", (("node", "thread:t4"), ("number", "2")), "link"),),
                ),
                Notice("The post that you reported stays as it is: It is blunt, not abusive", "", "info"),
            ),
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
            actions=(Action("Letters to you", "/notices/settings"),),
        ),
        "notices-none": NoticesPage(),
        "follow": FollowPage(
            title="How much do you want to hear?",
            about=LONG_WORD,
            action=f"{THREAD}/follow",
            cancel_href=THREAD,
            choices=FOLLOW_CHOICES,
            level="until",
            until="4 Septembre",
            problems=(Problem("until", "Enter a day such as 31/03/2027 or 2027-03-31"),),
        ),
        "following": FollowingPage(
            followed=(
                FollowedRow("Conversation", LONG_WORD, THREAD, "Everything", Send("Take it out", "/me/following")),
                FollowedRow("Service", "Housing", "/spaces?service=housing", "", Send("Take it out", "/me/following")),
            )
        ),
        "following-none": FollowingPage(
            skill="…",
            suggested=("Procurement", LONG_WORD),
            problems=(Problem("skill", "Enter what the questions are to be about, in up to 60 characters"),),
        ),
        "letters": SettingsPage(
            action="/notices/settings",
            address="priya.shah@leeds.gov.uk",
            refused="The mail server refuses the address: 550 5.1.1 No such mailbox.",
            again=Send("Try again", "/notices/settings/again"),
            away="Your profile says that you are away. Letters come again from 4 December 2026 on, in one.",
            yes_no=(DAILY, AT_ONCE),
            days=tuple((Choice(str(number), name), number < 5) for number, name in enumerate(DAYS)),
        ),
        "letters-wrong": SettingsPage(
            action="/notices/settings",
            without="The hub writes letters of news to staff alone.",
            yes_no=(DAILY, AT_ONCE),
            begins="25",
            days=((Choice("0", "Monday"), False),),
            problems=(Problem("from", "Enter a whole hour"), Problem("day", "Choose at least one day")),
        ),
        "letters-stop": StopPage(action="/letters/stop/x"),
        "letters-stopped": StopPage(title="You get no more of these letters"),
    }
