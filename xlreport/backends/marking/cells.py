"""The cells of a worksheet, streamed: marked ones get their format, and cells that are not there are put in.

A cell that a mark puts in is spelled as nobody else spells one (``<c t="n" r="B5" s="87"/>``), so that it
goes again when the mark does. After Excel has saved the workbook it is an empty cell like others.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from xlreport.backends.marking.surgery import attribute, with_attribute
from xlreport.cells import cell_name, column_number
from xlreport.findings import Severity

__all__ = ["Cleared", "Formatting", "patched_rows", "uses"]

_ADDRESS: Final = re.compile(rb"([A-Za-z]+)(\d+)")
_NEW: Final = b't="n" r='
_LOOK_AHEAD: Final = 4096


@dataclass(frozen=True, slots=True)
class Formatting:
    """How cells of one sheet get their formats."""

    prefix: bytes
    """Of the elements, with its colon; empty where they have none."""
    wanted: Mapping[int, Mapping[int, Severity]]
    """Row -> column -> how heavy the mark there is."""
    marked: Callable[[int, Severity], int]
    """Gives the format of a marked cell for the one that it has."""
    ways_back: Mapping[int, int]
    """Format of a marked cell -> the one that it had."""
    columns: Callable[[int], int]
    """Gives the format of an empty cell in a column."""


class Cleared:
    """Takes old marks off."""

    def __init__(self, prefix: bytes, ways_back: Mapping[int, int]) -> None:
        """Look for cells whose formats are among ``ways_back``, in elements with this ``prefix``."""
        numbers = b"|".join(str(number).encode() for number in ways_back)
        name = re.escape(prefix)
        self._ways_back = ways_back
        self._any = re.compile(rb"""\ss\s*=\s*["'](?:""" + numbers + rb""")["']""")
        self._new = re.compile(rb"<" + name + rb'c t="n" r="[A-Z]+[0-9]+" s="(?:' + numbers + rb')"/>')
        self._styled = re.compile(
            rb"<" + name + rb"""(?:c|row)\b[^>]*?(\ss\s*=\s*["'](""" + numbers + rb""")["'])[^>]*>"""
        )
        self._emptied = re.compile(rb"(<" + name + rb"row\b[^>]*) ></" + name + rb"row>")
        self._own_row = re.compile(rb"<" + name + rb'row  r="[0-9]+"/>')

    def __call__(self, rows: bytes) -> bytes:
        """Return whole rows without marks."""
        if not self._ways_back or not self._any.search(rows):
            return rows
        rows = self._styled.sub(self._restored, self._new.sub(b"", rows))
        return self._own_row.sub(b"", self._emptied.sub(rb"\g<1>/>", rows))

    def is_in(self, rows: bytes) -> bool:
        """Tell whether the rows have any mark."""
        return bool(self._ways_back and self._any.search(rows))

    def _restored(self, found: re.Match[bytes]) -> bytes:
        tag, old = found[0], self._ways_back[int(found[2])]
        if old == 0 and re.match(rb"<[^\s]+ s=", tag):
            return tag.replace(found[1], b"", 1)
        return with_attribute(tag, b"s", str(old).encode())


def uses(pieces: Iterable[bytes], cleared: Cleared) -> bool:
    """Tell whether a sheet has any mark in its cells."""
    tail = b""
    for piece in pieces:
        if cleared.is_in(tail + piece):
            return True
        tail = piece[-64:]
    return False


def patched_rows(blocks: Iterable[bytes], formatting: Formatting) -> Iterator[bytes]:
    """Return blocks of whole rows with the marks of the sheet, and without those that it had."""
    clear = Cleared(formatting.prefix, formatting.ways_back)
    marker = _Marker(formatting)
    for block in blocks:
        yield marker.patched(clear(block))
    yield marker.rest()


