"""Confidential values are shown nowhere: a canary in the data is looked for in everything that is written."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from registers import schema_file
from violating import cases

import xlreport
from xlreport.checks.masking import MASK
from xlreport.cli import main
from xlreport.findings import Findings

CANARY = "Kanari"
"""Stands in every confidential value; capitals and digits of the values differ."""

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "people": {
            "type": "array",
            "title": "People",
            "x-primaryKey": ["code"],
            "x-uniqueKeys": [["tax"]],
            "items": {
                "type": "object",
                "title": "Person",
                "required": ["code"],
                "additionalProperties": False,
                "properties": {
                    "code": {
                        "type": "string",
                        "title": "Code",
                        "x-confidential": True,
                        "pattern": "^[A-Z]+-[0-9]+$",
                    },
                    "tax": {"type": "string", "title": "Tax number", "x-confidential": True, "maxLength": 12},
                    "born": {"type": "string", "title": "Born", "format": "date", "$ref": "#/$defs/secret"},
                    "bird": {
                        "enum": ["robin", "sparrow"],
                        "title": "Bird",
                        "x-confidential": True,
                    },
                    "town": {"type": "string", "title": "Town", "maxLength": 5},
                    "salary": {
                        "type": "object",
                        "title": "Salary",
                        "x-confidential": True,
                        "properties": {"amount": {"type": "number", "title": "Amount"}},
                        "additionalProperties": {"type": "integer"},
                    },
                    "tags": {"type": "array", "uniqueItems": True, "x-confidential": True, "title": "Tags"},
                    "box": {
                        "title": "Box",
                        "properties": {"inner": {"x-confidential": True, "title": "Inner", "type": "string"}},
                        "anyOf": [
                            {"required": ["a", "b"]},
                            {"required": ["c"], "properties": {"inner": {"minLength": 50}}},
                        ],
                    },
                    "bag": {
                        "patternProperties": {"^x": {"type": "integer", "x-confidential": True}},
                        "title": "Bag",
                    },
                },
            },
        },
        "visits": {
            "type": "array",
            "title": "Visits",
            "x-primaryKey": ["id"],
            "x-foreignKeys": [{"fields": "person", "reference": {"resource": "people", "fields": "code"}}],
            "items": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string"}, "person": {"type": "string", "title": "Person"}},
            },
        },
    },
    "$defs": {"secret": {"x-confidential": True}},
}

DATA: dict[str, Any] = {
    "people": [
        {"code": f"{CANARY}-7", "tax": f"{CANARY}000000000000", "born": f"31.12.{CANARY}"},
        {"code": f"{CANARY.upper()}-1", "tax": f"{CANARY}1", "bird": "sparow", "town": "Vienna"},
        {"code": f"{CANARY.upper()}-1", "tax": f"{CANARY}1"},
        {"code": f"{CANARY.upper()}-2", "salary": {"amount": "1,5 QZX", f"{CANARY}bonus": "x"}},
        {"code": f"{CANARY.upper()}-3", "tags": [CANARY, CANARY]},
        {"code": f"{CANARY.upper()}-4", "box": {"inner": CANARY}},
        {"code": f"{CANARY.upper()}-5", "bag": {f"x{CANARY}": CANARY}},
        {"code": f"{CANARY.upper()}-6", "salary": CANARY, "twon": "Linz"},
    ],
    "visits": [
        {"id": "V-1", "person": f"{CANARY.upper()}-11"},
        {"id": "V-2", "person": f"{CANARY.upper()}-1 "},
    ],
}


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    schema_file(tmp_path, SCHEMA, "people.schema.json")
    path = tmp_path / "people.json"
    path.write_text(json.dumps(DATA), encoding="utf-8")
    return path


def found(register: Path, mask: Any = "") -> Findings:
    return xlreport.check(register, schema=register.parent / "people.schema.json", mask=mask)


def has_canary(text: object) -> bool:
    return any(each.casefold() in str(text).casefold() for each in (CANARY, "sparow", "QZX"))


def test_without_masks_the_canary_sings(register: Path) -> None:
    findings = found(register)
    assert len(findings) >= 14
    assert sum(has_canary(finding) for finding in findings) >= 12


def test_a_masked_finding_holds_nothing_of_the_value(register: Path) -> None:
    plain, masked = found(register), found(register, "confidential")
    assert [(each.code, each.severity, each.record) for each in plain] == [
        (each.code, each.severity, each.record) for each in masked
    ]
    assert [finding for finding in masked if has_canary(finding)] == []


def test_what_is_not_confidential_is_shown(register: Path) -> None:
    said = {finding.place.path: finding for finding in found(register, "confidential")}
    town = said["$.town"]
    assert (town.value, town.key) == ("Vienna", MASK)
    assert town.message == "Town 'Vienna' is too long: it has 6 characters, and may have at most 5."
    assert said["$.twon"].hint == "Did you mean 'town'?"


def test_advice_stays_and_guesses_go(register: Path) -> None:
    said = {(finding.code, finding.place.path): finding for finding in found(register, "confidential")}
    amount = said["wrong-type", "$.salary.amount"]
    assert amount.message == "Amount ••• is not a number."
    assert amount.hint == "Write •••: the number alone, without •••."
    assert said["unknown-value", "$.bird"].hint == ""
    assert said["missing-reference", "$.person"].hint == ""


def test_names_that_are_values_are_cut_off(register: Path) -> None:
    paths = {finding.place.path for finding in found(register, "confidential")}
    assert {"$.salary", "$.bag"} <= paths


def test_everything_can_be_masked(register: Path) -> None:
    for finding in found(register, "all"):
        assert finding.value in (None, MASK)
        assert finding.key in ("", MASK)
        assert not has_canary(finding.message + finding.hint + finding.expected)
        assert "Vienna" not in finding.message


@pytest.mark.parametrize("form", ["text", "json", "csv", "sarif", "html"])
@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.usefixtures("register")
def test_no_output_of_a_check_shows_one(form: str, language: str) -> None:
    call = [
        "check",
        "people.json",
        "--schema",
        "people.schema.json",
        "--format",
        form,
        "--language",
        language,
    ]
    plain, masked = (CliRunner().invoke(main, [*call, *more]) for more in ([], ["--mask"]))
    assert has_canary(plain.output)
    assert not has_canary(masked.output)
    assert masked.exit_code == 1
    assert MASK in masked.output


@pytest.mark.usefixtures("register")
def test_no_issues_sheet_and_no_refusal_shows_one(tmp_path: Path) -> None:
    call = ["build", "contract-register", "people.json", "--schema", "people.schema.json", "--mask"]
    refused = CliRunner().invoke(main, call)
    assert refused.exit_code == 1
    assert not has_canary(refused.output)
    built = CliRunner().invoke(main, [*call, "--set-aside", "-o", "book.xlsx"])
    assert built.exit_code == 0, built.output
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    issues = [sheet for sheet in book if sheet["A1"].value == "Findings in the data"]
    assert len(issues) == 1
    cells = [cell.value for row in issues[0].iter_rows() for cell in row]
    assert MASK in " ".join(map(str, cells))
    assert not any(map(has_canary, cells))


def test_no_mark_in_a_workbook_shows_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    schema_file(tmp_path, SCHEMA["properties"]["people"]["items"] | {"$defs": SCHEMA["$defs"]}, "person.json")
    book = openpyxl.Workbook()
    book.active.append(["code", "born", "town"])
    book.active.append([f"{CANARY}-x", f"{CANARY}", "Vienna"])
    book.save(tmp_path / "people.xlsx")
    call = ["mark", "people.xlsx", "--schema", "person.json", "-o", "out.xlsx", "--mask"]
    result = CliRunner().invoke(main, call)
    assert result.exit_code == 1, result.output
    marked = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheets = [sheet for sheet in marked if sheet.title != book.active.title]
    notes = [
        cell.comment.text for row in marked[book.active.title].iter_rows() for cell in row if cell.comment
    ]
    cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert notes
    assert any("•" in str(text) for text in (*notes, *cells))
    assert not any(map(has_canary, (*notes, *cells)))


def test_every_keyword_can_be_masked(tmp_path: Path) -> None:
    """Whatever is wrong with a confidential value: neither its text nor its digits are shown."""
    for case in cases():
        if not isinstance(case.value, str) or len(case.value) < 3:
            continue
        path = schema_file(
            tmp_path, {"$schema": case.draft, "properties": {"a": {**case.schema, "x-confidential": True}}}
        )
        (tmp_path / "data.json").write_text(json.dumps([{"a": case.value}]), encoding="utf-8")
        for finding in xlreport.check(tmp_path / "data.json", schema=path, mask="confidential"):
            shown = " ".join((finding.message, finding.hint, str(finding.value), finding.key))
            assert case.value not in shown, finding
            assert finding.value == MASK


def test_a_wrong_choice_is_refused(register: Path) -> None:
    result = CliRunner().invoke(main, ["check", "--mask", str(register)])
    assert result.exit_code == 2
    assert "put it after the data" in result.output


def test_what_reading_finds_is_masked_too(tmp_path: Path) -> None:
    schema_file(tmp_path, SCHEMA["properties"]["people"]["items"] | {"$defs": SCHEMA["$defs"]}, "person.json")
    (tmp_path / "people.csv").write_text(f"code,town\nA-1,Linz,{CANARY}\n", encoding="utf-8")
    findings = xlreport.check(tmp_path / "people.csv", schema=tmp_path / "person.json", mask="confidential")
    (long_row,) = [finding for finding in findings if finding.code == "long-row"]
    assert long_row.message == "The row has 3 values for 2 columns; over are •••."
    assert not any(map(has_canary, findings))


def test_a_rule_about_a_confidential_value_shows_none(tmp_path: Path) -> None:
    schema = {
        "type": "array",
        "x-rules": [
            {"id": "parts-add-up", "sum": "parts/*/amount", "equals": "amount"},
            {"id": "in-order", "order": ["first", "last"]},
        ],
        "items": {
            "type": "object",
            "properties": {
                "amount": {"type": "number", "x-confidential": True},
                "parts": {"type": "array", "items": {"properties": {"amount": {"type": "number"}}}},
                "first": {"type": "string", "format": "date"},
                "last": {"type": "string", "format": "date"},
            },
        },
    }
    path = schema_file(tmp_path, schema)
    record = {"amount": 48151, "parts": [{"amount": 62342}], "first": "2017-02-01", "last": "2017-01-01"}
    (tmp_path / "data.json").write_text(json.dumps([record]), encoding="utf-8")
    shown = [xlreport.check(tmp_path / "data.json", schema=path, mask=mask) for mask in ("", "confidential")]
    plain, masked = (" ".join(str(finding) for finding in findings) for findings in shown)
    assert "48151" in plain.replace(",", "")
    assert "48151" not in masked.replace(",", "")
    assert "62342" not in masked.replace(",", "")
    assert "2017-02-01" in masked
