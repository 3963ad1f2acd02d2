"""Conduct, put together."""

from hub.feature import Feature, Job
from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.privacy import views as privacy
from hub.features.conduct.reports import reporting, thing_views
from hub.features.conduct.reports import views as reports
from hub.features.conduct.reports.jobs import forget_round, watch_round
from hub.features.conduct.reports.notices import says, says_things, says_told, tells, told, waits
from hub.features.conduct.reports.queries import count_of
from hub.features.conduct.reports.things import count_of_things
from hub.features.conduct.terms import views as terms
from hub.features.conduct.terms.asking import meets

feature = Feature(
    name="conduct",
    blueprint=blueprint,
    jobs=(
        Job("reports that nobody else decides", watch_round, every=300.0),
        Job("old reports", forget_round, every=3600.0),
    ),
    waits=waits,
    says=((count_of, says), (count_of_things, says_things), (told, says_told)),
    tells=tells,
    meets=meets,
)

__all__ = [
    "feature",
    "privacy",
    "reporting",
    "reports",
    "terms",
    "thing_views",
]  # importing them puts their routes on the blueprint
