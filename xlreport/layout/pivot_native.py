"""Turn the grid of a pivot into the plan of a native PivotTable over the table of its data sheet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast

from xlreport.analysis.pivots import TOTAL
from xlreport.analysis.results import AxisSource, PivotSource, PivotTable
from xlreport.language import Language, key
from xlreport.layout.context import Context
from xlreport.layout.pivot_caches import Listed
from xlreport.layout.pivot_grid import Grid, Line, joined_titles
from xlreport.plan_pivots import (
    VALUES,
    PivotAxisField,
    PivotLine,
    PivotPage,
    PivotPlan,
    PivotValueField,
    ShowAs,
)
from xlreport.spec.records import Sort

__all__ = ["VALUE_FIELDS", "native_pivot", "page_texts", "value_caption", "value_format"]

VALUE_FIELDS: Final = key("Values")
"""Heading of the fields that the values of a pivot are."""

ALL: Final = key("(All)")
SEVERAL: Final = key("(Multiple Items)")
"""As Excel says it."""


def native_pivot(context: Context, grid: Grid, name: str) -> PivotPlan:
    """Return the plan of the PivotTable whose cells the grid has; its source is there."""
    pivot, source = grid.table.pivot, grid.table.source
    assert source is not None  # noqa: S101  # the layout asks for natives of pivots with a source alone
    made = _Maker(grid, _listed(context, source))
    place = context.places.data[source.sheet]
    table = grid.table
    rows = made.axis(source.rows, table.row_titles, pivot.sort)
    columns = made.axis(source.columns, table.column_titles, pivot.column_sort)
    several = len(pivot.values) > 1
    return PivotPlan(
        name=name,
        table=place.tables[0],
        range=grid.cells,
        rows=rows,
        columns=(*columns, PivotAxisField(VALUES)) if several else columns,
        values=tuple(made.values(context, source)),
        row_lines=tuple(made.row_line(line, rows) for line in grid.lines),
        column_lines=tuple(made.column_lines(columns)),
        header_rows=grid.header_rows,
        pages=tuple(made.pages(source)),
        form=grid.form,
        row_totals=not grid.table.items or grid.items[-1].kind == "total",
        column_totals=bool(grid.lines) and grid.lines[-1].kind == "total",
        total_caption=context.language.text(TOTAL),
        row_caption=joined_titles(table.row_titles) if grid.form == "compact" else "",
        column_caption=joined_titles(table.column_titles) if grid.form == "compact" else "",
        values_caption=context.language.text(VALUE_FIELDS),
        sliced=tuple(made.sliced(source)),
        style=pivot.style or "PivotStyleMedium2",
        banded=pivot.banded,
        alt_text=context.filled(pivot.title),
    )


def _listed(context: Context, source: PivotSource) -> Listed:
    """Return what the workbook's pivots list of the table that a pivot reads."""
    place, data = context.places.data[source.sheet], context.analysis.data[source.sheet]
    return context.places.caches.listed(place.tables[0], data, place.headers)


