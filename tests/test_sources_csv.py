"""CSV files: delimiters, encodings, preambles, ragged rows and true line numbers."""

import csv
import io
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
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
)

from xlreport.findings import Severity
from xlreport.tables import Kind

AMOUNTS = fields(
    field("id"), field("value/amount", Kind.DECIMAL, "Amount"), field("value/currency", title="Currency")
)


def test_headings_are_paths_and_values_stay_text(tmp_path: Path) -> None:
    path = text_file(tmp_path / "Contracts.csv", "id,value/amount,signed\n007,1234.50,2017-03-31\n")
    resource = only(read(path))
    assert resource.name == "contracts"
    assert records(resource) == [{"id": "007", "value": {"amount": "1234.50"}, "signed": "2017-03-31"}]


def test_headings_may_be_titles_whatever_their_case_and_blanks(tmp_path: Path) -> None:
    path = text_file(tmp_path / "contracts.csv", "id, AMOUNT ,currency\n1,1234.50,USD\n")
    resource = only(read(path, fields=AMOUNTS))
    assert records(resource) == [{"id": "1", "value": {"amount": Decimal("1234.50"), "currency": "USD"}}]
    assert places(resource, "value", "amount") == [f"{path}:2 AMOUNT"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = ["id#name#amount", '1#"a, b; c"#1,5', "2#d|e#2,5", "3#f#3"]
    text = "\n".join(lines).replace("#", delimiter).replace("d|e", "d e" if delimiter == "|" else "d|e")
    if delimiter == ",":
        text = text.replace("1,5", "15").replace("2,5", "25")
    found = records(only(read(text_file(tmp_path / "a.csv", text))))
    assert [list(record) for record in found] == [["id", "name", "amount"]] * 3
    assert found[0]["name"] == "a, b; c"


def test_declared_dialect(tmp_path: Path) -> None:
    text = "Register of contracts\nprinted 2020\n\nid^name^amount\n1^'a^b'^1.234,50\n"
    text_file(tmp_path / "a.csv", text)
    dialect = {"delimiter": "^", "quoteChar": "'", "headerRow": 4, "decimalChar": ",", "groupChar": "."}
    dataset_file(tmp_path, {"name": "contracts", "path": "a.csv", "dialect": dialect})
    resource = only(read(tmp_path, fields=fields(field("id"), field("name"), field("amount", Kind.DECIMAL))))
    assert records(resource) == [{"id": "1", "name": "a^b", "amount": Decimal("1234.50")}]
    assert places(resource, "amount") == ["a.csv:5 amount"]


def test_skipped_rows_are_counted_in_the_lines(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", 'A "report\nof two lines\nid;name\n1;x\n')
    dataset_file(tmp_path, {"name": "contracts", "path": "a.csv", "dialect": {"skipRows": 2}})
    assert places(only(read(tmp_path)), "name") == ["a.csv:4 name"]


def test_lines_are_true_with_line_breaks_in_quotes_and_blank_lines(tmp_path: Path) -> None:
    text = 'id,note\r\n\r\n1,"two\r\nlines"\r\n,\r\n2,x\r\n'
    path = text_file(tmp_path / "a.csv", text)
    resource = only(read(path))
    assert records(resource) == [{"id": "1", "note": "two\r\nlines"}, {"id": "2", "note": "x"}]
    assert places(resource) == [f"{path}:3", f"{path}:6"]


def test_latin_1_is_refused_with_its_name_and_read_when_declared(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "id,name\n1,Łódź\n".encode() + "2,Peña\n".encode("latin-1"))
    wrong = finding(only(read(path)), "wrong-encoding")
    assert "byte 0xf1" in wrong.message
    assert wrong.place.row == 3
    text_file(tmp_path / "b.csv", "id,name\n2,Peña\n".encode("latin-1"))
    dataset_file(tmp_path, {"name": "partners", "path": "b.csv", "encoding": "latin-1"})
    assert records(only(read(tmp_path))) == [{"id": "2", "name": "Peña"}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_is_no_part_of_the_first_heading(tmp_path: Path, encoding: str) -> None:
    path = text_file(tmp_path / "a.csv", "id,name\n1,Ω\n".encode(encoding))
    assert records(only(read(path))) == [{"id": "1", "name": "Ω"}]


def test_names_in_any_script_and_texts_that_look_like_formulas_or_codes(tmp_path: Path) -> None:
    names = [
        "الشركة العامة",
        "Рособоронэкспорт",
        '=HYPERLINK("x")',
        "+49",
        "-1",
        "@me",
        "NA",
        "null",
        "1e5",
        "TRUE",
    ]
    rows = io.StringIO()
    csv.writer(rows).writerows([["id", "name"], *enumerate(names)])
    path = text_file(tmp_path / "partners.csv", rows.getvalue())
    described = fields(field("id"), field("name"))
    assert [record["name"] for record in read(path, fields=described)["partners"].records()] == names
    assert [record["name"] for record in only(read(path)).records()] == names


def test_empty_cells_and_declared_texts_are_missing(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", "id,name,country\n1,N/A,NA\n2,  ,-\n3,n/a, N/A \n")
    dataset_file(tmp_path, {"name": "partners", "path": "a.csv", "missingValues": ["N/A", "-"]})
    assert records(only(read(tmp_path))) == [
        {"id": "1", "country": "NA"},
        {"id": "2"},
        {"id": "3", "name": "n/a"},
    ]


def test_trailing_delimiters_are_no_column(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "a.csv", "id;name;\n1;x;\n2;y;\n")))
    assert records(resource) == [{"id": "1", "name": "x"}, {"id": "2", "name": "y"}]
    nameless = finding(resource, "nameless-column")
    assert (nameless.severity, nameless.message) == (Severity.INFO, "Column C is empty and has no heading.")


def test_values_in_a_nameless_column_are_counted(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "a.csv", ",id\n0,a\n1,b\n,c\n")))
    assert records(resource) == [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    nameless = finding(resource, "nameless-column")
    assert nameless.severity is Severity.WARNING
    assert "Column A has no heading but 2 values" in nameless.message


def test_short_rows_warn_and_long_rows_are_errors(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "id,name,city\n1,x\n2,y,z,w\n3,a,b,,\n4,c,d\n")
    resource = only(read(path))
    assert records(resource)[0] == {"id": "1", "name": "x"}
    assert [(each.code, each.severity, each.record, each.place.row) for each in findings(resource)] == [
        ("short-row", Severity.WARNING, 0, 2),
        ("long-row", Severity.ERROR, 1, 3),
    ]
    assert "4 values for 3 columns; over are 'w'" in finding(resource, "long-row").message


def test_row_with_a_broken_quote_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", 'id,name\n1,"a"b\n2,"c ""d"""\n3,e\n')
    resource = only(read(path))
    assert records(resource) == [{"id": "2", "name": 'c "d"'}, {"id": "3", "name": "e"}]
    broken = finding(resource, "broken-row")
    assert (broken.place.row, broken.record, broken.severity) == (2, None, Severity.ERROR)


def test_quote_that_never_closes_is_told_at_its_line(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "a.csv", 'id,name\n1,x\n2,"y\n3,z\n')))
    assert records(resource) == [{"id": "1", "name": "x"}]
    assert "quoted value in line 3 has no closing quote" in finding(resource, "broken-row").message


def test_unknown_column_is_left_out_with_the_nearest_name(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "id,Amuont,colour\n1,5,red\n")
    resource = only(read(path, fields=AMOUNTS))
    assert records(resource) == [{"id": "1"}]
    amount, colour = [each for each in findings(resource) if each.code == "unknown-column"]
    assert amount.message == "No field is called 'Amuont' (column B); the column is left out."
    assert amount.hint.startswith("Did you mean 'Amount'?")
    assert colour.message == "No field is called 'colour' (column C); the column is left out."
    assert amount.severity is Severity.WARNING


def test_missing_column_of_a_required_field_is_one_error(tmp_path: Path) -> None:
    described = fields(
        field("id", title="Id", required=True),
        field("customerId", title="Customer", required=True),
        field("milestones/*/id", required=True),
    )
    resource = only(read(text_file(tmp_path / "a.csv", "id,customr\n1,5\n2,6\n"), fields=described))
    missing = finding(resource, "missing-column")
    assert missing.message == "There is no column 'Customer' (customerId), which every record needs."
    assert missing.hint.startswith("Did you mean 'customr'?")
    assert missing.severity is Severity.ERROR


def test_two_columns_for_one_path_are_an_error_and_the_first_counts(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "a.csv", "id,Amount,value/amount\n1,5,6\n"), fields=AMOUNTS))
    assert records(resource) == [{"id": "1", "value": {"amount": Decimal(5)}}]
    assert "'value/amount' (column C) and a column before it both fill value/amount" in (
        finding(resource, "duplicate-column").message
    )


@pytest.mark.parametrize("headings", ["a,a/b", "a/b,a", "a/0/b,a/b", "a,a"])
def test_columns_that_lead_through_one_another_are_an_error(tmp_path: Path, headings: str) -> None:
    resource = only(read(text_file(tmp_path / "a.csv", f"{headings}\n1,2\n")))
    assert codes(resource) == ["duplicate-column"]
    assert len(records(resource)) == 1


def test_title_of_two_fields_is_ambiguous(tmp_path: Path) -> None:
    described = fields(field("id"), field("start", title="Date"), field("end", title="Date"))
    resource = only(read(text_file(tmp_path / "a.csv", "id,Date\n1,2017-01-01\n"), fields=described))
    assert records(resource) == [{"id": "1"}]
    assert "is the title of start and end" in finding(resource, "ambiguous-heading").message


def test_positions_in_headings_build_arrays(tmp_path: Path) -> None:
    headings = "id,milestones/0/id,milestones/0/value/amount,milestones/1/id,tags/0,tags/1"
    text = f"{headings}\nC,m1,5,m2,a,b\nD,m3,,,,\n"
    described = fields(
        field("id"),
        field("milestones/*/id"),
        field("milestones/*/value/amount", Kind.DECIMAL),
        field("tags/*"),
    )
    path = text_file(tmp_path / "a.csv", text)
    resource = only(read(path, fields=described))
    assert records(resource) == [
        {
            "id": "C",
            "milestones": [{"id": "m1", "value": {"amount": Decimal(5)}}, {"id": "m2"}],
            "tags": ["a", "b"],
        },
        {"id": "D", "milestones": [{"id": "m3"}]},
    ]
    assert places(resource, "milestones", 0, "value", "amount")[0] == f"{path}:2 milestones/0/value/amount"


def test_items_after_an_empty_one_move_up_and_keep_their_place(tmp_path: Path) -> None:
    text = "id,m/0/id,m/1/id,m/2/id\nA,a,b,c\nB,,b,c\nC,,,c\nD,,b,c\nE,a,,c\n"
    path = text_file(tmp_path / "a.csv", text)
    resource = only(read(path))
    assert [[item["id"] for item in record["m"]] for record in resource.records()] == [
        ["a", "b", "c"], ["b", "c"], ["c"], ["b", "c"], ["a", "c"],
    ]  # fmt: skip
    assert [place.rpartition(" ")[2] for place in places(resource, "m", 0, "id")] == [
        "m/0/id", "m/1/id", "m/2/id", "m/1/id", "m/0/id",
    ]  # fmt: skip
    assert [place.rpartition(" ")[2] for place in places(resource, "m", 1, "id")][1] == "m/2/id"
    assert places(resource, "id") == [f"{path}:{line} id" for line in range(2, 7)]


def test_years_as_headings_are_names_and_no_positions(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "a.csv", "2019,sales/2020,sales/2021\n1,2,3\n")))
    assert records(resource) == [{"2019": "1", "sales": {"2020": "2", "2021": "3"}}]


def test_list_in_one_cell(tmp_path: Path) -> None:
    described = fields(field("id"), field("years/*", Kind.INTEGER, "Years"), field("roles/*"))
    text = "id,Years,roles\n1,1988; 1989,customer\n2,,a;;b;\n"
    assert records(only(read(text_file(tmp_path / "a.csv", text), fields=described))) == [
        {"id": "1", "years": [1988, 1989], "roles": ["customer"]},
        {"id": "2", "roles": ["a", "b"]},
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_empty_file(tmp_path: Path, text: str) -> None:
    resource = only(read(text_file(tmp_path / "a.csv", text)))
    assert finding(resource, "empty-file").severity is Severity.ERROR


def test_headings_alone_are_no_records_and_no_mistake(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "a.csv", "id,name\n")))
    assert (records(resource), findings(resource)) == ([], [])


def test_one_column_and_one_row(tmp_path: Path) -> None:
    assert records(only(read(text_file(tmp_path / "a.csv", "id\n1")))) == [{"id": "1"}]


def test_reading_needs_no_more_memory_for_more_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w") as file:
        file.write("id,name,amount\n")
        file.writelines(f"{row},name of {row},{row}.50\n" for row in range(30_000))
    resource = only(read(path))
    tracemalloc.start()
    count = sum(len(batch.records) for batch in resource.batches())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 30_000
    assert peak < 4_000_000  # some 1,000 records of 400 bytes, and what is on its way


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    path = text_file(tmp_path_factory.mktemp("csv") / "a.csv", text.getvalue())
    expected = [{name: cell for name, cell in zip("abc", row, strict=True) if cell} for row in rows]
    assert records(only(read(path))) == [record for record in expected if record]
