"""The slow way to the cells of a sheet: one at a time, by the rules; a witness for the quick one.

It knows nothing of bands, columns or blocks, and shares no code with the writer.
"""

import datetime as dt
import re
from decimal import Decimal
from xml.etree import ElementTree as ET

from xlreport.cells import cell_name
from xlreport.plan import Formula, SheetPlan
from xlreport.styles import Style

__all__ = ["Cell", "Look", "read_cells", "witness_cells"]

Look = tuple[Style | None, bool]
"""A style, and whether the cell has the quote prefix."""
Cell = tuple[str, str, str | None]
"""Type (``n``, ``b``, ``text`` or ``empty``), value as text, formula."""

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def witness_cells(sheet: SheetPlan) -> dict[str, tuple[Cell, Look]]:
    """Return every cell that is to be in ``sheet``, by its address."""
    values = {
        (block.row + down, block.column + right): value
        for block in sheet.blocks
        for down, row in enumerate(block.rows())
        for right, value in enumerate(row)
    }
    styles = {
        (row, column): run.style
        for run in sheet.styles
        for row in range(run.range.first_row, run.range.last_row + 1)
        for column in range(run.range.first_column, run.range.last_column + 1)
    }
    cells = {}
    for place in sorted(values.keys() | styles.keys()):
        style = styles.get(place)
        cell = _cell(values.get(place))
        shows = style is not None and (style.fill or style.top or style.bottom)
        if shows or cell != ("empty", "", None):
            guarded = cell[0] == "text" and cell[2] is None and cell[1][:1] in tuple("=+-@\t\r")
            cells[cell_name(*place)] = cell, (style, guarded)
    return cells


def _cell(value: object) -> Cell:  # noqa: PLR0911  # a table of the types and their forms
    match value:
        case None:
            return "empty", "", None
        case Formula(text, result):
            return *_cell(result)[:2], text
        case bool():
            return "b", str(int(value)), None
        case int():
            return "n", str(value), None
        case float():
            return "n", repr(value), None
        case Decimal():
            return "n", f"{value:f}", None
        case dt.datetime():
            since = value.replace(tzinfo=None) - (value.utcoffset() or dt.timedelta())
            days = (since - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)  # noqa: DTZ001  # Excel's
            return "n", repr(days), None
        case dt.date():
            days = (value - dt.date(1899, 12, 30)).days
            return ("n", str(days), None) if value >= dt.date(1900, 3, 1) else ("text", str(value), None)
        case _:
            return "text", str(value), None


def read_cells(sheet: bytes, strings: bytes) -> dict[str, tuple[Cell, str]]:
    """Return the cells that stand in the XML of a worksheet with the numbers of their formats."""
    shared = ["".join(item.itertext()) for item in ET.fromstring(strings)]  # noqa: S314  # we wrote it
    cells = {}
    for row in ET.fromstring(sheet).iter(f"{MAIN}row"):  # noqa: S314  # likewise
        for cell in row:
            address = cell.attrib["r"]
            assert re.sub("[A-Z]", "", address) == row.attrib["r"]
            assert address not in cells
            cells[address] = _read(cell, shared), cell.attrib.get("s", "0")
    return cells


def _read(cell: ET.Element, shared: list[str]) -> Cell:
    kind, formula, value = cell.get("t", "n"), cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
    text = "".join(cell.find(f"{MAIN}is").itertext()) if kind == "inlineStr" else None
    text = value.text or "" if value is not None else text
    text = shared[int(text)] if kind == "s" else text
    kind = {"s": "text", "str": "text", "inlineStr": "text"}.get(kind, kind)
    if text is None:
        return "empty", "", None if formula is None else formula.text
    decoded = re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), text)
    return kind, decoded if kind == "text" else text, None if formula is None else formula.text
