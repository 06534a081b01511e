"""One worksheet being patched: its head, its rows as a stream, and what stands behind them."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from xlreport.backends.marking.archive import packed
from xlreport.backends.marking.cells import Cleared, Formatting, patched_rows, uses
from xlreport.backends.marking.package import Package
from xlreport.backends.marking.surgery import (
    Element,
    edited,
    parsed,
    prefixed,
    tag_name,
    with_attribute,
)
from xlreport.errors import UsageError
from xlreport.findings import Severity

__all__ = ["Frame", "frame_of", "patch"]

_DATA: Final = re.compile(rb"<(?:[\w.-]+:)?sheetData\b[^>]*>")
_AFTER_NOTES: Final = frozenset(
    {
        *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
        *("webPublishItems", "tableParts", "extLst"),
    }
)
"""What stands behind the notes' shapes in a worksheet."""
_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT: Final = b"http://purl.oclc.org/ooxml/officeDocument/relationships"


@dataclass(frozen=True, slots=True)
class Column:
    """A run of columns that the sheet describes."""

    first: int
    last: int
    width: float | None
    form: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What a worksheet has besides its rows."""

    head: bytes
    """Up to the first row."""
    tail: bytes
    """From the end of the rows on."""
    root: Element
    """Of head and tail together."""
    columns: Sequence[Column] = field(default_factory=tuple)
    row_height: float = 15.0
    """Points of a row whose height is not set."""

    @property
    def prefix(self) -> bytes:
        """Prefix of the elements with its colon, or nothing."""
        prefix, colon, _ = tag_name(self.root.tag_in(self.head)).rpartition(b":")
        return prefix + colon

    @property
    def legacy_drawing(self) -> str:
        """Id of the relation to the shapes of notes and form controls, or an empty string."""
        element = self.root.child("legacyDrawing")
        values = element.attributes.items() if element else ()
        return next((value for name, value in values if name.endswith(":id")), "")

    def format_of(self, column: int) -> int:
        """Return the format of the empty cells of a column."""
        return next((each.form for each in self.columns if each.first <= column <= each.last), 0)


def frame_of(package: Package, part: str) -> Frame:
    """Return what the worksheet has besides its rows; UsageError where it is no sound one."""
    head = tail = b""
    for kind, piece in _split(package.pieces(part)):
        if kind == "head":
            head = piece
        elif kind == "tail":
            tail = piece
    root = parsed(head + tail, part, depth=3)
    columns = root.child("cols")
    layout = root.child("sheetFormatPr")
    height = layout.attributes.get("defaultRowHeight") if layout else None
    return Frame(
        head,
        tail,
        root,
        tuple(map(_column, columns.children)) if columns else (),
        float(height or 15.0),
    )


def _column(element: Element) -> Column:
    told = element.attributes
    width = float(told["width"]) if "width" in told else None
    return Column(int(told.get("min", 1)), int(told.get("max", 1)), width, int(told.get("style", 0)))


def _split(pieces: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the head, blocks of whole rows, and the tail of a worksheet."""
    text, pieces = b"", iter(pieces)
    data = None
    for piece in pieces:
        text += piece
        data = _DATA.search(text)
        if data:
            break
    if data is None or data[0].endswith(b"/>"):
        rest = b"".join([text, *pieces])
        at = data.end() if data else len(rest)
        yield "head", rest[:at]
        yield "tail", rest[at:]
        return
    yield "head", text[: data.end()]
    name = tag_name(data[0])
    end, row = b"</" + name, b"<" + name.replace(b"sheetData", b"row")
    yield from _rows(text[data.end() :], pieces, end, row)


