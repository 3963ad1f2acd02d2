"""Leeds moves its folders into the hub: every file ends in a final state, once, whoever runs it and how often."""

import os
import threading
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub.access.models import Place
from hub.features.imports import service
from hub.features.imports.service import Import as Work
from hub.features.imports.service import Wanted
from hub.features.imports.walk import files_in
from hub.ground.db import Database
from hub.ground.extraction import Extractor
from hub.ground.outbox import OutboxMessage
from hub.nouns.documents.models import Document, Revision
from hub.running.turn import only_worker
from tests import shared_data
from tests.hub.features.imports.conftest import Import
from tests.hub.ground.extraction import made
from tests.hub.world import World

WEIR = "---\ntitle: 'Weir levels'\ncreated: 12/12/2012\nrevised: 6/3/2015\n---\n\nThe weir at Kirkstall opens.\n"


def documents(world: World) -> dict[str, Document]:
    """By title."""
    with world.parts.database.reading() as session:
        return {document.title: document for document in session.scalars(select(Document))}


def revisions(world: World, document: Document) -> list[Revision]:
    with world.parts.database.reading() as session:
        found = select(Revision).where(Revision.document_id == document.id).order_by(Revision.number)
        return list(session.scalars(found))


def found_by(world: World, handle: str, words: str) -> list[str]:
    """The titles that a person's search shows."""
    return sorted("".join(text for text, _ in hit.title) for hit in world.ask(handle, words).hits)


def test_files_of_every_kind_end_searchable_or_say_why_not(world: World, folder: Path, imported: Import) -> None:
    (folder / "weir.md").write_text(WEIR)
    made.docx(folder / "Flood plan – final.docx", made.paragraph("Sandbags lie at Kirkstall depot"))
    made.png(folder / "map.png", 8, 8)
    (folder / "empty.txt").write_bytes(b"")
    ran = imported()
    assert ran.code == 0, ran.err
    assert ran.out.startswith("4 files for Library (leeds/library):"), "and no log among it"
    assert "2 are filed and can be found by their words" in ran.out
    assert "2 are filed, text not readable" in ran.out
    assert "map.png: the hub reads no text in files of this kind: a PNG picture" in ran.out
    assert "empty.txt: it is empty. Save it again, and upload that" in ran.out
    world.give("person:leeds/ann", "read", "leeds/library")
    assert found_by(world, "leeds/ann", "kirkstall") == ["Flood plan – final", "Weir levels"]
    assert {d.title: d.type for d in documents(world).values()} == {
        "Weir levels": "markdown", "Flood plan – final": "word", "map": "other", "empty": "text",
    }  # fmt: skip


def test_front_matter_gives_title_and_days_and_leaves_the_text(world: World, folder: Path, imported: Import) -> None:
    (folder / "weir.md").write_text(WEIR)
    imported()
    found = documents(world)["Weir levels"]
    assert (found.created_at.date(), found.changed_at.date()) == (date(2012, 12, 12), date(2015, 3, 6))
    assert revisions(world, found)[0].body == "The weir at Kirkstall opens.\n"


def test_a_day_that_is_still_to_come_is_not_believed(world: World, folder: Path, imported: Import) -> None:
    (folder / "weir.md").write_text("---\ndate: 2199-01-01\n---\nwords")
    imported()
    assert documents(world)["weir"].changed_at == world.parts.clock.now()


def test_running_it_again_changes_nothing(world: World, folder: Path, imported: Import) -> None:
    (folder / "weir.md").write_text(WEIR)
    (folder / "without title.md").write_text("no heading here")
    made.docx(folder / "plan.docx", made.paragraph("Sandbags"))
    imported()
    before = {title: (d.id, d.number, d.changed_at) for title, d in documents(world).items()}
    world.parts.clock.move(days=1)
    ran = imported()
    assert ran.code == 0
    assert "3 were there already, as they are now" in ran.out
    assert {title: (d.id, d.number, d.changed_at) for title, d in documents(world).items()} == before


