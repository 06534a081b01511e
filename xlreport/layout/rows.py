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
from xlreport.layout.blocks import Placed, placed
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.columns import put_columns, standings
from xlreport.layout.context import Context
from xlreport.layout.formats import column_format
from xlreport.layout.marks import marking_column
from xlreport.layout.places import Lead, Proof, Spot
from xlreport.layout.summary import figure_spots
from xlreport.plan import Formula, SheetPlan
from xlreport.spec.records import AnyMeasure, Measure, Revalued, SheetSpec
from xlreport.styles import Align, Role
from xlreport.text import listing, plural

__all__ = ["rows_sheet"]

_LABEL_WIDTH: Final = 40
_WIDEST: Final = 26
"""Characters that a body column shows at most: blocks share their columns, so a wide one is wide in all."""
_HEADING_HEIGHT: Final = 20
_AIR: Final = 2
"""From the last line of a block to the heading of the next."""
_MOST_TITLES: Final = 3
_MOST_HEADING: Final = 200
_REST_FORMAT: Final = '"and "#,##0" more"'
_NOUNS: Final[Mapping[str, tuple[str, str]]] = {
    "rows": ("row", "rows"),
    "values": ("value", "values"),
    "items": ("item", "items"),
    "currencies": ("currency", "currencies"),
    "parts": ("figure", "figures"),
}
_HOW: Final[Mapping[str, str]] = {
    "sum": "Sum of {}",
    "count": "Number of rows",
    "distinct": "Number of values",
    "mean": "Mean of {}",
    "median": "Median of {}",
    "max": "Largest {}",
    "min": "Smallest {}",
    "hhi": "Sum of the squared percentage shares",
    "balance": "Sum of {}",
    "ratio": "The first figure below divided by the second",
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

    def label(self, name: str) -> str:
        """Return the title of a figure with its unit; the amounts here are not scaled."""
        measure = self.measure(name)
        return f"{measure.title}, {self.context.currency}" if measure.unit == "money" else measure.title

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
        canvas.put(Role.NOTE, FIRST_ROW, 1, [["The report has no summary with figures."]], measured=False)
    canvas.widen(1, _LABEL_WIDTH)
    canvas.freeze = (FIRST_ROW - 1, 1)
    canvas.repeat_rows = (1, 1)
    return canvas.plan()


def _subtitle(sheet: SheetSpec, context: Context) -> str:
    period = context.analysis.period
    parts = ["Each figure is worked out from the rows below it"]
    if context.analysis.spec.date:
        parts = [f"Period {period.start} to {period.end}", f"money in {context.currency}", *parts]
    return " · ".join([*parts, sheet.note] if sheet.note else parts)


def _all_placed(context: Context) -> list[tuple[Placed, _Way | None]]:
    blocks, row = [], FIRST_ROW
    for block in context.analysis.behind:
        source = _source(block, context)
        blocks.append((placed(block, row, has_source=source is not None), source))
        row = blocks[-1][0].end + _AIR
    return blocks


# --- the lines of a block ---------------------------------------------------------------------------


def _heading(making: _Sheet, block: Placed) -> None:
    period = making.context.analysis.period.label if making.context.analysis.spec.date else ""
    titles = dict.fromkeys(making.measure(each.measure).title for each in block.block.figures)
    rows = _counted(block.block) + (f" of {block.block.table}" if block.block.kind == "rows" else "")
    if block.rest:
        rows += f", the first {block.shown:,} shown"
    parts = [cut(listing(titles, most=_MOST_TITLES), _MOST_HEADING, "…"), period, rows]
    text = " · ".join(part for part in parts if part)
    making.canvas.put(Role.HEADING, block.heading, 1, [[text]], measured=False)
    making.canvas.heights[block.heading] = _HEADING_HEIGHT


def _counted(block: RowBlock) -> str:
    return plural(len(block.parts) or block.height, *_NOUNS[block.kind])


def _figures(making: _Sheet, block: Placed) -> None:
    """Write the figures: the way back to the summary, the figure from its rows, and how it is made."""
    for row, backed in enumerate(block.block.figures, start=block.figures):
        label, spot = making.label(backed.measure), making.back.get(backed.measure)
        if spot:
            making.canvas.link(row, 1, f"← {label}", spot.target, f"Back to {spot.sheet}")
            making.canvas.widen(1, len(label) + 4)
        else:
            making.canvas.put(Role.LABEL, row, 1, [[label]])
        value = block.figure_cell(backed)
        making.canvas.put(Role.FIGURE, row, 2, [[value]], [making.format(backed.measure)])
        how = _how(block, backed, live=isinstance(value, Formula))
        making.canvas.put(Role.SUBTITLE, row, 3, [[how]], indent=1, measured=False)


def _how(block: Placed, backed: Backed, *, live: bool) -> str:
    if backed.how == "share":
        first = f"Sum of the first {backed.top}" if backed.top > 1 else "The first"
        text = f"{first} divided by the total"
    else:
        column = block.block.columns[backed.column].title if block.block.columns else ""
        text = _HOW[backed.how].format(column)
    return text if live or not block.rest else f"{text}, over all {_counted(block.block)}"


def _body(making: _Sheet, block: Placed) -> None:
    canvas = making.canvas
    if block.block.kind == "parts":
        _parts(making, block)
        return
    if not block.shown:
        canvas.put(Role.NOTE, block.first, 1, [["No rows."]], measured=False)
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
            number_format = _REST_FORMAT if column == 1 else formats[column - 1]
            align = Align.LEFT if column == 1 else None
            canvas.put(Role.BODY, block.rest, column, [[value]], [number_format], align=align)
    if block.total:
        totals = block.total_cells()
        line = ["Total", *(totals.get(at) for at in range(2, len(block.columns) + 1))]
        canvas.put(Role.TOTAL, block.total, 1, [line], ["General", *formats[1:]])
    canvas.grouped.append((block.first, block.rest or block.last))


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
    canvas.put(Role.HEADER, block.header, 1, [["Made of", "Figure"]], align=[Align.LEFT, Align.RIGHT])
    for row, name in enumerate(block.block.parts, start=block.first):
        spot, value = making.cell(name), making.context.analysis.figures[name].current
        label = making.label(name)
        if spot:
            canvas.link(row, 1, f"{label} →", spot.target, f"What {making.measure(name).title} is made of")
        else:
            canvas.put(Role.LABEL, row, 1, [[label]])
        cell = Formula(cell_name(spot.range.first_row, 2), value) if spot and value is not None else value
        canvas.put(Role.BODY, row, 2, [[cell]], [making.format(name)])


# --- to and fro -------------------------------------------------------------------------------------


def _note_places(making: _Sheet, block: Placed) -> None:
    places, target = making.context.places, block.range.on(making.canvas.name)
    for backed in block.block.figures:
        title = making.measure(backed.measure).title
        places.leads[backed.measure] = Lead(target, f"{_counted(block.block)} →", f"What {title} is made of")
        spot = making.cell(backed.measure)
        if spot:
            places.proofs[backed.measure] = Proof(spot, backed.value)


def _source(block: RowBlock, context: Context) -> _Way | None:
    """Return the way to the data sheet that has all the rows, marked."""
    analysis = context.analysis
    for sheet in analysis.spec.sheets:
        place = context.places.data.get(sheet.name)
        if place is None or not place.tables:
            continue
        for measure in (analysis.spec.measure(figure.measure) for figure in block.figures):
            if isinstance(measure, Revalued) and measure.table == sheet.table:
                text = f"The entries up to {analysis.period.end} on {sheet.name} →"
                return _Way(text, Range.at(FIRST_ROW, 1).on(place.sheets[0]))
            if isinstance(measure, Measure):
                column = marking_column(analysis, measure, sheet, analysis.data[sheet.name])
                if column is not None:
                    header = list(place.headers.values())[column]
                    target = Range.at(FIRST_ROW, column + 1).on(place.sheets[0])
                    filtering = "Filter this column to Yes to see the same rows"
                    return _Way(f"On {sheet.name}, where {header} is Yes →", target, filtering)
    return None
