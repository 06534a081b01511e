"""Give pivots that stay alive in the workbook the columns of the data sheet that they read.

A formula or a native PivotTable computes its cells from an Excel table. Where the table's own columns do
not say what the pivot shows (a month, a label put right, whether a row enters at all), a column that does
is added at its end.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from xlreport.analysis.axes import NO, YES, axis_column
from xlreport.analysis.built import BuiltTable
from xlreport.analysis.measures import Evaluator
from xlreport.analysis.periods import Period
from xlreport.analysis.results import (
    AxisSource,
    CellAggregate,
    ModelColumn,
    PivotSource,
    PivotTable,
    ValueSource,
)
from xlreport.analysis.sql import ALWAYS, Sql, both, condition_sql, join, quoted
from xlreport.errors import SpecError, located
from xlreport.spec import records as r
from xlreport.tables import Kind

__all__ = ["Extra", "enlivened"]

_SEVERAL: Final = 2
_MOST_USES: Final = 2
_AGGREGATES: Final[Mapping[str, CellAggregate]] = {
    "sum": "sum",
    "count": "count",
    "mean": "average",
    "min": "min",
    "max": "max",
}
"""What Excel can do with the cells of one column."""


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that a data sheet has for a live pivot's sake."""

    column: ModelColumn
    sql: Sql


def enlivened(
    evaluator: Evaluator, pivots: Mapping[str, PivotTable], history: Sequence[Period]
) -> tuple[dict[str, PivotTable], dict[str, tuple[Extra, ...]]]:
    """Return the pivots with the sources of those that are alive, and what to add to each data sheet.

    SpecError where a pivot shows what Excel cannot compute from the rows of one table.
    """
    sheets: dict[str, _Sheet] = {}
    found = dict(pivots)
    shown = {name for sheet in evaluator.spec.sheets for name in sheet.pivots}
    for name, table in pivots.items():
        if table.pivot.mode != "static" and name in shown:
            with located(f"$.pivots.{name}"):
                found[name] = replace(table, source=_source(evaluator, table, history, sheets))
    return found, {name: tuple(sheet.extras.values()) for name, sheet in sheets.items()}


@dataclass(slots=True)
class _Sheet:
    """A data sheet that live pivots read."""

    name: str
    table: BuiltTable
    columns: set[str]
    """Names of the columns that it has anyway."""
    marks: set[str]
    """Measures whose rows it marks."""
    extras: dict[str, Extra] = field(default_factory=dict)

    def with_field(self, name: str) -> str:
        """Return the name of a field's column, which is added where the sheet does not show it."""
        if name not in self.columns and name not in self.extras:
            self.extras[name] = Extra(self.table.column(name), Sql(self.table.field(name)))
        return name

    def expression(self, column: str) -> Sql:
        """Return the SQL of a column of the sheet."""
        if column in self.extras:
            return self.extras[column].sql
        return Sql(self.table.field(column))

    def with_extra(self, title: str, kind: Kind, sql: Sql, meaning: str, unit: r.Unit = "") -> str:
        """Return the name of a column with what ``sql`` gives, which pivots share."""
        name = f"live {sql.text} {sql.values!r}"
        if name not in self.extras:
            self.extras[name] = Extra(ModelColumn(name, title, kind, unit, meaning), sql)
        return name


def _source(
    evaluator: Evaluator, table: PivotTable, history: Sequence[Period], sheets: dict[str, _Sheet]
) -> PivotSource:
    pivot = table.pivot
    measures = [_parts(evaluator, table, position) for position in range(len(pivot.values))]
    every = [measure for parts in measures for measure in parts]
    sheet = _sheet(evaluator, every, sheets)
    periods = history if pivot.by_period else history[-1:]
    entering = [_entering(evaluator, pivot, measure, periods) for measure in every]
    whole = _any(entering)
    if pivot.top and len(pivot.rows) > 1:
        message = "a live pivot has a top with one row field only; say mode: static."
        raise SpecError(message)
    filters = tuple(_axis(evaluator, sheet, each.field) for each in pivot.filters)
    chosen = _kept(evaluator, sheet, table)
    if pivot.mode == "formula":
        chosen = both(
            *(_let_through(sheet, *each) for each in zip(pivot.filters, filters, strict=True)), chosen
        )
    member = _member(evaluator, sheet, table, every, both(whole, chosen))
    columns = [
        _value(evaluator, sheet, pivot, each, rows, whole) for each, rows in zip(every, entering, strict=True)
    ]
    values = iter(_apart(evaluator, sheet, columns) if pivot.mode == "native" else columns)
    return PivotSource(
        sheet=sheet.name,
        rows=tuple(_outer(evaluator, sheet, table, pivot.rows)),
        columns=(_periods(evaluator, sheet, table, every, history, beyond=bool(member)),)
        if pivot.by_period
        else tuple(_axis(evaluator, sheet, axis) for axis in pivot.columns),
        filters=filters,
        values=tuple(tuple(next(values) for _ in parts) for parts in measures),
        member=member,
        yes_no=evaluator.model.language.texts(YES, NO),
        sliced={
            each.field.name: _axis(evaluator, sheet, each.field) for each in _slicers(evaluator.spec, pivot)
        },
    )


