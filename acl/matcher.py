"""Reads the Casbin model: its text becomes a checked tree, and whatever could not be compiled exactly is refused.

Every refusal names the column (character of the matcher's text, from 1) and the fragment. What compiles: `== != in
not in` between an attribute of the object and known values, any known function of one attribute with a closed list
(its truth table), `g(r.sub.id, p.who)`, and `g2`/`g3` of the object's node with `p.where`, `p.scope` or a word.
"""

import ast
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from acl.vocabulary import MARKINGS, STATES, covers, marked

REQUEST: Final = ("sub", "act", "obj", "today")
POLICY: Final = ("scope", "eft", "who", "can", "where", "marking", "state", "until")
EFFECT: Final = "some(where (p.eft == allow)) && !some(where (p.eft == deny))"
TREES: Final[Mapping[str, str]] = {"g2": "within", "g3": "reach"}
ENUMERATED: Final[Mapping[str, tuple[str, ...]]] = {"marking": MARKINGS, "state": STATES}
OPEN: Final = ("org", "owner")
FUNCTIONS: Final[Mapping[str, Callable[..., bool]]] = {"covers": covers, "marked": marked}

PARSING: Final = threading.Lock()
"""Held while Python's parser builds a tree: in two threads at once it can end in a SystemError (AST constructor
recursion depth mismatch), because CPython 3.11 counts the depth for all threads together."""

_KNOWN: Final = ("r.act", "r.today", "p.eft", "p.can", "p.marking", "p.state", "p.until")
_LITERAL: Final = re.compile(r"[A-Za-z0-9_:/\- ]*")
_SECTION: Final = re.compile(r"\[(\w+)\]")


class ModelError(Exception):
    """A model that cannot be compiled exactly; `column` counts characters of the matcher from 1 (0: elsewhere)."""

    def __init__(self, message: str, *, column: int = 0, fragment: str = "") -> None:
        self.column, self.fragment = column, fragment
        place = f"matcher, column {column}: `{fragment}` " if column else ""
        super().__init__(place + message)


@dataclass(frozen=True, slots=True)
class Known:
    """A truth that depends on the rule's columns, the action and the day only."""

    node: ast.expr


@dataclass(frozen=True, slots=True)
class Holds:
    """`g(r.sub.id, p.who)`."""


@dataclass(frozen=True, slots=True)
class WhoIs:
    """`p.who` is one of these words."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lies:
    """The object's node lies under a node: `where`, `scope`, or a word written in the matcher."""

    field: str
    under: str


@dataclass(frozen=True, slots=True)
class Table:
    """A truth that depends on one attribute with a closed list, and on known values."""

    attribute: str
    node: ast.expr


@dataclass(frozen=True, slots=True)
class Among:
    """`org` or `owner` is among the subject's own (`orgs`, `id`), or among the values of a known expression."""

    field: str
    own: bool
    values: ast.expr | None


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Some part holds."""

    parts: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class No:
    """The part does not hold."""

    part: "Term"


Term = Known | Holds | WhoIs | Lies | Table | Among | Every | Some | No


def sections(text: str) -> dict[str, dict[str, str]]:
    """The model's sections as Casbin reads them: a backslash continues a line, `#` and `;` start a comment line."""
    found: dict[str, dict[str, str]] = {}
    section, pending = "", ""
    for raw in [*text.splitlines(), ""]:
        line = raw.strip()
        if line.endswith("\\"):
            pending += line[:-1].strip() + " "
            continue
        line, pending = pending + line, ""
        if not line or line[0] in "#;":
            continue
        if head := _SECTION.fullmatch(line):
            section = head[1]
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise ModelError(f"cannot read the line: {line}")
        if name.strip() in found.setdefault(section, {}):
            raise ModelError(f"{name.strip()} stands twice in [{section}]")
        found[section][name.strip()] = value.strip()
    return found


def matcher_of(text: str) -> str:
    """The matcher's text of a model whose other sections are those that the compiler proves; raises ModelError."""
    found = sections(text)
    expected = {
        "request_definition": {"r": ",".join(REQUEST)},
        "policy_definition": {"p": ",".join(POLICY)},
        "role_definition": {"g": "_,_", "g2": "_,_", "g3": "_,_"},
        "policy_effect": {"e": EFFECT.replace(" ", "")},
    }
    for section, wanted in expected.items():
        held = {name: value.replace(" ", "") for name, value in found.get(section, {}).items()}
        if held != wanted:
            raise ModelError(f"[{section}] must be {wanted}, not {held}; other models are not proved")
    matchers = found.get("matchers", {})
    if set(matchers) != {"m"} or set(found) != {*expected, "matchers"}:
        raise ModelError("the model needs one matcher m and no further section")
    return matchers["m"]


def parse(matcher: str) -> Term:
    """The matcher as a checked tree; raises ModelError with column and fragment."""
    for found in re.finditer(r"""(["'])(.*?)\1""", matcher):
        if not _LITERAL.fullmatch(found[2]):
            why = "is not a plain word (Casbin rewrites signs inside quotation marks)"
            raise ModelError(why, column=found.start() + 1, fragment=found[0])
    return _Reader(matcher).read()


