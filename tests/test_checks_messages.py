"""What is said about a value: a whole sentence with its title, what is allowed, and what was meant."""

from decimal import Decimal
from pathlib import Path

import pytest
from registers import checked, contract, things

from xlreport.checks.day_hints import date_hint, moment_hint
from xlreport.checks.engines import Violation
from xlreport.checks.hints import enum_hint, number_hint, pattern_hint, text_hint
from xlreport.checks.messages import problems
from xlreport.findings import Finding, Severity
from xlreport.registry import load_schema, resources_of


def only(folder: Path, schema: dict[str, object], value: object, **beside: object) -> Finding:
    """Return the one finding about the value of ``a``, which is called Size."""
    whole = {"properties": {"a": {"title": "Size", **schema}}, **beside}
    (finding,) = things(folder, whole, {"a": value}).findings
    return finding


@pytest.mark.parametrize(
    ("schema", "value", "code", "message"),
    [
        ({"type": "integer"}, "x", "wrong-type", "Size 'x' is not a whole number."),
        ({"type": ["number", "string"]}, True, "wrong-type", "Size true is not a number or text."),
        ({"type": "string"}, [1], "wrong-type", "Size is a list, not text."),
        ({"type": "string"}, {"b": 1}, "wrong-type", "Size is a group of fields, not text."),
        ({"type": "string"}, None, "missing-value", "Size is empty."),
        ({"enum": ["red"]}, None, "missing-value", "Size is empty."),
        (
            {"enum": ["red", "blue"]},
            "rot",
            "unknown-value",
            "Size 'rot' is not allowed; it can be red or blue.",
        ),
        ({"const": "red"}, "rot", "unknown-value", "Size 'rot' is not allowed; it can be red."),
        (
            {"format": "uuid"},
            "x",
            "wrong-format",
            "Size 'x' is not an identifier such as 123e4567-e89b-12d3-a456-426614174000.",
        ),
        ({"pattern": "^a+$"}, "b", "wrong-pattern", "Size 'b' is not written in the form that is asked for."),
        ({"minimum": 3}, 2, "too-small", "Size 2 is too small; it must be at least 3."),
        ({"exclusiveMinimum": 3}, 3, "too-small", "Size 3 is too small; it must be more than 3."),
        ({"maximum": 3}, Decimal("3.5"), "too-large", "Size 3.5 is too large; it can be at most 3."),
        ({"exclusiveMaximum": 3}, 3, "too-large", "Size 3 is too large; it must be less than 3."),
        ({"multipleOf": 2}, 3, "wrong-step", "Size 3 is not a multiple of 2."),
        (
            {"minLength": 3},
            "ab",
            "too-short",
            "Size 'ab' is too short: it has 2 characters, and needs at least 3.",
        ),
        ({"minLength": 1}, "", "missing-value", "Size is empty."),
        (
            {"maxLength": 1},
            "ab",
            "too-long",
            "Size 'ab' is too long: it has 2 characters, and may have at most 1.",
        ),
        ({"minItems": 1}, [], "too-few-items", "Size is too short: it has 0 items, and needs at least 1."),
        (
            {"maxItems": 1},
            [1, 2],
            "too-many-items",
            "Size is too long: it has 2 items, and may have at most 1.",
        ),
        ({"uniqueItems": True}, [1, 1], "repeated-item", "Size holds 1 twice: as item 1 and as item 2."),
        ({"contains": {"const": 1}}, [2], "missing-item", "Size lacks 1, which it must hold."),
        (
            {"minProperties": 2},
            {"x": 1},
            "too-few-fields",
            "Size has 1 field, and needs at least 2.",
        ),
        (
            {"maxProperties": 1},
            {"x": 1, "y": 2},
            "too-many-fields",
            "Size has 2 fields, and may have at most 1.",
        ),
        ({"not": {"const": 1}}, 1, "not-allowed", "Size 1 is not allowed; it can be anything but 1."),
        ({"required": ["netWeight"]}, {}, "missing-value", "Net weight is missing."),
        (
            {"dependentRequired": {"b": ["c"]}},
            {"b": 1},
            "missing-value",
            "C is missing; it is needed where B is filled.",
        ),
        ({"additionalProperties": False}, {"b": 1}, "unknown-property", "'b' is not a field of Size."),
        (
            {"oneOf": [{"type": "integer"}, {"minimum": 0}]},
            1,
            "several-branches-fit",
            "Size 1 fits more than one of the forms that exclude each other.",
        ),
    ],
)
def test_every_keyword_has_its_sentence(
    tmp_path: Path, schema: dict[str, object], value: object, code: str, message: str
) -> None:
    finding = only(tmp_path, schema, value)
    assert (finding.code, finding.message) == (code, message)


