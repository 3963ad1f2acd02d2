"""The page that strangers land on: what this is, where to sign in, whom to ask."""

from re import findall, search

import pytest

from tests.hub.features.signin.browser import SignInWorld


def with_councils(world: SignInWorld, count: int) -> str:
    """The page of a hub with so many organisations to sign in through."""
    for number in range(count):
        world.add_organisation(f"town-{number:02}", name=f"Town {number:02} Council")
        world.add_issuer(f"town-{number:02}", f"https://town-{number:02}.example")
    return world.browser().get("/sign-in").text


def test_a_stranger_learns_in_one_picture_what_the_hub_is(world: SignInWorld) -> None:
    page = with_councils(world, 2)
    picture = search(r'<svg viewBox="[^"]+" role="img" aria-label="([^"]+)"', page)
    assert picture
    assert "three people who searched for the same word" in picture[1]
    assert "Every page says why you can see it." in page
    assert "Write to the people who look after this hub" in page
    assert len(findall("formaction=", page)) == 2


@pytest.mark.parametrize(("count", "filter_is_there"), [(10, False), (11, True)])
def test_more_than_ten_organisations_bring_a_filter(world: SignInWorld, count: int, filter_is_there: bool) -> None:
    page = with_councils(world, count)
    assert ('name="q"' in page) is filter_is_there
    assert len(findall("formaction=", page)) == count


def test_who_narrows_the_list_sees_the_list_first_and_the_way_back(world: SignInWorld) -> None:
    with_councils(world, 3)
    page = world.browser().get("/sign-in?q=town-01&next=/organisations").text
    assert "One search covers all of it" not in page
    assert 'href="/sign-in?next=/organisations"' in page
    assert 'name="q"' in page


def test_every_stranger_lands_on_the_same_page_whatever_they_asked_for(world: SignInWorld) -> None:
    """Absent and forbidden look the same; only the way back differs, and it is the stranger's own."""
    with_councils(world, 2)
    pages = []
    for path in ("/documents/aaaaaaaaaaaa", "/places/town-00", "/nothing"):
        browser = world.browser()
        answer = browser.get(path)
        assert answer.status_code == 303
        text = browser.get(answer.location).text.replace(path, "PATH")
        pages.append(findall(r'name="csrf_token" value="[^"]+"', text) and search("(?s)<main.*", text)[0])
    tokens = [findall(r'value="([^"]+)"', page)[0] for page in pages]
    bare = {page.replace(token, "TOKEN") for page, token in zip(pages, tokens, strict=True)}
    assert len(bare) == 1