def _kept(evaluator: Evaluator, sheet: _Sheet, table: PivotTable) -> Sql:
    """Return the SQL of the rows that a top without a rest keeps.

    A filter of Excel would keep others where values are equal, or where the order is not by a value.
    """
    pivot = table.pivot
    if not pivot.top or pivot.top.other:
        return ALWAYS
    labels = tuple(row.labels[0] for row in table.rows if row.kind == "body")
    return _one_of(sheet, _axis(evaluator, sheet, pivot.rows[0]), labels)


def _let_through(sheet: _Sheet, each: r.PivotFilter, axis: AxisSource) -> Sql:
    """Return the SQL of the rows with one of several labels, which no single criterion of Excel finds."""
    if len(each.values) < _SEVERAL:
        return ALWAYS
    return _one_of(sheet, axis, each.values)


def _one_of(sheet: _Sheet, axis: AxisSource, labels: Sequence[str]) -> Sql:
    places = ", ".join("?" for _ in labels) or "NULL"
    return _label(sheet, axis) + Sql(f" IN ({places})", tuple(labels))


def _label(sheet: _Sheet, axis: AxisSource) -> Sql:
    """Return the SQL of a row's label, as text."""
    return "CAST(" + sheet.expression(axis.column) + " AS VARCHAR)"


def _slicers(spec: r.ReportSpec, pivot: r.Pivot) -> Iterator[r.SlicerSpec]:
    """Yield the slicers that filter a native pivot."""
    for sheet in spec.sheets:
        if pivot.mode == "native" and pivot.name in sheet.pivots:
            yield from (each for each in sheet.slicers if pivot.name in (each.pivots or sheet.pivots))


def _outer(
    evaluator: Evaluator, sheet: _Sheet, table: PivotTable, axes: Sequence[r.AxisField]
) -> Iterator[AxisSource]:
    """Yield the sources of the row fields; a top groups the first of them."""
    for position, axis in enumerate(axes):
        source = _axis(evaluator, sheet, axis)
        yield _grouped(evaluator, sheet, table, source) if table.pivot.top and not position else source


def _parts(evaluator: Evaluator, table: PivotTable, position: int) -> list[r.Measure]:
    """Return the aggregates that a value field is made of: one, or the two of a ratio; none for a value."""
    value = table.pivot.values[position]
    measure = evaluator.spec.measure(value.measure)
    native = table.pivot.mode == "native"
    with located(f"values[{position}]"):
        if native and value.is_change:
            message = (
                f"'{value.measure}' shows the change from the period before, which a native PivotTable has "
                "no rows for; say mode: static, or show: difference with the columns by year."
            )
            raise SpecError(message)
        parts = (
            [evaluator.spec.measure(measure.over), evaluator.spec.measure(measure.under)]
            if isinstance(measure, r.Ratio) and not native
            else [measure]
        )
        able = [part for part in parts if isinstance(part, r.Measure) and part.aggregate in _AGGREGATES]
        if len(able) == len(parts):
            return able
        if native:
            message = (
                f"'{value.measure}' is {_what(measure)}, which a native PivotTable cannot compute; say mode: "
                "formula or static."
            )
            raise SpecError(message)
    return []


def _what(measure: r.AnyMeasure) -> str:
    if isinstance(measure, r.Measure):
        return {"distinct": "a count of different values"}.get(measure.aggregate, f"a {measure.aggregate}")
    return "a ratio" if isinstance(measure, r.Ratio) else "made of other measures"


