"""Records -> entry form -> records is a round trip, and the form of what was read is the same form."""

import json
from pathlib import Path
from typing import Any

import pytest
from form_records import Records, in_memory, records_of, schemas, without_empties
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from registers import contract, partner

import xlreport
from xlreport import entry
from xlreport.backends import xlsx
from xlreport.errors import SchemaError
from xlreport.findings import Severity
from xlreport.language import ENGLISH
from xlreport.languages import shipped_languages
from xlreport.layout.entry.sheets import form_sheets
from xlreport.registry import load_schema, resources_of

ROUND = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
SHIPPED = resources_of(load_schema("dataset"))


def check_round_trip(folder: Path, schema: str | Path, records: Records, **options: Any) -> None:
    """Write records into a form, read them again, and write those: they are the same, and so is the form."""
    path = folder / "form.xlsx"
    made = entry.make_form(schema, path, data=in_memory(records), **options)
    assert [found.message for found in made.findings] == []
    found = xlreport.read(path, schema=schema)
    batches = {name: list(found[name].batches()) for name in found.names}
    said = [*found.findings, *(each for own in batches.values() for batch in own for each in batch.findings)]
    assert [f"{each.place}: {each.message}" for each in said if each.severity is not Severity.INFO] == []
    again = {name: [record for batch in own for record in batch.records] for name, own in batches.items()}
    assert again == {name: without_empties(own) for name, own in records.items()}
    plan = entry.plan_form(schema, data=in_memory(again), **options)
    assert xlsx.to_bytes(plan) == path.read_bytes()


@given(st.fixed_dictionaries({name: records_of(each) for name, each in SHIPPED.items()}))
@ROUND
def test_records_of_the_shipped_schemas_come_back(tmp_path: Path, records: Records) -> None:
    check_round_trip(tmp_path, "dataset", records, rows=10)


@given(st.data())
@ROUND
def test_records_of_any_schema_come_back(tmp_path: Path, data: st.DataObject) -> None:
    schema = tmp_path / "things.schema.json"
    schema.write_text(json.dumps({"title": "Things", **data.draw(schemas())}), encoding="utf-8")
    (resource,) = resources_of(load_schema(schema), ["things"]).values()
    try:
        form_sheets({"things": resource}, 10, ENGLISH)
    except SchemaError:  # no names of sheets by which they could be told apart
        reject()
    records = {"things": data.draw(records_of(resource))}

    check_round_trip(tmp_path, schema, records, rows=10)


def test_a_form_in_another_language_is_read_as_it_stands(tmp_path: Path) -> None:
    records = {
        "contracts": [contract(milestones=[{"id": "M-1", "dueDate": "2018-01-01"}])],
        "partners": [partner()],
    }
    for code in shipped_languages():
        check_round_trip(tmp_path, "dataset", records, rows=10, language=code)


def test_days_that_excel_does_not_know_stay_texts(tmp_path: Path) -> None:
    """So many of them that one is the sixtieth text of the workbook, which is no 29 February 1900."""
    days = [f"{year}-02-28" for year in range(1800, 1900)]
    records = {"contracts": [contract(id=day, signedDate=day) for day in days], "partners": [partner()]}
    check_round_trip(tmp_path, "dataset", records, rows=10)


@pytest.mark.parametrize("schema", ["dataset", "contract", "partner"])
def test_an_empty_form_is_read_as_no_records(tmp_path: Path, schema: str) -> None:
    path = tmp_path / "form.xlsx"
    entry.make_form(schema, path)
    found = xlreport.read(path, schema=schema)

    assert [record for name in found.names for record in found[name].records()] == []
    assert xlreport.check(path, schema=schema).count(Severity.ERROR) == 0
