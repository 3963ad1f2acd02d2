"""Ann signs in through her own organisation, and out again, with certified providers at the other end."""

from urllib.parse import parse_qs, urlsplit

import pytest

from hub.access.models import SignedInSession
from hub.features.signin.models import ExternalIdentity, SignInTransaction
from tests.hub.features.signin.browser import SignInWorld, leads_to, refused

pytestmark = pytest.mark.peers


@pytest.fixture
def two(world: SignInWorld, providers) -> SignInWorld:
    """Leeds and York, each with a certified provider; Ann is of Leeds, Bob of York."""
    world.join_provider("leeds", providers[0])
    world.join_provider("york", providers[1], "client_secret_post")
    world.expect("leeds/ann-archer", "ann")
    world.expect("york/bob-brook", "bob")
    return world


def test_ann_signs_in_and_comes_to_the_page_that_she_asked_for(two) -> None:
    """P-01, P-02: a stranger is sent to sign in, proves who she is in Leeds, and lands where she wanted to be."""
    ann = two.browser("ann")
    asked = ann.get("/places/leeds?page=2")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=%2Fplaces%2Fleeds%3Fpage%3D2"
    href = ann.choose("leeds", asked.location)
    assert set(parse_qs(urlsplit(href).query)) == {"client_id", "request_uri"}, "pushed, since Leeds offers that"
    back = ann.come_back(ann.prove(href))
    assert (back.status_code, back.location) == (303, "/places/leeds?page=2")
    assert "Ann Archer" in ann.get("/places/leeds").text


