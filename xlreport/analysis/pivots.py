"""Turn a pivot of the definition into its lines and figures, every level of them made from the rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from xlreport.analysis.measures import Evaluator, divided
from xlreport.analysis.periods import Period
from xlreport.analysis.pivot_axes import axes_of
from xlreport.analysis.pivot_cells import Asked, Cells, Figures, inside, outside
from xlreport.analysis.pivot_lines import EVERYTHING, Lines, Path, arranged
from xlreport.analysis.pivot_shows import ALONG, less
from xlreport.analysis.results import Number, PivotItem, PivotRow, PivotTable
from xlreport.analysis.sql import ALWAYS, Sql
from xlreport.errors import SpecError
from xlreport.format_codes import number_problems
from xlreport.language import Language, key
from xlreport.spec import records as r

__all__ = ["TOTAL", "pivot_table"]

TOTAL: Final = key("Total")
_TOTAL_OF: Final = key("{label} Total")
_LEFT_OUT: Final = key("The first {kept} of {all}; the rest is left out, and out of the totals.")

_REST: Final = ""
"""Label of the line of what a top leaves over; no other label is empty."""


@dataclass(frozen=True, slots=True)
class _Pivot:
    """A pivot with its figures, and the lines of its rows and columns in order."""

    pivot: r.Pivot
    cells: Cells
    rows: Lines
    columns: Lines
    language: Language
    along: dict[tuple[object, ...], dict[Path, Number]] = field(default_factory=dict)
    """What was found so far along base fields."""


def _check_formats(pivot: r.Pivot) -> None:
    """Refuse number formats that Excel does not understand."""
    for position, value in enumerate(pivot.values):
        code = value.number_format
        found = list(number_problems(code, percent="%" in code)) if code else []
        if found:
            path = f"$.pivots.{pivot.name}.values[{position}].numberFormat"
            message = f"{path}: '{code}' is no number format: {found[0]}."
            raise SpecError(message)


def pivot_table(evaluator: Evaluator, pivot: r.Pivot, history: Sequence[Period]) -> PivotTable:
    """Return a pivot for the last period of the history, or with a column per period.

    SpecError where its fields, measures and filters do not fit the data.
    """
    _check_formats(pivot)
    axes = axes_of(evaluator, pivot, history)
    pivot = axes.pivot
    asked = Asked(evaluator, pivot, axes.rows, axes.columns, axes.filters, history)
    made, rest, remarks = _topped(asked, _made(asked, ALWAYS))
    measures = [evaluator.spec.measure(value.measure) for value in pivot.values]
    items = list(_items(made, total=pivot.total_column and (not pivot.by_period or asked.adds_up)))
    across = [path for path, _ in items] if pivot.columns else [EVERYTHING]
    return PivotTable(
        pivot=pivot,
        row_titles=tuple(column.title for column in axes.rows.columns),
        items=tuple(item for _, item in items) if pivot.columns else (),
        titles=tuple(
            _title(value, measure, made.language)
            for value, measure in zip(pivot.values, measures, strict=True)
        ),
        units=tuple(_unit(value, measure) for value, measure in zip(pivot.values, measures, strict=True)),
        rows=tuple(_rows(made, across, rest)),
        column_titles=axes.column_titles,
        filter_titles=axes.filter_titles,
        remarks=(*axes.remarks, *remarks),
        total_of=made.language.text(_TOTAL_OF),
    )


# --- lines ------------------------------------------------------------------------------------------


def _made(asked: Asked, extra: Sql) -> _Pivot:
    """Compute the figures, and put rows and columns in order."""
    pivot, cells = asked.pivot, asked.cells(extra)
    latest = (asked.history[-1].label,) if pivot.by_period else EVERYTHING
    down, across = pivot.sort, pivot.column_sort

    def of_row(figures: Figures, path: Path) -> Number:
        return figures.get((path, latest))

    def of_column(figures: Figures, path: Path) -> Number:
        return figures.get((EVERYTHING, path))

    rows = arranged(
        asked.rows, cells.rows(), _sorting(pivot, cells, down, of_row), descending=down.descending
    )
    columns = arranged(
        asked.columns,
        cells.columns(),
        _sorting(pivot, cells, across, of_column),
        descending=across.descending,
    )
    return _Pivot(pivot, cells, rows, columns, asked.evaluator.model.language)


def _sorting(pivot: r.Pivot, cells: Cells, sort: r.Sort, of: Any) -> Any:
    """Return what lines are sorted by: what a value field is made of, or its change; None for the label."""
    if not sort.by:
        return None
    value, now, before = pivot.values[sort.by - 1], cells.now[sort.by - 1], cells.before[sort.by - 1]
    if not value.is_change:
        return lambda path: of(now, path)
    return lambda path: _change(value, of(now, path), of(before, path))


def _topped(asked: Asked, made: _Pivot) -> tuple[_Pivot, int, tuple[str, ...]]:
    """Keep the first lines where the pivot has a top; return also how many are added up, and remarks."""
    top, first = made.pivot.top, made.rows.below.get(EVERYTHING, ())
    if top is None or len(first) <= top.n:
        return made, 0, ()
    kept, count = list(first[: top.n]), len(first)
    columns = asked.rows.columns[: asked.rows.levels[0]]
    if not top.other:
        language = made.language
        remark = language.text(_LEFT_OUT, kept=language.number(top.n), all=language.number(count))
        return _made(asked, inside(columns, kept)), 0, (remark,)
    rest = _with_one_label(asked, len(columns)).cells(outside(columns, kept))
    cells = Cells(
        tuple(_with_rest(*both) for both in zip(made.cells.now, rest.now, strict=True)),
        tuple(_with_rest(*both) for both in zip(made.cells.before, rest.before, strict=True)),
    )
    line = (_REST,) * len(columns)
    rows = replace(made.rows, below={**made.rows.below, EVERYTHING: [*kept, line]})
    return replace(made, cells=cells, rows=rows), count - top.n, ()


def _with_one_label(asked: Asked, count: int) -> Asked:
    """Return the same with the label of the rest in place of those of the first row fields."""
    columns = asked.rows.columns
    alike = (replace(column, sql=Sql("?", (_REST,))) for column in columns[:count])
    return replace(asked, rows=replace(asked.rows, columns=(*alike, *columns[count:])))


def _with_rest(figures: Figures, rest: Figures) -> Figures:
    return figures | {place: figure for place, figure in rest.items() if place[0] != EVERYTHING}


def _is_rest(path: Path) -> bool:
    return path[0] == _REST


def _rows(made: _Pivot, across: Sequence[Path], rest: int) -> Iterator[PivotRow]:
    pivot, width = made.pivot, len(made.pivot.rows)
    for path in made.rows.walk():
        body = made.rows.is_body(path)
        if pivot.top and _is_rest(path):
            labels = _padded((f"{pivot.top.other} ({made.language.number(rest)})",), width)
            yield PivotRow(labels, "other", made.rows.axis.levels[0], _values(made, path, across))
        elif body or pivot.subtotals:
            values = _values(made, path, across)
            yield PivotRow(_padded(path, width), "body" if body else "subtotal", len(path), values)
    if pivot.grand_total and made.rows.below:
        yield PivotRow(
            _padded(made.language.texts(TOTAL), width), "total", 0, _values(made, EVERYTHING, across)
        )


def _items(made: _Pivot, *, total: bool) -> Iterator[tuple[Path, PivotItem]]:
    """Yield the columns, each subtotal after what it is of and the total last."""
    width = len(made.pivot.columns)

    def inside_of(path: Path) -> Iterator[tuple[Path, PivotItem]]:
        for inner in made.columns.below.get(path, ()):
            yield from inside_of(inner)
            body = made.columns.is_body(inner)
            if body or made.pivot.subtotals:
                yield inner, PivotItem(_padded(inner, width), "body" if body else "subtotal", len(inner))

    yield from inside_of(EVERYTHING)
    if total:
        yield EVERYTHING, PivotItem(_padded(made.language.texts(TOTAL), width), "total", 0)


def _padded(labels: Path, width: int) -> tuple[str, ...]:
    return (*labels, *("" for _ in range(width - len(labels))))


# --- what the cells show ----------------------------------------------------------------------------


def _values(made: _Pivot, row: Path, across: Sequence[Path]) -> tuple[Number, ...]:
    return tuple(
        _shown(made, position, row, column) for column in across for position in range(len(made.pivot.values))
    )


def _shown(made: _Pivot, position: int, row: Path, column: Path) -> Number:
    """Return what a value field shows in one cell."""
    value, now = made.pivot.values[position], made.cells.now[position]
    figure = now.get((row, column))
    if value.show == "value":
        return figure
    if value.is_change:
        return _change(value, figure, made.cells.before[position].get((row, column)))
    if value.goes_along:
        return _along(made, position, row, column)
    return divided(figure, now.get(_whole(made.pivot, value, row, column)))


def _change(value: r.PivotValue, now: Number, before: Number) -> Number:
    change = None if now is None or before is None else less(now, before)
    return change if value.show == "change" else divided(change, before)


def _whole(pivot: r.Pivot, value: r.PivotValue, row: Path, column: Path) -> tuple[Path, Path]:
    """Return the cell that a share is of; each period is a whole of its own."""
    if value.show == "shareOfRow":
        return row, EVERYTHING
    if value.show == "shareOfColumn" or pivot.by_period:
        return EVERYTHING, column
    return EVERYTHING, EVERYTHING


def _along(made: _Pivot, position: int, row: Path, column: Path) -> Number:
    """Return what a value field shows that goes along a base field, all other labels held fixed."""
    value = made.pivot.values[position]
    down, level = _base(made, value)
    parts = (made.rows if down else made.columns).split(row if down else column, level)
    if parts is None:
        return None
    parent, own, inner = parts
    key = (position, parent, inner, column if down else row)
    if key not in made.along:
        lines = made.rows if down else made.columns
        siblings = [path for path in lines.below[parent] if not _is_rest(path) or value.show in _WITH_REST]
        now = made.cells.now[position]
        figures = [now.get((path + inner, column) if down else (row, path + inner)) for path in siblings]
        made.along[key] = dict(zip(siblings, ALONG[value.show](figures), strict=True))
    return made.along[key].get(own)


_WITH_REST: Final = ("cumulativeShare", "runningTotal")
"""The rest is part of a sum, but no item that could be compared or have a rank."""


def _base(made: _Pivot, value: r.PivotValue) -> tuple[bool, int]:
    """Tell whether a value field goes along the rows, and at which of their levels (or of the columns')."""
    rows, columns = made.rows.axis, made.columns.axis
    name = made.pivot.base_of(value).name
    down = name in rows.names
    return down, (rows if down else columns).level_of(name)


# --- headings ---------------------------------------------------------------------------------------

_SHOWN_AS: Final = {
    "share": key("{measure}, share"),
    "shareOfRow": key("{measure}, share of row"),
    "shareOfColumn": key("{measure}, share of column"),
    "cumulativeShare": key("{measure}, cumulative share"),
    "change": key("{measure}, change"),
    "changePercent": key("{measure}, change"),
    "difference": key("{measure}, difference"),
    "differencePercent": key("{measure}, difference in %"),
    "runningTotal": key("{measure}, running total"),
    "rank": key("{measure}, rank"),
}


def _title(value: r.PivotValue, measure: r.AnyMeasure, language: Language) -> str:
    if value.title or value.show not in _SHOWN_AS:
        return value.title or measure.title
    return language.text(_SHOWN_AS[value.show], measure=measure.title)


def _unit(value: r.PivotValue, measure: r.AnyMeasure) -> r.Unit:
    if value.show in ("value", "change", "difference", "runningTotal"):
        return measure.unit
    return "count" if value.show == "rank" else "percent"
