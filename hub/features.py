"""Every feature of the hub, in the order in which its pages and commands are put together."""

from hub.admin.wiring import feature as admin
from hub.asking.wiring import feature as asking
from hub.browse.wiring import feature as browse
from hub.demo.wiring import feature as demo
from hub.documents.wiring import feature as documents
from hub.drafting.wiring import feature as drafting
from hub.feature import Feature
from hub.find.wiring import feature as find
from hub.keeping.wiring import feature as keeping
from hub.mail.wiring import feature as mail
from hub.policies.wiring import feature as policies
from hub.sharing.wiring import feature as sharing
from hub.signin.wiring import feature as signin
from hub.upkeep.wiring import feature as upkeep
from hub.writing.wiring import feature as writing

FEATURES: tuple[Feature, ...] = (
    documents,
    writing,
    drafting,
    sharing,
    asking,
    browse,
    find,
    signin,
    policies,
    upkeep,
    mail,
    keeping,
    demo,
    admin,
)
