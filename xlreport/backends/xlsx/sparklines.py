"""Turn the small charts in cells of a worksheet into the extension that holds them.

Programs that know none show empty cells.
"""

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from xlreport.backends.xlsx.extensions import FORMULAS
from xlreport.cells import Range, quoted_sheet
from xlreport.plan import Sparklines

__all__ = ["sparkline_groups"]

_TYPES: Final = {"line": "", "column": ' type="column"', "winLoss": ' type="stacked"'}
_MARKS: Final = ("high", "low", "last", "negative")
"""In the order in which Excel writes them; so are the colours."""
_COLORS: Final = ("negative", "last", "high", "low")
_LINE_WEIGHT: Final = 1.25
"""Points."""


def sparkline_groups(groups: Sequence[Sparklines], sheet: str) -> str:
    """Return the element for ``groups`` on the sheet of that name; an empty text where there are none.

    ValueError where the cells and the sources of a group are not in pairs.
    """
    elements = "".join(_group(group, sheet) for group in groups)
    if not elements:
        return ""
    return f'<x14:sparklineGroups xmlns:xm="{FORMULAS}">{elements}</x14:sparklineGroups>'


def _group(group: Sparklines, sheet: str) -> str:
    marks = "".join(f' {mark}="1"' for mark in _MARKS if getattr(group, mark))
    weight = f' lineWeight="{_LINE_WEIGHT}"' if group.kind == "line" else ""
    mirrored = ' rightToLeft="1"' if group.right_to_left else ""
    floor = "" if group.least is None else f' manualMin="{group.least}"'
    scale = "" if group.least is None else ' minAxisType="custom"'
    marked = [(mark.capitalize(), getattr(group, mark)) for mark in _COLORS if getattr(group, mark)]
    colors = "".join(f'<x14:color{mark} rgb="FF{color}"/>' for mark, color in marked)
    places = "".join(
        _sparkline(cell, source, sheet) for cell, source in zip(group.cells, group.sources, strict=True)
    )
    return (
        f'<x14:sparklineGroup{floor}{weight}{_TYPES[group.kind]} displayEmptyCellsAs="gap"'
        f"{marks}{scale}{mirrored}>"
        f'<x14:colorSeries rgb="FF{group.color}"/>{colors}'
        f"<x14:sparklines>{places}</x14:sparklines></x14:sparklineGroup>"
    )


def _sparkline(cell: Range, source: Range, sheet: str) -> str:
    formula = escape(f"{quoted_sheet(sheet)}!{source}")
    return f"<x14:sparkline><xm:f>{formula}</xm:f><xm:sqref>{cell}</xm:sqref></x14:sparkline>"
