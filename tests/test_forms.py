"""Entry forms: their sheets, what they are filled with, and that they open elsewhere as they were meant."""

import datetime as dt
import json
import os
import re
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from form_records import in_memory
from libreoffice import converted, needs_soffice
from registers import contract, partner, schema_file
from workbook_kinds import EXAMPLES

import xlreport
from xlreport import entry
from xlreport.backends import text, xlsx
from xlreport.cells import Range
from xlreport.errors import SchemaError, UsageError
from xlreport.plan import SheetPlan, Validation, WorkbookPlan

TOURS = EXAMPLES / "entry-form" / "tours.schema.json"
FIRST = Range.at(1, 1)
GOLDEN = EXAMPLES / "entry-form" / "plan.txt"


def headings(sheet: SheetPlan) -> list[str]:
    block = next(block for block in sheet.blocks if block.row == 5)
    return [str(column[0]) for column in block.columns]


def validation(plan: WorkbookPlan, sheet: str, heading: str) -> Validation:
    found = plan.sheet(sheet)
    return found.validations[headings(found).index(heading)]


def body(plan: WorkbookPlan, sheet: str) -> dict[str, list[Any]]:
    found = plan.sheet(sheet)
    block = next(block for block in found.blocks if block.row == 6)
    return dict(zip(headings(found), map(list, block.columns), strict=True))


def said(folder: Path, **records: list[dict[str, Any]]) -> list[str]:
    made = entry.make_form("dataset", folder / "form.xlsx", data=in_memory(records), rows=5)
    return [f"{found.place.path}: {found.message}" for found in made.findings]


# --- the form


def test_the_plan_of_a_form_is_the_one_of_the_example() -> None:
    shown = text.render(entry.plan_form(TOURS, data=EXAMPLES / "entry-form" / "tours.json", rows=100))
    if os.environ.get("XLREPORT_UPDATE"):
        GOLDEN.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == GOLDEN.read_text(encoding="utf-8")


def test_a_form_of_the_shipped_dataset_has_all_its_sheets() -> None:
    plan = entry.plan_form("dataset")
    names = [sheet.name for sheet in plan.sheets]

    assert names[:2] == ["Instructions", "Contracts"]
    assert names[-2:] == ["Partners", "Lists"]
    assert {"Items", "Milestones", "Deliveries", "Payments", "Amendments", "Contributors"} <= set(names)
    assert headings(plan.sheet("Contributors"))[:3] == ["Contract id", "Contributor", "Role"]
    assert headings(plan.sheet("Contracts"))[17:19] == ["Value: Amount", "Value: Currency"]
    assert plan.sheet("Contracts").filter is not None


def test_partners_are_chosen_from_their_sheet() -> None:
    plan = entry.plan_form("dataset")
    for sheet, heading in (
        ("Contracts", "Customer"),
        ("Contributors", "Contributor"),
        ("Partners", "Parent"),
    ):
        assert validation(plan, sheet, heading).formula == "Choice_partners_id"
    assert validation(plan, "Milestones", "Contract id").formula == "Choice_contracts_id"
    assert plan.names["Choice_partners_id"].startswith("Partners!$A$6:INDEX(Partners!$A$6:$A$10005,")
    assert not any(re.search(r"OFFSET|INDIRECT|TODAY|NOW\(", formula) for formula in plan.names.values())


def test_every_row_has_room_for_entry_and_headings_are_locked() -> None:
    for sheet in entry.plan_form("dataset", rows=200).sheets[1:-1]:
        assert sheet.protection is not None
        assert sheet.protection.rows
        assert all(not columns.style.locked for columns in sheet.columns)
        assert all(run.style.locked for run in sheet.styles)
        assert {rule.range.last_row for rule in sheet.validations} == {205}


def test_ids_and_texts_are_cells_of_text() -> None:
    sheet = entry.plan_form("dataset").sheet("Contracts")
    formats = {columns.first: columns.style.number_format for columns in sheet.columns}
    by_heading = dict(zip(headings(sheet), [formats[at] for at in range(1, 21)], strict=True))

    assert by_heading["Id"] == by_heading["Title"] == by_heading["Customer"] == "@"
    assert by_heading["Signed"] == "yyyy-mm-dd"
    assert by_heading["Value: Amount"] == "#,##0.00"


def test_a_form_is_small_and_quick(tmp_path: Path) -> None:
    entry.make_form("dataset", tmp_path / "warm.xlsx")
    start = time.process_time()
    made = entry.make_form("dataset", tmp_path / "form.xlsx")

    assert time.process_time() - start < 2
    assert made.size < 250_000


def test_the_same_schema_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [entry.make_form("dataset", tmp_path / f"{name}.xlsx").sha256 for name in "ab"]
    assert len(set(made)) == 1


@needs_soffice
def test_libreoffice_keeps_the_validations(tmp_path: Path) -> None:
    plan = entry.plan_form(TOURS)
    path = xlsx.write(plan, tmp_path / "form.xlsx")
    (saved,) = converted([path], tmp_path, "ods")
    with zipfile.ZipFile(saved) as package:
        content = package.read("content.xml").decode()

    kept = re.findall(r"<table:content-validation (?:[^>]*?table:condition=\"of:([^\"]*)\")?", content)
    every = {replace(rule, range=FIRST) for sheet in plan.sheets for rule in sheet.validations}
    assert len(kept) == len(every), "those that are alike are one"
    assert "cell-content-is-in-list(Choice_guides_id)" in kept
    assert "cell-content-is-whole-number() and cell-content-is-between(1,60)" in kept
    assert "cell-content-text-length-is-between(0,80)" in kept
    assert sum(each.startswith("is-true-formula(") for each in kept) == 5
    assert content.count("<office:annotation ") == sum(len(sheet.notes) for sheet in plan.sheets)


