"""Compute pivots: every level from the rows themselves, so that distinct counts and ratios are right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlreport.analysis.measures import ROLLED_UP, Evaluator, Groups, Key, divided
from xlreport.analysis.periods import Period
from xlreport.analysis.results import ModelColumn, Number, PivotRow, PivotTable
from xlreport.analysis.sql import ALWAYS, Sql
from xlreport.errors import SpecError
from xlreport.spec import records as r
from xlreport.text import listing

__all__ = ["NOT_STATED", "pivot_table"]

NOT_STATED = "Not stated"
"""Label of the rows that have no value in a field; never dropped in silence."""

_TOTAL = "Total"
_PERIOD = "period"


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
        items=tuple(item.label for item in items) if pivot.columns else (),
        titles=tuple(_title(value, measure) for value, measure in zip(pivot.values, measures, strict=True)),
        units=tuple(_unit(value, measure) for value, measure in zip(pivot.values, measures, strict=True)),
        rows=tuple(_rows(evaluator, pivot, items, cells)),
    )


def _check(evaluator: Evaluator, pivot: r.Pivot) -> None:
    """Refuse fields that a measure's table lacks, with the path in the definition."""
    for value in pivot.values:
        table = evaluator.model.table(evaluator.table_of(evaluator.spec.measure(value.measure)))
        for name in (*pivot.rows, *(name for name in pivot.columns if name != _PERIOD)):
            try:
                table.scope().field(name)
            except SpecError as error:
                message = f"$.pivots.{pivot.name}: {error}"
                raise SpecError(message) from None
    if pivot.top and len(pivot.rows) > 1:
        message = f"$.pivots.{pivot.name}.top: a top is taken of one row field, not of {listing(pivot.rows)}."
        raise SpecError(message)


def _row_columns(evaluator: Evaluator, pivot: r.Pivot) -> list[ModelColumn]:
    measure = evaluator.spec.measure(pivot.values[0].measure)
    table = evaluator.model.table(evaluator.table_of(measure))
    return [table.column(name) for name in pivot.rows]


# --- columns ----------------------------------------------------------------------------------------


def _items(evaluator: Evaluator, pivot: r.Pivot, history: Sequence[Period]) -> Iterator[_Item]:
    current = history[-1]
    if not pivot.columns:
        yield _Item("", current)
    elif pivot.columns == (_PERIOD,):
        yield from (_Item(period.label, period) for period in history)
        if len(history) > 1 and all(_adds_up_over_time(evaluator, value) for value in pivot.values):
            yield _Item(_TOTAL, Period(history[0].start, current.end))
    else:
        for label in _column_labels(evaluator, pivot, current):
            yield _Item(_shown(label), current, label)
        yield _Item(_TOTAL, current)


def _adds_up_over_time(evaluator: Evaluator, value: r.PivotValue) -> bool:
    measure = evaluator.spec.measure(value.measure)
    return isinstance(measure, r.Measure) and measure.when.kind == "in" and value.show == "value"


def _column_labels(evaluator: Evaluator, pivot: r.Pivot, period: Period) -> list[object]:
    name = pivot.columns[0]
    found: set[object] = set()
    order: tuple[str, ...] = ()
    for value in pivot.values:
        measure = evaluator.spec.measure(value.measure)
        order = order or evaluator.model.table(evaluator.table_of(measure)).column(name).order
        found |= {key[0] for key in evaluator.groups(measure, [name], [[name]], period, pivot.where)}
    return sorted(found, key=lambda label: _label_rank(label, order))


# --- figures ----------------------------------------------------------------------------------------


def _cells(evaluator: Evaluator, pivot: r.Pivot, items: Sequence[_Item]) -> _Cells:
    levels = [pivot.rows[:depth] for depth in range(len(pivot.rows), -1, -1)]
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
        return evaluator.groups(measure, pivot.rows, levels, item.period, pivot.where, extra)
    name = pivot.columns[0]
    crossed = [(*level, name) for level in levels]
    found = evaluator.groups(measure, (*pivot.rows, name), crossed, item.period, pivot.where, extra)
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
        kind = "body" if level == depth else "subtotal"
        if kind == "subtotal" and not pivot.subtotals:
            continue
        values = _values(pivot, items, cells, key, total, running if kind == "body" else None)
        yield PivotRow(_labels(key), kind, level, values)  # type: ignore[arg-type]  # one of the two literals
    if pivot.top and rest:
        yield _other(evaluator, pivot, items, cells, [key[0] for key in kept], len(rest), running)
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
            if value.show == "value":
                found.append(cells.now[index, position].get(key))
            elif value.show == "share":
                found.append(cells.share(key, index, position, total))
            elif value.show == "change":
                found.append(cells.change(key, index, position))
            elif value.show == "changePercent":
                change = cells.change(key, index, position)
                found.append(divided(change, cells.before[index, position].get(key)))
            else:
                found.append(
                    _running_share(cells.now[index, position], key, total, running, (index, position))
                )
    return tuple(found)


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
    kept: Sequence[object],
    count: int,
    running: dict[tuple[int, int], Decimal],
) -> PivotRow:
    """Compute what the top leaves over from its rows: a distinct count of the rest is no difference."""
    measure = evaluator.spec.measure(pivot.values[0].measure)
    field = evaluator.model.table(evaluator.table_of(measure)).scope().field(pivot.rows[0])
    named = tuple(label for label in kept if label is not None)
    outside = (
        Sql(f"COALESCE({field} NOT IN ({', '.join('?' * len(named))}), TRUE)", named) if named else ALWAYS
    )
    if None in kept:
        outside = outside + f" AND {field} IS NOT NULL"
    rest = _computed(evaluator, pivot, items, [()], outside)
    total: Key = (ROLLED_UP,)
    merged = _Cells(
        {cell: {**cells.now[cell], ("rest",): groups.get(total)} for cell, groups in rest.now.items()},
        {cell: {**cells.before[cell], ("rest",): groups.get(total)} for cell, groups in rest.before.items()},
    )
    values = _values(pivot, items, merged, ("rest",), total, running)
    word = pivot.top.other if pivot.top else ""
    return PivotRow((f"{word} ({count:,})",), "other", 1, values)


def _ordered(evaluator: Evaluator, pivot: r.Pivot, items: Sequence[_Item], cells: _Cells) -> list[Key]:
    """Return the keys of all rows but the total: outer groups sorted, each followed by what is in it."""
    shown = {
        key
        for (_, position), groups in cells.now.items()
        for key, figure in groups.items()
        if figure is not None and (figure or pivot.values[position].show == "value")
    }
    orders = [column.order for column in _row_columns(evaluator, pivot)]
    item = len(items) - 1
    if pivot.columns == (_PERIOD,) and items[-1].label == _TOTAL:
        item -= 1

    def rank(key: Key, level: int) -> tuple[object, ...]:
        label = _label_rank(key[level], orders[level])
        if not pivot.sort.by:
            return label
        figure = cells.now[item, pivot.sort.by - 1].get(key)
        amount = Decimal(figure or 0)
        return (figure is None, -amount if pivot.sort.descending else amount, *label)

    def descend(prefix: Key) -> Iterator[Key]:
        level = len(prefix)
        blank: Key = (ROLLED_UP,) * (len(pivot.rows) - level - 1)
        own = [key for key in shown if _at(key, prefix, level)]
        for key in sorted(own, key=lambda key: rank(key, level), reverse=_reversed(pivot)):
            yield (*key[: level + 1], *blank)
            if blank:
                yield from descend(key[: level + 1])

    return list(descend(()))


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
    return (label is None, place, shown.casefold(), shown)


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
