"""Turn a native PivotTable of the plan into its definition, the part that Excel draws it from.

The cells stand in the worksheet already. The definition says what each of them is, in the order of
attributes and elements that Excel itself keeps.
"""

from collections.abc import Callable, Sequence
from typing import Final

from xlreport.backends.xlsx.elements import Value, element, listed
from xlreport.backends.xlsx.extensions import FORMULAS, X14
from xlreport.backends.xlsx.pivot_caches import CREATED, MAIN, REFRESHABLE
from xlreport.backends.xlsx.pivot_fields import pivot_fields
from xlreport.backends.xlsx.pivot_lines import axis_fields, axis_items
from xlreport.plan_pivots import (
    VALUES,
    PivotAxisField,
    PivotForm,
    PivotPage,
    PivotPlan,
    PivotValueField,
    ShowAs,
)

__all__ = ["label_columns", "pivot_table"]

_NOT_APPLIED: Final[dict[str, Value]] = {
    f"apply{what}Formats": False for what in ("Number", "Border", "Font", "Pattern", "Alignment")
}
"""The looks of an AutoFormat of old, of which there is none."""
_FORMS: Final[dict[PivotForm, dict[str, Value]]] = {
    "outline": {"compact": False, "outline": True, "outlineData": True, "compactData": False},
    "tabular": {"compact": False, "outline": None, "outlineData": None, "compactData": False},
    "compact": {"compact": None, "outline": True, "outlineData": True, "compactData": None},
}
_SHOWN: Final[dict[ShowAs, str]] = {
    "share": "percentOfTotal",
    "shareOfRow": "percentOfRow",
    "shareOfColumn": "percentOfCol",
    "difference": "difference",
    "differencePercent": "percentDiff",
    "runningTotal": "runTotal",
}
_SHOWN_SINCE_2010: Final[dict[ShowAs, str]] = {
    "cumulativeShare": "percentOfRunningTotal",
    "rank": "rankDescending",
}
_PREVIOUS: Final = 1_048_828
"""In the place of an item: the one before."""
_DATA_FIELD: Final = "{E15A36E0-9728-4e99-A89B-3F7291B0FE68}"
_DEFINITION: Final = "{962EF5D1-5CA2-4c93-8EF4-DBF5C05439D2}"


def pivot_table(
    pivot: PivotPlan, fields: int, cache: int, number_format: Callable[[str], int], charts: Sequence[str] = ()
) -> str:
    """Return the part of ``pivot``.

    ``fields`` is the number of columns of its table, ``cache`` the number of its cache in the workbook,
    ``number_format`` gives the number of a number format; ``charts`` has one ``chartFormat`` element per
    series of the charts that follow the pivot.

    ValueError where the plan's cells and its lines do not agree.
    """
    _check(pivot)
    return element(
        "pivotTableDefinition",
        {"xmlns": MAIN, **_attributes(pivot, cache, has_charts=bool(charts))},
        _location(pivot),
        pivot_fields(pivot, fields),
        axis_fields("rowFields", pivot.rows),
        axis_items("rowItems", pivot.row_lines, pivot.rows),
        axis_fields("colFields", pivot.columns),
        axis_items("colItems", pivot.column_lines, pivot.columns),
        listed("pageFields", list(map(_page, pivot.pages))),
        listed("dataFields", [_value(value, number_format) for value in pivot.values]),
        listed("chartFormats", list(charts)),
        _style(pivot),
        listed("filters", _top_filters(pivot)),
        _extension(pivot),
    )


def label_columns(pivot: PivotPlan) -> int:
    """Return the number of columns of cells with the labels of the rows."""
    return pivot.range.width - len(pivot.column_lines)


def _check(pivot: PivotPlan) -> None:
    if not (pivot.rows and pivot.values):
        message = f"the pivot {pivot.name!r} has no field on its rows, or no value"
        raise ValueError(message)
    labels = 1 if pivot.form == "compact" else len(pivot.rows)
    expected = (pivot.header_rows + len(pivot.row_lines), labels + len(pivot.column_lines))
    if (pivot.range.height, pivot.range.width) != expected:
        message = (
            f"the pivot {pivot.name!r} has the cells {pivot.range}, and lines for {expected[0]} rows"
            f" and {expected[1]} columns"
        )
        raise ValueError(message)


