"""A person with a browser without script: follows redirects, fills in forms, keeps cookies."""

from collections.abc import Callable
from urllib.parse import urljoin

import requests
from lxml import html


class Person:
    """One person in one browser. ``login`` is what they type where a user name is asked for."""

    def __init__(self, login: str) -> None:
        self.login = login
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.visited: list[str] = []

    def go(self, url: str, until: str) -> str:
        """Follow an address through redirects and forms up to the first one that begins with ``until``; return that.

        That last address is not fetched: it is for the test to take to the hub.
        """
        request: Callable[[], requests.Response] = lambda: self._get(url)  # noqa: E731
        for _ in range(20):
            if url.startswith(until):
                return url
            self.visited.append(url)
            for cookie in self.browser.cookies:
                cookie.secure = False  # browsers take loopback for safe, and send there what is marked Secure
            answer = request()
            if answer.is_redirect:
                url = urljoin(answer.url, answer.headers["Location"])
                request = lambda: self._get(url)  # noqa: B023, E731
                continue
            assert answer.ok, f"{url} answered {answer.status_code}: {answer.text[:500]}"
            url, request = self._fill_in(answer)
        raise AssertionError(f"never came to {until}; saw {self.visited}")

    def _get(self, url: str) -> requests.Response:
        return self.browser.get(url, allow_redirects=False, timeout=10)

    def _fill_in(self, answer: requests.Response) -> tuple[str, Callable[[], requests.Response]]:
        """Fill in the first form of a page as a person would, and return where it goes and how to send it."""
        forms = html.fromstring(answer.text).forms
        assert forms, f"a page without a form at {answer.url}: {answer.text[:500]}"
        form = forms[0]
        fields = dict(form.form_values())
        for name in form.fields:
            if name in {"login", "username"}:
                fields[name] = self.login
            elif name == "password":
                fields[name] = "any password"
        # The first button with a name is the one that says yes ("Yes, sign me out").
        for button in form.xpath(".//button[@name] | //button[@name and @form]")[:1]:
            fields[button.get("name")] = button.get("value", "")
        target = urljoin(answer.url, form.action or answer.url)
        send = self.browser.get if form.method == "GET" else self.browser.post
        key = "params" if form.method == "GET" else "data"
        return target, lambda: send(target, allow_redirects=False, timeout=10, **{key: fields})
