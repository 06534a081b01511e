"""Write out the sheet kind ``register``: a sheet per table of whatever dataset there is, and an overview.

A definition with a register sheet fits any schema: what it leaves open (which tables, which fields are
worth a summary) is settled here, from the data, as ordinary tables, measures, pivots and sheets.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from xlreport.arrays import distinct, is_empty, not_zero
from xlreport.cells import unique_sheet_name
from xlreport.spec import records as r
from xlreport.tables import Column, Kind, Table
from xlreport.text import listing

__all__ = ["expanded"]

_MOST_LABELS: Final = 40
"""A field with more different values is no field to summarise by."""
_MOST_PIVOTS: Final = 3


def expanded(spec: r.ReportSpec, tables: Mapping[str, Table]) -> r.ReportSpec:
    """Return the definition with every register sheet replaced by sheets for ``tables``."""
    if not any(sheet.kind == "register" for sheet in spec.sheets):
        return spec
    filled = {name: table for name, table in tables.items() if len(table)}
    measures = [measure for name, table in filled.items() for measure in _measures(name, table)]
    pivots = [pivot for name, table in filled.items() if not table.parent for pivot in _pivots(name, table)]
    sheets: list[r.SheetSpec] = []
    for sheet in spec.sheets:
        if sheet.kind == "register":
            sheets += _sheets(sheet, filled, measures, pivots, [*spec.sheets, *sheets])
        else:
            sheets.append(sheet)
    return replace(
        spec,
        tables=(*spec.tables, *(_table(name, table) for name, table in filled.items())),
        measures=(*spec.measures, *measures),
        pivots=(*spec.pivots, *pivots),
        sheets=tuple(sheets),
    )


def _table(name: str, table: Table) -> r.TableSpec:
    return r.TableSpec(name, table.title, r.From(name))


def _measures(name: str, table: Table) -> Iterator[r.Measure]:
    yield r.Measure(
        name=f"rows of {name}",
        title=f"{table.title}: rows",
        table=name,
        aggregate="count",
        definition=f"Rows of the table {table.title}.",
    )
    for column in _amounts(table):
        currencies = _currencies(table, column)
        if len(currencies) == 1:
            yield r.Measure(
                name=f"{column.name} of {name}",
                title=f"{table.title}: {column.title}" + (f", {currencies[0]}" if currencies[0] else ""),
                table=name,
                aggregate="sum",
                field=column.name,
                unit="",
                definition=f"Sum of {column.title} over the rows of the table {table.title}.",
            )


def _amounts(table: Table) -> list[Column]:
    """Return the columns of money: only for these is it known that adding up makes sense."""
    return [
        column
        for column in table.columns
        if column.currency in table and column.kind is Kind.DECIMAL and not_zero(table.data[column.name])
    ]


def _currencies(table: Table, column: Column) -> list[str]:
    found = table.data[column.currency].filter(table.data[column.name].is_valid())
    return sorted(str(currency or "") for currency in found.unique().to_pylist())


def _pivots(name: str, table: Table) -> Iterator[r.Pivot]:
    amounts = _amounts(table)
    for column in _categories(table)[:_MOST_PIVOTS]:
        values = [
            r.PivotValue(f"rows of {name}", title="Rows"),
            r.PivotValue(f"rows of {name}", "share", "Share of rows"),
        ]
        for amount in amounts[:2]:
            if len(_currencies(table, amount)) == 1:
                measure = f"{amount.name} of {name}"
                currency = _currencies(table, amount)[0]
                title = f"{amount.title}, {currency}" if currency else amount.title
                values += [
                    r.PivotValue(measure, title=title),
                    r.PivotValue(measure, "share", f"Share of {amount.title.lower()}"),
                ]
        yield r.Pivot(
            name=f"{column.name} of {name}",
            title=f"{table.title} by {column.title[:1].lower()}{column.title[1:]}",
            rows=(r.AxisField(column.name),),
            values=tuple(values),
            sort=r.Sort(1),
        )


def _categories(table: Table) -> list[Column]:
    """Return the text columns that group the rows: fewer values than rows, the most even ones first."""
    currencies = {column.currency for column in table.columns}
    found = []
    for column in table.columns:
        if (
            column.kind is Kind.TEXT
            and column.name not in currencies
            and column.name not in table.primary_key
        ):
            cells = table.data[column.name]
            labels, filled = distinct(cells), len(cells) - cells.null_count
            if 1 < labels <= _MOST_LABELS and labels * 2 <= filled and filled * 2 >= len(table):
                found.append(column)
    return found


def _sheets(
    sheet: r.SheetSpec,
    tables: Mapping[str, Table],
    measures: Sequence[r.Measure],
    pivots: Sequence[r.Pivot],
    others: Sequence[r.SheetSpec],
) -> Iterator[r.SheetSpec]:
    taken = [other.name for other in others]
    groups = tuple(
        r.IndicatorGroup(table.title, tuple(measure.name for measure in measures if measure.table == name))
        for name, table in tables.items()
    )
    if groups:
        yield r.SheetSpec(kind="summary", name=sheet.name, title=sheet.title, note=sheet.note, groups=groups)
    if pivots:
        name = unique_sheet_name("Summary pivots", taken)
        taken.append(name)
        yield r.SheetSpec(
            kind="pivot", name=name, title="Summaries", pivots=tuple(pivot.name for pivot in pivots)
        )
    for table_name, table in tables.items():
        name = unique_sheet_name(table.title, taken)
        taken.append(name)
        yield _data_sheet(name, table_name, table)


def _data_sheet(name: str, table_name: str, table: Table) -> r.SheetSpec:
    """Return a sheet with the columns that hold anything; its note names those that do not."""
    empty = [column for column in table.columns if is_empty(table.data[column.name])]
    shown = tuple(r.DataColumn(column.name) for column in table.columns if column not in empty)
    note = (
        f"without any value, and so not shown: {listing(column.title for column in empty)}" if empty else ""
    )
    return r.SheetSpec(kind="data", name=name, title=table.title, note=note, table=table_name, columns=shown)
