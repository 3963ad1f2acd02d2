"""The files on disk and the texts in the database, kept in step. Time is counted by the test, not waited for."""

import os
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from hub.access.models import PolicyText
from hub.features.policies import copies
from hub.features.policies.checking import check_working_copies
from hub.features.policies.mirror import STILL, STILL_LONG, Mirror
from hub.features.policies.models import PolicyAlarm
from hub.features.policies.service import adopt
from tests.hub.features.policies.conftest import LEEDS
from tests.hub.world import HEADER, World

NAME = "organisations/leeds.csv"
DENY = "deny,org:leeds,read,leeds/housing,any,any,-,Closed for the audit\n"


class Desk:
    """An admin with a text editor, and the worker that looks at the folder."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.folder = world.parts.policy_dir
        self.file = self.folder / NAME
        self.time = 0.0
        self.start_worker()

    def start_worker(self) -> None:
        self.mirror = Mirror(self.world.parts, tick=lambda: self.time)

    def look(self, after: float = 0.1) -> int:
        self.time += after
        return self.mirror.look()

    def settle(self) -> None:
        for _ in range(3):
            self.look(STILL)
            self.look(STILL_LONG)

    def save_in_place(self, text: str | bytes) -> None:
        self.file.write_bytes(text.encode() if isinstance(text, str) else text)

    def rename_into_place(self, text: str) -> None:
        new = self.file.with_name("leeds.csv.new")
        new.write_text(text, "utf-8")
        os.utime(new, (1, 1))  # the copy is older than its renaming, as it is when an editor took a moment
        new.replace(self.file)

    @property
    def in_force(self) -> str:
        with self.world.parts.database.reading() as session:
            return session.get_one(PolicyText, NAME).text

    @property
    def alarms(self) -> dict[str, list[str]]:
        with self.world.parts.database.reading() as session:
            found = session.scalars(select(PolicyAlarm)).all()
        return {alarm.name: [str(fault) for fault in alarm.faults] for alarm in found}


@pytest.fixture
def desk(world: World) -> Desk:
    found = Desk(world)
    found.settle()
    return found


def test_the_accepted_texts_stand_in_the_folder(desk: Desk) -> None:
    assert desk.file.read_text("utf-8") == desk.in_force
    assert {path.name for path in desk.folder.rglob("*.csv")} == {"leeds.csv", "york.csv"}


def test_a_file_renamed_into_place_is_adopted_at_once(desk: Desk) -> None:
    new = desk.in_force + DENY
    desk.rename_into_place(new)
    assert desk.look(after=0.01) == 1
    assert desk.in_force == new


def test_a_file_written_in_place_is_adopted_only_when_it_has_stood_still(desk: Desk) -> None:
    """L13: half of it is valid already, and lacks its deny."""
    before = desk.in_force
    with desk.file.open("w", encoding="utf-8") as file:
        file.write(HEADER + LEEDS[0] + "\n")
        file.flush()
        for _ in range(3):
            desk.look(STILL - 0.1)
            assert desk.in_force == before
            file.write("# more to come\n")
            file.flush()
        file.write("".join(f"{line}\n" for line in LEEDS[1:]) + DENY)
    desk.look(0.1)
    assert desk.in_force == before
    desk.settle()
    assert desk.in_force == desk.file.read_text("utf-8")
    assert DENY in desk.in_force


def test_a_sound_edit_in_place_waits_half_a_second_and_one_that_may_be_half_waits_longer(desk: Desk) -> None:
    """A program was seen to pause for 0.8 s inside a save."""
    before = desk.in_force

    def waits(text: str) -> bool:
        desk.save_in_place(text)
        desk.look()
        desk.look(STILL)
        desk.look(1)
        at_once = desk.in_force == text
        desk.settle()
        assert desk.in_force == text
        return not at_once

    assert not waits(before + DENY)
    assert waits(before + DENY + "# no end to this line")
    assert waits(before + DENY)
    assert not waits(before + DENY + "# a note\n")
    for count in range(3):
        desk.save_in_place(before + DENY + f"# still typing: {count} notes\n")
        desk.look(STILL - 0.1)
    assert waits(before + DENY + "# still typing: three notes\n")


def test_a_new_file_that_is_still_being_written_is_not_taken_for_a_renamed_one(desk: Desk) -> None:
    """An editor that deletes and writes anew leaves another inode too."""
    before = desk.in_force
    desk.file.unlink()
    with desk.file.open("w", encoding="utf-8") as file:
        file.write(HEADER + LEEDS[0] + "\n")
        file.flush()
        desk.look(0.01)
        assert desk.in_force == before
        file.write("".join(f"{line}\n" for line in LEEDS[1:]) + DENY)
    desk.settle()
    assert desk.in_force.endswith(DENY)


def test_an_edit_in_the_moment_after_the_hub_wrote_the_file_is_not_taken_for_the_hubs_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The admin's editor saves between the renaming and the look at what was written."""
    desk.file.unlink()
    synced = copies._sync_folder

    def edited(folder: Path) -> None:
        if DENY not in desk.file.read_text("utf-8"):
            with desk.file.open("a", encoding="utf-8") as file:
                file.write(DENY)
        synced(folder)

    monkeypatch.setattr(copies, "_sync_folder", edited)
    desk.settle()
    desk.settle()
    assert desk.in_force.endswith(DENY)


