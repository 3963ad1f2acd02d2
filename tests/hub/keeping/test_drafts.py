"""What is typed is kept before it is sent: for whoever types it, and for nobody else."""

from typing import Any

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.models import SignedInSession
from hub.features.asking.reaching import reach_round
from hub.features.asking.service import NewRequest, ask
from hub.keeping import drafts
from hub.keeping.models import TypedDraft
from hub.web.form_tokens import FormToken, FormTokens
from tests.hub.keeping.conftest import LEEDS, place_id
from tests.hub.sheets import Sheet
from tests.hub.world import World

OUT = "deny,person:leeds/hana,read,leeds/housing,any,any,-,Hana works elsewhere now"


def keep(browser: FlaskClient, sheet: Sheet, **fields: Any) -> TestResponse:
    """What the script of the page sends while somebody types."""
    sent = {k: v for k, v in (sheet.fields | fields).items() if v is not None}
    return browser.post("/drafts", query_string={"for": sheet.action}, data=sent)


def opened(browser: FlaskClient, address: str) -> Sheet:
    return Sheet(browser.get(address), address.partition("?")[0])


def waiting(browser: FlaskClient) -> str:
    """What home says of drafts."""
    found = html.fromstring(browser.get("/").text).xpath("//*[@class='hub-waiting']")
    return " ".join(" ".join(one.text_content() for one in found).split())


def edited(world: World) -> tuple[str, str]:
    document = world.add_document("leeds/housing", "Flood plan", "Text as it was.", owner="person:leeds/ivo")
    return document.removeprefix("doc:"), f"/documents/{document.removeprefix('doc:')}/edit"


def test_what_hana_types_is_listed_on_home_offered_again_and_gone_when_it_is_sent(town: World) -> None:
    hana = town.client("leeds/hana")
    form = f"/upload/{place_id(town, 'leeds/housing')}"
    sheet = opened(hana, f"{form}?as=text")
    answer = keep(hana, sheet, name="Flood plan", body="Sandbags.\r\nPumps.", marking="OFFICIAL-SENSITIVE")
    assert answer.json == {"saved": "10:00"}  # summer time in London
    assert "You were typing “Flood plan” in Housing, kept 20 October 2026, 10:00, not sent yet" in waiting(hana)
    assert "Go on with it" in hana.get(f"{form}?as=text").text
    assert f'href="{form}?as=text&amp;draft=use"' in hana.get(form).text  # from the other tab of the page too
    again = opened(hana, f"{form}?as=text&draft=use")
    assert again.fields["name"] == "Flood plan"
    assert again.fields["body"] == "Sandbags.\r\nPumps."
    assert again.fields["marking"] == "OFFICIAL-SENSITIVE"
    assert again.send(hana).status_code == 303
    assert waiting(hana) == ""
    assert "Go on with it" not in hana.get(f"{form}?as=text").text


