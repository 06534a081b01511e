"""Turn a report definition into the columns that it can ask for, so that no others are kept."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from xlreport.spec.report import ReportSpec
from xlreport.spec.rows import From
from xlreport.tables import Wanted

__all__ = ["wanted_columns"]


def wanted_columns(spec: ReportSpec) -> Wanted | None:
    """Return the columns of the dataset that the report can read; None where it may read any."""
    if not spec.date or any(sheet.kind == "register" for sheet in spec.sheets):
        return None  # without a date of its own, the latest day anywhere dates the workbook
    tables = frozenset((*_texts(spec), spec.date.rpartition("/")[0]))
    return Wanted(tables, functools.partial(_columns, spec))


def _columns(spec: ReportSpec, table: str) -> frozenset[str] | None:
    """Return names that hold those of all columns of a table that the report can ask for; None for any.

    They are simply all texts in the parts of the definition that speak of the table, or of one built on it:
    a column that none of them names cannot be asked for, and a title that happens to be a column's name does
    no harm.
    """
    if table in _shown_whole(spec):
        return None
    built = {table}
    for each in spec.tables:  # each is built on earlier ones, or on the dataset
        if not built.isdisjoint(_texts(each)):
            built.add(each.name)
    of_tables = [each for each in spec.tables if each.name in built]
    others = [
        each
        for each in (*spec.measures, *spec.pivots, *spec.bridges, *spec.sheets)
        if getattr(each, "table", "") in ("", *built)
    ]
    date_table, _, date = spec.date.rpartition("/")
    return frozenset((*_texts((*of_tables, *others)), *([date] if date_table == table else [])))


def _shown_whole(spec: ReportSpec) -> set[str]:
    """Return the tables, those of the dataset included, that a sheet shows with all their columns."""
    shown = {sheet.table for sheet in spec.sheets if sheet.kind == "data" and not sheet.columns}
    for table in reversed(spec.tables):
        if table.name in shown and isinstance(table.source, From):
            shown.add(table.source.table)
    return shown


def _texts(node: object) -> Iterator[str]:
    """Yield every text of a record and of the records in it."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from _texts(value)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _texts(getattr(node, part.name))
