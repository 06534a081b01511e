"""The shapes of notes: where each pops up, in the old drawing language that Excel keeps notes in.

Form controls of the sheet may lie in the same part, in markup that is no sound XML, as Excel itself writes.
So nothing is parsed here: our shapes are put before the end, each with its own namespaces.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from xlreport.backends.marking.sheet import Frame
from xlreport.cells import MAX_COLUMNS
from xlreport.layout.wrapping import wrapped_lines
from xlreport.marks import Mark

__all__ = ["EMPTY_SHAPES", "SHAPES_TYPE", "has_shapes", "with_notes", "without_notes"]

SHAPES_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NAMESPACES: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
EMPTY_SHAPES: Final = (
    f'<xml {_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
).encode()
_KIND: Final = (
    f'<v:shapetype {_NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
).encode()
_NOTE: Final = (
    '<v:shape {namespaces} id="_x0000_s{number}" type="#_x0000_t202" '
    "style='position:absolute;margin-left:60pt;margin-top:2pt;width:{width}pt;height:{height}pt;"
    'z-index:{order};visibility:hidden\' fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    "<v:textbox style='mso-direction-alt:auto'><div style='text-align:{side}'></div></v:textbox>"
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_END: Final = re.compile(rb"</(?:\w+:)?xml\s*>\s*$")
_EMPTY_ROOT: Final = re.compile(rb"(<xml\b[^>]*)/>\s*$")
_SHAPE: Final = re.compile(rb"<(\w+:)?shape(?=[\s>]).*?</\1shape\s*>", re.DOTALL)
_ANY_SHAPE: Final = re.compile(rb"<(?:\w+:)?(?:shape|rect|oval|line|group|roundrect|image)(?=[\s>/])")
_IS_NOTE: Final = re.compile(rb"""\bObjectType\s*=\s*["']Note["']""")
_ROW: Final = re.compile(rb"<(?:\w+:)?Row\s*>\s*(\d+)")
_COLUMN: Final = re.compile(rb"<(?:\w+:)?Column\s*>\s*(\d+)")
_NUMBER: Final = re.compile(rb"_x0000_s(\d+)")
_FIRST: Final = 1025

_WIDTH: Final = 330
"""Pixels of a note across."""
_LETTERS: Final = 54
"""Letters on a line of it."""
_LINE: Final = 15
_EDGES: Final = 12
_MOST_HEIGHT: Final = 420
_USUAL_COLUMN: Final = 64
_LAST_COLUMN: Final = MAX_COLUMNS - 9
"""Counted from 0; a note begins there at the latest."""
_OFFSET: Final = 15
"""Pixels between the cell and the note."""


def has_shapes(content: bytes) -> bool:
    """Tell whether a drawing has any shape."""
    return bool(_ANY_SHAPE.search(content))


def without_notes(content: bytes, cells: Collection[tuple[int, int]]) -> bytes:
    """Return a drawing without the notes of these cells (1-based row and column)."""
    if not cells:
        return content
    content = _SHAPE.sub(lambda found: b"" if _note_cell(found[0]) in cells else found[0], content)
    return content if b"#_x0000_t202" in content else content.replace(_KIND, b"")


def _note_cell(shape: bytes) -> tuple[int, int]:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if not _IS_NOTE.search(shape) or row is None or column is None:
        return 0, 0
    return int(row[1]) + 1, int(column[1]) + 1


def with_notes(content: bytes, marks: Sequence[Mark], frame: Frame, *, right_to_left: bool) -> bytes:
    """Return a drawing with the shape of a note for each mark."""
    number = max([_FIRST - 1, *map(int, _NUMBER.findall(content))])
    kind = b"" if b'id="_x0000_t202"' in content else _KIND
    measure = _Measure(frame)
    shapes = [
        _shape(mark, number + order, order, measure.anchor(mark), right_to_left=right_to_left)
        for order, mark in enumerate(marks, 1)
    ]
    markup = kind + b"".join(shapes)
    empty = _EMPTY_ROOT.search(content)
    if empty:
        return content[: empty.start()] + empty[1] + b" >" + markup + b"</xml>"
    end = _END.search(content)
    place = end.start() if end else len(content)
    return content[:place] + markup + content[place:]


def _shape(mark: Mark, number: int, order: int, anchor: str, *, right_to_left: bool) -> bytes:
    return _NOTE.format(
        namespaces=_NAMESPACES,
        number=number,
        order=order,
        width=_WIDTH * 3 // 4,
        height=60,
        side="right" if right_to_left else "left",
        anchor=anchor,
        row=mark.row - 1,
        column=mark.column - 1,
    ).encode()


class _Measure:
    """Finds the cells that a note reaches to, from the widths of the sheet's columns."""

    def __init__(self, frame: Frame) -> None:
        self._widths = {
            number: round(column.width * 7 + 5)
            for column in frame.columns
            if column.width is not None
            for number in range(column.first, min(column.last, column.first + 1000) + 1)
        }
        self._height = max(round(frame.row_height * 96 / 72), 8)

    def anchor(self, mark: Mark) -> str:
        """Return left, top, right and bottom, each as a cell counted from 0 and pixels within it."""
        left, top = min(mark.column, _LAST_COLUMN), max(mark.row - 2, 0)
        lines = sum(wrapped_lines(line, _LETTERS) for line in mark.text.split("\n")) + 1
        height = min(lines * _LINE + _EDGES, _MOST_HEIGHT)
        right, across = self._walked(left, _OFFSET + _WIDTH)
        bottom, down = divmod(10 + height, self._height)
        edges = (left, _OFFSET, top, 10, right, across, top + bottom, down)
        return ", ".join(map(str, edges))

    def _walked(self, column: int, pixels: int) -> tuple[int, int]:
        for at, width in self._from(column):
            if pixels < width:
                return at, pixels
            pixels -= width
        return column, 0

    def _from(self, column: int) -> Iterator[tuple[int, int]]:
        while True:
            yield column, self._widths.get(column + 1, _USUAL_COLUMN)
            column += 1
