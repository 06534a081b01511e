"""Workbooks of several sheets: main sheets, child sheets joined by keys, and sheets that are no data."""

import json
from pathlib import Path
from typing import Any

import pytest
from reading import codes, finding, findings, places, records, text_file, workbook

from xlreport.findings import Severity
from xlreport.register import open_register
from xlreport.tables import Dataset

CONTRACTS = [["Id", "Title", "Amount"], ["C1", "Bridge", 10], ["C2", "Road", 20], ["C3", "Port", 30]]
MILESTONES = [
    ["Contract id", "Milestone id", "Due", "Amount"],
    ["C2", "M1", "2018-01-31", 5],
    ["C1", "M1", "2017-06-30", 4],
    ["C1", "M2", "2017-12-31", 6],
]
JOINED = [
    {
        "id": "C1",
        "title": "Bridge",
        "value": {"amount": 10},
        "milestones": [
            {"id": "M1", "dueDate": "2017-06-30", "value": {"amount": 4}},
            {"id": "M2", "dueDate": "2017-12-31", "value": {"amount": 6}},
        ],
    },
    {
        "id": "C2",
        "title": "Road",
        "value": {"amount": 20},
        "milestones": [{"id": "M1", "dueDate": "2018-01-31", "value": {"amount": 5}}],
    },
    {"id": "C3", "title": "Port", "value": {"amount": 30}},
]


def schema(folder: Path, record: dict[str, Any]) -> Path:
    """Write the schema of one record into the folder."""
    return text_file(folder / "record.schema.json", json.dumps({"type": "object", **record}))


def text(title: str = "") -> dict[str, Any]:
    return {"type": "string", "title": title} if title else {"type": "string"}


def array(**properties: Any) -> dict[str, Any]:  # JSON
    return {"type": "array", "items": {"type": "object", "properties": properties}}


def opened(path: Path, schema: str | Path = "dataset") -> Dataset:
    return open_register(path, schema).dataset


@pytest.mark.parametrize(
    "headings",
    [
        ["Contract id", "Milestone id", "Due", "Amount"],
        ["Contract Id", "id", "dueDate", "value/amount"],
        ["contracts/id", "milestones/0/id", "milestones/0/dueDate", "milestones/0/value/amount"],
        ["id", "milestones/0/id", "milestones/0/dueDate", "milestones/0/value/amount"],
        ["Id", "Milestones:Milestone id", "Milestones:Due", "Milestones: Value: Amount"],
        ["Contract", "Milestone id", "Due", "Value: Amount"],
    ],
)
def test_rows_of_a_child_sheet_are_items_of_the_record_that_they_name(
    tmp_path: Path, headings: list[str]
) -> None:
    path = workbook(tmp_path / "a.xlsx", Contracts=CONTRACTS, Milestones=[headings, *MILESTONES[1:]])
    dataset = opened(path)
    assert dataset.names == ("contracts",)
    assert records(dataset["contracts"]) == JOINED
    assert places(dataset["contracts"], "milestones", 0, "dueDate")[:2] == ["Milestones!C3", "Milestones!C2"]


def test_every_value_and_every_empty_cell_has_its_place(tmp_path: Path) -> None:
    contracts = opened(workbook(tmp_path / "a.xlsx", Contracts=CONTRACTS, Milestones=MILESTONES))["contracts"]
    assert places(contracts, "milestones", 1, "value", "amount")[0] == "Milestones!D4"
    assert places(contracts, "milestones", 1)[0] == "Milestones!row 4"
    assert places(contracts, "milestones", 1, "type")[0] == "Milestones!row 4"
    assert places(contracts, "value", "amount") == ["Contracts!C2", "Contracts!C3", "Contracts!C4"]
    assert places(contracts, "milestones")[2] == "Contracts!row 4"


@pytest.mark.parametrize(
    "name", ["milestones", "Contracts milestones", "MILESTONES", "Milestones 2017", "Plan"]
)
def test_child_sheets_are_found_by_their_name_or_else_their_headings(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "a.xlsx", **{name: MILESTONES, "Contracts": CONTRACTS})
    assert records(opened(path)["contracts"]) == JOINED


def test_main_sheet_of_another_name_is_found_by_its_headings_and_other_sheets_are_left_out(
    tmp_path: Path,
) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        Instructions=[["How to fill this in"], ["Begin with the contracts."]],
        Register=CONTRACTS,
        Milestones=MILESTONES,
        Issues=[["Sheet", "Cell", "What"], ["Register", "A1", "nothing"]],
    )
    dataset = opened(path)
    assert dataset.names == ("contracts",)
    assert records(dataset["contracts"]) == JOINED
    (skipped,) = dataset.findings
    assert (skipped.code, skipped.severity) == ("skipped-sheets", Severity.INFO)
    assert "'Instructions' and 'Issues'" in skipped.message


def test_array_over_several_sheets_goes_on_in_the_order_of_the_sheets(tmp_path: Path) -> None:
    more = [MILESTONES[0], ["C1", "M3", "2018-06-30", 1]]
    path = workbook(
        tmp_path / "a.xlsx", **{"Contracts": CONTRACTS, "Milestones 1": MILESTONES, "Milestones 2": more}
    )
    (first, *_) = records(opened(path)["contracts"])
    assert [item["id"] for item in first["milestones"]] == ["M1", "M2", "M3"]


