"""Write out the sheet kind ``register``: a sheet per table of whatever dataset there is, and an overview.

A definition with a register sheet fits any schema: what it leaves open (which tables, which fields are
worth a summary) is settled here, from the data, as ordinary tables, measures, pivots and sheets.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from xlreport.arrays import distinct, is_empty, not_zero
from xlreport.cells import unique_sheet_name
from xlreport.language import ENGLISH, Language
from xlreport.spec import records as r
from xlreport.tables import Column, Kind, Table

__all__ = ["expanded"]

_MOST_LABELS: Final = 40
"""A field with more different values is no field to summarise by."""
_MOST_PIVOTS: Final = 3


def expanded(spec: r.ReportSpec, tables: Mapping[str, Table], language: Language = ENGLISH) -> r.ReportSpec:
    """Return the definition with every register sheet replaced by sheets for ``tables``."""
    if not any(sheet.kind == "register" for sheet in spec.sheets):
        return spec
    filled = {name: table for name, table in tables.items() if len(table)}
    measures = [measure for name, table in filled.items() for measure in _measures(name, table, language)]
    pivots = [
        pivot
        for name, table in filled.items()
        if not table.parent
        for pivot in _pivots(name, table, language)
    ]
    sheets: list[r.SheetSpec] = []
    for sheet in spec.sheets:
        if sheet.kind == "register":
            sheets += _sheets(sheet, filled, measures, pivots, [*spec.sheets, *sheets], language)
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


def _measures(name: str, table: Table, language: Language) -> Iterator[r.Measure]:
    yield r.Measure(
        name=f"rows of {name}",
        title=language.text("{table}: rows", table=table.title),
        table=name,
        aggregate="count",
        definition=language.text("Rows of the table {table}.", table=table.title),
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
                definition=language.text(
                    "Sum of {column} over the rows of the table {table}.",
                    column=column.title,
                    table=table.title,
                ),
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


def _pivots(name: str, table: Table, language: Language) -> Iterator[r.Pivot]:
    amounts = _amounts(table)
    for column in _categories(table)[:_MOST_PIVOTS]:
        values = [
            r.PivotValue(f"rows of {name}", title=language.text("Rows")),
            r.PivotValue(f"rows of {name}", "share", language.text("Share of rows")),
        ]
        for amount in amounts[:2]:
            if len(_currencies(table, amount)) == 1:
                measure = f"{amount.name} of {name}"
                currency = _currencies(table, amount)[0]
                title = f"{amount.title}, {currency}" if currency else amount.title
                share = language.text("Share of {title}", title=language.forms.within(amount.title))
                values += [r.PivotValue(measure, title=title), r.PivotValue(measure, "share", share)]
        yield r.Pivot(
            name=f"{column.name} of {name}",
            title=language.text(
                "{table} by {column}", table=table.title, column=language.forms.within(column.title)
            ),
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
    language: Language,
) -> Iterator[r.SheetSpec]:
    taken = [other.name for other in others]
    groups = tuple(
        r.IndicatorGroup(table.title, tuple(measure.name for measure in measures if measure.table == name))
        for name, table in tables.items()
    )
    if groups:
        yield r.SheetSpec(kind="summary", name=sheet.name, title=sheet.title, note=sheet.note, groups=groups)
    if pivots:
        name = unique_sheet_name(language.text("Summary pivots"), taken)
        taken.append(name)
        shown = tuple(pivot.name for pivot in pivots)
        yield r.SheetSpec(kind="pivot", name=name, title=language.text("Summaries"), pivots=shown)
    for table_name, table in tables.items():
        name = unique_sheet_name(table.title, taken)
        taken.append(name)
        yield _data_sheet(name, table_name, table, language)


def _data_sheet(name: str, table_name: str, table: Table, language: Language) -> r.SheetSpec:
    """Return a sheet with the columns that hold anything; its note names those that do not."""
    empty = [column for column in table.columns if is_empty(table.data[column.name])]
    shown = tuple(r.DataColumn(column.name) for column in table.columns if column not in empty)
    columns = language.listing(column.title for column in empty)
    note = language.text("without any value, and so not shown: {columns}", columns=columns) if empty else ""
    return r.SheetSpec(kind="data", name=name, title=table.title, note=note, table=table_name, columns=shown)
