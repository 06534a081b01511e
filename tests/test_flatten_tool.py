"""flatten-tool, which people use for such workbooks: the same records and cells, but for its faults."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from reading import finding, shared, text_file, workbook
from sheet_xml import cells, text_row, workbook_of

from xlreport.cell_map import cells_of
from xlreport.register import open_register
from xlreport.tables import Resource

flattentool = pytest.importorskip("flattentool", reason="flatten-tool comes with the extra bench")

pytestmark = pytest.mark.filterwarnings("ignore")  # those of flatten-tool are its own

Json = dict[str, Any]
Cells = dict[str, tuple[str, str]]
"""Path of a value from the list of records on -> sheet and address."""
RECORD = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "size": {"type": "number"},
        "owner": {"type": "object", "properties": {"name": {"type": "string"}}},
        "parts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string"},
                    "tests": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"result": {"type": "string"}}},
                    },
                },
            },
        },
    },
}
MAIN = [["id", "name", "size"], ["a", "one", 1.5], ["b", "two", 2]]
PARTS = [["id", "parts/0/id", "parts/0/name"], ["a", "p", "first"], ["b", "p", "x"], ["a", "q", "second"]]
TESTS = [["id", "parts/0/id", "parts/0/tests/0/result"], ["a", "q", "good"], ["a", "q", "bad"]]


def theirs(path: Path, schema: Path) -> tuple[list[Json], Cells]:
    """Return the records and cells that flatten-tool has."""
    result, cells = path.with_suffix(".out"), path.with_suffix(".cells")
    flattentool.unflatten(
        str(path),
        input_format="xlsx",
        output_name=str(result),
        cell_source_map=str(cells),
        root_list_path="records",
        root_id="",
        schema=str(schema),
    )
    found = json.loads(cells.read_bytes())
    places = {
        path.removeprefix("records/"): (each[0][0], f"{each[0][1]}{each[0][2]}")
        for path, each in found.items()
        if len(each[0]) == 4  # those of rows have a sheet and a row alone
    }
    return json.loads(result.read_bytes())["records"], places


def ours(path: Path, schema: Path) -> tuple[list[Json], Cells, Resource]:
    (resource,) = open_register(path, schema).dataset.resources
    records: list[Json] = []
    cells: Cells = {}
    for batch in resource.batches():
        for position, steps, sheet, cell in cells_of(batch):
            cells["/".join(map(str, (len(records) + position, *steps)))] = sheet, cell
        records += batch.records
    return json.loads(json.dumps(records, default=float)), cells, resource


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    return text_file(tmp_path / "record.schema.json", json.dumps(RECORD))


def test_the_same_records_and_the_same_cells(tmp_path: Path, schema: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        Main=MAIN,
        Owners=[["id", "owner/name"], ["b", "Ann"]],
        Parts=PARTS,
        Tests=TESTS,
    )
    records, found, _ = ours(path, schema)
    assert (records, found) == theirs(path, schema)
    assert records[0]["parts"][1]["tests"] == [{"result": "good"}, {"result": "bad"}]
    assert found["0/parts/1/tests/1/result"] == ("Tests", "C3")


def releases() -> Iterator[Path]:
    yield from sorted((shared("ocds_fictional") / "fictional-example/flattened").glob("*.xlsx"))


def test_real_workbooks_with_a_score_of_sheets(tmp_path: Path) -> None:
    release = shared("ocds_schema") / "1__1__5/schema/release-schema.json"
    for real in releases():
        book = openpyxl.load_workbook(real)
        path = tmp_path / real.name
        del book["Meta"]  # which flatten-tool takes for records
        for sheet in book:
            for row in sheet.iter_rows(min_row=2):
                for cell in row:  # whose ids would be "1.0", and whose texts would keep their blanks
                    cell.value = _as_text(cell.value, sheet.cell(1, cell.column).value)
        book.save(path)
        records, found, _ = ours(path, release)
        their_records, their_cells = theirs(path, release)
        assert records == their_records
        assert {path for path in their_cells if path not in found} == {
            path.rpartition("/")[0] for path in found if path not in their_cells
        }, "lists of texts alone, whose items we name"
        assert all(found[path] == place for path, place in their_cells.items() if path in found)


def _as_text(value: Any, heading: str) -> Any:
    if isinstance(value, int | float) and heading.endswith("id"):
        return str(int(value))
    return value.strip() if isinstance(value, str) else value


def test_ids_that_are_numbers(tmp_path: Path, schema: Path) -> None:
    rows = text_row(1, "id", "name") + cells(2, '<c r="@" s="1"><v>1.0</v></c>', '<c r="@"><v>12.0</v></c>')
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="0000"/></numFmts>'
        "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        '<cellXfs><xf/><xf numFmtId="164"/></cellXfs>'
    )
    path = workbook_of(tmp_path / "a.xlsx", rows, styles=styles)
    assert theirs(path, schema)[0] == [{"id": "1.0", "name": "12.0"}]
    assert ours(path, schema)[0] == [{"id": "0001", "name": "12"}]


def test_blanks_around_texts_and_headings(tmp_path: Path, schema: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Main=[["id", "name "], ["a", " one "]])
    assert theirs(path, schema)[0] == [{"id": "a", "name ": " one "}]
    records, _, resource = ours(path, schema)
    assert records == [{"id": "a", "name": "one"}]
    assert "'name' (column B)" in finding(resource, "loose-heading").message


def test_blank_rows(tmp_path: Path, schema: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Main=[MAIN[0], MAIN[1], [None, " ", None], MAIN[2]])
    assert len(theirs(path, schema)[0]) == 3
    assert [record["id"] for record in ours(path, schema)[0]] == ["a", "b"]


def test_sheets_that_are_no_data(tmp_path: Path, schema: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Main=MAIN, Notes=[["About"], ["Fill in every row."]])
    assert {"About": "Fill in every row."} in theirs(path, schema)[0]
    assert [record["id"] for record in ours(path, schema)[0]] == ["a", "b"]


def test_two_rows_of_one_id(tmp_path: Path, schema: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Main=[*MAIN, ["a", "other", 3]])
    assert [record["name"] for record in theirs(path, schema)[0]] == ["one", "two"]
    assert [record["name"] for record in ours(path, schema)[0]] == ["one", "two", "other"]


def test_rows_of_a_record_that_is_not_there(tmp_path: Path, schema: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Main=MAIN, Parts=[*PARTS, ["z", "p", "lost"]])
    assert [record["id"] for record in theirs(path, schema)[0]] == ["a", "b", "z"]
    records, _, resource = ours(path, schema)
    assert [record["id"] for record in records] == ["a", "b"]
    assert str(finding(resource, "missing-parent").place) == "Parts!A5"
