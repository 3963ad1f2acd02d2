"""Spaces and folders of the demo, and who was let into them by grant rather than by a line of policy."""

from datetime import date

from hub.demo.world import DemoGrant, DemoPlace

OPEN, RESTRICTED, PRIVATE, CONFIDENTIAL = "open", "restricted", "private", "confidential"

SERVICES = {
    "leeds/housing": ("housing",),
    "leeds/flood": ("flood-risk",),
    "leeds/joint-flood-plan": ("flood-risk", "emergency-planning"),
    "leeds/retrofit-tender": ("housing", "procurement"),
    "leeds/legal": ("legal",),
    "leeds/reorganisation": ("people",),
    "leeds/digital": ("digital",),
    "leeds/handbook": ("people",),
    "leeds/highways": ("highways",),
    "leeds/elections": ("democracy",),
    "leeds/adult-care": ("adult-social-care",),
    "york/flood": ("flood-risk",),
    "york/housing": ("housing",),
    "york/planning": ("planning",),
    "york/libraries": ("libraries",),
    "york/democracy": ("democracy",),
    "york/legal": ("legal",),
    "york/finance": ("finance",),
    "bradford/housing": ("housing",),
    "bradford/waste": ("waste",),
    "bradford/people": ("people",),
    "bradford/planning": ("planning",),
    "bradford/cyber": ("digital", "emergency-planning"),
    "wakefield/highways": ("highways",),
    "wakefield/waste-partnership": ("waste",),
    "wakefield/adult-care": ("adult-social-care",),
    "wakefield/libraries": ("libraries",),
    "wakefield/finance": ("finance",),
    "kirklees/housing": ("housing",),
    "kirklees/housing/tenancy-fraud": ("housing",),
    "kirklees/retrofit-framework": ("housing", "climate", "procurement"),
    "kirklees/flood": ("flood-risk",),
    "kirklees/elections": ("democracy",),
    "kirklees/legal": ("legal",),
    "kirklees/digital": ("digital",),
}
"""What each space is about, by the words of services."""


def _space(path: str, audience: str, name: str, about: str, *managers: str, voices: str = "") -> DemoPlace:
    return DemoPlace(path, name, about, audience, managers, services=SERVICES[path], voices=voices)


def _folder(path: str, name: str, about: str = "") -> DemoPlace:
    return DemoPlace(path, name, about)


