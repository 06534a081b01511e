"""What Excel has no room for: nothing is lost in silence, and what cannot be is refused in a sentence."""

import datetime as dt
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import workbook_lint
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import needs_soffice, recalculated
from python_calamine import CalamineWorkbook
from registers import contract, dataset, partner, resource

import xlreport
from xlreport.analysis.periods import Period
from xlreport.analysis.results import Analysis, DataTable, Figure, ModelColumn, Quality
from xlreport.cells import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEET_NAME,
    MAX_TEXT,
    cut,
    excel_length,
    unique_sheet_name,
)
from xlreport.findings import Findings
from xlreport.layout.workbook import lay_out
from xlreport.lazy import LazyColumn
from xlreport.plan import Formula, SheetPlan, WorkbookPlan
from xlreport.spec import parse_report
from xlreport.styles import Role
from xlreport.tables import Dataset, Kind, Record

ROOM = MAX_ROWS - 5
"""Rows of data on one sheet: five stand above them."""
MARK = " […]"

pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")
"""openpyxl knows no gradients and axes of data bars, and says so when it reads a workbook that has them."""


def things(*records: Record) -> WorkbookPlan:
    """Return the plan of a register of ``records``, whatever they hold."""
    return xlreport.plan("contract-register", dataset(things=[*records]))


def body(plan: WorkbookPlan, name: str = "Things") -> dict[str, list[Any]]:
    """Return the rows of data on a sheet: header -> values."""
    sheet = plan.sheet(name)
    header = next(block for block in sheet.blocks if block.role is Role.HEADER)
    rows = next(block for block in sheet.blocks if block.role is Role.BODY)
    return {str(*head): list(values) for head, values in zip(header.columns, rows.columns, strict=True)}


def texts(sheet: SheetPlan) -> list[str]:
    cells = (value for block in sheet.blocks for row in block.rows() for value in row)
    return [value for value in cells if isinstance(value, str)]


def written(plan: WorkbookPlan, folder: Path) -> Path:
    """Write a plan, and see to it that Excel would find nothing to repair."""
    path = xlreport.write(plan, folder / "limits.xlsx")
    assert workbook_lint.problems(path) == []
    return path


# --- rows -------------------------------------------------------------------------------------------

LONG = {
    "name": "long",
    "title": "Long",
    "tables": {"things": {"title": "Things", "from": "things"}},
    "measures": {
        "rows": {"title": "Rows", "of": "things", "aggregate": "count"},
        "total": {"title": "Total", "of": "things", "aggregate": "sum", "field": "number"},
    },
    "sheets": [
        {"kind": "contents", "name": "Contents"},
        {
            "kind": "summary",
            "name": "Summary",
            "title": "Summary",
            "groups": [{"title": "All", "measures": ["rows", "total"]}],
        },
        {"kind": "data", "name": "Things", "title": "Things", "table": "things"},
        {"kind": "checks", "name": "Checks", "title": "Checks"},
        {"kind": "definitions", "name": "Definitions", "title": "Definitions"},
    ],
}


