"""Whatever people are called and letters say: one letter, to one address, with the headers that the hub writes."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from config.mail import Mailing, is_address
from hub.mail.composing import composed
from hub.mail.models import SentLetter
from hub.mail.service import one_line

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HEADERS = {
    "Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
    "MIME-Version",
}  # fmt: skip
ANY = st.text(max_size=120)
NASTY = st.sampled_from(
    ["\r\nBcc: eve@evil.example", "\n\n", "=?utf-8?q?x?=", "<a@b>", ",", '"', "\x00", "\u2028", "é" * 90]
)
WORDS = st.lists(st.one_of(ANY, NASTY), max_size=4).map("".join)
ATOMS = st.text(alphabet="abz09é!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=20)
ADDRESSES = st.builds("{}.{}@{}.{}".format, ATOMS, ATOMS, ATOMS, ATOMS)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(name="", hub="", subject="", line="", address="0.0000=é@0000=é.00000000000000000é")
@given(name=WORDS, hub=WORDS, subject=WORDS, line=WORDS, address=st.one_of(st.just("ann@leeds.example"), ADDRESSES))
def test_no_text_adds_a_header_a_receiver_or_a_line(name: str, hub: str, subject: str, line: str, address: str) -> None:
    assert is_address(address)
    letter = SentLetter(
        id="abcdefghijkl", address=address, subject=one_line(subject)[:200], lines=one_line(line), link="/places/leeds",
        why="Why.", secret="", secret_until=None, created_at=NOW,
    )  # fmt: skip
    mailing = Mailing(None, "hub@example.gov.uk", hub, Path("mail"))
    content = composed(letter, name, "", mailing, "https://hub.example").as_bytes()
    found = message_from_bytes(content, policy=default)
    assert set(found.keys()) == HEADERS
    assert len(found.keys()) == len(HEADERS)
    assert found["Message-ID"] == "<abcdefghijkl@hub.example>"
    assert [sender.addr_spec for sender in found["From"].addresses] == ["hub@example.gov.uk"]
    if address.isascii():
        assert len(found["To"].addresses) == 1
    text = found.get_content().replace("\r\n", "\n")
    said = f"\n\n{one_line(line)}" if one_line(line) else ""
    signature = f"-- \n{one_line(hub)}\nhttps://hub.example\nWhy.\n"
    hello = f"Hello {one_line(name)}" if name else "Hello"
    assert text == f"{hello},{said}\n\nhttps://hub.example/places/leeds\n\n{signature}"
