"""Workbooks of several sheets: main sheets, child sheets joined by keys, and sheets that are no data."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import codes, dataset_file, finding, findings, places, records, text_file, workbook

from xlreport.cell_map import cells_of
from xlreport.errors import SpecError
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
    assert places(contracts, "value") == ["Contracts!C2", "Contracts!C3", "Contracts!C4"]
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
    blanks, said = (each for each in findings(contracts) if each.code == "loose-heading")
    assert {blanks.severity, said.severity} == {Severity.INFO}
    assert "do not count: 'title' (column B)" in blanks.message
    assert "'VALUE/Currency' (column D) as Currency" in said.message


def declared(folder: Path, **children: Any) -> Path:  # JSON
    """Write a workbook whose sheets have names of their own, and the dataset file that says what they are."""
    workbook(
        folder / "a.xlsx",
        Tab1=[["Register"], *CONTRACTS],
        Tab2=[["Vertrag", "Milestone id", "Due", "Amount"], *MILESTONES[1:]],
    )
    entry = {"name": "contracts", "path": "a.xlsx", "dialect": {"sheet": "Tab1"}, "children": children}
    return dataset_file(folder, entry, schema="dataset")


@pytest.mark.parametrize(
    "child", [{"sheet": "Tab2", "key": "Vertrag"}, [{"sheet": 2, "key": ["Vertrag"], "headerRow": 1}]]
)
def test_dataset_file_names_the_child_sheets_and_their_keys(tmp_path: Path, child: Any) -> None:
    assert records(open_register(declared(tmp_path, milestones=child)).dataset["contracts"]) == JOINED


def test_child_sheets_of_a_dataset_file_need_no_schema(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", Main=[["id"], ["C1"]], Steps=[["Things", "name"], ["C1", "a"], ["C1", "b"]])
    entry = {"name": "things", "path": "a.xlsx", "dialect": {"sheet": "Main"}, "children": {"steps": "Steps"}}
    (things,) = open_register(dataset_file(tmp_path, entry)).dataset.resources
    assert records(things) == [{"id": "C1", "steps": [{"name": "a"}, {"name": "b"}]}]


@pytest.mark.parametrize(
    ("children", "said"),
    [
        ({"milestone": "Tab2"}, "contracts has no array 'milestone'; it has items, milestones,"),
        ({"milestones": "Tab3"}, "$.resources[0].children.milestones: a.xlsx has no sheet 'Tab3'"),
        ({"milestones": {"sheet": "Tab2", "key": ["a", "b"]}}, "the rows name Contract id; give that many"),
    ],
)
def test_wrong_child_sheets_of_a_dataset_file_are_told(tmp_path: Path, children: Any, said: str) -> None:
    with pytest.raises(SpecError) as error:
        open_register(declared(tmp_path, **children))
    assert said in str(error.value)


NAMES = st.text("abcXYZ 0123é", min_size=1, max_size=6).map(str.strip).filter(bool)
DOCUMENTS = st.lists(st.fixed_dictionaries({"title": NAMES}), min_size=1, max_size=3)
PHASES = st.lists(
    st.tuples(st.fixed_dictionaries({"name": NAMES}), st.none() | DOCUMENTS), min_size=1, max_size=3
)
RISKS = st.lists(st.fixed_dictionaries({"title": NAMES}), min_size=1, max_size=3)
PROJECTS = st.lists(
    st.fixed_dictionaries({}, optional={"name": NAMES, "phases": PHASES, "risks": RISKS}), max_size=4
)


def projects(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records with ids: of projects, and of the phases in them."""
    found = []
    for at, project in enumerate(made):
        record = {"id": f"P{at}", **{name: value for name, value in project.items() if name != "phases"}}
        if "phases" in project:
            record["phases"] = [
                {"id": f"S{number}", **phase, **({"documents": documents} if documents else {})}
                for number, (phase, documents) in enumerate(project["phases"])
            ]
        found.append(record)
    return found


def sheets(made: list[dict[str, Any]]) -> dict[str, list[list[Any]]]:
    """Return the sheets of a workbook that hold the records: headings, and rows."""
    rows: dict[str, list[list[Any]]] = {
        "documents": [["Project id", "phases/id", "title"]],
        "risks": [["project id", "Risk"]],
        "Projects": [["id", "name"]],
        "phases": [["projects/id", "id", "name"]],
    }
    for record in made:
        rows["Projects"].append([record["id"], record.get("name")])
        rows["risks"] += [[record["id"], risk["title"]] for risk in record.get("risks", ())]
        for phase in record.get("phases", ()):
            rows["phases"].append([record["id"], phase["id"], phase["name"]])
            rows["documents"] += [
                [record["id"], phase["id"], document["title"]] for document in phase.get("documents", ())
            ]
    return {name: each for name, each in rows.items() if len(each) > 1 or name == "Projects"}


@settings(max_examples=40)
@given(PROJECTS)
def test_records_written_as_sheets_are_read_as_the_same_records_with_every_cell(
    tmp_path_factory: pytest.TempPathFactory, made: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("projects")
    wanted = projects(made)
    path = workbook(folder / "projects.xlsx", **sheets(wanted))
    dataset = opened(path, schema(folder, NESTED))
    (resource,) = dataset.resources
    assert records(resource) == wanted
    book = openpyxl.load_workbook(path)
    for batch in resource.batches():
        for position, steps, sheet, cell in cells_of(batch):
            value: Any = batch.records[position]
            for step in steps:
                value = value[step]
            assert book[sheet][cell].value == value
            place = batch.origin.place(position, steps)
            assert (place.sheet, place.cell) == (sheet, cell)


def test_hidden_sheets_are_read_where_the_schema_has_their_names_and_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Contracts=CONTRACTS, Milestones=MILESTONES, Lists=[["x"], ["y"]])
    book = openpyxl.load_workbook(path)
    book["Milestones"].sheet_state = "hidden"
    book["Lists"].sheet_state = "veryHidden"
    book.save(path)
    dataset = opened(path)
    assert records(dataset["contracts"]) == JOINED
    hidden = finding(dataset["contracts"], "hidden-data")
    assert hidden.message == "The sheet 'Milestones' is hidden; it is read like the rest."
    (skipped,) = dataset.findings
    assert skipped.message == f"{path}: hidden sheets are not read: 'Lists'."