def long_plan(rows: int) -> WorkbookPlan:
    """Return the plan of a workbook with one table of so many rows, numbered from 1."""
    columns = (ModelColumn("number", "Number", Kind.INTEGER), ModelColumn("name", "Name", Kind.TEXT))
    figures = {"rows": rows, "total": rows * (rows + 1) // 2}
    return laid_out(DataTable(columns, (lazy(range(1, rows + 1)), lazy(["x"] * rows))), figures)


def lazy(values: Sequence[object]) -> LazyColumn:
    return LazyColumn(pa.chunked_array([pa.array(values)]))


def laid_out(data: DataTable, figures: dict[str, int]) -> WorkbookPlan:
    """Return the plan of a workbook with these rows, which no engine has to compute first."""
    spec = parse_report(LONG)
    everything = Period(dt.date(1, 1, 1), dt.date(9999, 12, 31))
    analysis = Analysis(
        spec=spec,
        period=everything,
        history=(everything,),
        figures={name: Figure(spec.measure(name), (value,)) for name, value in figures.items()},
        pivots={},
        bridges={},
        data={"Things": data},
        quality=Quality({"things": data.height}, {}),
    )
    return lay_out(analysis, Findings(), as_of=dt.datetime(2017, 12, 31))  # noqa: DTZ001  # UTC by contract


@pytest.mark.parametrize(
    ("rows", "heights"),
    [(ROOM, [ROOM]), (ROOM + 1, [ROOM, 1]), (2 * ROOM + 7, [ROOM, ROOM, 7])],
    ids=["just fits", "one too many", "three sheets"],
)
def test_a_long_table_goes_on_over_several_sheets(rows: int, heights: list[int]) -> None:
    plan = long_plan(rows)
    parts = [sheet for sheet in plan.sheets if sheet.name.startswith("Things")]

    assert [sheet.name for sheet in parts] == ["Things", "Things (2)", "Things (3)"][: len(heights)]
    assert [sheet.tables[0].range.height - 1 for sheet in parts] == heights
    assert max(sheet.used.last_row for sheet in parts) <= MAX_ROWS
    numbers = [number for sheet in parts for number in body(plan, sheet.name)["Number"]]
    assert numbers == list(range(1, rows + 1))
    contents = plan.sheets[0]
    assert {link.target for link in contents.links} >= {
        f"'{sheet.name}'!A1" if " " in sheet.name else "Things!A1" for sheet in parts
    }
    assert ("Things goes on over several sheets." in texts(contents)) is (len(parts) > 1)


def test_the_checks_of_a_long_table_look_at_all_its_sheets() -> None:
    plan = long_plan(ROOM + 1)
    formulas = {
        value.text
        for block in plan.sheet("Checks").blocks
        for row in block.rows()
        for value in row
        if isinstance(value, Formula)
    }

    assert "ROWS(Table_Things[Number])+ROWS(Table_Things_2[Number])" in formulas
    assert "SUM(Table_Things[Number])+SUM(Table_Things_2[Number])" in formulas
    assert any(
        text.startswith(f"{ROOM:,} of {ROOM + 1:,} rows, which go on over several sheets")
        for text in texts(plan.sheet("Things"))
    )


def test_a_long_table_arrives_in_the_file(tmp_path: Path) -> None:
    path = xlreport.write(long_plan(ROOM + 2), tmp_path / "long.xlsx")
    book = CalamineWorkbook.from_path(str(path))
    first, second = (book.get_sheet_by_name(name).to_python()[5:] for name in ("Things", "Things (2)"))

    assert len(first) == ROOM
    assert sum(row[0] for row in first) == ROOM * (ROOM + 1) / 2
    assert second == [[ROOM + 1, "x"], [ROOM + 2, "x"]]


def test_rows_for_more_than_a_few_sheets_are_kept_in_a_file_beside_the_workbook(tmp_path: Path) -> None:
    rows = 4 * ROOM + 1
    plan = long_plan(rows)

    (detail,) = plan.details
    assert (detail.name, detail.columns, detail.height) == ("things", ("number", "name"), rows)
    assert body(plan)["Number"] == list(range(1, 1001))
    assert not plan.sheet("Things").tables
    assert any("ends in .things.parquet" in text for text in texts(plan.sheet("Contents")))
    xlreport.write(plan, tmp_path / "long.xlsx")
    kept = pq.read_table(tmp_path / "long.things.parquet")
    assert kept.num_rows == rows
    assert kept.column("number").slice(rows - 2, 2).to_pylist() == [rows - 1, rows]
    assert kept.schema.field("number").metadata == {b"title": b"Number"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.things.parquet", "long.xlsx"]


# --- columns ----------------------------------------------------------------------------------------


def test_300_columns_are_no_trouble(tmp_path: Path) -> None:
    plan = things({f"c{number}": number for number in range(300)})

    assert body(plan) == {f"C {number}": [number] for number in range(300)}
    written(plan, tmp_path)


@pytest.mark.parametrize("columns", [MAX_COLUMNS, MAX_COLUMNS + 1])
def test_as_many_columns_as_a_sheet_has_and_no_more(columns: int) -> None:
    wide = DataTable(
        tuple(ModelColumn(f"c{number}", f"C {number}", Kind.INTEGER) for number in range(columns)),
        tuple(lazy([number]) for number in range(columns)),
    )
    if columns <= MAX_COLUMNS:
        assert len(body(laid_out(wide, {"rows": 1, "total": 0}))) == columns
        return
    with pytest.raises(xlreport.UsageError) as caught:
        laid_out(wide, {"rows": 1, "total": 0})
    assert str(caught.value) == (
        "The sheet 'Things' would have 16,385 columns and 6 rows; a sheet ends at column 16,384 and row "
        "1,048,576. Ask for fewer in a definition of your own."
    )


# --- numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [15, 16, 20, 38])
def test_an_integer_that_excel_would_round_stays_whole_as_text(digits: int, tmp_path: Path) -> None:
    number = int("9" * digits)
    plan = things({"id": "1", "number": number, "small": 1}, {"id": "2", "number": -number, "small": None})
    exact = digits <= 15

    assert body(plan)["Number"] == ([number, -number] if exact else [str(number), str(-number)])
    sheet = CalamineWorkbook.from_path(str(written(plan, tmp_path))).get_sheet_by_name("Things")
    assert [row[1] for row in sheet.to_python()[5:]] == body(plan)["Number"]


@pytest.mark.parametrize("digits", [15, 16, 20, 36])
def test_an_amount_is_stored_with_all_its_digits_and_those_that_excel_rounds_are_told(
    digits: int, tmp_path: Path
) -> None:
    amount = Decimal("9" * (digits - 2) + ".25")
    data = dataset(contracts=[contract(value={"amount": amount, "currency": "USD"})], partners=[partner()])
    plan = xlreport.plan("contract-register", data)

    assert body(plan, "Contracts")["Amount"] == [amount]
    codes = [finding.code for finding in xlreport.check(data)]
    assert codes == ([] if digits <= 15 else ["too-many-digits"])
    path = written(plan, tmp_path)
    with zipfile.ZipFile(path) as package:
        content = b"".join(package.read(name) for name in package.namelist() if "worksheets/" in name)
    assert f"<v>{amount}</v>".encode() in content


def test_an_amount_that_cannot_be_added_up_exactly_is_a_finding_of_its_record() -> None:
    endless = {"amount": Decimal("9" * 45), "currency": "USD"}
    contracts = [contract(), contract(id="C-2", signedDate="2017-03-02", value=endless)]
    data = dataset(contracts=contracts, partners=[partner()])
    (finding,) = xlreport.check(data)
    assert (finding.code, finding.key, finding.place.path) == (
        "number-out-of-range",
        "C-2",
        "$.value.amount",
    )
    assert "has more digits than the 38 that can be added up exactly" in finding.message
    plan = xlreport.plan("contract-register", data, set_aside=True)
    assert body(plan, "Contracts")["Amount"] == [Decimal("1000.50")]


def test_amounts_that_only_together_need_too_many_digits_are_refused_in_a_sentence() -> None:
    amounts = [Decimal("9" * 30), Decimal("0." + "1" * 30)]
    contracts = [
        contract(id=f"C-{number}", number=f"{number}", value={"amount": amount, "currency": "USD"})
        for number, amount in enumerate(amounts)
    ]
    data = dataset(contracts=contracts, partners=[partner()])
    with pytest.raises(
        xlreport.XlreportError, match="value/amount: the amounts need 60 digits and 38 can be"
    ):
        xlreport.plan("contract-register", data)


# --- dates ------------------------------------------------------------------------------------------


def test_dates_that_excel_would_shift_stay_text(tmp_path: Path) -> None:
    """Excel believes in a 29 February 1900, so that days before 1 March 1900 are one off."""
    days = ["1800-01-01", "1899-12-31", "1900-01-01", "1900-02-28", "1900-03-01", "2199-12-31"]
    data = dataset(
        contracts=[contract(id=f"C-{number}", signedDate=day) for number, day in enumerate(days)],
        partners=[partner()],
    )
    plan = xlreport.plan("contract-register", data)

    assert body(plan, "Contracts")["Signed"] == [*days[:4], dt.date(1900, 3, 1), dt.date(2199, 12, 31)]
    book = openpyxl.load_workbook(written(plan, tmp_path))
    sheet = book["Contracts"]
    column = next(cell.column for cell in sheet[5] if cell.value == "Signed")
    cells = [sheet.cell(row, column) for row in range(6, 12)]
    assert [cell.value for cell in cells[:4]] == days[:4]
    assert [cell.value.date().isoformat() for cell in cells[4:]] == days[4:]
    book.close()


def test_the_last_day_that_excel_knows(tmp_path: Path) -> None:
    schema = tmp_path / "things.schema.json"
    schema.write_text(
        '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",'
        ' "properties": {"day": {"type": "string", "format": "date", "title": "Day"}}}'
    )
    data = dataset(things=[{"day": "9999-12-31"}, {"day": "0001-01-01"}])
    plan = xlreport.plan("contract-register", data, schema=schema)

    assert body(plan)["Day"] == [dt.date(9999, 12, 31), "0001-01-01"]
    sheet = CalamineWorkbook.from_path(str(written(plan, tmp_path))).get_sheet_by_name("Things")
    assert [row[0] for row in sheet.to_python()[5:]] == [dt.date(9999, 12, 31), "0001-01-01"]


# --- texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["x", "é", "\U0001f600"], ids=["ascii", "accent", "emoji"])
def test_a_text_is_kept_up_to_what_a_cell_holds_and_then_cut_with_a_mark(
    character: str, tmp_path: Path
) -> None:
    longest = character * (MAX_TEXT // excel_length(character))
    plan = things({"id": "1", "text": longest}, {"id": "2", "text": longest + character * 9000})
    kept, shortened = body(plan)["Text"]

    assert kept == longest
    assert shortened.endswith(character + MARK)
    assert MAX_TEXT - 1 <= excel_length(shortened) <= MAX_TEXT
    assert "2 rows · 1 text longer than a cell holds, cut where […] stands" in texts(plan.sheet("Things"))
    sheet = CalamineWorkbook.from_path(str(written(plan, tmp_path))).get_sheet_by_name("Things")
    assert [row[1] for row in sheet.to_python()[5:]] == [kept, shortened]


def test_more_line_breaks_than_a_cell_holds_become_blanks(tmp_path: Path) -> None:
    text = "\n".join(f"line {number}" for number in range(300))
    plan = things({"id": "1", "text": text}, {"id": "2", "text": "a\nb"})
    shown = body(plan)["Text"]

    assert shown[0].split() == text.split()
    assert shown[0].count("\n") == 253
    assert shown[1] == "a\nb"
    written(plan, tmp_path)


def test_long_texts_are_cut_wherever_else_they_stand(tmp_path: Path) -> None:
    """Ids, messages, labels of a pivot, titles, headings."""
    long = "y" * 40_000
    records = [{"id": f"{number}{long}", "kind": long[number % 2 :], long: 1} for number in range(6)]
    plan = xlreport.plan(
        "contract-register", Dataset((resource("things", records),), title=long, notes=(long,))
    )
    written(plan, tmp_path)
    assert [column for column in body(plan) if column.startswith("Y")] == ["Y" + "y" * 198 + "…"]

    broken = [contract(id=long, status="x"), contract(customerId=long)]
    data = dataset(contracts=broken, partners=[partner()])
    plan = xlreport.plan("annual-results", data, set_aside=True, period="2017", organisation="Z" * 40_000)
    written(plan, tmp_path)
    assert any(text.endswith(MARK) for text in texts(plan.sheet("Findings")))


def test_empty_texts_are_empty(tmp_path: Path) -> None:
    plan = things({"id": "", "text": "x"}, {"id": "2", "text": ""}, {"id": "3", "text": " "})

    sheet = CalamineWorkbook.from_path(str(written(plan, tmp_path))).get_sheet_by_name("Things")
    assert sheet.to_python()[5:] == [["", "x"], ["2", ""], ["3", ""]]


@given(st.text(min_size=1, max_size=80), st.integers(min_value=8, max_value=40))
def test_cut_keeps_to_the_limit_and_to_what_fits(text: str, most: int) -> None:
    result = cut(text, most)

    assert excel_length(result) <= most
    if excel_length(text) <= most:
        assert result == text
    else:
        assert result.endswith("…")
        assert most - excel_length(result) <= 1
        result.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


# --- names of sheets --------------------------------------------------------------------------------

TITLES = {
    "Order: book/2017?*[x]": "Order book 2017 x",
    "x" * 40: "xxxxxxxxxxxxxxxxxxxx…xxxxxxxxxx",
    "X" * 40: "XXXXXXXXXXXXXXXXX…XXXXXXXXX (2)",
    "History": "History sheet",
    "'quoted'": "quoted",
    'It\'s "R&D" <x>': 'It\'s "R&D" <x>',
    "عقود الشراء": "عقود الشراء",
    "Договоры поставки на 2017 год и далее": "Договоры поставки на…од и далее",
    "\U0001f600" * 20: "\U0001f600" * 10 + "…" + "\U0001f600" * 5,
    "T1": "T1",
    "R1C1": "R1C1",
    "=1+1": "=1+1",
    "2017": "2017",
    "TRUE": "TRUE",
    "Sum(A1)!": "Sum(A1)!",
    "²½": "²½",
    "a\x01b": "a b",
    "Contents": "Contents (2)",
    "checks": "checks (2)",
    "Checks": "Checks (3)",
    "Findings": "Findings",
    "Data dictionary": "Data dictionary (2)",
    "   ": "Sheet",
}


@pytest.fixture(scope="module")
def named() -> WorkbookPlan:
    """A register of many tables with such titles, each with rows that a summary is made of."""
    records = [{"id": number, "kind": "abab"[number]} for number in range(4)]
    resources = (replace(resource(f"r{number}", records), title=title) for number, title in enumerate(TITLES))
    return xlreport.plan("contract-register", Dataset(tuple(resources), title="\"Names\" & 'titles'"))


def test_sheets_have_valid_names_near_the_titles(named: WorkbookPlan) -> None:
    names = [sheet.name for sheet in named.sheets]

    assert [name for name in names if name in TITLES.values()] == list(TITLES.values())
    assert max(map(excel_length, names)) <= MAX_SHEET_NAME
    assert len({name.casefold() for name in names}) == len(names)


def test_links_and_formulas_find_sheets_of_any_name(named: WorkbookPlan, tmp_path: Path) -> None:
    """The lint follows every link, and every sheet and table that a formula names."""
    path = written(named, tmp_path)
    book = openpyxl.load_workbook(path)

    reached = {
        cell.hyperlink.location.rpartition("!")[0].strip("'").replace("''", "'")
        for row in book["Contents"].iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert reached == set(book.sheetnames) - {"Contents"}


def test_tables_have_valid_names_of_their_own(named: WorkbookPlan) -> None:
    tables = [table.name for sheet in named.sheets for table in sheet.tables]

    assert len({name.casefold() for name in tables}) == len(tables) == len(TITLES) + 1
    assert {"Table_T1", "Table_R1C1", "Table_1_1", "Table_عقود_الشراء", "Table_Findings"} <= set(tables)
    assert not [name for name in tables if any(letter in name for letter in "²½\U0001f600")]


@needs_soffice
def test_libreoffice_calculates_with_sheets_of_any_name(named: WorkbookPlan, tmp_path: Path) -> None:
    found = recalculated({"named": written(named, tmp_path)}, tmp_path / "recalculated")["named"]

    results = [row[6] for row in found["Checks"][7:]]
    assert set(results) == {"OK"}
    assert found["Checks"][4][0] == f"All {len(results)} checks hold"
    assert len(results) >= len(TITLES)


def test_a_register_called_findings_leaves_the_sheet_of_findings_its_name(tmp_path: Path) -> None:
    data = dataset(findings=[{"id": "1"}], contracts=[contract(status="x")], partners=[partner()])
    plan = xlreport.plan("contract-register", data, set_aside=True)
    written(plan, tmp_path)

    assert [sheet.name for sheet in plan.sheets if "Findings" in sheet.name] == ["Findings", "Findings (2)"]
    assert [table.name for name in ("Findings", "Findings (2)") for table in plan.sheet(name).tables] == [
        "Table_Findings",
        "Table_Findings_2",
    ]


@given(st.text(), st.lists(st.text(max_size=40), max_size=5))
def test_any_text_becomes_a_valid_and_new_sheet_name(title: str, others: list[str]) -> None:
    taken = [unique_sheet_name(other, []) for other in others]
    name = unique_sheet_name(title, taken)

    assert 1 <= excel_length(name) <= MAX_SHEET_NAME
    assert not set(name) & set("[]:*?/\\\n\t\x00")
    assert not name.startswith("'")
    assert not name.endswith("'")
    assert name.casefold() not in {other.casefold() for other in taken}
    assert name.casefold() != "history"


# --- headings ---------------------------------------------------------------------------------------

HEADINGS = [
    "a", "a ", "b[c]", "b#c", "it's", "l\nb", "A1", "T1", "[", "]", "'", "@x", "=x", "x\x01y",
    "é", "É", "ß", "#", "[#All]", "_x0041_", "²", "a;b", "a,b", '"q"', "<&>", "\U0001f600", "2017",
    "z" * 300, "z" * 300 + "!",
]  # fmt: skip


def test_headings_of_any_kind_make_valid_tables_and_formulas(tmp_path: Path) -> None:
    record: Record = {heading: number for number, heading in enumerate(HEADINGS)}
    plan = things(record, record)
    headers = list(body(plan))

    assert len(headers) == len(HEADINGS), "no two are the same"
    assert len({header.casefold() for header in headers}) == len(headers)
    assert [values[0] for values in body(plan).values()] == list(range(len(HEADINGS)))
    assert max(map(excel_length, headers)) <= 255
    path = written(plan, tmp_path)
    assert openpyxl.load_workbook(path)["Things"].tables["Table_Things"].ref == "A5:AC7"


@pytest.mark.parametrize("headings", [("size", "Size"), ("", "size"), ("_row", "_record")], ids=str)
def test_no_heading_takes_the_values_of_another(headings: tuple[str, str]) -> None:
    first, second = headings

    assert list(body(things({first: 71, second: 72})).values()) == [[71], [72]]


def test_records_without_any_value_are_counted_and_shown_as_none() -> None:
    plan = things({}, {})

    assert "2 records read · 2 used · 0 set aside" in texts(plan.sheets[0])


@needs_soffice
@pytest.mark.parametrize("heading", ["b[c]", "b#c", "it's", "l\nb", "[#All]", "@x", "=x", "²", "a,b"])
def test_checks_calculate_over_headings_of_any_kind(heading: str, tmp_path: Path) -> None:
    definition = LONG | {
        "measures": LONG["measures"] | {"total": LONG["measures"]["total"] | {"field": heading}}
    }
    (tmp_path / "own.json").write_text(json.dumps(definition))
    plan = xlreport.plan(tmp_path / "own.json", dataset(things=[{heading: 2}, {heading: 3}]))

    checks = recalculated({"x": written(plan, tmp_path)}, tmp_path / "recalculated")["x"]["Checks"]
    assert [(row[0], row[3], row[4], row[6]) for row in checks[7:]] == [
        ("Rows", "2", "2", "OK"),
        ("Total", "5", "5", "OK"),
        ("Records of Things", "2", "2", "OK"),
    ]
