"""What stands in the cells of a written workbook, read back by two programs that are not ours."""

import datetime as dt
import enum
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sample_plan import AS_OF, one_sheet

from xlreport.backends import xlsx
from xlreport.cells import Range
from xlreport.plan import Block, CellValue, Formula, SheetPlan, StyleRun, WorkbookPlan
from xlreport.styles import Role, Style

DATES = Style(number_format="yyyy-mm-dd")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=12)
SPECIAL_TEXTS = st.sampled_from(
    [
        "=1+1",
        "-",
        "@a",
        "\tb",
        "\r\n",
        "_x0041_",
        "_x005F_x0041_",
        " a ",
        "a\nb",
        "&<>\"'",
        "\x00\x1f",
        "😀 עברית",
    ]
)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**11), max_value=10**11)
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    NUMBERS,
    TEXTS,
    SPECIAL_TEXTS,
    st.builds(Formula, st.just("A1&B1"), st.one_of(NUMBERS, st.booleans(), TEXTS.filter(str.isprintable))),
)


def sheet_xml(plan: WorkbookPlan, number: int = 1) -> str:
    with zipfile.ZipFile(io.BytesIO(xlsx.to_bytes(plan))) as package:
        return package.read(f"xl/worksheets/sheet{number}.xml").decode()


def cells_xml(*values: CellValue, style: Style | None = None) -> list[str]:
    """Return the cells of a column of values as they are written."""
    xml = sheet_xml(one_sheet(*([value] for value in values), style=style))
    return re.findall(r"<c .*?(?:</c>|/>)", xml, re.DOTALL)


def calamine_rows(plan: WorkbookPlan) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.to_bytes(plan)))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def openpyxl_sheet(plan: WorkbookPlan, *, data_only: bool = True) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(xlsx.to_bytes(plan)), data_only=data_only).worksheets[0]


def result(value: CellValue) -> object:
    """Return what a reader is to find in the cell of ``value``."""
    value = value.value if isinstance(value, Formula) else value
    return "" if value is None else float(value) if isinstance(value, Decimal) else value


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(VALUES, min_size=n, max_size=n), min_size=1)))
@settings(max_examples=60)
def test_calamine_reads_what_the_plan_says(rows: list[list[CellValue]]) -> None:
    read = calamine_rows(one_sheet(*rows, ["end"] * len(rows[0])))

    assert [list(map(result, row)) for row in rows] == read[:-1]


@given(st.lists(VALUES, min_size=1, max_size=20))
@settings(max_examples=60)
def test_openpyxl_reads_what_the_plan_says(values: list[CellValue]) -> None:
    sheet = openpyxl_sheet(one_sheet(*([value] for value in values)))

    for row, value in enumerate(values, 1):
        expected = result(value)
        if not (
            isinstance(expected, str) and re.search("[\x00-\x1f]|_x", expected)
        ):  # openpyxl leaves these coded
            assert (sheet.cell(row, 1).value or "") == (expected or ""), value


@given(st.lists(DAYS | st.none() | TEXTS, min_size=1, max_size=20))
@settings(max_examples=40)
def test_dates_come_back(values: list[CellValue]) -> None:
    rows = calamine_rows(one_sheet(*([value] for value in values), ["end"], style=DATES))

    assert [row[0] for row in rows[:-1]] == ["" if value is None else value for value in values]


@given(st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 30)))  # noqa: DTZ001  # Excel has no zones
@settings(max_examples=60)
def test_times_come_back_to_the_millisecond(moment: dt.datetime) -> None:
    read = openpyxl_sheet(one_sheet([moment], style=DATES))["A1"].value

    assert abs(read - moment) <= dt.timedelta(milliseconds=1)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
@settings(max_examples=200)
def test_a_decimal_keeps_all_its_digits(number: Decimal) -> None:
    (cell,) = cells_xml(number)
    written = re.search("<v>(.*)</v>", cell)[1]

    assert Decimal(written) == number
    assert "E" not in written


def test_money_is_never_a_float() -> None:
    cells = cells_xml(Decimal("0.1") + Decimal("0.2"), Decimal("9999999999999.99"), Decimal("1E+3"), 10**17)

    assert [re.search("<v>(.*)</v>", cell)[1] for cell in cells] == [
        "0.3",
        "9999999999999.99",
        "1000",
        str(10**17),
    ]


