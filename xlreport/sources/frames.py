"""Turn pandas DataFrames into a Dataset, and a resource into a DataFrame.

The only module that imports pandas; it is imported by those who ask for it.
"""

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from xlreport.findings import Finding, Severity
from xlreport.sentences import Sentence
from xlreport.sources.description import Part
from xlreport.sources.headings import HeadingRow, heading_text
from xlreport.sources.items import BATCH_RECORDS, Cell, in_batches
from xlreport.sources.tabular import Row, table_items
from xlreport.sources.values import exact_number, in_words
from xlreport.tables import Batch, Dataset, Field, Origin, Resource

__all__ = ["from_frames", "to_frame"]

_FILE: Final = "DataFrame"
_EVERY: Final = "*"
_DOUBLE: Final = 8
"""Bytes of a double."""


def from_frames(
    frames: Mapping[str, pd.DataFrame],
    fields: Mapping[str, Mapping[str, Field]] | None = None,
    *,
    name: str = "dataset",
    title: str = "",
    notes: Sequence[str] = (),
) -> Dataset:
    """Return a dataset with one resource for each DataFrame, by its name.

    Columns are headings: paths (``value/amount``) or titles of the ``fields`` of the JSON Schema, which are
    given as to `open_dataset`. NaN, NaT and NA are missing values; infinite numbers are too, with a warning.
    Timestamps become ISO text, decimals stay, doubles become the decimal that they show; lists and dicts
    in a cell are nested values. The position in the DataFrame, from 1, is the row. Nothing is copied: the
    frames are read when the records are asked for.
    """
    described = fields or {}
    resources = tuple(
        Resource(
            each, functools.partial(_batches, each, frame, described.get(each) or described.get(_EVERY) or {})
        )
        for each, frame in frames.items()
    )
    return Dataset(resources, name=name, title=title, notes=tuple(notes))


def to_frame(resource: Resource) -> pd.DataFrame:
    """Return the records of a resource as a DataFrame with one column for each member.

    Columns are of dtype object: a Decimal stays one, nested values stay lists and dicts, and a value that
    is missing is None.
    """
    records = list(resource.records())
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: pd.Series([record.get(name) for record in records], dtype=object) for name in names}
    return pd.DataFrame(columns, columns=list(names))


def _batches(name: str, frame: pd.DataFrame, fields: Mapping[str, Field]) -> Iterator[Batch]:
    part = Part(Path(), _FILE, "pandas")
    headings = HeadingRow(tuple(heading_text(_plain(column)) for column in frame.columns), _FILE)
    items = table_items(headings, _rows(frame), part, fields, cell_error=_infinite)
    return in_batches(items, name, Origin(file=_FILE, format="pandas"))


def _rows(frame: pd.DataFrame) -> Iterator[Row]:
    for start in range(0, len(frame), BATCH_RECORDS):
        block = frame.iloc[start : start + BATCH_RECORDS]
        columns = [_column(block.iloc[:, position]) for position in range(block.shape[1])]
        for number, cells in enumerate(zip(*columns, strict=True), start + 1):
            infinite = [(position, str(cell)) for position, cell in enumerate(cells) if _is_infinite(cell)]
            yield Row(number, [None if _is_infinite(cell) else cell for cell in cells], tuple(infinite))


def _column(values: "pd.Series[Any]") -> list[Cell]:
    return [_plain(value) for value in values.array]


def _plain(value: Cell) -> Cell:
    """Return a cell's value as Python's own type, None where it is missing."""
    if isinstance(value, np.datetime64 | np.timedelta64):
        value = pd.Series([value])[0]
    if isinstance(value, np.floating) and value.dtype.itemsize < _DOUBLE:
        return float(str(value))  # the digits that it shows, not those of the double next to it
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray | list | tuple):
        return [item for item in map(_nested, value) if item is not None]
    if isinstance(value, dict):
        members = {str(name): _nested(item) for name, item in value.items()}
        return {name: item for name, item in members.items() if item is not None}
    missing = value is None or value is pd.NaT or value is pd.NA or _is_nan(value)
    return None if missing else value


def _nested(value: Cell) -> Cell:
    """Return a value inside a list or dict as JSON; None where it is missing or no number."""
    plain = _plain(value)
    if _is_infinite(plain):
        return None
    if isinstance(plain, float):
        return exact_number(plain)
    return plain if isinstance(plain, bool | int | Decimal | list | dict | None) else in_words(plain)


def _is_nan(value: Cell) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, float) and math.isnan(value)


def _is_infinite(value: Cell) -> bool:
    return isinstance(value, float | Decimal) and math.isinf(value)


def _infinite(heading_row: HeadingRow, row: Row, position: int, text: str) -> Finding:
    return Finding(
        code="not-a-number",
        severity=Severity.WARNING,
        message=Sentence("{value} is not a number; the value is taken as missing.", value=text),
        hint=Sentence("Leave the cell empty (None)."),
        place=heading_row.place(position, row.number),
        value=text,
        group=heading_row.texts[position],
    )
