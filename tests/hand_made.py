"""Workbooks made by hand, part by part, with what no library keeps: for tests that nothing of it is lost."""

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
HEADINGS = ("id", "name", "amount", "currency")
ROWS = (("C-1", "One", "1000", "USD"), ("C-2", "Two", "2000.50", "EUR"), ("C-3", "Three", "3000", "USD"))
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Contract",
    "type": "object",
    "x-primaryKey": ["id"],
    "required": ["id", "name", "amount", "currency"],
    "properties": {
        "id": {"type": "string", "title": "Id"},
        "name": {"type": "string", "title": "Name"},
        "amount": {"type": "number", "title": "Amount"},
        "currency": {"enum": ["USD", "EUR"], "title": "Currency"},
    },
}
"""What the rows are held against; all of them hold."""

STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.000"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor theme="4" tint="0.7999"/><bgColor indexed="64"/>'
    '</patternFill></fill><fill><gradientFill degree="90"><stop position="0"><color rgb="FFFFFFFF"/></stop>'
    '<stop position="1"><color rgb="FF00B050"/></stop></gradientFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left style="thin"/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1">'
    '<alignment horizontal="right" indent="1"/><protection locked="0"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1">'
    '<alignment horizontal="right" indent="1"/><protection locked="0"/></xf>'
    '<xf numFmtId="0" fontId="0" fillId="3" borderId="0" xfId="0" applyFill="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font></dxf></dxfs></styleSheet>'
)
"""Two formats that are the same, a theme colour, a gradient."""

VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml"\r\n xmlns:o="urn:schemas-microsoft-com:office:office"\r\n'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel">\r\n <o:shapelayout v:ext="edit">\r\n'
    '  <o:idmap v:ext="edit" data="1"/>\r\n </o:shapelayout><v:shapetype id="_x0000_t201" '
    'coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"/>\r\n'
    ' <v:shape id="Button_x0020_1" o:spid="_x0000_s1025" type="#_x0000_t201" style=\'position:absolute\''
    ' o:button="t"><v:textbox><div style=\'text-align:center\'><font face="Calibri">Run<br>me</font></div>'
    '</v:textbox><x:ClientData ObjectType="Button"><x:Anchor>6, 0, 1, 0, 8, 0, 3, 0</x:Anchor>'
    "<x:FmlaMacro>[0]!Run</x:FmlaMacro></x:ClientData></v:shape>\r\n"
    ' <v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
    '<v:shape id="_x0000_s1026" type="#_x0000_t202" style=\'visibility:hidden\'>'
    '<x:ClientData ObjectType="Note"><x:Anchor>1, 15, 1, 2, 3, 15, 5, 4</x:Anchor><x:Row>2</x:Row>'
    "<x:Column>1</x:Column></x:ClientData></v:shape></xml>"
)
"""A form control, whose text is no sound XML, and the note at B3."""

COMMENTS = (
    f'{DECLARATION}<comments xmlns="{MAIN}"><authors><author>tc={{0A0B0C0D-0000-4000-8000-000000000001}}'
    '</author></authors><commentList><comment ref="B3" authorId="0" shapeId="0"><text><t>[Threaded comment]'
    "\r\n\r\nComment: is that so?</t></text></comment></commentList></comments>"
)
THREADED = (
    f"{DECLARATION}<ThreadedComments "
    'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<threadedComment ref="B3" dT="2024-01-01T00:00:00.00" personId="{0A0B0C0D-0000-4000-8000-000000000002}"'
    ' id="{0A0B0C0D-0000-4000-8000-000000000001}"><text>is that so?</text></threadedComment>'
    "</ThreadedComments>"
)
PERSONS = (
    f"{DECLARATION}<personList "
    'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<person displayName="Ann" id="{0A0B0C0D-0000-4000-8000-000000000002}" userId="Ann" providerId="None"/>'
    "</personList>"
)
DRAWING = (
    f"{DECLARATION}<xdr:wsDr "
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:absoluteAnchor>'
    '<xdr:pos x="6000000" y="200000"/><xdr:ext cx="900000" cy="400000"/><xdr:sp macro="" textlink="">'
    '<xdr:nvSpPr><xdr:cNvPr id="2" name="Star 1"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>'
    '<a:prstGeom prst="star5"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp><xdr:clientData/>'
    "</xdr:absoluteAnchor></xdr:wsDr>"
)


def text_cell(address: str, text: str, style: str = "") -> str:
    return f'<c r="{address}"{style} t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(rows: tuple[tuple[str, ...], ...] = ROWS, *, plain: bool = False) -> str:
    """Return a worksheet with everything that may stand around the notes; ``plain`` leaves that out."""
    cells = "".join(
        text_cell(f"{column}1", text, ' s="1"') for column, text in zip("ABCD", HEADINGS, strict=True)
    )
    lines = [f'<row r="1" spans="1:4" ht="20" customHeight="1">{cells}</row>']
    for number, (key, name, amount, currency) in enumerate(rows, 2):
        line = text_cell(f"A{number}", key) + text_cell(f"B{number}", name, ' s="4"')
        if amount:
            line += f'<c r="C{number}" s="3"><v>{amount}</v></c>'
        line += text_cell(f"D{number}", currency) if currency else ""
        lines.append(f'<row r="{number}">{line}</row>')
    around = (
        ""
        if plain
        else (
            '<conditionalFormatting sqref="C2:C9">'
            '<cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan">'
            "<formula>0</formula></cfRule></conditionalFormatting>"
            '<dataValidations count="1"><dataValidation type="list" sqref="D2:D9">'
            '<formula1>"USD,EUR"</formula1>'
            '</dataValidation></dataValidations><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75"'
            ' header="0.3" footer="0.3"/><drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>'
            '<legacyDrawingHF r:id="rId3"/>'
        )
    )
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><dimension ref="A1:D{len(rows) + 1}"/>'
        '<sheetFormatPr defaultRowHeight="15"/><cols>'
        '<col min="4" max="4" width="12" style="5" customWidth="1"/>'
        f"</cols><sheetData>{''.join(lines)}</sheetData>{around}</worksheet>"
    )


