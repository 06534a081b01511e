"""Whatever a report definition can ask for is in some workbook of the list that the gates go through."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from workbook_kinds import KINDS, ROOT

from xlreport.spec import shipped_reports

SCHEMA = json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
SHOWN = ("sheet", "chart", "pivot", "bridge")
"""Definitions in the schema that speak of what a workbook looks like."""

Choice = tuple[str, str]
"""Where in the schema something is chosen, and what: ``sheet.kind``, ``rows``."""

Json = Mapping[str, Any]


def choices(schema: Json, place: str) -> Iterator[Choice]:
    """Yield what a definition can choose in a part of the schema, but for what it gets without choosing."""
    offered = [True, False] if schema.get("type") == "boolean" else schema.get("enum", ())
    yield from ((place, str(value)) for value in offered if value != schema.get("default"))
    for name, part in schema.get("properties", {}).items():
        yield from choices(part, f"{place}.{name}")
    for part in filter(None, [schema.get("items"), *schema.get("oneOf", ())]):
        yield from choices(part, place)


def made(document: Any, schema: Json, place: str) -> Iterator[Choice]:
    """Yield the choices that a part of a definition makes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema, place = SCHEMA["$defs"][name], name
    for part in schema.get("oneOf", ()):
        yield from made(document, part, place)
    if isinstance(document, list):
        for each in document:
            yield from made(each, schema.get("items", {}), place)
    elif isinstance(document, dict):
        for name, part in document.items():
            known = schema.get("properties", {}).get(name, schema.get("additionalProperties") or {})
            yield from made(part, known, f"{place}.{name}")
    else:
        yield place, str(document)


def document(report: str) -> Any:
    path = shipped_reports().get(report, Path(report))
    return json.loads(path.read_text(encoding="utf-8"))


def covered() -> set[Choice]:
    return {
        choice
        for report in {kind.report for kind in KINDS if kind.report}
        for choice in made(document(report), SCHEMA, "")
    }


@pytest.mark.parametrize("name", SHOWN)
def test_each_choice_of_the_schema_is_in_a_workbook_of_the_list(name: str) -> None:
    wanted = set(choices(SCHEMA["$defs"][name], name))

    assert wanted - covered() == set(), "add them to a report of workbook_kinds.py"


def test_a_choice_that_no_report_makes_is_found_missing() -> None:
    schema = {"properties": {"kind": {"enum": ["contents", "hologram"]}}}

    assert set(choices(schema, "sheet")) - covered() == {("sheet.kind", "hologram")}


def test_every_shipped_report_is_in_the_list() -> None:
    assert set(shipped_reports()) <= {kind.report for kind in KINDS}


def test_the_names_of_the_list_are_unique() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
