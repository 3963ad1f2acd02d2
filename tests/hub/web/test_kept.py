"""What somebody wrote and the hub could not take comes back with the answer: to them, in full, and to nobody else."""

import io
import re

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from hub.access.models import Place, SignedInSession
from hub.ground.db import Database
from hub.ground.errors import Conflict
from hub.ground.keys import Keys
from hub.web.environment import template_folders
from hub.web.form_tokens import FormToken, FormTokens
from hub.web.kept import SECRETS, WORDS
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
)
WORDS_OF_HANA = "## Sandbags\r\n\r\nRing <the depot> & “ask for Łukasz”.\r\n" + "word " * 40_000
LARGEST = 300_000
KEY = (Fernet.generate_key().decode(),)


def the_town(world: World) -> None:
    """Hana and Ivo keep the housing space of Leeds. Forms are protected as they are in life."""
    world.add_organisation("leeds", *LEEDS)
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("leeds/ivo", "leeds/housing", name="Ivo Brown")
    world.add_person("leeds/ann")
    world.add_space("leeds/housing", "private", name="Housing")


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    return begin(the_town, sqlite_database, upload_limit=LARGEST)


def place_id(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return session.query(Place).filter_by(path=path).one().id


def writes(world: World, browser: FlaskClient) -> Sheet:
    """The form for a new document in Housing."""
    here = f"/upload/{place_id(world, 'leeds/housing')}"
    return Sheet(browser.get(f"{here}?as=text"), here)


def end_sessions(world: World) -> None:
    with world.work() as uow:
        uow.session.execute(update(SignedInSession).values(ended_at=uow.now))


def again(world: World, browser: FlaskClient, who: str) -> None:
    """Somebody signs in in this very browser."""
    name = world.app.config["SESSION_COOKIE_NAME"]
    cookie = world.client(who).get_cookie(name)
    assert cookie is not None
    browser.set_cookie(name, cookie.value, domain="localhost")


def titles(world: World) -> list[str]:
    from hub.nouns.documents.models import Document

    with world.parts.database.reading() as session:
        return sorted(d.title for d in session.query(Document))


def test_hana_s_session_ends_while_she_writes_and_not_a_word_is_lost(town: World) -> None:
    hana = town.client("leeds/hana")
    sheet = writes(town, hana)
    end_sessions(town)
    answer = sheet.send(hana, name="Flood plan", body=WORDS_OF_HANA, note="First draft")
    assert answer.status_code == 403
    assert 'href="/sign-in" target="_blank"' in answer.text
    kept = Sheet(answer)
    assert kept.fields["body"] == WORDS_OF_HANA
    again(town, hana, "leeds/hana")
    answer = kept.send(hana)
    ready = Sheet(answer)
    assert "Nothing of it is saved yet" in answer.text
    assert (ready.fields["name"], ready.fields["body"]) == ("Flood plan", WORDS_OF_HANA)
    assert titles(town) == []
    assert ready.send(hana).status_code == 303
    assert titles(town) == ["Flood plan"]


def test_ivo_signs_in_meanwhile_and_it_is_neither_shown_to_him_nor_saved_in_his_name(town: World) -> None:
    browser = town.client("leeds/hana")
    sheet = writes(town, browser)
    again(town, browser, "leeds/ivo")
    answer = sheet.send(browser, name="Flood plan", body="The code word is CANARY.")
    assert answer.status_code == 403
    assert "Somebody else is signed in" in answer.text
    assert "CANARY" not in answer.text
    assert "Flood plan" not in answer.text
    assert "Hana" not in answer.text
    sealed = Sheet(answer)
    answer = sealed.send(browser)  # Ivo presses the button
    assert "CANARY" not in answer.text
    sealed = Sheet(answer)
    end_sessions(town)
    answer = sealed.send(browser)  # nobody is signed in
    assert "CANARY" not in answer.text
    assert 'href="/sign-in"' in answer.text
    again(town, browser, "leeds/hana")
    answer = Sheet(answer).send(browser)
    assert Sheet(answer).fields["body"] == "The code word is CANARY."
    assert Sheet(answer).send(browser).status_code == 303
    assert titles(town) == ["Flood plan"]


def test_what_is_sealed_opens_for_its_own_writer_and_its_own_form_only(town: World) -> None:
    browser = town.client("leeds/hana")
    sheet = writes(town, browser)
    again(town, browser, "leeds/ivo")
    sealed = Sheet(sheet.send(browser, name="Plan", body="CANARY")).fields["sealed"]
    mine = writes(town, browser)  # Ivo puts what is sealed into a form of his own
    assert "CANARY" not in mine.send(browser, sealed=sealed).text
    assert titles(town) == []


def test_a_stranger_gets_a_redirect_and_nothing_back_but_under_a_token_for_just_this_form(town: World) -> None:
    """Not even for a page that shows somebody's text as if they had written it."""
    here = f"/upload/{place_id(town, 'leeds/housing')}"
    tokens = FormTokens(town.parts.keys, lambda: "")
    stranger = town.app.test_client()
    for token in (
        "",
        FormTokens(Keys(("others",), KEY), lambda: "").sealed(FormToken("p", here)),
        "x" + tokens.sealed(FormToken("p", here)),
        tokens.sealed(FormToken("p", "/upload/other")),
    ):
        for kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
            answer = stranger.post(here, data={"form_token": token, "body": "CANARY"}, content_type=kind)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
            assert "CANARY" not in answer.text


def test_of_a_stranger_who_has_no_token_the_hub_reads_only_the_beginning(town: World) -> None:
    read = []

    class Counting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            read.append(len(found))
            return found

    body = b"a=" + b"x" * 3_000_000
    stranger = town.app.test_client()
    answer = stranger.post("/upload/aaaaaaaaaaaa", input_stream=Counting(body), content_length=len(body))
    assert answer.status_code == 303
    assert sum(read) < 10_000


def test_a_button_pressed_after_the_session_ended_leads_to_signing_in(town: World) -> None:
    """Nobody wrote anything: there is nothing to give back."""
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/hana", state="draft")
    hana = town.client("leeds/hana")
    here = f"/documents/{document.removeprefix('doc:')}"
    sheet = Sheet(hana.get(f"{here}/delete"), here)
    end_sessions(town)
    assert sheet.send(hana).headers["Location"] == "/sign-in"


def test_a_stale_token_costs_one_more_press_and_no_word(town: World) -> None:
    hana = town.client("leeds/hana")
    sheet = writes(town, hana)
    again(town, hana, "leeds/hana")
    answer = sheet.send(hana, name="Flood plan", body="Sandbags.", marking="OFFICIAL-SENSITIVE")
    assert answer.status_code == 403
    assert "reload" not in answer.text.partition("<body")[2]
    assert Sheet(answer).send(hana).status_code == 303
    assert titles(town) == ["Flood plan"]


FAULTS = (
    (Conflict("Ivo was first"), 409),
    (TooManyRequests(), 429),
    (OperationalError("SELECT 1", {}, Exception("is gone")), 503),
    (RuntimeError("a fault of ours"), 500),
)


def test_whatever_goes_wrong_the_words_come_back_ready_to_be_sent_again(town: World) -> None:
    hana = town.client("leeds/hana")
    town.app.config["PROPAGATE_EXCEPTIONS"] = False
    works = town.app.view_functions["documents.add"]
    for error, status in FAULTS:

        def fails(error: Exception = error, **_: object) -> str:
            raise error

        sheet = writes(town, hana)
        town.app.view_functions["documents.add"] = fails
        answer = sheet.send(hana, name=f"Plan {status}", body=WORDS_OF_HANA, file=(io.BytesIO(b"x"), "depot.pdf"))
        town.app.view_functions["documents.add"] = works
        assert answer.status_code == status
        assert "depot.pdf" in answer.text
        assert Sheet(answer).send(hana).status_code == 303
    assert titles(town) == ["Plan 409", "Plan 429", "Plan 500", "Plan 503"]


def test_the_database_is_gone_and_nobody_knows_who_is_asking_but_the_words_come_back(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hana = town.client("leeds/hana")
    sheet = writes(town, hana)

    def gone(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("is gone"))

    with monkeypatch.context() as down:
        down.setattr("hub.access.guard.signed_in", gone)
        answer = sheet.send(hana, name="Flood plan", body=WORDS_OF_HANA)
    assert answer.status_code == 503
    assert Sheet(answer).fields["body"] == WORDS_OF_HANA


def test_a_file_that_is_too_large_costs_only_the_file(town: World) -> None:
    """Also one that the hub reads none of."""
    hana = town.client("leeds/hana")
    here = f"/upload/{place_id(town, 'leeds/housing')}"
    for size in (LARGEST + 1, LARGEST + 9_000_000):
        sheet = Sheet(hana.get(here), here)
        answer = sheet.send(hana, name="Depot", note="As agreed", file=(io.BytesIO(b"x" * size), "depot.pdf"))
        assert answer.status_code in {413, 422}
        kept = Sheet(answer)
        assert (kept.fields["name"], kept.fields["note"]) == ("Depot", "As agreed")


def test_a_text_that_is_too_long_in_any_script_comes_back_with_its_form(town: World) -> None:
    hana = town.client("leeds/hana")
    long = "漢" * 1_000_001
    answer = writes(town, hana).send(hana, name="Long", body=long)
    assert answer.status_code == 422
    assert long in answer.text


def test_hana_loses_the_right_while_she_writes_and_keeps_her_own_words(town: World) -> None:
    """What was hidden from her meanwhile answers as what is not there, whether or not it is."""
    document = town.add_document("leeds/housing", "Plan", "Text", owner="person:leeds/ivo")
    hana = town.client("leeds/hana")
    here = f"/documents/{document.removeprefix('doc:')}/edit"
    sheet = Sheet(hana.get(here), here)
    town.set_policy("leeds", "deny,person:leeds/hana,read,leeds/housing,any,any,-,Hana works elsewhere now", *LEEDS)
    hidden = sheet.send(hana, name="Plan", body="Her words")
    assert hidden.status_code == 404
    assert "Her words" in hidden.text
    tokens = FormTokens(town.parts.keys, lambda: "")
    whose = tokens.opened(str(sheet.fields["form_token"]))
    assert whose is not None
    absent = Sheet.__new__(Sheet)
    absent.action = "/documents/zzzzzzzzzzzz/edit"
    absent.fields = sheet.fields | {"form_token": tokens.sealed(FormToken(whose.person, absent.action))}
    answer = absent.send(hana, name="Plan", body="Her words")
    assert (answer.status_code, answer.data) == (404, hidden.data)


def test_an_old_key_still_opens_a_token_after_the_keys_were_changed() -> None:
    old, new = Keys(("old",), KEY), Keys(("new", "old"), KEY)
    token = FormToken("p", "/here", "s")
    assert FormTokens(new, lambda: "").opened(FormTokens(old, lambda: "").sealed(token)) == token
    assert FormTokens(old, lambda: "").opened(FormTokens(new, lambda: "").sealed(token)) is None


def test_each_field_in_which_people_write_has_a_name_for_the_page_that_gives_it_back() -> None:
    written = re.compile(r'(?:text_field|textarea_field)\("(\w+)"')
    found = set()
    for folder in template_folders():
        for path in folder.rglob("*.html"):
            for part in path.read_text("utf-8").split("<form ")[1:]:
                if 'method="post"' in part.partition(">")[0]:
                    found |= set(written.findall(part.partition("</form>")[0]))
    assert len(found) > 10
    assert found - set(WORDS) - SECRETS == set()


def test_each_form_that_is_sent_says_for_which_address(town: World) -> None:
    """But those that a stranger sends, and signing out."""
    bare = []
    for folder in template_folders():
        for path in folder.rglob("*.html"):
            if "signin" not in path.parts and path.name not in {"base.html", "kept.html", "forms.html"}:
                bare += [path.name for _ in re.findall(r"csrf\(\)|csrf_token\(\)", path.read_text("utf-8"))]
    assert bare == []
