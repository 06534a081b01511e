"""Compute pivots: every level from the rows themselves, so that distinct counts and ratios are right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.measures import ROLLED_UP, Evaluator, Groups, Key, divided
from xlreport.analysis.periods import Period
from xlreport.analysis.results import ModelColumn, Number, PivotItem, PivotRow, PivotTable
from xlreport.analysis.sql import ALWAYS, Sql, condition_sql, join
from xlreport.errors import SpecError, located
from xlreport.spec import records as r
from xlreport.text import listing

__all__ = ["NOT_STATED", "pivot_table"]

NOT_STATED = "Not stated"
"""Label of the rows that have no value in a field; never dropped in silence."""

_TOTAL = "Total"
_REST: Key = ("the rest",)


@dataclass(frozen=True, slots=True)
class _Item:
    """One column item: its label, the period that it is computed for, and its label in the groups."""

    label: str
    period: Period
    key: object = ROLLED_UP


@dataclass(frozen=True, slots=True)
class _Cells:
    """The figures behind a pivot: for each item and value field, the groups now and a period before."""

    now: dict[tuple[int, int], Groups]
    before: dict[tuple[int, int], Groups]

    def change(self, key: Key, item: int, value: int) -> Number:
        now, before = self.now[item, value].get(key), self.before[item, value].get(key)
        return None if now is None or before is None else now - before

    def share(self, key: Key, item: int, value: int, total: Key) -> Number:
        groups = self.now[item, value]
        return divided(groups.get(key), groups.get(total))


def pivot_table(evaluator: Evaluator, pivot: r.Pivot, history: Sequence[Period]) -> PivotTable:
    """Return a pivot for the last period of the history, or with a column per period."""
    _check(evaluator, pivot)
    items = list(_items(evaluator, pivot, history))
    cells = _cells(evaluator, pivot, items)
    measures = [evaluator.spec.measure(value.measure) for value in pivot.values]
    return PivotTable(
        pivot=pivot,
        row_titles=tuple(column.title for column in _row_columns(evaluator, pivot)),
        items=tuple(map(_column_item, items)) if pivot.columns else (),
        column_titles=tuple(axis.title or axis.name for axis in pivot.columns),
        titles=tuple(_title(value, measure) for value, measure in zip(pivot.values, measures, strict=True)),
        units=tuple(_unit(value, measure) for value, measure in zip(pivot.values, measures, strict=True)),
        rows=tuple(_rows(evaluator, pivot, items, cells)),
    )


def _check(evaluator: Evaluator, pivot: r.Pivot) -> None:
    """Refuse fields that a measure's table lacks, with the path in the definition."""
    with located(f"$.pivots.{pivot.name}"):
        for value in pivot.values:
            table = _table(evaluator, value)
            for name in (*_row_fields(pivot), *([] if pivot.by_period else _column_fields(pivot))):
                table.field(name)
            condition_sql(pivot.where, table.scope(evaluator.model.history[-1]))
    if pivot.top and pivot.subtotals and len(pivot.rows) > 1:
        message = (
            f"$.pivots.{pivot.name}.top: a top is taken of whole rows; with {listing(_row_fields(pivot))} "
            "as rows, say subtotals: false."
        )
        raise SpecError(message)


def _table(evaluator: Evaluator, value: r.PivotValue) -> BuiltTable:
    return evaluator.model.table(evaluator.table_of(evaluator.spec.measure(value.measure)))


def _row_columns(evaluator: Evaluator, pivot: r.Pivot) -> list[ModelColumn]:
    table = _table(evaluator, pivot.values[0])
    return [table.column(name) for name in _row_fields(pivot)]


def _row_fields(pivot: r.Pivot) -> list[str]:
    return [axis.field for axis in pivot.rows]


def _column_fields(pivot: r.Pivot) -> list[str]:
    return [axis.field for axis in pivot.columns]


# --- columns ----------------------------------------------------------------------------------------


def _items(evaluator: Evaluator, pivot: r.Pivot, history: Sequence[Period]) -> Iterator[_Item]:
    current = history[-1]
    if not pivot.columns:
        yield _Item("", current)
    elif pivot.by_period:
        yield from (_Item(period.label, period) for period in history)
        if len(history) > 1 and all(_adds_up_over_time(evaluator, value) for value in pivot.values):
            yield _Item(_TOTAL, Period(history[0].start, current.end))
    else:
        for label in _column_labels(evaluator, pivot, current):
            yield _Item(_shown(label), current, label)
        yield _Item(_TOTAL, current)


def _column_item(item: _Item) -> PivotItem:
    return PivotItem((item.label,), "total" if item.label == _TOTAL else "body", item.label != _TOTAL)


