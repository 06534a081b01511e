"""Mappings: source columns and members become fields, and their origin is not lost."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from reading import (
    codes,
    dataset_file,
    field,
    fields,
    finding,
    findings,
    only,
    places,
    read,
    records,
    text_file,
)

from xlreport.findings import Severity
from xlreport.sources.items import Json
from xlreport.sources.mapping import member
from xlreport.tables import Kind, Resource

CONTRACT = fields(
    field("id"),
    field("customerId"),
    field("signedDate", Kind.DATE),
    field("value/amount", Kind.DECIMAL),
    field("value/currency"),
    field("roles/*"),
    field("contributors/*/partnerId"),
    field("contributors/*/role"),
    field("contributors/*/value/amount", Kind.DECIMAL),
)


def from_json(folder: Path, source: Json, mapping: dict[str, Any], **more: object) -> Resource:
    text_file(folder / "source.json", json.dumps(source))
    dataset_file(folder, {"name": "contracts", "path": "source.json", "mapping": mapping, **more})
    return only(read(folder, fields=CONTRACT))


def from_csv(folder: Path, text: str, mapping: dict[str, Any], **more: object) -> Resource:
    text_file(folder / "source.csv", text)
    dataset_file(folder, {"name": "contracts", "path": "source.csv", "mapping": mapping, **more})
    return only(read(folder, fields=CONTRACT))


def test_columns_become_fields_with_their_place(tmp_path: Path) -> None:
    mapping = {
        "id": {"join": ["Notice", "Lot"]},
        "signedDate": {"from": "Signed on", "format": "%d-%m-%Y"},
        "value/amount": {"from": "Price (EUR)", "decimalChar": ",", "groupChar": "."},
        "value/currency": {"constant": "EUR"},
    }
    text = "Lot;Notice;Price  (EUR);Signed on\n1;N7;1.234,50;31-03-2017\n"
    resource = from_csv(tmp_path, text, mapping)
    assert records(resource) == [
        {"id": "N7-1", "signedDate": "2017-03-31", "value": {"amount": Decimal("1234.50"), "currency": "EUR"}}
    ]
    assert places(resource, "value", "amount") == ["source.csv:2 Price (EUR)"]
    assert places(resource, "id") == ["source.csv:2 Notice"]
    assert places(resource, "value", "currency") == ["source.csv:2 $.value.currency"]


def test_members_become_fields_with_the_position_of_their_record(tmp_path: Path) -> None:
    source = [{"ref": 7, "buyer": {"name": "A", "lead": {"id": "x"}}, "lots": [{"sum": 1.5}]}]
    mapping = {"id": "ref", "customerId": "buyer/lead/id", "value/amount": "lots/0/sum"}
    resource = from_json(tmp_path, source, mapping)
    assert records(resource) == [{"id": "7", "customerId": "x", "value": {"amount": Decimal("1.5")}}]
    assert places(resource, "value", "amount") == ["source.json:1 $.value.amount"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", 1),
        ("b.c", 2),
        ("b/c", 2),
        ("$.b.c", 2),
        ("d.e", 3),
        ("f/1/g", 4),
        ("f/9/g", None),
        ("b/c/x", None),
        ("z", None),
    ],
)
def test_path_in_a_record(path: str, value: object) -> None:
    record = {"a": 1, "b": {"c": 2}, "d.e": 3, "f": [{}, {"g": 4}]}
    assert member(path)(record) == value
    assert member(path)("no record") is None


def test_first_plain_value_of_several(tmp_path: Path) -> None:
    source = [
        {"id": "1", "address": {"text": "Lisbon"}},
        {"id": "2", "address": "Porto"},
        {"id": "3", "address": {"zip": "1"}},
        {"id": "4", "address": " "},
    ]
    mapping = {"id": "id", "customerId": {"from": ["address.text", "address"]}}
    assert [record.get("customerId") for record in from_json(tmp_path, source, mapping).records()] == [
        "Lisbon", "Porto", None, None,
    ]  # fmt: skip


def test_sources_to_choose_from_may_be_composed(tmp_path: Path) -> None:
    text = "id,district,town\n1,Faro,Loulé\n2,Faro,N/A\n3,N/A,N/A\n"
    mapping = {
        "id": "id",
        "customerId": {"from": [{"join": ["district", "town"], "separator": " / "}, "district"]},
    }
    resource = from_csv(tmp_path, text, mapping, missingValues=["N/A"])
    assert [record.get("customerId") for record in resource.records()] == ["Faro / Loulé", "Faro", None]


def test_what_is_said_of_the_whole_holds_for_its_parts(tmp_path: Path) -> None:
    mapping = {
        "id": {"join": ["a", {"from": "b", "default": "0"}], "missing": ["-"]},
        "customerId": {"from": ["a", "b", {"constant": "none"}], "missing": ["-"]},
        "value/currency": {"from": ["b", "a"], "trim": False},
    }
    assert records(from_csv(tmp_path, "a,b\n-,x\n1,\n-,-\n 2 ,\n", mapping)) == [
        {"customerId": "x", "value": {"currency": "x"}},
        {"id": "1-0", "customerId": "1", "value": {"currency": "1"}},
        {"customerId": "none", "value": {"currency": "-"}},
        {"id": "2-0", "customerId": "2", "value": {"currency": " 2 "}},
    ]


def test_values_defaults_and_missing_texts(tmp_path: Path) -> None:
    mapping = {
        "id": "id",
        "value/currency": {"from": "cur", "values": {"Soles": "PEN", "€": "EUR"}, "default": "USD"},
        "value/amount": {"from": "sum", "missing": ["0.01", "-"]},
        "customerId": {"from": "who", "trim": False},
    }
    text = "id,cur,sum,who\n1,Soles,5, a \n2,€,0.01,b\n3,XYZ,-,\n4,,6,\n"
    assert records(from_csv(tmp_path, text, mapping)) == [
        {"id": "1", "value": {"currency": "PEN", "amount": Decimal(5)}, "customerId": " a "},
        {"id": "2", "value": {"currency": "EUR"}, "customerId": "b"},
        {"id": "3", "value": {"currency": "XYZ"}},
        {"id": "4", "value": {"currency": "USD", "amount": Decimal(6)}},
    ]


def test_constants_and_defaults_do_not_make_an_object_of_their_own(tmp_path: Path) -> None:
    mapping = {
        "id": "id",
        "value/amount": "sum",
        "value/currency": {"constant": "EUR"},
        "contributors/0/partnerId": "winner",
        "contributors/0/role": {"constant": "supplier"},
        "contributors/0/value/currency": {"from": "none", "default": "EUR"},
        "roles": {"constant": ["customer"]},
        "period/startDate": {"constant": "2017-01-01"},
    }
    first, second = records(from_csv(tmp_path, "id,sum,winner,none\n1,,,\n2,5,W,\n", mapping))
    common = {"roles": ["customer"], "period": {"startDate": "2017-01-01"}}
    assert first == {"id": "1", **common}
    assert second == {
        "id": "2",
        "value": {"amount": Decimal(5), "currency": "EUR"},
        "contributors": [{"partnerId": "W", "role": "supplier"}],
        **common,
    }


def test_constant_is_not_shared_between_records(tmp_path: Path) -> None:
    first, second = records(
        from_csv(tmp_path, "id\n1\n2\n", {"id": "id", "roles": {"constant": ["customer"]}})
    )
    first["roles"].append("payer")
    assert second["roles"] == ["customer"]


def test_items_of_an_array_are_mapped(tmp_path: Path) -> None:
    source = [
        {"id": "1", "suppliers": [{"ref": 5, "share": "1.5"}, {"ref": None}, {"ref": "6"}]},
        {"id": "2", "suppliers": {"ref": "7"}},
        {"id": "3", "suppliers": []},
        {"id": "4"},
    ]
    item = {"partnerId": "ref", "role": {"constant": "supplier"}, "value/amount": "share"}
    mapping = {"id": "id", "contributors": {"each": "suppliers", "mapping": item}}
    found = [record.get("contributors") for record in from_json(tmp_path, source, mapping).records()]
    assert found == [
        [
            {"partnerId": "5", "value": {"amount": Decimal("1.5")}, "role": "supplier"},
            {"role": "supplier"},
            {"partnerId": "6", "role": "supplier"},
        ],
        [{"partnerId": "7", "role": "supplier"}],
        None,
        None,
    ]


def test_items_may_be_texts_in_an_array_or_in_one_cell(tmp_path: Path) -> None:
    item = {"partnerId": ".", "role": {"constant": "supplier"}}
    expected = [{"partnerId": "A", "role": "supplier"}, {"partnerId": "B", "role": "supplier"}]
    array = {"id": "id", "contributors": {"each": "who", "mapping": item}}
    assert (
        records(from_json(tmp_path, [{"id": "1", "who": ["A", "B"]}], array))[0]["contributors"] == expected
    )
    cell = {"id": "id", "contributors": {"each": {"from": "who", "split": "---"}, "mapping": item}}
    assert records(from_csv(tmp_path, "id,who\n1,A---B\n", cell))[0]["contributors"] == expected


def test_lists_of_plain_values(tmp_path: Path) -> None:
    text = "id,roles\n1,a|b\n"
    assert records(from_csv(tmp_path, text, {"roles": {"from": "roles", "split": "|"}}))[0] == {
        "roles": ["a", "b"]
    }
    assert records(from_csv(tmp_path, "id,roles\n1,a;b\n", {"roles": "roles"}))[0] == {"roles": ["a", "b"]}
    source = [{"r": ["a", " ", "b;c"]}, {"r": "b;c"}]
    assert records(from_json(tmp_path, source, {"roles": "r"})) == [
        {"roles": ["a", "b;c"]},
        {"roles": ["b;c"]},
    ]


def test_unused_columns_are_counted_and_nothing_else_is_said(tmp_path: Path) -> None:
    resource = from_csv(tmp_path, "id,,x,y\n1,2,3,4\n", {"id": "id"})
    assert records(resource) == [{"id": "1"}]
    (unused,) = findings(resource)
    assert (unused.code, unused.severity, unused.value) == ("unmapped-columns", Severity.INFO, 3)
    assert "3 columns: column B, 'x' (column C) and 'y' (column D)" in unused.message
    resource = from_json(tmp_path, [{"id": "1", "x": 1}, {"id": "2", "y": 1}], {"id": "id"})
    assert "2 members: 'x' and 'y'" in finding(resource, "unmapped-columns").message


def test_unused_columns_can_be_kept(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", "ref,customerId,id,shade\n1,c,x,red\n")
    dataset_file(tmp_path, {"name": "c", "path": "a.csv", "mapping": {"id": "ref"}, "keepUnmapped": True})
    resource = only(read(tmp_path, fields=CONTRACT))
    assert records(resource) == [{"id": "1", "customerId": "c"}]
    assert codes(resource) == ["duplicate-column", "unknown-column"]
    kept = from_json(
        tmp_path, [{"ref": 1, "id": "x", "value": {"z": 1}, "more": [2]}], {"id": "ref"}, keepUnmapped=True
    )
    assert records(kept) == [{"value": {"z": 1}, "more": [2], "id": "1"}]
    assert codes(kept) == []


def test_missing_column_of_a_mapping_is_one_error_with_the_nearest(tmp_path: Path) -> None:
    resource = from_csv(tmp_path, "id,amount\n1,5\n2,6\n", {"id": "id", "value/amount": "amuont"})
    missing = finding(resource, "missing-column")
    assert missing.message == "There is no column 'amuont' to fill value/amount; there are 'id' and 'amount'."
    assert missing.hint.startswith("Did you mean 'amount'?")
    assert (missing.severity, missing.record, missing.place.row) == (Severity.ERROR, None, 1)
    assert records(resource) == [{"id": "1"}, {"id": "2"}]


def test_one_of_several_columns_is_enough(tmp_path: Path) -> None:
    resource = from_csv(tmp_path, "id,new\n1,5\n", {"id": "id", "value/amount": {"from": ["old", "new"]}})
    assert codes(resource) == []
    assert places(resource, "value", "amount") == ["source.csv:2 new"]


def test_member_that_no_record_has_is_told(tmp_path: Path) -> None:
    resource = from_json(
        tmp_path, [{"id": "1", "buyer": {"x": 1}}], {"id": "id", "customerId": "buyr.x", "roles": "zzz"}
    )
    near, far = [each for each in findings(resource) if each.code == "missing-member"]
    assert (near.severity, far.severity) == (Severity.WARNING, Severity.INFO)
    assert near.message.endswith("has 'buyr.x' to fill customerId.")
    assert near.hint.startswith("Did you mean 'buyer'?")


def test_field_that_the_schema_does_not_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", "id\n1\n")
    mapping = {
        "id": "id",
        "vlaue/amount": "id",
        "contributors": {"each": "id", "mapping": {"partner": "."}},
        "value": "id",
    }
    dataset_file(tmp_path, {"name": "c", "path": "a.csv", "mapping": mapping})
    first, second = read(tmp_path, fields=CONTRACT).findings
    assert first.message.endswith("fills vlaue/amount, which the schema does not name.")
    assert first.hint.startswith("Did you mean 'value/amount'?")
    assert "fills contributors/*/partner, which" in second.message
    assert read(tmp_path).findings == ()


def test_first_record_of_each_key_is_kept_over_all_files(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", "id,buyer,town\n1,A,x\n2,B,y\n3,A,x\n4,,z\n")
    text_file(tmp_path / "b.csv", "id,buyer,town\n5,A,other\n6,C,x\n")
    mapping = {"id": "buyer", "customerId": "town"}
    dataset_file(tmp_path, {"name": "p", "path": ["a.csv", "b.csv"], "mapping": mapping, "distinct": ["id"]})
    resource = only(read(tmp_path))
    for _ in range(2):
        assert records(resource) == [
            {"id": "A", "customerId": "x"},
            {"id": "B", "customerId": "y"},
            {"id": "C", "customerId": "x"},
        ]
    assert places(resource, "id") == ["a.csv:2 buyer", "a.csv:3 buyer", "b.csv:3 buyer"]
    said = [each.message for each in findings(resource) if each.code in ("no-key", "repeated-record")]
    assert said == [
        "1 row without id left out.",
        "1 row with the id of an earlier record left out.",
        "1 row with the id of an earlier record left out, 1 of them not like it in every value.",
    ]


def test_entries_of_one_name_are_one_resource(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", "buyer,seller\nA,B\nB,C\n")
    dataset_file(
        tmp_path,
        {
            "name": "p",
            "path": "a.csv",
            "distinct": ["id"],
            "mapping": {"id": "buyer", "roles": {"constant": ["customer"]}},
        },
        {
            "name": "p",
            "path": "a.csv",
            "distinct": ["id"],
            "mapping": {"id": "seller", "roles": {"constant": ["supplier"]}},
        },
    )
    resource = only(read(tmp_path))
    assert [(record["id"], record["roles"]) for record in resource.records()] == [
        ("A", ["customer"]), ("B", ["customer"]), ("C", ["supplier"]),
    ]  # fmt: skip
    assert len(resource.sources) == 1


def test_flaws_of_members_that_are_not_used_do_not_matter(tmp_path: Path) -> None:
    text_file(tmp_path / "a.json", '[{"id": "1", "x": NaN, "y": NaN}]')
    dataset_file(tmp_path, {"name": "c", "path": "a.json", "mapping": {"id": "id", "value/amount": "y"}})
    assert [each.place.path for each in findings(only(read(tmp_path))) if each.code == "not-a-number"] == [
        "$.y"
    ]


def test_missing_values_of_json_without_a_mapping(tmp_path: Path) -> None:
    text_file(tmp_path / "a.json", '[{"id": "1", "x": "N/A", "y": {"z": "N/A"}, "l": ["N/A", "a"], "e": ""}]')
    dataset_file(tmp_path, {"name": "c", "path": "a.json", "missingValues": ["N/A"]})
    assert records(only(read(tmp_path))) == [{"id": "1", "y": {}, "l": ["a"], "e": ""}]
