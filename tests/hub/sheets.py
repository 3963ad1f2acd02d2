"""A form of a page as a browser holds it."""

from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse


class Sheet:
    """It can be filled, and sent from any browser, as often as one likes. `action` is how its address begins."""

    def __init__(self, answer: TestResponse, action: str = "") -> None:
        self.text = answer.text
        tree = html.fromstring(answer.text)
        forms = [form for form in tree.iter("form") if form.get("method") == "post"]
        form = next(f for f in forms if (f.get("action") or "").startswith(action) and "/sign-" not in f.get("action"))
        self.action = form.get("action") or ""
        self.fields: dict[str, object] = {}
        for field in form.iter("input", "textarea"):
            kind = field.get("type")
            if field.get("name") and kind != "file" and (kind != "radio" or field.get("checked") is not None):
                value = (field.text or "")[1:] if field.tag == "textarea" else field.get("value")
                self.fields[field.get("name")] = value.replace("\n", "\r\n") if field.tag == "textarea" else value

    def send(self, browser: FlaskClient, **fields: Any) -> TestResponse:
        """Send it with some fields filled."""
        return browser.post(self.action, data=self.fields | fields, content_type="multipart/form-data")
