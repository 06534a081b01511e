"""Real data, read where it lies beside the checkout; counts come from other readers than ours."""

import contextlib
import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from reading import codes, findings, only, places, read, records, shared

from xlreport.registry import load_schema, resources_of
from xlreport.tables import Dataset

DATASETS = Path(__file__).parent / "datasets"


def opened(name: str, folder: str) -> Dataset:
    """Open one of our dataset files, with the fields of the schema that it names."""
    shared(folder)
    described = resources_of(load_schema("dataset"))
    return read(DATASETS / name, fields={each: schema.fields for each, schema in described.items()})


def total(resource: Any, *path: str | int) -> Decimal:
    return sum((at(record, path) for record in resource.records()), Decimal(0))


def at(value: Any, path: tuple[str | int, ...]) -> Any:  # JSON
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step] if value else None
    return value or 0


def test_notices_of_ted() -> None:
    dataset = opened("eu_ted", "eu_ted_500")
    source = json.loads(
        (shared("eu_ted_500") / "eu_procurement_500_sample_v1.1.json").read_text(encoding="utf-8")
    )
    stated = [
        row for row in source if row["lot_value_eur"] == row["lot_value_eur"]
    ]  # NaN differs from itself
    contracts = records(dataset["contracts"])
    assert len(contracts) == len(source) == 500
    assert sum("value" in contract for contract in contracts) == len(stated) == 462
    assert total(dataset["contracts"], "value", "amount") == sum(
        Decimal(repr(row["lot_value_eur"])) for row in stated
    )
    assert {contract["value"]["currency"] for contract in contracts if "value" in contract} == {"EUR"}
    assert sum("contributors" in contract for contract in contracts) == sum(
        row["winner_name"] is not None for row in source
    )
    assert len({contract["id"] for contract in contracts}) == 500
    assert Counter(codes(dataset["contracts"])) == {"not-a-number": 38, "unmapped-columns": 1}
    partners = {partner["id"]: partner for partner in dataset["partners"].records()}
    winners = {row["winner_name"] for row in source} - {None}
    assert len(partners) == len({row["buyer_name"] for row in source} | winners) == 857
    assert partners["East Suffolk Council"]["countryCode"] == "GB"
    assert not {"UK", "EL"} & {partner.get("countryCode") for partner in partners.values()}


def test_works_of_portugal() -> None:
    dataset = opened("portugal", "portugal_contracts_xlsx")
    path = shared("portugal_contracts_xlsx") / "Tabela_BD_2022_2015_pt.xlsx"
    with contextlib.closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
        headings, *rows = book.active.iter_rows(values_only=True)
    column = {heading: position for position, heading in enumerate(headings)}
    contracts = records(dataset["contracts"])
    assert [contract["id"] for contract in contracts] == [str(row[column["ID"]]) for row in rows]
    initial, effective = (
        sum(Decimal(repr(row[column[name]])) for row in rows)
        for name in ("Preço Inicial (€)", "Preço Efetivo (€)")
    )
    assert (
        total(dataset["contracts"], "amendments", 0, "valueBefore", "amount")
        == initial
        == Decimal("3314764427.20")
    )
    assert total(dataset["contracts"], "value", "amount") == effective == Decimal("3332699418.92")
    assert contracts[0]["signedDate"] == "2021-01-11"
    assert contracts[0]["customerId"] == "Setúbal / Almada"
    assert Counter(contract["status"] for contract in contracts if "status" in contract) == {
        "completed": 5179, "terminated": 32, "cancelled": 2,
    }  # fmt: skip
    assert places(dataset["contracts"], "value", "amount")[-1] == "Sheet1!U5215"
    towns = {
        tuple(row[column[name]].strip() for name in ("Distrito", "Município"))
        for row in rows
        if row[column["Distrito"]].strip() != "N/A"
    }
    assert len(records(dataset["partners"])) == len(towns)


