"""The text form of a plan: what it says, and that a small change stays small in it."""

import datetime as dt
import difflib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_plan import AS_OF, one_sheet, sample_plan

from xlreport.backends import text
from xlreport.plan import Block, CellValue, Formula, SheetPlan, WorkbookPlan
from xlreport.styles import Role

SUMMARY = """\
## Summary
shows       Signed and paid by year
used        A1:D8
freeze      B5
widths      A 20, B 16, C 16, D 8
heights     1 26, 4 20
grouped     5:7
print       A4 landscape, area A1:L116, rows 1:4 on every page, footer R&D
conditional B5:B7 bar 9DC3E6
conditional C5:C7 formula A3191F C5<9000000
conditional D5:D7 bar 9DC3E6 E0A882 below zero
conditional B8:C8 grayArrows, flat within 0.01
sparklines  column (8FA6BC, last 1F4E79): B9 of B5:B7, C9 of C5:C7
sparklines  line (1F4E79, high 1E6B37, low A3191F): D9 of D5:D7
link        A2 -> Contents!A1
chart       Signed and paid per year as column (column, at F4, 15.5 x 7.5 cm)
  subtitle  Ministry of Works · EUR million
  labels    A5:A7: '2022' | '2023' | '2024'
  series    Signed B5:B7 (1F4E79): 12450000.10 | 15823000.55 | 14210000.00
  series    Paid C5:C7 (C55A11): 8000000.00 | 9000000.50 | 9900000.00
  axis      #,##0.0,, EUR million, 0 to …
  look      gap 60 %, legend
  alt text  column: "signed" & paid by year
chart       Signed and paid per year as bar (bar, at F20, 15.5 x 7.5 cm)
  subtitle  Ministry of Works · EUR million
  labels    A5:A7: '2022' | '2023' | '2024'
  series    Signed B5:B7 (1F4E79): 12450000.10 | 15823000.55 | 14210000.00
    labels  #,##0.0,, outside in 222222, not at 1
  axis      #,##0.0,, EUR million, 0 to …, no gridlines
  look      gap 60 %
  alt text  bar: "signed" & paid by year
chart       Signed and paid per year as line (line, at F36, 15.5 x 7.5 cm)
  subtitle  Ministry of Works · EUR million
  labels    A5:A7: '2022' | '2023' | '2024'
  series    Signed B5:B7 (1F4E79): 12450000.10 | 15823000.55 | 14210000.00
  series    Paid C5:C7 (C55A11): 8000000.00 | 9000000.50 | 9900000.00
  axis      #,##0.0,, EUR million, 0 to …
  look      gap 60 %, legend
  alt text  line: "signed" & paid by year
chart       Signed and paid per year as stacked (stacked, at F52, 15.5 x 7.5 cm)
  subtitle  Ministry of Works · EUR million
  labels    A5:A7: '2022' | '2023' | '2024'
  series    Base D5:D7 (invisible): 1 | 1 | 1
  series    Signed B5:B7 (1F4E79): 12450000.10 | 15823000.55 | 14210000.00
    labels  #,##0.0,, center in 222222, not at 1
  series    Paid C5:C7 (C55A11): 8000000.00 | 9000000.50 | 9900000.00
    labels  #,##0.0,, center in 222222, not at 1
  axis      #,##0.0,, EUR million, 0 to …, no gridlines
  look      gap 60 %, legend
  alt text  stacked: "signed" & paid by year
chart       Signed and paid per year as share (share, at F68, 15.5 x 7.5 cm)
  subtitle  Ministry of Works · EUR million
  labels    A5:A7: '2022' | '2023' | '2024'
  series    Signed B5:B7 (1F4E79): 12450000.10 | 15823000.55 | 14210000.00
  series    Paid C5:C7 (C55A11): 8000000.00 | 9000000.50 | 9900000.00
  axis      #,##0.0,, EUR million, 0 to …
  look      gap 60 %, legend
  alt text  share: "signed" & paid by year
chart       Signed and paid per year as waterfall (waterfall, at F84, 15.5 x 7.5 cm)
  subtitle  Ministry of Works · EUR million
  labels    A5:A7: '2022' | '2023' | '2024'
  series    Base D5:D7 (invisible): 1 | 1 | 1
  series    Signed B5:B7 (1F4E79): 12450000.10 | 15823000.55 | 14210000.00
    labels  #,##0.0,, center in 222222, not at 1
  series    Paid C5:C7 (C55A11, not in the legend): 8000000.00 | 9000000.50 | 9900000.00
    labels  #,##0.0,, center in 222222, not at 1
  axis      #,##0.0,, EUR million, 0 to …, no gridlines
  look      gap 60 %, legend
  alt text  waterfall: "signed" & paid by year
chart       Signed and paid per year as combination (combination, at F100, 15.5 x 7.5 cm)
  subtitle  Ministry of Works · EUR million
  labels    A5:A7: '2022' | '2023' | '2024'
  series    Signed B5:B7 (1F4E79): 12450000.10 | 15823000.55 | 14210000.00
  series    Paid C5:C7 (C55A11, a line on the axis at the right): 8000000.00 | 9000000.50 | 9900000.00
  axis      #,##0.0,, EUR million, 0 to …
  axis      #,##0 number, 0 to 20000000 by 5000000, no gridlines, at the right
  look      gap 60 %, legend
  alt text  combination: "signed" & paid by year
style       title: A1
style       link: A2
style       header: A4
style       header align=right: B4:D4
style       label: A5:A7
style       body #,##0.00: B5:D7
style       total #,##0.00: A8:D8

                     A                    | B                | C                | D
      1 title        Summary
      2 link         Contents

      4 header       Year                 | Signed           | Paid             | Base
      5 label+body   '2022'               |      12450000.10 |       8000000.00 |        1
      6 label+body   '2023'               |      15823000.55 |       9000000.50 |        1
      7 label+body   '2024'               |      14210000.00 |       9900000.00 |        1
      8 total        Total                | =SUM(B5:B7) -> 42483000.65 | =SUM(C5:C7) -> 26900000.50
"""