# --- records in it


def test_records_stand_in_the_rows_of_their_sheets() -> None:
    milestones = [{"id": "M-1", "value": {"amount": 10, "currency": "USD"}}, {"id": "M-2"}]
    records = {
        "contracts": [contract(milestones=milestones)],
        "partners": [partner(roles=["customer", "agent"])],
    }
    plan = entry.plan_form("dataset", data=in_memory(records))

    assert body(plan, "Contracts")["Signed"] == [dt.date(2017, 3, 1)]
    assert body(plan, "Milestones")["Contract id"] == ["C-1", "C-1"]
    assert body(plan, "Milestones")["Value: Amount"] == [10, None]
    assert body(plan, "Partners")["Roles"] == ["customer; agent"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"remark": "new"}, "$.remark: No column of the form holds 'remark'"),
        ({"value": 5}, "$.value: No column of the form holds 'value'"),
        ({"milestones": "none"}, "$.milestones: No column of the form holds 'milestones'"),
        ({"milestones": [1]}, "$.milestones: No column of the form holds 'milestones'"),
        ({"title": 7}, "$.title: Title is a text"),
        ({"title": " x"}, "$.title: Title has blanks around it"),
        ({"title": "  "}, "$.title: Title is a text of nothing but blanks"),
        ({"title": ["a", "b"]}, "$.title: Title is to hold one value"),
        ({"title": "x" * 40_000}, "$.title: Title is longer than a cell"),
        (
            {"value": {"amount": "12"}},
            "$.value.amount: Value: Amount is a number; read back",
        ),
        ({"signedDate": 20170301}, "$.signedDate: Signed holds a value of another type"),
        ({"milestones": [{}]}, "$.milestones[0]: The item has no value of its own"),
    ],
)
def test_what_a_form_cannot_hold_as_it_is_is_said(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    found = said(tmp_path, contracts=[contract(**changes)])
    assert [each for each in found if each.startswith(message)], found


def test_a_list_that_has_the_separator_in_it_is_said(tmp_path: Path) -> None:
    assert said(tmp_path, partners=[partner(aliases=["a;b", "c"])])[0].startswith(
        "$.aliases: Aliases is a list"
    )
    assert said(tmp_path, partners=[partner(aliases="Works")])[0].startswith(
        "$.aliases: Aliases is to hold sev"
    )


def test_parts_without_a_key_of_their_own_are_said(tmp_path: Path) -> None:
    twice = [contract(milestones=[{"id": "M-1"}]), contract(milestones=[{"id": "M-1"}])]
    assert len([each for each in said(tmp_path, contracts=twice) if "missing or taken" in each]) == 1
    assert said(tmp_path, contracts=[{}])[0].startswith("$: The record has no value of its own")
    assert said(tmp_path, others=[{"id": "1"}])[0].startswith(": The form has no sheet for 'others'")


def test_what_has_no_column_stands_beside_the_others() -> None:
    plan = entry.plan_form("dataset", data=in_memory({"contracts": [contract(remark={"by": "hand"})]}))
    assert body(plan, "Contracts")["remark"] == ['{"by": "hand"}']


def test_numbers_with_more_digits_than_excel_keeps_are_texts() -> None:
    value = {"amount": 12345678901234567890, "currency": "USD"}
    plan = entry.plan_form("dataset", data=in_memory({"contracts": [contract(value=value)]}))
    assert body(plan, "Contracts")["Value: Amount"] == ["12345678901234567890"]


# --- wrong calls


def test_a_schema_without_keys_for_its_arrays_is_refused(tmp_path: Path) -> None:
    items = {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}}
    schema = schema_file(
        tmp_path, {"type": "object", "properties": {"name": {"type": "string"}, "parts": items}}
    )
    with pytest.raises(SchemaError, match="have no key"):
        entry.plan_form(schema)


def test_names_that_are_numbers_are_refused(tmp_path: Path) -> None:
    years = {"type": "object", "properties": {"17": {"type": "number"}}}
    schema = schema_file(
        tmp_path, {"type": "object", "properties": {"id": {"type": "string"}, "years": years}}
    )
    with pytest.raises(SchemaError, match="is called '17'"):
        entry.plan_form(schema)


def test_wrong_calls(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 1"):
        xlreport.form("dataset", tmp_path / "form.xlsx", rows=0)
    with pytest.raises(UsageError, match="a sheet ends at column"):
        xlreport.form("dataset", tmp_path / "form.xlsx", rows=2_000_000)
    with pytest.raises(SchemaError, match="did you mean 'dataset'"):
        xlreport.form("datasset", tmp_path / "form.xlsx")
    data = tmp_path / "contracts.json"
    data.write_text(json.dumps([contract()], default=float), encoding="utf-8")
    with pytest.raises(UsageError):
        xlreport.form("dataset", tmp_path / "form.csv", data=data)