def _rows(text: bytes, pieces: Iterator[bytes], end: bytes, row: bytes) -> Iterator[tuple[str, bytes]]:
    searched = 0
    while True:
        stop = text.find(end, searched)
        if stop >= 0:
            yield "rows", text[:stop]
            yield "tail", b"".join([text[stop:], *pieces])
            return
        last = text.rfind(row)
        if last > 0:
            yield "rows", text[:last]
            text = text[last:]
        searched = max(0, len(text) - len(end))
        piece = next(pieces, None)
        if piece is None:
            yield "tail", text
            return
        text += piece


def patch(
    package: Package,
    part: str,
    frame: Frame,
    wanted: Mapping[int, Mapping[int, Severity]],
    marked: Callable[[int, Severity], int],
    ways_back: Mapping[int, int],
    notes: str | None,
) -> None:
    """Write a worksheet's part with its marks, unless nothing in it changes.

    ``notes`` is the id of the relation to the shapes of notes that the sheet is to name; an empty string
    where it is to name none, None where that stays.
    """
    clear = Cleared(frame.prefix, ways_back)
    head = _head(frame, ways_back)
    tail = frame.tail if notes is None else _tail(frame, notes)
    if not wanted and head == frame.head and not uses(package.pieces(part), clear):
        if tail == frame.tail:
            return
        ways_back = {}
    formatting = Formatting(frame.prefix, wanted, marked, ways_back, frame.format_of)
    blocks = (piece for kind, piece in _split(package.pieces(part)) if kind == "rows")
    rows = () if frame.tail[:2] != b"</" or head.endswith(b"/>") else patched_rows(blocks, formatting)
    package.put(part, packed(_checked(part, head, rows, tail)))


def _checked(part: str, head: bytes, rows: Iterable[bytes], tail: bytes) -> Iterator[bytes]:
    """Yield the pieces of a part, and parse them on the way: nothing that is no XML is ever handed out."""
    parser = expat.ParserCreate()
    try:
        for piece in itertools.chain((head,), rows, (tail,)):
            parser.Parse(piece, False)  # noqa: FBT003  # the parser takes it by position only
            yield piece
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        message = f"The part {part} of the workbook cannot be changed; open it in Excel and save it again."
        raise UsageError(message) from error


def _head(frame: Frame, ways_back: Mapping[int, int]) -> bytes:
    """Return the head with the formats of its columns as they were."""
    columns = frame.root.child("cols")
    edits = []
    for element in columns.children if columns else []:
        form = element.attributes.get("style", "")
        if form.isdigit() and int(form) in ways_back:
            old = str(ways_back[int(form)]).encode()
            tag = with_attribute(element.tag_in(frame.head), b"style", old)
            edits.append((element.start, element.opened, tag))
    return edited(frame.head, edits)


def _tail(frame: Frame, relation: str) -> bytes:
    """Return the tail with another reference to the shapes of notes."""
    before = len(frame.head)
    there = frame.root.child("legacyDrawing")
    if there is not None:
        return edited(frame.tail, [(there.start - before, there.stop - before, b"")])
    name = _relation_attribute(frame)
    markup = prefixed(b'<legacyDrawing %b="%b"/>' % (name, relation.encode()), frame.root.tag_in(frame.head))
    place = next((each.start for each in frame.root.children if _stands_behind(each)), frame.root.closing)
    return edited(frame.tail, [(place - before, place - before, markup)])


def _stands_behind(element: Element) -> bool:
    """Tell whether an element, or what is wrapped in it for newer programs, comes behind the notes."""
    if element.name != "AlternateContent":
        return element.name in _AFTER_NOTES
    return any(inner.name in _AFTER_NOTES for choice in element.children for inner in choice.children)


def _relation_attribute(frame: Frame) -> bytes:
    for name, value in frame.root.attributes.items():
        if name.startswith("xmlns:") and value.encode() in (_TRANSITIONAL, _STRICT):
            return name.removeprefix("xmlns:").encode() + b":id"
    strict = b"purl.oclc.org" in frame.root.tag_in(frame.head)
    return b'xmlns:r="' + (_STRICT if strict else _TRANSITIONAL) + b'" r:id'