def _sheet(evaluator: Evaluator, measures: Sequence[r.Measure], sheets: dict[str, _Sheet]) -> _Sheet:
    names = {measure.table for measure in measures}
    if len(names) != 1:
        has = "none that Excel can compute" if not names else f"measures of {len(names)} tables"
        message = f"it has {has}; a live pivot reads the rows of one table, so say mode: static."
        raise SpecError(message)
    table = evaluator.model.table(names.pop())
    spec = next(each for each in evaluator.spec.sheets if each.kind == "data" and each.table == table.name)
    if spec.name not in sheets:
        columns = {each.field for each in spec.columns} or {
            name for name in table.columns if not name.startswith("_")
        }
        marks = {mark.measure for mark in spec.marks if not mark.key}
        sheets[spec.name] = _Sheet(spec.name, table, columns, marks)
    return sheets[spec.name]


# --- rows -------------------------------------------------------------------------------------------


def _entering(evaluator: Evaluator, pivot: r.Pivot, measure: r.Measure, periods: Sequence[Period]) -> Sql:
    """Return the SQL that tells whether a row enters a measure of the pivot in one of the periods."""
    if len(periods) > 1 and measure.when.kind not in ("in", "is"):
        message = (
            f"'{measure.name}' counts a row in several periods, and a row of a table stands in one column of "
            "a live pivot; say mode: static."
        )
        raise SpecError(message)
    conditions = [
        both(
            evaluator.condition(measure, period),
            condition_sql(pivot.where, evaluator.model.table(measure.table).scope(period)),
        )
        for period in periods
    ]
    return _any(conditions)


def _any(conditions: Sequence[Sql]) -> Sql:
    different = list(dict.fromkeys(conditions))
    if ALWAYS in different:
        return ALWAYS
    return join(("(" + each + ")" for each in different), " OR ") if len(different) > 1 else different[0]


def _member(
    evaluator: Evaluator, sheet: _Sheet, table: PivotTable, measures: Sequence[r.Measure], whole: Sql
) -> str:
    """Return the column that says Yes in the rows that enter the pivot; nothing where all do."""
    if whole == ALWAYS:
        return ""
    outside = "SELECT count(*) FROM " + f"{quoted(sheet.table.stored)} t WHERE (" + whole + ") IS NOT TRUE"
    if not evaluator.model.engine.rows(outside)[0][0]:
        return ""
    marked = next((each.name for each in measures if each.name in sheet.marks), "")
    if marked and evaluator.condition(evaluator.spec.measure(marked), evaluator.model.history[-1]) == whole:  # type: ignore[arg-type]  # marks are of plain measures
        return f"mark {marked}"
    language, pivot = evaluator.model.language, evaluator.model.filled(table.pivot.title)
    sql = "CASE WHEN " + whole + Sql(" THEN ? ELSE ? END", language.texts(YES, NO))
    title = language.text("In: {pivot}", pivot=pivot)
    meaning = language.text("Yes where the row enters the pivot {pivot}.", pivot=pivot)
    return sheet.with_extra(title, Kind.TEXT, sql, meaning)


def _value(
    evaluator: Evaluator, sheet: _Sheet, pivot: r.Pivot, measure: r.Measure, rows: Sql, whole: Sql
) -> ValueSource:
    """Return the column that a measure aggregates; one that is empty where a row does not enter it."""
    aggregate = _AGGREGATES[measure.aggregate]
    if rows == whole and aggregate == "count":
        counted = _countable(evaluator, sheet, pivot)
        if counted:
            return ValueSource(counted, "count")
    elif rows == whole:
        return ValueSource(sheet.with_field(measure.field), aggregate)
    column = sheet.table.column(measure.field) if measure.aggregate != "count" else None
    shown = Sql(sheet.table.field(measure.field)) if column else Sql("1")
    sql = shown if rows in (ALWAYS, whole) else "CASE WHEN " + rows + " THEN " + shown + " END"
    kind, unit = (column.kind, column.unit) if column else (Kind.INTEGER, "count")
    language, figure = evaluator.model.language, measure.title
    meaning = language.text(
        "What the row brings to the figure {figure}; empty where it brings nothing.", figure=figure
    )
    title = language.text("{figure}, by row", figure=figure)
    return ValueSource(
        sheet.with_extra(title, kind, sql, meaning, unit), "sum" if aggregate == "count" else aggregate
    )


