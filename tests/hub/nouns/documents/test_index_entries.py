"""What of a document is found by its words."""

import time

import pytest

from hub.nouns.documents.bodies import with_head_last, without_marks

WORDS = {
    "[Plan](https://leeds.example/(a)/b) and ![map](m.png)": "Plan and map",
    "[![alt](pic.png)](https://x.example)": "alt",
    "| a | b |\n|:---|---:|\n| 1 | 2 |": "a   b  \n\n1   2  ",
    "# Flood\n\n---\n> - **bold** and `code` ~~gone~~": "Flood\n\n\n- bold and code gone",
    "a - b -- c": "a - b -- c",
}
CHEAP = {
    "dashes": "-" * 60 + "x",
    "many dashes": "-" * 100_000 + "x",
    "heads": "|---" * 50_000 + "x",
    "brackets": "[" * 100_000,
    "pictures": "![" * 100_000,
    "links": "[a](" * 50_000,
    "parentheses": "[a]" + "(" * 100_000,
    "spaces": " " * 100_000 + "x",
    "pipes": " |" * 50_000,
    "stars": "*" * 100_000,
}


@pytest.mark.parametrize("text", WORDS)
def test_marks_go_and_words_stay(text: str) -> None:
    assert without_marks(text) == WORDS[text]


@pytest.mark.parametrize("pattern", CHEAP)
def test_no_text_keeps_the_worker_busy(pattern: str) -> None:
    """Sixty hyphens and a letter once took longer than any of us will live; now each is a matter of milliseconds."""
    began = time.process_time()
    without_marks(CHEAP[pattern])
    assert time.process_time() - began < 5


def test_a_mail_begins_with_what_was_written_and_is_found_by_who_wrote_it() -> None:
    text = "Subject: Flood\nFrom: Sam <sam@leeds.example>\nTo: all\n\nThe sluice is shut.\nTo: be done"
    assert with_head_last(text, "mail.eml") == (
        "The sluice is shut.\nTo: be done\n\ue002 Subject: Flood\n\ue002 From: Sam <sam@leeds.example>\n"
        "\ue002 To: all\n\ue002 mail.eml\n\ue002 mail.eml"
    )


def test_a_file_is_found_by_the_words_of_its_name() -> None:
    assert with_head_last("", "FloodPlan_v2-Q3.docx") == "\ue002 FloodPlan_v2-Q3.docx\n\ue002 Flood Plan_v2-Q3.docx"
    assert with_head_last("Text: not a head", "") == "Text: not a head"
