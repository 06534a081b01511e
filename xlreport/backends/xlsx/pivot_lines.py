"""Turn the lines of a pivot into the items of its rows and columns, as Excel numbers them.

A line names the items of its fields from the outermost on. What it has in common with the line before is
only counted (``r``); an index of 0 is left out.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from xlreport.backends.xlsx.elements import Value, element, listed
from xlreport.plan_pivots import VALUES, PivotAxisField, PivotLine

__all__ = ["axis_fields", "axis_items"]

_TYPES: Final = {"body": None, "subtotal": "default", "total": "grand"}


def axis_fields(name: str, fields: Sequence[PivotAxisField]) -> str:
    """Return ``rowFields`` or ``colFields``; nothing for an axis without fields."""
    return listed(name, [element("field", {"x": field.field}) for field in fields])


def axis_items(name: str, lines: Sequence[PivotLine], fields: Sequence[PivotAxisField]) -> str:
    """Return ``rowItems`` or ``colItems``."""
    return listed(name, list(_lines(lines, fields)))


def _lines(lines: Sequence[PivotLine], fields: Sequence[PivotAxisField]) -> Iterator[str]:
    depth = sum(field.field != VALUES for field in fields)
    has_values = depth < len(fields)
    before: tuple[int, ...] = ()
    for line in lines:
        shown = _shown(line, depth, has_values=has_values)
        repeated = _repeated(line, before, shown)
        attributes: dict[str, Value] = {
            "t": _TYPES[line.kind],
            "r": repeated or None,
            "i": line.value or None,
        }
        yield element("i", attributes, *(element("x", {"v": item or None}) for item in shown[repeated:]))
        before = line.items


def _shown(line: PivotLine, depth: int, *, has_values: bool) -> tuple[int, ...]:
    """Return the indexes that the line stands for; the value only where the line reaches down to it."""
    if line.kind == "total":
        return (0,)
    if line.kind == "body" and has_values and len(line.items) == depth:
        return (*line.items, line.value)
    return line.items


def _repeated(line: PivotLine, before: tuple[int, ...], shown: tuple[int, ...]) -> int:
    """Count the items that are those of the line before; the last one is always named."""
    if line.kind == "total" or not shown:
        return 0
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(line.items, before, strict=False)))
    return min(same, len(shown) - 1)
