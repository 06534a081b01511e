"""Measure the contrast of colours, and find the nearest colour whose contrast is enough.

Contrast is that of the Web Content Accessibility Guidelines, 1 to 21; text needs 4.5, the parts of a chart 3.
Source: https://www.w3.org/TR/WCAG22/#contrast-minimum. Colours are RRGGBB.
"""

import math
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

__all__ = ["CHART", "TEXT", "WHITE", "contrast", "luminance", "nearest_colour", "weak_pairs"]

TEXT: Final = 4.5
CHART: Final = 3.0
WHITE: Final = "FFFFFF"

_LINEAR_UP_TO: Final = 0.04045
_STEPS: Final = 255

_TEXTS: Final = ("ink", "muted", "accent", "good", "bad")
"""Colours that stand on white, and on the soft accent of subtotals and totals."""


def luminance(color: str) -> float:
    """Return how light a colour is, from 0 for black to 1 for white."""
    red, green, blue = (_linear(value / 255) for value in bytes.fromhex(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= _LINEAR_UP_TO else float(((share + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def nearest_colour(color: str, others: Sequence[str], least: float) -> str | None:
    """Return ``color``, made darker or lighter by as little as gives it that contrast with all ``others``.

    None where not even black or white has it with all of them.
    """
    for step in range(_STEPS + 1):
        for goal in (0, 255):
            candidate = _mixed(color, goal, step)
            if all(contrast(candidate, other) >= least for other in others):
                return candidate
    return None


def _mixed(color: str, goal: int, step: int) -> str:
    """Return a colour on the way to black or white, at ``step`` of 255."""
    return (
        bytes(value + round((goal - value) * step / _STEPS) for value in bytes.fromhex(color)).hex().upper()
    )


def weak_pairs(colours: Mapping[str, str], given: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield, for colours by their names in a brand file, a name and a sentence for each weak contrast.

    ``given`` are the names that the file has itself: where two colours do not go together, the sentence is
    about one of those.
    """
    texts = {name: colours[name] for name in _TEXTS}
    readable = {name: color for name, color in texts.items() if contrast(color, WHITE) >= TEXT}
    for name, color in texts.items():
        if name not in readable:
            yield name, _sentence(color, "on white", WHITE, TEXT, [WHITE])
    yield from _on_ground("accentSoft", colours["accentSoft"], readable, given)
    ink = {name: color for name, color in readable.items() if name == "ink"}
    yield from _on_ground("rule", colours["rule"], ink, given)
    for name, color in colours.items():
        if name.startswith("series") and contrast(color, WHITE) < CHART:
            yield name, _sentence(color, "on white", WHITE, CHART, [WHITE])


def _on_ground(
    ground: str, behind: str, texts: Mapping[str, str], given: Container[str]
) -> Iterator[tuple[str, str]]:
    """Yield the weak contrasts of ``texts``, which can be read on white, with the colour called ``ground``.

    It is to blame itself where its text is none of the file's own, or can be no other.
    """
    weak = {name: color for name, color in texts.items() if contrast(color, behind) < TEXT}
    movable = [
        name
        for name, color in weak.items()
        if name in given and name != "ink" and nearest_colour(color, [WHITE, behind], TEXT)
    ]
    if len(movable) == len(weak):
        for name in movable:
            yield name, _sentence(weak[name], f"on {ground} '{behind}'", behind, TEXT, [WHITE, behind])
        return
    name = min(weak, key=lambda name: contrast(weak[name], behind))
    yield ground, _sentence(behind, f"behind {name} '{weak[name]}'", weak[name], TEXT, [*texts.values()])


def _sentence(color: str, where: str, other: str, least: float, others: Sequence[str]) -> str:
    """Say how weak a contrast is, and which colour has enough with all ``others``."""
    measured = math.floor(contrast(color, other) * 100) / 100
    what = "text" if least == TEXT else "a chart"
    better = nearest_colour(color, others, least)
    said = f"'{color}' {where} has a contrast of {measured:.2f} to 1; {what} needs {least} to 1"
    if better is None:
        return f"{said}; no colour near it has that"
    tone = "lighter" if luminance(better) > luminance(color) else "darker"
    return f"{said}; the nearest {tone} colour that has it is '{better}'"
