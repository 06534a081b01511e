"""Turn the cells of a column into the values of its field, all at once where their types allow it.

What is done to a column as a whole is what `xlreport.sources.values` does to each of its cells, only
quicker: what is the same for all of them is asked once. Cells of mixed types are read one by one.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from xlreport.sources.description import Notation
from xlreport.sources.items import Cell, Json
from xlreport.sources.values import INTEGERS_IN_A_DOUBLE, Read, exact_number, may_be_typed
from xlreport.tables import Kind

__all__ = ["FromColumn", "ReadAll", "as_they_are", "one_by_one", "whole_reader"]

ReadAll = Callable[[Sequence[Cell]], Sequence[Json]]
"""The cells of a column -> the values of its field, None where there is none."""

_DIGITS: Final = re.compile(r"[0-9+\-]*")
_DECIMALS: Final = re.compile(r"[0-9+\-.]*")
"""Of texts without other characters Python reads those as numbers that `xlreport.sources.values` does."""


@dataclass(frozen=True, slots=True)
class FromColumn:
    """How a value is got that depends on one cell of a row alone: called with the row's cells."""

    position: int
    read: Read
    read_all: ReadAll
    """Does to the column at once what ``read`` does to each of its cells."""

    def __call__(self, cells: Sequence[Cell]) -> Json:
        """Return the value of the cell in a row."""
        return self.read(cells[self.position])


def as_they_are(cells: Sequence[Cell]) -> Sequence[Json]:
    """Return the cells: they are values already."""
    return cells


def one_by_one(read: Read) -> ReadAll:
    """Return the function that reads every cell by itself."""
    return lambda cells: [read(cell) for cell in cells]


def whole_reader(kind: Kind | None, notation: Notation, read: Read) -> ReadAll:
    """Return the function that reads a column as ``read`` does, the plain reader of such cells."""
    by_type = _ways(kind, notation, read)

    def read_all(cells: Sequence[Cell]) -> Sequence[Json]:
        types = set(map(type, cells))
        if len(types) == 1:
            way = by_type.get(types.pop())
            return way(cells) if way else [read(cell) for cell in cells]
        there = [cell for cell in cells if cell is not None and cell != ""]
        if len(there) == len(cells):
            return [read(cell) for cell in cells]
        values = iter(read_all(there))
        return [None if cell is None or cell == "" else next(values) for cell in cells]

    return read_all


def _ways(kind: Kind | None, notation: Notation, read: Read) -> Mapping[type, ReadAll]:
    """Return how cells of one type are read into a field of the ``kind``; other types are read one by one."""
    texts = _present_texts(frozenset(("", *notation.missing)), _of_texts(kind, notation, read))
    if any(map(may_be_typed, notation.missing)):  # a number or a date may stand for a missing value too
        return {str: texts}
    return {str: texts, **_OTHER_TYPES.get(kind, {})}


def _present_texts(absent: frozenset[str], read_all: ReadAll) -> ReadAll:
    """Return the function that takes the blanks off texts, and reads those that are not ``absent``."""

    def read(cells: Sequence[Cell]) -> Sequence[Json]:
        texts = list(map(str.strip, cells))
        if absent.isdisjoint(texts):
            return read_all(texts)
        values = iter(read_all([text for text in texts if text not in absent]))
        return [None if text in absent else next(values) for text in texts]

    return read


def _of_texts(kind: Kind | None, notation: Notation, read: Read) -> ReadAll:
    """Return the function that reads texts that are there and have no blanks around them."""
    dates = kind in (Kind.DATE, Kind.DATETIME)
    if kind in (None, Kind.TEXT) or (dates and not notation.date_formats):  # dates are in ISO form then
        return as_they_are
    if dates or kind is Kind.BOOLEAN:
        return _each_text_once(read)
    if notation.decimal_char != "." or notation.group_char:
        return one_by_one(read)
    return _numbers(_DIGITS, int, read) if kind is Kind.INTEGER else _numbers(_DECIMALS, Decimal, read)


def _each_text_once(read: Read) -> ReadAll:
    """Return the function that reads a text once, however often it stands in the column."""

    def read_all(texts: Sequence[Cell]) -> Sequence[Json]:
        known = {text: read(text) for text in set(texts)}
        return [known[text] for text in texts]

    return read_all


def _numbers(characters: re.Pattern[str], number: Callable[[str], int | Decimal], read: Read) -> ReadAll:
    def read_all(texts: Sequence[Cell]) -> Sequence[Json]:
        if characters.fullmatch("".join(texts)):
            try:
                return list(map(number, texts))
            except (ValueError, InvalidOperation):
                pass  # such as 2017-03-31
        return [read(text) for text in texts]

    return read_all


def _iso_days(cells: Sequence[Cell]) -> Sequence[Json]:
    return list(map(dt.date.isoformat, cells))


def _exact(cells: Sequence[Cell]) -> Sequence[Json]:
    """Return the number that each double shows."""
    if not any(map(float.is_integer, cells)):
        return list(map(Decimal, map(repr, cells)))
    if all(map(float.is_integer, cells)) and max(map(abs, cells)) < INTEGERS_IN_A_DOUBLE:
        return list(map(int, cells))
    return [exact_number(cell) if cell.is_integer() else Decimal(repr(cell)) for cell in cells]


def _exact_decimals(cells: Sequence[Cell]) -> Sequence[Json]:
    return list(map(Decimal, _exact(cells)))


def _decimals(cells: Sequence[Cell]) -> Sequence[Json]:
    return list(map(Decimal, cells))


_OTHER_TYPES: Final[Mapping[Kind | None, Mapping[type, ReadAll]]] = {
    None: {int: as_they_are, bool: as_they_are, Decimal: as_they_are, float: _exact, dt.date: _iso_days},
    Kind.TEXT: {dt.date: _iso_days},
    Kind.INTEGER: {int: as_they_are, float: _exact},
    Kind.DECIMAL: {int: _decimals, Decimal: as_they_are, float: _exact_decimals},
    Kind.BOOLEAN: {bool: as_they_are},
    Kind.DATE: {dt.date: _iso_days},
}
"""Kind of field (None where there is none) -> how it is read from cells of one type, texts apart."""
