"""The services with which every hub begins: groups of the functions of English local authorities, in plain words.

After the function list and the service list of the Local Government Association's standards (standards.esd.org.uk).
Part of migration 0013: a hub's administrators change the list from there.
"""

import sqlalchemy as sa
from alembic import op

FIRST_SERVICES = (
    ("adult-social-care", "Adult social care"),
    ("benefits", "Benefits and money advice"),
    ("births-and-deaths", "Births, deaths and ceremonies"),
    ("building-control", "Building control"),
    ("business-support", "Business support and skills"),
    ("children", "Children’s social care"),
    ("climate", "Climate and energy"),
    ("communications", "Communications and engagement"),
    ("community-safety", "Community safety"),
    ("council-tax", "Council tax and business rates"),
    ("customer-services", "Customer services"),
    ("democracy", "Democracy and elections"),
    ("digital", "Digital and data"),
    ("emergency-planning", "Emergency planning"),
    ("environmental-health", "Environmental health"),
    ("finance", "Finance"),
    ("flood-risk", "Flood risk and drainage"),
    ("highways", "Highways and transport"),
    ("housing", "Housing"),
    ("legal", "Legal services"),
    ("leisure", "Leisure, culture and museums"),
    ("libraries", "Libraries and archives"),
    ("licensing", "Licensing and trading standards"),
    ("parks", "Parks and open spaces"),
    ("people", "People and human resources"),
    ("planning", "Planning"),
    ("procurement", "Procurement and contracts"),
    ("property", "Property and assets"),
    ("public-health", "Public health"),
    ("schools", "Schools and education"),
    ("waste", "Waste and recycling"),
)
"""The word in addresses, and the name."""


def insert_first_services() -> None:
    """Insert the services; raises where the table is not there."""
    services = sa.table("services", sa.column("id", sa.String()), sa.column("name", sa.String()))
    op.bulk_insert(services, [{"id": word, "name": name} for word, name in FIRST_SERVICES])
