"""Workbooks: types of cells, true addresses, errors in cells, and files that are none."""

import datetime as dt
import random
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill
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
    workbook,
)

from xlreport import sources
from xlreport.errors import SpecError
from xlreport.findings import Severity
from xlreport.tables import Kind

MORNING = dt.datetime(2017, 3, 31, 8)  # noqa: DTZ001  # times in worksheets have no zone
AFTERNOON = dt.datetime(2017, 3, 31, 14, 30)  # noqa: DTZ001


def test_types_come_from_the_cells_where_no_field_says_otherwise(tmp_path: Path) -> None:
    values = {
        "text": "007",
        "whole": 9347658,
        "decimal": 210227.16,
        "large": 1e20,
        "yes": True,
        "date": dt.date(2017, 3, 31),
        "time": AFTERNOON,
        "clock": dt.time(9, 5),
        "span": dt.timedelta(hours=30, minutes=5),
        "formula": '=HYPERLINK("x")',
    }  # fmt: skip
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(list(values))
    book.active.append(list(values.values()))
    book.active["J2"].data_type = "s"
    book.save(path)
    assert records(only(read(path))) == [
        {
            "text": "007",
            "whole": 9347658,
            "decimal": Decimal("210227.16"),
            "large": 10**20,
            "yes": True,
            "date": "2017-03-31",
            "time": "2017-03-31T14:30:00",
            "clock": "09:05:00",
            "span": "30:05:00",
            "formula": '=HYPERLINK("x")',
        }
    ]


def test_fields_decide_what_a_cell_becomes(tmp_path: Path) -> None:
    described = fields(
        field("id"),
        field("number", Kind.INTEGER),
        field("amount", Kind.DECIMAL),
        field("signed", Kind.DATE),
        field("seen", Kind.DATETIME),
        field("open", Kind.BOOLEAN),
        field("years/*", Kind.INTEGER),
    )
    path = workbook(
        tmp_path / "a.xlsx",
        Contracts=[
            ["id", "number", "amount", "signed", "seen", "open", "years"],
            [1, 5, 12.5, dt.date(2017, 3, 31), MORNING, 1, 1988],
            ["01", "5", "12.5", "2017-03-31", dt.date(2017, 3, 31), "Yes", "1988; 1989"],
            [1.5, 5.5, 3, MORNING, "noon", 2, None],
            [dt.date(2017, 3, 31), "five", "1,5", 42825, True, False, "x"],
        ],
    )
    assert records(only(read(path, fields=described))) == [
        {
            "id": "1", "number": 5, "amount": Decimal("12.5"), "signed": "2017-03-31",
            "seen": "2017-03-31T08:00:00Z", "open": True, "years": [1988],
        },
        {
            "id": "01", "number": 5, "amount": Decimal("12.5"), "signed": "2017-03-31",
            "seen": "2017-03-31T00:00:00Z", "open": True, "years": [1988, 1989],
        },
        {
            "id": "1.5", "number": Decimal("5.5"), "amount": Decimal(3), "signed": "2017-03-31T08:00:00",
            "seen": "noon", "open": 2,
        },
        {
            "id": "2017-03-31", "number": "five", "amount": "1,5", "signed": 42825,
            "seen": True, "open": False, "years": ["x"],
        },
    ]  # fmt: skip


