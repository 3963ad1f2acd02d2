"""Every feature of the hub, in the order in which its pages and commands are put together."""

from hub.demo.wiring import feature as demo
from hub.feature import Feature
from hub.features.administration.wiring import feature as admin
from hub.features.asking.wiring import feature as asking
from hub.features.browse.wiring import feature as browse
from hub.features.conduct.wiring import feature as conduct
from hub.features.desk.wiring import feature as desk
from hub.features.documents.wiring import feature as documents
from hub.features.drafting.wiring import feature as drafting
from hub.features.feeds.wiring import feature as feeds
from hub.features.find.wiring import feature as find
from hub.features.hearing.wiring import feature as hearing
from hub.features.imports.wiring import feature as imports
from hub.features.people.wiring import feature as people
from hub.features.policies.wiring import feature as policies
from hub.features.sharing.wiring import feature as sharing
from hub.features.signin.wiring import feature as signin
from hub.features.sponsoring.wiring import feature as sponsoring
from hub.features.talk.wiring import feature as talk
from hub.features.writing.wiring import feature as writing
from hub.keeping.wiring import feature as keeping
from hub.mail.wiring import feature as mail
from hub.upkeep.wiring import feature as upkeep

FEATURES: tuple[Feature, ...] = (
    documents,
    writing,
    drafting,
    talk,
    hearing,
    sharing,
    asking,
    conduct,
    browse,
    desk,
    find,
    feeds,
    people,
    imports,
    signin,
    sponsoring,
    policies,
    upkeep,
    mail,
    keeping,
    demo,
    admin,
)
