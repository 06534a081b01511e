"""Turn the cells of a typed column into the values of its field, all at once where the types say how.

What is done to a column as a whole is what `xlreport.sources.values` does to each of its cells, only
quicker: the type of the column is asked once.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

import pyarrow as pa

from xlreport.sources.arrow_values import zone_name
from xlreport.sources.columns import Column
from xlreport.sources.items import Cell, Json
from xlreport.sources.values import exact_number
from xlreport.tables import Kind

__all__ = ["column_reader"]

ReadAll = Callable[[list[Cell]], list[Json]]
"""The cells of a column -> the values of its field, None where there is none."""


def column_reader(kind: pa.DataType, column: Column) -> ReadAll:
    """Return the function that reads the cells of a column of the Arrow type ``kind``."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if column.plain:
        for is_kind, fields, read_all in _AT_ONCE:
            if column.kind in fields and is_kind(kind):
                return read_all
    read = column.read
    return lambda cells: [None if cell is None else read(cell) for cell in cells]


def _as_they_are(cells: list[Cell]) -> list[Json]:
    return cells


def _without_blanks(cells: list[Cell]) -> list[Json]:
    return [(text and text.strip()) or None for text in cells]


def _iso(cells: list[Cell]) -> list[Json]:
    return [None if moment is None else moment.isoformat() for moment in cells]


def _iso_in_utc(cells: list[Cell]) -> list[Json]:
    return [None if moment is None else f"{moment.isoformat()}Z" for moment in cells]


def _exact(cells: list[Cell]) -> list[Json]:
    return [None if number is None else exact_number(number) for number in cells]


def _decimals(cells: list[Cell]) -> list[Json]:
    return [None if number is None else Decimal(exact_number(number)) for number in cells]


def _is_text(kind: pa.DataType) -> bool:
    return any(is_kind(kind) for is_kind in (pa.types.is_string, pa.types.is_large_string))


def _has_zone(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and zone_name(kind) != ""


_AT_ONCE: Final[Sequence[tuple[Callable[[pa.DataType], bool], Sequence[Kind | None], ReadAll]]] = (
    (_is_text, (None, Kind.TEXT), _without_blanks),
    (pa.types.is_integer, (None, Kind.INTEGER), _as_they_are),
    (pa.types.is_decimal, (None, Kind.DECIMAL), _as_they_are),
    (pa.types.is_boolean, (None, Kind.BOOLEAN), _as_they_are),
    (pa.types.is_date32, (None, Kind.TEXT, Kind.DATE), _iso),
    (_has_zone, (Kind.DATETIME,), _iso),
    (pa.types.is_timestamp, (Kind.DATETIME,), _iso_in_utc),
    (pa.types.is_floating, (None,), _exact),
    (pa.types.is_floating, (Kind.DECIMAL,), _decimals),
)
"""Type of a column, kinds of field (None where there is none) -> how the one is read into the other."""