def test_every_form_with_words_of_ones_own_is_kept_offered_again_and_forgotten(town: World) -> None:
    """Mo's settings, member, organisation, person, guest, table and no to a request: each in its own words on home."""
    asked = asked_for_housing(town)
    mo, housing = town.client("leeds/mo"), place_id(town, "leeds/housing")
    forms: tuple[tuple[str, dict[str, str], str], ...] = (
        (f"/settings/{housing}", {"about": "CANARY"}, "settings of “Housing”"),
        (f"/members/{housing}/add?who=person%3Aleeds%2Fivo", {"reason": "CANARY"}, "what somebody may do in “Housing”"),
        ("/admin/leeds/organisation", {"contact": "CANARY"}, "how Leeds City Council is shown"),
        ("/admin/leeds/people/ivo", {"job": "CANARY"}, "how a person of Leeds City Council is shown"),
        ("/admin/leeds/people/add", {"name": "CANARY"}, "a new person of Leeds City Council"),
        ("/admin/leeds/guests/add", {"reason": "CANARY"}, "an admission of a guest at Leeds City Council"),
        ("/admin/leeds/people/import", {"text": "Name\r\nCANARY"}, "a table of people of Leeds City Council"),
        ("/admin/leeds/issuer", {"client_id": "CANARY"}, "how the people of Leeds City Council sign in"),
        (f"/requests/{asked}", {"reason": "CANARY"}, "an answer to a request about “Housing”"),
        (f"/requests/{asked}/decline", {"note": "CANARY"}, "a no to a request about “Housing”"),
    )
    for address, typed, said in forms:
        answer = mo.post("/drafts", query_string={"for": address}, data=kept_form(mo, address) | typed)
        assert answer.status_code == 200, address
        assert f"You were typing {said}, kept" in waiting(mo), address
        assert "Go on with it" in mo.get(address).text, address
        separator = "&" if "?" in address else "?"
        (name,) = typed
        assert "CANARY" in kept_form(mo, f"{address}{separator}draft=use")[name], address
        other = address.replace("ivo", "mo")
        if other != address:
            assert "Go on with it" not in mo.get(other).text, "each person has a form of their own"
        for who in ("leeds/hana", "leeds/ivo"):
            assert "CANARY" not in town.client(who).get("/").text
    town.set_policy("leeds", *LEEDS[:3])
    assert waiting(mo) == "", "hidden with the right"
    town.set_policy("leeds", *LEEDS)
    for address, _, said in forms[:1] + forms[2:4] + forms[-1:]:
        assert mo.post(address, data=kept_form(mo, f"{address}?draft=use")).status_code == 303, address
        assert said not in waiting(mo), address


def test_what_an_administrator_types_of_a_new_organisation_is_kept_but_for_the_secret(town: World) -> None:
    """Ada, who runs the hub; whoever runs it no more has the draft no more."""
    run = "allow,person:leeds/ada,administer,*,any,any,-,Ada runs the hub"
    town.add_person("leeds/ada", name="Ada North")
    town.set_policy("platform", run)
    ada, form = town.client("leeds/ada"), "/admin/platform/organisations/add"
    typed = kept_form(ada, form) | {
        "name": "York Council",
        "domains": "york.example\nyork.test",
        "issuer": "https://id.york.example",
        "secret": "CANARY",
    }
    assert ada.post("/drafts", query_string={"for": form}, data=typed).status_code == 200
    assert "You were typing a new organisation, kept" in waiting(ada)
    again = kept_form(ada, f"{form}?draft=use")
    assert again == typed | {"secret": "", "form_token": again["form_token"], "csrf_token": again["csrf_token"]}
    assert "CANARY" not in kept(town)[0].fields
    town.set_policy("platform", run.replace("ada", "mo"))
    assert waiting(ada) == ""
    town.set_policy("platform", run)
    assert ada.post(form, data=again | {"issuer": "", "client_id": ""}).status_code == 303
    assert kept(town) == []
    policy = "/admin/platform/policy/edit"
    assert ada.post("/drafts", query_string={"for": policy}, data=kept_form(ada, policy)).status_code == 200
    assert "You were typing changes to the policy of the whole hub, kept" in waiting(ada)


def test_a_no_where_nobody_manages_is_kept_and_judged_by_who_looks_after_the_organisation(town: World) -> None:
    asked = asked_for_housing(town)
    town.set_policy("leeds", *LEEDS[:3], LEEDS[5])
    mo, form = town.client("leeds/mo"), f"/requests/{asked}/decline"
    typed = kept_form(mo, form) | {"note": "CANARY"}
    assert mo.post("/drafts", query_string={"for": form}, data=typed).status_code == 200
    assert "You were typing a no to a request about “Leeds City Council”, kept" in waiting(mo)
    assert kept_form(mo, f"{form}?draft=use")["note"] == "CANARY"
    town.set_policy("leeds", *LEEDS[:3])
    assert waiting(mo) == ""


