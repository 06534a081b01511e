"""Turn the pivots of a report definition into records."""

from collections.abc import Callable, Mapping
from typing import Any

from xlreport.errors import SpecError
from xlreport.spec import records as r
from xlreport.spec.conditions import Filters

__all__ = ["parse_axis", "parse_pivot"]

Json = Mapping[str, Any]


def parse_pivot(name: str, document: Json, filters: Filters, number: Callable[[Any], int]) -> r.Pivot:
    """Return a pivot; ``number`` reads a whole number or the parameter that holds it."""
    path = f"$.pivots.{name}"
    values = tuple(_value(value) for value in document["values"])
    return r.Pivot(
        name=name,
        title=document["title"],
        rows=tuple(map(parse_axis, document["rows"])),
        values=values,
        columns=tuple(map(parse_axis, document.get("columns", ()))),
        filters=tuple(map(_filter, document.get("filters", ()))),
        where=filters.optional(document, path),
        mode=document.get("mode", "static"),
        form=document.get("form", "outline"),
        style=document.get("style", ""),
        banded=document.get("banded", False),
        subtotals=document.get("subtotals", True),
        grand_total=document.get("grandTotal", True),
        total_column=document.get("totalColumn", True),
        sort=_sort(document.get("sort", {}), values, f"{path}.sort"),
        column_sort=_sort(document.get("columnSort", {}), values, f"{path}.columnSort"),
        top=_top(document["top"], number) if "top" in document else None,
        note=document.get("note", ""),
        sparklines=document.get("sparklines", False),
    )


def parse_axis(document: str | Json) -> r.AxisField:
    """Return a field of a pivot: its name alone, or with how it is grouped and what it is called."""
    if isinstance(document, str):
        return r.AxisField(document)
    return r.AxisField(document["field"], document.get("by", ""), document.get("title", ""))


def _filter(document: str | Json) -> r.PivotFilter:
    values = () if isinstance(document, str) else document.get("values", ())
    return r.PivotFilter(parse_axis(document), tuple(values))


def _value(document: Json) -> r.PivotValue:
    return r.PivotValue(
        measure=document["measure"],
        show=document.get("show", "value"),
        title=document.get("title", ""),
        base=document.get("base", ""),
        number_format=document.get("numberFormat", ""),
        bars=document.get("bars", False),
    )


def _sort(document: Json, values: tuple[r.PivotValue, ...], path: str) -> r.Sort:
    by = document.get("by", 0)
    if by > len(values):
        message = f"{path}.by: there are {len(values)} value fields, not {by}."
        raise SpecError(message)
    return r.Sort(by, document.get("descending", bool(by)))


def _top(document: Json, number: Callable[[Any], int]) -> r.Top:
    n, other = number(document["n"]), document.get("other", True)
    if isinstance(other, bool):
        return r.Top(n) if other else r.Top(n, "")
    return r.Top(n, other)