def test_an_edit_while_the_hub_writes_the_file_is_not_written_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database has moved on, and so has the admin, who saves while the new text goes to the disk."""
    mine = desk.in_force + "# a note\n"
    with desk.world.work() as uow:
        adopt(uow, NAME, desk.in_force + DENY, "omar")
    write = os.fsync

    def saved_meanwhile(descriptor: int) -> None:
        write(descriptor)
        monkeypatch.undo()
        desk.file.write_text(mine, "utf-8")

    monkeypatch.setattr(os, "fsync", saved_meanwhile)
    desk.settle()
    desk.settle()
    kept = [path for path in desk.folder.rglob("*.not-adopted-*") if path.read_text("utf-8") == mine]
    assert kept or desk.in_force == mine


def test_a_faulty_file_is_refused_loudly_and_the_text_in_force_stays(desk: Desk) -> None:
    before = desk.in_force
    desk.save_in_place(before + "Deny,everyone,read,leeds,any,any,-,\n")
    desk.settle()
    assert desk.in_force == before
    assert list(desk.alarms) == [NAME]
    assert f"{NAME}:5:" in desk.alarms[NAME][0]
    assert "Deny" in desk.file.read_text("utf-8"), "the admin's work is left as it is"


def test_the_alarm_ends_when_the_file_is_put_right(desk: Desk) -> None:
    before = desk.in_force
    desk.save_in_place("nonsense\n")
    desk.settle()
    desk.save_in_place(before)
    desk.settle()
    assert desk.alarms == {}


def test_a_faulty_file_at_start_leaves_the_last_accepted_text_in_force(desk: Desk) -> None:
    before = desk.in_force
    desk.save_in_place(b"\xff\xfe" + before.encode("utf-16-le"))
    desk.start_worker()
    desk.settle()
    assert desk.in_force == before
    assert "UTF-16" in desk.alarms[NAME][0]


def test_a_file_edited_while_the_hub_was_down_counts_as_a_hand_edit(desk: Desk) -> None:
    new = desk.in_force + DENY
    desk.save_in_place(new)
    desk.start_worker()
    desk.settle()
    assert desk.in_force == new


def test_a_change_accepted_while_the_worker_was_down_is_not_undone_by_the_old_file(desk: Desk) -> None:
    """Omar tightened policy by command; the file on disk is only an old copy of the hub's own."""
    desk.world.set_policy("leeds", *LEEDS, DENY.strip())
    desk.start_worker()
    desk.settle()
    assert DENY in desk.in_force
    assert desk.file.read_text("utf-8") == desk.in_force


def test_without_the_mirrors_notes_a_different_file_is_a_hand_edit(desk: Desk) -> None:
    (desk.folder / ".mirrored.json").unlink()
    new = desk.in_force + DENY
    desk.save_in_place(new)
    desk.start_worker()
    desk.settle()
    assert desk.in_force == new


def test_a_file_deleted_by_hand_comes_back_and_changes_no_policy(desk: Desk) -> None:
    before = desk.in_force
    desk.file.unlink()
    desk.look(0.1)
    assert not desk.file.exists(), "an editor may be about to write it anew"
    desk.settle()
    assert desk.in_force == before == desk.file.read_text("utf-8")


