"""Rules of a schema over records: what each operator compares, what it says, and when it does not apply."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from registers import checked, contract, dataset, resource, schema_file

from xlreport import checks
from xlreport.checks.codes_of_rules import RULES
from xlreport.errors import SchemaError
from xlreport.findings import Finding, Severity
from xlreport.registry import ResourceSchema, load_schema, resources_of
from xlreport.rules import RuleOutcome
from xlreport.tables import Dataset, Record

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
DAY = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
ORDER = {
    "id": {**TEXT, "title": "Number"},
    "ordered": {**DAY, "title": "Ordered"},
    "shipped": {**DAY, "title": "Shipped"},
    "opened": {**MOMENT, "title": "Opened"},
    "closed": {**MOMENT, "title": "Closed"},
    "total": {"type": ["number", "null"], "title": "Total", "minimum": 0},
    "lines": {"type": "integer", "title": "Number of lines"},
    "state": {"enum": ["open", "done", None], "title": "State"},
    "currency": {**TEXT, "title": "Currency"},
    "remark": {"title": "Remark"},
    "urgent": {"type": "boolean", "title": "Urgent"},
    "address": {"type": "object", "title": "Address", "properties": {"town": {**TEXT, "title": "Town"}}},
    "tags": {"type": "array", "title": "Tags", "items": TEXT},
    "items": {
        "type": ["array", "null"],
        "title": "Positions",
        "items": {
            "title": "Position",
            "type": ["object", "null"],
            "properties": {
                "id": {**TEXT, "title": "Position id"},
                "price": {"type": ["number", "null"], "title": "Price"},
                "due": {**DAY, "title": "Due"},
                "currency": {**TEXT, "title": "Currency"},
                "follows": {**TEXT, "title": "Follows"},
                "parts": {
                    "type": "array",
                    "title": "Parts",
                    "items": {"type": "object", "properties": {"price": {**NUMBER, "title": "Price"}}},
                },
            },
        },
    },
}


def money(*amounts: str) -> list[Record]:
    """Return items with these prices."""
    return [{"price": Decimal(amount)} for amount in amounts]


def schemas(
    folder: Path, *rules: dict[str, Any], properties: dict[str, Any] = ORDER
) -> dict[str, ResourceSchema]:
    array = {
        "title": "Orders",
        "type": "array",
        "items": {"title": "Order", "type": "object", "properties": properties},
        "x-rules": [{"id": f"rule-{number}", **rule} for number, rule in enumerate(rules, 1)],
    }
    path = schema_file(folder, {"properties": {"orders": array}})
    return resources_of(load_schema(path), ["orders"])


def ran(folder: Path, rule: dict[str, Any], *records: Record) -> checks.Checked:
    return checks.run(dataset(orders=list(records)), schemas(folder, rule))


def broken(folder: Path, rule: dict[str, Any], record: Record) -> Finding:
    """Return the one finding that a rule makes of a record."""
    found = ran(folder, rule, record)
    assert found.outcomes[0].failed == 1
    (finding,) = found.findings
    assert finding.group == "rule-1"
    return finding


def outcome(folder: Path, rule: dict[str, Any], record: Record) -> str:
    """Return what came of a rule for one record."""
    (said,) = ran(folder, rule, record).outcomes
    counts = {"held": said.held, "failed": said.failed, **said.not_applicable}
    (name,) = [name for name, count in counts.items() if count]
    return name


ADD_UP = {"sum": "items/*/price", "equals": "total"}
IN_ORDER = {"order": ["ordered", "shipped"]}

# --- what a reader is told ----------------------------------------------------------------------------

SAID = [
    (
        ADD_UP,
        {"total": Decimal("1000.00"), "items": money("600.00", "390")},
        "sum-differs",
        "$.total",
        "Price in Positions adds up to 990.00, and Total is 1,000.00: the sum is 10.00 less.",
        "990.00",
    ),
    (
        {"sum": "items/*/price", "atMost": "total"},
        {"total": Decimal(2), "items": money("1.5", "0.75")},
        "sum-too-high",
        "$.total",
        "Price in Positions adds up to 2.25, and Total is 2.00: the sum is 0.25 more.",
        "at least 2.25",
    ),
    (
        {"sum": "items/*/price", "atLeast": {"value": 10}},
        {"items": money("4", "5")},
        "sum-too-low",
        "$.items[0].price",
        "Price in Positions adds up to 9, and the least allowed is 10: the sum is 1 less.",
        "at least 10",
    ),
    (
        {"sum": "total", "equals": {"value": 1.5}},
        {"total": 2},
        "sum-differs",
        "$.total",
        "Total is 2.0, and the value asked for is 1.5: 0.5 more.",
        "1.5",
    ),
    (
        {"sum": "total", "atMost": "lines"},
        {"total": Decimal("2.5"), "lines": 2},
        "sum-too-high",
        "$.total",
        "Total is 2.5, and Number of lines is 2.0: 0.5 more.",
        "at most 2.0",
    ),
    (
        {"sum": "items/*/parts/*/price", "equals": "items/*/price"},
        {
            "items": [
                {"price": 1, "parts": [{"price": 1}]},
                {"price": 5, "parts": [{"price": 2}, {"price": 2}]},
            ]
        },
        "sum-differs",
        "$.items[1].price",
        "Price in Parts adds up to 4, and Price (Position 2) is 5: the sum is 1 less.",
        "4",
    ),
    (
        {"count": "items/*", "equals": "lines"},
        {"lines": 3, "items": money("1", "2")},
        "count-differs",
        "$.lines",
        "Positions: 2 counted, and Number of lines is 3.",
        "2",
    ),
    (
        {"count": "items/*/currency", "atLeast": {"value": 2}},
        {"items": [{"currency": "EUR"}, {"currency": ""}, {}]},
        "count-too-low",
        "$.items",
        "Currency (Positions): 1 counted, and the least allowed is 2.",
        "at least 2",
    ),
    (
        {"count": "tags/*", "atMost": {"value": 1}},
        {"tags": ["a", "b"]},
        "count-too-high",
        "$.tags",
        "Tags: 2 counted, and the most allowed is 1.",
        "at most 1",
    ),
    (
        IN_ORDER,
        {"ordered": "2017-03-01", "shipped": "2017-02-28"},
        "out-of-order",
        "$.shipped",
        "Shipped 2017-02-28 is before Ordered 2017-03-01.",
        "2017-03-01 or later",
    ),
    (
        {"order": ["items/*/due"]},
        {"items": [{"due": "2017-03-01"}, {}, {"due": "2017-01-01"}]},
        "out-of-order",
        "$.items[2].due",
        "Due (Position 3) 2017-01-01 is before Due (Position 1) 2017-03-01.",
        "2017-03-01 or later",
    ),
    (
        {"order": ["lines", "total"]},
        {"lines": 1200, "total": Decimal("999.5")},
        "out-of-order",
        "$.total",
        "Total 999.5 is less than Number of lines 1,200.",
        "at least 1,200",
    ),
    (
        {"order": ["id", "currency"]},
        {"id": "b", "currency": "a"},
        "out-of-order",
        "$.currency",
        "Currency 'a' comes before Number 'b' in the order of the alphabet.",
        "at least 'b'",
    ),
    (
        {"same": ["currency", "items/*/currency"]},
        {"currency": "USD", "items": [{"currency": "USD"}, {"currency": "usd"}]},
        "values-differ",
        "$.items[1].currency",
        "Currency (Position 2) 'usd' is not the same as Currency 'USD'.",
        "USD",
    ),
    (
        {"exists": "shipped", "when": {"properties": {"state": {"const": "done"}}, "required": ["state"]}},
        {"state": "done"},
        "missing-by-rule",
        "$.shipped",
        "Shipped is missing.",
        "a value",
    ),
    (
        {"exists": "items/*/price", "where": {"required": ["due"]}},
        {"items": [{}, {"due": "2017-01-01"}]},
        "missing-by-rule",
        "$.items[1].price",
        "Price (Position 2) is missing.",
        "a value",
    ),
    (
        {"between": "items/*/price", "from": {"value": 0}, "to": {"value": 100}},
        {"items": money("100", "100.01")},
        "out-of-range",
        "$.items[1].price",
        "Price (Position 2) 100.01 is more than 100.",
        "at most 100",
    ),
    (
        {"between": "items/*/due", "from": "ordered"},
        {"ordered": "2017-02-01", "items": [{"due": "2017-01-31"}]},
        "out-of-range",
        "$.items[0].due",
        "Due (Position 1) 2017-01-31 is before Ordered 2017-02-01.",
        "2017-02-01 or later",
    ),
    (
        {"between": "id", "to": {"value": "m"}},
        {"id": "n"},
        "out-of-range",
        "$.id",
        "Number 'n' comes after 'm' in the order of the alphabet.",
        "at most 'm'",
    ),
    (
        {"unique": "items/*/id"},
        {"items": [{"id": "1"}, {}, {"id": "1"}]},
        "repeated-value",
        "$.items[2].id",
        "Position id (Position 3) '1' stands already at orders.json:1 $.items[0].id.",
        "a value of its own",
    ),
    (
        {"in": "items/*/follows", "values": "items/*/id"},
        {"items": [{"id": "first"}, {"id": "second", "follows": "frist"}]},
        "value-not-listed",
        "$.items[1].follows",
        "Follows (Position 2) 'frist' is not among Position id (Positions): first or second.",
        "first or second",
    ),
    (
        {"in": "lines", "values": [1, 2, 5]},
        {"lines": 3},
        "value-not-listed",
        "$.lines",
        "Number of lines 3 is not allowed; it can be 1, 2 or 5.",
        "1, 2 or 5",
    ),
    (
        {"same": ["remark", "currency"]},
        {"remark": 5, "currency": "5"},
        "not-comparable",
        "$.currency",
        "Currency '5' cannot be compared by the rule rule-1: it is of another kind than the rule is for.",
        "",
    ),
]


@pytest.mark.parametrize(("rule", "record", "code", "path", "message", "expected"), SAID)
def test_what_is_said(
    tmp_path: Path, rule: dict[str, Any], record: Record, code: str, path: str, message: str, expected: str
) -> None:
    finding = broken(tmp_path, rule, record)
    assert (finding.code, finding.place.path) == (code, path)
    assert (finding.message, finding.expected) == (message, expected)


def test_every_code_of_a_rule_is_shown_above() -> None:
    assert {code for _, _, code, *_ in SAID} == RULES.keys()


def test_a_rule_says_itself_what_it_is_for_and_how_much_it_weighs(tmp_path: Path) -> None:
    rule = {**IN_ORDER, "description": "Nothing is shipped before it is ordered.", "severity": "warning"}
    finding = broken(tmp_path, rule, {"ordered": "2017-03-01", "shipped": "2017-02-28"})
    assert finding.hint == "Nothing is shipped before it is ordered."
    assert finding.severity is Severity.WARNING
    guess = {"in": "currency", "values": ["USD", "EUR"], "description": "We know two."}
    assert broken(tmp_path, guess, {"currency": "usd"}).hint == "We know two. Did you mean 'USD'?"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("{title} {value}: earlier than {limit}!", "Shipped 2017-02-28: earlier than 2017-03-01!"),
        ({"de": "{title}: zu früh", "en": "{title}: too early"}, "Shipped: too early"),
    ],
)
def test_the_sentence_of_a_rule_takes_the_place_of_ours(tmp_path: Path, message: Any, said: str) -> None:
    rule = {**IN_ORDER, "x-message": message}
    assert broken(tmp_path, rule, {"ordered": "2017-03-01", "shipped": "2017-02-28"}).message == said


def test_a_rule_that_is_an_error_sets_the_record_aside(tmp_path: Path) -> None:
    records = [{"id": "a", "ordered": "2017-03-01", "shipped": "2017-02-28"}, {"id": "b"}]
    found = ran(tmp_path, IN_ORDER, *records)
    assert found.used()["orders"]["id"] == ["b"]
    assert ran(tmp_path, {**IN_ORDER, "severity": "warning"}, *records).used()["orders"]["id"] == ["a", "b"]


def test_in_a_sheet_the_finding_points_at_the_cell_to_correct(tmp_path: Path) -> None:
    headings = {"ordered": (1, "Ordered"), "shipped": (4, "Shipped")}
    late = {"ordered": "2017-03-01", "shipped": "2017-02-28"}
    sheet = resource("orders", [late], file="o.xlsx", format="xlsx", sheet="Orders", headings=headings)
    (finding,) = checks.run(Dataset((sheet,)), schemas(tmp_path, IN_ORDER)).findings
    assert (finding.place.cell, finding.place.column) == ("D1", "Shipped")
    missing = schemas(tmp_path, {"exists": "shipped"})
    empty = resource("orders", [{}], file="o.xlsx", format="xlsx", sheet="Orders", headings=headings)
    (finding,) = checks.run(Dataset((empty,)), missing).findings
    assert finding.place.cell == "D1"


# --- held, failed, not applicable ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "record", "expected"),
    [
        (ADD_UP, {}, "no-items"),
        (ADD_UP, {"total": 5, "items": None}, "no-items"),
        (ADD_UP, {"total": 5, "items": []}, "no-items"),
        (ADD_UP, {"total": 5, "items": [None]}, "no-items"),
        (ADD_UP, {"total": 5, "items": [{}]}, "empty"),
        (ADD_UP, {"total": None, "items": money("5")}, "empty"),
        (ADD_UP, {"total": 5, "items": [*money("5"), {}, None]}, "held"),
        (ADD_UP, {"total": 0, "items": money("-0")}, "held"),
        (ADD_UP, {"total": Decimal("0.3"), "items": money("0.1", "0.2")}, "held"),
        ({**ADD_UP, "tolerance": "0.01"}, {"total": 1, "items": money("0.99")}, "held"),
        ({**ADD_UP, "tolerance": "0.01"}, {"total": 1, "items": money("1.0100001")}, "failed"),
        ({**ADD_UP, "where": {"required": ["due"]}}, {"total": 1, "items": money("1")}, "no-items"),
        (ADD_UP, {"total": Decimal("1e-10"), "items": money("1e-10")}, "held"),
        (ADD_UP, {"total": Decimal("0.0000000001"), "items": money("2e-10")}, "failed"),
        ({"count": "items/*", "atLeast": {"value": 1}}, {}, "failed"),
        ({"count": "items/*", "equals": "lines"}, {}, "empty"),
        ({"count": "items/*", "equals": "lines"}, {"lines": 1, "items": [None, {}]}, "held"),
        (IN_ORDER, {"ordered": "2017-01-01"}, "empty"),
        (IN_ORDER, {"ordered": "2017-01-01", "shipped": "2017-01-01"}, "held"),
        ({"order": ["items/*/due"]}, {}, "no-items"),
        ({"order": ["items/*/due"]}, {"items": [{}]}, "empty"),
        ({"order": ["ordered", "items/*/due"]}, {"ordered": "2017-01-01"}, "no-items"),
        ({"order": ["ordered", "items/-1/due"]}, {"ordered": "2017-01-01"}, "empty"),
        ({"same": ["currency", "items/*/currency"]}, {"currency": "USD"}, "no-items"),
        ({"same": ["currency", "items/*/currency"]}, {"items": [{"currency": "USD"}]}, "empty"),
        ({"same": ["currency", "items/*/currency"]}, {"items": [{"currency": "USD"}] * 2}, "held"),
        ({"same": ["currency", "id"]}, {"currency": "ü", "id": "u\u0308"}, "failed"),
        ({"same": ["currency", "id"]}, {"currency": "دولار", "id": "دولار"}, "held"),
        ({"same": ["currency", "id"]}, {"currency": "A", "id": "\u0410"}, "failed"),
        ({"exists": "items"}, {"items": []}, "failed"),
        ({"exists": "items"}, {"items": [{}]}, "held"),
        ({"exists": "address"}, {"address": {}}, "failed"),
        ({"exists": "address/town"}, {}, "failed"),
        ({"exists": "id"}, {"id": ""}, "failed"),
        ({"exists": "urgent"}, {"urgent": False}, "held"),
        ({"exists": "total"}, {"total": 0}, "held"),
        ({"exists": "items/*/id"}, {}, "no-items"),
        ({"exists": "items/-1/id"}, {"items": [{}, {"id": "1"}]}, "held"),
        ({"between": "total", "from": "lines"}, {"total": 1}, "empty"),
        ({"between": "total", "from": "lines"}, {"lines": 1}, "empty"),
        ({"between": "items/*/price", "from": {"value": 0}}, {}, "no-items"),
        ({"unique": "items/*/id"}, {"items": [{}, {}]}, "empty"),
        ({"unique": "items/*/price"}, {"items": money("1", "1.0")}, "failed"),
        ({"unique": "tags/*"}, {"tags": ["a", "A"]}, "held"),
        ({"in": "items/*/follows", "values": "items/*/id"}, {"items": [{"follows": "1"}]}, "empty"),
        ({"in": "remark", "values": [1, "a"]}, {"remark": True}, "failed"),
        ({"in": "remark", "values": [1, "a"]}, {"remark": Decimal("1.0")}, "held"),
        ({"exists": "id", "when": {"required": ["state"]}}, {}, "condition"),
        ({"exists": "id", "when": {"properties": {"state": {"const": "done"}}}}, {}, "failed"),
    ],
)
def test_outcomes(tmp_path: Path, rule: dict[str, Any], record: Record, expected: str) -> None:
    assert outcome(tmp_path, rule, record) == expected


@pytest.mark.parametrize(
    ("opened", "closed", "expected"),
    [
        ("2017-01-01T10:00:00Z", "2017-01-01T11:00:00+02:00", "failed"),
        ("2017-01-01T10:00:00Z", "2017-01-01T12:00:00+02:00", "held"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "held"),
        ("2017-01-01T10:00:00.5Z", "2017-01-01t10:00:00z", "failed"),
    ],
)
def test_moments_are_compared_as_moments(tmp_path: Path, opened: str, closed: str, expected: str) -> None:
    assert (
        outcome(tmp_path, {"order": ["opened", "closed"]}, {"opened": opened, "closed": closed}) == expected
    )


@pytest.mark.parametrize(
    ("closed", "expected"), [("2017-01-02T00:30:00+05:00", "held"), ("2017-01-01T23:00:00Z", "failed")]
)
def test_a_day_and_a_moment_are_compared_by_the_day_that_is_written(
    tmp_path: Path, closed: str, expected: str
) -> None:
    record = {"ordered": "2017-01-02", "closed": closed}
    assert outcome(tmp_path, {"order": ["ordered", "closed"]}, record) == expected


def test_money_is_added_up_without_rounding(tmp_path: Path) -> None:
    cents = [{"price": Decimal("0.10")} for _ in range(1000)]
    assert outcome(tmp_path, ADD_UP, {"total": 100, "items": cents}) == "held"
    long = Decimal("12345678901234567890123456789012345678.01")
    found = ran(tmp_path, ADD_UP, {"total": long, "items": money(str(long), "0.01")})
    (said,) = [finding for finding in found.findings if finding.code == "sum-differs"]
    assert "is 0.01 more" in said.message


def test_the_outcomes_of_all_records_are_counted(tmp_path: Path) -> None:
    good, late, alone = (
        {"ordered": "2017-01-01", "shipped": "2017-01-02"},
        {"ordered": "2017-01-03", "shipped": "2017-01-02"},
        {"ordered": "2017-01-01"},
    )
    found = ran(tmp_path, IN_ORDER, *[good] * 50, late, alone, *[good] * 3)
    assert found.outcomes == (RuleOutcome("orders", "rule-1", 53, 1, {"empty": 1}),)
    assert [finding.record for finding in found.findings] == [50]
    assert ran(tmp_path, IN_ORDER).outcomes == (RuleOutcome("orders", "rule-1"),)


# --- what is known to be wrong is not judged ----------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "record", "expected"),
    [
        (IN_ORDER, {"ordered": "2017-02-30", "shipped": "2017-01-01"}, "errors"),
        (IN_ORDER, {"ordered": 5, "shipped": "2017-01-01"}, "errors"),
        (ADD_UP, {"total": -1, "items": money("5")}, "errors"),
        (ADD_UP, {"total": 5, "items": [*money("5"), {"price": "1"}]}, "errors"),
        (ADD_UP, {"total": 5, "items": "none"}, "errors"),
        (ADD_UP, {"total": 5, "items": [*money("5"), {"price": 0, "due": "soon"}]}, "held"),
        ({"count": "items/*", "atLeast": {"value": 1}}, {"items": "none"}, "errors"),
        ({"count": "items/*", "atLeast": {"value": 1}}, {"items": [{"due": "soon"}]}, "held"),
        ({"same": ["currency", "id"]}, {"currency": 5, "id": "a"}, "errors"),
        (
            {"same": ["currency", "id", "items/*/id"]},
            {"currency": 5, "id": "a", "items": [{"id": "b"}]},
            "failed",
        ),
        ({"exists": "address/town"}, {"address": "Bath"}, "errors"),
        ({"exists": "state"}, {"state": "dome"}, "errors"),
        ({"between": "total", "to": {"value": 0}}, {"total": -1}, "errors"),
        ({"unique": "items/*/id"}, {"items": [{"id": 1}, {"id": 1}]}, "errors"),
        ({"in": "items/*/follows", "values": "items/*/id"}, {"items": [{"id": 1, "follows": "1"}]}, "errors"),
    ],
)
def test_what_does_not_obey_the_schema_is_not_judged(
    tmp_path: Path, rule: dict[str, Any], record: Record, expected: str
) -> None:
    found = ran(tmp_path, rule, record)
    (said,) = found.outcomes
    counts = {"held": said.held, "failed": said.failed, **said.not_applicable}
    assert {name for name, count in counts.items() if count} == {expected}
    assert sum(finding.group == "rule-1" for finding in found.findings) == said.failed


def test_a_number_beyond_all_sums_is_not_judged(tmp_path: Path) -> None:
    assert outcome(tmp_path, ADD_UP, {"total": 5, "items": money("1e-2000", "5")}) == "errors"


def test_a_record_that_stands_twice_is_judged_all_the_same() -> None:
    late = contract(inForceDate="2017-01-01")
    found = checked(contracts=[contract(), late])
    assert [finding.code for finding in found.findings] == ["duplicate-key", "out-of-order"]


# --- rules that can never be judged -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"sum": "currency", "equals": "total"}, "it adds up numbers, and 'currency' is text"),
        ({"sum": "items", "equals": "total"}, "and 'items' is a list; did you mean 'items/*'?"),
        ({"sum": "items/*/price", "equals": "currency"}, "it compares with a number, and 'currency' is text"),
        ({"sum": "items/*/price", "equals": {"value": "10"}}, "it compares with a number, and '10' is text"),
        ({"sum": "total", "equals": "items/*/price"}, "'items/*/price' is several values, and one is needed"),
        ({"count": "items", "atLeast": {"value": 1}}, "a path with a star; did you mean 'items/*'?"),
        ({"unique": "id"}, "unique needs the items of an array"),
        ({"order": ["ordered"]}, "order needs the items of an array"),
        ({"order": ["address", "ordered"]}, "it compares single values, and 'address' is an object"),
        ({"order": ["urgent", "urgent"]}, "has non-unique elements"),
        ({"order": ["items/*/due", "items/*/parts/*/price"]}, "and 'items/*/parts/*/price' is a number"),
        ({"order": ["ordered", "total"]}, "and 'total' is a number; they cannot be compared"),
        ({"order": ["ordered", "id"]}, "'ordered' is a day or moment and 'id' is text"),
        ({"order": ["tags/*", "items/*/id"]}, "the items of tags and items are not the same"),
        (
            {"between": "urgent", "from": {"value": 0}},
            "it asks which comes first, and 'urgent' is true or false",
        ),
        ({"between": "ordered", "from": {"value": 2017}}, "and the rule compares it with 2017"),
        ({"between": "ordered", "from": {"value": "soon"}}, "'soon' is none (write 2017-12-31)"),
        ({"between": "total", "from": {"value": 3}, "to": {"value": 2}}, "from 3 to 2 nothing lies"),
        ({"in": "currency", "values": ["USD", 5]}, "'currency' is text, and the rule compares it with 5"),
        ({"in": "currency", "values": [["USD"]]}, "is no single value"),
        ({"in": "currency", "values": "lines"}, "'currency' is text and 'lines' is a number"),
        ({"same": ["currency", "urgent"]}, "'currency' is text and 'urgent' is true or false"),
        ({"exists": "shiped"}, "which the schema does not describe; did you mean 'shipped'?"),
        ({"exists": "total/-1"}, "names 'total/-1', which the schema does not describe"),
        ({"exists": "id", "when": {"required": ["stat"]}}, "when names 'stat', which the schema does not"),
        (
            {"exists": "id", "when": {"allOf": [{"not": {"properties": {"addres": {}}}}]}},
            "when names 'addres'",
        ),
        (
            {"exists": "id", "when": {"properties": {"address": {"required": ["twon"]}}}},
            "when names 'address/twon'",
        ),
        (
            {**ADD_UP, "where": {"required": ["deu"]}},
            "where names 'deu', which the schema does not describe; did you",
        ),
        ({**ADD_UP, "where": {"type": "objekt"}}, "x-rules[0].where.type"),
        ({**IN_ORDER, "where": {}}, ""),
        ({**IN_ORDER, "where": {"required": ["id"]}}, "and no path has a star"),
        ({"same": ["tags/*", "items/*/id"], "where": {"required": ["id"]}}, "the paths lead through several"),
        (
            {"count": "tags/*", "atLeast": {"value": 1}, "tolerance": "1"},
            "'sum' is a dependency of 'tolerance'",
        ),
    ],
)
def test_a_rule_that_can_never_be_judged_is_an_error_of_the_schema(
    tmp_path: Path, rule: dict[str, Any], said: str
) -> None:
    if not said:
        assert schemas(tmp_path, rule)
        return
    with pytest.raises(SchemaError) as refused:
        schemas(tmp_path, rule)
    assert said in str(refused.value)
    assert str(refused.value).endswith((".", "?"))


def test_two_rules_cannot_have_one_id(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="rule a of orders: the id stands 2 times"):
        schemas(tmp_path, {"exists": "id", "id": "a"}, {"exists": "total", "id": "a"})


@pytest.mark.parametrize("deeper", [{"x-rules": [{"id": "a", "exists": "id"}]}, {"x-primaryKey": ["id"]}])
@pytest.mark.parametrize("inside", [False, True])
def test_rules_inside_the_records_would_be_seen_by_nobody(
    tmp_path: Path, deeper: dict[str, Any], *, inside: bool
) -> None:
    item: dict[str, Any] = {"type": "object", "properties": {"id": TEXT}, **(deeper if inside else {})}
    array = {"type": "array", "items": item, **({} if inside else deeper)}
    with pytest.raises(
        SchemaError, match="inside the records of orders; it belongs on the records themselves"
    ):
        schemas(tmp_path, properties={"parts": array})


def test_rules_of_a_record_are_those_of_the_schema_that_it_refers_to(tmp_path: Path) -> None:
    record = {"type": "object", "properties": {"id": TEXT}, "x-rules": [{"id": "has-id", "exists": "id"}]}
    schema_file(tmp_path, record, "record.schema.json")
    whole = {"properties": {"orders": {"type": "array", "items": {"$ref": "record.schema.json"}}}}
    found = resources_of(load_schema(schema_file(tmp_path, whole)), ["orders"])
    assert [rule.id for rule in found["orders"].rules] == ["has-id"]
