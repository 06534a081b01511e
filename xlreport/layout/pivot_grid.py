"""Turn a computed pivot into its grid: which line, label and header stands in which cell.

The analysis gives the lines of the outline form, a subtotal above what it is of. The tabular form puts it
below; the compact form has all labels in one column. Everything else about a pivot (formulas, native parts,
charts) asks the grid where a cell is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xlreport.analysis.results import PivotItem, PivotRow, PivotTable
from xlreport.cells import Range, cell_name
from xlreport.plan_pivots import PivotForm

__all__ = ["Grid", "Line", "grid_of", "joined_titles"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of cells below the header."""

    keys: tuple[str, ...]
    """Labels of the line from the outermost field to its own level; empty for the grand total."""
    labels: tuple[str, ...]
    """What stands in the label columns; an empty text for an empty cell."""
    kind: Literal["body", "subtotal", "other", "total", "heading"]
    """``heading``: the label of an outer item above its lines, without values."""
    row: PivotRow | None
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A pivot at its place on a sheet."""

    table: PivotTable
    form: PivotForm
    row: int
    """Of the first header row; 1-based, as all below."""
    column: int
    header_rows: int
    captions: bool
    """Whether the first header row has the names of the column fields, as a native PivotTable has."""
    lines: tuple[Line, ...]
    items: tuple[PivotItem, ...]
    """The column items; one without labels where there are no column fields."""
    shown_at: Mapping[tuple[str, ...], int]
    """Labels from the outermost field down to a level -> the first line that shows the last of them."""

    @property
    def label_columns(self) -> int:
        """Number of columns with row labels."""
        return 1 if self.form == "compact" else len(self.table.pivot.rows)

    @property
    def values(self) -> int:
        """Number of value fields."""
        return len(self.table.pivot.values)

    @property
    def first_line(self) -> int:
        """Row of the first line."""
        return self.row + self.header_rows

    @property
    def first_value(self) -> int:
        """Column of the first value."""
        return self.column + self.label_columns

    @property
    def cells(self) -> Range:
        """All cells, headers included."""
        height = self.header_rows + len(self.lines)
        width = self.label_columns + len(self.items) * self.values
        return Range.at(self.row, self.column, height, width)

    def position(self, line: int, item: int, value: int) -> tuple[int, int]:
        """Return row and column of a value; all three are counted from 0."""
        return self.first_line + line, self.first_value + item * self.values + value

    def name(self, line: int, item: int, value: int, *, absolute: bool = False) -> str:
        """Return the address of a value's cell."""
        return cell_name(*self.position(line, item, value), absolute=absolute)

    def line_label(self, line: int, level: int) -> str:
        """Return the address of the cell that shows the label of a line at a level, an outer one above it."""
        at = self.shown_at[self.lines[line].keys[: level + 1]]
        column = 0 if self.form == "compact" else level
        own = self.lines[line]
        if self.form != "compact" and own.labels[level] == own.keys[level]:
            at = line
        return f"${cell_name(self.first_line + at, self.column + column)}"

    def item_label(self, item: int, level: int) -> str:
        """Return the address of the cell that shows the label of a column item at a level."""
        own = self.items[item].labels[: level + 1]
        first = next(
            number
            for number, each in enumerate(self.items)
            if each.labels[: level + 1] == own and each.level > level
        )
        row, column = self.row + self.captions + level, self.first_value + first * self.values
        letters = cell_name(row, column).rstrip("0123456789")
        return f"{letters}${row}"


