"""Workbooks that are made to harm, built from a good one."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"

PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{DOCUMENT}.sheet.main+xml"/>'
    f'<Override PartName="/{SHEET}" ContentType="{DOCUMENT}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="Things" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>T-1</t></is></c></row></sheetData></worksheet>',
}
"""A workbook of one sheet with one record."""

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def zipped(parts: Mapping[str, str | bytes], *more: tuple[str, str | bytes]) -> bytes:
    """Return the package of the parts; ``more`` may have names that are there already."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in [*parts.items(), *more]:
            package.writestr(name, content)
    return stream.getvalue()


def workbook(*more: tuple[str, str | bytes], **changed: str | bytes) -> bytes:
    """Return the good workbook with ``more`` parts, and its ``sheet``, ``types`` or ``rels`` changed."""
    names = {
        "sheet": SHEET,
        "types": "[Content_Types].xml",
        "rels": "xl/_rels/workbook.xml.rels",
    }
    return zipped({**PARTS, **{names[key]: content for key, content in changed.items()}}, *more)


def file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def zeros(size: int) -> bytes:
    """Return deflated zeros, without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def crc_of_zeros(size: int) -> int:
    crc, block = 0, bytes(1 << 20)
    for _ in range(size >> 20):
        crc = zlib.crc32(block, crc)
    return crc


class Raw:
    """A package put together byte by byte, so that it can lie."""

    def __init__(self) -> None:
        self.body = b""
        self.listed = b""
        self.count = 0

    def part(
        self,
        name: str,
        packed: bytes,
        *,
        says: int,
        crc: int = 0,
        method: int = 8,
        local: str = "",
        flags: int = 0,
    ) -> int:
        """Add a part that ``says`` that it unpacks to so many bytes; return where it begins."""
        at = len(self.body)
        numbers = (0, 0, crc, len(packed), says)
        own = (local or name).encode()
        self.body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, *numbers, len(own), 0)
        self.body += own + packed
        self.list(name, at, len(packed), says=says, crc=crc, method=method, flags=flags)
        return at

    def list(
        self, name: str, at: int, packed: int, *, says: int, crc: int = 0, method: int = 8, flags: int = 0
    ) -> None:
        """Put a part on the list only."""
        fixed = (b"PK\1\2", 20, 20, flags, method, 0, 0, crc, packed, says, len(name), 0, 0, 0, 0, 0, at)
        self.listed += struct.pack("<4s6H3L5H2L", *fixed) + name.encode()
        self.count += 1

    def bytes(self) -> bytes:
        """Return the package."""
        numbers = (0, 0, self.count, self.count, len(self.listed), len(self.body), 0)
        return self.body + self.listed + struct.pack("<4s4H2LH", b"PK\5\6", *numbers)


def overlapping(copies: int) -> bytes:
    """Return a package whose many parts are made of the same few bytes, each with all the later headers."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(bytes(1 << 20)) + packer.flush()
    raw = Raw()
    at = raw.part("a0.xml", kernel, says=1 << 20, crc=zlib.crc32(bytes(1 << 20)))
    for copy in range(1, copies):
        raw.list(f"a{copy}.xml", at, len(kernel), says=1 << 20, crc=zlib.crc32(bytes(1 << 20)))
    return raw.bytes()
