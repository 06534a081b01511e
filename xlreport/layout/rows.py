"""Lay out the rows behind the figures: for each figure of a summary the rows that it is made of.

Figures that are made of the same rows share a block. A block begins with its figures, each worked out from
the rows below it by a live formula and with the way back to the summary; the rows are a group of the
outline, so that one click folds them away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlreport.analysis.results import Backed, RowBlock
from xlreport.cells import Range, cell_name, cut
from xlreport.language import Language, key
from xlreport.layout.blocks import Placed, placed
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.columns import put_columns, standings
from xlreport.layout.context import Context
from xlreport.layout.formats import column_format
from xlreport.layout.marks import marking_column
from xlreport.layout.places import DataPlace, Lead, Proof, Spot
from xlreport.layout.summary import figure_spots
from xlreport.plan import Formula, SheetPlan
from xlreport.spec.records import AnyMeasure, Measure, Revalued, SheetSpec
from xlreport.styles import Align, Role
from xlreport.text import text_width

__all__ = ["rows_sheet"]

_LABEL_WIDTH: Final = 40
_WIDEST: Final = 26
"""Characters that a body column shows at most: blocks share their columns, so a wide one is wide in all."""
_HEADING_HEIGHT: Final = 20
_AIR: Final = 2
"""From the last line of a block to the heading of the next."""
_MOST_TITLES: Final = 3
_MOST_HEADING: Final = 200
_HOW: Final[Mapping[str, str]] = {
    "sum": key("Sum of {column}"),
    "count": key("Number of rows"),
    "distinct": key("Number of values"),
    "mean": key("Mean of {column}"),
    "median": key("Median of {column}"),
    "max": key("Largest {column}"),
    "min": key("Smallest {column}"),
    "share": key("The sum of the first {n} divided by the total"),
    "hhi": key("Sum of the squared percentage shares"),
    "balance": key("Sum of {column}"),
    "ratio": key("The first figure below divided by the second"),
}


@dataclass(frozen=True, slots=True)
class _Way:
    """A link: its text and where it leads to."""

    text: str
    target: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The sheet in the making, and where the figures stand on the summary and on it."""

    canvas: Canvas
    context: Context
    back: Mapping[str, Spot]
    blocks: Sequence[tuple[Placed, _Way | None]]

    def measure(self, name: str) -> AnyMeasure:
        return self.context.analysis.spec.measure(name)

    @property
    def language(self) -> Language:
        return self.context.language

    def label(self, name: str) -> str:
        """Return the title of a figure with its unit; the amounts here are not scaled."""
        measure = self.measure(name)
        if measure.unit != "money":
            return measure.title
        return self.language.text("{title}, {unit}", title=measure.title, unit=self.context.currency)

    def format(self, name: str) -> str:
        unit = self.measure(name).unit
        return self.context.theme.decimal_format if unit == "money" else self.context.format(unit)

    def cell(self, name: str) -> Spot | None:
        """Return the cell of a figure on this sheet."""
        for block, _ in self.blocks:
            if any(figure.measure == name for figure in block.block.figures):
                return Spot(self.canvas.name, Range.at(block.figure(name), 2))
        return None


def rows_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return the sheet; notes in the context's places where the rows of each figure stand."""
    canvas = context.canvas(sheet)
    making = _Sheet(canvas, context, figure_spots(context.analysis.spec), _all_placed(context))
    canvas.head(_subtitle(sheet, context))
    for block, source in making.blocks:
        _heading(making, block)
        _figures(making, block)
        if source:
            canvas.link(block.source, 1, source.text, source.target, source.tooltip)
        _body(making, block)
        _note_places(making, block)
    if not making.blocks:
        none = context.language.texts("The report has no summary with figures.")
        canvas.put(Role.NOTE, FIRST_ROW, 1, [none], measured=False)
    canvas.widen(1, _LABEL_WIDTH)
    canvas.freeze = (FIRST_ROW - 1, 1)
    canvas.repeat_rows = (1, 1)
    return canvas.plan()


def _subtitle(sheet: SheetSpec, context: Context) -> str:
    period, language = context.analysis.period, context.language
    parts = [language.text("Each figure is worked out from the rows below it")]
    if context.analysis.spec.date:
        span = language.text("Period {period}", period=language.span(period.start, period.end))
        parts = [span, language.text("money in {unit}", unit=context.currency), *parts]
    return " · ".join([*parts, sheet.note] if sheet.note else parts)


