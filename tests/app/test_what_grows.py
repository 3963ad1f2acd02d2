"""No table grows for ever unnoticed: of each it is said that a job empties it, or why its rows stay."""

import pytest

from hub.ground.db import Base
from hub.running.worker import jobs_of
from hub.wiring import FEATURES

GOES = {
    "access_requests": "requests without a manager",
    "answered_sheets": "answered sheets",
    "arrivals": "sign-in leftovers",
    "answers_opened": "questions saved",
    "failed_sign_ins": "sign-in leftovers",
    "feeds": "feeds that are over",
    "fences": "index",
    "heard_logouts": "sign-in leftovers",
    "held_forms": "forms held for somebody who signs in again",
    "invitations": "invitations that are over",
    "issuer_key_sets": "sessions that were over long ago",
    "letters": "letters of long ago",
    "line_wishes": "wishes that are over",
    "local_invitations": "codes and invitations that are over",
    "notices": "old news",
    "outbox": "index",
    "passkey_challenges": "codes and invitations that are over",
    "pending_bindings": "sessions that were over long ago",
    "post_reports": "old reports",
    "questions_saved": "questions saved",
    "sessions": "sessions that were over long ago",
    "sign_in_codes": "codes and invitations that are over",
    "sign_in_transactions": "sign-in leftovers",
    "sign_in_tries": "sign-in leftovers",
    "spent_budgets": "minutes that are over",
    "thing_reports": "old reports",
    "typed_drafts": "old drafts",
    "upload_parts": "uploads that are over",
    "uploads": "uploads that are over",
    "visits": "old visits",
}
"""Table -> the job of the worker that deletes its rows."""
ITSELF = frozenset(
    [
        "conduct_settings",
        "documents",
        "events",
        "external_identities",
        "local_accounts",
        "passkeys",
        "groups",
        "holds",
        "issuers",
        "organisation_domains",
        "organisations",
        "people",
        "photographs",
        "places",
        "profiles",
        "profile_services",
        "profile_skills",
        "records_schedules",
        "question_spaces",
        "services",
        "session_limits",
        "terms_versions",
        "threads",
    ]
)
"""What the hub is there for: as many rows as there are such things."""
WITH_IT = frozenset(
    [
        "accepted_answers",
        "domain_claims",
        "end_reminders",
        "file_texts",
        "follows",
        "group_members",
        "holders",
        "imported_files",
        "imports",
        "must_read",
        "news_letters",
        "offered_sorts",
        "pins",
        "place_closure",
        "post_texts",
        "posts",
        "public_texts",
        "posts_told",
        "put_away",
        "read_receipts",
        "refused_addresses",
        "removals",
        "revisions",
        "service_follows",
        "skill_follows",
        "space_services",
        "stage_moves",
        "talks",
        "terms_accepted",
        "thanks",
        "votes",
        "withdrawals_seen",
        "merged_threads",
    ]
)
"""As long as the thing, the person or the wish that they belong to."""
FOR_GOOD = frozenset(
    [
        "audit_entries",
        "former_paths",
        "gone_places",
        "grants",
        "history",
        "policy_texts",
        "policy_versions",
        "proposals",
    ]
)
"""By intent: what was done or proposed, what decided and when, old addresses, and which places are gone."""
FEW = frozenset(["hub_state", "public_words", "policy_alarms", "policy_hand_edits", "worker_turns"])
"""A row for the hub, or a few for each policy file."""


def test_of_each_table_it_is_said_whether_its_rows_go() -> None:
    said = [*GOES, *ITSELF, *WITH_IT, *FOR_GOOD, *FEW]
    assert len(said) == len(set(said))
    assert set(said) == {table.name for table in Base.metadata.tables.values() if not table.name.startswith("toy")}


@pytest.mark.parametrize("table", GOES)
def test_what_goes_is_taken_by_a_job_that_there_is(table: str) -> None:
    assert GOES[table] in {job.name for job in jobs_of(FEATURES)}
