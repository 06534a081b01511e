"""Compute the figures of a pivot: each level of its rows and columns from the rows of the table."""

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xlreport.analysis.axes import AxisColumn
from xlreport.analysis.measures import ROLLED_UP, Evaluator
from xlreport.analysis.periods import Period
from xlreport.analysis.pivot_lines import EVERYTHING, Axis, Path
from xlreport.analysis.results import Number
from xlreport.analysis.sql import ALWAYS, Sql, both, join
from xlreport.spec import records as r
from xlreport.spec.pivot_rules import periods_add_up

__all__ = ["Asked", "Cells", "Figures", "inside", "outside"]

Figures = dict[tuple[Path, Path], Number]
"""Figure by line of the rows and line of the columns."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The figures behind a pivot: those of each value field, now and in the period before."""

    now: tuple[Figures, ...]
    before: tuple[Figures, ...]
    """Empty for the value fields that show no change."""

    def rows(self) -> set[Path]:
        """Return the lines of the rows that have any row of the table."""
        return {row for figures in self.now for row, _ in figures}

    def columns(self) -> set[Path]:
        """Return the lines of the columns that have any."""
        return {column for figures in self.now for _, column in figures}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the figures of a pivot are asked for with."""

    evaluator: Evaluator
    pivot: r.Pivot
    rows: Axis
    columns: Axis
    filters: Sql
    """Narrows the rows of the tables to those that the report filters let through."""
    history: Sequence[Period]

    def cells(self, extra: Sql = ALWAYS) -> Cells:
        """Return the figures, of the rows that ``extra`` lets through."""
        narrowed = both(self.filters, extra)

        @functools.cache  # one measure is often shown in several ways
        def figures(name: str, *, before: bool) -> Figures:
            return self._figures(self.evaluator.spec.measure(name), narrowed, before=before)

        values = self.pivot.values
        return Cells(
            tuple(figures(value.measure, before=False) for value in values),
            tuple(figures(value.measure, before=True) if value.is_change else {} for value in values),
        )

    def _figures(self, measure: r.AnyMeasure, extra: Sql, *, before: bool) -> Figures:
        found: Figures = {}
        for label, period in self._periods():
            asked = period.before() if before else period
            for key, figure in self._groups(measure, asked, extra).items():
                row = _path(key[: len(self.rows.names)])
                found[row, label or _path(key[len(self.rows.names) :])] = figure
        if self.pivot.by_period and self.adds_up:
            whole = Period(self.history[0].start, self.history[-1].end)
            for key, figure in self._groups(measure, whole, extra).items():
                found[_path(key), EVERYTHING] = figure
        return found

    def _periods(self) -> Iterator[tuple[Path, Period]]:
        """Yield the periods to ask for, each with the column that it makes."""
        if self.pivot.by_period:
            yield from (((period.label,), period) for period in self.history)
        else:
            yield EVERYTHING, self.history[-1]

    def _groups(self, measure: r.AnyMeasure, period: Period, extra: Sql) -> dict[tuple[object, ...], Number]:
        columns = () if self.pivot.by_period else self.columns.columns
        labels = [column.sql for column in (*self.rows.columns, *columns)]
        across = (0,) if self.pivot.by_period else (*reversed(self.columns.levels), 0)
        depths, width = (*reversed(self.rows.levels), 0), len(self.rows.columns)
        levels = [(*range(down), *range(width, width + right)) for down in depths for right in across]
        return self.evaluator.groups(measure, labels, levels, period, self.pivot.where, extra)

    @property
    def adds_up(self) -> bool:
        """Whether the figures of the periods add up, so that a pivot by period has a total."""
        return len(self.history) > 1 and periods_add_up(self.evaluator.spec, self.pivot)


def _path(labels: Iterable[object]) -> Path:
    return tuple(str(label) for label in labels if label is not ROLLED_UP)


def inside(columns: Sequence[AxisColumn], labels: Sequence[Path]) -> Sql:
    """Return the SQL of the rows whose labels are among the ``labels``."""
    if not labels:
        return Sql("FALSE")
    names = join((_text(column) for column in columns), ", ")
    one = "(" + ", ".join("?" * len(columns)) + ")"
    listed = Sql(", ".join([one] * len(labels)), tuple(label for path in labels for label in path))
    return "(" + names + ") IN (" + listed + ")"


def outside(columns: Sequence[AxisColumn], labels: Sequence[Path]) -> Sql:
    """Return the SQL of the other rows."""
    return "NOT (" + inside(columns, labels) + ")"


def _text(column: AxisColumn) -> Sql:
    return "CAST(" + column.sql + " AS VARCHAR)"