@pytest.mark.parametrize(
    "number", [Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), float("nan"), float("inf")]
)
def test_no_number_that_is_none(number: CellValue) -> None:
    with pytest.raises(ValueError, match="cannot hold the number"):
        xlsx.to_bytes(one_sheet([1], [number]))


def test_a_number_larger_than_a_cell_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot hold the number"):
        xlsx.to_bytes(one_sheet([Decimal("1E+400")]))


def test_a_value_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(TypeError, match="a cell cannot hold 1j, a complex"):
        xlsx.to_bytes(one_sheet([1j]))


def test_a_text_longer_than_a_cell_is_refused_not_cut() -> None:
    xlsx.to_bytes(one_sheet(["x" * 32_767]))
    with pytest.raises(ValueError, match="at most 32,767 characters; 32,768 were given"):
        xlsx.to_bytes(one_sheet(["x" * 32_768]))
    with pytest.raises(ValueError, match="40,000 were given"):
        xlsx.to_bytes(one_sheet(["😀" * 20_000]))


def test_a_long_text_is_found_among_many_and_behind_bars() -> None:
    texts = [[f"C-{row}"] for row in range(3_000)]
    for long in ("x" * 32_768, "x|" * 16_384):
        with pytest.raises(ValueError, match="a cell holds at most 32,767 characters; 32,768 were given"):
            xlsx.to_bytes(one_sheet(*texts, [long]))


READ = {
    Decimal("7.5"): 7.5,
    Decimal("1.10"): 1.1,
    None: "",
    dt.date(2020, 1, 1): 43831.0,
    dt.date(2020, 2, 2): 43863.0,
    dt.date(1899, 1, 1): "1899-01-01",
}
"""What is read where something else was written: no style says here that a number is a date."""


@pytest.mark.parametrize(
    "last", [7, Decimal("7.5"), True, None, dt.date(2020, 1, 1), dt.date(1899, 1, 1), "x"]
)
@pytest.mark.parametrize("first", ["text", "texts", dt.date(2020, 2, 2), Decimal("1.10")])
def test_a_column_may_change_its_kind_far_down(first: CellValue, last: CellValue) -> None:
    """Rows further down are first taken for what those above them were."""
    above = [[f"C-{row}"] if first == "texts" else [first] for row in range(8_500)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.to_bytes(one_sheet(*above, [last], above[-1]))))
    *_, found, below = book.get_sheet_by_index(0).to_python(skip_empty_area=False)

    assert (found, below) == ([READ.get(last, last)], [READ.get(above[-1][0], above[-1][0])])


def test_a_formula_is_written_with_its_value() -> None:
    cells = cells_xml(
        Formula("SUM(B1:B2)", Decimal("12.50")),
        Formula("A1>0", value=True),
        Formula('IF(A1>0,"<a> & b","")', "<a> & b"),
        Formula("DATE(2024,12,31)", dt.date(2024, 12, 31)),
        Formula("A99", None),
    )

    assert cells == [
        '<c r="A1"><f>SUM(B1:B2)</f><v>12.50</v></c>',
        '<c r="A2" t="b"><f>A1&gt;0</f><v>1</v></c>',
        '<c r="A3" t="str"><f>IF(A1&gt;0,"&lt;a&gt; &amp; b","")</f><v>&lt;a&gt; &amp; b</v></c>',
        '<c r="A4"><f>DATE(2024,12,31)</f><v>45657</v></c>',
        '<c r="A5"><f>A99</f></c>',
    ]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_stays_text_when_edited(text: str) -> None:
    cell = openpyxl_sheet(one_sheet([text], ["harmless"]), data_only=False)["A1"]

    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_the_quote_prefix_is_only_on_text_that_needs_it() -> None:
    sheet = openpyxl_sheet(one_sheet(["harmless"], ["=x"], [-5], style=DATES))

    assert [sheet.cell(row, 1).quotePrefix for row in (1, 2, 3)] == [False, True, False]
    assert sheet["A2"].number_format == DATES.number_format


