"""Fetch what the figures of a report's summaries are made of, to show the rows behind each of them.

Figures over the same rows share a block: the contracts signed are behind their number, their value and
their mean. Each block works its figures out once more, from its rows and nothing else, so that a check can
hold the two ways against each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

import pyarrow as pa

from xlreport.analysis.details import shown_columns
from xlreport.analysis.items import counted_values, listed_items
from xlreport.analysis.measures import Evaluator, divided
from xlreport.analysis.periods import Period
from xlreport.analysis.results import Backed, ModelColumn, Number, RowBlock
from xlreport.analysis.rowsets import Draft, Shown, rows_of_table
from xlreport.arrays import array
from xlreport.errors import located
from xlreport.lazy import LazyColumn
from xlreport.spec import records as r
from xlreport.tables import Kind

__all__ = ["FIRST_ROWS", "MOST_ROWS", "blocks_behind", "room_for"]

MOST_ROWS: Final = 50_000
"""Rows of all blocks together: a sheet of so many opens at once, on a phone too, and all the rows of a
large table stand on its data sheet already."""
FIRST_ROWS: Final = 1_000
"""Shown of a block that has no room for all its rows, the largest amounts first."""
_LISTED: Final = ("sum", "count", "distinct", "max", "min")
"""Aggregates whose value of each item stands in a list of items."""


def blocks_behind(
    evaluator: Evaluator, figures: Mapping[str, Sequence[Number]], period: Period
) -> tuple[RowBlock, ...]:
    """Return the blocks of the report's sheet of rows, in the order of the summaries; none without one.

    A figure is in no block where its parts cannot be listed: a concentration of means or of ratios.
    """
    spec = evaluator.spec
    position = next((at for at, sheet in enumerate(spec.sheets) if sheet.kind == "rows"), None)
    if position is None:
        return ()
    with located(f"$.sheets[{position}].columnsOf"):
        chosen = {
            each.table: tuple(shown_columns(each.columns, evaluator.model.table(each.table), evaluator))
            for each in spec.sheets[position].columns_of
        }
    shown = Shown(evaluator, chosen, period)
    drafts = [_draft(shown, measures, figures) for measures in _sets(spec)]
    rooms = room_for([draft.height for draft in drafts], MOST_ROWS)
    return tuple(draft.block(room) for draft, room in zip(drafts, rooms, strict=True))


def room_for(heights: Sequence[int], most: int) -> list[int]:
    """Return how many rows of each block there is room for: all, the shortest blocks first, or a few."""
    rooms, left = [0] * len(heights), most
    for place, at in enumerate(sorted(range(len(heights)), key=heights.__getitem__)):
        others = len(heights) - place - 1
        if heights[at] <= left - others * FIRST_ROWS:
            rooms[at] = heights[at]
        else:
            rooms[at] = min(heights[at], FIRST_ROWS, left // (others + 1))
        left -= rooms[at]
    return rooms


def _sets(spec: r.ReportSpec) -> list[list[r.AnyMeasure]]:
    """Return the measures that need a block, those together that are made of the same."""
    sets: dict[tuple[object, ...], list[r.AnyMeasure]] = {}
    for measure in _wanted(spec):
        sets.setdefault(_made_of(measure), []).append(measure)
    return list(sets.values())


def _wanted(spec: r.ReportSpec) -> Iterator[r.AnyMeasure]:
    """Yield each measure of the summaries, then those that only their ratios are made of."""
    names = [
        name
        for sheet in spec.sheets
        if sheet.kind == "summary"
        for group in sheet.groups
        for name in group.measures
    ]
    seen: set[str] = set()
    for name in names:  # grows while it is gone through
        measure = spec.measure(name)
        if name not in seen and _can_be_listed(measure, spec):
            yield measure
        seen.add(name)
        names += (measure.over, measure.under) if isinstance(measure, r.Ratio) else ()


def _can_be_listed(measure: r.AnyMeasure, spec: r.ReportSpec) -> bool:
    if not isinstance(measure, r.Concentration):
        return True
    of = spec.measure(measure.of)
    return isinstance(of, r.Measure) and of.aggregate in _LISTED


def _made_of(measure: r.AnyMeasure) -> tuple[object, ...]:
    """Return what two measures have in common that are made of the same rows."""
    if isinstance(measure, r.Measure):
        counted = measure.field if measure.aggregate == "distinct" else ""
        return (measure.table, measure.where, measure.when, counted)
    return (measure.of, measure.by) if isinstance(measure, r.Concentration) else (measure.name,)


def _draft(shown: Shown, measures: Sequence[r.AnyMeasure], figures: Mapping[str, Sequence[Number]]) -> Draft:
    first = measures[0]
    current = {measure.name: figures[measure.name][-1] for measure in measures}
    if isinstance(first, r.Ratio):
        return _parts(first, [figures[name][-1] for name in (first.over, first.under)])
    if isinstance(first, r.Revalued):
        return _currencies(shown, first)
    if isinstance(first, r.Concentration):
        return listed_items(shown, [each for each in measures if isinstance(each, r.Concentration)])
    plain = [measure for measure in measures if isinstance(measure, r.Measure)]
    if first.aggregate == "distinct":
        return counted_values(shown, plain)
    return rows_of_table(shown, plain, current)


def _parts(measure: r.Ratio, values: Sequence[Number]) -> Draft:
    figure = Backed(measure.name, "ratio", divided(*values))
    block = RowBlock("parts", "", (figure,), parts=(measure.over, measure.under))
    return Draft(0, lambda _room: block)


def _currencies(shown: Shown, measure: r.Revalued) -> Draft:
    """Return the balance of each currency, with the rate of the period's last day."""
    evaluator, period = shown.evaluator, shown.period
    conversions = evaluator.model.conversions
    lines = list(conversions.revalued(evaluator.balances(measure, period), period))
    found = [converted for _, _, converted in lines]
    values = [None if each is None else each.amount for each in found]
    language = evaluator.model.language
    currency, balance = language.texts("Currency", "Balance in the currency")
    value = language.text("Value {unit}", unit=conversions.parameters.base_currency)
    rate = language.text("Rate of {day}", day=language.forms.day(period.end))
    columns: list[tuple[ModelColumn, list[object]]] = [
        (ModelColumn("currency", currency, Kind.TEXT), [name for name, _, _ in lines]),
        (ModelColumn("value", value, Kind.DECIMAL, "money"), [*values]),
        (ModelColumn("balance", balance, Kind.DECIMAL, "money"), [amount for _, amount, _ in lines]),
        (ModelColumn("rate", rate, Kind.DECIMAL), [each and conversions.shown(each) for each in found]),
    ]
    total = None if None in values else sum(filter(None, values), Decimal(0))
    block = RowBlock(
        "currencies",
        evaluator.model.table(measure.table).title,
        (Backed(measure.name, "balance", total, 1),),
        tuple(column for column, _ in columns),
        tuple(
            LazyColumn(pa.chunked_array([array(column.kind, cells, column.name)]))
            for column, cells in columns
        ),
        added=(1,),
        height=len(lines),
    )
    return Draft(len(lines), lambda _room: block)
