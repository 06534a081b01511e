"""Checking a whole dataset: places, keys, references, what is set aside and what is kept."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import checked, contract, dataset, partner, resource, schema_file

from xlreport import checks
from xlreport.errors import UsageError
from xlreport.findings import Finding, Place, Severity
from xlreport.registry import load_schema, resources_of
from xlreport.tables import Batch, Dataset, Origin, Record, Resource

SCHEMAS = resources_of(load_schema("dataset"))
HEADINGS = {
    "id": (1, "Id"),
    "customerId": (2, "Customer"),
    "signedDate": (3, "Signed"),
    "value/amount": (5, "Amount"),
}


def codes(outcome: checks.Checked) -> list[str]:
    return [finding.code for finding in outcome.findings]


def in_a_workbook(*contracts: Record) -> Dataset:
    """Return a register whose contracts stand in a sheet from row 2 on."""
    origin = {"file": "register.xlsx", "format": "xlsx", "sheet": "Contracts", "headings": HEADINGS}
    rows = range(2, 2 + len(contracts))
    return Dataset(
        (resource("contracts", list(contracts), rows=rows, **origin), resource("partners", [partner()]))
    )


def test_a_finding_points_at_its_cell() -> None:
    outcome = checks.run(in_a_workbook(contract(), contract(id="C-2", signedDate="soon")), SCHEMAS)
    (finding,) = outcome.findings
    assert finding.place == Place("register.xlsx", "Contracts", 3, "Signed", "C3", "$.signedDate")
    assert str(finding.place) == "Contracts!C3"
    assert (finding.table, finding.record, finding.key, finding.value) == ("contracts", 1, "C-2", "soon")


def test_a_missing_value_points_at_the_empty_cell_under_its_heading() -> None:
    (finding,) = checks.run(in_a_workbook(contract(customerId=None)), SCHEMAS).findings
    assert str(finding.place) == "Contracts!B2"


def test_a_duplicate_names_both_places_and_only_the_first_counts() -> None:
    outcome = checks.run(in_a_workbook(contract(), contract(id="C-2"), contract()), SCHEMAS)
    (finding,) = outcome.findings
    assert (finding.code, str(finding.place)) == ("duplicate-key", "Contracts!A4")
    assert finding.message == "Id 'C-1' stands already at Contracts!A2."
    assert outcome.used()["contracts"]["id"] == ["C-1", "C-2"]


def test_further_keys_are_compared_where_all_their_fields_are_filled() -> None:
    one, other = contract(number="7"), contract(id="C-2", number="7")
    (finding,) = checked(contracts=[one, other]).findings
    assert finding.code == "not-unique"
    assert finding.message == "Number and Signed '7 / 2017-03-01' stand already at contracts.json:1 $.number."
    assert codes(checked(contracts=[contract(), contract(id="C-2")])) == []


def test_a_reference_that_leads_nowhere_says_where_it_was_looked_up_and_what_was_meant() -> None:
    outcome = checked(contracts=[contract(customerId="p-01 ")])
    (finding,) = outcome.findings
    assert finding.code == "missing-reference"
    assert finding.message == "Customer 'p-01 ' is not among the 1 values of Id in Partners (partners.json)."
    assert finding.hint == "Did you mean 'P-1'?"
    assert outcome.rejected["contracts"] == {0}


@pytest.mark.parametrize("wrong", ["p-1", " P-1", "P-1.0", "P 01", "P1"])
def test_what_a_reference_was_meant_to_be(wrong: str) -> None:
    (finding,) = checked(contracts=[contract(customerId=wrong)]).findings
    assert finding.hint == "Did you mean 'P-1'?"


def test_names_that_differ_in_letters_are_guessed_and_numbers_are_not() -> None:
    partners = [partner(id="P-1"), partner(id="NAVY")]
    wrong = [contract(customerId="NAVI"), contract(id="C-2", customerId="P-2")]
    hints = [finding.hint for finding in checked(contracts=wrong, partners=partners).findings]
    assert hints == ["Did you mean 'NAVY'?", "Add it to Partners, or correct it here."]


def test_references_inside_arrays_and_to_the_same_resource_are_followed() -> None:
    call_off = contract(
        id="C-2", parentContractId="C-1", contributors=[{"partnerId": "P-1", "role": "agent"}]
    )
    assert codes(checked(contracts=[call_off, contract()])) == []
    lost = contract(parentContractId="C-9", contributors=[{"partnerId": "P-9", "role": "agent"}])
    paths = [finding.place.path for finding in checked(contracts=[lost]).findings]
    assert paths == ["$.parentContractId", "$.contributors[0].partnerId"]


def test_a_reference_to_a_record_with_errors_is_a_warning() -> None:
    outcome = checked(contracts=[contract()], partners=[partner(countryCode="NAM")])
    assert codes(outcome) == ["wrong-pattern", "reference-set-aside"]
    assert outcome.findings[1].severity is Severity.WARNING
    assert "(partners.json:1)" in outcome.findings[1].message
    assert len(outcome.used()["contracts"]) == 1


def test_a_record_that_is_set_aside_itself_gives_no_such_warning() -> None:
    outcome = checked(contracts=[contract(status="x")], partners=[partner(countryCode="NAM")])
    assert codes(outcome) == ["wrong-pattern", "unknown-value"]


def test_references_to_a_resource_that_is_not_there_are_said_once_each() -> None:
    outcome = checks.run(dataset(contracts=[contract(), contract(id="C-2")]), SCHEMAS)
    assert {finding.code for finding in outcome.findings} == {"missing-resource"}
    assert outcome.findings[0].message.startswith("Customer of Contracts cannot be checked")
    assert len(outcome.findings) == 3
    assert outcome.findings.errors.count(Severity.ERROR) == 0


def test_a_resource_that_the_schema_does_not_describe_is_kept_unchecked_and_said() -> None:
    outcome = checks.run(dataset(contract=[{"x": 1}]), SCHEMAS)
    (finding,) = outcome.findings
    assert (finding.code, finding.hint) == ("unchecked-resource", "Did you mean 'contracts'?")
    assert outcome.used()["contract"]["x"] == [1]


def test_without_a_schema_nothing_is_said() -> None:
    assert codes(checks.run(dataset(contract=[{"x": 1}]), {})) == []


def test_a_condition_and_several_fields_of_a_reference(tmp_path: Path) -> None:
    port = {"type": "array", "items": {"properties": {"country": {}, "name": {}}}}
    key = {
        "fields": ["country", "port"],
        "reference": {"resource": "ports", "fields": ["country", "name"]},
        "where": {"properties": {"moored": {"const": True}}},
    }
    ship = {
        "type": "array",
        "items": {"properties": {"country": {}, "port": {}, "moored": {}}},
        "x-foreignKeys": [key],
    }
    path = schema_file(tmp_path, {"properties": {"ships": ship, "ports": port}})
    ships = [
        {"country": "NO", "port": "Oslo", "moored": True},
        {"country": "SE", "port": "Oslo", "moored": True},
        {"country": "SE", "port": "Oslo", "moored": False},
        {"country": "SE", "moored": True},
    ]
    register = dataset(ships=ships, ports=[{"country": "NO", "name": "Oslo"}])
    found = checks.run(register, resources_of(load_schema(path))).findings
    assert [(finding.record, finding.value) for finding in found] == [(1, "SE / Oslo")]


def test_a_reference_leads_out_of_arrays_within_arrays_for_the_records_that_it_is_for(tmp_path: Path) -> None:
    leg = {
        "type": "object",
        "properties": {"ports": {"type": "array", "items": {"type": "object", "properties": {"id": {}}}}},
    }
    key = {
        "fields": "legs/*/ports/*/id",
        "reference": {"resource": "ports", "fields": "id"},
        "where": {"properties": {"state": {"const": "sailing"}}, "required": ["state"]},
    }
    voyages = {
        "type": "array",
        "items": {"properties": {"state": {}, "legs": {"type": "array", "items": leg}}},
        "x-foreignKeys": [key],
    }
    ports = {"type": "array", "items": {"properties": {"id": {}}}}
    schema = schema_file(tmp_path, {"properties": {"voyages": voyages, "ports": ports}})
    legs = [{}, {"ports": [{"id": "A"}, {}, None, {"id": "Z"}]}]
    register = dataset(
        voyages=[{"state": "sailing", "legs": legs}, {"state": "planned", "legs": legs}], ports=[{"id": "A"}]
    )
    outcome = checks.run(register, resources_of(load_schema(schema)))
    assert [
        (found.record, found.place.path) for found in outcome.findings if found.code == "missing-reference"
    ] == [(0, "$.legs[1].ports[3].id")]


def test_used_leaves_out_the_rows_of_records_with_errors_and_of_their_children() -> None:
    milestones = [{"id": "M-1"}]
    outcome = checked(
        contracts=[contract(status="x", milestones=milestones), contract(id="C-2", milestones=milestones)]
    )
    assert outcome.counts == {"partners": 1, "contracts": 2}
    assert outcome.rejected == {"partners": frozenset(), "contracts": {0}}
    assert outcome.tables["contracts"]["id"] == ["C-1", "C-2"]
    assert outcome.used()["contracts"]["id"] == ["C-2"]
    assert outcome.used()["contracts/milestones"]["contracts/id"] == ["C-2"]
    assert outcome.used()["partners"] is outcome.tables["partners"]


def test_a_column_that_only_records_with_errors_fill_goes_with_them() -> None:
    outcome = checked(contracts=[contract(status="x", remark="late"), contract(id="C-2")])
    assert "remark" in outcome.tables["contracts"]
    assert "remark" not in outcome.used()["contracts"]
    assert "paymentTerms" in outcome.used()["contracts"]


def read_with(*findings: Finding, records: list[Record]) -> checks.Checked:
    """Return the outcome for contracts in which reading found something."""
    batches = [
        Batch([contract(id="C-0")], Origin("contracts.csv", "csv", rows=[2])),
        Batch(records, Origin("contracts.csv", "csv", rows=range(3, 3 + len(records))), findings),
    ]
    contracts = Resource("contracts", lambda: iter(batches), sources=(("contracts.csv", "ab12"),))
    register = Dataset((contracts, resource("partners", [partner()])))
    return checks.run(register, SCHEMAS)


def test_what_reading_found_is_counted_from_the_start_of_the_resource() -> None:
    cell = Finding(
        "error-cell", Severity.ERROR, "The cell shows an error.", record=0, place=Place(path="$.value")
    )
    outcome = read_with(cell, records=[contract(value=None)])
    (finding,) = outcome.findings
    assert (finding.code, finding.table, finding.record, finding.key) == ("error-cell", "contracts", 1, "C-1")
    assert outcome.rejected["contracts"] == {1}
    assert outcome.sources["contracts"] == (("contracts.csv", "ab12"),)


def test_a_problem_of_a_whole_file_belongs_to_no_record() -> None:
    broken = Finding("broken-json", Severity.ERROR, "The file breaks off.")
    outcome = read_with(broken, records=[])
    assert len(outcome.findings.fatal()) == 1
    assert outcome.rejected["contracts"] == frozenset()


def test_what_reading_found_about_the_dataset_comes_first() -> None:
    note = Finding("skipped-files", Severity.INFO, "Not read as data: README.")
    register = Dataset((resource("partners", [partner(name=3)]),), findings=(note,))
    assert codes(checks.run(register, SCHEMAS)) == ["skipped-files", "wrong-type"]


def test_values_that_are_no_json_are_reported_and_the_record_goes_on() -> None:
    outcome = checked(contracts=[contract(value={"amount": float("inf"), "currency": "USD"}, title="\ud800")])
    assert codes(outcome) == ["number-out-of-range", "lone-surrogate"]
    assert outcome.findings[0].message == (
        "Amount 'inf' is beyond any number that a worksheet can hold and is left out."
    )


def test_progress_is_told_after_each_batch() -> None:
    told: list[tuple[str, int]] = []
    register = Dataset((resource("partners", [partner(id=f"P-{n}") for n in range(25)], batch=10),))
    checks.run(register, SCHEMAS, progress=lambda name, count: told.append((name, count)))
    assert told == [("partners", 10), ("partners", 20), ("partners", 25)]


def test_an_unknown_engine_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="no engine 'rust'"):
        checked(engine="rust", contracts=[])


@pytest.mark.parametrize("engine", checks.ENGINES)
def test_both_engines_find_the_same_in_a_register(engine: str) -> None:
    wrong = [
        contract(),
        contract(status="actve"),
        contract(id="C-3", value={"amount": Decimal(-1), "currency": "usd"}),
        contract(id="C-4", customerId="P-7", remark=1),
    ]
    outcome = checked(engine=engine, contracts=wrong)
    assert sorted(codes(outcome)) == [
        *(
            "duplicate-key",
            "missing-reference",
            "too-small",
            "unknown-property",
            "unknown-value",
            "wrong-pattern",
        ),
    ]


IDS = st.sampled_from(["P-1", "P-2", "P-3", "P-4"])


@settings(deadline=None)
@given(st.lists(IDS, max_size=6), st.lists(IDS, max_size=6))
def test_keys_and_references_are_found_in_any_register(partners: list[str], customers: list[str]) -> None:
    outcome = checked(
        partners=[partner(id=each) for each in partners],
        contracts=[contract(id=f"C-{n}", customerId=each) for n, each in enumerate(customers)],
    )
    found = codes(outcome)
    assert found.count("duplicate-key") == len(partners) - len(set(partners))
    assert found.count("missing-reference") == sum(each not in partners for each in customers)
    assert len(outcome.used()["partners"]) == len(set(partners))