def test_the_forbidden_property_is_named(tmp_path: Path) -> None:
    (finding,) = things(tmp_path, {"properties": {"a": False}}, {"a": 3}).findings
    assert (finding.code, finding.message) == ("not-allowed", "A 3 has no place here.")


def test_the_exclusive_limit_of_draft_4_stands_in_the_keyword_beside_it(tmp_path: Path) -> None:
    draft = {"$schema": "http://json-schema.org/draft-04/schema#"}
    finding = only(tmp_path, {"minimum": 3, "exclusiveMinimum": True}, 3, **draft)
    assert "must be more than 3" in finding.message


def test_a_value_inside_an_array_says_in_which_item() -> None:
    part = {"id": "M-1", "value": {"amount": "x", "currency": "USD"}}
    (finding,) = checked(contracts=[contract(milestones=[{"id": "M-0"}, part])]).findings
    assert finding.message == "Amount (Milestone 2) 'x' is not a number."
    assert finding.place.path == "$.milestones[1].value.amount"
    assert finding.group == "milestones/*/value/amount"


def test_an_item_of_a_plain_list_is_counted() -> None:
    partner = {"id": "P-1", "name": "Navy", "roles": ["customer", "custmer"]}
    (finding,) = checked(contracts=[], partners=[partner]).findings
    assert finding.message.startswith("Roles (item 2) 'custmer' is not allowed")
    assert finding.hint == "Did you mean 'customer'?"


def test_an_object_is_asked_for_by_its_parts() -> None:
    (finding,) = checked(contracts=[contract(period="2017")]).findings
    assert finding.message == "Period '2017' is to be given by its fields: Start and End."


def test_a_number_in_place_of_a_day_may_be_one_of_excel() -> None:
    (finding,) = checked(contracts=[contract(signedDate=43100)]).findings
    assert (
        finding.message
        == "Signed 43100 is not a date of the calendar, written year-month-day, such as 2017-12-31."
    )
    assert finding.hint == "If it is Excel's number of a day, write 2017-12-31."


def test_of_a_rule_that_has_no_sentence_of_its_own_the_place_is_told() -> None:
    strange = Violation("shipshape", ("title",), "x", limit=1, schema={})
    (problem,) = problems(strange, resources_of(load_schema("dataset"))["contracts"])
    assert (problem.code, problem.message) == (
        "broken-rule",
        "Title 'x' does not obey a rule that is set for it.",
    )


def test_a_schema_may_bring_its_own_sentence(tmp_path: Path) -> None:
    finding = only(tmp_path, {"pattern": "^a$", "x-message": "{title} {value} must be a."}, "b")
    assert finding.message == "Size 'b' must be a."
    finding = only(tmp_path, {"minimum": 1, "x-message": {"pattern": "no"}}, 0)
    assert finding.message.startswith("Size 0 is too small")


def test_a_schema_may_set_the_weight(tmp_path: Path) -> None:
    finding = only(tmp_path, {"minimum": 1, "x-severity": {"minimum": "info"}}, 0)
    assert finding.severity is Severity.INFO


def test_no_sentence_shows_a_regular_expression() -> None:
    wrong = contract(signedDate="x", value={"amount": 1, "currency": "x"})
    for finding in checked(contracts=[wrong]).findings:
        assert not set("^${}[]\\") & set(finding.message + finding.hint + finding.expected)


def test_a_missing_value_explains_what_belongs_there() -> None:
    (finding,) = checked(contracts=[contract(customerId=None)]).findings
    assert finding.hint == "Id of the partner that signed as customer."
    assert finding.place.path == "$.customerId"


def test_a_misspelt_member_is_said_with_the_right_one() -> None:
    findings = checked(contracts=[contract(signedDate=None, signdDate="2017-03-01")]).findings
    assert {finding.code: finding.hint for finding in findings}[
        "unknown-property"
    ] == "Did you mean 'signedDate'?"


def test_one_value_has_one_finding_though_several_keywords_object() -> None:
    (finding,) = checked(contracts=[contract(signedDate="31.12.2017")]).findings
    assert finding.code == "wrong-format"
    (finding,) = checked(contracts=[contract(id=7)]).findings
    assert finding.code == "wrong-type"


