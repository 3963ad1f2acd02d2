"""The parser: markdown-it with footnotes and `<br>`, bounded where it would lose what lies too deep."""

import re
from collections.abc import Callable
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, reference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

BlockRule = Callable[[StateBlock, int, int, bool], bool]

_DEEPEST: Final = 18
"""Two less than markdown-it's own limit, at which it leaves out what is deeper."""
_BREAK: Final = re.compile(r"<br[ \t]{0,9}/?>", re.IGNORECASE)
_BACK: Final = '<a class="hub-notes__back" href="#fnref-{number}" aria-label="Back to the text of note {number}">↩</a>'
_BOX: Final = '<span class="hub-task" aria-hidden="true">{}</span> <span class="govuk-visually-hidden">{} </span>'
_NOTE: Final = re.compile(r"\[\^([^\s\[\]]{1,60})\]")


def make_parser() -> MarkdownIt:
    """A parser whose time grows with the text and no faster."""
    parser = MarkdownIt("commonmark", {"html": False, "tasklists": True}).enable(["table", "strikethrough"])
    block, inline = parser.block.ruler, parser.inline.ruler
    block.at("blockquote", _shallow(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.at("list", _shallow(list_block), {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("reference", _reference)
    block.before("reference", "note", _shallow(_note), {"alt": ["paragraph", "reference"]})
    inline.before("link", "note_reference", _note_reference)
    inline.before("autolink", "line_break", _line_break)
    parser.core.ruler.after("inline", "notes_last", _notes_last)
    parser.add_render_rule("list_item_open", _list_item_open)
    return parser


def _shallow(rule: BlockRule) -> BlockRule:
    """The rule, except where its content would lie too deep: there the text stays as it was typed."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < _DEEPEST and rule(state, start, end, silent)

    return bounded


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The text of a footnote, `[^1]: like this`. There are none within one."""
    if silent:
        return bool(footnote_def(state, start, end, silent))
    if state.env.get("in_note"):
        return False
    state.env["in_note"] = True
    found = footnote_def(state, start, end, silent)
    state.env["in_note"] = False
    return bool(found)


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The address of a link, `[house]: /houses`. What begins like a footnote and is none here stays as it was typed."""
    begins = state.bMarks[start] + state.tShift[start]
    return not state.src.startswith("[^", begins) and reference(state, start, end, silent)


def _note_reference(state: StateInline, silent: bool) -> bool:
    """`[^1]`, where there is such a note, and not within a link."""
    found = _NOTE.match(state.src, state.pos, state.posMax)
    if not found or state.linkLevel or f":{found[1]}" not in state.env.get("footnotes", {}).get("refs", {}):
        return False
    if not silent:
        seen: dict[str, tuple[int, int]] = state.env.setdefault("seen", {})
        number, times = seen.get(found[1], (len(seen) + 1, 0))
        seen[found[1]] = number, times + 1
        anchor = "" if times else f' id="fnref-{number}"'
        token = state.push("html_inline", "", 0)
        token.content = f'<sup><a href="#fn-{number}"{anchor} aria-label="Note {number}">{number}</a></sup>'
    state.pos = found.end()
    return True


def _line_break(state: StateInline, silent: bool) -> bool:
    """`<br>`, the one tag that is taken: there is no other way to break a line in a cell."""
    found = _BREAK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def _notes_last(state: StateCore) -> None:
    """Footnotes after all else, in the order in which they are referred to; those that nothing refers to at the end."""
    rest: list[Token] = []
    notes: list[tuple[str, list[Token]]] = []
    into = rest
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            into = []
            notes.append((token.meta["label"], into))
        elif token.type == "footnote_reference_close":
            into = rest
        else:
            into.append(token)
    if not notes:
        return
    seen: dict[str, tuple[int, int]] = dict(state.env.get("seen", {}))
    more = len(seen)
    numbered: list[tuple[int, bool, list[Token]]] = []
    for label, content in notes:
        number, times = seen.pop(label, (0, 0))
        more += not number
        numbered.append((number or more, bool(times), content))
    rest.append(_html('<section class="hub-notes" aria-label="Notes">\n<ol>\n'))
    for number, referred, content in sorted(numbered, key=lambda note: note[0]):
        rest += [_html(f'<li id="fn-{number}">\n'), *content]
        if referred:
            _close(rest, _BACK.format(number=number))
        rest.append(_html("</li>\n"))
    rest.append(_html("</ol>\n</section>\n"))
    state.tokens = rest


def _close(tokens: list[Token], html: str) -> None:
    """Put `html` at the end of the last paragraph, or after what is there instead."""
    if tokens[-1].type == "paragraph_close" and tokens[-2].children is not None:
        tokens[-2].children.append(Token("html_inline", "", 0, content=f" {html}"))
    else:
        tokens.append(_html(f"<p>{html}</p>\n"))


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content)


def _list_item_open(self: Any, tokens: list[Token], place: int, options: Any, env: Any) -> str:
    """An item; of a task list, with its box, which nobody can tick here."""
    opened: str = self.renderToken(tokens, place, options, env)
    if "checked" not in tokens[place].meta:
        return opened
    return opened + _BOX.format(*(("☑", "Done:") if tokens[place].meta["checked"] else ("☐", "To do:")))