def cells(*values: CellValue) -> list[str]:
    """Return the lines of a column of values."""
    lines = text.render(one_sheet(*([value] for value in values)), rows=1000).splitlines()
    return [line[21:].strip() for line in lines[lines.index("                     A") + 1 :]]


def test_a_sheet_as_a_person_reads_it() -> None:
    assert SUMMARY in text.render(sample_plan())


def test_the_workbook_comes_first() -> None:
    assert text.render(sample_plan()).startswith(
        "# Contract register\n"
        "subject     Contracts & partners\n"
        "creator     Ministry of Works\n"
        "keywords    contracts\n"
        "as of       2025-01-31 10:00:00+00:00\n"
        "theme       xlreport\n"
        "name        Signed_value = Summary!$B$8\n"
        "\n"
        "## Contents\n"
    )


def test_tables_and_links() -> None:
    rendered = text.render(sample_plan())

    assert (
        "table       Contracts A3:E11 (TableStyleLight1, banded): "
        "Contract | 'Value\\n(EUR)' | Signed on | Open | Remark\n"
    ) in rendered
    assert "link        A3 -> Summary!A1 (Go to the summary)\n" in rendered
    assert "gridlines   shown\n" in rendered
    assert "tab         1F4E79\n" in rendered


def test_values_tell_their_types() -> None:
    assert cells(
        12,
        Decimal("1E+3"),
        Decimal("0.30"),
        1.5,
        Formula("A1>0", value=True),
        dt.date(2024, 2, 29),
        AS_OF,
        Formula("A1\n+1", Decimal("13.0")),
        Formula("A9", None),
        "plain text, 12 of it",
    ) == [
        "12",
        "1000",
        "0.30",
        "1.5",
        "=A1>0 -> TRUE",
        "2024-02-29",
        "2025-01-31 10:00:00+00:00",
        "=A1\\n+1 -> 13.0",
        "=A9 ->",
        "plain text, 12 of it",
    ]


@pytest.mark.parametrize(
    "value",
    ["12", "-1,000.5", "5%", "TRUE", "2024-01-01", "=A1", "", " a", "a ", "a|b", "'a'", "a\nb", "\x00", '"'],
)
def test_text_that_looks_like_something_else_is_quoted(value: str) -> None:
    assert cells(value) == [repr(value)]


def test_of_a_long_block_the_ends_are_shown_and_the_rest_is_counted() -> None:
    block = Block(Role.BODY, 3, 1, ([f"row {number}" for number in range(1, 5001)],))
    plan = WorkbookPlan("t", (SheetPlan("Data", (block,)),), AS_OF)

    lines = text.render(plan, rows=5).splitlines()[-6:]

    assert lines == [
        "      3 body         row 1",
        "      4 body         row 2",
        "      5 body         row 3",
        "      …              4,995 more rows …",
        "   5001 body         row 4999",
        "   5002 body         row 5000",
    ]


@pytest.mark.parametrize(("height", "rows"), [(1, 1), (5, 5), (6, 5), (7, 1), (3, 2)])
def test_every_row_is_shown_or_counted(height: int, rows: int) -> None:
    rendered = text.render(one_sheet(*([f"row {number}"] for number in range(height))), rows=rows)
    shown = rendered.count(" body ")
    counted = height - shown

    assert shown == min(height, rows)
    assert (f"{counted} more row" in rendered) == (counted > 0)


def test_at_least_one_row_has_to_be_shown() -> None:
    with pytest.raises(ValueError, match="rows is 0; it has to be at least 1"):
        text.render(sample_plan(), rows=0)


def test_a_change_in_one_cell_changes_one_line() -> None:
    plan = sample_plan()
    contracts = plan.sheets[2]
    body = contracts.blocks[2]
    longer = replace(
        body, columns=(("C-001, which now has a much longer name", *body.columns[0][1:]), *body.columns[1:])
    )
    blocks = tuple(longer if block is body else block for block in contracts.blocks)
    changed = replace(plan, sheets=(*plan.sheets[:2], replace(contracts, blocks=blocks)))

    difference = difflib.unified_diff(
        text.render(plan).splitlines(), text.render(changed).splitlines(), n=0, lineterm=""
    )

    assert [line[0] for line in difference if not line.startswith(("---", "+++", "@@"))] == ["-", "+"]


@given(st.lists(st.lists(st.text() | st.none() | st.integers(), min_size=2, max_size=2), min_size=1))
def test_lines_have_no_trailing_blanks_and_rows_one_line_each(rows: list[list[CellValue]]) -> None:
    rendered = text.render(one_sheet(*rows), rows=10_000)
    lines = rendered.split("\n")

    assert lines[-1] == ""
    assert all(line == line.rstrip() for line in lines)
    assert sum(line[8:12] == "body" for line in lines) == len(rows)


def test_a_sheet_without_cells_has_its_facts_only() -> None:
    plan = WorkbookPlan("t", (SheetPlan("Empty", ()),), AS_OF)

    assert text.render(plan).endswith("## Empty\nused        A1\nprint       A4 portrait\n")
