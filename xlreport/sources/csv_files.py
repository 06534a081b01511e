"""Turn CSV files into rows: encoding, delimiter, preamble and true line numbers."""

import contextlib
import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TextIO

from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Name, Numeral, Sentence
from xlreport.sources.description import Part
from xlreport.sources.files import opened
from xlreport.sources.guard import guard, guard_count
from xlreport.sources.headings import HeadingRow, heading_text, stray_blanks
from xlreport.sources.items import Item, Run, UnreadableError
from xlreport.sources.tabular import Row, is_blank, table_items
from xlreport.tables import Field

__all__ = ["csv_items"]

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE_LINES: Final = 50


def csv_items(part: Part, fields: Mapping[str, Field]) -> Iterator[Item | Run]:
    """Iterate over the records of a CSV file, line by line; ``row`` is the record's first line."""
    guard(part)
    csv.field_size_limit(part.limits.value)
    with opened(part) as file:
        start = _skip_preamble(file, part)
        sample = list(itertools.islice(file, _SAMPLE_LINES))
        delimiter = part.delimiter or _delimiter(sample, part)
        rows = _rows(itertools.chain(sample, file), part, delimiter, start)
        headings = next((row for row in rows if row.finding or not is_blank(row.cells)), None)
        if headings is None:
            raise UnreadableError(_no_headings(part, start))
        if headings.finding:
            raise UnreadableError(headings.finding)
        guard_count(part, "columns", len(headings.cells))
        texts = tuple(heading_text(cell) for cell in headings.cells)
        heading_row = HeadingRow(texts, part.file, headings.number)
        blanks = stray_blanks(heading_row, [headings.cells])
        if blanks:
            yield Item(0, None, (blanks,))
        yield from table_items(heading_row, rows, part, fields)


def _skip_preamble(file: TextIO, part: Part) -> int:
    """Read the lines above the headings and return their number."""
    above = max(part.header_row - 1, 0)
    return sum(1 for _ in itertools.islice(file, above))


def _delimiter(lines: list[str], part: Part) -> str:
    """Return the delimiter that cuts most lines into as many values as there are headings."""
    if part.path.suffix.lower() == ".tsv":
        return "\t"
    return max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter, part.quote_char))


def _evenness(lines: list[str], delimiter: str, quote_char: str) -> tuple[float, int]:
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote_char)
    widths: list[int] = []
    with contextlib.suppress(csv.Error):  # a value that is too long: its row will be named
        widths.extend(len(cells) for cells in reader if cells)
    if not widths or widths[0] == 1:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _rows(lines: Iterable[str], part: Part, delimiter: str, above: int) -> Iterator[Row]:
    """Iterate over the rows, each with the number of its first line."""
    reader = csv.reader(lines, delimiter=delimiter, quotechar=part.quote_char, strict=True)
    while True:
        line = above + reader.line_num + 1
        try:
            for cells in reader:
                yield Row(line, cells)
                line = above + reader.line_num + 1
        except csv.Error as error:
            yield Row(line, (), finding=_broken_row(part, line, str(error)))
        else:
            return


def _no_headings(part: Part, above: int) -> Finding:
    file = Name(part.file)
    message = Sentence("{file} is empty; a line of headings was expected.", file=file)
    if above:
        line = Numeral(above)
        message = Sentence(
            "{file} has no line after line {line}; a line of headings was expected.", file=file, line=line
        )
    return Finding(
        code="empty-file",
        severity=Severity.ERROR,
        message=message,
        hint=Sentence("Save or fetch the file again, or correct headerRow in the dataset file."),
        place=Place(file=part.file),
        expected=Sentence("a line of headings"),
    )


def _broken_row(part: Part, line: int, reason: str) -> Finding:
    where = Numeral(line)
    if reason.startswith("unexpected end"):
        message = Sentence(
            "A quoted value in line {line} has no closing quote; the rest of the file is lost in it.",
            line=where,
        )
    elif reason.startswith("field larger"):
        most = Numeral(csv.field_size_limit())
        message = Sentence("A value in line {line} is longer than {most} characters.", line=where, most=most)
    else:
        message = Sentence("A quoted value in line {line} goes on after its closing quote.", line=where)
    return Finding(
        code="broken-row",
        severity=Severity.ERROR,
        message=message,
        hint=Sentence("Write a quote inside a quoted value twice."),
        place=Place(file=part.file, row=line),
    )
