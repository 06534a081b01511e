"""The engine gives the same whether or not its tables fit into its share of memory."""

import datetime as dt
from collections.abc import Iterator

import pytest

from xlreport import arrays
from xlreport.analysis.engine import Engine
from xlreport.analysis.sql import Sql
from xlreport.tables import Column, Kind, Table

ROWS = 200_000
DAY = dt.date(2017, 3, 1)


def table() -> Table:
    values = {
        "id": (Kind.TEXT, [f"S-{number:012}" for number in range(ROWS)]),
        "customer": (Kind.TEXT, [f"K-{number % 9973}" for number in range(ROWS)]),
        "size": (Kind.INTEGER, [number * 7919 % 1000 for number in range(ROWS)]),
    }
    data = {
        name: arrays.joined(kind, [arrays.array(kind, column, name)], name)
        for name, (kind, column) in values.items()
    }
    columns = tuple(Column(name, name, kind) for name, (kind, _) in values.items())
    return Table("sales", "Sales", columns, data, arrays.array(Kind.INTEGER, range(ROWS), "positions"))


@pytest.fixture(params=["1GB", "16MB"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = Engine(request.param)
    engine.load("sales", table())
    for number in range(3):
        engine.create(f"copy {number}", Sql("SELECT t.*, t.id || '-' || t.customer AS both FROM sales t"))
    yield engine
    engine.close()


def test_sums_and_distinct_counts(engine: Engine) -> None:
    select = 'SELECT count(*), sum(size), count(DISTINCT customer), count(DISTINCT "both") FROM "copy 2"'
    total = sum(number * 7919 % 1000 for number in range(ROWS))
    assert engine.rows(Sql(select)) == [(ROWS, total, 9973, ROWS)]


def test_rows_come_in_the_order_asked_for(engine: Engine) -> None:
    ids, _ = engine.columns(Sql('SELECT id, "both" FROM "copy 1" ORDER BY "both" DESC'))
    assert ids[:2] == [f"S-{ROWS - 1:012}", f"S-{ROWS - 2:012}"]
    assert len(ids) == ROWS
