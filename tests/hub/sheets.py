"""A form of a page as a browser holds it."""

import io
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from hub.audience.sealing import NOT_SHOWN, SEEN


class Sheet:
    """It can be filled, and sent from any browser, as often as one likes. `action` is how its address begins."""

    def __init__(self, answer: TestResponse, action: str = "") -> None:
        self.text = answer.text
        tree = html.fromstring(answer.text)
        forms = [form for form in tree.iter("form") if form.get("method") == "post"]
        forms.sort(key=lambda form: form.get("action") != action)  # just this one before those below it
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


class Looking(FlaskClient):
    """The browser of somebody who has the page before them: a form that they send says what that page showed.

    Tests name what is typed; the seal of the page is fetched from where the hub leads whoever sends none. A question
    is not answered by this. With `looks` False it sends what it is told and no more.
    """

    looks = True

    def post(self, *args: Any, **more: Any) -> TestResponse:  # type: ignore[override]
        """Send a form."""
        data = more.get("data") or {}
        if isinstance(data, dict):
            data = {name: _again(value) for name, value in data.items()}
        answer = super().post(*args, **more | {"data": _sent(data)})
        if not self.looks or not isinstance(data, dict) or SEEN in data:
            return answer
        path = str(args[0]).partition("?")[0]
        with self.session_transaction() as cookie:
            said = str(cookie.get("_flashes")) if answer.status_code == 303 else answer.text
        if not any(words in said for words in ("Nothing was done yet.", NOT_SHOWN.rstrip("."))):
            return answer
        page = super().get(answer.location) if answer.status_code == 303 else answer
        try:
            sheet = Sheet(page, path)
        except StopIteration:
            return answer
        return super().post(*args, **more | {"data": _sent({**data, SEEN: sheet.fields.get(SEEN, "")})})


def _again(value: Any) -> Any:
    """A file as its bytes, which can be sent twice."""
    if isinstance(value, tuple) and hasattr(value[0], "read"):
        return (value[0].read(), *value[1:])
    return value


def _sent(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    files = {name: (io.BytesIO(value[0]), *value[1:]) for name, value in data.items() if _is_file(value)}
    return data | files


def _is_file(value: Any) -> bool:
    return isinstance(value, tuple) and isinstance(value[0], bytes)
