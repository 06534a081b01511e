"""A wrong report definition is refused with the place, what is allowed there, and the nearest name."""

import copy
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sales import Sale, analysis, report

from xlreport.errors import SpecError, UsageError
from xlreport.resources import schemas_folder
from xlreport.spec import Parameters, load_report, parse_report, shipped_reports
from xlreport.spec.records import AllOf, AnyOf, Compare, FieldRef, Not, PeriodDay

SCHEMA = json.loads((schemas_folder() / "report.schema.json").read_text(encoding="utf-8"))
ANNUAL = json.loads(shipped_reports()["annual-results"].read_text(encoding="utf-8"), parse_float=Decimal)
SHEETS = {sheet["name"]: position for position, sheet in enumerate(ANNUAL["sheets"])}
COHORT = {"of": "contracts", "entity": "customerId", "date": "signedDate"}
LONG = "The name of a sheet with 40 characters.."


def steps(path: str) -> list[str | int]:
    """Return the steps of ``sheets/Countries/pivots/0``; a sheet goes by its name."""
    return [SHEETS.get(step, int(step) if step.isdigit() else step) for step in path.split("/")]


def place(path: str) -> str:
    """Return ``$.sheets[4].pivots[0]`` for ``sheets/Countries/pivots/0``."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps(path))


def changed(path: str, to: object, definition: Mapping[str, Any] = ANNUAL) -> dict[str, Any]:
    """Return a definition with the member at ``path`` changed."""
    document = copy.deepcopy(dict(definition))
    *outer, last = steps(path)
    member: Any = document
    for step in outer:
        member = member[step]
    member[last] = to
    return document


def refusal(document: object, **parameters: object) -> list[str]:
    """Return the sentences that a definition is refused with."""
    with pytest.raises(SpecError) as caught:
        parse_report(document, **parameters)
    return str(caught.value).splitlines()


def assert_one_sentence_with(sentences: list[str], *words: str) -> None:
    assert len(sentences) == 1
    for word in words:
        assert word in sentences[0]


# --- what is shipped ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped_reports())
def test_a_shipped_report_is_read(name: str) -> None:
    spec = load_report(name)
    assert spec.name == name
    assert spec.sheets


def test_a_report_of_your_own_is_named_by_its_file_or_folder(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(json.dumps(report()), encoding="utf-8")
    assert load_report(tmp_path).name == load_report(tmp_path / "report.json").name == "sales"


def test_an_unknown_report_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"annual-result: no such report.*did you mean 'annual-results'\?"):
        load_report("annual-result")


def test_a_file_that_is_not_json_is_refused_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{\n  "name": "x",\n}', encoding="utf-8")
    with pytest.raises(SpecError, match=r"report\.json:(2:14|3:1): the report definition is not JSON"):
        load_report(path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(SpecError, match="cannot be read"):
        load_report(path)


# --- the schema of definitions ------------------------------------------------------------------------


def properties(node: object, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every property that a schema describes, at any depth, with its path."""
    if isinstance(node, dict):
        described = node.get("properties", {})
        yield from ((f"{path}/{name}", described[name]) for name in described)
        for name, member in node.items():
            yield from properties(member, f"{path}/{name}")
    elif isinstance(node, list):
        for position, member in enumerate(node):
            yield from properties(member, f"{path}/{position}")


