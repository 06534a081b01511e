"""Turn what the pivots of one Excel table share into the definition of a pivot cache.

The cache has no records: Excel reads the table when the workbook is opened (``refreshOnLoad``), so that the
rows are not stored twice. What is listed of a field is complete, for pivots and slicers point into it.
"""

from decimal import Decimal
from typing import Final

from xlreport.backends.xlsx.elements import Value, element
from xlreport.backends.xlsx.extensions import X14
from xlreport.backends.xlsx.strings import coded
from xlreport.plan_pivots import PivotCache, PivotField

__all__ = ["CREATED", "MAIN", "REFRESHABLE", "cache_definition"]

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CREATED: Final = 6
"""The version of pivots of Excel 2016; slicers ask for 4 or more."""
REFRESHABLE: Final = 3
"""Excel 2007 can refresh them, the earliest with tables as their source."""
_IDENTITY: Final = "{725AE2AE-9491-48be-B2B4-4EB974FC3084}"
_LONG: Final = 255
"""Characters of an item beyond which the field has to say so."""


def cache_definition(cache: PivotCache, number: int) -> str:
    """Return the part of ``cache``, which slicers know by its 1-based ``number``.

    ValueError for items or extremes that contradict what the plan says of them.
    """
    attributes: dict[str, Value] = {
        "xmlns": MAIN,
        "saveData": False,
        "refreshOnLoad": True,
        "createdVersion": CREATED,
        "refreshedVersion": CREATED,
        "minRefreshableVersion": REFRESHABLE,
    }
    source = element("worksheetSource", {"name": cache.table})
    identity = element("x14:pivotCacheDefinition", {"pivotCacheId": number})
    return element(
        "pivotCacheDefinition",
        attributes,
        element("cacheSource", {"type": "worksheet"}, source),
        element("cacheFields", {"count": len(cache.fields)}, *map(_field, cache.fields)),
        element("extLst", {}, element("ext", {"uri": _IDENTITY, "xmlns:x14": X14}, identity)),
    )


def _field(field: PivotField) -> str:
    return element("cacheField", {"name": field.name, "numFmtId": 0}, _shared_items(field))


def _shared_items(field: PivotField) -> str:
    if field.items:
        return _items(field.items)
    if field.extremes is None:
        return element("sharedItems", {})
    return element("sharedItems", _numbers(*field.extremes))


def _items(items: tuple[str | int, ...]) -> str:
    texts = [item for item in items if isinstance(item, str)]
    numbers = [item for item in items if not isinstance(item, str)]
    if texts and numbers:
        message = f"a field has texts and numbers as items: {texts[0]!r}, {numbers[0]!r}"
        raise ValueError(message)
    if numbers:
        attributes = _numbers(min(numbers), max(numbers))
        return element("sharedItems", attributes | {"count": len(items)}, *map(_number_item, numbers))
    long = True if any(len(text) > _LONG for text in map(coded, texts)) else None
    return element("sharedItems", {"count": len(items), "longText": long}, *map(_text_item, texts))


def _number_item(number: int) -> str:
    return f'<n v="{number}"/>'


def _text_item(text: str) -> str:
    return element("s", {"v": text})


def _numbers(least: Decimal | int, greatest: Decimal | int) -> dict[str, Value]:
    """Say that a field has numbers only, from ``least`` to ``greatest``."""
    whole = isinstance(least, int) and isinstance(greatest, int)
    return {
        "containsSemiMixedTypes": False,
        "containsString": False,
        "containsNumber": True,
        "containsInteger": True if whole else None,
        "minValue": format(least, "f") if isinstance(least, Decimal) else least,
        "maxValue": format(greatest, "f") if isinstance(greatest, Decimal) else greatest,
    }
