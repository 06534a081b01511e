"""Turn the slicers of a plan into their parts: what a slicer looks like, and what it filters."""

from collections.abc import Mapping, Sequence
from typing import Final

from xlreport.backends.xlsx.elements import Value, element
from xlreport.backends.xlsx.extensions import X14
from xlreport.backends.xlsx.pivot_caches import MAIN
from xlreport.plan import TablePlan
from xlreport.plan_pivots import PivotCache, SlicerPlan

__all__ = ["X15", "cache_name", "pivot_slicer_cache", "slicers_part", "table_slicer_cache"]

X15: Final = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
"""Namespace of the elements of 2013."""
_ROOT: Final[dict[str, Value]] = {
    "xmlns": X14,
    "xmlns:mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "mc:Ignorable": "x",
    "xmlns:x": MAIN,
}
_TABLE: Final = "{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}"
_BUTTON_HEIGHT: Final = 241_300
"""19 points in EMU, as Excel makes them."""


def cache_name(slicer: SlicerPlan) -> str:
    """Return the defined name under which formulas know what the slicer lets through."""
    return f"Slicer_{slicer.name}"


def slicers_part(slicers: Sequence[SlicerPlan]) -> str:
    """Return the part with all slicers of a worksheet that filter pivots, or all that filter tables."""
    return element("slicers", _ROOT, *map(_slicer, slicers))


def _slicer(slicer: SlicerPlan) -> str:
    attributes: dict[str, Value] = {
        "name": slicer.name,
        "cache": cache_name(slicer),
        "caption": slicer.caption,
        "columnCount": slicer.across if slicer.across > 1 else None,
        "style": slicer.style,
        "rowHeight": _BUTTON_HEIGHT,
    }
    return element("slicer", attributes)


def pivot_slicer_cache(slicer: SlicerPlan, cache: PivotCache, number: int, tabs: Mapping[str, int]) -> str:
    """Return the part that says which pivots a slicer filters, and by which items.

    ``number`` is that by which slicers know the pivot cache; ``tabs`` gives the 1-based number of the sheet
    that each pivot stands on. KeyError for a pivot that is nowhere.
    """
    items = next(field.items for field in cache.fields if field.name == slicer.field) or ()
    pivots = [element("pivotTable", {"tabId": tabs[name], "name": name}) for name in slicer.pivots]
    shown = [element("i", {"x": at, "s": True}) for at in _in_order(items)]
    listed_items = element("items", {"count": len(shown)}, *shown)
    data = element("tabular", {"pivotCacheId": number}, listed_items)
    return _definition(slicer, element("pivotTables", {}, *pivots), element("data", {}, data))


def table_slicer_cache(slicer: SlicerPlan, table: TablePlan, number: int) -> str:
    """Return the part that says which column of ``table`` a slicer filters; ``number`` is the table's id.

    ValueError for a column that the table does not have.
    """
    column = table.columns.index(slicer.field) + 1
    source = element("x15:tableSlicerCache", {"tableId": number, "column": column})
    extension = element("x:ext", {"uri": _TABLE, "xmlns:x15": X15}, source)
    return _definition(slicer, element("extLst", {}, extension))


def _definition(slicer: SlicerPlan, *children: str) -> str:
    attributes: dict[str, Value] = {"name": cache_name(slicer), "sourceName": slicer.field}
    return element("slicerCacheDefinition", _ROOT | attributes, *children)


def _in_order(items: Sequence[str | int]) -> list[int]:
    """Return the positions of the items in the order of the buttons: ascending, regardless of case."""
    return sorted(range(len(items)), key=lambda at: _key(items[at]))


def _key(item: str | int) -> tuple[int, str]:
    return (0, item.casefold()) if isinstance(item, str) else (item, "")