def _all_placed(context: Context) -> list[tuple[Placed, _Way | None]]:
    blocks, row = [], FIRST_ROW
    for block in context.analysis.behind:
        source = _source(block, context)
        blocks.append((placed(block, row, context.language, has_source=source is not None), source))
        row = blocks[-1][0].end + _AIR
    return blocks


# --- the lines of a block ---------------------------------------------------------------------------


def _heading(making: _Sheet, block: Placed) -> None:
    language, analysis = making.language, making.context.analysis
    titles = dict.fromkeys(making.measure(each.measure).title for each in block.block.figures)
    rows = _counted(block.block, language)
    if block.block.kind == "rows":
        rows = language.text("{rows} of {table}", rows=rows, table=block.block.table)
    if block.rest:
        shown = language.number(block.shown)
        rows = language.text("{rows}, the first {shown} shown", rows=rows, shown=shown)
    named = cut(language.listing(titles, most=_MOST_TITLES), _MOST_HEADING, "…")
    parts = [named, analysis.period.label if analysis.spec.date else "", rows]
    text = " · ".join(part for part in parts if part)
    making.canvas.put(Role.HEADING, block.heading, 1, [[text]], measured=False)
    making.canvas.heights[block.heading] = _HEADING_HEIGHT


def _counted(block: RowBlock, language: Language) -> str:
    """Return how many rows a block has, called what they are."""
    number = len(block.parts) or block.height
    return {
        "rows": language.count(number, "row"),
        "values": language.count(number, "value"),
        "items": language.count(number, "item"),
        "currencies": language.count(number, "currency"),
        "parts": language.count(number, "figure"),
    }[block.kind]


def _figures(making: _Sheet, block: Placed) -> None:
    """Write the figures: the way back to the summary, the figure from its rows, and how it is made."""
    language = making.language
    for row, backed in enumerate(block.block.figures, start=block.figures):
        label, spot = making.label(backed.measure), making.back.get(backed.measure)
        if spot:
            back = language.text("Back to {sheet}", sheet=spot.sheet)
            making.canvas.link(row, 1, language.text("← {figure}", figure=label), spot.target, back)
            making.canvas.widen(1, text_width(label) + 4)
        else:
            making.canvas.put(Role.LABEL, row, 1, [[label]])
        value = block.figure_cell(backed)
        making.canvas.put(Role.FIGURE, row, 2, [[value]], [making.format(backed.measure)])
        how = _how(block, backed, language, live=isinstance(value, Formula))
        making.canvas.put(Role.SUBTITLE, row, 3, [[how]], indent=1, measured=False)


def _how(block: Placed, backed: Backed, language: Language, *, live: bool) -> str:
    column = block.block.columns[backed.column].title if block.block.columns else ""
    text = language.text(_HOW[backed.how], column=column, n=language.number(backed.top))
    if live or not block.rest:
        return text
    return language.text("{how}, over all {rows}", how=text, rows=_counted(block.block, language))


def _body(making: _Sheet, block: Placed) -> None:
    canvas = making.canvas
    if block.block.kind == "parts":
        _parts(making, block)
        return
    if not block.shown:
        canvas.put(Role.NOTE, block.first, 1, [making.language.texts("No rows.")], measured=False)
        return
    aligns, indents = standings(block.columns)
    titles = [" ".join(column.title.split()) for column in block.columns]
    canvas.put(Role.HEADER, block.header, 1, [titles], align=aligns, indent=indents)
    own, data = block.block.columns, block.block.data
    left = len(own) if block.block.kind != "items" else 2
    put_columns(canvas, block.first, own[:left], data[:left], widest=_WIDEST)
    if left < len(own):
        put_columns(
            canvas, block.first, own[left:], data[left:], first=left + block.computed + 1, widest=_WIDEST
        )
    formats = _formats(making, block)
    if block.computed:
        canvas.put(Role.BODY, block.first, 3, block.share_cells(), formats[2 : 2 + block.computed])
    if block.rest:
        cells = {1: block.block.left_out, **block.rest_cells()}
        for column, value in cells.items():
            number_format = _rest_format(making.language) if column == 1 else formats[column - 1]
            align = Align.LEFT if column == 1 else None
            canvas.put(Role.BODY, block.rest, column, [[value]], [number_format], align=align)
    if block.total:
        totals = block.total_cells()
        line = [making.language.text("Total"), *(totals.get(at) for at in range(2, len(block.columns) + 1))]
        canvas.put(Role.TOTAL, block.total, 1, [line], ["General", *formats[1:]])
    canvas.grouped.append((block.first, block.rest or block.last))


