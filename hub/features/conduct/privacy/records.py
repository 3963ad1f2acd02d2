"""What the hub keeps about people: in which tables, for what, who sees it, and how long. A list you can read.

The privacy notice shows it, and the reference for a data protection impact assessment is written from it. A test fails
where a table names people and is not here.
"""

from dataclasses import dataclass
from typing import Final

FOR_GOOD: Final = "As long as the hub, unless your organisation has it removed"
WITH_IT: Final = "As long as what it is about"


@dataclass(frozen=True, slots=True)
class Record:
    """Something that is kept about people."""

    what: str
    why: str
    seen: str
    """Who sees it."""
    kept: str
    tables: tuple[str, ...]


RECORDS: Final = (
    Record(
        "Name, e-mail address, job title, organisation, groups",
        "So that others know with whom they work, and policy can say what each person sees",
        "Whoever may see your page; your organisation's administrators",
        FOR_GOOD,
        ("people", "group_members"),
    ),
    Record(
        "Your profile: what you say of your work, skills, contact and absence",
        "So that colleagues find somebody who knows",
        "Whom you chose for each part: whoever sees your page, your organisation, or only you",
        "Until you change it",
        ("profiles", "profile_services", "profile_skills"),
    ),
    Record(
        "Your photograph, if you want one",
        "So that others know you when they meet you",
        "Whom you chose: whoever sees your page, your organisation, or only you",
        "Until you remove it",
        ("photographs",),
    ),
    Record(
        "Who you are at your organisation's sign-in",
        "So that you, and nobody else, sign in as you",
        "Nobody; the people who run the hub can read it",
        "As long as the hub, unless your organisation has it removed. Links that were used or ran out: 90 days",
        ("external_identities", "pending_bindings"),
    ),
    Record(
        "Name and address with which you came by a link that was made for another address",
        "So that whoever answers for that link says whether it is you",
        "Whoever made the link, your sponsor, the administrators of the organisation",
        "90 days",
        ("arrivals",),
    ),
    Record(
        "That a sign-in of yours failed, why, and a shortened copy of what your organisation said of you",
        "So that your organisation's administrators can put it right",
        "Your organisation's administrators",
        "90 days, and no more than the last 50 of an organisation's sign-in",
        ("failed_sign_ins",),
    ),
    Record(
        "Of guests who sign in here: their address, invitations, codes asked for, the public half of passkeys",
        "So that you, and nobody else, sign in as you",
        "You; whoever made your invitation knows its address; the people who run the hub can read it",
        "Codes: one hour. Invitations: 30 days after they ended. The rest: until you are let in anew, or remove it",
        ("local_accounts", "local_invitations", "sign_in_codes", "passkeys", "passkey_challenges"),
    ),
    Record(
        "Of guests: each page and file of others that they open or take away",
        "So that an organisation can say what people from outside read",
        "The administrators of the organisation whose it is",
        FOR_GOOD,
        (),
    ),
    Record(
        "Your sessions: when you signed in, with what kind of browser and from which address, and were here last",
        "To keep you signed in, and so that you see a session that is not yours, and end it",
        "You; administrators how many you have, and whether you have signed in",
        "90 days after they ended; your last one as long as the hub",
        ("sessions",),
    ),
    Record(
        "Attempts to sign in, and costly requests, under a code that cannot be read back",
        "Against guessing and overload",
        "Nobody",
        "One hour after they ended",
        ("sign_in_transactions", "sign_in_tries", "spent_budgets", "heard_logouts"),
    ),
    Record(
        "What you were given, by whom and why; invitations, requests for access, and rights that wait",
        "So that each right has a reason, and ends when it should",
        "You, whoever manages the place, your organisation's administrators",
        "Rights: as long as the hub. Requests: one year. Invitations: 30 days after they ended",
        ("grants", "holds", "invitations", "access_requests", "line_wishes"),
    ),
    Record(
        "Documents that you wrote, uploaded or brought in, and each of their versions",
        "They are the work that this hub is for",
        "Whoever policy lets read them; “Who can see this?” tells",
        "As long as the document. A large upload that broke off: one day",
        ("documents", "revisions", "file_texts", "imports", "uploads"),
    ),
    Record(
        "What you said: conversations, posts and their earlier texts, comments, answers, thanks",
        "So that a question is answered once, for everybody who has it",
        "Whoever reads the space or the document. What was withdrawn stays for the organisations that keep it",
        "As long as what it is about, or as the schedules say of the organisations that keep it",
        ("threads", "posts", "post_texts", "posts_told", "accepted_answers", "thanks", "stage_moves"),
    ),
    Record(
        "What you support, whether you come to an event, and that you have read something",
        "So that ideas are weighed, events are planned, and your organisation knows whom it has told",
        "Support: a number. Who comes: whoever reads it and may see you. Who has read: colleagues who edit there",
        WITH_IT,
        ("votes", "read_receipts", "must_read"),
    ),
    Record(
        "What was taken out of a post for good, and how long an organisation keeps what is said",
        "To show what was removed, by whom and why",
        "Whoever reads the post; those who keep the records of the organisation",
        WITH_IT,
        ("removals", "records_schedules"),
    ),
    Record(
        "That you opened an answer instead of asking, under a code of one day that cannot be read back",
        "To count the questions that answers saved",
        "Nobody; managers of the space see a number",
        "Until the day is counted",
        ("answers_opened",),
    ),
    Record(
        "Posts and documents that you reported, and what was decided",
        "So that those who manage a place can keep order in it",
        "Those who decide. Whoever wrote it is not told who reported it",
        "One year after the decision",
        ("post_reports", "thing_reports", "withdrawals_seen"),
    ),
    Record(
        "What you follow, and news for you",
        "So that you hear of answers",
        "Only you",
        "News: 90 days. What you follow: until you stop",
        ("follows", "service_follows", "skill_follows", "notices", "news_letters"),
    ),
    Record(
        "What you opened last, your favourites, and what you typed and did not send",
        "So that you can go on where you were",
        "Only you",
        "90 days; favourites until you remove them",
        ("visits", "typed_drafts"),
    ),
    Record(
        "What you sent and had to sign in again for, encrypted",
        "So that nothing of it is lost meanwhile",
        "Only you",
        "30 minutes",
        ("held_forms",),
    ),
    Record(
        "Addresses at which your feed reader or calendar reads as you: a hash of each, and when it was read last",
        "So that you can read elsewhere what is new, and end that",
        "Only you",
        "They work for a year at most, and are forgotten 30 days after they are over",
        ("feeds",),
    ),
    Record(
        "That a mail server said that your address does not exist",
        "So that nothing more is sent there",
        "You; your organisation's administrators see a number",
        "Until you try again",
        ("refused_addresses",),
    ),
    Record(
        "Letters that the hub wrote to you",
        "To tell you of what concerns you",
        "You, and the people who run the hub",
        "Half a year after they left, or were given up",
        ("letters",),
    ),
    Record(
        "Which terms you accepted, and when; who published them",
        "To show that you were told",
        "You. Administrators see how many accepted, not who",
        FOR_GOOD,
        ("terms_accepted", "terms_versions"),
    ),
    Record(
        "What you proposed and a second person had to agree to, and what you decided about others’ proposals",
        "So that nobody appoints administrators, or does other things that weigh as much, alone",
        "You, and the administrators who may agree",
        FOR_GOOD,
        ("proposals",),
    ),
    Record(
        "The audit: who changed what, and when; who owned what; who put a policy in force",
        "To answer for what was done, and to show who could see something on a day",
        "The people who run the hub; of policies also the administrators",
        "As long as the hub",
        ("audit_entries", "history", "places", "policy_texts", "policy_versions", "policy_hand_edits"),
    ),
)