def test_tenders_of_indonesia() -> None:
    dataset = opened("indonesia", "indonesia_lpse")
    rows = []
    for path in sorted(shared("indonesia_lpse").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    contracts = records(dataset["contracts"])
    assert [contract["id"] for contract in contracts] == [row["kd_lelang"] for row in rows]
    assert total(dataset["contracts"], "value", "amount") == sum(
        Decimal(row["hasil_lelang"] or 0) for row in rows
    )
    assert (
        sum("value" not in contract for contract in contracts)
        == sum(not row["hasil_lelang"] for row in rows)
        == 3
    )
    partners = records(dataset["partners"])
    expected = {("authority", row["kd_satker"]) for row in rows} | {
        ("winner", row["kd_pemenang"]) for row in rows
    }
    assert {partner["id"] for partner in partners} == {"-".join(key) for key in expected if key[1]}
    assert len(partners) == len({partner["id"] for partner in partners})
    named = {contract["customerId"] for contract in contracts}
    named |= {each["partnerId"] for contract in contracts for each in contract.get("contributors", ())}
    assert named == {partner["id"] for partner in partners}
    assert all(len(batch.records) <= 1000 for batch in dataset["contracts"].batches())


def test_exhibitors_of_five_fairs() -> None:
    dataset = opened("exhibitors", "fair_exhibitors")
    first: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in sorted(shared("fair_exhibitors").glob("dsei-*.json")):
        fair = json.loads(path.read_text(encoding="utf-8"))
        for exhibitor in fair["exhibitor"]:
            first.setdefault(exhibitor["name"].strip(), (fair["startDate"], exhibitor))
    partners = records(only(dataset))
    assert [(partner["id"], partner["activeFrom"]) for partner in partners] == [
        (name, start) for name, (start, _) in first.items()
    ]
    for partner in partners:
        _, exhibitor = first[partner["id"]]
        places_named = [exhibitor.get(name) for name in ("country", "address")]
        countries = [place["iso2"] for place in places_named if isinstance(place, dict)]
        assert partner.get("countryCode") == (countries[0] if countries else None)
    assert [partner["aliases"] for partner in partners if "aliases" in partner] == [
        ["Lesjofors Heavy Springs UK"]
    ]


def test_releases_of_nine_publishers() -> None:
    shared("ocds_real_examples")
    dataset = read(DATASETS / "ocds")
    expected = []
    for path in sorted(shared("ocds_real_examples").glob("**/sample/releases/*.json")):
        document = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        expected += document["releases"] if "ocid" not in document else [document]
    found = records(dataset["releases"])
    assert len(found) == len(expected) == 208
    key = lambda release: (release["ocid"], release["id"], json.dumps(release, default=str, sort_keys=True))  # noqa: E731
    assert sorted(found, key=key) == sorted(expected, key=key)
    assert findings(dataset["releases"]) == []
    assert len(dataset["releases"].sources) == 208
    assert Path(dataset.folder, dataset.schema).is_file()


def test_files_that_a_publisher_left_empty() -> None:
    dataset = read(shared("ocds_real_examples") / "paraguay" / "sample" / "records")
    assert codes(only(dataset)) == ["empty-file"] * 3
    assert len(records(only(dataset))) == 16


@pytest.mark.parametrize("format_name", ["xlsx", "ods"])
def test_template_with_headings_alone(format_name: str) -> None:
    path = shared("ocds_fictional") / "flat-template" / f"template.{format_name}"
    dataset = read(path)
    with contextlib.closing(openpyxl.load_workbook(path.with_suffix(".xlsx"), read_only=True)) as book:
        names = book.sheetnames
    assert len(dataset.resources) == len(names)
    assert [(records(each), findings(each)) for each in dataset.resources] == [([], [])] * len(names)


def test_namibia_keeps_its_code() -> None:
    path = shared("iso_countries") / "country-codes.csv"
    codes_read = [
        record["ISO3166-1-Alpha-2"] for record in only(read(path)).records() if "ISO3166-1-Alpha-2" in record
    ]
    with path.open(encoding="utf-8", newline="") as file:
        expected = [row["ISO3166-1-Alpha-2"] for row in csv.DictReader(file)]
    assert codes_read == [code for code in expected if code.strip()]
    assert "NA" in codes_read


def test_descriptor_of_another_program_is_no_data() -> None:
    dataset = read(shared("exchange_rates"))
    assert dataset.names == ("annual", "monthly")
    assert "datapackage.json" in dataset.findings[0].message
