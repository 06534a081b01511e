"""What only the XML of a worksheet tells: formulas, hidden and merged cells, padded numbers, odd packages."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import codes, field, fields, finding, findings, only, places, read, records, workbook
from sheet_xml import STRICT, cells, text_row, workbook_of

from xlreport.findings import Severity
from xlreport.sources.shown_numbers import padding_of
from xlreport.tables import Kind, Resource

KNOWN = fields(
    field("id", title="Id"),
    field("title", title="Title"),
    field("value/amount", Kind.DECIMAL, "Amount"),
    field("value/currency", title="Currency"),
    field("signedDate", Kind.DATE, "Signed"),
)
HEADINGS = text_row(1, "Id", "Title", "Amount", "Signed")
STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="00000"/>'
    '<numFmt numFmtId="165" formatCode="&quot;C-&quot;000\\-0"/></numFmts>'
    '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/></cellXfs>'
)


def number(value: object, style: int = 0) -> str:
    return f'<c r="@" s="{style}"><v>{value}</v></c>'


def opened(path: Path) -> Resource:
    return only(read(path, fields=KNOWN))


def test_formula_that_was_never_calculated_is_an_error_at_its_cell(tmp_path: Path) -> None:
    bare, open_value, closed_value = '<f>"C"&amp;1</f>', "<f>A2</f><v></v>", "<f>1</f><v/>"
    shared = '<f t="shared" si="0"/>'
    rows = (
        HEADINGS
        + cells(2, *(f'<c r="@">{inside}</c>' for inside in (bare, open_value, closed_value)))
        + cells(3, '<c r="@" t="str"><f>"C"</f><v>C</v></c>', f'<c r="@" t="str">{open_value}</c>', number(5))
        + cells(4, f'<c r="@" t="str">{shared}<v>D</v></c>', "", f'<c r="@">{shared}</c>')
    )
    contracts = opened(workbook_of(tmp_path / "a.xlsx", rows))
    flaws = [each for each in findings(contracts) if each.code == "no-stored-value"]
    assert [(str(each.place), each.value) for each in flaws] == [
        ("Contracts!A2", '="C"&1'),
        ("Contracts!B2", "=A2"),
        ("Contracts!C2", "=1"),
        ("Contracts!C4", "="),
    ]
    assert str(flaws[-1].message) == "The cell has a formula but no stored value."
    assert all(each.severity is Severity.ERROR for each in flaws)
    assert records(contracts) == [{}, {"id": "C", "value": {"amount": 5}}, {"id": "D"}]


def test_cells_and_rows_that_do_not_say_where_they_stand_are_counted(tmp_path: Path) -> None:
    rows = (
        "<row><c t='inlineStr'><is><t>Id</t></is></c><c t='inlineStr'><is><t>Amount</t></is></c></row>"
        "<row><c t='inlineStr'><is><t>C1</t></is></c><c><f>1</f></c></row>"
        "<row r='4'><c t='inlineStr'><is><t>C2</t></is></c><c t='e'><v>#N/A</v></c></row>"
    )
    contracts = opened(workbook_of(tmp_path / "a.xlsx", rows))
    assert [(each.code, str(each.place)) for each in findings(contracts)] == [
        ("no-stored-value", "Contracts!B2"),
        ("error-cell", "Contracts!B4"),
    ]
    assert places(contracts, "id") == ["Contracts!A2", "Contracts!A4"]


def test_what_is_hidden_or_filtered_is_read_and_said(tmp_path: Path) -> None:
    rows = HEADINGS + text_row(2, "C1", "a", attributes=' hidden="1"') + text_row(3, "C2", "b")
    path = workbook_of(
        tmp_path / "a.xlsx",
        rows,
        before='<cols><col min="2" max="2" width="9" hidden="1"/></cols>',
        after='<autoFilter ref="A1:D3"><filterColumn colId="1"/></autoFilter>',
    )
    contracts = opened(path)
    assert [record["title"] for record in records(contracts)] == ["a", "b"]
    hidden_row, hidden_column = findings(contracts)
    assert {hidden_row.code, hidden_column.code} == {"hidden-data"}
    assert hidden_row.message == (
        "Hidden on the sheet 'Contracts', where a filter is set, and read like the rest: 1 row."
    )
    assert "'Title' (column B)" in hidden_column.message
    assert hidden_row.severity is Severity.INFO


def test_merged_cells_among_the_data_are_said(tmp_path: Path) -> None:
    rows = HEADINGS + text_row(2, "C1", "a") + text_row(3, "", "b")
    merged = '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A1:A1"/></mergeCells>'
    contracts = opened(workbook_of(tmp_path / "a.xlsx", rows, after=merged))
    said = finding(contracts, "merged-cells")
    assert (str(said.place), said.severity) == ("Contracts!A2", Severity.WARNING)
    assert "(A2:A3)" in said.message


def test_ids_are_as_their_cells_show_them_and_amounts_as_they_are(tmp_path: Path) -> None:
    rows = (
        HEADINGS
        + cells(2, number(123, 2), number(45, 3), number(45, 2))
        + cells(3, number(123456, 2), number(0.12, 4), number(0.12, 4))
        + cells(4, number("1E+15"), number(1), number("1E+15"))
        + cells(5, '<c r="@" s="2" t="inlineStr"><is><t>7</t></is></c>', number(1.5, 2))
    )
    assert records(opened(workbook_of(tmp_path / "a.xlsx", rows, styles=STYLES))) == [
        {"id": "00123", "title": "C-004-5", "value": {"amount": 45}},
        {"id": "123456", "title": "0.12", "value": {"amount": Decimal("0.12")}},
        {"id": "1000000000000000", "title": "1", "value": {"amount": 10**15}},
        {"id": "7", "title": "1.5"},
    ]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("00000", "00042"),
        ("000-00", "000-42"),
        ('"C-"0', "C-42"),
        (r"\P0000", "P0042"),
        ("[Red]0000", "0042"),
        ("0", None),
        ("0.00", None),
        ("#,##000", None),
        ('0" days"', None),
        ("dd", None),
        ("@", None),
        ("General", None),
        ("00%", None),
    ],
)
def test_number_formats_that_make_ids(code: str, shown: str | None) -> None:
    padding = padding_of(code)
    assert (padding.shown(42.0) if padding else None) == shown


@given(st.integers(0, 10**14), st.integers(2, 12))
def test_padding_keeps_every_digit(value: int, width: int) -> None:
    padding = padding_of("0" * width)
    assert padding
    assert padding.shown(float(value)) == str(value).zfill(width)


def test_both_date_systems_and_the_day_that_never_was(tmp_path: Path) -> None:
    days = HEADINGS + "".join(
        cells(row, f'<c r="@" t="inlineStr"><is><t>C{row}</t></is></c>', "", "", number(serial, 1))
        for row, serial in enumerate((1, 59, 60, 61, 42825), 2)
    )
    since_1900 = opened(workbook_of(tmp_path / "a.xlsx", days, styles=STYLES))
    assert [record.get("signedDate") for record in records(since_1900)] == [
        "1900-01-01", "1900-02-28", None, "1900-03-01", "2017-03-31",
    ]  # fmt: skip
    assert str(finding(since_1900, "no-such-day").place) == "Contracts!D4"
    since_1904 = opened(
        workbook_of(tmp_path / "b.xlsx", days, styles=STYLES, properties='<workbookPr date1904="1"/>')
    )
    assert [record["signedDate"] for record in records(since_1904)] == [
        "1904-01-02", "1904-02-29", "1904-03-01", "1904-03-02", "2021-04-01",
    ]  # fmt: skip
    assert codes(since_1904) == []


def test_strict_packages_and_odd_ones_are_read_alike(tmp_path: Path) -> None:
    wrong = '<dimension ref="A1:B2"/>'
    rows = text_row(3, "C2", "b") + HEADINGS + text_row(2, "C1", "a")
    contracts = opened(workbook_of(tmp_path / "a.xlsx", rows, kind=STRICT, before=wrong))
    assert records(contracts) == [{"id": "C1", "title": "a"}, {"id": "C2", "title": "b"}]
    assert places(contracts, "title") == ["Contracts!B2", "Contracts!B3"]


def test_texts_of_every_kind(tmp_path: Path) -> None:
    shared = (
        "<si><t>Id</t></si><si><r><rPr><b/></rPr><t>Ti</t></r><r><t>tle</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
        "<si><t xml:space='preserve'>  a_x000D_\n b&#160;</t></si>"
    )
    rows = cells(1, '<c r="@" t="s"><v>0</v></c>', '<c r="@" t="s"><v>1</v></c>') + cells(
        2, '<c r="@" t="s"><v>2</v></c>', '<c r="@" t="s"><v>3</v></c>'
    )
    contracts = opened(workbook_of(tmp_path / "a.xlsx", rows, shared=shared))
    assert records(contracts) == [{"id": "東京", "title": "a\r\n b"}]


def rows_with_title() -> Iterator[list[object]]:
    yield ["Register of contracts"]
    yield []
    yield ["as of", "2018-01-01"]
    yield ["Id", "Title", "Amount"]
    yield ["C1", "Bridge", 5]


def test_headings_below_a_title_are_found_and_said(tmp_path: Path) -> None:
    contracts = opened(workbook(tmp_path / "a.xlsx", Contracts=list(rows_with_title())))
    assert records(contracts) == [{"id": "C1", "title": "Bridge", "value": {"amount": 5}}]
    said = finding(contracts, "headings-found")
    assert (said.severity, said.place.row) == (Severity.INFO, 4)
    assert "'Register of contracts', 'as of' and '2018-01-01'" in said.message
    assert places(contracts, "title") == ["Contracts!B5"]


GROUPED = fields(
    field("id", title="Id"),
    field("before/amount", Kind.DECIMAL, "Before amount"),
    field("before/currency", title="Before currency"),
    field("after/amount", Kind.DECIMAL, "After amount"),
    field("after/currency", title="After currency"),
)


@pytest.mark.parametrize(
    ("top", "merged"),
    [
        (["", "Before", "", "After", ""], ""),
        (["Id", "Before", "", "After", ""], "A1:A2 B1:C1 D1:E1"),
        (["Id", "before", "before", "after", "after"], ""),
    ],
)
def test_row_of_groups_says_which_field_is_meant(tmp_path: Path, top: list[str], merged: str) -> None:
    second = ["" if top[0] else "Id", "Amount", "Currency", "Amount", "Currency"]
    rows = text_row(1, *top) + text_row(2, *second)
    rows += cells(3, '<c r="@" t="inlineStr"><is><t>C1</t></is></c>', number(1), "", number(2))
    blocks = "".join(f'<mergeCell ref="{block}"/>' for block in merged.split())
    path = workbook_of(tmp_path / "a.xlsx", rows, after=f"<mergeCells>{blocks}</mergeCells>")
    contracts = only(read(path, fields=GROUPED))
    assert records(contracts) == [{"id": "C1", "before": {"amount": 1}, "after": {"amount": 2}}]
    assert places(contracts, "after", "amount") == ["Contracts!D3"]
    assert finding(contracts, "headings-found").message == (
        "The headings of the sheet 'Contracts' stand in rows 1 and 2."
    )
    assert "merged-cells" not in codes(contracts)


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Summe", "Итого", "合计"])
def test_row_of_totals_is_read_and_said(tmp_path: Path, word: str) -> None:
    rows = [["Id", "Title", "Amount"], ["C1", "Total S.A.", 5], [None, word, 5]]
    contracts = opened(workbook(tmp_path / "a.xlsx", Contracts=rows))
    assert [record["value"]["amount"] for record in records(contracts)] == [5, 5]
    said = finding(contracts, "totals-row")
    assert (said.place.row, said.record, said.severity) == (3, 1, Severity.WARNING)


def test_rows_of_blanks_are_no_records(tmp_path: Path) -> None:
    rows = HEADINGS + text_row(2, " ", "\u00a0") + cells(3, '<c r="@" s="1"/>') + text_row(5, "C1")
    contracts = opened(workbook_of(tmp_path / "a.xlsx", rows, styles=STYLES))
    assert (records(contracts), places(contracts, "id")) == ([{"id": "C1"}], ["Contracts!A5"])