class _Reader:
    """Turns the matcher into Python's grammar as Casbin does, and each node into a term."""

    def __init__(self, matcher: str) -> None:
        self.text = matcher
        self.python, self.offsets = _python(matcher)

    def read(self) -> Term:
        try:
            with PARSING:
                tree = ast.parse(self.python, mode="eval")
        except SyntaxError as error:
            at = self._offset((error.offset or 1) - 1)
            raise ModelError("cannot be read", column=at + 1, fragment=self.text[at : at + 20]) from None
        return self._term(tree.body)

    def _offset(self, at: int) -> int:
        return self.offsets[min(at, len(self.offsets) - 1)]

    def _refuse(self, node: ast.expr, why: str) -> NoReturn:
        start, end = self._offset(node.col_offset), self._offset((node.end_col_offset or node.col_offset) - 1) + 1
        raise ModelError(why, column=start + 1, fragment=self.text[start:end])

    def _term(self, node: ast.expr) -> Term:  # noqa: RET503 - _refuse never returns
        if isinstance(node, ast.BoolOp):
            parts = tuple(self._term(part) for part in node.values)
            return Every(parts) if isinstance(node.op, ast.And) else Some(parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._negation(node)
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return Known(node)
        self._refuse(node, "is not a condition: only comparisons, known functions, g, g2, g3, &&, || and ! are")

    def _negation(self, node: ast.UnaryOp) -> Term:
        part = self._term(node.operand)
        if _mentions(part, (Holds, Lies)):
            self._refuse(node, "denies a membership: rules could not be found by who and where; use everyone-but:")
        return No(part)

    def _comparison(self, node: ast.Compare) -> Term:
        if len(node.ops) != 1:
            self._refuse(node, "chains comparisons; join two with &&")
        left, right, op = node.left, node.comparators[0], node.ops[0]
        names = [self._name(side) for side in (left, right)]
        objects = [name for name in names if name.startswith("r.obj.")]
        if len(objects) == 2:  # noqa: PLR2004 - both sides
            self._refuse(node, "compares two attributes of the object; no index holds that")
        if not isinstance(op, (ast.Eq, ast.NotEq, ast.In, ast.NotIn)):
            return self._ordering(node, objects)
        negative = isinstance(op, (ast.NotEq, ast.NotIn))
        term = self._equality(node, left, right, names)
        if negative and _mentions(term, (Holds, Lies)):
            self._refuse(node, "denies a membership")
        return No(term) if negative else term

    def _ordering(self, node: ast.Compare, objects: list[str]) -> Term:
        if objects:
            self._refuse(node, "orders an attribute by the alphabet (OFFICIAL < PUBLIC); use marked()")
        self._known(node.left)
        self._known(node.comparators[0])
        if not isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
            self._refuse(node, "is not a comparison that can be compiled")
        return Known(node)

    def _equality(self, node: ast.Compare, left: ast.expr, right: ast.expr, names: list[str]) -> Term:
        membership = isinstance(node.ops[0], (ast.In, ast.NotIn))
        if (not membership and names[1].startswith("r.obj.")) or names[1] == "p.who":
            left, right, names = right, left, names[::-1]
            if membership:
                self._refuse(node, "looks for a word inside a value (substring); name the values")
        if names[0].startswith("r.obj."):
            return self._attribute(node, names[0].removeprefix("r.obj."), right, names[1], membership)
        if names[0] == "p.who":
            return WhoIs(frozenset(self._words(right, membership)))
        self._known(left)
        self._known_values(right, membership)
        return Known(_positive(node))

    def _attribute(self, node: ast.Compare, name: str, right: ast.expr, other: str, membership: bool) -> Term:
        if name in ENUMERATED:
            self._known_values(right, membership)
            return Table(name, _positive(node))
        if name not in OPEN:
            self._refuse(node, "compares the node; use g2 or g3")
        if other == ("r.sub.orgs" if membership else "r.sub.id"):
            if (name == "org") != membership:
                self._refuse(node, "compares an organisation with a person")
            return Among(name, own=True, values=None)
        self._known_values(right, membership)
        return Among(name, own=False, values=right)

    def _call(self, node: ast.Call) -> Term:
        if not isinstance(node.func, ast.Name):
            self._refuse(node, "calls a method; only known functions may be called")
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            self._refuse(node, "calls with named or unpacked arguments")
        name = node.func.id
        names = [self._name(argument) for argument in node.args]
        if name == "g":
            if names != ["r.sub.id", "p.who"]:
                self._refuse(node, "may only be g(r.sub.id, p.who): rules are found by who")
            return Holds()
        if name in TREES:
            return self._tree(node, TREES[name], names)
        if name not in FUNCTIONS:
            self._refuse(node, f"is not a known function ({', '.join(sorted(FUNCTIONS))}, g, g2, g3)")
        return self._function(node, names)

    def _function(self, node: ast.Call, names: list[str]) -> Term:
        objects = {name.removeprefix("r.obj.") for name in names if name.startswith("r.obj.")}
        for argument, named in zip(node.args, names, strict=True):
            if not named.startswith("r.obj."):
                self._known(argument)
        if not objects:
            return Known(node)
        if len(objects) > 1 or not objects <= ENUMERATED.keys():
            self._refuse(node, f"may depend on one attribute with a closed list only ({', '.join(ENUMERATED)})")
        return Table(objects.pop(), node)

    def _tree(self, node: ast.Call, field: str, names: list[str]) -> Term:  # noqa: RET503 - _refuse never returns
        if len(names) != 2 or names[0] != "r.obj.node":  # noqa: PLR2004 - node and ancestor
            self._refuse(node, "may only ask where r.obj.node lies")
        if names[1] in ("p.where", "p.scope"):
            return Lies(field, names[1].removeprefix("p."))
        second = node.args[1]
        if isinstance(second, ast.Constant) and isinstance(second.value, str):
            return Lies(field, f"={self._literal(second)}")
        self._refuse(node, "may only name p.where, p.scope or a word")

    def _name(self, node: ast.expr) -> str:
        """The dotted name of a value, refused where it is no value that the model knows; empty for other nodes."""
        if not isinstance(node, ast.Attribute):
            if isinstance(node, ast.Name):
                self._refuse(node, "is not a value; write r.obj.org, p.who …")
            return ""
        name = ast.unparse(node)
        known = ("r.sub.id", "r.sub.orgs", *(f"r.obj.{each}" for each in ("node", *ENUMERATED, *OPEN)))
        if name not in (*known, *_KNOWN, "p.who", "p.where", "p.scope"):
            if name in ("r.sub", "r.obj"):
                self._refuse(node, "is a whole thing, not one of its attributes")
            self._refuse(
                node, f"is not known. Known are: {', '.join((*known, *_KNOWN, 'p.who', 'p.where', 'p.scope'))}"
            )
        return name

    def _known(self, node: ast.expr) -> None:
        if isinstance(node, ast.Constant):
            self._literal(node)
            return
        name = self._name(node)
        if name in _KNOWN:
            return
        reasons = {
            "p.who": "may only be compared with words, or be asked of g",
            "p.where": "may only be asked of g2 or g3",
            "p.scope": "may only be asked of g2 or g3",
        }
        if name.startswith("r.sub."):
            self._refuse(node, "may only be asked of g, or compared with r.obj.org or r.obj.owner")
        self._refuse(
            node, reasons.get(name, "is neither a value nor a word; no arithmetic, choice or method is compiled")
        )

    def _known_values(self, node: ast.expr, membership: bool) -> None:
        if membership:
            if not isinstance(node, (ast.Tuple, ast.List)):
                self._refuse(node, "is not a list of values in brackets")
            for element in node.elts:
                self._known(element)
            return
        self._known(node)

    def _words(self, node: ast.expr, membership: bool) -> list[str]:
        elements = node.elts if membership and isinstance(node, (ast.Tuple, ast.List)) else [node]
        for element in elements:
            if not isinstance(element, ast.Constant):
                self._refuse(node, "must be a word, or a list of words in brackets")
        return [self._literal(element) for element in elements if isinstance(element, ast.Constant)]

    def _literal(self, node: ast.Constant) -> str:
        if not isinstance(node.value, str):
            self._refuse(node, "is not a word in quotation marks")
        return node.value


def _python(matcher: str) -> tuple[str, list[int]]:
    """The matcher in Python's grammar by Casbin's own replacements, and for each character where it came from."""
    out: list[str] = []
    offsets: list[int] = []
    for found in re.finditer(r"&&|\|\||!=|!|.", matcher, re.DOTALL):
        put = {"&&": "and", "||": "or", "!": "not "}.get(found[0], found[0])
        out.append(put)
        offsets.extend([found.start()] * (len(put) - 1))
        offsets.append(found.end() - 1)  # so that a fragment that ends here ends where the sign does
    return "".join(out), [*offsets, len(matcher)]


def _positive(node: ast.Compare) -> ast.Compare:
    """The comparison without its negation, which the term around it carries."""
    op = node.ops[0]
    turned: ast.cmpop = ast.Eq() if isinstance(op, ast.NotEq) else ast.In() if isinstance(op, ast.NotIn) else op
    return ast.Compare(left=node.left, ops=[turned], comparators=node.comparators)


def _mentions(term: Term, kinds: tuple[type, ...]) -> bool:
    if isinstance(term, kinds):
        return True
    if isinstance(term, (Every, Some)):
        return any(_mentions(part, kinds) for part in term.parts)
    return isinstance(term, No) and _mentions(term.part, kinds)


def mentioned_words(term: Term) -> frozenset[str]:
    """Every word with which the matcher compares `p.who`."""
    if isinstance(term, WhoIs):
        return term.words
    if isinstance(term, (Every, Some)):
        return frozenset().union(*map(mentioned_words, term.parts))
    return mentioned_words(term.part) if isinstance(term, No) else frozenset()
