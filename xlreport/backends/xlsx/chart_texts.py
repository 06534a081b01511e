"""Turn the texts of a chart of the plan into openpyxl's: title, titles of axes, legend, labels."""

from collections.abc import Iterable
from typing import Final

from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.drawing.text import Font as Typeface

from xlreport.backends.xlsx.strings import legal
from xlreport.plan import Chart
from xlreport.styles import Theme

__all__ = ["axis_title", "heading", "legend", "plot_place", "subheading", "text_style"]

_TEXT_SIZE: Final = 9
_TITLE_SIZE: Final = 11
_EDGE: Final = 0.2
"""Centimetres between the title and the upper edge of the chart."""
_TITLE_LINE: Final = 0.48
"""Centimetres that a line of a title takes."""
_DEGREE: Final = 60_000
"""The unit of angles in drawings."""


def heading(chart: Chart, theme: Theme) -> Title:
    """Return the title at the top left."""
    look = _characters(theme, size=_TITLE_SIZE, color=theme.accent, bold=True)
    return Title(
        tx=Text(rich=RichText(p=[*_paragraphs(chart.title, look, from_right=chart.right_to_left)])),
        overlay=True,
        layout=Layout(_place(chart, chart.title_at, _EDGE)),
    )


def subheading(chart: Chart, theme: Theme) -> Title | None:
    """Return what stands below the title, as a title of the axis at the bottom that is moved there.

    A chart's title has one look in some programs, so this cannot be part of it.
    """
    if not chart.subtitle:
        return None
    look = _characters(theme, size=_TEXT_SIZE, color=theme.muted)
    lines = chart.title.count("\n") + 1
    paragraphs = [*_paragraphs(chart.subtitle, look, from_right=chart.right_to_left)]
    return Title(
        tx=Text(rich=RichText(bodyPr=RichTextProperties(rot=0, vert="horz"), p=paragraphs)),
        overlay=True,
        layout=Layout(_place(chart, chart.subtitle_at, _EDGE + lines * _TITLE_LINE)),
    )


def plot_place(chart: Chart) -> Layout:
    """Return where the plot is, with the numbers and labels of its axes."""
    width, height = 1 - 2 * chart.aside / chart.width, 1 - (chart.above + chart.below) / chart.height
    place = _place(chart, chart.aside, chart.above)
    place.w, place.h = round(width, 4), round(height, 4)
    return Layout(place)


def _place(chart: Chart, across: float, down: float) -> ManualLayout:
    """Return a place by its centimetres from the top left corner."""
    x, y = round(across / chart.width, 4), round(down / chart.height, 4)
    return ManualLayout(xMode="edge", yMode="edge", x=x, y=y)


def axis_title(text: str, theme: Theme) -> Title:
    """Return the title of an axis."""
    look = _characters(theme, size=_TEXT_SIZE, color=theme.muted)
    return Title(tx=Text(rich=RichText(p=[*_paragraphs(text, look)])), overlay=False)


def _paragraphs(text: str, look: CharacterProperties, *, from_right: bool = False) -> Iterable[Paragraph]:
    properties = ParagraphProperties(algn="r" if from_right else "l", rtl=from_right or None, defRPr=look)
    for line in legal(text).split("\n"):
        yield Paragraph(pPr=properties, r=[RegularTextRun(rPr=look, t=line)])


def legend(chart: Chart, theme: Theme) -> Legend | None:
    """Return the legend without the series that are not to be in it."""
    if not chart.legend:
        return None
    hidden = [number for number, one in enumerate(chart.series) if not (one.color and one.in_legend)]
    return Legend(
        legendPos="b",
        legendEntry=[LegendEntry(idx=number, delete=True) for number in hidden],
        overlay=False,
        txPr=text_style(theme),
    )


def text_style(theme: Theme, *, color: str = "", turn: int = 0) -> RichText:
    """Return the look of labels, ``turn`` degrees turned upwards."""
    look = _characters(theme, size=_TEXT_SIZE, color=color or theme.muted)
    return RichText(
        bodyPr=RichTextProperties(rot=-turn * _DEGREE, vert="horz") if turn else RichTextProperties(),
        p=[Paragraph(pPr=ParagraphProperties(defRPr=look), r=[], endParaRPr=CharacterProperties())],
    )


def _characters(theme: Theme, *, size: int, color: str, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size * 100, b=bold, solidFill=color, latin=Typeface(typeface=theme.font))
