"""View: what a browser may show in place, told by its content; everything else comes as an attachment of no type."""

import io
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser

from hub.ground.db import Database
from hub.ground.extraction.shown import shown_as
from tests.browser import serving, window
from tests.hub.features.documents.test_pages import LEEDS, send, upload_address
from tests.hub.once import Begin
from tests.hub.world import World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082"
)
SCRIPT = b"<script>fetch('/stolen')</script>"


def pdf(script: str = "") -> bytes:
    """A PDF of one page; with a script, it runs when the file is opened."""
    action = f" /OpenAction << /S /JavaScript /JS ({script}) >>".encode() if script else b""
    words = b"BT /F1 24 Tf 40 100 Td (Flood plan) Tj ET"
    font = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R" + action + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources " + font + b" >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
    )
    made, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 5\n0000000000 65535 f \n"
    return made + head + table + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def the_town(world: World) -> None:
    """Hana of Leeds adds files to the housing space; Ann reads them; Bo of York does not."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_person("leeds/hana", "leeds/housing")
    world.add_person("leeds/ann")
    world.add_person("york/bo")
    world.add_space("leeds/housing", "restricted")


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    world = begin(the_town, sqlite_database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def added(world: World, name: str, content: bytes) -> str:
    """The address of a file that Hana has uploaded."""
    return send(world.client("leeds/hana"), upload_address(world, "leeds/housing"), file=(io.BytesIO(content), name))


SAFE = [
    ("plan.pdf", pdf(), "application/pdf"),
    ("plan.pdf", pdf("app.alert\\(1\\)"), "application/pdf"),
    ("scan.png", PNG, "image/png"),
    ("scan.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 40, "image/jpeg"),
    ("note.txt", "Sandbags – depot".encode(), "text/plain; charset=utf-8"),
    ("note.txt", "Sandbags – dépôt".encode("cp1252"), "text/plain; charset=windows-1252"),
    ("note.md", b"# Sandbags", "text/plain; charset=utf-8"),
    ("note.txt", b"Call a script so: " + SCRIPT, "text/plain; charset=utf-8"),
    ("plan", pdf(), "application/pdf"),
]
UNSAFE = [
    ("plan.pdf", b"<!doctype html><title>x</title>" + SCRIPT),
    ("plan.pdf", b"<html>" + SCRIPT + pdf()),
    ("scan.png", b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"),
    ("scan.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ("feed.txt", b'<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT + b"</x>"),
    ("page.html", b"Just words, but called a page"),
    ("page.txt", b"<body onload=alert(1)>"),
    ("minutes.docx", b"PK\x03\x04" + b"\x00" * 60),
    ("old.doc", bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 60),
    ("table.csv", b"a,b\n=1+1,2\n"),
    ("tool.exe", b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 60),
    ("empty.bin", b"\x00\x01\x02" * 30),
]


@pytest.mark.parametrize(("name", "content", "kind"), SAFE, ids=range(len(SAFE)))
def test_what_is_safe_is_shown_as_just_what_it_is(town: World, name: str, content: bytes, kind: str) -> None:
    """Right type, never sniffed, in a sandbox that runs nothing, not kept; the bytes are those that were sent."""
    there = added(town, name, content)
    answer = town.client("leeds/ann").get(f"{there}/view")
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox;" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "allow-scripts" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in answer.headers["Cache-Control"]
    assert town.client("leeds/ann").get(f"{there}/file").headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(("name", "content"), UNSAFE, ids=range(len(UNSAFE)))
def test_what_a_browser_might_run_is_never_shown_whatever_it_is_called(town: World, name: str, content: bytes) -> None:
    """D-UP 39, L47: HTML called .pdf, SVG called .png, a PDF that begins as a page: attachments of no type."""
    answer = town.client("leeds/ann").get(f"{added(town, name, content)}/view")
    assert answer.data == content
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_no_beginning_of_a_file_is_ever_shown_as_something_that_runs() -> None:
    """Every magic word before and after every other, under every name."""
    heads = [content[:40] for _, content, _ in SAFE] + [content[:60] for _, content in UNSAFE]
    names = {name for name, *_ in (*SAFE, *UNSAFE)} | {"x.xhtml", "x.xml", "x.js", ""}
    fine = {"", "application/pdf", "image/png", "image/jpeg"}
    for first in heads:
        for second in heads:
            for name in names:
                kind = shown_as(first + second, name)
                assert kind in fine or kind.startswith("text/plain; charset="), (first, second, name)


def test_the_link_stands_beside_download_where_it_leads_somewhere(town: World) -> None:
    """Before and after the file was read; a page called .pdf has none once its content is known."""
    plan, page = added(town, "plan.pdf", pdf()), added(town, "page.pdf", b"<html><p>x</p>" + SCRIPT)
    table = added(town, "table.xlsx", b"PK\x03\x04")
    town.index_all()
    ann = town.client("leeds/ann")
    for there, shown in ((plan, True), (page, False), (table, False)):
        for address, view in ((there, f"{there}/view"), (f"{there}/revisions/1", f"{there}/revisions/1/view")):
            links = html.fromstring(ann.get(address).text).xpath("//div[@class='hub-file']//a/@href")
            assert (view in links) is shown, (address, links)
    assert ann.get(f"{plan}/revisions/1/view").headers["Content-Type"] == "application/pdf"


def test_whoever_may_not_read_it_cannot_view_it(town: World) -> None:
    there = added(town, "plan.pdf", pdf())
    bo = town.client("york/bo")
    absent = bo.get("/documents/zzzzzzzzzzzz/view")
    for address in (f"{there}/view", f"{there}/revisions/1/view", f"{there}/revisions/9/view"):
        answer = bo.get(address)
        assert (answer.status_code, answer.data) == (404, absent.data)
    written = send(town.client("leeds/hana"), upload_address(town, "leeds/housing"), body="Words")
    assert town.client("leeds/hana").get(f"{written}/view").status_code == 404


@pytest.mark.journey
def test_in_chromium_each_is_shown_and_nothing_reaches_the_hub(town: World, chromium: Browser) -> None:
    """A PDF with a script, a picture, a text that holds a script: no request but its own, no page of the hub's."""
    script = "this.submitForm\\('/stolen'\\); app.launchURL\\('/stolen'\\); this.getURL\\('/stolen'\\);"
    addresses = [f"{added(town, *each)}/view" for each in (
        ("plan.pdf", pdf(script)), ("scan.png", PNG), ("note.txt", b"Words, then " + SCRIPT),
    )]  # fmt: skip
    asked: list[str] = []

    def noting(environ: dict[str, Any], start: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        return town.app(environ, start)

    cookie = town.client("leeds/ann").get_cookie(town.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    with serving(noting) as url, window(chromium, quiet_about=(404,)) as page:
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
        said: list[str] = []
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        for address in addresses:
            assert page.goto(f"{url}{address}").status == 200
            page.wait_for_timeout(700)  # a script of the file has no end that one could wait for
            assert page.url == f"{url}{address}"
            if address != addresses[0]:  # a PDF's page is the browser's own, with nothing of the file in it
                assert page.evaluate("window.origin") == "null", "not the hub's own origin"
        assert page.locator("pre").inner_text().startswith("Words, then <script>")
    assert set(asked) - {"/favicon.ico"} == set(addresses)
