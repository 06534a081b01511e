"""Findings on the terminal, as JSON and as CSV."""

import csv
import io
import json
from decimal import Decimal

import pytest
from registers import checked, contract
from rich.console import Console

from xlreport.backends import findings_csv, findings_json, findings_text
from xlreport.findings import Finding, Findings, Place, Severity


def finding(**changes: object) -> Finding:
    members = {
        "code": "unknown-value",
        "severity": Severity.ERROR,
        "message": "Currency 'usd' is not a currency code.",
        "hint": "Did you mean 'USD'?",
        "table": "contracts",
        "record": 15,
        "key": "C-16",
        "place": Place("register.xlsx", "Contracts", 17, "Currency", "F17", "$.value.currency"),
        "value": "usd",
        "expected": "a currency code",
        "group": "value/currency",
    }
    return Finding(**{**members, **changes})


def text(findings: Findings, *, width: int = 80, most: int | None = None) -> str:
    stream = io.StringIO()
    findings_text.write(findings, Console(file=stream, width=width, color_system=None), most=most)
    return stream.getvalue()


def test_a_finding_is_a_place_a_sentence_and_a_hint() -> None:
    assert text(Findings([finding()])) == (
        "1 error in 1 record\n"
        "\n"
        "error  Contracts!F17  contracts C-16  [unknown-value]\n"
        "  Currency 'usd' is not a currency code. Did you mean 'USD'?\n"
    )


def test_mistakes_made_more_than_once_come_first_the_most_frequent_before_the_others() -> None:
    rare = finding(code="missing-value", message="Customer is missing.", group="customerId", record=3)
    findings = Findings([rare, rare, *[finding(record=number) for number in range(1200)]])
    lines = text(findings).splitlines()
    assert lines[:9] == [
        "1,202 errors in 1,200 records",
        "",
        "Made more than once",
        "  1,200 x A value is not on the list  Currency  [unknown-value]",
        "          Currency 'usd' is not a currency code.",
        "          First: Contracts!F17",
        "      2 x A value is missing  Currency  [missing-value]",
        "          Customer is missing.",
        "          First: Contracts!F17",
    ]


def test_everything_is_shown_unless_less_is_asked_for_and_the_rest_is_counted() -> None:
    findings = Findings(finding(record=number, key=f"C-{number}") for number in range(1500))
    assert text(findings).count("\nerror  Contracts!F17") == 1500
    few = text(findings, most=3)
    assert few.count("\nerror  Contracts!F17") == 3
    assert "1,497 more findings not shown here" in few
    assert few.startswith("1,500 errors in 1,500 records")


def test_severities_are_counted_apart() -> None:
    note = finding(severity=Severity.INFO, record=None, key="", place=Place("README.md"), group="x")
    shown = text(Findings([finding(), finding(severity=Severity.WARNING, group="y"), note]))
    assert shown.startswith("1 error, 1 warning and 1 note in 1 record\n")
    assert "note  README.md  [unknown-value]" in shown


def test_no_findings_are_said_too() -> None:
    assert text(Findings()) == "No findings.\n"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_sentences_are_wrapped_to_the_terminal_and_places_are_left_in_one_piece(width: int) -> None:
    wrong = contract(status="Active", value={"amount": "1,5", "currency": "usd"}, contributors=[{}])
    shown = text(checked(contracts=[wrong, contract(status="Active")]).findings, width=width)
    assert max(len(line) for line in shown.splitlines() if line.startswith("  ")) <= width
    assert "error  contracts.json:1 $.contributors[0].partnerId  contracts C-1  [missing-value]\n" in shown


def test_what_the_data_holds_cannot_steer_the_terminal() -> None:
    shown = text(Findings([finding(message="[red]\x1b[31mred[/red] \u202e", hint="")]))
    assert "[red]\\x1b[31mred[/red] \\u202e" in shown


def test_a_value_without_a_cell_of_its_own_shows_its_path() -> None:
    place = Place("register.xlsx", "Contracts", 17, "", "", "$.milestones[0].id")
    assert "Contracts!row 17 $.milestones[0].id" in text(Findings([finding(place=place)]))


def written(module: object, findings: list[Finding]) -> str:
    stream = io.StringIO()
    module.write(findings, stream)
    return stream.getvalue()


def test_json_is_an_array_of_objects_with_the_same_members_in_the_same_order() -> None:
    loaded = json.loads(written(findings_json, [finding(), finding(record=None, place=Place())]))
    assert list(loaded[0]) == [
        *("code", "severity", "message", "hint", "table", "record", "key", "value", "expected", "group"),
        *("file", "sheet", "row", "column", "cell", "path"),
    ]
    assert list(loaded[1]) == list(loaded[0])
    assert (loaded[0]["severity"], loaded[0]["row"], loaded[0]["cell"]) == ("error", 17, "F17")
    assert loaded[1]["record"] is None


def test_json_keeps_every_digit_and_names_what_it_does_not_know() -> None:
    long = Decimal("12345678901234567890.12")
    text_of_both = written(findings_json, [finding(value=long), finding(value={"a": [long]})])
    first, second = json.loads(text_of_both, parse_float=Decimal)
    assert (first["value"], second["value"]) == (long, {"a": [long]})


def test_json_without_findings_is_an_empty_array() -> None:
    assert written(findings_json, []) == "[]\n"


def test_csv_has_headings_and_a_line_for_each_finding() -> None:
    rows = list(
        csv.DictReader(io.StringIO(written(findings_csv, [finding(), finding(place=Place(), value=None)])))
    )
    assert tuple(rows[0]) == findings_csv.COLUMNS
    assert (rows[0]["severity"], rows[0]["row"], rows[0]["cell"], rows[0]["value"]) == (
        "error",
        "17",
        "F17",
        "usd",
    )
    assert (rows[1]["row"], rows[1]["value"]) == ("", "")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("@x", "'@x"),
        ("-x", "'-x"),
        (Decimal("-3.50"), "-3.50"),
        (-3, "-3"),
        ("a=b", "a=b"),
    ],
)
def test_csv_holds_no_formulas(value: object, cell: str) -> None:
    (row,) = csv.DictReader(io.StringIO(written(findings_csv, [finding(value=value)])))
    assert row["value"] == cell
