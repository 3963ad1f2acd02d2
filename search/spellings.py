"""Other ways of writing a word: “wellbeing” for “well-being”, “organization” for “organisation”, “mice” for “mouse”.

A query asks for them beside the word that was typed, so the index holds each text as it was written, and no other
document has a say in what a word finds. Nothing here is looked up in the index: its vocabulary tells of documents that
the person may not see.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final

LONGEST: Final = 24
"""Letters of a word that is written in one or in two; longer ones have no other spelling."""
OF_WORDS: Final = 8
"""A query of more words is a question, and finds what has most of them: their spellings are not asked for."""

_WORD = re.compile(r"[^\W_]+")
_LITTLE_WORDS = """
    a an and are as at be but can do does for from had has have he her his i if is it its ll my no not of or our she so
    than that the their them then there they this to ve was we were what when who will with you your
"""
_LITTLE: Final = frozenset(_LITTLE_WORDS.split())
"""Half of no compound: “therapist” is not “the rapist”, “island” not “is land”. “Online” is “on-line”, though."""
_BEFORE: Final = frozenset("deoux")
"""Letters that stand alone before an apostrophe or a hyphen: D’Arcy, O’Connor, e-mail, u-turn, x-ray. Not the s of “the
council’s park”, which is no “spark”."""
_GROUPS: Final[Mapping[int, tuple[tuple[int, ...], ...]]] = MappingProxyType(
    {10: ((3, 3, 4), (4, 6), (4, 3, 3), (5, 5)), 11: ((3, 4, 4), (4, 3, 4), (5, 6), (5, 3, 3), (3, 8), (4, 7))}
)
"""How the digits of British telephone numbers are set apart (Ofcom, National Telephone Numbering Plan)."""

_BRITISH = """
    aeroplane:airplane aesthetic:esthetic ageing:aging aluminium:aluminum anaemi:anemi anaesthe:anesthe analogue:analog
    arbour:arbor ardour:ardor armour:armor artefact:artifact behaviour:behavior cancell:cancel candour:candor
    catalogue:catalog centre:center cheque:check clamour:clamor colour:color cosy:cozy counsell:counsel defence:defense
    demeanour:demeanor diarrhoea:diarrhea dialogue:dialog disc:disk draught:draft encyclopaedi:encyclopedi
    endeavour:endeavor enquir:inquir enrol:enroll equall:equal favour:favor fervour:fervor fibre:fiber flavour:flavor
    foetal:fetal foetus:fetus fuell:fuel fulfil:fulfill glamour:glamor grey:gray gynaecolog:gynecolog haemo:hemo
    harbour:harbor honour:honor humour:humor instal:install jeweller:jeweler judgement:judgment kerb:curb
    kilometre:kilometer labell:label labour:labor learnt:learned leukaemia:leukemia levell:level licence:license
    litre:liter manoeuvr:maneuver meagre:meager metre:meter millimetre:millimeter modell:model monologue:monolog
    mould:mold moult:molt neighbour:neighbor odour:odor oesophag:esophag oestrogen:estrogen offence:offense
    orthopaedic:orthopedic paediatric:pediatric parlour:parlor plough:plow practis:practic pretence:pretense
    programme:program rancour:rancor rigour:rigor rumour:rumor saviour:savior savour:savor sceptic:skeptic
    signall:signal skilful:skillful smoulder:smolder sombre:somber speciality:specialty spectre:specter
    splendour:splendor succour:succor sulphur:sulfur theatre:theater totall:total travell:travel tumour:tumor tyre:tire
    valour:valor vapour:vapor vigour:vigor wilful:willful woollen:woolen yoghurt:yogurt acknowledgement:acknowledgment
"""
_BOTH: Final = tuple(
    (one, other)
    for pair in _BRITISH.split()
    for british, american in [pair.split(":")]
    for one, other in ((british, american), (american, british))
)
_ISE = re.compile(r"(?<=[a-z]{3})(i|y)([sz])(e[drs]?|ing|ations?|ational|able|ers?)$")

_PLURALS = """
    addendum:addenda alga:algae alumnus:alumni analysis:analyses antenna:antennae appendix:appendices axis:axes
    bacterium:bacteria basis:bases bureau:bureaux cactus:cacti calf:calves child:children crisis:crises
    criterion:criteria curriculum:curricula datum:data diagnosis:diagnoses die:dice elf:elves ellipsis:ellipses
    emphasis:emphases erratum:errata focus:foci foot:feet formula:formulae forum:fora fungus:fungi goose:geese
    half:halves hoof:hooves hypothesis:hypotheses index:indices knife:knives larva:larvae leaf:leaves life:lives
    loaf:loaves louse:lice man:men matrix:matrices medium:media memorandum:memoranda millennium:millennia
    minimum:minima maximum:maxima mouse:mice nucleus:nuclei oasis:oases ox:oxen paralysis:paralyses
    parenthesis:parentheses person:people phenomenon:phenomena plateau:plateaux prognosis:prognoses quantum:quanta
    radius:radii referendum:referenda scarf:scarves self:selves shelf:shelves spectrum:spectra stimulus:stimuli
    stratum:strata syllabus:syllabi synthesis:syntheses thesis:theses thief:thieves tooth:teeth vertex:vertices
    wharf:wharves wife:wives wolf:wolves woman:women
