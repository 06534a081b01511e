"""Turn the computed columns of a report definition into records."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from xlreport.errors import SpecError
from xlreport.spec import records as r
from xlreport.spec.conditions import Filters
from xlreport.text import listing

__all__ = ["parse_columns"]

Json = Mapping[str, Any]


def parse_columns(document: Json, path: str, filters: Filters) -> tuple[r.ColumnSpec, ...]:
    """Return the columns written at ``path``; SpecError where one has no or several computations."""
    return tuple(
        _column(name, column, f"{path}.columns.{name}", filters) for name, column in document.items()
    )


def _column(name: str, document: str | Json, path: str, filters: Filters) -> r.ColumnSpec:
    if isinstance(document, str):
        return r.ColumnSpec(name, name, r.Copy(document))
    kinds = [kind for kind in _COMPUTATIONS if kind in document]
    if "add" in kinds and "subtract" in kinds:
        kinds.remove("subtract")
    if len(kinds) != 1:
        has = listing(kinds) or "none"
        message = f"{path}: a column has exactly one of {listing(_COMPUTATIONS, most=20)}; this has {has}."
        raise SpecError(message)
    compute = _COMPUTATIONS[kinds[0]](document, path, filters)
    return r.ColumnSpec(
        name,
        document.get("title", name),
        compute,
        document.get("unit", ""),
        document.get("description", ""),
    )


def _copy(document: Json, path: str, filters: Filters) -> r.Copy:
    copy = document["copy"]
    if isinstance(copy, str):
        return r.Copy(copy)
    return r.Copy(copy["field"], filters.optional(copy, f"{path}.copy"))


def _constant(document: Json, _path: str, _filters: Filters) -> r.Constant:
    return r.Constant(document["constant"])


def _lookup(document: Json, _path: str, _filters: Filters) -> r.Lookup:
    lookup = document["lookup"]
    keys = (lookup["key"],) if isinstance(lookup["key"], str) else tuple(lookup["key"])
    return r.Lookup(keys, lookup["in"], lookup["take"], tuple(lookup.get("by", ())))


def _region(document: Json, _path: str, _filters: Filters) -> r.Region:
    return r.Region(document["region"]["of"], document["region"]["take"])


def _convert(document: Json, _path: str, _filters: Filters) -> r.Convert:
    convert = document["convert"]
    return r.Convert(
        convert["amount"],
        convert["currency"],
        convert["on"],
        convert.get("take", "amount"),
        convert.get("at", "policy"),
    )


def _period(document: Json, _path: str, _filters: Filters) -> r.PeriodOf:
    return r.PeriodOf(document["period"]["of"], document["period"].get("take", "label"))


def _year(document: Json, _path: str, _filters: Filters) -> r.YearOf:
    return r.YearOf(document["year"])


def _words(document: Json, _path: str, _filters: Filters) -> r.Words:
    return r.Words(document["words"])


def _child(document: Json, path: str, filters: Filters) -> r.Child:
    child = document["child"]
    if child["pick"] != "count" and "take" not in child:
        message = f"{path}.child: '{child['pick']}' needs take, the field of the child table."
        raise SpecError(message)
    if child["pick"] in ("first", "last") and "orderBy" not in child:
        message = f"{path}.child: '{child['pick']}' needs orderBy, the field that orders the child rows."
        raise SpecError(message)
    where = filters.optional(child, f"{path}.child")
    return r.Child(child["table"], child["pick"], child.get("take", ""), child.get("orderBy", ""), where)


def _coalesce(document: Json, _path: str, _filters: Filters) -> r.Coalesce:
    return r.Coalesce(tuple(document["coalesce"]))


def _flag(document: Json, path: str, filters: Filters) -> r.Flag:
    flag = document["flag"]
    where = filters.condition(flag["where"], f"{path}.flag.where")
    return r.Flag(where, flag.get("then", "Yes"), flag.get("else", "No"))


def _add(document: Json, _path: str, _filters: Filters) -> r.Add:
    return r.Add(tuple(document.get("add", ())), tuple(document.get("subtract", ())))


_COMPUTATIONS: Final[Mapping[str, Callable[[Json, str, Filters], r.Computation]]] = {
    "copy": _copy,
    "constant": _constant,
    "lookup": _lookup,
    "region": _region,
    "convert": _convert,
    "period": _period,
    "year": _year,
    "words": _words,
    "child": _child,
    "coalesce": _coalesce,
    "flag": _flag,
    "add": _add,
    "subtract": _add,
}