def _adds_up_over_time(evaluator: Evaluator, value: r.PivotValue) -> bool:
    measure = evaluator.spec.measure(value.measure)
    return isinstance(measure, r.Measure) and measure.when.kind == "in" and value.show == "value"


def _column_labels(evaluator: Evaluator, pivot: r.Pivot, period: Period) -> list[object]:
    name = pivot.columns[0].field
    found: set[object] = set()
    order: tuple[str, ...] = ()
    for value in pivot.values:
        measure = evaluator.spec.measure(value.measure)
        order = order or evaluator.model.table(evaluator.table_of(measure)).column(name).order
        found |= {key[0] for key in evaluator.groups(measure, [name], [[name]], period, pivot.where)}
    return sorted(found, key=lambda label: _label_rank(label, order))


# --- figures ----------------------------------------------------------------------------------------


def _cells(evaluator: Evaluator, pivot: r.Pivot, items: Sequence[_Item]) -> _Cells:
    # a top is taken of whole rows, so the levels between are not wanted
    depths = (len(pivot.rows), 0) if pivot.top else range(len(pivot.rows), -1, -1)
    levels = [_row_fields(pivot)[:depth] for depth in depths]
    return _computed(evaluator, pivot, items, levels, ALWAYS)


def _computed(
    evaluator: Evaluator, pivot: r.Pivot, items: Sequence[_Item], levels: Sequence[Sequence[str]], extra: Sql
) -> _Cells:
    cells = _Cells({}, {})
    for position, value in enumerate(pivot.values):
        for index, item in enumerate(items):
            cells.now[index, position] = _item_groups(evaluator, pivot, value, item, levels, extra)
            if value.show in ("change", "changePercent"):
                earlier = replace(item, period=item.period.before())
                cells.before[index, position] = _item_groups(evaluator, pivot, value, earlier, levels, extra)
    return cells


def _item_groups(
    evaluator: Evaluator,
    pivot: r.Pivot,
    value: r.PivotValue,
    item: _Item,
    levels: Sequence[Sequence[str]],
    extra: Sql,
) -> Groups:
    measure = evaluator.spec.measure(value.measure)
    if item.key is ROLLED_UP:
        return evaluator.groups(measure, _row_fields(pivot), levels, item.period, pivot.where, extra)
    name = pivot.columns[0].field
    crossed = [(*level, name) for level in levels]
    found = evaluator.groups(measure, (*_row_fields(pivot), name), crossed, item.period, pivot.where, extra)
    return {key[:-1]: figure for key, figure in found.items() if key[-1] == item.key}


# --- rows -------------------------------------------------------------------------------------------


def _rows(evaluator: Evaluator, pivot: r.Pivot, items: Sequence[_Item], cells: _Cells) -> Iterator[PivotRow]:
    total: Key = (ROLLED_UP,) * len(pivot.rows)
    keys = _ordered(evaluator, pivot, items, cells)
    kept, rest = (keys[: pivot.top.n], keys[pivot.top.n :]) if pivot.top else (keys, [])
    running: dict[tuple[int, int], Decimal] = {}
    depth = len(pivot.rows)
    for key in kept:
        level = sum(label is not ROLLED_UP for label in key)
        if level < depth and not pivot.subtotals:
            continue
        values = _values(pivot, items, cells, key, total, running if level == depth else None)
        yield PivotRow(_labels(key), "body" if level == depth else "subtotal", level, values)
    if pivot.top and rest:
        yield _other(evaluator, pivot, items, cells, kept, len(rest), running)
    if pivot.grand_total and keys:
        labels = (_TOTAL, *("" for _ in range(depth - 1)))
        yield PivotRow(labels, "total", 0, _values(pivot, items, cells, total, total, None))


def _values(
    pivot: r.Pivot,
    items: Sequence[_Item],
    cells: _Cells,
    key: Key,
    total: Key,
    running: dict[tuple[int, int], Decimal] | None,
) -> tuple[Number, ...]:
    found: list[Number] = []
    for index in range(len(items)):
        for position, value in enumerate(pivot.values):
            if value.show == "cumulativeShare":
                groups = cells.now[index, position]
                found.append(_running_share(groups, key, total, running, (index, position)))
            else:
                found.append(_shown_figure(value, cells, key, total, (index, position)))
    return tuple(found)


def _shown_figure(value: r.PivotValue, cells: _Cells, key: Key, total: Key, cell: tuple[int, int]) -> Number:
    """Return what a value field shows: the figure, its share, or its change."""
    if value.show in ("value", "cumulativeShare"):
        return cells.now[cell].get(key)
    if value.show == "share":
        return cells.share(key, *cell, total)
    change = cells.change(key, *cell)
    return change if value.show == "change" else divided(change, cells.before[cell].get(key))


