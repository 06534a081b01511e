"""Put the slicers of a plan into its package: parts, relations, and their frames in the drawings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from xlreport.backends.xlsx.elements import element
from xlreport.backends.xlsx.extensions import PIVOT_SLICERS, TABLE_SLICERS, X14
from xlreport.backends.xlsx.links import OFFICE, add_part, add_relation, append
from xlreport.backends.xlsx.pictures import shapes_of
from xlreport.backends.xlsx.pivot_parts import WORKBOOK, cache_numbers
from xlreport.backends.xlsx.slicer_frames import EMPTY_DRAWING, slicer_frames
from xlreport.backends.xlsx.slicers import X15, pivot_slicer_cache, slicers_part, table_slicer_cache
from xlreport.plan import SheetPlan, TablePlan, WorkbookPlan
from xlreport.plan_pivots import SlicerPlan

__all__ = ["add_slicers"]

_RELATION: Final = "http://schemas.microsoft.com/office/2007/relationships/"
_CONTENT: Final = "application/vnd.ms-excel."
_DRAWING_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawing+xml"
_PIVOT_CACHES: Final = "{BBE1A952-AA13-448e-AADC-164F8A28A991}"
_TABLE_CACHES: Final = "{46BE6895-7355-4a93-B00E-2C351335B9C9}"


def add_slicers(
    parts: dict[str, str], plan: WorkbookPlan, sheet_part: Callable[[int], str]
) -> dict[int, dict[str, str]]:
    """Add a part for each slicer and what leads to them.

    Return the extensions that have to be put into the worksheets, by the sheet's 1-based number.
    ValueError and KeyError for a table, column or pivot that is not there.
    """
    _add_caches(parts, plan)
    extensions: dict[int, dict[str, str]] = {}
    written = 0
    for number, sheet in enumerate(plan.sheets, 1):
        for uri, slicers in _by_kind(sheet.slicers):
            written += 1
            name = f"xl/slicers/slicer{written}.xml"
            add_part(parts, name, f"{_CONTENT}slicer+xml", slicers_part(slicers))
            relation = add_relation(parts, sheet_part(number), f"{_RELATION}slicer", name)
            extensions.setdefault(number, {})[uri] = _list(relation)
    _add_frames(parts, plan.sheets, sheet_part)
    return extensions


def _by_kind(slicers: Sequence[SlicerPlan]) -> Iterator[tuple[str, list[SlicerPlan]]]:
    """Yield the slicers of pivots and those of tables, each in a part of its own, where there are any."""
    of_pivots = [slicer for slicer in slicers if slicer.pivots]
    of_tables = [slicer for slicer in slicers if not slicer.pivots]
    if of_pivots:
        yield PIVOT_SLICERS, of_pivots
    if of_tables:
        yield TABLE_SLICERS, of_tables


def _list(relation: str) -> str:
    slicer = element("x14:slicer", {"xmlns:r": OFFICE, "r:id": relation})
    return element("x14:slicerList", {}, slicer)


def _add_caches(parts: dict[str, str], plan: WorkbookPlan) -> None:
    """Add what each slicer filters, and name these parts in the workbook."""
    entries: dict[bool, list[str]] = {True: [], False: []}
    for number, (slicer, content) in enumerate(_caches(plan), 1):
        name = f"xl/slicerCaches/slicerCache{number}.xml"
        add_part(parts, name, f"{_CONTENT}slicerCache+xml", content)
        relation = add_relation(parts, WORKBOOK, f"{_RELATION}slicerCache", name)
        entry = element("x14:slicerCache", {"xmlns:r": OFFICE, "r:id": relation})
        entries[bool(slicer.pivots)].append(entry)
    extensions = ""
    if entries[True]:
        caches = element("x14:slicerCaches", {}, *entries[True])
        extensions += element("ext", {"uri": _PIVOT_CACHES, "xmlns:x14": X14}, caches)
    if entries[False]:
        caches = element("x15:slicerCaches", {"xmlns:x14": X14}, *entries[False])
        extensions += element("ext", {"uri": _TABLE_CACHES, "xmlns:x15": X15}, caches)
    if extensions:
        append(parts, WORKBOOK, "</workbook>", element("extLst", {}, extensions))


def _caches(plan: WorkbookPlan) -> Iterator[tuple[SlicerPlan, str]]:
    tables = _numbered_tables(plan)
    numbers = cache_numbers(plan)
    tabs = {pivot.name: tab for tab, sheet in enumerate(plan.sheets, 1) for pivot in sheet.pivots}
    for sheet in plan.sheets:
        for slicer in sheet.slicers:
            if slicer.pivots:
                number = numbers[slicer.table]
                yield slicer, pivot_slicer_cache(slicer, plan.caches[number - 1], number, tabs)
            else:
                yield slicer, table_slicer_cache(slicer, *tables[slicer.table])


def _numbered_tables(plan: WorkbookPlan) -> Mapping[str, tuple[TablePlan, int]]:
    """Return each table with its id, which openpyxl counts up through the sheets."""
    tables = (table for sheet in plan.sheets for table in sheet.tables)
    return {table.name: (table, number) for number, table in enumerate(tables, 1)}


def _add_frames(parts: dict[str, str], sheets: Sequence[SheetPlan], sheet_part: Callable[[int], str]) -> None:
    """Draw the slicers beside the charts and pictures of their sheet, or in a new drawing."""
    drawn = [number for number, sheet in enumerate(sheets, 1) if shapes_of(sheet)]
    drawings = {number: drawing for drawing, number in enumerate(drawn, 1)}
    for number, sheet in enumerate(sheets, 1):
        if not sheet.slicers:
            continue
        drawing = drawings.setdefault(number, len(drawings) + 1)
        name = f"xl/drawings/drawing{drawing}.xml"
        if name not in parts:
            add_part(parts, name, _DRAWING_TYPE, EMPTY_DRAWING)
            _refer(parts, sheet_part(number), add_relation(parts, sheet_part(number), "drawing", name))
        append(parts, name, "</wsDr>", slicer_frames(sheet, len(shapes_of(sheet)) + 1))


def _refer(parts: dict[str, str], sheet: str, relation: str) -> None:
    """Name the drawing in the worksheet, where only the tables come after it."""
    drawing = element("drawing", {"xmlns:r": OFFICE, "r:id": relation})
    head, tables, rest = parts[sheet].removesuffix("</worksheet>").partition("<tableParts ")
    parts[sheet] = f"{head}{drawing}{tables}{rest}</worksheet>"
