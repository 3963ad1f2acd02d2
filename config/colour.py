"""Colours as numbers: contrast as WCAG counts it, and shades of one hue in a space that follows the eye.

Sources: WCAG 2.2 (relative luminance, contrast ratio); Björn Ottosson, "A perceptual color space for image processing"
(Oklab, 2020) for the matrices.
"""

import math
import re
from dataclasses import dataclass
from typing import Final, Self

_HEX: Final = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
READABLE: Final = 4.5
"""Contrast that WCAG asks of text (AA)."""
ALIKE: Final = 0.07
"""Distance in Oklab below which two colours are taken for one another."""

_STRAIGHT: Final = 0.0031308
"""Up to here the curve of sRGB is a straight line."""
_GAMUT: Final = 0.5005
"""How far from the middle a screen can show a channel, and a hair."""


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour: lightness 0 to 1, chroma from 0, hue in radians (Oklch)."""

    lightness: float
    chroma: float
    hue: float

    @classmethod
    def read(cls, text: str) -> Self:
        """The colour written `#17635f` or `#abc`; raises ValueError for anything else."""
        found = _HEX.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no colour: write # and six hex digits, such as #17635f")
        digits = found[1] if found[1][3:] else "".join(digit * 2 for digit in found[1])
        return cls._of([_linear(int(digits[place : place + 2], 16) / 255) for place in (0, 2, 4)])

    @classmethod
    def _of(cls, linear: list[float]) -> Self:
        red, green, blue = linear
        long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
        return cls(
            0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short, math.hypot(a, b), math.atan2(b, a)
        )

    def _channels(self) -> list[float]:
        """Linear red, green and blue; outside 0 to 1 where a screen cannot show the colour."""
        a, b = self.chroma * math.cos(self.hue), self.chroma * math.sin(self.hue)
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        middle = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return [
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        ]

    def at(self, lightness: float, most_chroma: float = 1.0) -> "Colour":
        """The same hue at another lightness, as vivid as before but at most `most_chroma`, and as a screen can show."""
        chroma = min(self.chroma, most_chroma)
        while chroma > 0:
            shade = Colour(lightness, chroma, self.hue)
            if all(abs(channel - 0.5) <= _GAMUT for channel in shade._channels()):
                return shade
            chroma -= 0.002
        return Colour(lightness, 0.0, self.hue)

    def __str__(self) -> str:
        """`#17635f`."""
        return "#" + "".join(f"{round(_gamma(channel) * 255):02x}" for channel in self._channels())

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 to 1."""
        red, green, blue = (min(max(channel, 0.0), 1.0) for channel in self._channels())
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(self, other: "Colour") -> float:
        """Contrast ratio, 1 to 21."""
        light, dark = sorted((self.luminance, other.luminance), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    def distance(self, other: "Colour") -> float:
        """How far apart two colours look: 0 for the same, about 1 from black to white."""
        across = [
            one.chroma * turn(one.hue) * sign for turn in (math.cos, math.sin) for one, sign in ((self, 1), (other, -1))
        ]
        return math.hypot(self.lightness - other.lightness, across[0] + across[1], across[2] + across[3])


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 12.92 * _STRAIGHT else float(((channel + 0.055) / 1.055) ** 2.4)


def _gamma(channel: float) -> float:
    channel = min(max(channel, 0.0), 1.0)
    return channel * 12.92 if channel <= _STRAIGHT else float(1.055 * channel ** (1 / 2.4) - 0.055)


WHITE: Final = Colour.read("#ffffff")
WARNING: Final = Colour.read("#ca3535")
"""The red of buttons that warn, and of errors."""


def own_colour(text: str) -> Colour:
    """The colour of an installation.

    Raises ValueError with a sentence when white text on it would not be readable, or when it cannot be told from the
    red that warns.
    """
    colour = Colour.read(text)
    contrast = colour.contrast(WHITE)
    if contrast < READABLE:
        raise ValueError(
            f"white text on {text} has a contrast of {math.floor(contrast * 100) / 100:.2f} to 1, and 4.5 is the least "
            f"that people can read: choose a darker one, such as {_fitting(colour)}"
        )
    if colour.distance(WARNING) < ALIKE:
        raise ValueError(
            f"{text} cannot be told from the red of warnings ({WARNING}): choose another one, "
            f"such as {_fitting(colour)}"
        )
    return colour


def _fitting(colour: Colour) -> Colour:
    """The lightest shade of the same hue that is taken, as it is written."""
    lightness = colour.lightness
    while True:
        shade = Colour.read(str(colour.at(lightness)))
        if shade.contrast(WHITE) >= READABLE and shade.distance(WARNING) >= ALIKE:
            return shade
        lightness -= 0.01