@dataclass(frozen=True, slots=True)
class _Maker:
    grid: Grid
    listed: Listed
    captions: set[str] = field(default_factory=set)
    """Names that are taken, in lower case: those of all columns, and captions so far."""
    shown: dict[int, dict[str, int]] = field(default_factory=dict)
    """Axis field -> label -> its position."""

    def caption(self, wanted: str, column: str = "") -> str:
        """Return a caption that no column and no other caption has: ``wanted``, with blanks where need be.

        An empty text where ``wanted`` is the name of ``column`` itself.
        """
        headers = self.listed.headers
        if column and headers[column] == wanted:
            return ""
        taken = {header.casefold() for header in headers.values()} | self.captions
        while wanted.casefold() in taken:
            wanted += " "
        self.captions.add(wanted.casefold())
        return wanted

    def position(self, column: str) -> int:
        """Return the position of a column in the cache."""
        return list(self.listed.headers).index(column)

    def items(self, axis: AxisSource) -> dict[str | int, int]:
        """Return the items of a column, which this lists."""
        items = self.listed.items.setdefault(axis.column, {})
        for label in axis.order:
            items.setdefault(label, len(items))
        return items

    def axis(
        self,
        sources: Sequence[AxisSource],
        titles: Sequence[str],
        sort: Sort,
    ) -> tuple[PivotAxisField, ...]:
        """Return the fields of an axis."""
        return tuple(
            replace(
                self._axis_field(each, sort),
                caption=self.caption(title, each.column),
            )
            for each, title in zip(sources, titles, strict=True)
        )

    def _axis_field(self, axis: AxisSource, sort: Sort) -> PivotAxisField:
        pivot, items = self.grid.table.pivot, self.items(axis)
        order = [items[label] for label in axis.order]
        if sort.descending and not sort.by:
            order.reverse()
        by_value = bool(sort.by) and not (pivot.top and pivot.top.other)
        direction: Literal["ascending", "descending"] = "descending" if sort.descending else "ascending"
        return PivotAxisField(
            field=self.position(axis.column),
            order=tuple(order),
            sort=direction if by_value else "manual",
            sort_by=sort.by - 1 if by_value else None,
            subtotals=pivot.subtotals,
        )

    def values(self, context: Context, source: PivotSource) -> Iterator[PivotValueField]:
        table = self.grid.table
        for at, (value, (part,)) in enumerate(zip(table.pivot.values, source.values, strict=True)):
            base = self._base(source, table.pivot.base_of(value).name) if value.goes_along else None
            yield PivotValueField(
                field=self.position(part.column),
                caption=self.caption(value_caption(context, self.grid, at)),
                aggregate=part.aggregate,
                number_format=value_format(context, self.grid, at),
                show=cast("ShowAs", value.show),  # the analysis refuses changes from the period before
                base=base,
            )

    def _base(self, source: PivotSource, name: str) -> int:
        pivot = self.grid.table.pivot
        axes = {axis.name: each for axis, each in zip(pivot.rows, source.rows, strict=True)}
        axes |= {axis.name: each for axis, each in zip(pivot.columns, source.columns, strict=True)}
        return self.position(axes[name].column)

    def row_line(self, line: Line, rows: Sequence[PivotAxisField]) -> PivotLine:
        items = tuple(self._positions(rows, line.keys, (each.column for each in self._sources.rows)))
        if line.kind == "total":
            return PivotLine((), "total")
        below = line.kind == "subtotal" and self.grid.form == "tabular"
        return PivotLine(items, "subtotal" if below else "body")

    def column_lines(self, columns: Sequence[PivotAxisField]) -> Iterator[PivotLine]:
        names = [each.column for each in self._sources.columns]
        for item in self.grid.items:
            items = tuple(self._positions(columns, item.labels[: item.level], names))
            for value in range(self.grid.values):
                yield PivotLine(items, item.kind, value)

    @property
    def _sources(self) -> PivotSource:
        assert self.grid.table.source is not None  # noqa: S101  # as in native_pivot
        return self.grid.table.source

    def _positions(
        self, fields: Sequence[PivotAxisField], keys: Sequence[str], columns: Iterable[str]
    ) -> Iterator[int]:
        for axis, label, column in zip(fields, keys, columns, strict=False):
            yield self._shown_at(axis, column)[label]

    def _shown_at(self, axis: PivotAxisField, column: str) -> dict[str, int]:
        """Return the position of each label among the items of a field as it is shown, worked out once."""
        if axis.field not in self.shown:
            at = {position: place for place, position in enumerate(axis.order)}
            items = self.listed.items[column].items()
            self.shown[axis.field] = {str(item): at[position] for item, position in items if position in at}
        return self.shown[axis.field]

    def pages(self, source: PivotSource) -> Iterator[PivotPage]:
        if source.member:
            yield self._page(AxisSource(source.member, source.yes_no), source.yes_no[:1])
        for each, axis in zip(self.grid.table.pivot.filters, source.filters, strict=True):
            yield self._page(axis, each.values)

    def _page(self, axis: AxisSource, selected: Sequence[str]) -> PivotPage:
        items = self.items(axis)
        order = tuple(items[label] for label in axis.order)
        labels = [str(label) for label in axis.order]
        return PivotPage(self.position(axis.column), order, tuple(labels.index(label) for label in selected))

    def sliced(self, source: PivotSource) -> Iterator[tuple[int, tuple[int, ...]]]:
        on_axes = {each.column for each in (*source.rows, *source.columns, *source.filters)} | {source.member}
        for axis in source.sliced.values():
            if axis.column not in on_axes:
                items = self.items(axis)
                yield self.position(axis.column), tuple(items[label] for label in axis.order)


def value_caption(context: Context, grid: Grid, value: int) -> str:
    """Return the heading of a value field, with its unit."""
    table = grid.table
    return context.with_unit(table.titles[value], table.units[value])


def value_format(context: Context, grid: Grid, value: int) -> str:
    """Return the number format of a value field."""
    spec = grid.table.pivot.values[value]
    if spec.number_format:
        return spec.number_format
    signed = spec.show in ("change", "changePercent", "difference", "differencePercent")
    return context.format(grid.table.units[value], signed=signed)


def page_texts(context: Context, table: PivotTable) -> list[tuple[str, str]]:
    """Return label and choice of each report filter, as they stand above the pivot."""
    source = table.source
    texts = []
    if source and source.member and table.pivot.mode == "native":
        texts.append((context.places.data[source.sheet].headers[source.member], source.yes_no[0]))
    for title, each in zip(table.filter_titles, table.pivot.filters, strict=True):
        texts.append((title, _choice(each.values, context.language, native=table.pivot.mode == "native")))
    return texts


def _choice(values: Sequence[str], language: Language, *, native: bool) -> str:
    if not values:
        return language.text(ALL)
    if len(values) == 1:
        return values[0]
    return language.text(SEVERAL) if native else ", ".join(values)
