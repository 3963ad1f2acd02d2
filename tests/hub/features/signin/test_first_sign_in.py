"""People who were added before their first sign-in: an expected subject, or a one-use link."""

from datetime import date

import pytest

from hub.access.models import Grant
from hub.features.signin.models import ExternalIdentity, PendingBinding
from hub.features.signin.service import expect_subject, make_link
from hub.ground.errors import Conflict, Invalid
from hub.nouns.people.service import set_status
from tests.hub.features.signin.browser import refused


def test_ann_is_known_by_the_subject_that_was_expected(leeds) -> None:
    """4.4 Resolve: once bound, the binding is spent and the identity stays."""
    assert leeds.browser().sign_in("leeds").status_code == 303
    assert leeds.browser().sign_in("leeds").status_code == 303
    assert leeds.count(ExternalIdentity) == 1
    with leeds.parts.database.reading() as session:
        assert session.query(PendingBinding).one().used_at is not None


def test_a_subject_is_expected_for_one_person_only(leeds) -> None:
    leeds.add_person("leeds/bob")
    with leeds.work() as uow:
        bob = leeds.person(uow, "leeds/bob")
        for subject, error in (("ann", Conflict), ("", Invalid), ("x" * 256, Invalid), ("a\nb", Invalid)):
            with pytest.raises(error):
                expect_subject(uow, bob, subject, by="")
    leeds.browser().sign_in("leeds")
    with leeds.work() as uow, pytest.raises(Conflict):
        expect_subject(uow, leeds.person(uow, "leeds/bob"), "ann", by="")


def test_bob_opens_his_link_and_is_known_from_then_on(leeds, hostile) -> None:
    """Design, section 6: the link binds at the next sign-in through the named issuer."""
    leeds.add_person("leeds/bob")
    link = leeds.link("leeds/bob")
    hostile.behaviour.subject = "0c7f"
    assert leeds.browser().sign_in("leeds").status_code == 403, "without it he is nobody"
    bob = leeds.browser()
    opened = bob.get(link)
    assert (opened.status_code, opened.location) == (303, "/sign-in/link/whose")
    assert bob.sign_in("leeds", link).status_code == 303
    assert "Bob" in bob.get("/organisations").text
    assert leeds.browser().sign_in("leeds").status_code == 303, "and later without a link"


def test_a_link_works_once(leeds, hostile) -> None:
    """G-63: whoever finds it later is not Bob, and Bob stays Bob."""
    leeds.add_person("leeds/bob")
    link = leeds.link("leeds/bob")
    hostile.behaviour.subject = "bob"
    bob = leeds.browser()
    bob.sign_in("leeds", link)
    hostile.behaviour.subject = "thief"
    thief = leeds.browser()
    thief.get(link)
    assert refused(thief.get("/sign-in/link/whose"), "has been used already, has expired", 403)
    assert thief.sign_in("leeds").status_code == 403
    assert not thief.is_signed_in()


def test_a_link_lasts_three_days_and_a_new_one_replaces_it(leeds, hostile) -> None:
    """G-62, G-63."""
    leeds.add_person("leeds/bob")
    first = leeds.link("leeds/bob")
    second = leeds.link("leeds/bob")
    hostile.behaviour.subject = "bob"
    late = leeds.browser()
    late.get(first)
    assert late.get("/sign-in/link/whose").status_code == 403
    hostile.now = lambda: leeds.parts.clock.now().timestamp()
    leeds.parts.clock.move(hours=71, minutes=59)
    back = late.prove(late.choose("leeds", second))
    leeds.parts.clock.move(minutes=2)
    assert refused(late.come_back(back), "has been used already, has expired", 403), "on the way it ran out"
    late.get(second)
    assert refused(late.get("/sign-in/link/whose"), "has been used already, has expired", 403)


def test_a_link_of_leeds_is_nothing_at_york(leeds, hostile) -> None:
    """A8, G-63: it names the issuer that it binds at."""
    from tests.peers.hostile import HostileIssuer

    with HostileIssuer() as other:
        leeds.join_hostile("york", other)
        leeds.add_person("leeds/bob")
        link = leeds.link("leeds/bob")
        other.behaviour.subject = "bob"
        bob = leeds.browser()
        assert refused(bob.sign_in("york", link), "belongs to somebody else", 403)


def test_a_person_has_one_identity_at_an_issuer(leeds, hostile) -> None:
    """A-39: a second account does not become Ann by a link."""
    leeds.browser().sign_in("leeds")
    link = leeds.link("leeds/ann")
    hostile.behaviour.subject = "a second account"
    thief = leeds.browser()
    assert refused(thief.sign_in("leeds", link), "belongs to somebody else", 403)
    assert leeds.count(ExternalIdentity) == 1