def grid_of(table: PivotTable, row: int, column: int) -> Grid:
    """Return the grid of a pivot whose first header cell is at ``row`` and ``column``."""
    pivot = table.pivot
    native = pivot.mode == "native"
    form: PivotForm = pivot.form
    if form == "outline" and native and not pivot.subtotals and len(pivot.rows) > 1:
        form = "tabular"  # in the outline form Excel gives an outer item a line of its own in any case
    levels = len(pivot.columns) + (len(pivot.values) > 1 and bool(table.items))
    captions = native and bool(table.items)
    lines = tuple(_lines(table, form, repeats=not native))
    return Grid(
        table=table,
        form=form,
        row=row,
        column=column,
        header_rows=max(levels, 1) + captions,
        captions=captions,
        lines=lines,
        items=table.items or (PivotItem((), "body", 0),),
        shown_at=_places_of_labels(lines, form),
    )


def _places_of_labels(lines: Sequence[Line], form: PivotForm) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines):
        for level, label in enumerate(line.keys):
            innermost = level == len(line.keys) - 1
            if innermost if form == "compact" else line.labels[level] == label:
                found.setdefault(line.keys[: level + 1], number)
    return found


def joined_titles(titles: Sequence[str]) -> str:
    """Return the names of the fields of an axis, which share one cell in the compact form."""
    return " · ".join(titles)


def _lines(table: PivotTable, form: PivotForm, *, repeats: bool) -> Iterator[Line]:
    if form == "tabular":
        yield from _tabular(table, repeats=repeats)
    elif form == "compact":
        yield from _compact(table)
    else:
        for row in table.rows:
            yield Line(_keys(row), _outline_labels(table, row), row.kind, row)


def _keys(row: PivotRow) -> tuple[str, ...]:
    """Return the labels that tell what a line is of; the line with the rest is known by its one label."""
    return () if row.kind == "total" else row.labels[:1] if row.kind == "other" else row.labels[: row.level]


def _outline_labels(table: PivotTable, row: PivotRow) -> tuple[str, ...]:
    """Return the label of a line at its own level alone; all of them where no line above shows the others."""
    if row.kind in ("other", "total") or not table.pivot.subtotals:
        return row.labels
    return tuple(label if level == row.level - 1 else "" for level, label in enumerate(row.labels))


def _compact(table: PivotTable) -> Iterator[Line]:
    """Yield the lines with all labels in one column; an outer item without a subtotal has a heading."""
    headed: tuple[str, ...] = ()
    for row in table.rows:
        keys = _keys(row)
        if row.kind == "body":
            for level in range(1, len(keys)):
                if headed[:level] != keys[:level]:
                    yield Line(keys[:level], (keys[level - 1],), "heading", None, level - 1)
                    headed = keys[:level]
        else:
            headed = keys
        yield Line(keys, (row.labels[max(len(keys), 1) - 1],), row.kind, row, max(len(keys), 1) - 1)


def _tabular(table: PivotTable, *, repeats: bool) -> Iterator[Line]:
    """Yield the lines with each subtotal below what it is of."""
    waiting: list[PivotRow] = []
    before: tuple[str, ...] = ()
    for row in table.rows:
        while waiting and (row.kind in ("total", "other") or row.level <= waiting[-1].level):
            yield _subtotal_below(table, waiting.pop())
            before = ()
        if row.kind == "subtotal":
            waiting.append(row)
            continue
        keys = _keys(row)
        shown = row.labels
        if row.kind == "body" and (table.pivot.subtotals or not repeats):
            shown = tuple(_unrepeated(row.labels, before))
            before = row.labels
        yield Line(keys, shown, row.kind, row)
    yield from (_subtotal_below(table, row) for row in reversed(waiting))


def _subtotal_below(table: PivotTable, row: PivotRow) -> Line:
    level = row.level - 1
    label = table.total_of.format(label=row.labels[level])
    labels = tuple(label if at == level else "" for at in range(len(table.pivot.rows)))
    return Line(row.labels[: row.level], labels, "subtotal", row)


def _unrepeated(labels: Sequence[str], before: Sequence[str]) -> Iterator[str]:
    same = True
    for at, label in enumerate(labels):
        same = same and at < len(labels) - 1 and at < len(before) and before[at] == label
        yield "" if same else label