def test_addresses_are_true_wherever_the_table_stands(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Order book"
    for row, values in ((3, ("id", "value/amount")), (4, ("a", 1)), (6, ("b", 2))):
        for column, value in enumerate(values, 2):
            sheet.cell(row, column, value)
    for row in range(1, 500):
        sheet.cell(row, 20).fill = PatternFill("solid", fgColor="FF0000")  # cells without a value are no rows
    book.save(tmp_path / "a.xlsx")
    resource = only(read(tmp_path / "a.xlsx"))
    assert resource.name == "order-book"
    assert [record["id"] for record in resource.records()] == ["a", "b"]
    assert places(resource, "value", "amount") == ["Order book!C4", "Order book!C6"]
    assert places(resource, "value") == ["Order book!C4", "Order book!C6"]


def test_sheets_that_are_not_empty_are_resources(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", Contracts=[["id"], ["1"]], Sheet2=[], PARTNERS=[["id"], ["2"]], Lists=[["x"]]
    )
    book = openpyxl.load_workbook(path)
    book["Lists"].sheet_state = "hidden"
    book.create_chartsheet("Chart")
    book.save(path)
    dataset = read(path)
    assert dataset.names == ("contracts", "partners")
    assert dataset["contracts"].title == "Contracts"
    (skipped,) = dataset.findings
    assert (skipped.code, skipped.severity) == ("skipped-sheets", Severity.INFO)
    assert "'Lists'" in skipped.message


def test_only_sheet_without_a_name_of_its_own_is_named_as_the_file(tmp_path: Path) -> None:
    assert read(workbook(tmp_path / "Contracts.xlsx", Sheet1=[["id"], ["1"]])).names == ("contracts",)


def test_empty_workbook_and_headings_alone(tmp_path: Path) -> None:
    assert codes(only(read(workbook(tmp_path / "a.xlsx", Sheet1=[])))) == ["empty-file"]
    resource = only(read(workbook(tmp_path / "b.xlsx", Sheet1=[["id"]])))
    assert (records(resource), findings(resource)) == ([], [])


def test_declared_sheet_and_heading_row(tmp_path: Path) -> None:
    rows = [["Register"], ["as of", dt.date(2020, 1, 1)], [], ["id", "x"], [1, 2], [], [3, 4]]
    workbook(tmp_path / "a.xlsx", Cover=[["hello"]], Data=rows)
    for sheet in ("Data", 2):
        dataset_file(tmp_path, {"name": "c", "path": "a.xlsx", "dialect": {"sheet": sheet, "headerRow": 4}})
        resource = only(read(tmp_path))
        assert records(resource) == [{"id": 1, "x": 2}, {"id": 3, "x": 4}]
        assert places(resource, "x") == ["Data!B5", "Data!B7"]


def test_sheet_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", Cover=[["hello"]], Contracts=[["id"], [1]])
    dataset_file(tmp_path, {"name": "c", "path": "a.xlsx", "dialect": {"sheet": "Contrcts"}})
    with pytest.raises(SpecError) as error:
        sources.describe([tmp_path])
    assert (
        "$.resources[0].dialect.sheet: a.xlsx has no sheet 'Contrcts'; it has 'Cover' and 'Contracts'"
        in str(error.value)
    )
    assert "Did you mean 'Contracts'?" in str(error.value)


def with_errors(path: Path) -> Path:
    """Write a workbook whose formulas were calculated by a program that stores errors, as Excel does."""
    workbook(path, Data=[["id", "amount", "note"], ["a", "E1", "E2"], ["b", 5, "x"]])
    marked = path.with_suffix(".tmp")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(marked, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = re.sub(
                    rb'<c r="B2".*?</c>', b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', content
                )
                content = re.sub(rb'<c r="C2".*?</c>', b'<c r="C2" s="1" t="e"><v>#N/A</v></c>', content)
                assert content.count(b't="e"') == 2
            target.writestr(name, content)
    marked.replace(path)
    return path


def test_error_in_a_cell_is_an_error_of_its_record(tmp_path: Path) -> None:
    resource = only(read(with_errors(tmp_path / "a.xlsx")))
    assert records(resource) == [{"id": "a"}, {"id": "b", "amount": 5, "note": "x"}]
    first, second = findings(resource)
    assert (first.code, first.severity, first.record, str(first.place), first.value) == (
        "error-cell", Severity.ERROR, 0, "Data!B2", "#DIV/0!",
    )  # fmt: skip
    assert str(second.place) == "Data!C2"


def test_error_counts_only_where_its_column_is_used_and_the_error_not_declared(tmp_path: Path) -> None:
    with_errors(tmp_path / "a.xlsx")
    dataset_file(tmp_path, {"name": "c", "path": "a.xlsx", "mapping": {"id": "id", "note": "note"}})
    assert [str(each.place) for each in findings(only(read(tmp_path))) if each.code == "error-cell"] == [
        "Data!C2"
    ]
    dataset_file(tmp_path, {"name": "c", "path": "a.xlsx", "missingValues": ["#N/A", "#DIV/0!"]})
    assert codes(only(read(tmp_path))) == []


def test_errors_are_found_beyond_the_first_piece_of_a_large_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Data=[["id", "x"], *([f"{row}" * 20, "E"] for row in range(9000))])
    large = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(large, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                cell = content.index(b'<c r="B9001"')
                end = content.index(b"</c>", cell)
                content = content[:cell] + b'<c r="B9001" t="e"><v>#REF!</v>' + content[end:]
                content = content.replace(b"<row ", b" " * 120 + b"<row ")
                assert cell > 1 << 18
                assert len(content) > 1 << 20
            target.writestr(name, content)
    assert str(finding(only(read(large)), "error-cell").place) == "Data!B9001"


OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"


def ods(rows: list[list[object]]) -> str:
    """Return the content of an OpenDocument spreadsheet with two blank rows above the given ones."""
    spaces = " ".join(f'xmlns:{name}="{OPENDOCUMENT}{name}:1.0"' for name in ("office", "table", "text"))
    body = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)
    blank = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    sheets = (
        f'<table:table table:name="Contracts">{blank}{body}</table:table><table:table table:name="Empty"/>'
    )
    inside = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    return f"<office:document-content {spaces}>{inside}</office:document-content>"


def ods_cell(value: object) -> str:
    match value:
        case str():
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        case dt.date():
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def test_opendocument_is_read_alike(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{OPENDOCUMENT}manifest:1.0"/>')
        package.writestr("content.xml", ods([["id", "amount", "signed"], [7, 1.5, dt.date(2017, 3, 31)]]))
    resource = only(
        read(tmp_path / "a.ods", fields=fields(field("id"), field("amount"), field("signed", Kind.DATE)))
    )
    assert resource.name == "contracts"
    assert records(resource) == [{"id": "7", "amount": "1.5", "signed": "2017-03-31"}]
    assert places(resource, "amount") == ["Contracts!B4"]
    seen = finding(resource, "half-seen-sheet")
    assert (seen.severity, str(seen.place)) == (Severity.WARNING, "Contracts!row 3")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"hello", "its content is not that of one"),
        (b"PK\x03\x04" + b"0" * 100, "its end is missing"),
        (
            b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
    ],
)
def test_file_that_is_no_workbook(tmp_path: Path, content: bytes, said: str) -> None:
    resource = only(read(text_file(tmp_path / "contracts.xlsx", content)))
    broken = finding(resource, "broken-workbook")
    assert said in broken.message
    assert broken.severity is Severity.ERROR
    assert records(resource) == []


