"""Write the smallest workbook around a worksheet's XML: for what no library would write."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

__all__ = ["STRICT", "TRANSITIONAL", "Kind", "cells", "text_row", "workbook_of"]

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Kind:
    """One of the two sets of namespaces that a workbook can be written in."""

    main: str
    relation: str


TRANSITIONAL = Kind(
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
STRICT = Kind(
    "http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"
)


def workbook_of(  # noqa: PLR0913  # each is a place in the package
    path: Path,
    rows: str,
    *,
    name: str = "Contracts",
    before: str = "",
    after: str = "",
    shared: str = "",
    styles: str = "",
    properties: str = "",
    kind: Kind = TRANSITIONAL,
) -> Path:
    """Write a workbook with one sheet: its rows, and what stands before and after them."""

    def relations(*targets: tuple[str, str]) -> str:
        inside = "".join(
            f'<Relationship Id="rId{at}" Type="{kind.relation}/{what}" Target="{target}"/>'
            for at, (what, target) in enumerate(targets, 1)
        )
        return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'

    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{office}.worksheet+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{office}.sheet.main+xml"/></Types>',
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{kind.main}" xmlns:r="{kind.relation}">{properties}'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{kind.main}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{kind.main}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{kind.main}">{before}<sheetData>{rows}</sheetData>'
        f"{after}</worksheet>",
    }
    with zipfile.ZipFile(path, "w") as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return path


def cells(number: int, *contents: str, attributes: str = "") -> str:
    """Return a row; ``@`` in the XML of a cell stands for its address."""
    there = (text.replace("@", f"{chr(65 + at)}{number}") for at, text in enumerate(contents))
    return f'<row r="{number}"{attributes}>{"".join(there)}</row>'


def text_row(number: int, *texts: str, attributes: str = "") -> str:
    """Return a row of texts."""
    return cells(
        number,
        *(f'<c r="@" t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else "" for text in texts),
        attributes=attributes,
    )