def kept_form(browser: FlaskClient, address: str) -> dict[str, str]:
    """What the form of a page sends whose words are kept while they are typed."""
    (form,) = html.fromstring(browser.get(address).text).xpath("//form[@data-draft]")
    return {name: text.removeprefix("\n") for name, text in form.form_values()}  # as a browser reads a textarea


def asked_for_housing(world: World) -> str:
    """Bo of Acme asks for Housing: the request's id."""
    bo = world.add_person("acme/bo")
    with world.work() as uow:
        found = ask(uow, bo, NewRequest("leeds/housing", "leeds/housing", "To read")).id
    reach_round(world.parts)
    return found


def test_nobody_else_sees_it_not_even_who_manages_everything(town: World) -> None:
    hana = town.client("leeds/hana")
    document, here = edited(town)
    keep(hana, opened(hana, here), body="The code word is CANARY.")
    town.index_all()
    for who in ("leeds/ivo", "leeds/mo"):
        other = town.client(who)
        for page in ("/", here, f"{here}?draft=use", f"/documents/{document}"):
            assert "CANARY" not in other.get(page).text, page
        assert not town.ask(who, "CANARY").hits
        assert "Go on with it" not in other.get(here).text
        other.post("/drafts/discard", data={"for": here})
    assert "changes to “Flood plan”" in waiting(hana)


def test_a_draft_is_hidden_with_the_right_to_its_thing_and_back_with_it(town: World) -> None:
    hana = town.client("leeds/hana")
    _, here = edited(town)
    sheet = opened(hana, here)
    keep(hana, sheet, body="My changes")
    assert "Flood plan" in waiting(hana)
    town.set_policy("leeds", OUT, *LEEDS)
    assert waiting(hana) == ""
    hidden = keep(hana, sheet, body="More changes")
    assert (hidden.status_code, hana.get(f"{here}?draft=use").status_code) == (404, 404)
    town.set_policy("leeds", *LEEDS)
    assert "Flood plan" in waiting(hana)
    assert opened(hana, f"{here}?draft=use").fields["body"] == "My changes"


def test_keeping_says_of_what_is_hidden_just_what_it_says_of_what_is_not_there(town: World) -> None:
    """Whoever has the form of a hidden thing cannot find out whether it is still there."""
    hana = town.client("leeds/hana")
    document, here = edited(town)
    sheet = opened(hana, here)
    whose = Forger(town, sheet)
    housing = place_id(town, "leeds/housing")
    town.set_policy("leeds", OUT, *LEEDS)
    asked = asked_for_housing(town)
    town.add_organisation("dark")
    hidden = {
        here: document,
        f"/upload/{housing}": housing,
        f"/make/{housing}?kind=folder": housing,
        f"/settings/{housing}": housing,
        f"/members/{housing}/add?who=person%3Aleeds%2Fivo": housing,
        f"/requests/{asked}": asked,
        f"/requests/{asked}/decline": asked,
        "/admin/dark/issuer": "dark",
        "/admin/dark/organisation": "dark",
    }
    for there, name in hidden.items():
        answers = []
        for address in (there, there.replace(name, "zzzzzzzzzzzz")):
            sealed = whose.sealed_for(address.partition("?")[0])
            sent = {"form_token": sealed, "body": "x"}
            answers.append(hana.post("/drafts", query_string={"for": address}, data=sent))
        assert answers[0].status_code == answers[1].status_code == 404, there
        assert answers[0].data == answers[1].data, there
    assert kept(town) == []


class Forger:
    """Makes tokens of the person of a sheet, for any address."""

    def __init__(self, world: World, sheet: Sheet) -> None:
        self.tokens = FormTokens(world.parts.keys, lambda: "")
        found = self.tokens.opened(str(sheet.fields["form_token"]))
        assert found is not None
        self.person = found.person

    def sealed_for(self, address: str) -> str:
        return self.tokens.sealed(FormToken(self.person, address))


