"""An installation's own colour and logo: a small style sheet, an icon, a picture, served like the other static files.

The style sheet says the tokens of `assets/scss/_tokens.scss` anew, for light and for dark systems. Whatever colour was
let in (`config.colour.own_colour`), white text stays readable on what it fills, and it on what lies beneath.
"""

from dataclasses import dataclass
from typing import Final

from config.colour import ALIKE, READABLE, WARNING, WHITE, Colour
from hub.web.assets import Asset, asset_of
from hub.web.pages import Site

STYLE: Final = "house.css"
ICON: Final = "icon.svg"
_FIRST: Final = ("#0e3b3d", "#0a2a2c")
"""The header's colours of the hub as it comes, light and dark."""

_DEEP: Final = 0.3
"""As dark as a button may be on a dark page."""


@dataclass(frozen=True, slots=True)
class House:
    """What the frame of each page needs to know of it."""

    light: str
    """The header's colour, for the browser's own frame."""
    dark: str
    style: str = ""
    """Name of the style sheet; empty where there is no own colour."""
    logo: str = ""
    """Name of the logo; empty where there is none."""


def house_of(site: Site) -> tuple[House, tuple[Asset, ...]]:
    """What `site` wears, and the files for it. Raises OSError when the logo is gone since the start."""
    assets: list[Asset] = []
    light, dark = _FIRST
    if site.colour:
        colour = Colour.read(site.colour)
        light, dark = str(colour), str(_header_by_night(colour))
        assets.append(asset_of(STYLE, _style(colour).encode()))
        assets.append(asset_of(ICON, _icon(colour).encode()))
    logo = f"logo{site.logo.suffix.lower()}" if site.logo else ""
    if site.logo:
        assets.append(asset_of(logo, site.logo.read_bytes()))
    return House(light, dark, STYLE if site.colour else "", logo), tuple(assets)


def _style(colour: Colour) -> str:
    day, night = _rules(_by_day(colour)), _rules(_by_night(colour))
    return f":root{{{day}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}\n"


def _rules(tokens: dict[str, Colour]) -> str:
    return ";".join(f"--{name}:{shade}" for name, shade in tokens.items())


def _by_day(colour: Colour) -> dict[str, Colour]:
    return {
        "govuk-brand-colour": colour,
        "hub-header": colour,
        "hub-accent": _accent(colour),
        "hub-hero": colour.at(0.945, 0.02),
        "hub-button": colour,
        "hub-button-hover": colour.at(colour.lightness * 0.82),
        "hub-button-edge": colour.at(colour.lightness * 0.6),
    }


def _by_night(colour: Colour) -> dict[str, Colour]:
    button = _button_by_night(colour)
    return {
        "govuk-brand-colour": colour.at(0.78, 0.11),
        "hub-header": _header_by_night(colour),
        "hub-accent": _accent(colour),
        "hub-hero": colour.at(0.27, 0.03),
        "hub-button": button,
        "hub-button-hover": button.at(button.lightness * 0.86),
        "hub-button-edge": button.at(button.lightness * 0.6),
    }


def _accent(colour: Colour) -> Colour:
    """For the stripe under the header and the button in it: dark text is readable on it, and it stands out."""
    return colour.at(0.87, 0.09)


def _header_by_night(colour: Colour) -> Colour:
    return colour.at(min(max(colour.lightness, 0.2), 0.3), 0.1)


def _button_by_night(colour: Colour) -> Colour:
    """As light as white text allows, but not so light that a red one looks like a warning."""
    shade = colour.at(max(colour.lightness, 0.52), 0.12)
    while shade.lightness > _DEEP and (shade.contrast(WHITE) < READABLE + 0.1 or shade.distance(WARNING) < ALIKE):
        shade = shade.at(shade.lightness - 0.01)
    return shade


def _icon(colour: Colour) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<rect width="48" height="48" rx="10" fill="{colour}"/>'
        '<path d="M24 24V11M24 24l11 7M24 24l-11 7" fill="none" stroke="#fff" stroke-width="2.6"/>'
        '<g fill="#fff"><circle cx="24" cy="10" r="4.8"/><circle cx="36" cy="31.5" r="4.8"/>'
        f'<circle cx="12" cy="31.5" r="4.8"/></g><circle cx="24" cy="24" r="6.6" fill="{_accent(colour)}"/></svg>\n'
    )