def test_each_path_is_filed_whatever_else_holds_the_same(world: World, folder: Path, imported: Import) -> None:
    """The same form in two folders is two documents, each where people look for it; again, nothing is new."""
    for name in ("north", "south"):
        (folder / name).mkdir()
        (folder / name / "form.txt").write_text("Name and address")
        (folder / name / "note.md").write_text("# Note\nThe same words")
    ran = imported()
    assert "4 are filed" in ran.out
    with world.parts.database.reading() as session:
        found = session.execute(select(Place.path, Document.title).join(Place, Place.id == Document.place_id)).all()
    assert sorted(tuple(row) for row in found) == [
        ("leeds/library/north", "Note"), ("leeds/library/north", "form"),
        ("leeds/library/south", "Note"), ("leeds/library/south", "form"),
    ]  # fmt: skip
    assert "4 were there already" in imported().out
    (folder / "south" / "note.md").write_text("# Note\nSouth alone")
    assert "1 are filed" in imported().out
    (folder / "south" / "note.md").write_text("# Note\nThe same words")
    assert "1 are filed" in imported().out, "what the file says now is what counts, not what it once said"


def test_the_input_that_once_lost_a_file(world: World, imported: Import) -> None:
    """Two folders, one form."""
    ran = imported("--json", what=shared_data("failing/import-same-content"))
    assert ran.value["counts"] == {"searchable": 2}


def test_files_come_in_as_drafts_unless_the_command_says_otherwise(
    world: World, folder: Path, imported: Import
) -> None:
    """Somebody looks before others read."""
    (folder / "weir.md").write_text(WEIR)
    ran = imported(state="draft")
    assert imported("--help", state="draft").out.count("[default: draft]") == 1
    assert "New ones and new revisions are OFFICIAL drafts: whoever may edit one publishes it." in ran.out
    assert found_by(world, "leeds/ann", "kirkstall") == []
    assert documents(world)["Weir levels"].state == "draft"
    imported("--state", "published")
    assert documents(world)["Weir levels"].state == "draft", "what is there already stays as it is"


def test_what_a_system_left_behind_is_passed_over_and_said(world: World, folder: Path, imported: Import) -> None:
    names = ("Thumbs.db", "~$Budget.docx", ".DS_Store", "upload.TMP", "desktop.ini", "._plan.pdf", ".~lock.a.odt#")
    for name in names:
        (folder / name).write_text("x")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "plan.txt").write_text("x")
    (folder / "temperature.txt").write_text("words")
    ran = imported("--json")
    passed = {row["source"]: row["reason"] for row in ran.value["files"] if row["state"] == "passed"}
    assert passed == dict.fromkeys(names, "a system file") | {"__MACOSX": "a system folder"}
    assert list(documents(world)) == ["temperature"]
    assert "Thumbs.db: a system file" in imported().out


def test_a_file_that_changed_becomes_a_revision(world: World, folder: Path, imported: Import) -> None:
    (folder / "weir.md").write_text(WEIR)
    imported()
    (folder / "weir.md").write_text(WEIR.replace("opens", "is shut"))
    ran = imported()
    assert "1 are filed" in ran.out
    found = documents(world)["Weir levels"]
    assert [revision.body for revision in revisions(world, found)] == [
        "The weir at Kirkstall opens.\n", "The weir at Kirkstall is shut.\n",
    ]  # fmt: skip


def test_a_newer_file_keeps_no_older_marking(world: World, folder: Path, imported: Import) -> None:
    """What is imported as a draft must not come out under the state of what it replaces."""
    (folder / "weir.md").write_text(WEIR)
    imported("--marking", "PUBLIC")
    (folder / "weir.md").write_text(WEIR.replace("opens", "leaks: not for the press"))
    imported("--marking", "OFFICIAL-SENSITIVE", "--state", "draft")
    found = documents(world)["Weir levels"]
    assert (found.number, found.marking, found.state) == (2, "OFFICIAL-SENSITIVE", "draft")
    world.set_policy("leeds", "allow,person:leeds/ann,read,leeds/library,any,any,-,Ann looks after the library")
    assert found_by(world, "leeds/ann", "press") == ["Weir levels"]
    assert found_by(world, "york/bo", "press") == []


