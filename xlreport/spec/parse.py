"""Turn a report definition (JSON) into a ReportSpec.

First the document is held against `schemas/report.schema.json`; then its own names (filters, tables,
measures, pivots) are checked, so that a misspelt one fails at once with the valid names and the nearest.
"""

import datetime as dt
import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from xlreport.errors import SpecError, UsageError
from xlreport.resources import schemas_folder, workbooks_folder
from xlreport.spec import records as r
from xlreport.spec.columns import parse_columns
from xlreport.spec.conditions import Filters
from xlreport.spec.documents import read_document
from xlreport.spec.names import wrong_names
from xlreport.spec.pivots import parse_pivot
from xlreport.spec.sheets import parse_sheets
from xlreport.spec.sourcing import with_data_sheets
from xlreport.spec.validate import problems
from xlreport.text import did_you_mean, listing

__all__ = ["folder_of", "load_report", "parse_report", "shipped_reports"]

Json = Mapping[str, Any]


def shipped_reports() -> dict[str, Path]:
    """Return the shipped report definitions by name, in alphabetical order."""
    return {path.parent.name: path for path in sorted(workbooks_folder().glob("*/report.json"))}


def load_report(name: str | Path, **parameters: object) -> r.ReportSpec:
    """Read the report called ``name``, or the definition in that file, with ``parameters`` replaced.

    Parameters have the names of `Parameters`; those that are None are left as the definition has them.
    """
    document = read_document(_find(name), "report definition")
    return parse_report(document, source=str(name), **parameters)


def folder_of(name: str | Path) -> Path:
    """Return the folder of the report called ``name``, where catalogues of its own may lie."""
    return _find(name).parent


def _find(name: str | Path) -> Path:
    shipped = shipped_reports()
    if str(name) in shipped:
        return shipped[str(name)]
    path = Path(name)
    if path.is_dir():
        path /= "report.json"
    if path.is_file():
        return path
    message = (
        f"{name}: no such report. Shipped are {listing(shipped)}; "
        f"a definition of your own is named by its file{did_you_mean(str(name), shipped)}"
    )
    raise UsageError(message)


def parse_report(document: Any, *, source: str = "report", **parameters: object) -> r.ReportSpec:
    """Return the records of a report definition; SpecError with every problem found, one a line."""
    schema = json.loads((schemas_folder() / "report.schema.json").read_text(encoding="utf-8"))
    changed = _changed(document, parameters)
    found = problems(changed, schema)
    if not found:
        filters = Filters(changed.get("filters", {}))
        try:
            spec = _parse(changed, filters)
        except SpecError as error:
            found = [*filters.problems, str(error)]
        else:
            found = [*filters.problems, *wrong_names(spec)]
            if not found:
                return with_data_sheets(spec)
    raise SpecError("\n".join(f"{source} {problem}" for problem in found))


def _changed(document: Any, changes: Mapping[str, object]) -> Any:
    """Return the document with the values of a run put into its parameters."""
    unknown = set(changes) - set(_PARAMETERS.values())
    if unknown:
        name, known = min(unknown), _PARAMETERS.values()
        message = f"no parameter '{name}'; there are {listing(known)}{did_you_mean(name, known)}"
        raise SpecError(message)
    if not isinstance(document, dict) or not isinstance(document.get("parameters", {}), dict):
        return document
    given = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, own in _PARAMETERS.items()
        if (value := changes.get(own)) is not None
    }
    idle = sorted(set(given) & {"period", "history", "lookbackYears"}) if "date" not in document else []
    if idle:
        message = f"the report has no date to go by, so {listing(idle)} would change nothing; leave it out."
        raise SpecError(message)
    return {**document, "parameters": {**document.get("parameters", {}), **given}}


def _parse(document: Json, filters: Filters) -> r.ReportSpec:
    parameters = _parameters(document.get("parameters", {}))
    tables = (_table(name, table, filters, parameters) for name, table in document.get("tables", {}).items())
    measures = (_measure(name, measure, filters) for name, measure in document.get("measures", {}).items())
    pivots = (
        parse_pivot(name, pivot, filters, functools.partial(_number, parameters=parameters))
        for name, pivot in document.get("pivots", {}).items()
    )
    return r.ReportSpec(
        name=document["name"],
        title=document["title"],
        description=document.get("description", ""),
        theme=document.get("theme", ""),
        parameters=parameters,
        tables=tuple(tables),
        measures=tuple(measures),
        pivots=tuple(pivots),
        bridges=tuple(_bridge(name, bridge) for name, bridge in document.get("bridges", {}).items()),
        sheets=parse_sheets(document["sheets"]),
        date=document.get("date", ""),
    )


_PARAMETERS = {
    "period": "period",
    "baseCurrency": "base_currency",
    "ratePolicy": "rate_policy",
    "fixedRateDate": "fixed_rate_date",
    "lookbackYears": "lookback_years",
    "history": "history",
    "topN": "top_n",
    "organisation": "organisation",
    "language": "language",
}


