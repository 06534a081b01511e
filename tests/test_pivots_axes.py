"""The labels of a pivot: what is one item, what it is called, in which order; and what is no axis at all."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sales import Sale, analysis, report, table
from test_pivots_crossed import crossed

from xlreport.analysis.axes import NOT_STATED, AxisColumn, axis_column
from xlreport.analysis.conversions import Conversions
from xlreport.analysis.engine import Engine
from xlreport.analysis.model import Model
from xlreport.analysis.periods import Period
from xlreport.analysis.regions import Regions
from xlreport.analysis.sql import quoted
from xlreport.errors import SpecError
from xlreport.spec import parse_report
from xlreport.spec.records import AxisField, From, Parameters, TableSpec
from xlreport.spec.wanted import wanted_columns

ROWS = [{"measure": "rows"}]


def labelled(sales: Sequence[Sale], field: str, by: Any = "") -> tuple[AxisColumn, list[object]]:
    """Return the axis column of a field, and the label that it gives each sale."""
    everything = Period(dt.date(1, 1, 1), dt.date(9999, 12, 31))
    engine = Engine()
    conversions = Conversions(None, Parameters(), everything, (everything,))
    model = Model(engine, (everything,), (everything,), Regions(()), conversions)
    model.load({"sales": table(sales)})
    model.build(TableSpec("sales", "Sales", From("sales")))
    built = model.table("sales")
    column = axis_column(model, [built], AxisField(field, by))
    assert axis_column(model, [built], AxisField(field, by)) == column
    select = column.sql + f" FROM {quoted(built.stored)} t ORDER BY _row"
    labels = [row[0] for row in engine.rows("SELECT " + select)]
    engine.close()
    return column, labels


# --- labels -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "by", "values", "labels", "order"),
    [
        ("region", "", ["b", "A", "c"], ["b", "A", "c"], ("A", "b", "c")),
        ("region", "", [" b", None, "B", "b"], ["b", NOT_STATED, "b", "b"], ("b", NOT_STATED)),
        ("region", "", ["B", "b"], ["B", "B"], ("B",)),
        ("region", "", ["#N/A", "#REF!", ""], ["#N/A", "#REF!", NOT_STATED], ("#N/A", "#REF!", NOT_STATED)),
        ("region", "", ["Maße", "Masse"], ["Maße", "Masse"], ("Masse", "Maße")),
        ("size", "", [10, 9, -1], [10, 9, -1], (-1, 9, 10)),
        ("size", "", [10, None, 9], ["10", NOT_STATED, "9"], ("9", "10", NOT_STATED)),
        ("size", "", [10**15, 9], ["1000000000000000", "9"], ("9", "1000000000000000")),
        ("urgent", "", [True, None, False], ["Yes", NOT_STATED, "No"], ("No", "Yes", NOT_STATED)),
        (
            "amount",
            "",
            ["1.50", "10", "0.00", "-2.05"],
            ["1.5", "10", "0", "-2.05"],
            ("-2.05", "0", "1.5", "10"),
        ),
        ("amount", "", ["100", "20"], ["100", "20"], ("20", "100")),
        ("day", "", ["2017-03-09", None], ["2017-03-09", NOT_STATED], ("2017-03-09", NOT_STATED)),
        ("day", "year", ["2017-03-09", "0017-12-31"], ["2017", "0017"], ("0017", "2017")),
        ("day", "quarter", ["2017-10-01", "2017-09-30"], ["2017-Q4", "2017-Q3"], ("2017-Q3", "2017-Q4")),
        ("day", "month", ["2017-10-01", "2017-09-30"], ["2017-10", "2017-09"], ("2017-09", "2017-10")),
    ],
)
def test_every_value_has_its_label(
    field: str, by: str, values: list[Any], labels: list[object], order: tuple[object, ...]
) -> None:
    read = {"day": dt.date.fromisoformat, "amount": Decimal}.get(field, lambda value: value)
    name = "year" if field == "day" else field
    held = [None if value is None else read(value) for value in values]
    column, found = labelled([Sale(**{name: value}) for value in held], field, by)
    assert found == labels
    assert column.order == order
    assert column.plain == (labels == held)


TEXTS = (
    st.none()
    | st.text(st.sampled_from("aAbBß\u00a0 \t"), max_size=4)
    | st.sampled_from(["not STATED", "Not  stated"])
)


@settings(max_examples=50)
@given(st.lists(TEXTS, max_size=8))
def test_no_two_labels_are_equal_for_excel_and_each_row_has_one(texts: list[str | None]) -> None:
    column, labels = labelled([Sale(text) for text in texts], "region")
    folded = [str(label).lower() for label in column.order]
    assert len(set(folded)) == len(folded)
    assert set(labels) == set(column.order)
    for text, label in zip(texts, labels, strict=True):
        key = " ".join((text or "").split()).lower() or NOT_STATED.lower()
        assert str(label).lower() == key
    assert column.plain == (labels == texts)


def test_long_labels_are_cut_and_told_apart() -> None:
    long = "x" * 300
    column, labels = labelled([Sale(long + "1"), Sale(long + "2"), Sale("y" * 255)], "region")
    assert labels == ["x" * 254 + "…", "x" * 250 + "… (2)", "y" * 255]
    assert set(column.order) == set(labels)
    assert not column.plain


def test_a_remark_names_three_examples_at_most() -> None:
    names = ("alpha", "bravo", "charlie", "delta", "echo")
    found = crossed(
        [Sale(text) for name in names for text in (name, name.upper())], rows=["region"], values=ROWS
    )
    (remark,) = found.remarks
    assert remark == (
        "Region: spellings that differ only in capitals or blanks are one item: 'alpha' with 'ALPHA', "
        "'bravo' with 'BRAVO', 'charlie' with 'CHARLIE' and 2 more."
    )


def test_a_label_has_one_spelling_in_all_pivots_of_a_table() -> None:
    sales = [Sale("North"), Sale("NORTH", year=2016), Sale("NORTH", year=2016)]
    found = analysis(sales, report(["rows"])).pivots["pivot"]
    assert [row.labels for row in found.body] == [("NORTH",)]


# --- headings, filters, the rest of a top --------------------------------------------------------------


def test_headings_are_those_of_the_fields_or_ones_own() -> None:
    found = crossed(
        [Sale()],
        rows=["region", {"field": "product", "title": "What"}],
        columns=[{"field": "day", "by": "year"}, {"field": "day", "by": "month", "title": "Month"}],
        filters=["customer"],
        values=ROWS,
    )
    assert found.row_titles == ("Region", "What")
    assert found.column_titles == ("Day by year", "Month")
    assert found.filter_titles == ("Customer",)


def test_a_filter_of_a_merged_label_lets_all_its_spellings_through() -> None:
    sales = [Sale(product="PUMPS"), Sale(product="pumps "), Sale(product="pumps"), Sale(product="Valves")]
    filters = [{"field": "product", "values": ["pumps"]}]
    found = crossed(sales, rows=["region"], values=ROWS, filters=filters)
    assert [row.values for row in found.rows] == [(3,), (3,)]


def test_a_filter_may_name_the_missing() -> None:
    filters = [{"field": "product", "values": [NOT_STATED]}]
    found = crossed([Sale(), Sale(product=None)], rows=["region"], values=ROWS, filters=filters)
    assert [row.values for row in found.rows] == [(1,), (1,)]


def test_what_a_top_leaves_out_is_in_no_total_and_a_remark_says_so() -> None:
    sales = [Sale("A"), Sale("A"), Sale("B"), Sale("C", product="Only here")]
    top = {"n": 1, "other": False}
    found = crossed(sales, rows=["region"], columns=["product"], values=ROWS, sort={"by": 1}, top=top)
    assert [(row.labels, row.values) for row in found.rows] == [(("A",), (2, 2)), (("Total",), (2, 2))]
    assert [item.labels for item in found.items] == [("Pumps",), ("Total",)]
    assert found.remarks == ("The first 1 of 3; the rest is left out, and out of the totals.",)


def test_a_top_of_several_row_fields_is_of_the_outermost() -> None:
    sales = [Sale("A"), Sale("A", "Valves"), Sale("B"), Sale("C"), Sale("C")]
    found = crossed(sales, rows=["region", "product"], values=ROWS, sort={"by": 1}, top={"n": 1})
    assert [(row.labels, row.kind, row.level, row.values) for row in found.rows] == [
        (("A", ""), "subtotal", 1, (2,)),
        (("A", "Pumps"), "body", 2, (1,)),
        (("A", "Valves"), "body", 2, (1,)),
        (("Other (2)", ""), "other", 1, (3,)),
        (("Total", ""), "total", 0, (5,)),
    ]


def test_fields_of_report_filters_and_of_grouped_dates_are_kept_when_reading() -> None:
    document = report(["rows"], columns=[{"field": "day", "by": "year"}], filters=["customer"])
    wanted = wanted_columns(parse_report(document))
    assert wanted is not None
    assert (wanted.columns("sales") or frozenset()) >= {"region", "day", "customer"}


# --- columns by period --------------------------------------------------------------------------------


def test_differences_and_running_totals_go_from_period_to_period() -> None:
    sales = [Sale(year=2015), Sale(year=2017), Sale(year=2017), Sale("South", year=2016)]
    values = [{"measure": "rows", "show": show} for show in ("difference", "runningTotal", "shareOfRow")]
    found = analysis(sales, report(values, columns=["period"])).pivots["pivot"]
    assert [item.labels for item in found.items] == [("2015",), ("2016",), ("2017",), ("Total",)]
    third = Decimal("0.33333333333333333")
    assert found.rows[0].values == (
        None,
        1,
        third,
        -1,
        1,
        None,
        2,
        3,
        Decimal("0.66666666666666667"),
        None,
        None,
        1,
    )


def test_each_period_is_a_whole_of_its_own() -> None:
    sales = [Sale(year=2016), Sale(year=2017), Sale("South", year=2017)]
    found = analysis(sales, report([{"measure": "rows", "show": "share"}], columns=["period"])).pivots[
        "pivot"
    ]
    assert found.rows[0].values == (None, 1, Decimal("0.5"), Decimal("0.66666666666666667"))


# --- what cannot be asked for --------------------------------------------------------------------------

DAY = {"field": "day", "by": "year"}


@pytest.mark.parametrize(
    ("pivot", "words"),
    [
        ({"rows": ["region", "region"]}, ("rows[1]: 'region' stands in rows[0] already",)),
        ({"rows": ["region"], "columns": ["region"]}, ("columns[0]: 'region' stands in rows[0] already",)),
        ({"rows": [DAY, DAY]}, ("rows[1]: 'day by year' stands in rows[0] already",)),
        ({"rows": ["region"], "filters": ["region"]}, ("filters[0]: 'region'", "narrow it with where")),
        ({"rows": ["region"], "columns": ["period", "product"]}, (".columns: period stands alone",)),
        (
            {"rows": ["region"], "columns": [{"field": "period", "by": "year"}]},
            (".columns[0].by", "leave out by"),
        ),
        (
            {"rows": ["region"], "columns": ["period"], "columnSort": {"by": 1}},
            (".columnSort", "their own order"),
        ),
        ({"rows": ["region"], "columnSort": {"by": 1}}, (".columnSort", "no columns")),
        ({"rows": ["region"], "columns": ["product"], "columnSort": {"by": 2}}, ("columnSort.by", "1 value")),
        (
            {"values": [{"measure": "rows", "show": "rank", "base": "regoin"}]},
            ("values[0].base", "'region'?"),
        ),
        ({"values": [{"measure": "rows", "base": "region"}]}, ("values[0].base", "'value' does not")),
        ({"values": [{"measure": "hhi"}]}, ("values[0].measure: 'hhi'", "whole report only")),
        ({"values": [{"measure": "hhiRatio"}]}, ("values[0].measure: 'hhiRatio'", "whole report only")),
        (
            {"columns": ["period"], "values": [{"measure": "valuePerBuyer", "show": "shareOfRow"}]},
            ("values[0].show", "add up over time"),
        ),
        (
            {"rows": [{"field": "day", "by": "week"}]},
            ("rows[0].by: 'week' is not allowed", "year, quarter and month"),
        ),
        ({"rows": [DAY | {"titel": "Year"}]}, ("rows[0]: 'titel' is not known", "'title'?")),
        ({"top": {"n": 1, "other": 5}}, ("top.other: 5 should be a text or true or false",)),
        ({"rows": ["prodct"]}, ("rows[0]: no field 'prodct'", "did you mean 'product'?")),
        ({"columns": ["prodct"]}, ("columns[0]: no field 'prodct'", "did you mean 'product'?")),
        ({"filters": ["prodct"]}, ("filters[0]: no field 'prodct'", "did you mean 'product'?")),
        (
            {"rows": [{"field": "region", "by": "month"}]},
            ("rows[0]: ", "holds text", "only dates are grouped"),
        ),
        (
            {"filters": ["customer", {"field": "product", "values": ["Pumps", "Pumsp"]}]},
            ("filters[1].values[1]: Product is nowhere 'Pumsp'", "did you mean 'Pumps'?"),
        ),
    ],
)
def test_what_no_pivot_can_do_is_refused_in_one_sentence(pivot: dict[str, Any], words: Sequence[str]) -> None:
    document = report(**({"rows": ["region"], "values": ["rows"]} | pivot))
    document["measures"]["hhi"] = {
        "title": "HHI",
        "concentration": {"of": "value", "by": "customer", "top": 0},
    }
    document["measures"]["hhiRatio"] = {"title": "HHI", "ratio": ["hhi", "rows"]}
    with pytest.raises(SpecError) as refused:
        analysis([Sale()], document)
    (sentence,) = str(refused.value).splitlines()
    assert "$.pivots.pivot." in sentence
    for word in words:
        assert word in sentence


def test_a_filter_of_an_empty_table_is_no_mistake() -> None:
    filters = [{"field": "product", "values": ["Pumps"]}]
    assert crossed([], rows=["region"], values=ROWS, filters=filters).rows == ()
