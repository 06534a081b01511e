"""Findings on the terminal, as JSON and as CSV."""

import csv
import io
import json
import os
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from registers import checked, contract
from rich.console import Console

from xlreport.backends import findings_csv, findings_html, findings_json, findings_sarif, findings_text
from xlreport.backends.findings_text import in_order
from xlreport.backends.wrapping import wrapped
from xlreport.checks import Checked
from xlreport.checks.engines import compiled
from xlreport.cli import main
from xlreport.findings import Finding, Findings, Place, Severity
from xlreport.languages import load_language
from xlreport.registry import load_schema, resources_of
from xlreport.text import text_width


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


def of(*findings: Finding) -> Checked:
    """Return the outcome of a check that found these."""
    return Checked(
        Findings(findings),
        tables={},
        counts={"contracts": 20, "partners": 0},
        rejected={"contracts": frozenset({15})},
        sources={"contracts": (("my register.xlsx", "0" * 64),)},
    )


def loaded(module: Any, checked: Checked, **more: object) -> Any:
    stream = io.StringIO()
    module.write(checked, stream, **more)
    return json.loads(stream.getvalue(), parse_float=Decimal)


JUDGE = compiled(resources_of(load_schema("findings"), ["document"])["document"])
"""Holds a document against the schema that describes it."""


def test_json_is_counts_groups_and_findings_with_the_same_members_in_the_same_order() -> None:
    document = loaded(findings_json, of(finding(), finding(record=None, place=Place()), finding(group="x")))
    assert list(JUDGE.violations(document)) == []
    assert document["counts"] == {"error": 3, "warning": 0, "info": 0}
    assert document["records"]["contracts"] == {"read": 20, "withErrors": 1}
    first, second, _ = document["findings"]
    assert list(first) == [
        *("code", "severity", "message", "hint", "table", "record", "key", "value", "expected", "group"),
        *("file", "sheet", "row", "column", "cell", "path"),
    ]
    assert list(second) == list(first)
    assert (first["severity"], first["row"], first["cell"]) == ("error", 17, "F17")
    assert second["record"] is None
    assert [(group["count"], group["first"]) for group in document["groups"]] == [(2, 0), (1, 2)]


def test_json_keeps_every_digit_and_names_what_it_does_not_know() -> None:
    long = Decimal("12345678901234567890.12")
    first, second = loaded(findings_json, of(finding(value=long), finding(value={"a": [long]})))["findings"]
    assert (first["value"], second["value"]) == (long, {"a": [long]})


def test_json_without_findings_has_the_same_members() -> None:
    document = loaded(findings_json, of())
    assert list(JUDGE.violations(document)) == []
    assert (document["findings"], document["groups"]) == ([], [])


def test_how_rules_came_out_is_said_in_json_and_on_the_page() -> None:
    outcome = checked(contracts=[contract(), contract(id="C-2", period={"startDate": "2018-01-01"})])
    document = loaded(findings_json, outcome)
    assert list(JUDGE.violations(document)) == []
    assert {rule["table"] for rule in document["rules"]} == {"contracts", "partners"}
    for rule in document["rules"]:
        records = {"contracts": 2, "partners": 1}[rule["table"]]
        assert rule["held"] + rule["failed"] + sum(rule["notApplicable"].values()) == records
    made = page(outcome)
    assert all(f"{rule['table']} · {rule['rule']}" in made.text for rule in document["rules"])
    assert "Not applicable" in made.text


def test_json_has_a_line_for_each_finding() -> None:
    stream = io.StringIO()
    findings_json.write(of(finding(), finding()), stream)
    lines = stream.getvalue().splitlines()
    assert sum(line.startswith('{"code":"unknown-value"') and '"cell":"F17"' in line for line in lines) == 2


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


# --- sarif ------------------------------------------------------------------------------------------

SARIF_SCHEMA = os.environ.get("XLREPORT_SARIF_SCHEMA", "")


def results(*findings: Finding) -> list[dict[str, Any]]:
    (run,) = loaded(findings_sarif, of(*findings))["runs"]
    found: list[dict[str, Any]] = run["results"]
    return found


