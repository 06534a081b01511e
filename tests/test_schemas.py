"""The shipped schemas: right by their metaschema, complete in words, strict where they are meant to be."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from registers import checked, contract, partner

from xlreport.registry import load_schema, resources_of, shipped_schemas
from xlreport.resources import schemas_folder

RECORD_SCHEMAS = ("contract", "partner", "dataset")

FIELDS = {
    "contracts": """id number title description agreementType parentContractId customerId endUserId category
        productGroup cooperationForm signedDate inForceDate period status statusDate value paymentTerms items
        milestones deliveries payments amendments contributors""",
    "contracts milestones": "id type dueDate dateMet status value",
    "contracts deliveries": "id date itemId quantity value",
    "contracts payments": "id date value",
    "contracts amendments": "id date valueBefore valueAfter",
    "contracts contributors": "partnerId role value",
    "partners": """id name aliases identifier roles countryCode formerSuppliers parentId
        activeFrom activeTo""",
}
VALUES = {
    "agreementType": "intergovernmental commercial framework supplement",
    "category": "goods works services",
    "cooperationForm": """directSale licensedProduction coProduction jointDevelopment jointVenture
        technologyTransfer modernisation maintenance spares training infrastructure lease offset""",
    "status": "pending active completed cancelled terminated lapsed",
}


def document(name: str) -> dict[str, Any]:
    return json.loads((schemas_folder() / f"{name}.schema.json").read_text(encoding="utf-8"))


def properties(node: object, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property that a schema describes, wherever it stands."""
    if isinstance(node, dict):
        for name, schema in node.get("properties", {}).items():
            yield f"{path}.{name}", schema
        for name, below in node.items():
            if not name.startswith("x-"):
                yield from properties(below, f"{path}.{name}")
    if isinstance(node, list):
        for position, below in enumerate(node):
            yield from properties(below, f"{path}[{position}]")


@pytest.mark.parametrize("name", shipped_schemas())
def test_every_shipped_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(document(name))
    assert load_schema(name).document == document(name)


@pytest.mark.parametrize("name", [*RECORD_SCHEMAS, "theme"])
def test_every_property_has_a_short_title_and_a_description(name: str) -> None:
    described = dict(properties(document(name)))
    assert described
    for path, schema in described.items():
        assert 0 < len(schema.get("title", "")) <= 20, path
        assert schema.get("description", "").endswith("."), path


@pytest.mark.parametrize("table", FIELDS)
def test_the_fields_are_those_of_the_domain(table: str) -> None:
    resource, _, array = table.partition(" ")
    record = document({"contracts": "contract", "partners": "partner"}[resource])
    node = record["properties"][array]["items"] if array else record
    assert list(node["properties"]) == FIELDS[table].split()


@pytest.mark.parametrize("field", VALUES)
def test_the_values_are_those_of_the_domain(field: str) -> None:
    known = resources_of(load_schema("dataset"))["contracts"].fields[field].values
    assert list(known) == VALUES[field].split()


@pytest.mark.parametrize("name", RECORD_SCHEMAS)
def test_nothing_depends_on_what_engines_read_differently(name: str) -> None:
    text = (schemas_folder() / f"{name}.schema.json").read_text(encoding="utf-8")
    assert "multipleOf" not in text
    assert not re.search(r"\\\\[dwsb]", text)


def test_a_right_register_has_no_findings() -> None:
    whole = contract(
        period={"startDate": "2017-04-01", "endDate": None},
        items=[{"id": "I-1", "quantity": 3, "unit": {"name": "ship"}}],
        milestones=[{"id": "M-1", "value": {"amount": Decimal("1000.50"), "currency": "USD"}}],
        payments=[{"id": "Y-1", "date": "2018-01-01", "value": {"amount": -3, "currency": "EUR"}}],
        contributors=[{"partnerId": "P-1", "role": "supplier"}],
        statusDate=None,
    )
    assert list(checked(contracts=[whole, contract(id="C-2")]).findings) == []


def test_a_partner_may_be_of_no_country() -> None:
    assert list(checked(contracts=[], partners=[partner(countryCode=None)]).findings) == []


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("customerId", None, "missing-value"),
        ("signedDate", "0000-01-01", "wrong-pattern"),
        ("signedDate", "0017-03-01", "wrong-pattern"),
        ("signedDate", "2017-02-30", "wrong-format"),
        ("signedDate", "01.03.2017", "wrong-format"),
        ("status", "Active", "unknown-value"),
        ("value", {"amount": -1, "currency": "USD"}, "too-small"),
        ("value", {"amount": 1, "currency": "usd"}, "wrong-pattern"),
        ("value", {"amount": "1,5", "currency": "USD"}, "wrong-type"),
        ("value", {"amount": 1}, "missing-value"),
        ("id", "", "missing-value"),
        ("id", 7, "wrong-type"),
        ("amuont", 7, "unknown-property"),
    ],
)
def test_what_a_contract_may_not_hold(member: str, value: object, code: str) -> None:
    found = checked(contracts=[contract(**{member: value})]).findings
    assert [finding.code for finding in found] == [code]


def test_an_unknown_member_is_a_warning_and_keeps_its_record() -> None:
    outcome = checked(contracts=[contract(remark="urgent")])
    assert outcome.findings.errors.count("error") == 0
    assert outcome.used()["contracts"]["remark"] == ["urgent"]


RULE = {"id": "adds-up", "sum": "milestones/*/value/amount", "equals": "value/amount"}


def rules_errors(keywords: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(document("rules")).iter_errors(keywords)]


def test_the_rules_of_the_dataset_schema_obey_the_meta_schema() -> None:
    for array in document("dataset")["properties"].values():
        keywords = {name: value for name, value in array.items() if name.startswith("x-")}
        assert keywords
        assert rules_errors(keywords) == []


@pytest.mark.parametrize(
    "rule",
    [
        RULE,
        {"id": "c", "count": "roles/*", "atLeast": {"value": 1}},
        {"id": "b", "between": "signedDate", "from": "period/startDate"},
        {"id": "i", "in": "category", "values": ["goods", "works"], "when": {"required": ["category"]}},
    ],
)
def test_rules_of_the_vocabulary_are_accepted(rule: dict[str, object]) -> None:
    assert rules_errors({"x-rules": [rule]}) == []


@pytest.mark.parametrize(
    "rule",
    [
        {"id": "no-operator"},
        {**RULE, "order": ["a", "b"]},
        {**RULE, "atMost": "value/amount"},
        {"id": "nothing-to-compare-with", "sum": "a"},
        {**RULE, "tolerance": 0.01},
        {**RULE, "tolernce": "0.01"},
        {"id": "in-nothing", "in": "a"},
        {"id": "without-ends", "between": "a"},
        {"id": "Not Kebab", "exists": "a"},
        {"exists": "a"},
        {"id": "none", "order": []},
    ],
)
def test_other_rules_are_refused(rule: dict[str, object]) -> None:
    assert rules_errors({"x-rules": [rule]})