def test_bob_signs_in_at_a_provider_without_pushed_requests(two) -> None:
    """P-01: S256 and nonce stand in the address."""
    bob = two.browser("bob")
    href = bob.choose("york")
    query = parse_qs(urlsplit(href).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["nonce"]
    assert bob.come_back(bob.prove(href)).location == "/"
    assert bob.is_signed_in()


def test_ann_who_goes_back_to_the_spent_address_is_simply_at_home(two) -> None:
    """The back button after signing in: nothing is wrong, so nothing is said."""
    ann = two.browser("ann")
    back = ann.prove(ann.choose("leeds"))
    ann.come_back(back)
    again = ann.come_back(back)
    assert (again.status_code, again.location) == (303, "/")
    assert ann.is_signed_in()


def test_both_know_only_their_own_people(two) -> None:
    """N-13: the same subject at two issuers is two people, or nobody."""
    ann_at_york = two.browser("ann")
    assert refused(ann_at_york.sign_in("york"), "you have not been added to the hub yet", 403)
    assert not ann_at_york.is_signed_in()
    two.expect("york/ann-other", "ann")
    assert two.browser("ann").sign_in("leeds").status_code == 303
    assert two.browser("ann").sign_in("york").status_code == 303
    with two.parts.database.reading() as session:
        people = {row.person_id for row in session.query(ExternalIdentity).filter_by(subject="ann")}
    assert len(people) == 2


def test_ann_signs_out_here_and_at_her_organisation(two) -> None:
    """L-43: locally first, then with hint and state; the next sign-in asks who she is."""
    ann = two.browser("ann")
    ann.sign_in("leeds")
    answer = ann.send("/", "/sign-out")
    assert not ann.is_signed_in()
    href = leads_to(answer)
    assert set(parse_qs(urlsplit(href).query)) == {"id_token_hint", "client_id", "post_logout_redirect_uri", "state"}
    page = ann.come_back(ann.prove(href))
    assert "You are signed out of the hub and of Leeds City Council." in page.text
    ann.person.visited.clear()
    ann.sign_in("leeds")
    assert any("/interaction/" in url for url in ann.person.visited), "she is asked again"


def test_the_way_back_from_signing_out_is_believed_with_its_state_only(two) -> None:
    """L-43, L-48."""
    ann = two.browser("ann")
    ann.sign_in("leeds")
    ann.send("/", "/sign-out")
    for path in ("/signed-out", "/signed-out?state=", "/signed-out?state=another"):
        assert "but not of Leeds City Council" in ann.get(path).text


def test_a_cookie_that_was_copied_is_worth_nothing_after_sign_out(two) -> None:
    """D-WEB 49."""
    ann, thief = two.browser("ann"), two.browser("nobody")
    ann.sign_in("leeds")
    thief.restore(ann.cookies())
    assert thief.is_signed_in(), "while she is signed in, a stolen cookie works: that is why it is HttpOnly"
    ann.send("/", "/sign-out")
    assert not thief.is_signed_in()
    assert two.count(SignedInSession) == 1


def test_a_spent_answer_is_worth_nothing_even_with_the_cookies_of_before(two) -> None:
    """N-18: state replayed, the binding cookie and the session cookie restored."""
    ann = two.browser("ann")
    href = ann.choose("leeds")
    before = ann.cookies()
    back = ann.prove(href)
    assert ann.come_back(back).status_code == 303
    ann.send("/", "/sign-out")
    ann.restore(before)
    assert refused(ann.come_back(back), "has been used already", 400)
    assert not ann.is_signed_in()


def test_a_stranger_who_opens_anns_answer_is_not_signed_in_as_her(two) -> None:
    """N-19, A4: nor is Ann's sign-in spoilt by that."""
    ann, stranger = two.browser("ann"), two.browser("stranger")
    back = ann.prove(ann.choose("leeds"))
    stranger.choose("leeds")
    assert refused(stranger.come_back(back), "was started in another browser", 400)
    assert ann.come_back(back).status_code == 303


def test_anns_answer_is_nothing_on_yorks_address(two) -> None:
    """N-17."""
    ann = two.browser("ann")
    back = ann.prove(ann.choose("leeds"))
    with two.parts.database.reading() as session:
        issuer_ids = {row.issuer_id for row in session.query(SignInTransaction)}
    york = next(row for row in (two.issuer(i) for i in _issuers(two)) if row.id not in issuer_ids)
    wrong = f"http://localhost:8000/sign-in/callback/{york.id}?{urlsplit(back).query}"
    assert refused(ann.come_back(wrong), "was started in another browser", 400)
    assert ann.come_back(back).status_code == 303


def test_the_session_is_a_new_one_at_each_sign_in(two) -> None:
    """A-41, D-WEB 50: a cookie that was planted before is not the one that is signed in."""
    ann, attacker = two.browser("ann"), two.browser("attacker")
    attacker.choose("leeds")
    planted = attacker.cookies()
    ann.restore(planted)
    ann.sign_in("leeds")
    assert ann.is_signed_in()
    assert not attacker.is_signed_in()
    first = ann.cookies()
    ann.send("/", "/sign-out")
    ann.sign_in("leeds")
    assert ann.cookies() != first
    attacker.restore(first)
    assert not attacker.is_signed_in()


def test_signing_in_again_ends_the_session_of_before(two) -> None:
    """A-41: one browser, one session, also when two windows of it sign in."""
    ann, copy = two.browser("ann"), two.browser("copy")
    first, second = ann.choose("leeds"), ann.choose("leeds")
    binding = ann.cookies()["hub-8000-signin"]
    ann.come_back(ann.prove(first))
    copy.restore(ann.cookies())
    assert copy.is_signed_in()
    ann.restore({"hub-8000-signin": binding})
    assert ann.come_back(ann.prove(second)).status_code == 303
    assert ann.is_signed_in()
    assert not copy.is_signed_in()


def test_a_second_window_keeps_the_first_ones_sign_in_alive(two) -> None:
    """Two tabs of one browser share the binding, so that either may be finished."""
    ann = two.browser("ann")
    first, second = ann.choose("leeds"), ann.choose("leeds")
    assert first != second
    assert ann.come_back(ann.prove(first)).status_code == 303


def test_a_wrong_client_secret_is_the_administrators_business(two, providers) -> None:
    """4.6: the person is told to try again, the audit says invalid_client."""
    from hub.features.signin.models import Issuer
    from hub.features.signin.service import set_credentials
    from hub.ground.unit_of_work import AuditEntry

    with two.work() as uow:
        issuer = uow.session.query(Issuer).filter_by(issuer=providers[1].issuer).one()
        set_credentials(uow, two.parts, issuer, issuer.client_id, "wrong")
    answer = two.browser("bob").sign_in("york")
    assert refused(answer, "did not confirm your sign-in", 502)
    with two.parts.database.reading() as session:
        (entry,) = session.query(AuditEntry).filter_by(act="sign-in:refuse")
    assert entry.detail.endswith("code_refused invalid_client")
    assert entry.detail.split()[0] in answer.text, "the reference on the page leads to the entry"


def _issuers(world: SignInWorld) -> list[str]:
    from hub.features.signin.models import Issuer

    with world.parts.database.reading() as session:
        return [row.id for row in session.query(Issuer)]
