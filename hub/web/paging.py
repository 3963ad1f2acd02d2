"""Lists in pages: reading the number asked for, and the bar of numbers below."""

from collections.abc import Callable
from typing import Final

from hub.ground.errors import Invalid
from hub.web.pages import ONE_PAGE, PageLink, PageLinks

LARGEST: Final = 100_000
"""No list is that long: larger numbers are mistakes."""
_AROUND: Final = 1


def page_number(text: str | None) -> int:
    """The page asked for by `?page=`, counted from 1; 1 when none is named. Raises Invalid for what is no number."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= LARGEST):
        raise Invalid("The page is a whole number, counted from 1", field="page")
    return int(text)


def page_links(page: int, size: int, total: int, href: Callable[[int], str]) -> PageLinks:
    """The bar below page `page` (from 1) of `total` things, `size` to a page; `href` gives each number's address."""
    pages = -(-total // size)
    if total == 0:
        return ONE_PAGE
    first, last = (page - 1) * size + 1, min(page * size, total)
    if pages <= 1:
        return PageLinks(first=first, last=last, total=total)
    shown = sorted({1, pages, *range(max(1, page - _AROUND), min(pages, page + _AROUND) + 1)})
    items: list[PageLink] = []
    before = 0
    for number in shown:
        if number == before + 2:
            items.append(PageLink(str(number - 1), href(number - 1)))
        elif number > before + 1:
            items.append(PageLink("…", ""))
        items.append(PageLink(str(number), href(number), current=number == page))
        before = number
    return PageLinks(
        items=tuple(items),
        previous=href(page - 1) if page > 1 else "",
        next=href(page + 1) if page < pages else "",
        first=first,
        last=last,
        total=total,
    )