def test_row_whose_record_is_not_there_or_not_named_is_told_at_its_cell(tmp_path: Path) -> None:
    rows = [*MILESTONES, ["C9", "M1", "2018-01-31", 5], [None, "M2", "2018-01-31", 5]]
    contracts = opened(workbook(tmp_path / "a.xlsx", Contracts=CONTRACTS, Milestones=rows))["contracts"]
    assert records(contracts) == JOINED
    orphan, nameless = finding(contracts, "missing-parent"), finding(contracts, "row-without-parent")
    assert (str(orphan.place), orphan.place.column, orphan.value) == ("Milestones!A5", "Contract id", "C9")
    assert str(nameless.place) == "Milestones!A6"
    assert orphan.severity is nameless.severity is Severity.ERROR


def test_child_sheet_without_the_key_of_its_record_is_told(tmp_path: Path) -> None:
    rows = [row[1:] for row in MILESTONES]
    contracts = opened(workbook(tmp_path / "a.xlsx", Contracts=CONTRACTS, Milestones=rows))["contracts"]
    (said,) = (each.message for each in findings(contracts) if each.place.sheet == "Milestones")
    assert said.startswith(
        "The sheet 'Milestones' has no column 'Contract id', so its rows belong to no record"
    )


def test_children_of_records_that_share_a_key_go_to_the_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Contracts=[*CONTRACTS, ["C1", "Twin", 1]], Milestones=MILESTONES)
    *_, twin = records(opened(path)["contracts"])
    assert "milestones" not in twin


NESTED = {
    "title": "Project",
    "properties": {
        "id": text(),
        "name": text(),
        "buyer": {"type": "object", "properties": {"name": text("Buyer")}},
        "phases": array(id=text(), name=text("Phase name"), documents=array(title=text("Document"))),
        "risks": array(title=text("Risk"), owners=array(name=text("Owner"))),
    },
}


def test_arrays_within_arrays_name_every_level_by_id_or_by_number(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        Projects=[["id", "name"], [1, "one"], [2, "two"]],
        phases=[["Project id", "Id", "Phase name"], [1, "a", "plan"], [1, "b", "build"], [2, "a", "plan"]],
        documents=[
            ["Project id", "Phases id", "Document"],
            [1, "b", "drawing"],
            [2, "a", "x"],
            [1, "z", "y"],
        ],
        risks=[["Project id", "Risk"], [2, "flood"], [2, "fire"]],
        owners=[["Project id", "Risks number", "Owner"], [2, 2, "Ann"], [2, 3, "Bob"]],
    )
    (projects,) = opened(path, schema(tmp_path, NESTED)).resources
    assert records(projects) == [
        {
            "id": "1",
            "name": "one",
            "phases": [
                {"id": "a", "name": "plan"},
                {"id": "b", "name": "build", "documents": [{"title": "drawing"}]},
            ],
        },
        {
            "id": "2",
            "name": "two",
            "phases": [{"id": "a", "name": "plan", "documents": [{"title": "x"}]}],
            "risks": [{"title": "flood"}, {"title": "fire", "owners": [{"name": "Ann"}]}],
        },
    ]
    assert places(projects, "phases", 1, "documents", 0, "title")[0] == "documents!C2"
    assert places(projects, "phases", 1, "name")[0] == "phases!C3"
    lost = [str(each.place) for each in findings(projects) if each.code == "missing-parent"]
    assert lost == ["documents!B4", "owners!B3"]


def test_flat_sheets_of_any_name_are_joined_by_the_id_of_the_record(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        Main=[["id", "name"], ["1", "one"]],
        People=[["id", "buyer/name"], ["1", "Ann"]],
        Papers=[["id", "phases/0/id", "phases/0/documents/0/title"], ["1", "a", "x"], ["1", "a", "y"]],
        Steps=[["id", "phases/0/id", "phases/0/name"], ["1", "a", "plan"]],
    )
    (main,) = opened(path, schema(tmp_path, NESTED)).resources
    assert records(main) == [
        {
            "id": "1",
            "name": "one",
            "buyer": {"name": "Ann"},
            "phases": [{"id": "a", "name": "plan", "documents": [{"title": "x"}, {"title": "y"}]}],
        }
    ]
    assert places(main, "buyer", "name") == ["People!B2"]
    assert places(main, "phases", 0, "documents", 1, "title") == ["Papers!C3"]


def test_value_that_two_sheets_give_differently_is_told_and_the_first_counts(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        Main=[["id", "name"], ["1", "one"]],
        Steps=[["id", "name", "phases/0/id"], ["1", "uno", "a"]],
    )
    (main,) = opened(path, schema(tmp_path, NESTED)).resources
    assert records(main) == [{"id": "1", "name": "one", "phases": [{"id": "a"}]}]
    assert str(finding(main, "conflicting-value").place) == "Steps!B2"


def test_headings_in_a_loose_hand_are_understood_and_said(tmp_path: Path) -> None:
    rows = [
        ["ID", " title ", "Value: Amount", "VALUE/Currency", "Signed Date"],
        ["C1", "x", 1, "EUR", "2017-01-01"],
    ]
    contracts = opened(workbook(tmp_path / "a.xlsx", Contracts=rows))["contracts"]
    assert records(contracts) == [
        {"id": "C1", "title": "x", "value": {"amount": 1, "currency": "EUR"}, "signedDate": "2017-01-01"}
    ]
    assert "unknown-column" not in codes(contracts)
    said = finding(contracts, "loose-heading")
    assert said.severity is Severity.INFO
    assert "'VALUE/Currency' (column D) as value/currency" in said.message