"""
_IRREGULAR: Final[Mapping[str, str]] = MappingProxyType(
    {a: b for pair in _PLURALS.split() for one, many in [pair.split(":")] for a, b in ((one, many), (many, one))}
)
_ENDINGS: Final = (("woman", "women"), ("women", "woman"), ("man", "men"), ("men", "man"), ("child", "children"),
                   ("children", "child"))  # fmt: skip
"""Of compounds: chairman, grandchildren. Of “human” or “specimen” it makes words that nobody writes."""


def spellings(typed: Sequence[str], place: int) -> tuple[str, ...]:
    """Other ways of writing the word at `place` of what was typed, each a word or words in a row; none of a long text.

    Its neighbours count: “share point” is asked for as “sharepoint” too, and what has that has both words.
    """
    if len(typed) > OF_WORDS:
        return ()
    parts = _WORD.findall(typed[place].lower())
    found = [*_joined(parts), *_with_neighbours(typed, place)]
    if len(parts) == 1:
        found += [*_apart(parts[0]), *_other_forms(parts[0])]
    return tuple(dict.fromkeys(text for text in found if text != typed[place].lower()))


def _joined(parts: Sequence[str]) -> Iterator[str]:
    whole = "".join(parts)
    if len(parts) > 1 and len(whole) <= LONGEST:
        yield whole
        yield from _other_forms(whole)


def _with_neighbours(typed: Sequence[str], place: int) -> Iterator[str]:
    """Written in one with the word before, with the word after; of digits, with all that follow one another."""
    words = [word.lower() if _WORD.fullmatch(word) and word.lower() not in _LITTLE else "" for word in typed]
    if not words[place]:
        return
    for first, last in ((place - 1, place), (place, place + 1)):
        if first >= 0 and last < len(words) and words[first] and words[last]:
            yield from (one for one in [words[first] + words[last]] if len(one) <= LONGEST)
    first = last = place
    while first > 0 and words[first - 1].isdigit() and words[first].isdigit():
        first -= 1
    while last + 1 < len(words) and words[last + 1].isdigit() and words[last].isdigit():
        last += 1
    if last > first:
        number = "".join(words[first : last + 1])[:LONGEST]
        yield number
        yield from _grouped(number)


def _apart(word: str) -> Iterator[str]:
    """A word as two: at any letter, as nobody but the index knows which halves are words. Numbers by their groups."""
    if word.isdigit():
        yield from _grouped(word)
        return
    if not word.isascii() or len(word) > LONGEST:
        return
    for at in range(1, len(word)):
        one, other = word[:at], word[at:]
        alone = len(one) == 1 and one not in _BEFORE and not one.isdigit()
        if not alone and not (len(other) == 1 and not other.isdigit()) and not {one, other} & _LITTLE:
            yield f"{one} {other}"


def _grouped(digits: str) -> Iterator[str]:
    if 4 <= len(digits) <= 12:  # noqa: PLR2004  # thousands to hundreds of thousands of millions
        head = len(digits) % 3
        yield " ".join(filter(None, (digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3)))))
    for groups in _GROUPS.get(len(digits), ()) if digits.startswith("0") else ():
        starts = [sum(groups[:n]) for n in range(len(groups) + 1)]
        yield " ".join(digits[a:b] for a, b in pairwise(starts))


def _other_forms(word: str) -> Iterator[str]:
    """British for American and the other way round; the plural or the singular where no rule of endings makes it."""
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    else:
        yield from (word.removesuffix(one) + many for one, many in _ENDINGS if word.endswith(one))
    other = _ISE.sub(lambda m: f"{m[1]}{'z' if m[2] == 's' else 's'}{m[3]}", word)
    if other != word:
        yield other
    yield from (other + word.removeprefix(one) for one, other in _BOTH if word.startswith(one))