def test_the_whole_folder_deleted_comes_back(desk: Desk) -> None:
    for path in sorted(desk.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    desk.folder.rmdir()
    desk.settle()
    assert desk.file.read_text("utf-8") == desk.in_force


def test_an_accepted_change_is_written_to_the_file(desk: Desk) -> None:
    desk.world.set_policy("leeds", *LEEDS, DENY.strip())
    assert desk.look() == 1
    assert desk.file.read_text("utf-8") == desk.in_force
    assert desk.look() == 0


def test_two_admins_at_once_lose_nothing(desk: Desk) -> None:
    """Omar edits by command, Ann in the file: Omar's stands, Ann's is kept beside it with an alarm."""
    anns = desk.in_force + "allow,document-owner,manage,leeds,any,any,-,Authors keep their work\n"
    desk.world.set_policy("leeds", *LEEDS, DENY.strip())
    desk.save_in_place(anns)
    desk.settle()
    assert DENY in desk.in_force
    assert desk.file.read_text("utf-8") == desk.in_force
    (aside,) = desk.file.parent.glob("leeds.csv.not-adopted-*")
    assert aside.read_text("utf-8") == anns
    assert list(desk.alarms) == [f"organisations/{aside.name}"]
    desk.start_worker()
    desk.settle()
    assert desk.alarms, "the alarm lasts until the file is dealt with"
    aside.unlink()
    desk.settle()
    assert desk.alarms == {}


def test_a_spreadsheets_copy_is_written_back_as_it_was_accepted(desk: Desk) -> None:
    text = desk.in_force + "allow,org:york,read,leeds/housing,up to OFFICIAL,published,31/03/2027,Joint plan\n"
    desk.save_in_place("\ufeff" + text)
    desk.settle()
    assert desk.in_force == text.replace("31/03/2027", "2027-03-31") == desk.file.read_text("utf-8")
    assert desk.look(STILL) == 0


def test_a_file_of_no_organisation_raises_an_alarm_until_it_is_gone(desk: Desk) -> None:
    stray = desk.folder / "organisations" / "leads.csv"
    stray.write_text(HEADER, "utf-8")
    desk.settle()
    assert "There is no organisation leads" in desk.alarms["organisations/leads.csv"][0]
    stray.unlink()
    desk.settle()
    assert desk.alarms == {}


def test_a_link_is_no_policy_file(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text(HEADER + DENY, "utf-8")
    before = desk.in_force
    desk.file.unlink()
    desk.file.symlink_to(elsewhere)
    desk.settle()
    assert desk.in_force == before
    assert ["is a link, and links are not followed" in said for said in desk.alarms[NAME]] == [True]
    desk.file.unlink()
    desk.settle()
    assert (desk.file.read_text("utf-8"), desk.alarms) == (before, {})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("LEEDS.CSV", "Rename it to leeds.csv"),
        ("Leeds.csv", "Rename it to leeds.csv"),
        ("leeds.csv.txt", "does not end in .csv. Rename it to leeds.csv"),
        ("leeds.tsv", "Rename it to leeds.csv"),
        ("leeds.xlsx", "is a workbook, and not in force. Save it from your spreadsheet as 'CSV UTF-8'"),
        ("Leeds.XLS", "under the name leeds.csv"),
        ("leeds.ods", "is a workbook"),
    ],
)
def test_a_file_that_somebody_takes_for_policy_is_an_alarm_that_says_what_to_do(
    desk: Desk, name: str, said: str
) -> None:
    stray = desk.file.with_name(name)
    stray.write_text(HEADER + DENY, "utf-8")
    desk.file.with_name("~$leeds.xlsx").write_text("a spreadsheet's lock")
    desk.file.with_name(".~lock.leeds.csv#").write_text("a spreadsheet's lock")
    desk.settle()
    assert list(desk.alarms) == [f"organisations/{name}"]
    assert said in desk.alarms[f"organisations/{name}"][0]
    assert desk.look() == 0
    stray.unlink()
    desk.settle()
    assert desk.alarms == {}


def test_an_endless_file_is_refused_without_being_read(desk: Desk) -> None:
    before = desk.in_force
    with desk.file.open("wb") as file:
        file.truncate(3_000_000_000)
    desk.settle()
    assert desk.in_force == before
    assert "larger than" in desk.alarms[NAME][0]


def test_a_files_mode_is_kept_when_the_hub_writes_it(desk: Desk) -> None:
    desk.file.chmod(0o664)
    desk.world.set_policy("leeds", *LEEDS, DENY.strip())
    desk.settle()
    assert desk.file.stat().st_mode & 0o777 == 0o664
    assert desk.file.read_text("utf-8") == desk.in_force


