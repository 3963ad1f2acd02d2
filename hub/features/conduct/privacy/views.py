"""The privacy notice, open to everybody: it shows nothing that policy speaks of."""

from flask import Response

from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.privacy.pages import PrivacyPage
from hub.features.conduct.privacy.records import RECORDS
from hub.web.render import render


@blueprint.get("/privacy")
def privacy() -> Response:
    """What is kept about people, why, who sees it, and how long."""
    return render(PrivacyPage(records=RECORDS))
