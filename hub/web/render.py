"""From a page's values to a response."""

from flask import Response, current_app

from hub.web.environment import KEY
from hub.web.pages import Page

UNPROCESSABLE = 422


def render(page: Page, status: int = 200) -> Response:
    """The HTML response of a page. A page with `problems` is a refused form: 422, unless another status is given."""
    viewer = current_app.extensions[KEY]()
    offer = current_app.extensions.get("hub.web.drafts") if page.keeps_drafts else None
    draft = offer(page) if offer else None
    html = current_app.jinja_env.get_template(page.template).render(page=page, viewer=viewer, draft=draft)
    tell = current_app.extensions.get("hub.web.inside")
    html = tell(html) if tell else html
    if page.problems and status == 200:  # noqa: PLR2004
        status = UNPROCESSABLE
    return Response(html, status=status, content_type="text/html; charset=utf-8")