PLACES: tuple[DemoPlace, ...] = (
    _space(
        "leeds/housing",
        RESTRICTED,
        "Housing",
        "Lettings, repairs and warm homes: how Leeds runs 54,000 council homes.",
        "person:leeds/sam-okafor",
    ),
    _folder("leeds/housing/damp-and-mould", "Damp and mould"),
    _folder("leeds/housing/retrofit", "Retrofit"),
    _folder("leeds/housing/repairs", "Repairs"),
    _space(
        "leeds/flood",
        RESTRICTED,
        "Flood risk",
        "Leeds' own work as lead local flood authority.",
        "person:leeds/tomasz-nowak",
    ),
    _space(
        "leeds/joint-flood-plan",
        RESTRICTED,
        "Joint flood plan",
        "One plan for the Aire, Wharfe and Ouse, shared by Leeds, York and Bradford.",
        "person:leeds/tomasz-nowak",
    ),
    _space(
        "leeds/retrofit-tender",
        PRIVATE,
        "Retrofit tender HO-117",
        "The tender for 600 homes: pack, two bids, evaluation.",
        "person:leeds/imran-patel",
    ),
    _folder("leeds/retrofit-tender/pack", "Tender pack", "What every bidder may read."),
    _folder("leeds/retrofit-tender/acme", "Acme's bid", "Only Acme and procurement."),
    _folder("leeds/retrofit-tender/beckwater", "Beckwater's bid", "Only Beckwater and procurement."),
    _folder("leeds/retrofit-tender/evaluation", "Evaluation", "Only procurement."),
    _space(
        "leeds/legal",
        PRIVATE,
        "Legal services",
        "Advice and cases. Privileged: only legal services may read it.",
        "person:leeds/helen-braithwaite",
    ),
    _folder("leeds/legal/cases", "Cases"),
    _folder("leeds/legal/advice", "Advice notes"),
    _space(
        "leeds/reorganisation",
        CONFIDENTIAL,
        "Project Lantern",
        "A new shape for the council's directorates, before anyone has been told.",
        "person:leeds/grace-lindley",
    ),
    _space(
        "leeds/digital",
        OPEN,
        "Digital and data",
        "Guidance that any council may take and improve.",
        "person:leeds/fatima-bello",
    ),
    _space(
        "leeds/handbook",
        OPEN,
        "Staff handbook",
        "How it is to work for Leeds.",
        "person:leeds/owen-hughes",
        voices="organisation",
    ),
    _space(
        "leeds/highways",
        RESTRICTED,
        "Highways",
        "Inspections, winter service and works on the road.",
        "person:leeds/peter-dyson",
    ),
    _space(
        "leeds/elections",
        RESTRICTED,
        "Elections",
        "Polling day and everything before it.",
        "person:leeds/joan-kershaw",
    ),
    _space(
        "leeds/adult-care",
        PRIVATE,
        "Adult social care",
        "Practice notes and thresholds for social workers.",
        "person:leeds/chloe-marsden",
    ),
    _space(
        "york/flood",
        RESTRICTED,
        "Flood resilience",
        "The Ouse, the Foss and the homes beside them.",
        "person:york/alice-moor",
    ),
    _space(
        "york/housing",
        OPEN,
        "Housing in York",
        "Guidance that York publishes to the sector.",
        "person:york/george-tindall",
    ),
    _space("york/planning", OPEN, "Planning", "How York decides what is built.", "person:york/ben-atkinson"),
    _space("york/libraries", OPEN, "Explore libraries", "Reading rooms, archives and hubs.", "person:york/mei-chen"),
    _space(
        "york/democracy",
        RESTRICTED,
        "Democratic services",
        "Meetings, members and scrutiny.",
        "person:york/david-skelton",
    ),
    _space("york/legal", PRIVATE, "Legal services", "Advice to York's departments.", "person:york/nadia-rahman"),
    _space(
        "york/finance",
        PRIVATE,
        "Finance",
        "Budget options before members have seen them.",
        "person:york/isobel-grant",
    ),
    _space(
        "bradford/housing",
        RESTRICTED,
        "Housing standards",
        "Private renting, empty homes and warm homes.",
        "person:bradford/yasmin-akhtar",
    ),
    _space(
        "bradford/waste",
        OPEN,
        "Waste and street scene",
        "Collections, recycling and clean streets.",
        "person:bradford/liam-firth",
    ),
    _space(
        "bradford/people",
        PRIVATE,
        "People and HR",
        "Casework and organisational health.",
        "person:bradford/kamran-hussain",
    ),
    _space(
        "bradford/planning", OPEN, "Planning", "Development management in Bradford.", "person:bradford/martin-ogden"
    ),
    _space(
        "bradford/cyber",
        CONFIDENTIAL,
        "Incident room",
        "What happened in April, who knows, and what comes next.",
        "person:bradford/ellie-sugden",
    ),
    _space(
        "wakefield/highways",
        OPEN,
        "Highways",
        "Standards and notices for anyone who digs.",
        "person:wakefield/rachel-copley",
    ),
    _space(
        "wakefield/waste-partnership",
        RESTRICTED,
        "Waste partnership",
        "Four councils, two plants and one set of gate fees.",
        "person:wakefield/amina-yusuf",
    ),
    _folder("wakefield/waste-partnership/board", "Partnership board"),
    _space(
        "wakefield/adult-care",
        PRIVATE,
        "Adult care",
        "Practice and safeguarding.",
        "person:wakefield/stephen-brook",
    ),
    _space("wakefield/libraries", OPEN, "Libraries", "Branches, stock and reading.", "person:wakefield/lucy-horner"),
    _space(
        "wakefield/finance",
        RESTRICTED,
        "Finance",
        "Budgets, closing and controls.",
        "person:wakefield/neil-barraclough",
    ),
    _space(
        "kirklees/housing",
        OPEN,
        "Homes and neighbourhoods",
        "Guidance on council homes in Kirklees.",
        "person:kirklees/jack-beaumont",
    ),
    _space(
        "kirklees/housing/tenancy-fraud",
        PRIVATE,
        "Tenancy fraud",
        "A private space inside an open one: live investigations.",
        "person:kirklees/beth-armitage",
    ),
    _space(
        "kirklees/retrofit-framework",
        RESTRICTED,
        "Retrofit framework",
        "One framework and one set of lessons for five councils.",
        "person:kirklees/jack-beaumont",
    ),
    _space(
        "kirklees/flood",
        RESTRICTED,
        "Drainage and flood",
        "The Colne, the Calder and too many culverts.",
        "person:kirklees/tom-quarmby",
    ),
    _space(
        "kirklees/elections",
        OPEN,
        "Elections",
        "What we learnt at the polls.",
        "person:kirklees/hannah-sykes",
    ),
    _space("kirklees/legal", PRIVATE, "Legal services", "Advice notes.", "person:kirklees/beth-armitage"),
    _space("kirklees/digital", OPEN, "Digital services", "Services that work first time.", "person:kirklees/nina-kaur"),
)

