"""Administration, put together."""

from hub.feature import Feature, Job
from hub.features.administration import views
from hub.features.administration.arrivals import views as arrivals
from hub.features.administration.arrivals.views import came, says_came
from hub.features.administration.blueprint import blueprint
from hub.features.administration.commands import admin
from hub.features.administration.groups import views as groups
from hub.features.administration.guests import admitting
from hub.features.administration.guests import evidence_views as guest_evidence
from hub.features.administration.guests import link_views as guest_links
from hub.features.administration.guests import views as guests
from hub.features.administration.issuers import health
from hub.features.administration.issuers import views as issuers
from hub.features.administration.issuers.expiring import expiring_round
from hub.features.administration.letters import views as letters
from hub.features.administration.letters.commands import mail
from hub.features.administration.notices import rights_that_wait, what_to_set_up
from hub.features.administration.organisations import proving_views as proving
from hub.features.administration.organisations.commands import organisation
from hub.features.administration.people import import_views as tables
from hub.features.administration.people import views as people
from hub.features.administration.people.commands import person
from hub.features.administration.platform import administrator_views as administrators
from hub.features.administration.platform import organisation_views as organisations
from hub.features.administration.platform import views as platform
from hub.features.administration.platform import waiting_views as waiting
from hub.features.administration.policy import version_views as versions
from hub.features.administration.policy import views as policy
from hub.features.administration.policy import wish_views as wishes
from hub.features.administration.records import erase_views as erasing
from hub.features.administration.records import hold_views as holding
from hub.features.administration.records import retention_views as retention
from hub.features.administration.records import views as records
from hub.features.administration.records.due import conversations_due
from hub.features.administration.records.jobs import retention_round
from hub.features.administration.seconding import views as seconding
from hub.features.administration.seconding.service import tell_round
from hub.features.administration.services import joining
from hub.features.administration.services import views as services
from hub.features.administration.sessions import views as sessions
from hub.features.administration.terms import views as terms
from hub.keeping.models import Proposal

ROUTES = (
    views,
    people,
    tables,
    groups,
    guests,
    admitting,
    guest_links,
    guest_evidence,
    issuers,
    health,
    arrivals,
    proving,
    policy,
    versions,
    wishes,
    platform,
    organisations,
    administrators,
    waiting,
    services,
    joining,
    sessions,
    seconding,
    terms,
    letters,
    records,
    retention,
    erasing,
    holding,
)
"""Importing them puts their routes on the blueprint."""

feature = Feature(
    name="administration",
    blueprint=blueprint,
    commands=(admin, mail, organisation, person),
    jobs=(
        Job("how long talk is kept", retention_round, every=3600.0),
        Job("client secrets that end soon", expiring_round, every=3600.0),
        Job("what waits for a second person", tell_round, looks_for=(Proposal,)),
    ),
    notices=(what_to_set_up, rights_that_wait, conversations_due),
    says=((came, says_came),),
)
