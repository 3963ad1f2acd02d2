"""What some people of the demo say of themselves: all invented. Absences are told in days from the day of the seed."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProfile:
    """A profile by its person's handle. `away` is a first and a last day; `stand_in` a handle."""

    handle: str
    team: str = ""
    place: str = ""
    services: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    ask_about: str = ""
    learning: str = ""
    languages: str = ""
    working_days: str = ""
    contact: str = ""
    reach_for: str = "page"
    away: tuple[int, int] | None = None
    stand_in: str = ""
    called: str = ""


PROFILES: Final = (
    DemoProfile(
        handle="leeds/sam-okafor",
        team="Tenancy support",
        place="Merrion House",
        services=("housing",),
        skills=("Damp and mould", "Homelessness prevention", "Temporary accommodation"),
        ask_about="How we triage reports of damp in a week",
        working_days="Monday to Friday",
        contact="Chat, mornings are best",
    ),
    DemoProfile(
        handle="leeds/tomasz-nowak",
        called="TOM-ash",
        team="Flood risk",
        place="Leeds, riverside depot",
        services=("flood-risk",),
        skills=("Flood modelling", "Flood risk management", "Sustainable drainage"),
        ask_about="River levels, trash screens and what the joint plan agreed",
        languages="Polish",
        away=(3, 9),
        stand_in="york/alice-moor",
    ),
    DemoProfile(
        handle="leeds/imran-patel",
        team="Procurement",
        services=("procurement",),
        skills=("Framework agreements", "Procurement rules", "Social value"),
        ask_about="Running a tender with several bidders",
        working_days="Monday to Thursday",
        contact="Telephone, extension 4410",
        reach_for="council",
    ),
    DemoProfile(
        handle="leeds/fatima-bello",
        team="Digital and data",
        services=("digital",),
        skills=("Accessibility testing", "Service design", "User research"),
        ask_about="Getting a service through an accessibility audit",
        learning="Robotic process automation",
    ),
    DemoProfile(
        handle="leeds/peter-dyson",
        team="Highways inspection",
        services=("highways",),
        skills=("Highway inspections", "Winter maintenance"),
        working_days="Tuesday to Friday",
        away=(-4, 2),
        stand_in="wakefield/rachel-copley",
    ),
    DemoProfile(
        handle="york/alice-moor",
        team="Flood resilience",
        place="West Offices",
        services=("flood-risk", "emergency-planning"),
        skills=("Community engagement", "Emergency planning", "Flood risk management"),
        ask_about="Flood wardens and door-to-door warnings",
        contact="Through the hub, or the duty telephone in a flood",
    ),
    DemoProfile(
        handle="york/ben-atkinson",
        team="Development management",
        place="West Offices",
        services=("planning",),
        skills=("Conservation areas", "Planning appeals", "Planning enforcement"),
        learning="GIS and mapping",
    ),
    DemoProfile(
        handle="york/mei-chen",
        called="may",
        team="Explore libraries",
        services=("libraries",),
        skills=("Consultation design", "Facilitation"),
        languages="Mandarin, British Sign Language",
        ask_about="Libraries as places for other services",
        away=(8, 12),
    ),
    DemoProfile(
        handle="bradford/yasmin-akhtar",
        team="Housing standards",
        services=("housing", "environmental-health"),
        skills=("Houses in multiple occupation", "Private renting enforcement"),
        languages="Urdu, Punjabi",
        ask_about="Civil penalties for landlords",
    ),
    DemoProfile(
        handle="bradford/ellie-sugden",
        team="Information security",
        services=("digital",),
        skills=("Cyber security", "Data sharing agreements"),
        working_days="Monday, Wednesday and Friday",
    ),
    DemoProfile(
        handle="wakefield/amina-yusuf",
        team="Waste partnership",
        services=("waste",),
        skills=("Contract management", "Waste collection rounds", "Waste contracts"),
        ask_about="Four councils under one waste contract",
    ),
    DemoProfile(
        handle="wakefield/rachel-copley",
        team="Highways design",
        services=("highways",),
        skills=("Cycling and walking schemes", "Traffic modelling"),
        ask_about="School streets",
    ),
    DemoProfile(
        handle="kirklees/jack-beaumont",
        team="Retrofit programme",
        services=("housing", "climate"),
        skills=("External funding bids", "Project management", "Retrofit and warm homes"),
        ask_about="What the retrofit framework costs a small council",
    ),
)
