"""An operator looks after issuers at the command line."""

from pathlib import Path

from hub.features.signin.models import Issuer
from tests.hub.commandline import hub


def test_the_operator_sees_what_has_changed_and_accepts_it(leeds, hostile) -> None:
    """N-24: what waits is named, with its new value; after that people sign in again."""
    assert leeds.browser().sign_in("leeds").status_code == 303
    hostile.behaviour.metadata = {"id_token_signing_alg_values_supported": ["RS256"]}
    for _ in range(2):
        leeds.parts.clock.move(hours=25)
        leeds.browser().send("/sign-in", "/sign-in/leeds")
    listed = hub(leeds.parts, "issuer", "list")
    assert listed.code == 0
    assert "quarantined  algorithms: ['RS256']" in listed.out
    (told,) = hub(leeds.parts, "issuer", "list", "--json").value
    assert (told["organisation"], told["status"], told["changed"]) == (
        "leeds",
        "quarantined",
        ["algorithms: ['RS256']"],
    )
    accepted = hub(leeds.parts, "issuer", "accept", "leeds")
    assert (accepted.code, accepted.out) == (
        0,
        "Accepted for leeds: algorithms: ['RS256']. Its people can sign in.\n",
    )
    hostile.now = lambda: leeds.parts.clock.now().timestamp()
    assert leeds.browser().sign_in("leeds").status_code == 303
    again = hub(leeds.parts, "issuer", "accept", "leeds")
    assert again.code != 0
    assert "no changed metadata" in again.err


def test_the_operator_switches_an_issuer_off_and_on(leeds) -> None:
    assert hub(leeds.parts, "issuer", "switch", "leeds", "off").code == 0
    assert leeds.browser().send("/sign-in", "/sign-in/leeds").status_code == 403
    assert hub(leeds.parts, "issuer", "switch", "leeds", "on").code == 0
    assert leeds.browser().sign_in("leeds").status_code == 303


def test_the_operator_changes_the_secret_before_it_expires(leeds, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a new secret\n")
    done = hub(leeds.parts, "issuer", "credentials", "leeds", "--client-id", "new", "--client-secret-file", str(file))
    assert done.code == 0, done.err
    assert "a new secret" not in done.out
    with leeds.parts.database.reading() as session:
        row = session.query(Issuer).one()
    assert (row.client_id, leeds.parts.keys.decrypt(row.secret)) == ("new", "a new secret")


def test_an_organisation_without_an_issuer_is_told_what_to_do(world) -> None:
    assert "hub organisation issuer" in hub(world.parts, "issuer", "list").out
    world.add_organisation("york")
    for command in (("accept", "york"), ("switch", "york", "off"), ("credentials", "york", "--client-id", "x")):
        refused = hub(world.parts, "issuer", *command)
        assert refused.code != 0
        assert "hub organisation issuer york" in refused.err
    assert hub(world.parts, "issuer", "accept", "atlantis").code != 0


def test_the_operator_says_how_people_prove_who_they_are(leeds) -> None:
    assert hub(leeds.parts, "issuer", "acr", "leeds", "phr", "phrh").code == 0
    with leeds.parts.database.reading() as session:
        assert session.query(Issuer).one().proof_acr == "phr phrh"
    assert hub(leeds.parts, "issuer", "acr", "leeds", "two words").code != 0
    assert "as its issuer has it" in hub(leeds.parts, "issuer", "acr", "leeds").out