def test_only_a_form_of_ones_own_is_kept_and_only_under_its_own_address(town: World) -> None:
    hana, ivo = town.client("leeds/hana"), town.client("leeds/ivo")
    _, here = edited(town)
    sheet = opened(hana, here)
    assert keep(ivo, sheet, body="In Ivo's browser").status_code == 403
    assert hana.post("/drafts", query_string={"for": here}, data={"body": "without a token"}).status_code == 404
    other = {"for": "/ask-for-access"}
    assert hana.post("/drafts", query_string=other, data=sheet.fields).status_code == 404
    assert keep(town.app.test_client(), sheet, body="x").headers["Location"] == "/sign-in"
    assert kept(town) == []


def test_after_signing_in_again_in_another_window_typing_goes_on_being_kept(town: World) -> None:
    hana = town.client("leeds/hana")
    _, here = edited(town)
    sheet = opened(hana, here)
    with town.work() as uow:
        for row in uow.session.scalars(select(SignedInSession)):
            row.ended_at = uow.now
    assert keep(hana, sheet, body="Signed out").status_code == 303
    name = town.app.config["SESSION_COOKIE_NAME"]
    cookie = town.client("leeds/hana").get_cookie(name)
    assert cookie is not None
    hana.set_cookie(name, cookie.value, domain="localhost")
    assert keep(hana, sheet, body="Signed in again").json == {"saved": "10:00"}


def test_a_draft_of_an_older_revision_opens_beside_what_was_saved_meanwhile(town: World) -> None:
    hana, ivo = town.client("leeds/hana"), town.client("leeds/ivo")
    _, here = edited(town)
    sheet = opened(hana, here)
    keep(hana, sheet, body="Text as Hana has it.")
    opened(ivo, here).send(ivo, body="Text as Ivo has it.")
    answer = hana.get(f"{here}?draft=use")
    assert answer.status_code == 200
    assert "Ivo Brown of Leeds City Council saved revision 2 while you were writing" in answer.text
    mine = Sheet(answer, here)
    assert (mine.fields["body"], mine.fields["based_on"]) == ("Text as Hana has it.", "2")
    assert mine.send(hana).status_code == 303


def test_discarding_can_be_taken_back(town: World) -> None:
    hana = town.client("leeds/hana")
    _, here = edited(town)
    keep(hana, opened(hana, here), body="My changes")
    home = Sheet(hana.get("/"), "/drafts/discard")
    said = hana.get(home.send(hana).headers["Location"])
    assert waiting(hana) == ""
    Sheet(said, "/drafts/discard").send(hana)
    assert "Flood plan" in waiting(hana)


def test_a_person_keeps_only_so_much_and_only_for_so_long(town: World) -> None:
    hana = town.client("leeds/hana")
    _, here = edited(town)
    sheet = opened(hana, here)
    keep(hana, sheet, body="Short")
    answer = keep(hana, sheet, body="x" * (drafts.LONGEST + 1))
    assert (answer.status_code, answer.json) == (422, {"said": drafts.TOO_LONG})
    assert '"Short"' in kept(town)[0].fields
    with town.work() as uow:
        for n in range(drafts.MOST):
            uow.session.add(
                TypedDraft(
                    id=f"d{n}",
                    person_id=kept(town)[0].person_id,
                    address=f"/a/{n}",
                    opens=f"/a/{n}",
                    action="read",
                    fields="{}",
                    saved_at=uow.now,
                )
            )
    assert keep(hana, opened(hana, "/ask-for-access"), reason="Work").json == {"said": drafts.TOO_MANY}
    town.parts.clock.move(days=91)  # type: ignore[attr-defined]
    assert drafts.tidy(town.parts) == drafts.MOST + 1
    assert kept(town) == []


def kept(world: World) -> list[TypedDraft]:
    with world.parts.database.reading() as session:
        return list(session.scalars(select(TypedDraft)))
