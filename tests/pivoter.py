"""A small pivoter of the tests: what Excel shows for a pivot, computed the plainest way, and its plan.

It knows nothing of the package but the records of the plan. Every cell is an aggregate over the rows that
belong to it, found by looking through all rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from xlreport.cells import Range
from xlreport.plan import Block, CellValue
from xlreport.plan_pivots import (
    VALUES,
    PivotAxisField,
    PivotCache,
    PivotField,
    PivotForm,
    PivotLine,
    PivotPage,
    PivotPlan,
    PivotValueField,
)
from xlreport.styles import Role

Row = Mapping[str, Any]
Items = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """A field on the rows or columns."""

    field: str
    sort: str = "ascending"
    by: int | None = None
    subtotals: bool = True
    top: int = 0
    top_by: int = 0
    caption: str = ""


@dataclass(frozen=True)
class Value:
    """A value field."""

    field: str
    caption: str
    aggregate: str = "sum"
    show: str = "value"
    base: str = ""
    number_format: str = "#,##0.00"


@dataclass(frozen=True)
class Shape:
    """What a pivot is to show."""

    name: str
    rows: tuple[Place, ...]
    values: tuple[Value, ...]
    columns: tuple[Place, ...] = ()
    pages: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    form: PivotForm = "outline"
    row_totals: bool = True
    column_totals: bool = True
    banded: bool = False
    alt_text: str = ""


def cache_of(table: str, columns: Sequence[str], rows: Sequence[Row], listed: Sequence[str]) -> PivotCache:
    """Return the cache of a table in which the fields ``listed`` have items."""
    fields = []
    for name in columns:
        values = [row[name] for row in rows]
        numbers = [value for value in values if isinstance(value, int | Decimal)]
        if name in listed:
            fields.append(PivotField(name, items=tuple(dict.fromkeys(values))))
        elif len(numbers) == len(values):
            fields.append(PivotField(name, extremes=(min(numbers), max(numbers))))
        else:
            fields.append(PivotField(name))
    return PivotCache(table, tuple(fields))


@dataclass(frozen=True)
class Pivoted:
    """A pivot, computed: its plan and the blocks of its cells."""

    plan: PivotPlan
    blocks: tuple[Block, ...]


def pivoted(
    shape: Shape, cache: PivotCache, rows: Sequence[Row], at: tuple[int, int], *, sliced: Sequence[str] = ()
) -> Pivoted:
    """Return the pivot of ``shape`` with its top left cell at ``at``."""
    return _Pivoter(shape, cache, rows).result(at, sliced)


class _Pivoter:
    """The pivot while it is computed."""

    def __init__(self, shape: Shape, cache: PivotCache, rows: Sequence[Row]) -> None:
        self.shape = shape
        self.cache = cache
        self.names = [field.name for field in cache.fields]
        kept = [row for row in rows if all(not only or row[name] in only for name, only in shape.pages)]
        self.rows = kept
        for place in (*shape.rows, *shape.columns):
            if place.top:
                self.rows = self.only_top(place, self.rows)
        self.places = {place.field: self.axis_field(place, kept) for place in (*shape.rows, *shape.columns)}

    # --- items

    def items(self, name: str) -> tuple[Any, ...]:
        return self.cache.fields[self.names.index(name)].items or ()

    def measure(self, value: int, rows: Sequence[Row]) -> Decimal | int | None:
        field = self.shape.values[value]
        return aggregated(field.aggregate, [row[field.field] for row in rows])

    def totals(self, name: str, value: int, rows: Sequence[Row]) -> dict[Any, Decimal | int]:
        """Return the value of every item of a field that has rows."""
        present = dict.fromkeys(row[name] for row in rows)
        return {
            item: self.measure(value, [row for row in rows if row[name] == item]) or 0 for item in present
        }

    def only_top(self, place: Place, rows: Sequence[Row]) -> list[Row]:
        totals = self.totals(place.field, place.top_by, rows)
        least = sorted(totals.values(), reverse=True)[: place.top][-1]
        return [row for row in rows if totals[row[place.field]] >= least]

    def axis_field(self, place: Place, rows: Sequence[Row]) -> PivotAxisField:
        items = self.items(place.field)
        order = list(range(len(items)))
        if place.sort != "manual":
            is_descending = place.sort == "descending" and place.by is None
            order.sort(key=lambda at: alphabetical(items[at]), reverse=is_descending)
        if place.by is not None:
            totals = self.totals(place.field, place.by, rows)
            order.sort(key=lambda at: totals.get(items[at], 0), reverse=place.sort == "descending")
        return PivotAxisField(
            self.names.index(place.field),
            tuple(order),
            place.caption,
            place.sort,  # type: ignore[arg-type]  # the tests' shapes are plain texts
            place.by,
            place.subtotals,
            place.top,
            place.top_by,
        )

    def item(self, place: Place, position: int) -> Any:
        return self.items(place.field)[self.places[place.field].order[position]]

    def matching(self, places: Sequence[Place], items: Items, rows: Sequence[Row]) -> list[Row]:
        wanted = [(place.field, self.item(place, at)) for place, at in zip(places, items, strict=False)]
        return [row for row in rows if all(row[name] == item for name, item in wanted)]

    # --- lines

    def leaves(self, places: Sequence[Place], above: Items = ()) -> Iterator[Items]:
        """Yield the positions of the items under ``above`` that have rows, in their order."""
        place = places[len(above)]
        rows = self.matching(places, above, self.rows)
        for position in range(len(self.places[place.field].order)):
            if any(row[place.field] == self.item(place, position) for row in rows):
                yield (*above, position)

    def row_lines(self, above: Items = ()) -> Iterator[PivotLine]:
        places, depth = self.shape.rows, len(above)
        for items in self.leaves(places, above):
            is_last = depth == len(places) - 1
            if is_last or self.shape.form != "tabular":
                yield PivotLine(items)
            if not is_last:
                yield from self.row_lines(items)
                if self.shape.form == "tabular" and places[depth].subtotals:
                    yield PivotLine(items, "subtotal")

    def column_lines(self, above: Items = ()) -> Iterator[PivotLine]:
        places, depth = self.shape.columns, len(above)
        if not places:
            yield from self.each_value(PivotLine(()))
            return
        for items in self.leaves(places, above):
            if depth == len(places) - 1:
                yield from self.each_value(PivotLine(items))
            else:
                yield from self.column_lines(items)
                if places[depth].subtotals:
                    yield from self.each_value(PivotLine(items, "subtotal"))

    def each_value(self, line: PivotLine) -> Iterator[PivotLine]:
        return (replace(line, value=number) for number in range(len(self.shape.values)))

    # --- values

    def shown(self, row: PivotLine, column: PivotLine) -> CellValue:
        places, depth = self.shape.rows, len(row.items)
        is_outer = row.kind == "body" and depth < len(places)
        if is_outer and not places[depth - 1].subtotals:
            return None
        value = self.shape.values[column.value]
        at = partial(self.at, column.value)
        plain = at(row.items, column.items)
        if value.show in PARTS:
            whole = PARTS[value.show](row.items, column.items)
            return share(plain, at(*whole))
        if value.show == "value":
            return plain
        return self.along(value, row.items, column.items, at)

    def at(self, value: int, row: Items, column: Items) -> Decimal | int | None:
        rows = self.matching(self.shape.rows, row, self.rows)
        return self.measure(value, self.matching(self.shape.columns, column, rows))

    def along(self, value: Value, row: Items, column: Items, at: Callable[[Items, Items], Any]) -> CellValue:
        """Return what goes along a field: blank in lines that are not parted by it."""
        on_rows = value.base in [place.field for place in self.shape.rows]
        places, items = (self.shape.rows, row) if on_rows else (self.shape.columns, column)
        depth = [place.field for place in places].index(value.base)
        if depth >= len(items):
            return None
        siblings = [each[-1] for each in self.leaves(places, items[:depth])]

        def instead(position: int) -> Decimal | int:
            other = (*items[:depth], position, *items[depth + 1 :])
            return (at(other, column) if on_rows else at(row, other)) or 0

        return ALONG[value.show]([instead(each) for each in siblings], siblings.index(items[depth]))

    # --- cells

    def result(self, place: tuple[int, int], sliced: Sequence[str]) -> Pivoted:
        row_lines = [*self.row_lines(), *([PivotLine((), "total")] if self.shape.column_totals else [])]
        column_lines = list(self.column_lines())
        if self.shape.row_totals and self.shape.columns:
            column_lines += self.each_value(PivotLine((), "total"))
        header = self.header(column_lines)
        labels = [
            self.labels(line, before) for line, before in zip(row_lines, [None, *row_lines], strict=False)
        ]
        body = [[self.shown(row, column) for column in column_lines] for row in row_lines]
        cells = [*header, *([*left, *right] for left, right in zip(labels, body, strict=True))]
        block = Block.of_rows(Role.BODY, *place, cells)
        plan = self.plan(block.range, row_lines, column_lines, len(header), sliced)
        return Pivoted(plan, (*self.page_blocks(place), block))

    def plan(
        self,
        cells: Range,
        row_lines: list[PivotLine],
        column_lines: list[PivotLine],
        header_rows: int,
        sliced: Sequence[str],
    ) -> PivotPlan:
        shape = self.shape
        across = [self.places[place.field] for place in shape.columns]
        return PivotPlan(
            name=shape.name,
            table=self.cache.table,
            range=cells,
            rows=tuple(self.places[place.field] for place in shape.rows),
            columns=(*across, *([PivotAxisField(VALUES)] if len(shape.values) > 1 else [])),
            values=tuple(map(self.value_field, shape.values)),
            row_lines=tuple(row_lines),
            column_lines=tuple(column_lines),
            header_rows=header_rows,
            pages=tuple(self.page(name, only) for name, only in shape.pages),
            form=shape.form,
            row_totals=shape.row_totals,
            column_totals=shape.column_totals,
            row_caption="Rows" if shape.form == "compact" else "",
            column_caption="Columns" if shape.form == "compact" else "",
            sliced=tuple(
                (self.names.index(name), tuple(range(len(self.items(name)))))
                for name in sliced
                if name not in self.places and name not in [page for page, _ in shape.pages]
            ),
            banded=shape.banded,
            alt_text=shape.alt_text,
        )

    def value_field(self, value: Value) -> PivotValueField:
        return PivotValueField(
            self.names.index(value.field),
            value.caption,
            value.aggregate,  # type: ignore[arg-type]  # as above
            value.number_format,
            value.show,  # type: ignore[arg-type]  # as above
            self.names.index(value.base) if value.base else None,
        )

    def page(self, name: str, only: Sequence[Any]) -> PivotPage:
        items = self.items(name)
        order = sorted(range(len(items)), key=lambda at: alphabetical(items[at]))
        selected = tuple(at for at, item in enumerate(order) if items[item] in only)
        return PivotPage(self.names.index(name), tuple(order), selected)

    def page_blocks(self, place: tuple[int, int]) -> list[Block]:
        cells = [
            [name, "(All)" if not only else only[0] if len(only) == 1 else "(Multiple Items)"]
            for name, only in self.shape.pages
        ]
        return [Block.of_rows(Role.BODY, place[0] - len(cells) - 1, place[1], cells)] if cells else []

    def header(self, lines: Sequence[PivotLine]) -> list[list[CellValue]]:
        shape = self.shape
        captions: list[CellValue] = [place.caption or place.field for place in shape.rows]
        if shape.form == "compact":
            captions = ["Rows"]
        values = [shape.values[line.value].caption for line in lines]
        if not shape.columns:
            return [[*captions, *values]]
        several = len(shape.values) > 1
        across: list[CellValue] = [place.caption or place.field for place in shape.columns]
        across = ["Columns"] if shape.form == "compact" else [*across, *(["Values"] if several else [])]
        blank: list[CellValue] = [None] * len(captions)
        corner = blank if several else [shape.values[0].caption, *blank[1:]]
        # Where there is room for less captions than there are fields, Excel makes the pivot no wider.
        rows = [[*corner, *(across + [None] * len(lines))[: len(lines)]]]
        rows += [[*blank, *self.across(depth, lines)] for depth in range(len(shape.columns))]
        if several:
            below = [
                None if line.kind != "body" else value for line, value in zip(lines, values, strict=True)
            ]
            rows.append([*blank, *below])
        rows[-1][: len(captions)] = captions
        return rows

    def across(self, depth: int, lines: Sequence[PivotLine]) -> Iterator[CellValue]:
        before: PivotLine | None = None
        for line in lines:
            several = len(self.shape.values) > 1
            caption = self.shape.values[line.value].caption
            if line.kind == "total":
                yield (f"Total {caption}" if several else "Total") if depth == 0 else None
            elif line.kind == "subtotal":
                item = (
                    self.item(self.shape.columns[depth], line.items[depth]) if depth < len(line.items) else ""
                )
                is_own = len(line.items) - 1 == depth
                yield f"{item} {caption if several else 'Total'}" if is_own else None
            else:
                is_new = before is None or before.items[: depth + 1] != line.items[: depth + 1]
                yield self.item(self.shape.columns[depth], line.items[depth]) if is_new else None
            before = line

    def labels(self, line: PivotLine, before: PivotLine | None) -> list[CellValue]:
        places = self.shape.rows
        labels: list[CellValue] = [None] * len(places)
        if line.kind == "total":
            labels[0] = "Total"
        elif line.kind == "subtotal":
            depth = len(line.items) - 1
            labels[depth] = f"{self.item(places[depth], line.items[-1])} Total"
        else:
            known = before.items if before is not None else ()
            for depth, position in enumerate(line.items):
                if known[: depth + 1] != line.items[: depth + 1]:
                    labels[depth] = self.item(places[depth], position)
        if self.shape.form == "compact":
            return [next(label for label in reversed(labels) if label is not None)]
        return labels


def alphabetical(item: Any) -> Any:
    return item.casefold() if isinstance(item, str) else item


def aggregated(aggregate: str, values: Sequence[Any]) -> Any:
    """Return an aggregate of the values that are there; None of none."""
    there = [value for value in values if value is not None]
    if not there:
        return None
    if aggregate == "count":
        return len(there)
    numbers = [Decimal(value) for value in there]
    if aggregate == "average":
        return sum(numbers) / len(numbers)
    return {"sum": sum, "min": min, "max": max}[aggregate](numbers)  # type: ignore[operator]


def share(part: Any, whole: Any) -> Any:
    return None if part is None else Decimal(part) / Decimal(whole) if whole else None


PARTS: dict[str, Callable[[Items, Items], tuple[Items, Items]]] = {
    "share": lambda _row, _column: ((), ()),
    "shareOfRow": lambda row, _column: (row, ()),
    "shareOfColumn": lambda _row, column: ((), column),
}
"""What 100 % is."""

ALONG: dict[str, Callable[[Sequence[Any], int], Any]] = {
    "difference": lambda values, at: values[at] - values[at - 1] if at else None,
    "differencePercent": lambda values, at: (
        share(values[at] - values[at - 1], values[at - 1]) if at else None
    ),
    "runningTotal": lambda values, at: sum(values[: at + 1]),
    "cumulativeShare": lambda values, at: share(sum(values[: at + 1]), sum(values)),
    "rank": lambda values, at: 1 + sum(value > values[at] for value in values),
}
