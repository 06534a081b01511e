"""Turn a lookup table that a person keeps as CSV (rates, regions) into rows of text with line numbers."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from xlreport.errors import SpecError
from xlreport.text import did_you_mean, listing, plural

__all__ = ["LookupRow", "LookupTable", "read_lookup_csv", "refuse"]

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class LookupRow:
    """One row: its 1-based line in the file, and its values by heading, without outer blanks."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A lookup table as text, with what is needed to say later where it came from."""

    file: str
    """The file's name without its folder."""
    sha256: str
    rows: tuple[LookupRow, ...]


def read_lookup_csv(path: Path, columns: Sequence[str], *, only: bool, delimiter: str = ",") -> LookupTable:
    """Read the CSV file (UTF-8) at ``path``, which must have ``columns``; SpecError says what is wrong.

    With ``only``, further columns are refused, so that a misspelt one does not go unnoticed.
    """
    content = _bytes(path)
    rows = _rows(path.name, _text(path.name, content), delimiter)
    _, headings = next(rows, (0, []))
    _check_headings(path.name, headings, columns, only=only)
    return LookupTable(path.name, hashlib.sha256(content).hexdigest(), _keyed(path.name, headings, rows))


def refuse(file: str, problems: Sequence[str]) -> NoReturn:
    """Raise SpecError with a line per problem; beyond ten the rest is counted."""
    lines = [f"{file}{problem}" for problem in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"{file}: {plural(len(problems) - _SHOWN, 'more problem')} like these.")
    raise SpecError("\n".join(lines))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = f"{path}: there is no such file; name a CSV file that exists."
        raise SpecError(message) from None
    except OSError as error:
        message = f"{path}: the file cannot be read ({error.strerror}); name a CSV file that can."
        raise SpecError(message) from error


def _text(file: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        refuse(file, [f":{line}: a character is not UTF-8; save the file as CSV UTF-8."])


def _rows(file: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line that it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for row in reader:
            if any(value.strip() for value in row):
                yield line, [value.strip() for value in row]
            line = reader.line_num + 1
    except csv.Error as error:
        refuse(file, [f":{line}: the line is not CSV ({error}); look for a quote that is not closed."])


def _check_headings(file: str, headings: list[str], columns: Sequence[str], *, only: bool) -> None:
    problems = [
        f":1: there is no column '{name}'; the file has: {listing(headings) or 'none'}"
        f"{did_you_mean(name, headings) or '.'}"
        for name in columns
        if name not in headings
    ]
    repeated = dict.fromkeys(name for name in headings if headings.count(name) > 1)
    problems += [f":1: the column '{name}' is there more than once; keep one of them." for name in repeated]
    if only and not problems:
        problems = [
            f":1: there is no use for the column '{name}'; the columns are: {listing(columns)}."
            for name in headings
            if name not in columns
        ]
    if problems:
        refuse(file, problems)


def _keyed(file: str, headings: list[str], rows: Iterator[tuple[int, list[str]]]) -> tuple[LookupRow, ...]:
    found: list[LookupRow] = []
    problems: list[str] = []
    wanted = plural(len(headings), "column")
    for line, values in rows:
        if len(values) == len(headings):
            found.append(LookupRow(line, dict(zip(headings, values, strict=True))))
        else:
            count = plural(len(values), "value")
            problems.append(f":{line}: {count} for {wanted}; quote a value that has the delimiter in it.")
    if problems:
        refuse(file, problems)
    return tuple(found)