def test_truncated_and_damaged_workbooks_are_findings(tmp_path: Path) -> None:
    whole = workbook(
        tmp_path / "a.xlsx", Data=[["id", "x"], *([row, f"text {row}"] for row in range(300))]
    ).read_bytes()
    for length in (100, len(whole) // 2, len(whole) - 10):
        assert codes(only(read(text_file(tmp_path / "b.xlsx", whole[:length])))) == ["broken-workbook"]
    chance = random.Random(1)  # noqa: S311  # damage that is the same each time
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(5):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        for resource in read(text_file(tmp_path / "c.xlsx", bytes(damaged))).resources:
            assert records(resource) or codes(resource)


def test_cell_far_away_is_told_before_the_memory_is_used_up(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.active["ZZ1048576"] = "stray"
    book.save(tmp_path / "a.xlsx")
    resource = only(read(tmp_path / "a.xlsx"))
    assert records(resource) == []
    large = finding(resource, "sheet-too-large")
    assert str(large.place) == "Sheet!ZZ1048576"
    assert "736,100,352 cells" in large.message


def test_rows_over_the_sheet_are_in_batches(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Data=[["id"], *([row] for row in range(2100))])
    assert [len(batch.records) for batch in only(read(path)).batches()] == [1000, 1000, 100]
