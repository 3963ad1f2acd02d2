"""Sam edits the policy of Leeds in the browser: checked, compared, adopted; nothing that was typed is lost."""

from html import unescape
from re import search

from werkzeug.test import TestResponse

from hub.access.models import PolicyText
from tests.hub.features.signin.browser import SignInWorld

EDIT = "/admin/leeds/policy/edit"
YORK = "allow,org:york,read,leeds/housing,up to OFFICIAL,published,-,Joint flood plan"


def form_of(answer: TestResponse) -> dict[str, str]:
    """The form of the page, as a browser would send it."""
    found = {}
    for name in ("replacing", "checked"):
        hidden = search(f'name="{name}" value="([^"]*)"', answer.text)
        assert hidden
        found[name] = unescape(hidden[1])
    text = search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, 16)
    assert text
    return found | {"text": unescape(text[1]).replace("\n", "\r\n")}


def in_force(world: SignInWorld) -> PolicyText:
    """The policy of Leeds."""
    with world.parts.database.reading() as session:
        return session.get_one(PolicyText, "organisations/leeds.csv")


def test_sam_adds_a_line_sees_the_difference_and_york_reads(town: SignInWorld) -> None:
    """It binds the next request; the line is told with its number."""
    town.add_space("leeds/housing", "restricted")
    document = town.add_document("leeds/housing", "Flood plan").removeprefix("doc:")
    sam, yara = town.client("leeds/sam"), town.client("york/yara")
    assert yara.get(f"/documents/{document}").status_code == 404
    form = form_of(sam.get(EDIT))
    form["text"] += YORK + "\r\n"
    checked = sam.post(EDIT, data=form | {"do": "check"})
    assert checked.status_code == 200
    assert "hub-diff__added" in checked.text
    assert yara.get(f"/documents/{document}").status_code == 404, "looking changes nothing"
    done = sam.post(EDIT, data=form_of(checked) | {"do": "adopt"})
    assert (done.status_code, done.location) == (303, "/admin/leeds/policy")
    assert YORK in in_force(town).text
    assert "\r" not in in_force(town).text
    assert in_force(town).accepted_by == "leeds/sam"
    assert yara.get(f"/documents/{document}").status_code == 200
    assert YORK in sam.get("/admin/leeds/policy").text


def test_a_text_with_faults_is_refused_with_every_fault_and_kept(town: SignInWorld) -> None:
    sam, before = town.client("leeds/sam"), in_force(town).digest
    form = form_of(sam.get(EDIT))
    form["text"] += "denies,org:york,read,leeds,any,any,-,x\r\nallow,org:york,read,leeds,OFFICIAL,any,-,<b>y</b>\r\n"
    for do in ("check", "adopt"):
        refused = sam.post(EDIT, data=form | {"do": do})
        assert refused.status_code == 422
        assert '<a href="#text">Line 10, effect: ' in refused.text
        assert '<a href="#text">Line 11, marking: ' in refused.text
        assert "Put it in force" not in refused.text
        assert form_of(refused)["text"] == form["text"]
    assert in_force(town).digest == before


def test_only_the_text_that_was_shown_is_adopted(town: SignInWorld) -> None:
    """Whoever types on after the check, or sends a form of their own, sees the difference first."""
    sam, before = town.client("leeds/sam"), in_force(town).digest
    form = form_of(sam.get(EDIT))
    checked = form_of(sam.post(EDIT, data=form | {"text": form["text"] + YORK, "do": "check"}))
    typed_on = checked | {"text": checked["text"] + "\r\n# and more", "do": "adopt"}
    assert sam.post(EDIT, data=typed_on).status_code == 200
    assert in_force(town).digest == before


def test_two_administrators_do_not_overwrite_one_another(town: SignInWorld) -> None:
    """Ada was faster: Sam's text is kept, the difference is from hers, and only another yes replaces it."""
    town.add_person("leeds/ada", "leeds/administrators", name="Ada")
    sam, ada = town.client("leeds/sam"), town.client("leeds/ada")
    form = form_of(sam.get(EDIT))
    sams = form_of(sam.post(EDIT, data=form | {"text": form["text"] + YORK + "\r\n", "do": "check"}))
    adas = form_of(ada.post(EDIT, data=form | {"text": form["text"] + "# Ada was here\r\n", "do": "check"}))
    assert ada.post(EDIT, data=adas | {"do": "adopt"}).status_code == 303
    refused = sam.post(EDIT, data=sams | {"do": "adopt"})
    assert refused.status_code == 422
    assert "was changed meanwhile by Ada of Leeds City Council" in refused.text
    assert "Ada was here" in refused.text
    assert form_of(refused)["text"] == sams["text"]
    assert in_force(town).text.endswith("# Ada was here\n")
    both = form_of(refused) | {"text": form_of(refused)["text"] + "# Ada was here\r\n"}
    again = form_of(sam.post(EDIT, data=both | {"do": "check"}))
    assert sam.post(EDIT, data=again | {"do": "adopt"}).status_code == 303
    assert in_force(town).text.endswith(f"{YORK}\n# Ada was here\n")


def test_a_file_of_leeds_reaches_nothing_of_york(town: SignInWorld) -> None:
    """N-30: the scope comes from the file's name, and the file from the address."""
    sam, york = town.client("leeds/sam"), "allow,person:leeds/sam,manage,york,any,any,-,Mine"
    form = form_of(sam.get(EDIT)) | {"file": "organisations/york.csv", "name": "platform.csv", "organisation": "york"}
    checked = sam.post(EDIT, data=form | {"text": form["text"] + york + "\r\n", "do": "check"})
    assert "york" in checked.text.split("worth a look")[1].split("</section>")[0], "the checker says that it is void"
    assert sam.post(EDIT, data=form_of(checked) | {"do": "adopt"}).status_code == 303
    assert york in in_force(town).text
    for address in ("/admin/york", "/places/york"):
        before = town.client("leeds/ann").get(address)
        assert sam.get(address).status_code == before.status_code
    with town.viewer("leeds/sam") as viewer, town.work() as uow:
        decision = viewer.decide("manage", town.place(uow, "york"))
        assert decision is not None
        assert not decision.allowed
    with town.parts.database.reading() as session:
        assert "leeds" not in session.get_one(PolicyText, "organisations/york.csv").text
