"""Turn the slicers of a worksheet into the frames of its drawing, beside the charts.

Programs that know no slicers draw the box that stands in their place.
"""

from collections.abc import Callable, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from xlreport.backends.xlsx.strings import legal
from xlreport.plan import SheetPlan
from xlreport.plan_pivots import SlicerPlan

__all__ = ["EMPTY_DRAWING", "slicer_frames"]

_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_ART: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COMPATIBILITY: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_SLICER: Final = "http://schemas.microsoft.com/office/drawing/2010/slicer"
_FOR_PIVOTS: Final = ("a14", "http://schemas.microsoft.com/office/drawing/2010/main")
_FOR_TABLES: Final = ("sle15", "http://schemas.microsoft.com/office/drawing/2012/slicer")
"""Prefix and namespace that a program has to know to draw the slicer."""
EMPTY_DRAWING: Final = f'<wsDr xmlns="{_DRAWING}"></wsDr>'

_PER_CM: Final = 360_000
_PER_POINT: Final = 12_700
_PER_PIXEL: Final = 9_525
"""EMU, in which drawings are measured."""
_HEIGHT: Final = 15.0
"""Points of a row that the plan says nothing of."""
_WIDTH: Final = 9.14
"""Characters of such a column, its padding included."""
_CHARACTER: Final = 7
"""Pixels of a digit of the default font."""


def slicer_frames(sheet: SheetPlan, first_id: int) -> str:
    """Return an anchor for each slicer of the sheet; shapes are numbered from ``first_id``, two for each."""
    numbered = enumerate(sheet.slicers)
    return "".join(_anchor(slicer, sheet, first_id + 2 * number) for number, slicer in numbered)


def _anchor(slicer: SlicerPlan, sheet: SheetPlan, shape: int) -> str:
    column, right = _end(sheet.widths, slicer.column, slicer.width, _column_width)
    row, below = _end(sheet.heights, slicer.row, slicer.height, _row_height)
    prefix, namespace = _FOR_PIVOTS if slicer.pivots else _FOR_TABLES
    return (
        f'<xdr:twoCellAnchor xmlns:xdr="{_DRAWING}" xmlns:a="{_ART}" editAs="oneCell">'
        f"<xdr:from>{_cell(slicer.column - 1, 0, slicer.row - 1, 0)}</xdr:from>"
        f"<xdr:to>{_cell(column - 1, right, row - 1, below)}</xdr:to>"
        f'<mc:AlternateContent xmlns:mc="{_COMPATIBILITY}">'
        f'<mc:Choice xmlns:{prefix}="{namespace}" Requires="{prefix}">{_frame(slicer, shape)}</mc:Choice>'
        f"<mc:Fallback>{_box(slicer, shape + 1)}</mc:Fallback></mc:AlternateContent>"
        "<xdr:clientData/></xdr:twoCellAnchor>"
    )


def _end(
    sizes: Mapping[int, float], first: int, length: float, emu: Callable[[float], int]
) -> tuple[int, int]:
    """Return the column or row in which a ``length`` in centimetres from ``first`` ends, and where in it."""
    rest, at = round(length * _PER_CM), first
    while rest > emu(sizes.get(at, 0)):
        rest -= emu(sizes.get(at, 0))
        at += 1
    return at, rest


def _column_width(width: float) -> int:
    return round((width or _WIDTH) * _CHARACTER) * _PER_PIXEL


def _row_height(height: float) -> int:
    return round((height or _HEIGHT) * _PER_POINT)


def _cell(column: int, right: int, row: int, below: int) -> str:
    return (
        f"<xdr:col>{column}</xdr:col><xdr:colOff>{right}</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>{below}</xdr:rowOff>"
    )


def _name(slicer: SlicerPlan, shape: int) -> str:
    text = quoteattr(legal(slicer.alt_text or slicer.caption))
    return f'<xdr:cNvPr id="{shape}" name={quoteattr(slicer.name)} descr={text}/>'


def _frame(slicer: SlicerPlan, shape: int) -> str:
    return (
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>{_name(slicer, shape)}'
        '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
        f'</xdr:xfrm><a:graphic><a:graphicData uri="{_SLICER}">'
        f'<sle:slicer xmlns:sle="{_SLICER}" name={quoteattr(slicer.name)}/>'
        "</a:graphicData></a:graphic></xdr:graphicFrame>"
    )


def _box(slicer: SlicerPlan, shape: int) -> str:
    """Return a plain box with the slicer's caption."""
    width, height = round(slicer.width * _PER_CM), round(slicer.height * _PER_CM)
    return (
        f'<xdr:sp macro="" textlink=""><xdr:nvSpPr>{_name(slicer, shape)}'
        '<xdr:cNvSpPr><a:spLocks noTextEdit="1"/></xdr:cNvSpPr></xdr:nvSpPr>'
        f'<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:solidFill><a:prstClr val="white"/></a:solidFill>'
        '<a:ln w="9525"><a:solidFill><a:srgbClr val="BFC8D2"/></a:solidFill></a:ln></xdr:spPr>'
        '<xdr:txBody><a:bodyPr vertOverflow="clip" horzOverflow="clip"/><a:lstStyle/>'
        f'<a:p><a:r><a:rPr lang="en-US" sz="1000"/><a:t>{escape(legal(slicer.caption))}</a:t></a:r></a:p>'
        "</xdr:txBody></xdr:sp>"
    )