class _Marker:
    """Goes through the rows, in their order, and marks cells."""

    def __init__(self, formatting: Formatting) -> None:
        name = re.escape(formatting.prefix)
        self._formatting = formatting
        self._left = sorted(formatting.wanted, reverse=True)
        """Rows that are still to come, the next one last."""
        self._row = re.compile(rb"<" + name + rb"""row(?=[\s/>])[^>]*>""")
        self._cell = re.compile(rb"<" + name + rb"""c(?=[\s/>])[^>]*>""")
        self._end = b"</" + formatting.prefix + b"row>"
        self._at = 0
        """Number of the row before."""

    def patched(self, block: bytes) -> bytes:
        """Return whole rows with their marks."""
        if not self._left or self._passes(block):
            return block
        pieces, copied = [], 0
        for found in self._row.finditer(block):
            number = self._number(found[0])
            self._at = number
            if not self._left or self._left[-1] > number:
                continue
            pieces.append(block[copied : found.start()])
            pieces += [self._new_row(row) for row in self._due(number)]
            copied = found.start()
            if self._left and self._left[-1] == number:
                self._left.pop()
                stop = found.end()
                if not found[0].endswith(b"/>"):
                    stop = block.index(self._end, stop) + len(self._end)
                pieces.append(self._marked_row(number, block[copied:stop]))
                copied = stop
        return b"".join([*pieces, block[copied:]])

    def rest(self) -> bytes:
        """Return the rows that no cell had."""
        return b"".join(self._new_row(row) for row in reversed(self._left))

    def _passes(self, block: bytes) -> bool:
        """Tell, and note where we are, whether all rows of the block come before the next marked one."""
        last = block.rfind(b"<" + self._formatting.prefix + b"row ")
        found = self._row.match(block, last) if last >= 0 else None
        told = attribute(found[0], b"r") if found else None
        if found is None or told is None or int(told) >= self._left[-1]:
            return False
        if block.find(b"<" + self._formatting.prefix + b"row", found.end()) >= 0:
            return False  # rows without a number come behind it
        self._at = int(told)
        return True

    def _number(self, tag: bytes) -> int:
        told = attribute(tag, b"r")
        return int(told) if told else self._at + 1

    def _due(self, number: int) -> list[int]:
        """Return the marked rows before ``number``, which are not in the sheet."""
        due = []
        while self._left and self._left[-1] < number:
            due.append(self._left.pop())
        return due

    def _new_row(self, number: int) -> bytes:
        name = b"<" + self._formatting.prefix + b"row"
        columns = self._formatting.wanted[number]
        cells = [self._new_cell(number, column, columns[column], None) for column in sorted(columns)]
        return name + b'  r="%d" >' % number + b"".join(cells) + self._end

    def _new_cell(self, row: int, column: int, severity: Severity, row_format: int | None) -> bytes:
        base = self._formatting.columns(column) if row_format is None else row_format
        form = self._formatting.marked(base, severity)
        address = cell_name(row, column).encode()
        return b'<%bc t="n" r="%b" s="%d"/>' % (self._formatting.prefix, address, form)

    def _marked_row(self, number: int, row: bytes) -> bytes:
        """Return one row with its marks."""
        found = self._row.match(row)
        if found is None:
            return row
        tag = found[0]
        left = sorted(self._formatting.wanted[number].items(), reverse=True)
        custom = attribute(tag, b"customFormat") in (b"1", b"true")
        row_format = int(attribute(tag, b"s") or 0) if custom else None
        pieces, copied, column = [], found.end(), 0
        for cell in self._cell.finditer(row, found.end()):
            column = _column(cell[0], column)
            if not left:
                break
            if left[-1][0] > column:
                continue
            pieces.append(row[copied : cell.start()])
            while left and left[-1][0] < column:
                pieces.append(self._new_cell(number, *left.pop(), row_format))
            copied = cell.start()
            if left and left[-1][0] == column:
                pieces.append(self._marked_cell(cell[0], left.pop()[1]))
                copied = cell.end()
        new = b"".join(self._new_cell(number, *each, row_format) for each in reversed(left))
        if tag.endswith(b"/>"):
            return tag[:-2] + b" >" + new + self._end
        return tag + b"".join(pieces) + row[copied : -len(self._end)] + new + self._end

    def _marked_cell(self, tag: bytes, severity: Severity) -> bytes:
        told = attribute(tag, b"s")
        form = str(self._formatting.marked(int(told or 0), severity)).encode()
        if told is not None:
            return with_attribute(tag, b"s", form)
        name = b"<" + self._formatting.prefix + b"c"
        return name + b' s="' + form + b'"' + tag[len(name) :]


def _column(tag: bytes, before: int) -> int:
    told = attribute(tag, b"r")
    address = _ADDRESS.match(told) if told else None
    return column_number(address[1].decode()) if address else before + 1
