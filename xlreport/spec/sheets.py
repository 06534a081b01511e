"""Turn the sheets of a report definition into records."""

from collections.abc import Mapping, Sequence
from typing import Any

from xlreport.cells import MAX_SHEET_NAME, unique_sheet_name
from xlreport.errors import SpecError
from xlreport.spec import records as r
from xlreport.spec.pivots import parse_axis
from xlreport.text import shown

__all__ = ["parse_sheets"]

Json = Mapping[str, Any]


def parse_sheets(document: Sequence[Json]) -> tuple[r.SheetSpec, ...]:
    """Return the sheets in their order; SpecError where a name is not one that Excel takes."""
    sheets = tuple(_sheet(sheet) for sheet in document)
    taken: list[str] = []
    for position, sheet in enumerate(sheets):
        _check_name(sheet.name, taken, f"$.sheets[{position}].name")
        taken.append(sheet.name)
    return sheets


def _check_name(name: str, taken: Sequence[str], path: str) -> None:
    fit = unique_sheet_name(name, taken)
    if fit == name:
        return
    if len(name) > MAX_SHEET_NAME:
        problem = f"has {len(name)} characters and Excel allows {MAX_SHEET_NAME}"
    elif name.casefold() == "history":
        problem = "is a name that Excel keeps for itself"
    elif name.casefold() in (other.casefold() for other in taken):
        problem = "is used twice; Excel does not tell upper from lower case"
    else:
        problem = r"has something that Excel does not allow there: one of [ ] : * ? / \, or a quote at an end"
    message = f"{path}: {shown(name)} {problem}; '{fit}' would do."
    raise SpecError(message)


def _sheet(document: Json) -> r.SheetSpec:
    return r.SheetSpec(
        kind=document["kind"],
        name=document["name"],
        title=document.get("title", document["name"]),
        note=document.get("note", ""),
        statements=tuple(
            r.Statement(sentence["text"], sentence.get("when", ""), sentence.get("unless", ""))
            for sentence in document.get("statements", ())
        ),
        groups=tuple(
            r.IndicatorGroup(group["title"], tuple(group["measures"])) for group in document.get("groups", ())
        ),
        pivots=tuple(document.get("pivots", ())),
        bridge=document.get("bridge", ""),
        table=document.get("table", ""),
        columns=tuple(_data_column(column) for column in document.get("columns", ())),
        marks=tuple(
            r.Mark(mark["measure"], mark["title"], mark.get("key", "")) for mark in document.get("marks", ())
        ),
        charts=tuple(_chart(chart) for chart in document.get("charts", ())),
        order_by=tuple(document.get("orderBy", ())),
        columns_of=tuple(
            r.ColumnsOf(table, tuple(map(_data_column, columns)))
            for table, columns in document.get("columnsOf", {}).items()
        ),
        slicers=tuple(_slicer(slicer) for slicer in document.get("slicers", ())),
    )


def _data_column(document: str | Json) -> r.DataColumn:
    if isinstance(document, str):
        return r.DataColumn(document)
    return r.DataColumn(document["field"], document.get("title", ""))


def _slicer(document: str | Json) -> r.SlicerSpec:
    if isinstance(document, str):
        return r.SlicerSpec(parse_axis(document))
    return r.SlicerSpec(parse_axis(document), tuple(document.get("pivots", ())), document.get("title", ""))


def _chart(document: Json) -> r.ChartSpec:
    return r.ChartSpec(
        kind=document["kind"],
        title=document["title"],
        pivot=document.get("pivot", ""),
        value=document.get("value", 1),
        line=document.get("line", 0),
        measures=tuple(document.get("measures", ())),
        most=document.get("most", 15),
    )
