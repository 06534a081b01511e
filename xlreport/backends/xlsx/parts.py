"""Turn an openpyxl workbook into the parts of a package, put right where openpyxl falls short.

Every part is brought into canonical form, so that the same plan gives the same bytes whether or not lxml
is installed, which openpyxl would use.
"""

import functools
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

from xlreport.backends.xlsx.databars import solid_bars
from xlreport.backends.xlsx.extensions import DATA_BARS, SPARKLINES, with_extensions
from xlreport.backends.xlsx.links import append
from xlreport.backends.xlsx.pictures import MEDIA, shapes_of, with_shared_media
from xlreport.backends.xlsx.pivot_parts import add_pivots
from xlreport.backends.xlsx.slicer_parts import add_slicers
from xlreport.backends.xlsx.sparklines import sparkline_groups
from xlreport.backends.xlsx.strings import legal
from xlreport.backends.xlsx.styles import Formats
from xlreport.plan import WorkbookPlan

__all__ = ["SHARED_STRINGS", "STYLES", "package_parts", "sheet_part", "stylesheet"]

STYLES: Final = "xl/styles.xml"
SHARED_STRINGS: Final = "xl/sharedStrings.xml"

_ORDER: Final = (
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "docProps/app.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)
"""The parts that some programs look for at the beginning of the file."""
_SHAPE: Final = re.compile(r'<((?:\w+:)?cNvPr)(?: descr="[^"]*")? id="(\d+)" name="[^"]*">')
_NUMBER_FORMAT: Final = re.compile(r'(<(?:\w+:)?numFmt formatCode="[^"]*")>')
_PROGRAM: Final = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>xlreport</Application></Properties>"
)
_STRINGS_TYPE: Final = (
    '<Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"'
    f' PartName="/{SHARED_STRINGS}"></Override>'
)
_STRINGS_RELATION: Final = (
    '<Relationship Id="rIdStrings" Target="sharedStrings.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings">'
    "</Relationship>"
)


def package_parts(workbook: Workbook, plan: WorkbookPlan, formats: Formats) -> dict[str, str]:
    """Return every part but styles and shared strings by name, in the order in which to store them.

    The worksheets have only a few cells in them, which `sheet_part` cuts out.
    """
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        ExcelWriter(workbook, archive).write_data()
        names = [name for name in archive.namelist() if name != STYLES and not name.startswith(MEDIA)]
        parts = {name: _canonical(archive.read(name)) for name in names}
    parts["docProps/app.xml"] = _PROGRAM
    append(parts, "[Content_Types].xml", "</Types>", _STRINGS_TYPE)
    append(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", _STRINGS_RELATION)
    _mend_charts(parts)
    _mend_drawings(parts, plan)
    add_pivots(parts, plan, sheet_part, formats.number_format)
    _mend_sheets(parts, plan, add_slicers(parts, plan, sheet_part))
    return {name: parts[name] for name in (*_ORDER, *(name for name in parts if name not in _ORDER))}


def sheet_part(number: int) -> str:
    """Return the name of the part of the 1-based sheet ``number``."""
    return f"xl/worksheets/sheet{number}.xml"


def stylesheet(workbook: Workbook) -> str:
    """Return the part of the styles, to be asked for when all cells have been written."""
    return _canonical(tostring(write_stylesheet(workbook)))


@functools.lru_cache(maxsize=8)
def _canonical(content: bytes) -> str:
    """Return XML in canonical form; the cache serves the theme, which is the same in every workbook."""
    return ET.canonicalize(content)


def _mend_sheets(parts: dict[str, str], plan: WorkbookPlan, slicers: Mapping[int, Mapping[str, str]]) -> None:
    for number, sheet in enumerate(plan.sheets, 1):
        name = sheet_part(number)
        content, bars = solid_bars(parts[name], sheet, number)
        sparklines = sparkline_groups(sheet.sparklines, sheet.name)
        extensions = {DATA_BARS: bars, SPARKLINES: sparklines, **slicers.get(number, {})}
        parts[name] = with_extensions(content, extensions)


def _mend_charts(parts: dict[str, str]) -> None:
    """Say of data labels that their number format is their own, which openpyxl leaves open."""
    for name, content in list(parts.items()):
        if name.startswith("xl/charts/"):
            parts[name] = _NUMBER_FORMAT.sub(r'\1 sourceLinked="0">', content)


def _mend_drawings(parts: dict[str, str], plan: WorkbookPlan) -> None:
    """Give every chart and picture its alternative text and a name that is unique in the workbook."""
    drawing = before = 0
    for sheet in plan.sheets:
        shapes = shapes_of(sheet)
        if not shapes:
            continue
        drawing += 1
        name = f"xl/drawings/drawing{drawing}.xml"
        relations = f"xl/drawings/_rels/drawing{drawing}.xml.rels"
        parts[name] = _described(parts[name], shapes, before)
        parts[relations] = with_shared_media(parts[relations], plan)
        before += len(shapes)


def _described(drawing: str, shapes: Iterable[tuple[str, str]], before: int) -> str:
    """Return the drawing with kind and text of its ``shapes``; the workbook has ``before`` others."""
    remaining = iter(enumerate(shapes, before + 1))

    def described(match: re.Match[str]) -> str:
        number, (kind, text) = next(remaining)
        return f'<{match[1]} descr={quoteattr(legal(text))} id="{match[2]}" name="{kind} {number}">'

    return _SHAPE.sub(described, drawing)
