"""What Ann sees, and what an attacker gets, when the other end is not honest."""

import json
from urllib.parse import quote, urlsplit

from sqlalchemy import select

from hub.access.models import SignedInSession
from hub.features.signin.models import ExternalIdentity, Issuer
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.organisations.service import add_domain
from tests.federation.test_transactions import ELSEWHERE
from tests.hub.features.signin.browser import SignInWorld, refused
from tests.peers.forgeries import FORGERIES
from tests.peers.hostile import HostileIssuer, Raw


def test_mix_up_gives_the_hostile_issuer_nothing(leeds, hostile) -> None:
    """N-15: it names the honest sign-in page as its own; neither code nor verifier reaches its token endpoint."""
    with HostileIssuer() as honest:
        leeds.join_hostile("york", honest)
        leeds.browser().choose("leeds")
        with leeds.work() as uow:  # as it would be pinned of a public issuer; of one on this machine it is refused
            row = uow.session.scalars(select(Issuer).where(Issuer.issuer == hostile.issuer)).one()
            row.pin = json.dumps(json.loads(row.pin) | {"authorization_endpoint": f"{honest.issuer}/authorize"})
        ann = leeds.browser()
        href = ann.choose("leeds")
        assert href.startswith(honest.issuer), "her browser is sent to the honest issuer by the hostile one's metadata"
        back = ann.prove(href)
        assert refused(ann.come_back(back), "Start signing in again", 400)
        york = next(part for part in leeds_issuers(leeds) if part != urlsplit(back).path.rpartition("/")[2])
        moved = f"http://localhost:8000/sign-in/callback/{york}?{urlsplit(back).query}"
        assert refused(ann.come_back(moved), "Start signing in again", 400)
        assert (hostile.count("/token"), honest.count("/token")) == (0, 0)
        assert leeds.count(SignedInSession) == 0


def leeds_issuers(world: SignInWorld) -> list[str]:
    from hub.features.signin.models import Issuer

    with world.parts.database.reading() as session:
        return [row.id for row in session.query(Issuer)]


def test_a_forged_token_signs_nobody_in_and_leaves_a_trace(leeds, hostile) -> None:
    """N-01 to N-10, D-AN 4: one for each check, with its entry in the audit. tests/federation has the whole list."""
    forgeries = {forgery.check: forgery for forgery in FORGERIES if not forgery.expect}.values()
    for number, forgery in enumerate(forgeries, 1):
        hostile.behaviour.forge = forgery.make
        ann = leeds.browser()
        answer = ann.sign_in("leeds")
        assert answer.status_code == 403, forgery
        assert "_user_id" not in str(ann.cookies()), forgery
        with leeds.parts.database.reading() as session:
            entries = session.query(AuditEntry).filter_by(act="sign-in:refuse").order_by(AuditEntry.id).all()
        assert len(entries) == number
        assert f" {forgery.check}: " in entries[-1].detail, forgery
        assert entries[-1].detail.split()[0] in answer.text, forgery
    assert leeds.count(SignedInSession) == 0


def test_the_issuers_words_are_shown_to_nobody(leeds, hostile) -> None:
    """N-20: error and description, with and without state."""
    mean = [("error", "<i>oops</i>"), ("error_description", "<b>call 0800 12345</b>")]
    for callback in (lambda pairs: [*mean, *pairs[1:]], lambda pairs: mean):
        hostile.behaviour.callback = callback
        answer = leeds.browser().sign_in("leeds")
        assert answer.status_code in {400, 502}
        assert "0800" not in answer.text
        assert "oops" not in answer.text
    with leeds.parts.database.reading() as session:
        assert not any("0800" in entry.detail for entry in session.query(AuditEntry))


def test_ann_ends_on_our_own_page_whatever_the_address_says(leeds) -> None:
    """N-21, D-AN 12: in the address of the sign-in page, and in its form."""
    for number, elsewhere in enumerate(filter(None, ELSEWHERE)):
        ann = leeds.browser()
        page = f"/sign-in?next={quote(elsewhere, safe='')}"
        assert 'name="next"' not in ann.get(page).text, elsewhere
        if number % 4 == 0:
            back = ann.prove(ann.choose("leeds", page, next=elsewhere))
            assert ann.come_back(back).location == "/", elsewhere