def referenced(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with what it refers to, its own words first."""
    target: Mapping[str, Any] = SCHEMA
    for step in schema.get("$ref", "#").removeprefix("#").split("/")[1:]:
        target = target[step]
    return {**target, **schema} if "$ref" in schema else schema


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("path", "schema"), [pytest.param(path, schema, id=path) for path, schema in properties(SCHEMA)]
)
def test_every_property_has_a_title_and_says_what_it_is(path: str, schema: Mapping[str, Any]) -> None:
    described = referenced(schema)
    assert described.get("title"), path
    assert described.get("description", "").endswith("."), path


def test_no_object_takes_unknown_names() -> None:
    described = [
        node
        for _, node in [("", SCHEMA), *properties(SCHEMA), *(("", part) for part in SCHEMA["$defs"].values())]
        if "properties" in node
    ]
    assert described
    assert all(node.get("additionalProperties") is False for node in described)


# --- words that are not known -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("titel", "title"),
        ("measures/signedValue/feild", "field"),
        ("measures/top1Customer/concentration/tops", "top"),
        ("pivots/countries/colums", "columns"),
        ("pivots/countries/sort/dsecending", "descending"),
        ("tables/contracts/form", "from"),
        ("tables/customers/cohort/entitty", "entity"),
        ("bridges/orderBook/movment", "movement"),
        ("parameters/baseCurency", "baseCurrency"),
        ("sheets/0/tittle", "title"),
    ],
)
def test_a_misspelt_property_is_named_with_the_nearest(path: str, meant: str) -> None:
    outer, _, wrong = path.rpartition("/")
    where = place(outer) if outer else "$"
    assert_one_sentence_with(
        refusal(changed(path, to="x")),
        f"report {where}: '{wrong}' is not known here; allowed are ",
        f"did you mean '{meant}'?",
    )


@pytest.mark.parametrize(
    ("path", "wrong", "allowed", "meant"),
    [
        ("measures/signedValue/aggregate", "summ", "count, distinct", "sum"),
        ("measures/signedValue/unit", "mony", "percent", "money"),
        ("pivots/countries/values/0/show", "shares", "cumulativeShare", "share"),
        ("sheets/0/kind", "content", "statement, summary", "contents"),
        ("parameters/ratePolicy", "periodAvg", "signingDate", "periodAverage"),
        ("tables/contracts/columns/rate/convert/take", "rates", "rateDate", "rate"),
        ("tables/partners/columns/region/region/take", "group", "subregion", "grouping"),
        ("filters/openAtEnd/any/1/moreThan/period", "ends", "start", "end"),
    ],
)
def test_a_wrong_word_is_named_with_those_that_are_allowed(
    path: str, wrong: str, allowed: str, meant: str
) -> None:
    assert_one_sentence_with(
        refusal(changed(path, to=wrong)),
        f"{place(path)}: '{wrong}' is not allowed; allowed are ",
        allowed,
        f"did you mean '{meant}'?",
    )


@pytest.mark.parametrize(
    ("path", "wrong", "what", "meant"),
    [
        ("measures/signedValue/where", "frim", "filter", "firm"),
        ("pivots/countries/where", "frim", "filter", "firm"),
        ("filters/openAtEnd/any/0", "closd", "filter", "closed"),
        ("tables/closures/where/all/0", "frim", "filter", "firm"),
        ("tables/customers/cohort/where", "frim", "filter", "firm"),
        ("tables/bookEntries/union/1/where", "frim", "filter", "firm"),
        ("tables/contracts/columns/firm/flag/where/not/any/0", "framwork", "filter", "framework"),
        ("measures/signedValue/of", "contract", "table", "contracts"),
        ("measures/orderBook/balance/of", "bookEntrys", "table", "bookEntries"),
        ("measures/bookToBill/ratio/0", "signedVlaue", "measure", "signedValue"),
        ("measures/top1Country/concentration/of", "signedVal", "measure", "signedValue"),
        ("pivots/countries/values/0/measure", "contractSigned", "measure", "contractsSigned"),
        ("bridges/orderBook/balance", "orderBok", "measure", "orderBook"),
        ("sheets/Countries/pivots/0", "countrys", "pivot", "countries"),
        ("sheets/Summary/charts/0/measures/0", "signedVal", "measure", "signedValue"),
        ("sheets/Summary/charts/1/pivot", "countrys", "pivot", "countries"),
        ("sheets/Summary/groups/0/measures/0", "signedVal", "measure", "signedValue"),
        ("sheets/Statement/statements/1/when", "contributor", "measure", "contributors"),
        ("sheets/Order book/bridge", "orderBok", "bridge", "orderBook"),
        ("sheets/Contract data/table", "contrats", "table", "contracts"),
        ("sheets/Contract data/marks/0/measure", "signedVal", "measure", "signedValue"),
    ],
)
def test_a_name_that_refers_to_nothing_is_named_with_the_nearest(
    path: str, wrong: str, what: str, meant: str
) -> None:
    sentences = refusal(changed(path, to=wrong))
    assert_one_sentence_with(sentences, f": no {what} '{wrong}'; there are ", f"did you mean '{meant}'?")
    said = sentences[0].removeprefix("report ").partition(": ")[0]
    assert place(path).startswith(said)
    assert said.startswith(place("/".join(path.split("/")[:2])))


def test_every_wrong_name_is_told_at_once() -> None:
    document = changed("measures/bookToBill/ratio/0", to="signedVlaue")
    document["pivots"]["countries"]["values"][0]["measure"] = "contractSigned"
    document["measures"]["signedValue"]["where"] = "frim"
    said = "\n".join(refusal(document))
    assert all(f"'{name}'" in said for name in ("signedVlaue", "contractSigned", "frim"))


def test_every_violation_of_the_schema_is_told_at_once() -> None:
    document = changed("measures/signedValue/aggregate", to="summ")
    document["pivots"]["countries"]["rows"] = []
    document["titel"] = "x"
    assert len(refusal(document)) == 3


# --- values that are wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("title", 2017, ("2017", "a text")),
        ("sheets", {}, ("a list",)),
        ("parameters/topN", "ten", ("'ten'", "a whole number")),
        ("parameters/history", 0, ("the least is 1",)),
        ("parameters/baseCurrency", "usd", ("'usd'", "ISO 4217")),
        ("parameters/period", "2017-06", ("'2017-06'", "2016-07-01..2017-06-30")),
        ("parameters/fixedRateDate", "2017-13-45", ("2017-13-45",)),
        ("pivots/countries/rows", [], ("at least 1",)),
        ("pivots/countries/rows", list("abcdefghi"), ("at most 8",)),
        ("pivots/countries/sort/by", 9, ("6 value fields", "9")),
        ("filters/firm", {"field": "firm"}, ("one comparison",)),
        ("filters/firm", {"field": "a", "is": 1, "in": [2]}, ("one comparison", "all")),
        ("measures/signedValue/when", {"inside": "signedDate"}, ("'inside'",)),
        ("measures/signedValue", {"title": "x", "of": "contracts", "aggregate": "sum"}, ("needs a field",)),
        ("tables/contracts/columns/rate", {"title": "x"}, ("exactly one of", "none")),
        ("tables/contracts/columns/rate", {"copy": "id", "constant": 1}, ("copy and constant",)),
        ("tables/contracts", {"from": "a", "cohort": COHORT}, ("exactly one of", "from and cohort")),
        ("tables/bookEntries/union/1/columns", {"date": {"copy": "date"}}, ("movement, contract, date",)),
        ("tables/contracts/columns/x", {"child": {"table": "a", "pick": "first", "take": "b"}}, ("orderBy",)),
        ("tables/contracts/columns/x", {"child": {"table": "a", "pick": "sum"}}, ("take",)),
        ("bridges/orderBook/balance", "signedValue", ("not a balance",)),
        ("sheets/Summary/charts/1/value", 7, ("6 value fields", "7")),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    path: str, value: object, words: tuple[str, ...]
) -> None:
    said = "\n".join(refusal(changed(path, to=value)))
    for word in (place(path), *words):
        assert word in said


@pytest.mark.parametrize("document", [None, [], "report", 3, True])
def test_a_definition_is_an_object(document: object) -> None:
    assert_one_sentence_with(refusal(document), "report $: ", "an object")


def test_what_is_missing_is_named() -> None:
    assert_one_sentence_with(refusal({}), "'name', 'title' and 'sheets'", "missing")


# --- names of sheets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (LONG, ("has 40 characters and Excel allows 31", "would do")),
        ("CONTENTS", ("is used twice", "upper from lower case", "'CONTENTS (2)' would do")),
        ("a/b", ("Excel does not allow", r"[ ] : * ? / \\"[:-1], "would do")),
        ("'a", ("Excel does not allow", "a quote at an end", "would do")),
        ("History", ("Excel", "'History sheet' would do")),
        ("", ("is empty",)),
    ],
)
def test_a_sheet_name_that_excel_refuses_is_refused_with_one_that_would_do(
    name: str, words: tuple[str, ...]
) -> None:
    assert_one_sentence_with(refusal(changed("sheets/4/name", to=name)), "$.sheets[4].name: ", *words)


# --- circles ------------------------------------------------------------------------------------------


def test_filters_that_go_round_in_a_circle_are_refused() -> None:
    document = changed("filters/closed", to={"not": "firm"})
    document["filters"]["firm"] = {"all": ["closed", "framework"]}
    sentences = refusal(document)
    assert_one_sentence_with(sentences, "$.filters.", "in a circle", "closed -> firm", "break it")


def test_a_filter_that_is_itself_is_refused() -> None:
    assert_one_sentence_with(refusal(changed("filters/firm", to="firm")), "firm -> firm", "circle")


@pytest.mark.parametrize("over", ["bookToBill", "coverYears"])
def test_ratios_that_go_round_in_a_circle_are_refused(over: str) -> None:
    document = changed("measures/coverYears/ratio/0", to="bookToBill")
    document["measures"]["bookToBill"]["ratio"][0] = over
    assert_one_sentence_with(refusal(document), "$.measures.", "circle")


def test_a_filter_may_be_used_twice() -> None:
    document = report()
    document["filters"] = {"big": {"field": "amount", "atLeast": 5}, "both": {"all": ["big", "big"]}}
    document["pivots"]["pivot"]["where"] = "both"
    big = Compare("amount", "atLeast", 5)
    assert parse_report(document).pivots[0].where == AllOf((big, big))


# --- what a condition becomes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "parsed"),
    [
        ({"field": "a", "is": "x"}, Compare("a", "is", "x")),
        ({"field": "a", "is": None}, Compare("a", "is", None)),
        ({"field": "a", "exists": False}, Compare("a", "exists", operand=False)),
        ({"field": "a", "in": ["x", None, 3]}, Compare("a", "in", ("x", None, 3))),
        ({"field": "a", "atLeast": "2017-02-28"}, Compare("a", "atLeast", dt.date(2017, 2, 28))),
        ({"field": "a", "is": 0.1}, Compare("a", "is", Decimal("0.1"))),
        ({"field": "a", "lessThan": {"field": "b"}}, Compare("a", "lessThan", FieldRef("b"))),
        ({"field": "a", "moreThan": {"period": "end"}}, Compare("a", "moreThan", PeriodDay("end"))),
        ({"not": {"field": "a", "is": 1}}, Not(Compare("a", "is", 1))),
        ({"any": [{"field": "a", "is": 1}]}, AnyOf((Compare("a", "is", 1),))),
    ],
)
def test_a_condition_becomes_records(condition: Mapping[str, Any], parsed: object) -> None:
    assert parse_report(report(where=condition)).pivots[0].where == parsed


# --- parameters ---------------------------------------------------------------------------------------


def test_parameters_given_replace_those_of_the_definition() -> None:
    spec = load_report("annual-results", period="2016", top_n=3, history=None)
    assert spec.parameters == Parameters(
        period="2016", base_currency="USD", rate_policy="signingDate", lookback_years=3, history=6, top_n=3
    )


def test_a_number_of_the_definition_can_be_a_parameter() -> None:
    top = load_report("annual-results", top_n=3).pivot("topCustomers").top
    assert top is not None
    assert top.n == 3


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    assert_one_sentence_with(refusal(ANNUAL, topn=3), "no parameter 'topn'", "did you mean 'top_n'?")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"rate_policy": "fixd"}, ("fixd", "signingDate", "did you mean 'fixed'?")),
        ({"rate_policy": "fixed"}, ("fixed", "day")),
        ({"rate_policy": "fixed", "fixed_rate_date": "2017-13-45"}, ("2017-13-45",)),
        ({"history": 0}, ("history", "0", "1")),
        ({"history": "6"}, ("history", "'6'", "whole number")),
        ({"top_n": 0}, ("top", "0", "1")),
        ({"top_n": -3}, ("top", "-3")),
        ({"lookback_years": -1}, ("lookback", "-1")),
        ({"base_currency": "usd"}, ("usd", "ISO 4217")),
        ({"period": 2017}, ("period", "2017")),
    ],
    ids=str,
)
def test_a_parameter_given_is_held_against_what_is_allowed(
    parameters: Mapping[str, Any], words: tuple[str, ...]
) -> None:
    said = "\n".join(refusal(ANNUAL, **parameters))
    for word in words:
        assert word in said


# --- a definition against the data --------------------------------------------------------------------


CONVERT = {"amount": "amount", "currency": "region", "on": "day"}
BALANCE = {"of": "sales", "amount": "amount", "currency": "region", "date": "day"}
CONCENTRATION = {"of": "value", "by": "region", "top": 1}


def against_data(path: str, to: object) -> str:
    """Return what a report of two sales is refused with, after a change."""
    with pytest.raises(SpecError) as caught:
        analysis([Sale(), Sale("South")], changed(path, to, report()))
    return str(caught.value)


def made(**computation: object) -> dict[str, object]:
    return {"made": computation}


def balance(**members: object) -> dict[str, object]:
    return {"title": "Book", "balance": {**BALANCE, **members}}


def concentration(**members: object) -> dict[str, object]:
    return {"title": "Top", "concentration": {**CONCENTRATION, **members}}


def data_sheet(**members: object) -> dict[str, object]:
    return {"kind": "data", "name": "Data", "table": "sales", **members}


@pytest.mark.parametrize(
    ("path", "to", "meant"),
    [
        ("date", "sales/dya", "day"),
        ("tables/sales/from", "sale", "sales"),
        ("tables/sales/where", {"field": "regoin", "is": "North"}, "region"),
        ("tables/sales/columns", made(copy="regoin"), "region"),
        ("tables/sales/columns", made(coalesce=["region", "prodct"]), "product"),
        ("tables/sales/columns", made(convert={**CONVERT, "currency": "regoin"}), "region"),
        ("measures/value/field", "amuont", "amount"),
        ("measures/value/when", {"in": "dya"}, "day"),
        ("measures/value/where", {"field": "regoin", "is": "North"}, "region"),
        ("measures/top", concentration(by="regoin"), "region"),
        ("measures/book", balance(amount="amuont"), "amount"),
        ("pivots/pivot/rows", ["regoin"], "region"),
        ("pivots/pivot/columns", ["regoin"], "region"),
        ("pivots/pivot/where", {"field": "regoin", "is": "North"}, "region"),
        ("sheets/0", data_sheet(columns=["amuont"]), "amount"),
        ("sheets/0", data_sheet(orderBy=["amuont"]), "amount"),
    ],
)
def test_a_field_that_the_data_does_not_have_is_named_with_the_nearest(
    path: str, to: object, meant: str
) -> None:
    said = against_data(path, to)
    assert place("/".join(path.split("/")[:2])) in said
    assert f"did you mean '{meant}'?" in said


@pytest.mark.parametrize(
    ("path", "to", "wrong"),
    [
        ("date", "sales/region", "region"),
        ("tables/sales/columns", made(convert={**CONVERT, "amount": "region"}), "region"),
        ("tables/sales/columns", made(convert={**CONVERT, "on": "product"}), "product"),
        ("tables/sales/columns", made(add=["amount", "region"]), "region"),
        ("tables/sales/columns", made(year="region"), "region"),
        ("tables/sales/columns", made(period={"of": "region"}), "region"),
        ("tables/sales/columns", made(words="amount"), "amount"),
        ("tables/sales/columns", made(coalesce=["region", "amount"]), "amount"),
        ("measures/value/field", "region", "region"),
        ("measures/mean/field", "region", "region"),
        ("measures/median/field", "region", "region"),
        ("measures/value/when", {"in": "region"}, "region"),
        ("measures/value/where", {"field": "amount", "is": "much"}, "much"),
        ("measures/value/where", {"field": "region", "is": 3}, "3"),
        ("measures/value/where", {"field": "day", "atLeast": "2017-99-99"}, "2017-99-99"),
        ("measures/book", balance(amount="region"), "region"),
        ("measures/book", balance(date="region"), "region"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(path: str, to: object, wrong: str) -> None:
    said = against_data(path, to)
    assert place("/".join(path.split("/")[:2])) in said
    assert wrong in said