def test_someone_who_was_suspended_is_told_so_and_stays_out(leeds) -> None:
    """A14: open sessions end with the next request, new ones do not begin."""
    ann = leeds.browser()
    ann.sign_in("leeds")
    with leeds.work() as uow:
        set_status(uow, leeds.person(uow, "leeds/ann"), "suspended")
    assert not ann.is_signed_in()
    assert refused(leeds.browser().sign_in("leeds"), "Your access to the hub has ended", 403)


def test_an_organisation_without_an_issuer_has_no_links(leeds) -> None:
    leeds.add_organisation("york")
    leeds.add_person("york/bob")
    with leeds.work() as uow, pytest.raises(Invalid, match="no issuer"):
        make_link(uow, leeds.parts, leeds.person(uow, "york/bob"), by="")


def test_whoever_opens_bobs_link_by_mistake_does_not_become_him(leeds, hostile) -> None:
    """The page names whom the link is for; without a yes it binds nothing, and it stays good for Bob."""
    leeds.add_person("leeds/bob", name="Bob Marsh")
    link = leeds.link("leeds/bob")
    hostile.behaviour.subject = "carla"
    carla = leeds.browser()
    carla.get(link)
    asked = carla.get("/sign-in/link/whose").text
    assert "You are about to become <strong>Bob Marsh</strong> of <strong>Leeds City Council</strong>" in asked
    assert carla.sign_in("leeds").status_code == 403, "she went to the chooser instead"
    assert leeds.count(ExternalIdentity) == 0
    assert carla.send("/sign-in/link/whose", "/sign-in/link/put-away").location == "/sign-in"
    assert carla.get("/sign-in/link/whose").status_code == 403, "her browser has forgotten it"
    hostile.behaviour.subject = "bob"
    assert leeds.browser().sign_in("leeds", link).status_code == 303
    with leeds.parts.database.reading() as session:
        assert session.query(ExternalIdentity).one().subject == "bob"


def test_a_yes_to_one_link_is_none_to_another(leeds, hostile) -> None:
    """Somebody who said yes to their own link, and then is led to another's, is asked again."""
    for name in ("bob", "dan"):
        leeds.add_person(f"leeds/{name}")
    hostile.behaviour.subject = "bob"
    bob = leeds.browser()
    bob.choose("leeds", leeds.link("leeds/bob"))
    bob.get(leeds.link("leeds/dan"))
    assert bob.sign_in("leeds").status_code == 403
    assert leeds.count(ExternalIdentity) == 0


def test_a_guest_whom_two_organisations_admit_is_one_when_they_open_the_second_link(leeds, hostile) -> None:
    """An address of mail makes nobody the same, an identity does: what the link was made for is theirs."""
    for handle in ("leeds/maria", "leeds/maria-again"):
        leeds.add_person(handle, kind="guest")
    leeds.add_space("leeds/tenders", "restricted")
    first, second = leeds.link("leeds/maria"), leeds.link("leeds/maria-again")
    hostile.behaviour.subject = "maria"
    maria = leeds.browser()
    assert maria.sign_in("leeds", first).status_code == 303
    assert maria.get("/places/leeds/tenders").status_code == 404
    grant = leeds.give("guest:leeds/maria-again", "read", "leeds/tenders", until=date(2099, 1, 1), source="guest")
    maria = leeds.browser()
    maria.get(second)
    assert maria.sign_in("leeds", second).status_code == 303
    assert maria.get("/places/leeds/tenders").status_code == 200
    assert leeds.count(ExternalIdentity) == 1
    with leeds.work() as uow:
        assert uow.session.get_one(Grant, grant).principal == "guest:leeds/maria"
        assert leeds.person(uow, "leeds/maria-again").status == "left"
    hostile.behaviour.subject = "thief"
    thief = leeds.browser()
    thief.get(second)
    assert thief.sign_in("leeds").status_code == 403, "the link works once"


def test_a_link_of_staff_makes_nobody_else_their_heir(leeds, hostile) -> None:
    """Only guests are found to be one: whoever signs in already stays who they are."""
    leeds.add_person("leeds/gus", kind="guest")
    leeds.add_person("leeds/bob")
    first, bobs = leeds.link("leeds/gus"), leeds.link("leeds/bob")
    hostile.behaviour.subject = "gus"
    gus = leeds.browser()
    gus.sign_in("leeds", first)
    gus = leeds.browser()
    gus.get(bobs)
    gus.sign_in("leeds", bobs)
    with leeds.work() as uow:
        assert leeds.person(uow, "leeds/bob").status == "active"
