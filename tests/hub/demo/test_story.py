"""What the demo tells: the same words, searched as different people, under the demo's own policy files."""

from sqlalchemy import select

from hub.access.models import Place
from hub.features.find.queries import Found
from tests.hub.world import World

PRIYA, SAM, HELEN, ARTHUR = "leeds/priya-sharma", "leeds/sam-okafor", "leeds/helen-braithwaite", "leeds/arthur-pell"
DANIEL, RUTH, TOMASZ, GRACE = "leeds/daniel-whitaker", "leeds/ruth-adeyemi", "leeds/tomasz-nowak", "leeds/grace-lindley"
ALICE, BEN, NADIA = "york/alice-moor", "york/ben-atkinson", "york/nadia-rahman"
YASMIN, SOFIA, ELLIE = "bradford/yasmin-akhtar", "bradford/sofia-greenwood", "bradford/ellie-sugden"
TOM_OF_KIRKLEES = "kirklees/tom-quarmby"
MARIA, TOM_OF_ACME, VICTOR, ANA = (
    "acme/maria-lopez",
    "acme/tom-hargreaves",
    "acme/victor-lane",
    "beckwater/ana-costa",
)


def found(demo: World, handle: str, words: str = "", **asked: str) -> list[Found]:
    """Every hit of a person's search, all pages."""
    hits: list[Found] = []
    while True:
        answer = demo.ask(handle, words, page=str(1 + len(hits) // 10), **asked)
        hits += answer.hits
        if len(hits) >= answer.total:
            return hits


def titles(demo: World, handle: str, words: str = "", **asked: str) -> set[str]:
    return {"".join(text for text, _ in hit.title) for hit in found(demo, handle, words, **asked)}


def where(demo: World, handle: str, words: str) -> set[str]:
    """Names of the organisations that the hits lie under."""
    return {hit.organisation.name for hit in found(demo, handle, words) if hit.organisation}


def may(demo: World, handle: str, action: str, path: str) -> bool:
    with demo.viewer(handle) as viewer:
        decision = viewer.decide(action, viewer.session.scalars(select(Place).where(Place.path == path)).one())
        return decision is not None and decision.allowed


def test_flood_means_something_else_to_leeds_york_and_a_supplier(demo: World) -> None:
    priya, ben, maria = (titles(demo, handle, "flood", kind="document") for handle in (PRIYA, BEN, MARIA))
    shared = "Joint flood plan for the Aire, Wharfe and Ouse"
    assert shared in priya & ben & maria
    assert "River watch: who looks at the gauges at night" in titles(demo, PRIYA, "gauges")
    assert "River watch: who looks at the gauges at night" not in titles(demo, BEN, "gauges")
    assert "After the flood: Bishopthorpe Road, February 2025" in ben - priya - maria
    assert len(maria) < min(len(priya), len(ben))
    spaces = {hit.space.name for hit in found(demo, MARIA, "") if hit.space}
    assert spaces == {"Joint flood plan"}


def test_ben_reads_the_joint_plan_and_not_what_is_sensitive_in_it(demo: World) -> None:
    sensitive = "How we find residents who need help early"
    assert sensitive in titles(demo, TOMASZ, "amber")
    for handle in (PRIYA, ALICE, BEN, YASMIN, MARIA):
        assert sensitive not in titles(demo, handle, "amber"), handle


def test_kirklees_left_the_joint_plan_and_its_line_of_policy_ended_with_it(demo: World) -> None:
    shared = "Joint flood plan for the Aire, Wharfe and Ouse"
    assert shared not in titles(demo, TOM_OF_KIRKLEES, "flood plan")
    assert "Flood plan for the Colne and Holme valleys" in titles(demo, TOM_OF_KIRKLEES, "flood plan")


def test_only_the_lawyers_of_leeds_find_kestrel(demo: World) -> None:
    assert len(found(demo, HELEN, "KESTREL")) == len(found(demo, ARTHUR, "kestrel")) == 4
    for handle in (PRIYA, SAM, DANIEL, RUTH, GRACE, TOMASZ, ALICE, NADIA, SOFIA, MARIA):
        answer = demo.ask(handle, "KESTREL")
        assert (answer.total, answer.hits) == (0, ()), handle


def test_ruth_runs_the_hub_and_reads_what_priya_reads(demo: World) -> None:
    for words in ("flood", "retrofit", "legal", ""):
        assert titles(demo, RUTH, words) == titles(demo, PRIYA, words)
    assert [may(demo, RUTH, "administer", slug) for slug in ("leeds", "york", "acme")] == [True] * 3
    assert not may(demo, RUTH, "manage", "leeds")
    assert not may(demo, PRIYA, "administer", "leeds")


def test_an_organisations_administrator_stays_at_home(demo: World) -> None:
    assert may(demo, DANIEL, "administer", "leeds")
    assert may(demo, DANIEL, "manage", "leeds")
    assert not may(demo, DANIEL, "administer", "york")
    assert not may(demo, "york/charlotte-hall", "administer", "leeds")


def test_daniel_administers_leeds_and_cannot_open_the_legal_space(demo: World) -> None:
    assert "Retrofit tender HO-117: panel scores" not in titles(demo, DANIEL, "tender")
    legal = titles(demo, HELEN, "", kind="document") - titles(demo, DANIEL, "", kind="document")
    assert "KESTREL: opening note" in legal
    assert titles(demo, DANIEL, "privileged") & legal == set()
    assert "Draft letter: what we found in your home" in titles(demo, DANIEL, "draft letter found")


def test_sam_sees_the_drafts_of_housing_and_priya_does_not(demo: World) -> None:
    draft = "Draft letter: what we found in your home"
    assert draft in titles(demo, SAM, "letter home")
    assert draft not in titles(demo, PRIYA, "letter home")


def test_the_two_bidders_see_the_same_pack_and_only_their_own_bid(demo: World) -> None:
    acme, beckwater = titles(demo, TOM_OF_ACME), titles(demo, ANA)
    pack = {title for title in acme if title.startswith("Retrofit tender HO-117")}
    assert len(pack) == 4
    assert pack <= beckwater
    assert "Acme's bid: summary" in acme - beckwater
    assert "Beckwater's bid: summary" in beckwater - acme
    assert not any("Evaluation" in title for title in acme | beckwater)


def test_victors_admission_has_ended_and_he_finds_nothing(demo: World) -> None:
    answer = demo.ask(VICTOR)
    assert (answer.total, answer.hits) == (0, ())
    assert not any(answer.facets.values())


def test_nobody_outside_learns_of_the_confidential_spaces(demo: World) -> None:
    assert "Incident in April: what we change" in titles(demo, ELLIE, "incident")
    assert "Project Lantern" in titles(demo, GRACE, "Lantern", kind="space")
    for handle in (PRIYA, DANIEL, RUTH, SAM, ALICE, SOFIA):
        assert titles(demo, handle, "Lantern") == set(), handle
    for handle in (YASMIN, SOFIA, PRIYA):
        assert "Incident room" not in titles(demo, handle, "incident"), handle


def test_a_private_space_shows_its_name_to_its_own_council_and_nothing_of_what_is_inside(demo: World) -> None:
    assert "Adult social care" in titles(demo, PRIYA, "adult social care", kind="space")
    assert "Adult social care" not in titles(demo, BEN, "adult social care", kind="space")
    assert "When is it safeguarding?" not in titles(demo, PRIYA, "safeguarding")
    assert "When is it safeguarding?" in titles(demo, "leeds/chloe-marsden", "safeguarding")


def test_retrofit_and_damp_reach_across_councils(demo: World) -> None:
    assert len(where(demo, YASMIN, "retrofit")) >= 4
    assert len(where(demo, SAM, "damp and mould")) >= 3
    assert titles(demo, SAM, "retrofit") != titles(demo, YASMIN, "retrofit")


def test_a_search_in_a_datasheet_finds_its_rows(demo: World) -> None:
    assert "Large pumps and where they stand" in titles(demo, BEN, "Knowsthorpe")


def test_each_person_finds_something_else(demo: World) -> None:
    everything = {handle: len(found(demo, handle)) for handle in (PRIYA, SAM, HELEN, BEN, YASMIN, MARIA, VICTOR)}
    assert len(set(everything.values())) == len(everything), everything
