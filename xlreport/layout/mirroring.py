"""Turn a sheet that is read from the left into one that is read from the right, as in Arabic.

Its first column is on the right. Text begins there too; numbers, which every script writes from the left,
stay right in their cells, so that their digits stand below one another. Time and bars run leftwards.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from xlreport.plan import CellValue, Chart, SheetPlan, StyleRun
from xlreport.styles import Align

__all__ = ["mirrored", "reads_from_right"]

_TITLE_LETTER: Final = 0.19
"""Centimetres that a letter of a title takes at most, on average over a line; likewise below it."""
_SUBTITLE_LETTER: Final = 0.15


def mirrored(sheet: SheetPlan) -> SheetPlan:
    """Return the sheet with its first column on the right."""
    return replace(
        sheet,
        styles=tuple(map(_run, sheet.styles)),
        charts=tuple(map(_chart, sheet.charts)),
        sparklines=tuple(replace(group, right_to_left=True) for group in sheet.sparklines),
        right_to_left=True,
    )


def reads_from_right(values: Sequence[CellValue]) -> bool:
    """Tell whether a text among the values has letters that are written from right to left."""
    texts = (value for value in values if isinstance(value, str))
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for text in texts for letter in text)


def _run(run: StyleRun) -> StyleRun:
    if run.style.align is not Align.LEFT:
        return run
    return StyleRun(run.range, run.style.with_(align=Align.RIGHT))


def _chart(chart: Chart) -> Chart:
    return replace(
        chart,
        right_to_left=True,
        title_at=_from_left(chart.title, _TITLE_LETTER, chart),
        subtitle_at=_from_left(chart.subtitle, _SUBTITLE_LETTER, chart),
    )


def _from_left(text: str, letter: float, chart: Chart) -> float:
    """Return how far from the left a text begins that ends as far from the right as it did from the left."""
    longest = max(map(len, text.split("\n")))
    return max(chart.width - chart.title_at - longest * letter, chart.title_at)