def test_sarif_is_what_its_schema_asks_for() -> None:
    if not SARIF_SCHEMA:
        pytest.skip("XLREPORT_SARIF_SCHEMA names no schema of SARIF 2.1.0")
    judge = compiled(resources_of(load_schema(SARIF_SCHEMA), ["log"])["log"], "jsonschema")
    wrong = contract(status="Active", value={"amount": "1,5", "currency": "usd"}, contributors=[{}])
    for outcome in (
        of(),
        of(finding(), finding(severity=Severity.INFO, record=None, place=Place())),
        checked(contracts=[wrong, contract(status="Active")]),
    ):
        assert list(judge.violations(loaded(findings_sarif, outcome))) == []


def test_a_cell_is_a_logical_location_and_a_line_a_region() -> None:
    cell, line, element, nowhere = results(
        finding(),
        finding(place=Place("my list.csv", row=12, column="Currency", path="$.value.currency")),
        finding(place=Place("/data/a.json", row=3, path="$.value.currency")),
        finding(place=Place()),
    )
    assert cell["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "register.xlsx"}},
            "logicalLocations": [{"name": "F17", "fullyQualifiedName": "Contracts!F17"}],
        }
    ]
    physical = line["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": "my%20list.csv"}, "region": {"startLine": 12}}
    assert element["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "file:///data/a.json"}}
    assert element["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "[3]$.value.currency"
    assert nowhere["locations"] == []


def test_sarif_has_levels_and_rules_with_help() -> None:
    outcome = of(finding(), finding(code="kept-as-text", severity=Severity.INFO))
    (run,) = loaded(findings_sarif, outcome)["runs"]
    assert [(each["level"], each["ruleId"], each["ruleIndex"]) for each in run["results"]] == [
        ("error", "unknown-value", 0),
        ("note", "kept-as-text", 1),
    ]
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["name"] == "UnknownValue"
    assert "What to do: " in rule["help"]["text"]
    assert run["artifacts"] == [{"location": {"uri": "my%20register.xlsx"}, "hashes": {"sha-256": "0" * 64}}]


def test_a_fingerprint_stays_when_rows_are_moved_and_is_never_there_twice() -> None:
    moved = Place("register.xlsx", "Contracts", 99, "Currency", "F99", "$.value.currency")
    prints = [each["partialFingerprints"]["xlreport/v1"] for each in results(finding(), finding(key="C-17"))]
    again = [each["partialFingerprints"]["xlreport/v1"] for each in results(finding(place=moved), finding())]
    assert len({*prints, *again}) == 3
    assert prints[0] == again[0]


def test_a_value_is_no_link_in_sarif() -> None:
    (only,) = results(finding(message="Name '[here](https://example.org)' is odd."))
    assert "[here](" not in only["message"]["text"].replace("\\[here\\](", "")


# --- html -------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What is on a page: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.opened: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "br"):
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self.opened[-1:] != ["style"] else ""

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]


def page(checked: Checked, **more: Any) -> Page:
    stream = io.StringIO()
    findings_html.write(checked, stream, **more)
    made = Page(stream.getvalue())
    assert made.opened == []
    return made


def test_a_page_has_every_finding_in_its_group_and_the_counts() -> None:
    outcome = of(finding(), finding(record=3), finding(severity=Severity.WARNING, group="x"))
    made = page(outcome)
    assert len(made.all("details")) == 2
    assert made.text.count("Contracts!F17") == 3
    assert "2 errors and 1 warning in 2 records. 20 records read." in made.text
    assert [each["for"] for each in made.all("label")] == ["show-all", "show-error", "show-warning"]
    assert [each["id"] for each in made.all("input")] == ["show-all", "show-error", "show-warning"]


def test_a_page_without_findings_says_so() -> None:
    assert "No findings." in page(of()).text


def test_a_page_needs_nothing_from_outside_and_runs_nothing() -> None:
    made = page(of(finding()))
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & {
        tag for tag, _ in made.elements
    }
    for _, attributes in made.elements:
        assert not {"src", "href", "style", "srcset"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    style = (Path(findings_html.__file__).parent / "findings_page.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|expression", style)
    assert made.all("meta", **{"http-equiv": "Content-Security-Policy"})


@pytest.mark.parametrize(
    "canary",
    ["<script>alert(1)</script>", '"><img src=x onerror=y>', "&lt;b&gt;", "</style><b>", "\u202eabc\x00"],
)
def test_text_from_the_data_is_only_ever_text(canary: str) -> None:
    place = Place(canary, canary, 1, canary, "", f"$.{canary}")
    outcome = of(finding(message=canary, hint=canary, key=canary, table=canary, group=canary, place=place))
    plain = page(of(finding()))
    made = page(outcome)
    assert {tag for tag, _ in made.elements} == {tag for tag, _ in plain.elements}
    assert {name for _, found in made.elements for name in found} == {
        name for _, found in plain.elements for name in found
    }
    assert made.text.count(canary.replace("\u202e", "\\u202e").replace("\x00", "\\x00")) >= 5


def test_what_is_not_listed_is_counted() -> None:
    made = page(of(*(finding(record=number) for number in range(700))))
    assert made.text.count("Contracts!F17") == 500
    assert "200 more findings not shown here; all are counted above." in made.text
    assert page(of(*(finding(record=number) for number in range(9))), most=2).text.count("Contracts!F17") == 2


def test_a_page_in_arabic_runs_from_right_to_left_and_values_their_own_way() -> None:
    wrong = contract(signedDate="2017-13-01")
    made = page(checked(contracts=[wrong]), language=load_language("ar"))
    assert made.all("html", dir="rtl", lang="ar")
    assert "\u2068'2017-13-01'\u2069" in made.text
    assert "What it means" not in made.text


# --- files ------------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", *arguments])
    return result.exit_code, result.stdout


def test_the_form_is_that_of_the_files_ending(tmp_path: Path) -> None:
    data = tmp_path / "things.csv"
    data.write_text("id\n1\n", encoding="utf-8")
    beginnings = {"json": "{", "csv": "severity,", "sarif": "{", "html": "<!DOCTYPE html>", "txt": ""}
    for ending, beginning in beginnings.items():
        target = tmp_path / f"found.{ending}"
        assert run(str(data), "-o", str(target)) == (0, "")
        assert target.read_text(encoding="utf-8").startswith(beginning)
    run(str(data), "-o", str(tmp_path / "found.txt"), "--format", "json")
    assert json.loads((tmp_path / "found.txt").read_text(encoding="utf-8"))["findings"] == []


def test_findings_are_not_written_over_the_data(tmp_path: Path) -> None:
    data = tmp_path / "things.csv"
    data.write_text("id\n1\n", encoding="utf-8")
    assert run(str(data), "-o", str(data)) == (2, "")
    assert run(str(data), "-o", str(tmp_path / "nowhere" / "found.html")) == (3, "")
    assert data.read_text(encoding="utf-8") == "id\n1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["things.csv"]


def test_the_list_goes_by_place() -> None:
    places = [Place("b.xlsx", "Two", 3, cell=f"{column}3") for column in ("AA", "B")]
    places += [Place("b.xlsx", "Two", 2, cell="Z2"), Place("b.xlsx", "Two")]
    found = in_order([finding(place=place, code=f"n{number}") for number, place in enumerate(places)])
    assert [each.place.cell for each in found] == ["", "Z2", "B3", "AA3"]


def test_arabic_runs_from_right_to_left_and_places_do_not() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, color_system=None)
    wrong = contract(status="Active", signedDate="31.12.2017")
    findings_text.write(checked(contracts=[wrong]).findings, console, language=load_language("ar"))
    lines = stream.getvalue().splitlines()
    assert [line for line in lines if "contracts.json:1" in line and not line.startswith("\u200e")] == []
    sentences = [line for line in lines if line.startswith("  ")]
    assert sentences
    assert all(line.startswith("  \u2067") and line.endswith("\u2069") for line in sentences)
    assert "\u200e2017-12-31\u200e" in stream.getvalue()


@pytest.mark.parametrize("width", [20, 33, 80])
@pytest.mark.parametrize("code", ["ru", "zh"])
def test_wide_letters_are_wrapped_too(width: int, code: str) -> None:
    found = checked(contracts=[contract(status="Active", signedDate="31.12.2017", value={})]).findings
    for each in found:
        said = each.said_in(load_language(code))
        lines = wrapped(f"{said.message} {said.hint}", width, "  ")
        assert all(text_width(line) <= width + 2 for line in lines)  # a closing sign may stand beyond
        assert "".join("".join(lines).split()) == "".join(f"{said.message}{said.hint}".split())
