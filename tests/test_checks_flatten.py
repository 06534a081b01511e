"""Nested records become flat tables: nothing is lost, each row knows its record, each column has one kind."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import checked, contract, dataset, partner, things

from xlreport import checks
from xlreport.checks.columns import as_text, long_numbers
from xlreport.findings import Severity
from xlreport.registry import load_schema, resources_of
from xlreport.tables import Kind, Record, Table, Wanted

SCHEMAS = resources_of(load_schema("dataset"))
AMOUNTS = st.fixed_dictionaries(
    {"amount": st.decimals(-5, 10**17, places=2) | st.just("12"), "currency": st.sampled_from(["USD", "usd"])}
)


def tables(**resources: list[Record]) -> dict[str, Table]:
    """Return the tables of records that no schema describes."""
    return dict(checks.run(dataset(**resources), {}).tables)


def test_nested_values_are_columns_and_arrays_of_objects_are_tables() -> None:
    ships = [
        {"id": "S-1", "size": {"length": 90}, "crew": [{"name": "Ann"}, {"name": "Bob"}]},
        {"id": "S-2", "size": {"length": 40}, "crew": []},
    ]
    found = tables(ships=ships)
    assert list(found) == ["ships", "ships/crew"]
    assert found["ships"]["size/length"] == [90, 40]
    assert found["ships/crew"]["name"] == ["Ann", "Bob"]
    assert found["ships/crew"].records == [0, 0]
    assert found["ships/crew"].parent == "ships"


def test_the_rows_of_a_child_table_begin_with_the_key_of_their_record() -> None:
    milestones = [{"id": "M-1"}, {"id": "M-2"}]
    found = checked(contracts=[contract(), contract(id="C-2", milestones=milestones)]).tables
    table = found["contracts/milestones"]
    assert table.columns[0].name == "contracts/id"
    assert table.columns[0].title == "Contract id"
    assert table["contracts/id"] == ["C-2", "C-2"]
    assert table.records == [1, 1]


def test_without_a_key_the_rows_begin_with_the_number_of_their_record() -> None:
    found = tables(ships=[{"crew": [{"name": "Ann"}]}, {"crew": [{"name": "Bob"}]}])
    assert found["ships/crew"]["ships/record"] == [1, 2]


def test_a_table_in_a_table_names_both_rows_above_it() -> None:
    found = tables(ships=[{"decks": [{"rooms": [{"n": 1}]}, {"rooms": [{"n": 2}, {"n": 3}]}]}])
    rooms = found["ships/decks/rooms"]
    assert (rooms.parent, rooms["ships/record"], rooms["ships/decks/position"]) == (
        "ships/decks",
        [1] * 3,
        [1, 2, 2],
    )
    assert len({column.title.casefold() for column in rooms.columns}) == len(rooms.columns)


def test_a_table_in_a_table_names_the_row_above_by_its_id_where_it_has_one(tmp_path: Path) -> None:
    room = {"properties": {"n": {"type": "integer"}}}
    deck = {"title": "Deck", "properties": {"id": {"title": "ID"}, "rooms": {"type": "array", "items": room}}}
    schema = {"properties": {"name": {}, "decks": {"type": "array", "items": deck}}}
    found = things(tmp_path, schema, {"decks": [{"rooms": [{"n": 1}], "id": "upper"}]}).tables[
        "things/decks/rooms"
    ]
    assert [column.title for column in found.columns] == ["Thing record", "Deck ID", "N"]
    assert found["things/decks/id"] == ["upper"]


def test_columns_come_in_the_order_of_the_schema_then_as_they_appear() -> None:
    found = checked(contracts=[contract(zeal=1), contract(id="C-2", alpha=2, number="7")]).tables["contracts"]
    assert found.names[:3] == ("id", "number", "title")
    assert found.names[-2:] == ("zeal", "alpha")
    assert found["zeal"] == [1, None]
    assert found["alpha"] == [None, 2]


def test_columns_that_appear_late_are_filled_up_from_the_start_over_batches() -> None:
    records = [{"n": number, **({"late": True} if number > 2500 else {})} for number in range(3000)]
    table = tables(ships=records)["ships"]
    assert table["n"] == list(range(3000))
    assert table["late"][:2501] == [None] * 2501
    assert table.column("late").kind is Kind.BOOLEAN


def test_the_kind_of_a_column_is_that_of_all_its_batches() -> None:
    def column(values: list[object]) -> tuple[Kind, list[object]]:
        records = [{"n": number, "a": values[number // 1000]} for number in range(1000 * len(values))]
        table = tables(ships=records)["ships"]
        return table.column("a").kind, table["a"][::1000]

    half, day = Decimal("0.5"), dt.date(2017, 3, 1)
    assert column([None, 1, half]) == (Kind.DECIMAL, [None, Decimal(1), half])
    assert column(["2017-03-01", None, "2017-03-01"]) == (Kind.DATE, [day, None, day])
    assert column(["2017-03-01", "soon", None]) == (Kind.TEXT, ["2017-03-01", "soon", None])
    assert column([True, "x", half]) == (Kind.TEXT, ["true", "x", "0.5"])
    assert column([1, True]) == (Kind.TEXT, ["1", "true"])


def test_every_table_and_column_of_the_schema_is_there_without_data() -> None:
    found = checked(contracts=[]).tables
    assert {"contracts", "contracts/payments", "partners"} <= set(found)
    assert len(found["contracts/payments"]) == 0
    assert found["contracts/payments"].names[:3] == ("contracts/id", "id", "date")


def test_an_amount_knows_its_currency() -> None:
    found = checked(contracts=[contract()]).tables
    assert found["contracts"].column("value/amount").currency == "value/currency"
    assert found["contracts/amendments"].column("valueAfter/amount").currency == "valueAfter/currency"
    assert (
        tables(payments=[{"amount": 3, "currency": "USD"}])["payments"].column("amount").currency
        == "currency"
    )
    assert tables(payments=[{"amount": 3}])["payments"].column("amount").currency == ""


def test_lists_of_plain_values_are_joined() -> None:
    partner = {"id": "P-1", "name": "Navy", "aliases": ["The Navy", "NVY"], "roles": []}
    table = checked(contracts=[], partners=[partner]).tables["partners"]
    assert table["aliases"] == ["The Navy; NVY"]
    assert table["roles"] == [None]


def test_values_get_the_kind_of_their_field() -> None:
    table = checked(contracts=[contract(value={"amount": 5, "currency": "USD"})]).tables["contracts"]
    assert table["signedDate"] == [dt.date(2017, 3, 1)]
    assert table["value/amount"] == [Decimal(5)]
    assert type(table["value/amount"][0]) is Decimal


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2017-03-01T09:30:00Z", dt.datetime(2017, 3, 1, 9, 30)),  # noqa: DTZ001  # as a worksheet holds it
        ("2017-03-01t09:30:00+02:00", dt.datetime(2017, 3, 1, 7, 30)),  # noqa: DTZ001
    ],
)
def test_moments_are_in_utc_without_a_zone(tmp_path: Path, text: str, moment: str) -> None:
    table = things(
        tmp_path, {"properties": {"at": {"type": "string", "format": "date-time"}}}, {"at": text}
    ).tables
    assert table["things"]["at"] == [moment]


@pytest.mark.parametrize(
    ("values", "kind", "cells"),
    [
        ([1, None], Kind.INTEGER, [1, None]),
        ([1, Decimal("1.5")], Kind.DECIMAL, [Decimal(1), Decimal("1.5")]),
        ([True, False], Kind.BOOLEAN, [True, False]),
        (["2017-03-01", None], Kind.DATE, [dt.date(2017, 3, 1), None]),
        (["2017-03-01", "soon"], Kind.TEXT, ["2017-03-01", "soon"]),
        (["2017-02-30"], Kind.TEXT, ["2017-02-30"]),
        (["20170301"], Kind.TEXT, ["20170301"]),
        ([1, "x", True, Decimal("1E+3")], Kind.TEXT, ["1", "x", "true", "1000"]),
    ],
)
def test_kinds_are_worked_out_where_no_schema_tells_them(
    values: list[object], kind: Kind, cells: list[object]
) -> None:
    table = tables(ships=[{"n": 0, "a": value} for value in values])["ships"]
    assert table.column("a").kind is kind
    assert table["a"] == cells
    assert [type(cell) for cell in table["a"]] == [type(cell) for cell in cells]


def test_a_wrong_value_in_a_record_with_errors_is_an_empty_cell() -> None:
    outcome = checked(contracts=[contract(signedDate="soon"), contract(id="C-2")])
    table = outcome.tables["contracts"]
    assert table.column("signedDate").kind is Kind.DATE
    assert table["signedDate"] == [None, dt.date(2017, 3, 1)]


def test_a_value_that_the_schema_allows_and_its_column_cannot_hold_makes_the_column_text(
    tmp_path: Path,
) -> None:
    schema = {"properties": {"on": {"title": "On", "type": "string", "format": "date"}}}
    outcome = things(tmp_path, schema, {"on": "2017-03-01"}, {"on": "0000-01-01"})
    table = outcome.tables["things"]
    assert (table.column("on").kind, table["on"]) == (Kind.TEXT, ["2017-03-01", "0000-01-01"])
    (finding,) = outcome.findings
    assert (finding.code, finding.severity, finding.record) == ("kept-as-text", Severity.WARNING, 1)
    assert (
        finding.message
        == "On '0000-01-01' is not a date that Excel can hold; the whole column is kept as text."
    )


def test_a_column_of_text_stays_one_in_the_batches_that_follow(tmp_path: Path) -> None:
    schema = {"properties": {"on": {"type": "string", "format": "date"}}}
    days = [{"on": "0000-01-01" if number in {5, 1500} else "2017-03-01"} for number in range(2500)]
    table = things(tmp_path, schema, *days).tables["things"]
    assert table["on"] == [day["on"] for day in days]


def test_truth_values_and_whole_numbers_of_a_wrong_kind_are_empty_cells(tmp_path: Path) -> None:
    schema = {"properties": {"sure": {"type": "boolean"}, "n": {"type": "integer"}, "x": {"type": "number"}}}
    right, wrong = {"sure": True, "n": Decimal("2.0"), "x": 3}, {"sure": 1, "n": Decimal("2.5"), "x": "3"}
    table = things(tmp_path, schema, right, wrong).tables["things"]
    assert (table["sure"], table["n"], table["x"]) == ([True, None], [2, None], [Decimal(3), None])


def test_text_may_be_an_object_in_the_next_record() -> None:
    table = tables(firms=[{"address": "Oslo"}, {"address": {"town": "Bergen"}}])["firms"]
    assert table["address"] == ["Oslo", None]
    assert table["address/town"] == [None, "Bergen"]


def test_a_list_may_hold_objects_and_plain_values() -> None:
    found = tables(firms=[{"seen": ["1988", {"year": 1989}, None]}])
    assert found["firms"]["seen"] == ["1988"]
    assert found["firms/seen"]["year"] == [1989]


def test_titles_that_the_data_brings_do_not_clash() -> None:
    found = checked(contracts=[contract(AMOUNT=1, Signed=2)]).tables["contracts"]
    titles = [column.title.casefold() for column in found.columns]
    assert len(set(titles)) == len(titles)
    assert found.column("value/amount").title == "Amount"


@pytest.mark.parametrize(
    ("number", "is_long"),
    [
        (Decimal(123456789012345), False),
        (Decimal(1234567890123456), True),
        (Decimal("-1234567890123.45"), False),
        (Decimal("12345678901234.56"), True),
        (Decimal("0.000000000000000000012"), False),
        (Decimal("1E+30"), False),
        (10**30, False),
        (10**15 + 1, True),
        ("1234567890123456", False),
        (None, False),
    ],
)
def test_numbers_of_more_than_15_digits_are_found(number: object, is_long: bool) -> None:  # noqa: FBT001
    assert bool(long_numbers([number])) is is_long


def test_an_amount_of_too_many_digits_is_a_warning_at_its_place() -> None:
    long = {"amount": Decimal("12345678901234.56"), "currency": "USD"}
    payments = [{"id": name, "date": "2017-03-01", "value": long} for name in ("Y-1", "Y-2")]
    outcome = checked(contracts=[contract(payments=payments)])
    found = [(finding.code, finding.severity, finding.place.path) for finding in outcome.findings]
    assert found == [
        ("too-many-digits", Severity.WARNING, "$.payments[0].value.amount"),
        ("too-many-digits", Severity.WARNING, "$.payments[1].value.amount"),
    ]
    assert outcome.used()["contracts/payments"]["value/amount"] == [Decimal("12345678901234.56")] * 2


@settings(deadline=None)
@given(
    st.lists(st.builds(contract, value=AMOUNTS, zeal=st.integers(), number=st.text(max_size=2)), max_size=4)
)
def test_keeping_fewer_columns_changes_neither_them_nor_the_findings(contracts: list[Record]) -> None:
    everything = checked(contracts=contracts)
    names = frozenset({"number", "value/amount", "zeal", "contracts/id"})
    some = checks.run(
        dataset(partners=[partner()], contracts=contracts),
        SCHEMAS,
        wanted=Wanted(frozenset({"contracts"}), lambda _: names),
    )
    assert list(some.findings) == list(everything.findings)
    assert set(some.tables["contracts"].data) <= names | {"id"}
    for name, table in some.tables.items():
        for column in table.data:
            assert table[column] == everything.tables[name][column]


NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.integers(-5, 5) | st.sampled_from(["x", "y"]) | st.booleans()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def leaves(value: object) -> Iterator[str]:
    """Yield every plain value of a record as text, joined lists in parts."""
    if isinstance(value, dict):
        for below in value.values():
            yield from leaves(below)
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below)
    else:
        yield as_text(value)


def cells(found: dict[str, Table]) -> Iterator[str]:
    for table in found.values():
        for column in table.columns:
            if not column.name.startswith("things/"):
                for value in table[column.name]:
                    yield from () if value is None else as_text(value).split("; ")


@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=4))
def test_no_value_is_lost_and_none_is_added(records: list[Record]) -> None:
    found = tables(things=records)
    assert sorted(cells(found)) == sorted(leaf for record in records for leaf in leaves(record))
    for table in found.values():
        assert all(len(values) == len(table) for values in table.data.values())
