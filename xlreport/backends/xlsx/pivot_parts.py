"""Put the native PivotTables of a plan into its package, with the caches that they share."""

from collections.abc import Callable
from typing import Final

from xlreport.backends.xlsx.elements import element
from xlreport.backends.xlsx.links import OFFICE, add_part, add_relation, append
from xlreport.backends.xlsx.pivot_caches import cache_definition
from xlreport.backends.xlsx.pivot_charts import chart_formats, charts_of
from xlreport.backends.xlsx.pivot_tables import pivot_table
from xlreport.plan import WorkbookPlan

__all__ = ["WORKBOOK", "add_pivots", "cache_numbers"]

WORKBOOK: Final = "xl/workbook.xml"
_CONTENT: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_CACHE: Final = "pivotCacheDefinition"


def add_pivots(
    parts: dict[str, str],
    plan: WorkbookPlan,
    sheet_part: Callable[[int], str],
    number_format: Callable[[str], int],
) -> None:
    """Add a part for each cache and each pivot, and what leads to them.

    ``sheet_part`` gives the name of the part of a 1-based sheet, ``number_format`` the number of a number
    format. ValueError for what layout has to prevent.
    """
    names = [f"xl/pivotCache/{_CACHE}{number}.xml" for number in range(1, len(plan.caches) + 1)]
    _add_caches(parts, plan, names)
    numbers, written = cache_numbers(plan), 0
    for at, sheet in enumerate(plan.sheets, 1):
        for pivot in sheet.pivots:
            written += 1
            number = numbers[pivot.table]
            charts = chart_formats(pivot, charts_of(pivot.name, sheet.name, plan.sheets))
            fields = len(plan.caches[number - 1].fields)
            content = pivot_table(pivot, fields, number, number_format, charts)
            name = f"xl/pivotTables/pivotTable{written}.xml"
            add_part(parts, name, f"{_CONTENT}pivotTable+xml", content)
            add_relation(parts, sheet_part(at), "pivotTable", name)
            add_relation(parts, name, _CACHE, names[number - 1])


def cache_numbers(plan: WorkbookPlan) -> dict[str, int]:
    """Return the 1-based number of each cache by the name of its table."""
    return {cache.table: number for number, cache in enumerate(plan.caches, 1)}


def _add_caches(parts: dict[str, str], plan: WorkbookPlan, names: list[str]) -> None:
    entries = []
    for number, (cache, name) in enumerate(zip(plan.caches, names, strict=True), 1):
        add_part(parts, name, f"{_CONTENT}{_CACHE}+xml", cache_definition(cache, number))
        relation = add_relation(parts, WORKBOOK, _CACHE, name)
        entries.append(element("pivotCache", {"cacheId": number, "xmlns:r": OFFICE, "r:id": relation}))
    if entries:
        append(parts, WORKBOOK, "</workbook>", element("pivotCaches", {}, *entries))