NULLABLE = {"anyOf": [{"type": "object", "required": ["x"]}, {"type": "null"}]}
BY_KIND = {
    "oneOf": [
        {"properties": {"kind": {"const": "ship"}, "draught": {"type": "number"}}, "required": ["draught"]},
        {"properties": {"kind": {"const": "plane"}, "span": {"type": "number"}}, "required": ["span"]},
    ]
}


def test_of_several_forms_the_one_of_the_same_type_is_meant(tmp_path: Path) -> None:
    assert only(tmp_path, NULLABLE, {}).message == "X is missing."


def test_of_several_forms_the_one_with_the_same_constant_is_meant(tmp_path: Path) -> None:
    assert only(tmp_path, BY_KIND, {"kind": "plane"}).message == "Span is missing."


def test_of_several_forms_the_nearest_is_told(tmp_path: Path) -> None:
    schema = {"anyOf": [{"required": ["x", "y"]}, {"required": ["x"]}]}
    finding = only(tmp_path, schema, {})
    assert finding.code == "no-branch-fits"
    assert (
        finding.message == "Size fits none of the 2 forms that are allowed. The nearest asks: X is missing."
    )


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("1,5", "Write 1.5: a point before the decimals, nothing between the thousands."),
        ("1.234.567,89", "Write 1234567.89: a point before the decimals, nothing between the thousands."),
        ("1 234,5", "Write 1234.5: a point before the decimals, nothing between the thousands."),
        ("1,234.50", "Write 1234.50: nothing stands between the thousands."),
        ("1,234", "Write 1234 or 1.234, whichever is meant: a number has no comma."),
        ("1 234", "Write 1234: nothing stands between the thousands."),
        ("12.5", "It is text that looks like a number; enter it as a number."),
        ("many", ""),
        (True, ""),
    ],
)
def test_hints_for_numbers(value: object, hint: str) -> None:
    assert number_hint(value) == hint


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("31.12.2017", "Did you mean 2017-12-31?"),
        ("12/31/2017", "Did you mean 2017-12-31?"),
        ("2017/12/31", "Did you mean 2017-12-31?"),
        ("20171231", "Did you mean 2017-12-31?"),
        ("5.5.2017", "Did you mean 2017-05-05?"),
        ("03.04.2017", "Write 2017-03-04 or 2017-04-03, whichever is meant: year-month-day."),
        ("2017-12-31T00:00:00", "Write 2017-12-31: the day alone."),
        (43100, "If it is Excel's number of a day, write 2017-12-31."),
        ("2017-02-30", "There is no such day: the month 2017-02 has 28 days."),
        ("31.12.17", "Write 2017-12-31: the year with four digits."),
        ("03/04/17", "Write 2017-03-04 or 2017-04-03: the year with four digits."),
        ("31 Dec 2017", "Did you mean 2017-12-31?"),
        ("31. Dezember 2017", "Did you mean 2017-12-31?"),
        ("31 de diciembre de 2017", "Did you mean 2017-12-31?"),
        ("1 août 2017", "Did you mean 2017-08-01?"),
        ("31 декабря 2017", "Did you mean 2017-12-31?"),
        ("Dec 31, 2017", "Did you mean 2017-12-31?"),
        ("2017年12月31日", "Did you mean 2017-12-31?"),
        ("２０１７-12-31", "Did you mean 2017-12-31?"),  # noqa: RUF001  # wide digits
        ("2O17-12-31", "Did you mean 2017-12-31?"),
        ("43100", "If it is Excel's number of a day, write 2017-12-31."),
        ("n/a", "If that means that there is no value, leave the cell empty."),
        ("", ""),
        (3, ""),
        (None, ""),
    ],
)
def test_hints_for_days(value: object, hint: str) -> None:
    assert date_hint(value) == hint


def test_other_hints() -> None:
    assert moment_hint("2017-12-31") == "Did you mean 2017-12-31T00:00:00Z?"
    assert moment_hint("soon") == ""
    assert text_hint(7) == 'Enter it as text: "7".'
    assert text_hint("x") == ""
    assert enum_hint("Actve", ["active", None, 3]) == "Did you mean 'active'?"
    assert enum_hint("zzz", ["active"]) == ""
    assert pattern_hint(" usd", "^[A-Z]{3}$") == "Did you mean 'USD'?"
    assert pattern_hint("dollar", "^[A-Z]{3}$") == ""
    assert pattern_hint(3, "^[A-Z]{3}$") == ""