def test_what_people_changed_in_the_hub_is_left_alone(world: World, folder: Path, imported: Import) -> None:
    (folder / "weir.md").write_text(WEIR)
    imported()
    world.revise(f"doc:{documents(world)['Weir levels'].id}", "Weir levels", "Ann knows better.")
    (folder / "weir.md").write_text(WEIR.replace("opens", "is shut"))
    ran = imported()
    assert ran.code == 0
    assert "1 were left alone: people changed the document in the hub since" in ran.out
    found = documents(world)["Weir levels"]
    assert [revision.body for revision in revisions(world, found)][-1] == "Ann knows better."


def test_two_folders_with_a_readme_each_give_two_documents(world: World, tmp_path: Path, imported: Import) -> None:
    for name in ("2012", "2013"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(f"# Minutes of {name}\nwords")
        imported(what=tmp_path / name)
    assert {d.title: d.number for d in documents(world).values()} == {"Minutes of 2012": 1, "Minutes of 2013": 1}


def test_folders_become_folders_and_odd_names_are_kept(world: World, folder: Path, imported: Import) -> None:
    names = ["Flood – plans", "flood plans", "日本", "a" * 90, "-", "con"]
    for number, name in enumerate(names):
        (folder / name).mkdir()
        (folder / name / f"{number}.txt").write_text(f"words {number}")
    assert imported().code == 0
    with world.parts.database.reading() as session:
        places = {place.name: place.path for place in session.scalars(select(Place).where(Place.kind == "folder"))}
    assert sorted(places) == sorted(names)
    assert places["Flood – plans"] == "leeds/library/flood-plans"
    assert places["flood plans"] == "leeds/library/flood-plans-2"
    assert len(set(places.values())) == len(names)
    assert "6 were there already" in imported().out


def test_a_folder_deeper_than_places_may_lie_is_filed_all_the_same(
    world: World, folder: Path, imported: Import
) -> None:
    deep = folder.joinpath(*(["d"] * 40))
    deep.mkdir(parents=True)
    (deep / "note.txt").write_text("words at the bottom")
    ran = imported()
    assert (ran.code, "1 are filed" in ran.out) == (0, True)
    assert "1 were there already" in imported().out


def test_hostile_names_hidden_files_and_links(world: World, folder: Path, imported: Import, tmp_path: Path) -> None:
    """D-UP 40: names are words to show, never places to go."""
    (tmp_path / "secret.txt").write_text("the secret of another folder")
    (folder / ".hidden").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    names = ["..x", "a\nb.txt", "rtl\u202egnp.txt", "é.txt", "-rf.txt", "con.txt", "x" * 250, "\U0001f600.txt"]
    for number, name in enumerate(names):
        (folder / name).write_text(f"words {number}")
    for letter in (b"\xe9", b"\xe8"):
        Path(os.fsdecode(os.fsencode(folder) + b"/caf" + letter + b".txt")).write_text("not a name in UTF-8")
    ran = imported("--json")
    assert ran.code == 0, ran.err
    passed = {row["source"]: row["reason"] for row in ran.value["files"] if row["state"] == "passed"}
    assert passed == {
        ".hidden": "a hidden file", ".git": "a hidden folder", "link.txt": "a link", "folder": "a link",
        "pipe": "not a file", "..x": "a hidden file",
    }  # fmt: skip
    assert ran.value["counts"]["searchable"] == len(names) + 1  # one of them is hidden, two have no name in UTF-8
    assert {row["state"] for row in imported("--json").value["files"]} == {"known", "passed"}
    assert "secret" not in "".join(documents(world))
    assert found_by(world, "leeds/ann", "secret") == []


def test_it_ends_by_saying_who_can_see_it_and_why(world: World, folder: Path, imported: Import) -> None:
    (folder / "weir.md").write_text(WEIR)
    draft = imported("--state", "draft")
    assert "Nobody can read them now" in draft.out
    world.add_person("leeds/cy")
    (folder / "weir.md").write_text(WEIR.replace("opens", "is shut"))
    ran = imported("--owner", "leeds/cy")
    assert "New ones and new revisions are OFFICIAL and published." in ran.out
    assert (
        "Leeds City Council (leeds): 2 of 2 people\n      by organisations/leeds.csv line 2: Leeds reads its own"
        in ran.out
    )
    assert "York" not in ran.out.partition("Who can read them now:")[2]


def test_readers_are_those_whom_policy_lets_read(world: World, folder: Path, imported: Import) -> None:
    """The numbers equal what each person's own search shows."""
    world.set_policy(
        "leeds",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Leeds reads its own",
        "deny,everyone-but:person:leeds/ann,read,leeds/library/legal,any,any,-,Legal advice is Ann's",
    )
    world.add_person("leeds/cy")
    (folder / "Legal").mkdir()
    (folder / "Legal" / "advice.txt").write_text("kirkstall advice")
    (folder / "weir.txt").write_text("kirkstall weir")
    world.add_folder("leeds/library/legal", name="Legal")
    readers = imported("--json").value["readers"]
    numbers = [(row["path"], row["all_of_it"], row["some_of_it"], row["people"]) for row in readers]
    assert numbers == [("leeds", 1, 1, 2)]
    assert [world.ask(who, "kirkstall").total for who in ("leeds/ann", "leeds/cy", "york/bo")] == [2, 1, 0]


def test_a_stopped_import_goes_on(
    world: World, folder: Path, imported: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        (folder / f"{number}.txt").write_text(f"words {number}")
    take, taken = Work.take, []

    def stopped_by_a_key(self: Work, found: object) -> object:
        taken.append(found)
        if len(taken) == 5:
            raise KeyboardInterrupt
        return take(self, found)  # type: ignore[arg-type]

    monkeypatch.setattr(service.Import, "take", stopped_by_a_key)
    ran = imported()
    assert ran.code == 130
    assert len(documents(world)) == 4
    monkeypatch.undo()
    ran = imported()
    assert ran.code == 0
    assert "6 are filed" in ran.out
    assert "4 were there already" in ran.out


def test_a_file_that_cannot_be_had_makes_it_fail_and_the_others_go_on(
    world: World, folder: Path, imported: Import
) -> None:
    (folder / "large.txt").write_bytes(b"words " * 1_000_000)
    (folder / "small.txt").write_text("words")
    ran = imported()
    assert ran.code == 1
    assert "Not filed:\n  large.txt: The file is larger than the 5 MB that the hub takes." in ran.out
    assert "run the same command again" in ran.err
    assert list(documents(world)) == ["small"]


def test_a_file_that_vanishes_on_the_way_is_named(world: World, folder: Path) -> None:
    (folder / "a.txt").write_text("words")
    files = list(files_in(folder))
    (folder / "a.txt").unlink()
    with world.parts.database.reading() as session:
        space = session.scalars(select(Place).where(Place.path == "leeds/library")).one()
    with Extractor() as extractor:
        work = Work(world.parts, Wanted(space.id, "OFFICIAL", "published", "org:leeds"), extractor, "operator", files)
        outcome = work.take(files[0])
    assert (outcome.state, outcome.reason) == ("failed", "it cannot be opened: No such file or directory")


@pytest.mark.parametrize(
    ("space", "options", "sentence"),
    [
        ("libary", (), "There is no place leeds/libary. Did you mean leeds/library"),
        ("leeds/library/inner", (), "leeds/library/inner is a folder. Files are imported into a space."),
        ("library", ("--owner", "leeds/an"), "There is no person leeds/an. Did you mean leeds/ann?"),
        ("library", ("--marking", "SECRET"), "Invalid value for '--marking'"),
    ],
)
def test_a_wrong_word_is_refused_before_anything_is_filed(
    world: World, folder: Path, imported: Import, space: str, options: tuple[str, ...], sentence: str
) -> None:
    world.add_folder("leeds/library/inner")
    (folder / "a.txt").write_text("words")
    ran = imported(*options, space=space)
    assert ran.code != 0
    assert sentence in ran.err
    assert documents(world) == {}


def test_no_folder_no_import(imported: Import, tmp_path: Path) -> None:
    ran = imported(what=tmp_path / "nowhere")
    assert (ran.code, ran.err) == (1, f"There is no folder {tmp_path / 'nowhere'}.\n")


def test_an_empty_folder_says_so(imported: Import) -> None:
    ran = imported()
    assert ran.code == 0
    assert "0 files for Library" in ran.out


def test_while_the_hub_runs_its_worker_makes_them_searchable(
    world: World, folder: Path, imported: Import, tmp_path: Path
) -> None:
    (folder / "weir.txt").write_text("kirkstall")
    stop = threading.Event()

    def worker() -> None:
        with only_worker(tmp_path, world.parts.database):
            ready.set()
            while not stop.wait(0.02):
                world.index_all()

    ready = threading.Event()
    thread = threading.Thread(target=worker)
    thread.start()
    ready.wait(10)
    try:
        assert "can be found by their words" in imported().out
        world.give("person:leeds/ann", "read", "leeds/library")
        assert found_by(world, "leeds/ann", "kirkstall") == ["weir"]
    finally:
        stop.set()
        thread.join(10)


def test_nothing_is_left_for_the_worker_to_read(world: World, folder: Path, imported: Import) -> None:
    made.docx(folder / "plan.docx", made.paragraph("Sandbags"))
    (folder / "map.txt").write_bytes(b"")
    imported()
    with world.parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_two_imports_of_one_folder_at_once_file_every_file_once(
    database: Database, tmp_path: Path, folder: Path
) -> None:
    """On SQLite and on PostgreSQL."""
    from search.embedded import EmbeddedEngine
    from tests.hub.world import make_parts

    engine = EmbeddedEngine(tmp_path / "index")
    world = World(make_parts(database, engine, tmp_path))
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Leeds reads its own")
    space = world.add_space("leeds/library")
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"words {number}")
        (folder / f"{number}.md").write_text(f"# Note {number}\nwords {number}")
    together, states, files = threading.Barrier(2), list[str](), list(files_in(folder))

    def run() -> None:
        with Extractor() as extractor:
            work = Work(world.parts, Wanted(space, "OFFICIAL", "published", "org:leeds"), extractor, "operator", files)
            together.wait()
            states.extend(work.take(found).state for found in files)

    operators = [threading.Thread(target=run) for _ in range(2)]
    for operator in operators:
        operator.start()
    for operator in operators:
        operator.join()
    found = documents(world)
    assert len(found) == 24
    assert {document.number for document in found.values()} == {1}
    assert set(states) <= {"searchable", "known", "failed"}
    engine.close()


@pytest.mark.long
@pytest.mark.parametrize("name", ["minutes", "guidance", "office"])
def test_real_folders_end_in_final_states(world: World, imported: Import, name: str) -> None:
    what = shared_data(name)
    files = [path for path in what.rglob("*") if path.is_file()]
    ran = imported("--json", what=what)
    assert ran.code == 0
    states = {row["source"]: row["state"] for row in ran.value["files"]}
    print(f"\n{name}: {len(files)} files, {ran.value['counts']}")
    assert len(states) == len(files)
    assert set(states.values()) <= {"searchable", "unreadable", "known"}
    if name == "minutes":
        assert {state for source, state in states.items() if source.endswith(".doc")} == {"searchable"}
        world.give("person:leeds/ann", "read", "leeds/library")
        assert world.ask("leeds/ann", '"Redbridge vision and experience"').total >= 1
    again = imported("--json", what=what).value["counts"]
    assert again == {"known": len(files)}