def _running_share(
    groups: Groups,
    key: Key,
    total: Key,
    running: dict[tuple[int, int], Decimal] | None,
    cell: tuple[int, int],
) -> Number:
    if running is None:
        return None
    running[cell] = running.get(cell, Decimal(0)) + (groups.get(key) or 0)
    return divided(running[cell], groups.get(total))


def _other(
    evaluator: Evaluator,
    pivot: r.Pivot,
    items: Sequence[_Item],
    cells: _Cells,
    kept: Sequence[Key],
    count: int,
    running: dict[tuple[int, int], Decimal],
) -> PivotRow:
    """Compute what the top leaves over from its rows: a distinct count of the rest is no difference."""
    rest = _computed(evaluator, pivot, items, [()], _outside(_table(evaluator, pivot.values[0]), pivot, kept))
    total: Key = (ROLLED_UP,) * len(pivot.rows)
    merged = _Cells(
        {cell: {**cells.now[cell], _REST: groups.get(total)} for cell, groups in rest.now.items()},
        {cell: {**cells.before[cell], _REST: groups.get(total)} for cell, groups in rest.before.items()},
    )
    values = _values(pivot, items, merged, _REST, total, running)
    word = pivot.top.other if pivot.top else ""
    return PivotRow((f"{word} ({count:,})", *("" for _ in pivot.rows[1:])), "other", len(pivot.rows), values)


def _outside(table: BuiltTable, pivot: r.Pivot, kept: Sequence[Key]) -> Sql:
    """Return the SQL of the rows whose labels are not those of a row that is kept."""
    match = " AND ".join(f"{table.field(name)} IS NOT DISTINCT FROM ?" for name in _row_fields(pivot))
    return "NOT (" + join((Sql(f"({match})", key) for key in kept), " OR ") + ")"


def _ordered(evaluator: Evaluator, pivot: r.Pivot, items: Sequence[_Item], cells: _Cells) -> list[Key]:
    """Return the keys of all rows but the total: outer groups sorted, each followed by what is in it."""
    total: Key = (ROLLED_UP,) * len(pivot.rows)
    keys = {key for groups in cells.now.values() for key in groups} - {total}
    orders = [column.order for column in _row_columns(evaluator, pivot)]
    item = len(items) - 1
    if pivot.by_period and items[-1].label == _TOTAL:
        item -= 1

    def rank(key: Key, levels: range) -> tuple[object, ...]:
        labels = tuple(_label_rank(key[level], orders[level]) for level in levels)
        if not pivot.sort.by:
            return labels
        value = pivot.values[pivot.sort.by - 1]
        figure = _shown_figure(value, cells, key, total, (item, pivot.sort.by - 1))
        amount = Decimal(figure or 0)
        return (figure is None, -amount if pivot.sort.descending else amount, labels)

    def ordered(keys: Iterable[Key], levels: range) -> list[Key]:
        return sorted(keys, key=lambda key: rank(key, levels), reverse=_reversed(pivot))

    def descend(prefix: Key) -> Iterator[Key]:
        level = len(prefix)
        for key in ordered((key for key in keys if _at(key, prefix, level)), range(level, level + 1)):
            yield key
            if level + 1 < len(pivot.rows):
                yield from descend(key[: level + 1])

    return ordered(keys, range(len(pivot.rows))) if pivot.top else list(descend(()))


def _reversed(pivot: r.Pivot) -> bool:
    return not pivot.sort.by and pivot.sort.descending


def _at(key: Key, prefix: Key, level: int) -> bool:
    """Tell whether ``key`` is a row of exactly one level below ``prefix``."""
    below = all(label is ROLLED_UP for label in key[level + 1 :])
    return key[:level] == prefix and key[level] is not ROLLED_UP and below


def _label_rank(label: object, order: Sequence[str]) -> tuple[object, ...]:
    """Return what labels are sorted by: the column's own order, then the alphabet, the missing last."""
    shown = _shown(label)
    place = order.index(shown) if shown in order else len(order)
    number = label if isinstance(label, int | Decimal) and not isinstance(label, bool) else 0
    return (label is None, place, number, shown.casefold(), shown)


def _labels(key: Key) -> tuple[str, ...]:
    return tuple("" if label is ROLLED_UP else _shown(label) for label in key)


def _shown(label: object) -> str:
    if label is None:
        return NOT_STATED
    return {True: "Yes", False: "No"}[label] if isinstance(label, bool) else str(label)


def _title(value: r.PivotValue, measure: r.AnyMeasure) -> str:
    suffix = {
        "share": ", share",
        "cumulativeShare": ", cumulative share",
        "change": ", change",
        "changePercent": ", change",
    }
    return value.title or measure.title + suffix.get(value.show, "")


def _unit(value: r.PivotValue, measure: r.AnyMeasure) -> r.Unit:
    return measure.unit if value.show in ("value", "change") else "percent"
