"""Turn an openpyxl workbook into the parts of a package, put right where openpyxl falls short.

Every part is brought into canonical form, so that the same plan gives the same bytes whether or not lxml
is installed, which openpyxl would use.
"""

import functools
import io
import re
import zipfile
from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

from xlreport.backends.xlsx.databars import solid_bars
from xlreport.backends.xlsx.extensions import DATA_BARS, SPARKLINES, with_extensions
from xlreport.backends.xlsx.sparklines import sparkline_groups
from xlreport.backends.xlsx.strings import legal
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
_SHAPE: Final = re.compile(r'<((?:\w+:)?cNvPr) id="(\d+)" name="[^"]*">')
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


def package_parts(workbook: Workbook, plan: WorkbookPlan) -> dict[str, str]:
    """Return every part but styles and shared strings by name, in the order in which to store them.

    The worksheets have only a few cells in them, which `sheet_part` cuts out.
    """
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        ExcelWriter(workbook, archive).write_data()
        parts = {name: _canonical(archive.read(name)) for name in archive.namelist() if name != STYLES}
    parts["docProps/app.xml"] = _PROGRAM
    _append(parts, "[Content_Types].xml", "</Types>", _STRINGS_TYPE)
    _append(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", _STRINGS_RELATION)
    _mend_sheets(parts, plan)
    _mend_charts(parts)
    _describe_charts(parts, plan)
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


def _append(parts: dict[str, str], name: str, end: str, element: str) -> None:
    parts[name] = parts[name].removesuffix(end) + element + end


def _mend_sheets(parts: dict[str, str], plan: WorkbookPlan) -> None:
    for number, sheet in enumerate(plan.sheets, 1):
        name = sheet_part(number)
        content, bars = solid_bars(parts[name], sheet, number)
        sparklines = sparkline_groups(sheet.sparklines, sheet.name)
        parts[name] = with_extensions(content, {DATA_BARS: bars, SPARKLINES: sparklines})


def _mend_charts(parts: dict[str, str]) -> None:
    """Say of data labels that their number format is their own, which openpyxl leaves open."""
    for name, content in list(parts.items()):
        if name.startswith("xl/charts/"):
            parts[name] = _NUMBER_FORMAT.sub(r'\1 sourceLinked="0">', content)


def _describe_charts(parts: dict[str, str], plan: WorkbookPlan) -> None:
    """Give every chart its alternative text and a name that is unique in the workbook."""
    drawing = chart_number = 0
    for sheet in plan.sheets:
        if not sheet.charts:
            continue
        drawing += 1
        name = f"xl/drawings/drawing{drawing}.xml"
        texts = [legal(chart.alt_text) for chart in sheet.charts]
        parts[name] = _described(parts[name], texts, chart_number)
        chart_number += len(texts)


def _described(drawing: str, texts: Iterable[str], before: int) -> str:
    """Return the drawing with ``texts`` on its charts, of which the workbook has ``before`` others."""
    remaining = iter(enumerate(texts, before + 1))

    def described(match: re.Match[str]) -> str:
        number, text = next(remaining)
        return f'<{match[1]} descr={quoteattr(text)} id="{match[2]}" name="Chart {number}">'

    return _SHAPE.sub(described, drawing)
