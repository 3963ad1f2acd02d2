"""A policy file after a place got another address: its lines name places, and follow them."""

import re
from collections.abc import Iterable

from acl.rules import Rule
from acl.vocabulary import PEOPLE

_LINES = re.compile(r"(\r\n|\n|\r)")


def names_place(rule: Rule, path: str) -> bool:
    """Whether a rule's `where` names the place at a path, its people, or one beneath it."""
    return rule.where in (path, f"{PEOPLE}{path}") or rule.where.startswith(f"{path}/")


def renamed(text: str, rules: Iterable[Rule], before: str, after: str) -> str:
    """The text with the lines that name the place at `before`, or one beneath it, naming it at `after`.

    Everything else stays as it was typed. `rules` are those of the text.
    """
    parts = _LINES.split(text)  # a line, its ending, the next line …
    for rule in rules:
        if names_place(rule, before):
            at = 2 * (rule.line - 1)
            word = PEOPLE if rule.where.startswith(PEOPLE) else ""
            followed = f"{word}{after}{rule.where.removeprefix(word)[len(before) :]}"
            parts[at] = _cell(rule.where).sub(rf"\g<1>{followed}", parts[at])
    return "".join(parts)


def _cell(value: str) -> re.Pattern[str]:
    """A cell that holds a value and nothing else, with what stands before it as its first group."""
    return re.compile(rf"""((?:^|[,;\t])\s*"?\s*){re.escape(value)}(?=\s*"?\s*(?:[,;\t]|$))""")