def test_a_change_between_looking_and_adopting_is_not_overwritten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Omar's command lands after the mirror read Ann's file and before it adopts it."""
    anns = desk.in_force + "allow,document-owner,manage,leeds,any,any,-,Authors keep their work\n"
    desk.save_in_place(anns)
    desk.look()

    def late(uow: object, name: str, content: bytes, by: str, *, replacing: str, **_: object) -> object:
        monkeypatch.undo()
        desk.world.set_policy("leeds", *LEEDS, DENY.strip())
        with desk.world.work() as own:
            return adopt(own, name, content, by, replacing=replacing)

    monkeypatch.setattr("hub.features.policies.mirror.unit_of_work", lambda *_: _Nothing())
    monkeypatch.setattr("hub.features.policies.mirror.adopt", late)
    desk.settle()
    desk.settle()
    assert DENY in desk.in_force
    assert [name for name in desk.alarms if "not-adopted" in name]


class _Nothing:
    """A unit of work that holds no lock, so that the other admin can be faster."""

    actor = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def test_a_folder_in_the_place_of_leeds_file_does_not_hold_up_york(desk: Desk) -> None:
    """Somebody unpacks an archive over the policy folder: only what stands in the way is an alarm, told once."""
    accepted = desk.in_force
    desk.file.unlink()
    desk.file.mkdir()
    (desk.file / "readme.txt").write_text("mine")
    york = desk.folder / "organisations/york.csv"
    york.write_text(york.read_text("utf-8") + "deny,org:york,read,york,any,any,-,Closed for the audit\n", "utf-8")
    desk.settle()
    with desk.world.parts.database.reading() as session:
        assert "Closed for the audit" in session.get_one(PolicyText, "organisations/york.csv").text
    assert ["cannot be read or written" in fault for fault in desk.alarms[NAME]] == [True]
    with capture_logs() as logged:
        desk.settle()
    assert [entry for entry in logged if entry["log_level"] == "error"] == []
    (desk.file / "readme.txt").unlink()
    desk.file.rmdir()
    desk.settle()
    assert (desk.file.read_text("utf-8"), desk.alarms) == (accepted, {})


def test_a_file_in_the_place_of_the_folder_holds_up_nothing_of_the_platform(desk: Desk) -> None:
    for file in desk.file.parent.iterdir():
        file.unlink()
    desk.file.parent.rmdir()
    desk.file.parent.write_text("not a folder")
    (desk.folder / "platform.csv").write_text(HEADER + "deny,org:york,read,*,any,any,-,Closed for the audit\n", "utf-8")
    desk.settle()
    with desk.world.parts.database.reading() as session:
        assert "Closed for the audit" in session.get_one(PolicyText, "platform.csv").text
    assert NAME in desk.alarms


def test_a_file_that_the_hub_may_not_read_is_an_alarm(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are refused here as the kernel does it to an account that is not root."""
    desk.save_in_place(desk.in_force + DENY)

    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refused)
        desk.settle()
    assert ["Permission denied" in fault for fault in desk.alarms[NAME]] == [True]
    desk.settle()
    assert (DENY in desk.in_force, desk.alarms) == (True, {})


@pytest.mark.parametrize(
    "name", [b"\xff\xfe.csv", b"x" * 240 + b".csv", "łódź\n\u202e.csv".encode(), b" .csv", b"-.csv"]
)
def test_a_file_of_an_absurd_name_holds_up_nothing(desk: Desk, name: bytes) -> None:
    """It is an alarm under a name that can be shown and kept; Leeds' own edit is adopted as ever."""
    odd = os.fsencode(desk.file.parent) + b"/" + name
    with open(odd, "wb") as opened:  # noqa: PTH123  # a name that no Path can hold on every system
        opened.write(desk.in_force.encode())
    desk.save_in_place(desk.in_force + DENY)
    desk.settle()
    assert DENY in desk.in_force
    (alarm,) = desk.alarms
    assert len(alarm) <= 200
    assert alarm.isprintable()
    with desk.world.parts.database.reading() as session:
        faulty = [checked for checked in check_working_copies(desk.world.parts, session) if checked.faults]
    assert "".join(f"{checked.file} {checked.faults}" for checked in faulty).encode()
    assert len(faulty) == 1
    os.unlink(odd)  # noqa: PTH108
    desk.settle()
    assert desk.alarms == {}
