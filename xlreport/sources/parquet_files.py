"""Turn Parquet files into rows: some at a time, each column by its type.

The rows of a file are counted from 1. A column's name is its heading; it may hold nested values.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from xlreport.findings import Finding, Place, Severity
from xlreport.language import key
from xlreport.sentences import Name, Numeral, Sentence
from xlreport.sources.arrow_columns import column_reader
from xlreport.sources.arrow_values import Flaw, cells_of, deeper_than, taken_out
from xlreport.sources.columns import Layout, cells_read, lay_out
from xlreport.sources.description import Part
from xlreport.sources.exact_json import MAX_DEPTH
from xlreport.sources.guard import guard, guard_count
from xlreport.sources.headings import HeadingRow, heading_text
from xlreport.sources.items import BATCH_RECORDS, Cell, Item, Run, UnreadableError
from xlreport.sources.mapped import present
from xlreport.sources.tabular import Row, table_items
from xlreport.tables import Field

__all__ = ["parquet_items"]

Errors = dict[int, list[tuple[int, str]]]
"""0-based row of a batch -> position of a column and the flaw in its cell."""
ReadColumn = Callable[[int, pa.Array, Errors], list[Cell]]
"""Position and array of a column -> its cells; what is wrong in them goes to the errors."""

_MARK: Final = b"PAR1"
"""The first bytes of a Parquet file, and the last."""
_ENCRYPTED: Final = b"PARE"
_PAGES: Final = 1 << 16
"""Bytes that are read ahead of a column, in place of all that a group of rows has of it."""
_DAMAGE: Final = (pa.ArrowException, UnicodeDecodeError)
"""What a damaged file raises, besides OSError."""
_SENTENCES: Final[Mapping[str, tuple[Severity, str, str]]] = {
    "not-a-number": (
        Severity.WARNING,
        key("{value} is not a number; the value is taken as missing."),
        key("Leave the value empty (null)."),
    ),
    "number-out-of-range": (
        Severity.ERROR,
        key("{value} is longer than any span of time can be; the value is left out."),
        key("Look whether the column states the right unit, such as milliseconds."),
    ),
    "wrong-encoding": (
        Severity.ERROR,
        key("The bytes {value} are not UTF-8 text; the value is left out."),
        key("Write the column as text in UTF-8, or leave it out of the file."),
    ),
    "date-out-of-range": (
        Severity.ERROR,
        key("{value} is before the year 1 or after the year 9999; the value is left out."),
        key("Look whether the column states the right unit, such as milliseconds."),
    ),
}


def parquet_items(part: Part, fields: Mapping[str, Field]) -> Iterator[Item | Run]:
    """Iterate over the records of a Parquet file; ``row`` is the position in the file, from 1."""
    guard(part)
    _check_ends(part)
    with _opened(part) as file:
        schema = _schema(file, part)
        guard_count(part, "columns", len(schema.names))
        guard_count(part, "values", _values_announced(file, part))
        headings = HeadingRow(tuple(heading_text(name) for name in schema.names), part.file)
        layout = lay_out(headings, part, fields)
        rows = _rows(file, layout, part, fields)
        yield from table_items(headings, rows, part, fields, cell_error=_flaw, layout=cells_read(layout))


def _check_ends(part: Part) -> None:
    """Raise UnreadableError where the file does not begin and end as a Parquet file does."""
    with part.path.open("rb") as file:
        first = file.read(4)
        file.seek(max(file.seek(0, 2) - 4, 0))
        last = file.read(4)
    if not first:
        message = Sentence("{file} is empty; a Parquet file with columns was expected.", file=Name(part.file))
        raise UnreadableError(_empty_file(part, message))
    if _ENCRYPTED in (first, last):
        reason, hint = Sentence("it is encrypted"), Sentence("Write it without encryption.")
        raise UnreadableError(_broken(part, reason, hint))
    if first != _MARK:
        hint = Sentence("Name it by what it is, such as .csv, or save it anew.")
        raise UnreadableError(_broken(part, Sentence("its content is not that of one"), hint))
    if last != _MARK:
        raise UnreadableError(_broken(part, Sentence("its end is missing")))


def _opened(part: Part) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(part.path, buffer_size=_PAGES, page_checksum_verification=True)
    except (*_DAMAGE, OSError) as error:
        raise _unreadable(part, error) from error


def _schema(file: pq.ParquetFile, part: Part) -> pa.Schema:
    try:
        schema = file.schema_arrow
    except (*_DAMAGE, OSError) as error:
        raise _unreadable(part, error) from error
    if not schema.names:
        message = Sentence(
            "{file} has no columns; a Parquet file with columns was expected.", file=Name(part.file)
        )
        raise UnreadableError(_empty_file(part, message))
    if deeper_than(schema.types, MAX_DEPTH - 1):  # the record is a level too
        raise UnreadableError(_too_deep(part))
    return schema


def _values_announced(file: pq.ParquetFile, part: Part) -> int:
    """Return how many values the file says that its columns hold; none of them has been read."""
    about = file.metadata
    try:
        groups = [about.row_group(position) for position in range(about.num_row_groups)]
        values = sum(group.column(at).num_values for group in groups for at in range(group.num_columns))
    except (*_DAMAGE, OSError) as error:
        raise _unreadable(part, error) from error
    return int(max(values, about.num_rows))


def _rows(file: pq.ParquetFile, layout: Layout, part: Part, fields: Mapping[str, Field]) -> Iterator[Row]:
    done = 0
    columns: list[ReadColumn] = []
    for batch in _batches(file, part):
        columns = columns or [
            _column(position, kind, layout, part, fields) for position, kind in enumerate(batch.schema.types)
        ]
        errors: Errors = {}
        values = [
            read(position, array, errors)
            for position, (read, array) in enumerate(zip(columns, batch.columns, strict=True))
        ]
        for number, cells in enumerate(zip(*values, strict=True), done + 1):
            yield Row(number, cells, tuple(errors.get(number - done - 1, ())))
        done += len(batch)


def _batches(file: pq.ParquetFile, part: Part) -> Iterator[pa.RecordBatch]:
    """Iterate over the rows, some at a time; UnreadableError where a part of the file is damaged."""
    done = 0
    try:
        for group in range(file.num_row_groups):  # a batch of two groups may need what pyarrow cannot do
            for batch in file.iter_batches(BATCH_RECORDS, [group]):
                yield batch
                done += len(batch)
    except (*_DAMAGE, OSError) as error:
        raise _unreadable(part, error, done) from error


def _column(
    position: int, kind: pa.DataType, layout: Layout, part: Part, fields: Mapping[str, Field]
) -> ReadColumn:
    """Return the function that makes cells of a column, read if its heading decides what it is."""
    if position not in layout.used and position not in layout.nameless:
        return _presence
    column = layout.columns.get(position)
    path = column.path if column else ""
    missing = frozenset(part.notation.missing) if kind.num_fields else None
    read_all = column_reader(kind, column) if column else None

    def read(position: int, array: pa.Array, errors: Errors) -> list[Cell]:
        cells, flawed = cells_of(array, path, fields)
        if flawed:
            cells = _without_flaws(position, cells, errors)
        if missing:
            cells = [present(cell, missing) for cell in cells]
        return read_all(cells) if read_all else cells

    return read


def _presence(_: int, array: pa.Array, __: Errors) -> list[Cell]:
    """Return True for each value of a column that is left out: its rows are not blank."""
    return [there or None for there in array.is_valid().to_pylist()]


def _without_flaws(position: int, cells: Sequence[Cell], errors: Errors) -> list[Cell]:
    """Return the cells of a column without the flaws in them, which go to the ``errors`` of their rows."""
    kept = []
    for row, cell in enumerate(cells):
        flaws: list[Flaw] = []
        kept.append(taken_out(cell, flaws))
        if flaws:
            errors.setdefault(row, []).extend((position, flaw) for flaw in flaws)
    return kept


def _flaw(headings: HeadingRow, row: Row, position: int, text: str) -> Finding:
    code = cast("Flaw", text).code  # these rows have no other errors
    severity, sentence, hint = _SENTENCES[code]
    return Finding(
        code=code,
        severity=severity,
        message=Sentence(sentence, value=str(text)),
        hint=Sentence(hint),
        place=headings.place(position, row.number),
        value=str(text),
        group=headings.texts[position],
    )


def _unreadable(part: Part, error: Exception, done: int = 0) -> UnreadableError:
    """Return the error that takes a damaged file's place; raise a machine's own error again."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error
    reason = str(error).partition("\n")[0].rstrip(".")
    if "too deeply nested" in reason:
        return UnreadableError(_too_deep(part))
    if done:
        after = Sentence("after row {row}: {reason}", row=Numeral(done), reason=Name(reason))
        return UnreadableError(_broken(part, after))
    return UnreadableError(_broken(part, Name(reason)))


_CUT_SHORT: Final = Sentence("It was probably cut short or damaged: save or fetch it again.")


def _broken(part: Part, reason: str, hint: str = _CUT_SHORT) -> Finding:
    return Finding(
        code="broken-parquet",
        severity=Severity.ERROR,
        message=Sentence(
            "{file} cannot be read as a Parquet file: {reason}.", file=Name(part.file), reason=reason
        ),
        hint=hint,
        place=Place(file=part.file),
    )


def _empty_file(part: Part, message: str) -> Finding:
    return Finding(
        code="empty-file",
        severity=Severity.ERROR,
        message=message,
        hint=Sentence("Save or fetch the file again, or take it off the list."),
        place=Place(file=part.file),
        expected=Sentence("a Parquet file with columns"),
    )


def _too_deep(part: Part) -> Finding:
    return Finding(
        code="too-deep",
        severity=Severity.ERROR,
        message=Sentence(
            "{what} has more than {most} levels of arrays and objects, one in the other.",
            what=Name(part.file),
            most=Numeral(MAX_DEPTH),
        ),
        hint=Sentence("No register is that deep; look at the program that wrote the file."),
        place=Place(file=part.file),
        expected=Sentence("at most {most} levels", most=Numeral(MAX_DEPTH)),
    )
