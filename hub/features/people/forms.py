"""What somebody sends to say who they are, and what somebody asks of the finder."""

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from hub.ground.dates import read_day
from hub.ground.errors import Invalid
from hub.ground.letters import one_line
from hub.nouns.people.models import Profile
from hub.nouns.people.profile_keeping import LONGEST, MOST_SERVICES, Said
from hub.web.pages import Choice, Problem
from search.request import Term
from search.words import InvalidQuery, parse_query


def show_choices(organisation: str) -> tuple[Choice, ...]:
    """To whom a group of a profile can be shown; of a guest, who has no colleagues here, without an organisation."""
    colleagues = (Choice("council", f"Colleagues at {organisation}"),) if organisation else ()
    page = "All councils: everybody who can see my page" if organisation else "Everybody who can see my page"
    return Choice("page", page), *colleagues, Choice("self", "Only me")


LONGEST_SKILLS: Final = 2_000
LONGEST_NAME: Final = 200
_ASKING: Final = """
    about anybody anyone everybody experience expert experts find help knows know knowledge looking need people person
    somebody someone works
"""
ASKING: Final = frozenset(_ASKING.split())
"""Words with which one asks for people, which say nothing of what they know."""


@dataclass(frozen=True)
class ProfileForm:
    """The fields as they came, and what is wrong with them."""

    called: str = ""
    job: str = ""
    team: str = ""
    service_1: str = ""
    service_2: str = ""
    service_3: str = ""
    place: str = ""
    work_for: str = "page"
    skills: str = ""
    skill: str = ""
    """One more, chosen from what is suggested."""
    languages: str = ""
    ask_about: str = ""
    learning: str = ""
    knows_for: str = "page"
    working_days: str = ""
    contact: str = ""
    reach_for: str = "page"
    away_from: str = ""
    away_until: str = ""
    stand_in: str = ""
    """The name of whom to ask meanwhile, as typed."""
    stand_in_is: str = ""
    """The id of which of those who are called so."""
    away_for: str = "page"
    problems: tuple[Problem, ...] = ()

    @property
    def services(self) -> tuple[str, ...]:
        """The words of the services that were chosen, each once."""
        return tuple(dict.fromkeys(filter(None, (self.service_1, self.service_2, self.service_3))))


def form_of(profile: Profile, skills: tuple[str, ...], services: list[str], stand_in: tuple[str, str]) -> ProfileForm:
    """A profile as its form has it; `stand_in` is an id and a name."""
    texts = {name: getattr(profile, name) for name in LONGEST}
    groups = {name: getattr(profile, name) for name in ("work_for", "knows_for", "reach_for", "away_for")}
    words = [*services, *[""] * MOST_SERVICES]
    return ProfileForm(
        **texts,
        **groups,
        skills=", ".join(skills),
        service_1=words[0],
        service_2=words[1],
        service_3=words[2],
        away_from=profile.away_from.isoformat() if profile.away_from else "",
        away_until=profile.away_until.isoformat() if profile.away_until else "",
        stand_in=stand_in[1],
        stand_in_is=stand_in[0],
    )


def read_profile(sent: MultiDict[str, str]) -> ProfileForm:
    """The form as it came; nothing of it is looked at yet."""
    names = [field.name for field in fields(ProfileForm) if field.name not in {"problems", "skills"}]
    texts: dict[str, Any] = {name: one_line(sent.get(name, "")) for name in names}
    return ProfileForm(skills=_lines(sent), **texts)


def said_in(form: ProfileForm, today: date, stand_in_id: str | None) -> tuple[Said, tuple[Problem, ...]]:
    """What a form says, and what of it cannot be so. An absence of which only the end is said begins today."""
    problems: list[Problem] = []
    last = _day(form, "away_until", problems)
    first = _day(form, "away_from", problems) or (today if last and not form.away_from else None)
    for name, longest in LONGEST.items():
        if len(getattr(form, name)) > longest:
            problems.append(Problem(name, f"This must be {longest} characters or fewer"))
    if len(form.skills) > LONGEST_SKILLS:
        problems.append(Problem("skills", f"The skills must be {LONGEST_SKILLS:,} characters or fewer"))
    if problems:
        return Said(), tuple(problems)
    groups = {name: getattr(form, name) for name in ("work_for", "knows_for", "reach_for", "away_for")}
    said = Said(
        **{name: getattr(form, name) for name in LONGEST},
        **groups,
        skills=tuple(re.split(r"[,;\n]", f"{form.skills},{form.skill}")),
        services=form.services,
        away_from=first,
        away_until=last,
        stand_in_id=stand_in_id,
    )
    return said, tuple(problems)


def _lines(sent: MultiDict[str, str]) -> str:
    """Skills, with a comma where somebody made a new line."""
    lines = map(one_line, sent.get("skills", "").splitlines())
    return ", ".join(filter(None, (line.rstrip(",; ") for line in lines)))


def _day(form: ProfileForm, name: str, problems: list[Problem]) -> date | None:
    text = getattr(form, name)
    try:
        return read_day(text, name) if text else None
    except Invalid as wrong:
        problems.append(Problem(name, str(wrong)))
        return None


@dataclass(frozen=True)
class FindForm:
    """What somebody asks the finder, as they typed it."""

    q: str = ""
    skill: str = ""
    service: str = ""
    organisation: str = ""
    place: str = ""
    terms: tuple[Term, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Each word that says something."""
        return tuple(term.text for term in self.terms)

    @property
    def asked(self) -> dict[str, str]:
        """What is asked, by the names that the address has."""
        every = {name: getattr(self, name) for name in ("q", "skill", "service", "organisation", "place")}
        return {name: text for name, text in every.items() if text}


def read_find(values: MultiDict[str, str]) -> FindForm:
    """Read an address. Words with which one asks for people are left out, where there are others."""
    named = ("skill", "service", "organisation", "place")
    texts: dict[str, Any] = {name: one_line(values.get(name, ""))[:LONGEST_NAME] for name in named}
    form = FindForm(q=one_line(values.get("q", "")), **texts)
    try:
        terms = parse_query(form.q)
    except InvalidQuery as wrong:
        return replace(form, q=form.q[:LONGEST_NAME], problems=(Problem("q", str(wrong)),))
    said = tuple(term for term in terms if term.phrase or term.text.lower() not in ASKING)
    return replace(form, terms=said or terms)
