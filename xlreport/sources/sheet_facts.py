"""What the XML of a worksheet tells beyond the values of its cells, found in one pass over it.

How far it reaches, which cells hold an error or a formula that was never calculated, what is hidden or
merged, and which numbers are shown padded. Pieces of XML are only looked at where a mark in them says so.
"""

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from xlreport.cells import column_number
from xlreport.sources.package import (
    cells_in_order,
    elements_of,
    local_name,
    related_parts,
    sheet_part,
    whole_rows,
)
from xlreport.sources.shown_numbers import (
    PaddedCells,
    Padding,
    counts_from_1904,
    date_styles,
    padding_styles,
)

__all__ = ["NO_DAY", "Block", "SheetFacts", "last_column", "sheet_facts"]

_ERROR_MARK: Final = b't="e"'
"""To look for a mark of bytes is much quicker than to look for a pattern that begins with a choice."""
_CELL: Final = rb"<(?:\w+:)?c\b([^>]*[^>/])?>"
_ERROR: Final = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v\b[^>]*>([^<]*)<""",
    re.DOTALL,
)
_FORMULA_MARKS: Final = (re.compile(rb"<f[ >/]"), re.compile(rb":f[ >/]"))
_NOT_CALCULATED: Final = re.compile(
    _CELL
    + rb"\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)"
    + rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_SHARED_TEXT: Final = re.compile(rb"""\st=["']s["']""")
_TEXT_MARKS: Final = (b't="str"', b"t='str'")
_ADDRESS: Final = re.compile(rb"""\sr=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_COLUMN: Final = re.compile(rb""" r=["']([A-Z]{1,3})""")
_TWO_LETTERS: Final = re.compile(rb""" r=["'][A-Z]{2}""")
_ONE_LETTER_REACH: Final = column_number("Z")
_THREE_LETTERS: Final = re.compile(rb""" r=["'][A-Z]{3}""")
_TWO_LETTERS_REACH: Final = column_number("ZZ")
_HIDDEN_MARK: Final = b"hidden="
_HIDDEN_ROW: Final = re.compile(
    rb"""<(?:\w+:)?row\b(?=[^>]*\shidden=["'](?:1|true)["'])[^>]*\sr=["']([0-9]{1,7})"""
)
_HIDDEN_COLUMNS: Final = re.compile(rb"""<(?:\w+:)?col\b(?=[^>]*\shidden=["'](?:1|true)["'])([^>]*)>""")
_BOUND: Final = re.compile(rb"""\b(min|max)=["']([0-9]{1,7})["']""")
_MERGED: Final = re.compile(
    rb"""<(?:\w+:)?mergeCell\b[^>]*\bref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']"""
)
_FILTER: Final = re.compile(rb"<(?:\w+:)?filterColumn\b")
_STYLE: Final = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\sr=["']([A-Z]{1,3})([0-9]{1,7})["'])[^>]*\ss=["']([0-9]{1,7})["']"""
)
NO_DAY: Final = "1900-02-29"
"""What Excel takes for the day that it counts as the 60th, against the calendar."""
_ITS_NUMBER: Final = b">60<"
_SIXTY: Final = re.compile(_CELL + rb"(?:<(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?)?<(?:\w+:)?v>60</")
_STYLE_NUMBER: Final = re.compile(rb"""\ss=["']([0-9]+)["']""")


class Block(NamedTuple):
    """A rectangle of cells, 1-based."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class SheetFacts:
    """What the XML of a worksheet tells."""

    rows: int = 0
    """The last row that has a cell."""
    columns_at_most: int = 0
    """No cell is in a column beyond it."""
    flaws: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    """1-based row -> 1-based column and text of its cells without a value: ``#DIV/0!`` where it is an
    error, the formula with ``=`` before it where it was never calculated, `NO_DAY` where it shows that."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last of each group."""
    filtered: bool = False
    """Whether a filter is set on the sheet or on a table of it."""
    merged: list[Block] = field(default_factory=list)
    padded: PaddedCells = field(default_factory=PaddedCells)


def sheet_facts(path: Path, sheet: str) -> SheetFacts:
    """Return what the XML of a worksheet tells; how far it reaches is known roughly."""
    facts = SheetFacts(columns_at_most=_ONE_LETTER_REACH)
    with zipfile.ZipFile(path) as package:
        paddings = padding_styles(package)
        facts.filtered = _has_filtered_table(package, sheet)
        no_days = set() if counts_from_1904(package) else date_styles(package)
    scan = _Scan(facts, {b"%d" % style: padding for style, padding in paddings.items()}, no_days)
    tail = b""
    for rows in whole_rows(path, sheet):
        scan.rows(rows)
        tail = rows
    scan.tail(tail)
    if scan.unaddressed:
        facts.flaws = _flaws_in_order(path, sheet)
    return facts


def last_column(path: Path, sheet: str) -> int:
    """Return the number of the last column that has a cell; it takes a while, since every cell is asked."""
    return max(map(_last_column, whole_rows(path, sheet)), default=0)


def _last_column(rows: bytes) -> int:
    return max((column_number(name.decode()) for name in set(_COLUMN.findall(rows))), default=0)


def _has_filtered_table(package: zipfile.ZipFile, sheet: str) -> bool:
    part = sheet_part(package, sheet)
    tables = related_parts(package, part, "table") if part else []
    return any(elements_of(package, table, "filterColumn") for table in tables)


class _Scan:
    """One pass over the XML of a worksheet, piece by piece."""

    def __init__(
        self, facts: SheetFacts, paddings: Mapping[bytes, Padding], date_styles: Collection[bytes]
    ) -> None:
        self.unaddressed = False
        """Whether a cell that matters does not say where it stands."""
        self._facts = facts
        self._paddings = paddings
        self._date_styles = date_styles
        self._padding_marks = [mark % style for style in paddings for mark in (b's="%s"', b"s='%s'")]
        self._in_head = True
        self._error_marks = [_ERROR_MARK]

    def rows(self, rows: bytes) -> None:
        """Look at some rows; before the first there may be what describes the columns."""
        facts = self._facts
        if self._in_head:
            self._in_head = False
            facts.hidden_columns = list(_hidden_columns(rows))
            if b"='" in rows:  # a program that writes one value so writes all of them so
                self._error_marks.append(_ERROR_MARK.replace(b'"', b"'"))
        if _TWO_LETTERS.search(rows):  # to ask that first is quicker than to ask every cell
            wide = _last_column(rows) if _THREE_LETTERS.search(rows) else _TWO_LETTERS_REACH
            facts.columns_at_most = max(facts.columns_at_most, wide)
        at = rows.rfind(b' r="')
        last = _ADDRESS.search(rows, at if at >= 0 else max(rows.rfind(b" r='"), 0))
        facts.rows = max(facts.rows, int(last[2])) if last else facts.rows
        if any(mark in rows for mark in self._error_marks):
            self._note_errors(rows)
        if any(mark.search(rows) for mark in _FORMULA_MARKS):
            self._note_not_calculated(rows)
        if _HIDDEN_MARK in rows:
            facts.hidden_rows += map(int, _HIDDEN_ROW.findall(rows))
        if any(mark in rows for mark in self._padding_marks):
            self._note_padded(rows)
        if _ITS_NUMBER in rows and self._date_styles:
            self._note_no_days(rows)

    def tail(self, tail: bytes) -> None:
        """Look at what follows the last row."""
        self._facts.filtered |= bool(_FILTER.search(tail))
        for first, top, last, bottom in _MERGED.findall(tail):
            left, right = column_number(first.decode()), column_number(last.decode())
            self._facts.merged.append(Block(int(top), left, int(bottom), right))

    def _note_errors(self, rows: bytes) -> None:
        for attributes, text in _ERROR.findall(rows):
            self._note_flaw(attributes, text.decode("utf-8", "replace"))

    def _note_not_calculated(self, rows: bytes) -> None:
        for attributes, formula in _NOT_CALCULATED.findall(rows):
            if not any(mark in attributes for mark in _TEXT_MARKS):  # of a text, the value may be empty
                self._note_flaw(attributes, "=" + _unescaped(formula.decode("utf-8", "replace")))

    def _note_flaw(self, attributes: bytes, text: str) -> None:
        address = _ADDRESS.search(attributes)
        if address:
            cell = column_number(address[1].decode()), text
            self._facts.flaws.setdefault(int(address[2]), []).append(cell)
        else:
            self.unaddressed = True

    def _note_no_days(self, rows: bytes) -> None:
        for attributes in _SIXTY.findall(rows):
            style = _STYLE_NUMBER.search(attributes)
            if style and style[1] in self._date_styles and not _SHARED_TEXT.search(attributes):
                self._note_flaw(attributes, NO_DAY)

    def _note_padded(self, rows: bytes) -> None:
        for column, row, style in _STYLE.findall(rows):
            padding = self._paddings.get(style)
            if padding:
                self._facts.padded.add(int(row), column_number(column.decode()), padding)


def _hidden_columns(head: bytes) -> Iterator[tuple[int, int]]:
    for attributes in _HIDDEN_COLUMNS.findall(head):
        bounds = dict(_BOUND.findall(attributes))
        if len(bounds) == 2:  # noqa: PLR2004  # first and last
            yield int(bounds[b"min"]), int(bounds[b"max"])


def _unescaped(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _flaws_in_order(path: Path, sheet: str) -> dict[int, list[tuple[int, str]]]:
    """Return the errors and formulas without a value where cells do not say where they stand."""
    found: dict[int, list[tuple[int, str]]] = {}
    for row, column, cell in cells_in_order(path, sheet):
        parts = {local_name(child): child.text or "" for child in cell}
        if cell.get("t") == "e":
            found.setdefault(row, []).append((column, parts.get("v", "")))
        elif "f" in parts and not parts.get("v") and cell.get("t") != "str":
            found.setdefault(row, []).append((column, f"={parts['f']}"))
    return found
