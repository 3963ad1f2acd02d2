"""Where a person comes back to, and what a transaction gives away."""

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.transaction import LIFETIME, digest, new_secret, safe_return_path
from tests.federation.support import Hub

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%2fevil.example",
    "/%2F%2Fevil.example",
    "/%252fevil.example",
    "/%25252fevil.example",
    "/%255cevil.example",
    "%2f%2fevil.example",
    "/\tevil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/\r\nSet-Cookie: a=b",
    "/%00/evil",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "HTTPS://evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    " /evil",
    "/../evil",
    "/a/../../evil",
    "/a/%2e%2e/evil",
    "/./evil",
    "/.//evil.example",
    "/a//evil.example",
    "@evil.example",
    "/@evil.example\\",
    "user@evil.example",
    "evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "/a#//evil",
    "//localhost:8000@evil.example",
    "/\u2215\u2215evil.example",
    "/\uff0f\uff0fevil.example",
    "//\u0435vil.example",
    "/\u202eevil",
    "/" + "x" * 3000,
    "/%",
    "/%zz",
    "/sign-in",
    "/sign-in?next=/a",
    "/sign-out",
    "/signed-out",
    "/%73ign-out",
    "/;/evil" + "\x7f",
    "",
    None,
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_spelling_of_elsewhere_is_returned_to(wanted) -> None:
    """N-21, D-AN 12."""
    assert safe_return_path(wanted) == "/"


@pytest.mark.parametrize(
    "wanted",
    [
        "/",
        "/places/leeds/housing",
        "/search?q=flood+plan&organisation=leeds&page=2",
        "/search?q=https%3A%2F%2Fleeds.example%2Fa",
        "/search?q=a/b?c",
        "/documents/p4k9x2m7qa/revisions/3",
        "/people/leeds/sam-okafor",
        "/sign-in-help",
        "/search?q=50%25",
        "/places/leeds/caf%C3%A9",
    ],
)
def test_a_path_of_the_hub_is_returned_to_as_it_was(wanted) -> None:
    assert safe_return_path(wanted) == wanted


def test_the_store_holds_nothing_that_finishes_a_sign_in(hostile) -> None:
    """Neither the state nor the browser's secret can be read back from what is stored."""
    hub = Hub([hostile.issuer])
    url = hub.start(hub.registration(hostile.issuer))
    (kept,) = hub.transactions.open.values()
    state = dict(part.split("=") for part in url.partition("?")[2].split("&"))["state"]
    assert kept.state_hash == digest(state)
    assert state not in repr(kept)
    assert hub.browser not in repr(kept)
    assert kept.verifier not in repr(kept)
    assert kept.expires - kept.created == LIFETIME


def test_secrets_do_not_repeat() -> None:
    assert len({new_secret() for _ in range(1000)}) == 1000
    assert min(len(new_secret()) for _ in range(100)) == 43


AWKWARD = st.text(alphabet="/\\.%:?#@&=;ae25fc0 \t\r\n\x00\u2215", max_size=30)


@given(st.one_of(AWKWARD, st.text(max_size=40), AWKWARD.map(lambda text: f"/{text}")))
def test_whatever_is_asked_for_a_browser_ends_on_our_own_host(wanted) -> None:
    """N-21: as the standard library resolves it, and as browsers do, who read a backslash as a slash."""
    path = safe_return_path(wanted)
    for told in (path, unquote(path.partition("?")[0]), path.partition("?")[0].replace("\\", "/")):
        assert urlsplit(urljoin("http://localhost:8000/sign-in", told)).netloc == "localhost:8000"
        assert not told.startswith(("//", "/\\"))
    assert path in {"/", wanted}
