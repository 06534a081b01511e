"""Turn the fields of a pivot into its ``pivotFields``, one for each column of the source table."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from xlreport.backends.xlsx.elements import Value, element, listed
from xlreport.plan_pivots import VALUES, PivotAxisField, PivotForm, PivotPage, PivotPlan

__all__ = ["DATA_FIELD", "pivot_fields"]

DATA_FIELD: Final = 2**32 - 2
"""How a reference calls the value fields: VALUES, seen as a number without sign."""

_FORMS: Final[dict[PivotForm, dict[str, Value]]] = {
    "outline": {"compact": False, "outline": None},
    "tabular": {"compact": False, "outline": False},
    "compact": {"compact": None, "outline": None},
}


@dataclass(frozen=True, slots=True)
class _Use:
    """What a pivot does with a field beside taking values from it."""

    axis: str | None
    order: tuple[int, ...]
    caption: str = ""
    hidden: Collection[int] = ()
    """Positions in ``order``."""
    place: PivotAxisField | None = None
    """Where it stands, if on the rows or columns."""


def pivot_fields(pivot: PivotPlan, fields: int) -> str:
    """Return ``pivotFields`` for a cache of so many ``fields``.

    ValueError for a field that is used twice, or one that the cache does not have.
    """
    uses: dict[int, _Use] = {}
    for number, use in _uses(pivot):
        if number in uses or not 0 <= number < fields:
            message = f"the pivot {pivot.name!r} has field {number} twice, or the table has no such column"
            raise ValueError(message)
        uses[number] = use
    values = {value.field for value in pivot.values}
    return listed(
        "pivotFields",
        [_field(uses.get(number), pivot.form, is_value=number in values) for number in range(fields)],
    )


def _uses(pivot: PivotPlan) -> Iterable[tuple[int, _Use]]:
    for place in pivot.rows:
        yield place.field, _Use("axisRow", place.order, place.caption, place=place)
    for place in pivot.columns:
        if place.field != VALUES:
            yield place.field, _Use("axisCol", place.order, place.caption, place=place)
    for page in pivot.pages:
        yield page.field, _Use("axisPage", page.order, page.caption, _hidden(page))
    on_axis = {place.field for place in (*pivot.rows, *pivot.columns)} | {page.field for page in pivot.pages}
    for number, order in pivot.sliced:
        if number not in on_axis:
            yield number, _Use(None, order)


def _hidden(page: PivotPage) -> Collection[int]:
    """Return what a filter for several items hides; one for a single item hides nothing."""
    if len(page.selected) <= 1:
        return ()
    return set(range(len(page.order))) - set(page.selected)


def _field(use: _Use | None, form: PivotForm, *, is_value: bool) -> str:
    look = _FORMS[form]
    if use is None:
        return element("pivotField", {"dataField": is_value or None, **look, "showAll": False})
    place = use.place
    has_subtotals = place is None or place.subtotals
    sort = None if place is None or place.sort == "manual" else place.sort
    attributes: dict[str, Value] = {
        "name": use.caption or None,
        "axis": use.axis,
        "dataField": is_value or None,
        **look,
        "multipleItemSelectionAllowed": bool(use.hidden) or None,
        "showAll": False,
        "measureFilter": True if place is not None and place.top else None,
        "sortType": sort,
        "defaultSubtotal": None if has_subtotals else False,
    }
    by = None if place is None or sort is None else place.sort_by
    scope = "" if by is None else element("autoSortScope", {}, _values_area(by))
    return element("pivotField", attributes, _items(use, has_subtotals=has_subtotals), scope)


def _items(use: _Use, *, has_subtotals: bool) -> str:
    items = [
        element("item", {"h": True if position in use.hidden else None, "x": item})
        for position, item in enumerate(use.order)
    ]
    return listed("items", [*items, '<item t="default"/>'] if has_subtotals else items)


def _values_area(value: int) -> str:
    """Return the cells of one value field, by which items are sorted."""
    reference = element(
        "reference",
        {"field": DATA_FIELD, "count": 1, "selected": False},
        element("x", {"v": value}),
    )
    return element(
        "pivotArea",
        {"dataOnly": False, "outline": False, "fieldPosition": 0},
        element("references", {"count": 1}, reference),
    )