def _parameters(document: Json) -> r.Parameters:
    values: dict[str, Any] = {_PARAMETERS[name]: value for name, value in document.items()}
    if "fixed_rate_date" in values:
        values["fixed_rate_date"] = dt.date.fromisoformat(values["fixed_rate_date"])
    if values.get("rate_policy") == "fixed" and not values.get("fixed_rate_date"):
        message = "$.parameters: the rate policy 'fixed' needs fixedRateDate, the day whose rates count."
        raise SpecError(message)
    return replace(r.Parameters(), **values)


def _number(document: Any, parameters: r.Parameters) -> int:  # any JSON
    if isinstance(document, dict):
        return int(getattr(parameters, _PARAMETERS[document["parameter"]]))
    return int(document)


def _table(name: str, document: Json, filters: Filters, parameters: r.Parameters) -> r.TableSpec:
    path = f"$.tables.{name}"
    sources = [kind for kind in ("from", "union", "cohort", "first") if kind in document]
    if len(sources) != 1:
        has = listing(sources) or "none"
        message = f"{path}: a table has exactly one of from, union, cohort and first; this has {has}."
        raise SpecError(message)
    columns = parse_columns(document.get("columns", {}), path, filters)
    source = _SOURCES[sources[0]](document, path, filters, parameters)
    return r.TableSpec(name, document.get("title", name), source, columns)


def _from(document: Json, path: str, filters: Filters, _: r.Parameters) -> r.From:
    return r.From(document["from"], filters.optional(document, path))


def _union(document: Json, path: str, filters: Filters, parameters: r.Parameters) -> r.Union:
    parts = []
    for position, part in enumerate(document["union"]):
        here = f"{path}.union[{position}]"
        columns = parse_columns(part["columns"], here, filters)
        parts.append((_from(part, here, filters, parameters), columns))
    names = [column.name for column in parts[0][1]]
    for position, (_, columns) in enumerate(parts):
        if [column.name for column in columns] != names:
            here = f"{path}.union[{position}].columns"
            message = f"{here}: every part of a union has the columns {listing(names)}, in that order."
            raise SpecError(message)
    return r.Union(tuple(parts))


def _cohort(document: Json, path: str, filters: Filters, parameters: r.Parameters) -> r.Cohort:
    cohort = document["cohort"]
    words = {"new": "New", "returning": "Returning", "retained": "Retained", "lapsed": "Lapsed"}
    return r.Cohort(
        table=cohort["of"],
        entity=cohort["entity"],
        date=cohort["date"],
        amount=cohort.get("amount", ""),
        where=filters.optional(cohort, f"{path}.cohort"),
        lookback_years=_number(cohort.get("lookbackYears", parameters.lookback_years), parameters),
        labels=words | cohort.get("labels", {}),
    )


def _first(document: Json, path: str, filters: Filters, _: r.Parameters) -> r.First:
    first = document["first"]
    where = filters.optional(first, f"{path}.first")
    return r.First(first["of"], tuple(first["fields"]), first["date"], first["key"], where)


_SOURCES: Mapping[
    str, Callable[[Json, str, Filters, r.Parameters], r.From | r.Union | r.Cohort | r.First]
] = {
    "from": _from,
    "union": _union,
    "cohort": _cohort,
    "first": _first,
}


def _measure(name: str, document: Json, filters: Filters) -> r.AnyMeasure:
    title, definition = document["title"], document.get("definition", "")
    if "ratio" in document:
        over, under = document["ratio"]
        return r.Ratio(name, title, over, under, document.get("unit", "percent"), definition)
    if "concentration" in document:
        part = document["concentration"]
        unit = document.get("unit", "percent" if part["top"] else "index")
        return r.Concentration(name, title, part["of"], part["by"], part["top"], unit, definition)
    if "balance" in document:
        part = document["balance"]
        return r.Revalued(
            name, title, part["of"], part["amount"], part["currency"], part["date"], definition=definition
        )
    return _aggregate(name, document, filters)


def _aggregate(name: str, document: Json, filters: Filters) -> r.Measure:
    path = f"$.measures.{name}"
    if document["aggregate"] != "count" and "field" not in document:
        message = f"{path}: the aggregate {document['aggregate']} needs a field."
        raise SpecError(message)
    return r.Measure(
        name=name,
        title=document["title"],
        table=document["of"],
        aggregate=document["aggregate"],
        field=document.get("field", ""),
        where=filters.optional(document, path),
        when=_when(document.get("when", {})),
        unit=document.get("unit", "count"),
        definition=document.get("definition", ""),
    )


def _when(document: Json) -> r.When:
    for kind, fields in document.items():
        return r.When(kind, tuple(fields) if isinstance(fields, list) else (fields,))  # type: ignore[arg-type]  # held against the schema
    return r.When()


def _bridge(name: str, document: Json) -> r.Bridge:
    return r.Bridge(
        name=name,
        title=document["title"],
        balance=document["balance"],
        movement=document["movement"],
        amount=document["amount"],
        order=tuple(document.get("order", ())),
        note=document.get("note", ""),
    )