def _rest_format(language: Language) -> str:
    """Return the number format that says how many rows are not shown: ``and 98,412 more``."""
    before, _, after = language.text("and {n} more").replace('"', "").partition("{n}")
    return f'"{before}"#,##0"{after}"'


def _formats(making: _Sheet, block: Placed) -> list[str]:
    """Return the number format of each column; text columns have none of their own."""
    theme = making.context.theme
    data = dict(zip((column.name for column in block.block.columns), block.block.data, strict=True))
    return [
        column_format(column, theme, data[column.name].places)
        if column.name in data
        else making.context.format(column.unit)
        for column in block.columns
    ]


def _parts(making: _Sheet, block: Placed) -> None:
    """Write the two figures that a ratio is made of, each with the way to its own rows."""
    canvas = making.canvas
    heads = making.language.texts("Made of", "Figure")
    canvas.put(Role.HEADER, block.header, 1, [heads], align=[Align.LEFT, Align.RIGHT])
    for row, name in enumerate(block.block.parts, start=block.first):
        spot, value = making.cell(name), making.context.analysis.figures[name].current
        label = making.label(name)
        if spot:
            text = making.language.text("{figure} →", figure=label)
            canvas.link(row, 1, text, spot.target, _made_of(making, name))
        else:
            canvas.put(Role.LABEL, row, 1, [[label]])
        cell = Formula(cell_name(spot.range.first_row, 2), value) if spot and value is not None else value
        canvas.put(Role.BODY, row, 2, [[cell]], [making.format(name)])


# --- to and fro -------------------------------------------------------------------------------------


def _made_of(making: _Sheet, name: str) -> str:
    return making.language.text("What {figure} is made of", figure=making.measure(name).title)


def _note_places(making: _Sheet, block: Placed) -> None:
    places, target = making.context.places, block.range.on(making.canvas.name)
    text = making.language.text("{figure} →", figure=_counted(block.block, making.language))
    for backed in block.block.figures:
        places.leads[backed.measure] = Lead(target, text, _made_of(making, backed.measure))
        spot = making.cell(backed.measure)
        if spot:
            places.proofs[backed.measure] = Proof(spot, backed.value)


def _source(block: RowBlock, context: Context) -> _Way | None:
    """Return the way to the data sheet that has all the rows, marked."""
    analysis = context.analysis
    measures = [analysis.spec.measure(figure.measure) for figure in block.figures]
    for sheet in analysis.spec.sheets:
        place = context.places.data.get(sheet.name)
        if place is None or not place.tables:
            continue
        for measure in measures:
            if isinstance(measure, Revalued) and measure.table == sheet.table:
                return _to_entries(sheet, place, context)
            if isinstance(measure, Measure):
                column = marking_column(analysis, measure, sheet, analysis.data[sheet.name])
                if column is not None:
                    return _to_marked(sheet, place, column, context)
    return None


def _to_entries(sheet: SheetSpec, place: DataPlace, context: Context) -> _Way:
    day = context.language.forms.day(context.analysis.period.end)
    text = context.language.text("The entries up to {day} on {sheet} →", day=day, sheet=sheet.name)
    return _Way(text, Range.at(FIRST_ROW, 1).on(place.sheets[0]))


def _to_marked(sheet: SheetSpec, place: DataPlace, column: int, context: Context) -> _Way:
    language, header = context.language, list(place.headers.values())[column]
    yes = language.text("Yes")
    text = language.text("On {sheet}, where {column} is {yes} →", sheet=sheet.name, column=header, yes=yes)
    tooltip = language.text("Filter this column to {yes} to see the same rows", yes=yes)
    return _Way(text, Range.at(FIRST_ROW, column + 1).on(place.sheets[0]), tooltip)