def _apart(evaluator: Evaluator, sheet: _Sheet, values: Iterable[ValueSource]) -> Iterator[ValueSource]:
    """Yield the columns of a native pivot's values, none of them more than twice: a copy takes its place.

    LibreOffice mixes up three value fields of one column.
    """
    uses: Counter[str] = Counter()
    for value in values:
        copies = uses[value.column] // _MOST_USES
        uses[value.column] += 1
        yield replace(value, column=_copy(evaluator, sheet, value.column, copies)) if copies else value


def _copy(evaluator: Evaluator, sheet: _Sheet, name: str, number: int) -> str:
    extra = sheet.extras.get(name)
    column = extra.column if extra else sheet.table.column(name)
    meaning = evaluator.model.language.text("The same as {title}, for pivots.", title=column.title)
    copied = replace(column, name=f"{name} copy {number}", description=meaning)
    sheet.extras.setdefault(copied.name, Extra(copied, sheet.expression(name)))
    return copied.name


def _countable(evaluator: Evaluator, sheet: _Sheet, pivot: r.Pivot) -> str:
    """Return a column that is never empty and has no other part in the pivot; nothing if none is so."""
    used = {axis.field for axis in (*pivot.rows, *pivot.columns, *(each.field for each in pivot.filters))}
    used |= {getattr(evaluator.spec.measure(value.measure), "field", "") for value in pivot.values}
    table = sheet.table
    names = [name for name in (*table.key, *table.columns) if name in sheet.columns and name not in used]
    if not names:
        return ""
    full = ", ".join(f"count(*) = count({table.field(name)})" for name in names)
    found = evaluator.model.engine.rows(Sql(f"SELECT {full} FROM {quoted(table.stored)} t"))[0]
    return next((name for name, is_full in zip(names, found, strict=True) if is_full), "")


# --- axes -------------------------------------------------------------------------------------------


def _axis(evaluator: Evaluator, sheet: _Sheet, axis: r.AxisField) -> AxisSource:
    found = axis_column(evaluator.model, [sheet.table], axis)
    if found.plain:
        return AxisSource(sheet.with_field(axis.field), found.order, found.title)
    language = evaluator.model.language
    title = found.title if axis.by else language.text("{title}, as grouped", title=found.title)
    meaning = language.text("{title}, as the pivots have it.", title=found.title)
    name = sheet.with_extra(title, Kind.TEXT, found.sql, meaning)
    return AxisSource(name, tuple(map(str, found.order)), found.title)


def _grouped(evaluator: Evaluator, sheet: _Sheet, table: PivotTable, source: AxisSource) -> AxisSource:
    """Return a column with the labels that a top keeps, and one label for all others."""
    other = next((row.labels[0] for row in table.rows if row.kind == "other"), "")
    if not other:
        return source
    kept = tuple(row.labels[0] for row in table.rows if row.kind == "body")
    label = _label(sheet, source)
    sql = "CASE WHEN " + _one_of(sheet, source, kept) + " THEN " + label + Sql(" ELSE ? END", (other,))
    language, field = evaluator.model.language, table.row_titles[0]
    title = language.text("{field}, first {n}", field=field, n=len(kept))
    meaning = language.text(
        "{field} in the pivot {pivot}: the first {n}, and the rest as one.",
        field=field,
        pivot=table.pivot.title,
        n=len(kept),
    )
    return AxisSource(sheet.with_extra(title, Kind.TEXT, sql, meaning), (*kept, other))


def _periods(
    evaluator: Evaluator,
    sheet: _Sheet,
    table: PivotTable,
    measures: Sequence[r.Measure],
    history: Sequence[Period],
    *,
    beyond: bool,
) -> AxisSource:
    """Return a column with the label of the period in which a row enters the pivot."""
    cases: Iterator[Sql] = (
        "WHEN "
        + _any([_entering(evaluator, table.pivot, measure, (period,)) for measure in measures])
        + Sql(" THEN ?", (period.label,))
        for period in history
    )
    sql = "CASE " + join(cases, " ") + " ELSE '–' END"
    language = evaluator.model.language
    title = language.text("Period: {pivot}", pivot=evaluator.model.filled(table.pivot.title))
    meaning = language.text("The period in which the row enters the pivot {pivot}.", pivot=table.pivot.title)
    labels = tuple(period.label for period in history)
    return AxisSource(sheet.with_extra(title, Kind.TEXT, sql, meaning), (*labels, *(["–"] if beyond else [])))
