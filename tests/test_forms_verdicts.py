"""What Excel's validation refuses the schema refuses, and the other way round where Excel can say it."""

from pathlib import Path

from form_verdicts import Probe, typed_values, verdicts
from libreoffice import needs_soffice
from registers import schema_file

from xlreport.registry import load_schema, resources_of

OWN = {
    "title": "Sample",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 10},
        "ratio": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 10},
        "above": {"type": "number", "exclusiveMinimum": 2},
        "below": {"type": "number", "exclusiveMaximum": 2},
        "count": {"type": "integer", "minimum": 1, "maximum": 10},
        "dozens": {"type": "integer", "multipleOf": 3},
        "open": {"type": "boolean"},
        "grade": {"enum": ["good", "bad"]},
        "step": {"enum": [1, 2, 3]},
        "code": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}$"},
        "period": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
        "short": {"type": "string", "maxLength": 10},
        "long": {"type": "string", "minLength": 3},
        "both": {"type": "string", "minLength": 2, "maxLength": 4},
        "word": {"type": "string", "pattern": "^[a-z]+$"},
        "mail": {"type": "string", "format": "email"},
        "since": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
    },
}


def differing(probes: list[Probe]) -> dict[str, tuple[list[object], list[object]]]:
    """Return for each column the values that only Excel takes, and those that only the schema takes."""
    found: dict[str, tuple[list[object], list[object]]] = {}
    for probe in probes:
        if probe.excel != probe.schema:
            found.setdefault(probe.where, ([], []))[probe.schema].append(probe.value)
    return found


def codes(probes: list[Probe]) -> set[str]:
    """Return the values that columns list, in the other case."""
    return {str(value).swapcase() for probe in probes for value in probe.column.constraints.values}


@needs_soffice
def test_the_shipped_schemas(tmp_path: Path) -> None:
    probes = verdicts(resources_of(load_schema("dataset")), typed_values, tmp_path)
    days = {probe.where for probe in probes if probe.column.constraints.format == "date"}

    assert len(probes) > 500
    assert {probe.excel for probe in probes} == {probe.schema for probe in probes} == {True, False}
    for where, (only_excel, only_schema) in differing(probes).items():
        if where in ("Deliveries: Item id", "Partners: Roles"):
            continue  # one of another sheet, which is empty here; several values in one cell
        if where in days:  # Excel has no days before 1900-03-01
            assert (only_excel, only_schema) == ([], ["1850-05-05"]), where
        else:  # a list on a range does not tell capitals from small letters; they are marked afterwards
            assert only_schema == [], where
            assert set(only_excel) <= codes(probes), where


@needs_soffice
def test_every_kind_of_limit(tmp_path: Path) -> None:
    schema = load_schema(schema_file(tmp_path, OWN))
    probes = verdicts(resources_of(schema, ["samples"]), typed_values, tmp_path)
    found = differing(probes)
    unsaid = {name: found.pop(f"Samples: {name}") for name in ("Word", "Mail")}

    assert found == {
        "Samples: Grade": (["GOOD"], []),  # a list on a range takes it; it is marked afterwards
        "Samples: Short": ([], ["😀" * 6]),  # Excel counts an emoji as two characters
        "Samples: Since": ([], ["1850-05-05"]),  # before Excel's first day
        "Samples: Open": ([], ["yes", 1]),  # the reader knows more words for true than Excel does
    }
    for only_excel, only_schema in unsaid.values():  # repetition, and what an address is like
        assert only_excel
        assert only_schema == []