def test_dates_that_excel_does_not_know_are_iso_text() -> None:
    moment = dt.datetime(1600, 1, 1, 2, tzinfo=dt.UTC)
    rows = calamine_rows(one_sheet([dt.date(1850, 1, 2)], [dt.date(1900, 2, 28)], [moment]))

    assert rows == [["1850-01-02"], ["1900-02-28"], ["1600-01-01 02:00:00"]]


def test_a_time_with_a_zone_is_written_in_utc() -> None:
    moment = dt.datetime(2024, 1, 1, 1, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))

    assert openpyxl_sheet(one_sheet([moment], style=DATES))["A1"].value.isoformat() == "2023-12-31T23:30:00"


def test_derived_types_are_written_as_plain_ones() -> None:
    class Status(enum.StrEnum):
        OPEN = "open"

    rows = calamine_rows(one_sheet([Status.OPEN], [enum.IntEnum("Level", "LOW").LOW], style=Style()))
    time = openpyxl_sheet(one_sheet([pd.Timestamp("2024-05-06 07:08:09")], style=DATES))["A1"].value

    assert rows == [["open"], [1]]
    assert time.isoformat() == "2024-05-06T07:08:09"


def test_half_of_a_surrogate_pair_becomes_the_replacement_character() -> None:
    assert calamine_rows(one_sheet(["a\ud83db"])) == [["a\ufffdb"]]


def test_blanks_at_the_edges_are_kept() -> None:
    assert calamine_rows(one_sheet([" a"], ["b\n"], [" "])) == [[" a"], ["b\n"], [" "]]


def test_texts_that_repeat_are_shared_and_unique_ones_are_not() -> None:
    rows = [["same", f"text {row} & more", f" {row}"] for row in range(1500)]
    plan = one_sheet(*rows)
    xml = sheet_xml(plan)

    assert xml.count('t="s"') == 1500
    assert xml.count('t="inlineStr"') == 3000
    assert calamine_rows(plan) == rows


def test_a_column_of_many_rows_is_written_in_blocks_without_a_seam() -> None:
    numbers = [None if row % 7 == 0 else row for row in range(40_000)]
    block = Block(Role.BODY, 3, 2, (numbers, list(range(40_000))))
    plan = WorkbookPlan("t", (SheetPlan("Data", (block,)),), AS_OF)

    rows = calamine_rows(plan)

    assert [row[1:] for row in rows[2:]] == [["" if a is None else a, b] for a, b in block.rows()]


def test_empty_cells_are_written_only_where_they_can_be_seen() -> None:
    filled = Style(fill="DCE6F1")
    sheet = SheetPlan(
        "Data",
        (Block.of_rows(Role.BODY, 1, 1, [[None, None, 1]]),),
        (
            StyleRun(Range.at(1, 1), Style(bold=True)),
            StyleRun(Range.at(1, 2), filled),
            StyleRun(Range.at(3, 5), filled),
        ),
    )
    xml = sheet_xml(WorkbookPlan("t", (sheet,), AS_OF))

    assert re.findall(r'<c r="(\w+)"', xml) == ["B1", "C1", "E3"]


def test_blocks_side_by_side_share_their_rows() -> None:
    sheet = SheetPlan(
        "Data",
        (
            Block.of_rows(Role.BODY, 1, 4, [["d1"], ["d2"], ["d3"]]),
            Block.of_rows(Role.BODY, 2, 1, [["a2"], ["a3"], ["a4"]]),
        ),
    )

    assert calamine_rows(WorkbookPlan("t", (sheet,), AS_OF)) == [
        ["", "", "", "d1"],
        ["a2", "", "", "d2"],
        ["a3", "", "", "d3"],
        ["a4", "", "", ""],
    ]


def test_overlapping_blocks_are_a_mistake_of_layout() -> None:
    blocks = (Block.of_rows(Role.BODY, 1, 1, [[1], [2]]), Block.of_rows(Role.BODY, 2, 1, [[3]]))

    with pytest.raises(ValueError, match="overlap at A2"):
        xlsx.to_bytes(WorkbookPlan("t", (SheetPlan("Data", blocks),), AS_OF))


def test_a_sheet_without_blocks_is_an_empty_sheet() -> None:
    assert calamine_rows(WorkbookPlan("t", (SheetPlan("Empty", ()),), AS_OF)) == []