def test_an_issuer_that_is_down_is_said_to_be_so_and_sessions_go_on(leeds, hostile) -> None:
    """R-73, D-AN 1: at once, with 503, and whoever is signed in works on."""
    ann = leeds.browser()
    ann.sign_in("leeds")
    hostile._server.shutdown()
    hostile._server.server_close()
    leeds.parts.clock.move(minutes=2)
    other = leeds.browser("bob")
    answer = other.send("/sign-in", "/sign-in/leeds")
    assert refused(answer, "does not answer. Wait a few minutes", 503)
    assert answer.headers["Retry-After"] == "60"
    assert ann.is_signed_in()


def test_an_issuer_that_hangs_is_given_two_seconds(leeds, hostile) -> None:
    """R-73, D-AN 1."""
    import time

    hostile.behaviour.raw["/.well-known/openid-configuration"] = Raw([b" "] * 100, pause=0.3)
    began = time.monotonic()
    answer = leeds.browser().send("/sign-in", "/sign-in/leeds")
    assert refused(answer, "took too long to answer", 503)
    assert time.monotonic() - began < 5, "two seconds for the issuer, the rest for a busy machine"


def test_an_address_of_another_organisation_stops_the_sign_in(leeds, hostile) -> None:
    """N-11, N-12, A1: whatever `email_verified` says; nobody is bound, nothing is shown to the address's owner."""
    leeds.add_organisation("york")
    with leeds.work() as uow:
        add_domain(uow, leeds.place(uow, "york"), "york.example")
    leeds.add_person("york/victim")
    for verified in (True, "true", 1):
        hostile.behaviour.claims = {"email": "victim@york.example", "email_verified": verified}
        answer = leeds.browser().sign_in("leeds")
        assert refused(answer, "belongs to another organisation", 403)
    assert leeds.count(ExternalIdentity) == 0
    assert leeds.count(SignedInSession) == 0


def test_an_address_that_nobody_owns_is_left_aside(leeds, hostile) -> None:
    """4.4, policy domain_owner: Ann signs in, and the address is not hers to show."""
    hostile.behaviour.claims = {"email": "ann@webmail.example", "name": "Ann Archer"}
    ann = leeds.browser()
    assert ann.sign_in("leeds").status_code == 303
    with leeds.work() as uow:
        row = leeds.person(uow, "leeds/ann")
        assert (row.name, row.email) == ("Ann Archer", "")
        add_domain(uow, leeds.place(uow, "leeds"), "leeds.example")
    hostile.behaviour.claims = {"email": "ann@leeds.example"}
    assert leeds.browser().sign_in("leeds").status_code == 303
    with leeds.work() as uow:
        row = leeds.person(uow, "leeds/ann")
        assert (row.name, row.email) == ("Ann Archer", "ann@leeds.example"), "a missing name is not an empty one"


def test_an_equal_address_never_finds_a_person(leeds, hostile) -> None:
    """N-14: Bob was added with the address that a stranger's account carries."""
    leeds.add_person("leeds/bob")
    with leeds.work() as uow:
        add_domain(uow, leeds.place(uow, "leeds"), "leeds.example")
        leeds.person(uow, "leeds/bob").email = "bob@leeds.example"
    hostile.behaviour.subject = "a stranger"
    hostile.behaviour.claims = {"email": "bob@leeds.example", "email_verified": True}
    assert refused(leeds.browser().sign_in("leeds"), "you have not been added to the hub yet", 403)


def test_a_subject_that_is_another_persons_words_is_still_only_a_subject(leeds, hostile) -> None:
    """The subject is compared whole and bare: no trimming, no case, no wildcard."""
    for subject in ("Ann", " ann", "ann ", "%", "leeds/ann"):
        hostile.behaviour.subject = subject
        assert leeds.browser().sign_in("leeds").status_code == 403
    hostile.behaviour.subject = "ann"
    assert leeds.browser().sign_in("leeds").status_code == 303