_FLOOD_END = date(2029, 3, 31)
_TENDER_END = date(2028, 12, 31)

GRANTS: tuple[DemoGrant, ...] = (
    DemoGrant(
        "person:york/alice-moor", "editor", "leeds/joint-flood-plan", "Writes York's half of the plan", _FLOOD_END
    ),
    DemoGrant(
        "guest:acme/maria-lopez",
        "reader",
        "leeds/joint-flood-plan",
        "Contract FR-204: joint river model",
        _FLOOD_END,
        "leeds/tomasz-nowak",
    ),
    DemoGrant(
        "guest:acme/victor-lane",
        "reader",
        "leeds/joint-flood-plan",
        "Contract FR-188: culvert survey",
        date(2026, 3, 31),
        "leeds/tomasz-nowak",
    ),
    DemoGrant(
        "guest:acme/tom-hargreaves",
        "reader",
        "leeds/retrofit-tender/pack",
        "Tender HO-117",
        _TENDER_END,
        "leeds/imran-patel",
    ),
    DemoGrant(
        "guest:acme/tom-hargreaves",
        "editor",
        "leeds/retrofit-tender/acme",
        "Tender HO-117: own bid",
        _TENDER_END,
        "leeds/imran-patel",
    ),
    DemoGrant(
        "guest:beckwater/ana-costa",
        "reader",
        "leeds/retrofit-tender/pack",
        "Tender HO-117",
        _TENDER_END,
        "leeds/imran-patel",
    ),
    DemoGrant(
        "guest:beckwater/ana-costa",
        "editor",
        "leeds/retrofit-tender/beckwater",
        "Tender HO-117: own bid",
        _TENDER_END,
        "leeds/imran-patel",
    ),
    DemoGrant("person:leeds/owen-hughes", "editor", "leeds/reorganisation", "Writes the staffing chapter"),
    DemoGrant("person:leeds/helen-braithwaite", "reader", "leeds/reorganisation", "Advises on consultation"),
    DemoGrant(
        "person:bradford/liam-firth", "editor", "wakefield/waste-partnership", "Writes Bradford's half of the papers"
    ),
    DemoGrant("person:bradford/yasmin-akhtar", "editor", "kirklees/retrofit-framework", "Leads lot 2 for Bradford"),
    DemoGrant(
        "person:bradford/yasmin-akhtar",
        "commenter",
        "leeds/joint-flood-plan",
        "Speaks for Bradford's homes by the Aire",
    ),
    DemoGrant("person:leeds/sam-okafor", "commenter", "kirklees/retrofit-framework", "Speaks for Leeds' tenants"),
    DemoGrant("person:bradford/kamran-hussain", "reader", "bradford/cyber", "Advises on the people affected"),
)
