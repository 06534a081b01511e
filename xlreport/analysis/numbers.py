"""Turn texts that are all numbers into numbers, where a report sums them up.

A CSV file without a schema does not say which of its columns are numbers. A measure does: a column that is
to be summed, and holds nothing but plain numbers, is one of numbers.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.engine import Engine
from xlreport.analysis.sql import Sql, column_id, quoted
from xlreport.spec import records as r
from xlreport.tables import Kind

__all__ = ["summed_fields", "with_numbers"]

_NUMBER: Final = "[+-]?[0-9]+([.][0-9]+)?"
_MOST_WHOLE: Final = 18
"""Digits of a whole number that 64 bits surely hold."""
_MOST_DIGITS: Final = 38


def summed_fields(spec: r.ReportSpec, table: str) -> set[str]:
    """Return the fields of a table whose values a measure adds up or compares as numbers."""
    return {
        measure.field
        for measure in spec.measures
        if isinstance(measure, r.Measure)
        and measure.table == table
        and measure.aggregate in ("sum", "mean", "median", "max", "min")
    }


def with_numbers(engine: Engine, table: BuiltTable, fields: Iterable[str]) -> BuiltTable:
    """Return the table with those of its text ``fields`` as numbers that hold nothing else."""
    for name in sorted(fields):
        column = table.columns.get(name)
        if column is not None and column.kind is Kind.TEXT:
            kind = _converted(engine, table.stored, column_id(name))
            table = replace(table, columns={**table.columns, name: replace(column, kind=kind)})
    return table


def _converted(engine: Engine, stored: str, identifier: str) -> Kind:
    """Make a column of the stored table one of numbers, if it can be; return its kind."""
    text = f"trim({identifier})"
    facts = Sql(
        f"SELECT count({identifier}) FILTER (WHERE NOT regexp_full_match({text}, '{_NUMBER}')),"
        f" max(length(regexp_extract({text}, '^[+-]?([0-9]+)', 1))),"
        f" max(length(regexp_extract({text}, '[.]([0-9]+)$', 1))) FROM {quoted(stored)}"
    )
    others, whole, places = engine.rows(facts)[0]
    if others or not whole or whole + places > _MOST_DIGITS:
        return Kind.TEXT
    kind = Kind.DECIMAL if places or whole > _MOST_WHOLE else Kind.INTEGER
    number = f"DECIMAL({_MOST_DIGITS}, {places})" if kind is Kind.DECIMAL else "BIGINT"
    engine.create(
        stored, Sql(f"SELECT * REPLACE (CAST({text} AS {number}) AS {identifier}) FROM {quoted(stored)}")
    )
    return kind