def relations(*each: tuple[str, str, str]) -> str:
    """Return a part of relations: id, kind or whole type, target."""
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind if "/" in kind else f"{OFFICE}/{kind}"}" Target="{target}"/>'
        for name, kind, target in each
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def parts(worksheet: str | None = None, *, macros: bool = True) -> dict[str, bytes]:
    """Return the parts of a workbook with macros, a ribbon, a shape, a button, a threaded comment."""
    sheets = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml" if macros else f"{sheets}.sheet.main+xml"
    overrides = {
        "/xl/workbook.xml": kind,
        "/xl/worksheets/sheet1.xml": f"{sheets}.worksheet+xml",
        "/xl/styles.xml": f"{sheets}.styles+xml",
        "/xl/comments1.xml": f"{sheets}.comments+xml",
        "/xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
        "/xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
        "/xl/drawings/drawing1.xml": "application/vnd.openxmlformats-officedocument.drawing+xml",
    }
    types = "".join(
        f'<Override PartName="{name}" ContentType="{value}"/>' for name, value in overrides.items()
    )
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
        "bin": "application/vnd.ms-office.vbaProject",
    }
    types = (
        "".join(f'<Default Extension="{name}" ContentType="{value}"/>' for name, value in defaults.items())
        + types
    )
    header = VML.replace("Note", "Pict")
    return {
        name: content if isinstance(content, bytes) else content.encode()
        for name, content in {
            "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">{types}</Types>',
            "_rels/.rels": relations(
                ("rId1", "officeDocument", "xl/workbook.xml"),
                (
                    "rId2",
                    "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
                    "customUI/customUI14.xml",
                ),
            ),
            "customUI/customUI14.xml": '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"/>',
            "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews>'
            '<workbookView activeTab="0"/></bookViews><sheets>'
            '<sheet name="Contracts" sheetId="7" r:id="rId1"/></sheets><definedNames>'
            '<definedName name="Amounts">Contracts!$C$2:$C$4</definedName></definedNames>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId2", "styles", "styles.xml"),
                (
                    "rId3",
                    "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                    "vbaProject.bin",
                ),
                (
                    "rId4",
                    "http://schemas.microsoft.com/office/2017/10/relationships/person",
                    "persons/person.xml",
                ),
            ),
            "xl/worksheets/sheet1.xml": worksheet or sheet(),
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                ("rId1", "drawing", "../drawings/drawing1.xml"),
                ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
                ("rId3", "vmlDrawing", "../drawings/vmlDrawing2.vml"),
                ("rId4", "comments", "../comments1.xml"),
                (
                    "rId5",
                    "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
                    "../threadedComments/threadedComment1.xml",
                ),
            ),
            "xl/styles.xml": STYLES,
            "xl/comments1.xml": COMMENTS,
            "xl/threadedComments/threadedComment1.xml": THREADED,
            "xl/persons/person.xml": PERSONS,
            "xl/drawings/drawing1.xml": DRAWING,
            "xl/drawings/vmlDrawing1.vml": VML,
            "xl/drawings/vmlDrawing2.vml": header,
            "xl/vbaProject.bin": bytes(range(256)) * 8,
        }.items()
    }


def plain_parts(worksheet: str, styles: str | None = STYLES) -> dict[str, bytes]:
    """Return the parts of the smallest workbook with one worksheet."""
    sheets = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    styled = f'<Override PartName="/xl/styles.xml" ContentType="{sheets}.styles+xml"/>' if styles else ""
    made = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{sheets}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheets}.worksheet+xml"/>'
        f"{styled}</Types>",
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Contracts" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            *([("rId2", "styles", "styles.xml")] if styles else []),
        ),
        "xl/worksheets/sheet1.xml": worksheet,
    }
    made |= {"xl/styles.xml": styles} if styles else {}
    return {name: content.encode() for name, content in made.items()}


class _Endless(io.RawIOBase):
    """A file that cannot seek, so that entries get their sizes behind them."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.content += piece
        return len(piece)


def packaged(path: Path, content: Mapping[str, bytes], *, odd: bool = False) -> Path:
    """Write a package; ``odd`` uses what the format allows: stored parts, sizes behind them, extra fields."""
    file = _Endless()
    with zipfile.ZipFile(file if odd else path, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for number, (name, data) in enumerate(content.items()):
            info = zipfile.ZipInfo(name, (2024, 5, 17, 12, 30, 2 * (number % 20)))
            info.compress_type = zipfile.ZIP_STORED if odd and number % 3 == 2 else zipfile.ZIP_DEFLATED
            if odd:
                info.extra = struct.pack("<2H4s", 0xA220, 4, b"abcd")
                info.comment = b"made by hand"
            archive.writestr(info, data)
        archive.comment = b"a package" if odd else b""
    if odd:
        path.write_bytes(bytes(file.content))
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Return the parts of a package in their order."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