def _attributes(pivot: PivotPlan, cache: int, *, has_charts: bool) -> dict[str, Value]:
    is_compact = pivot.form == "compact"
    return {
        "name": pivot.name,
        "cacheId": cache,
        **_NOT_APPLIED,
        "applyWidthHeightFormats": True,
        "dataCaption": pivot.values_caption,
        "grandTotalCaption": pivot.total_caption,
        "showError": True,  # as nothing: without a caption for it, an error leaves its cell empty
        "updatedVersion": CREATED,
        "minRefreshableVersion": REFRESHABLE,
        # The file calls by the row what menus call by the columns: the row with the totals of all columns.
        "rowGrandTotals": None if pivot.column_totals else False,
        "colGrandTotals": None if pivot.row_totals else False,
        "itemPrintTitles": True,
        "createdVersion": CREATED,
        "indent": 0,
        **_FORMS[pivot.form],
        "multipleFieldFilters": False,
        "chartFormat": 1 if has_charts else None,
        "rowHeaderCaption": pivot.row_caption if is_compact and pivot.row_caption else None,
        "colHeaderCaption": pivot.column_caption if is_compact and pivot.column_caption else None,
    }


def _location(pivot: PivotPlan) -> str:
    pages = len(pivot.pages)
    attributes: dict[str, Value] = {
        "ref": str(pivot.range),
        "firstHeaderRow": 0 if _has_values_alone(pivot) else 1,
        "firstDataRow": pivot.header_rows,
        "firstDataCol": label_columns(pivot),
        "rowPageCount": pages or None,
        "colPageCount": 1 if pages else None,
    }
    return element("location", attributes)


def _has_values_alone(pivot: PivotPlan) -> bool:
    """Tell whether there is nothing across but the value fields, whose row of its own Excel then hides."""
    return [field.field for field in pivot.columns] == [VALUES]


def _page(page: PivotPage) -> str:
    item = page.selected[0] if len(page.selected) == 1 else None
    return element("pageField", {"fld": page.field, "item": item, "hier": -1})


def _value(value: PivotValueField, number_format: Callable[[str], int]) -> str:
    """Return a ``dataField``; what Excel shows since 2010 only is said in an extension."""
    is_difference = value.show in ("difference", "differencePercent")
    attributes: dict[str, Value] = {
        "name": value.caption,
        "fld": value.field,
        "subtotal": None if value.aggregate == "sum" else value.aggregate,
        "showDataAs": _SHOWN.get(value.show),
        "baseField": 0 if value.base is None else value.base,
        "baseItem": _PREVIOUS if is_difference else 0,
        "numFmtId": number_format(value.number_format) or None,
    }
    newer = _SHOWN_SINCE_2010.get(value.show)
    if newer is None:
        return element("dataField", attributes)
    shown = element("x14:dataField", {"pivotShowAs": newer})
    extension = element("ext", {"uri": _DATA_FIELD, "xmlns:x14": X14}, shown)
    return element("dataField", attributes, element("extLst", {}, extension))


def _style(pivot: PivotPlan) -> str:
    attributes: dict[str, Value] = {
        "name": pivot.style,
        "showRowHeaders": True,
        "showColHeaders": True,
        "showRowStripes": pivot.banded,
        "showColStripes": False,
        "showLastColumn": True,
    }
    return element("pivotTableStyleInfo", attributes)


def _top_filters(pivot: PivotPlan) -> list[str]:
    places = [place for place in (*pivot.rows, *pivot.columns) if place.top]
    return [_top_filter(number, place) for number, place in enumerate(places, 1)]


def _top_filter(number: int, place: PivotAxisField) -> str:
    """Return the filter that leaves the first items by a value; its range is a form that has to be kept."""
    top = element("top10", {"val": place.top, "filterVal": place.top})
    column = element("filterColumn", {"colId": 0}, top)
    attributes: dict[str, Value] = {
        "fld": place.field,
        "type": "count",
        "evalOrder": -1,
        "id": number,
        "iMeasureFld": place.top_by,
    }
    return element("filter", attributes, element("autoFilter", {"ref": "A1"}, column))


def _extension(pivot: PivotPlan) -> str:
    attributes: dict[str, Value] = {
        "altText": pivot.alt_text or None,
        "hideValuesRow": True,
        "xmlns:xm": FORMULAS,
    }
    definition = element("x14:pivotTableDefinition", attributes)
    return element("extLst", {}, element("ext", {"uri": _DEFINITION, "xmlns:x14": X14}, definition))
