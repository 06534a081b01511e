"""The peer of the analysis says what xlreport says, and a result that says something else does not count."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.measure import Size, run_here
from tests.benchmarks.subjects import analyse, by_hand, flat_tables

pytestmark = pytest.mark.bench

ROWS = 60
(SUBJECT,) = analyse.SUBJECTS


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.getbasetemp()))


def test_xlreport_and_the_engine_by_hand_agree_on_every_figure_and_cell(tmp_path: Path) -> None:
    for case in SUBJECT.cases:
        run_here(case, Size(700), tmp_path / SUBJECT.result)
        SUBJECT.verify(tmp_path / SUBJECT.result, Size(700))


@pytest.mark.parametrize("part", ["figures", "bridge"])
def test_a_figure_that_is_wrong_does_not_count(part: str, tmp_path: Path) -> None:
    path = tmp_path / SUBJECT.result
    run_here(SUBJECT.cases[0], Size(ROWS), path)
    answers = json.loads(path.read_text(encoding="utf-8"))
    name = next(iter(answers[part]))
    answers[part][name][-1] = "0.01"
    path.write_text(json.dumps(answers), encoding="utf-8")
    with pytest.raises(AssertionError, match=f"not as agreed.*{name}"):
        SUBJECT.verify(path, Size(ROWS))


def test_tables_made_in_parts_are_those_made_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = flat_tables.arrow_tables(ROWS)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(flat_tables, "_PART", 7)
    in_parts = flat_tables.arrow_tables(ROWS)
    assert whole.keys() == in_parts.keys()
    for name, table in whole.items():
        assert table.equals(in_parts[name]), name
    assert len(whole["contracts"]) >= ROWS


Convert = Callable[[Decimal, int, int], Decimal]


@pytest.fixture(scope="module")
def converted() -> Iterator[Convert]:
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET VARIABLE this_year = 2017")
        connection.execute(by_hand.STATEMENTS["macros"])
        select = "SELECT converted(?::DECIMAL(18, 3), ?::BIGINT, ?::BIGINT)"
        yield lambda *values: connection.execute(select, list(values)).fetchall()[0][0]


HALVED = (1, 20)
"""One cent for twenty thousandths: every tenth of them lies halfway between two cents."""
FRACTIONS = st.integers(10**4, 10**11).map(
    lambda millionths: Fraction(10**6, 10 * millionths).as_integer_ratio()
)


@given(thousandths=st.integers(-(10**12), 10**12), fraction=st.just(HALVED) | FRACTIONS)
def test_the_rounding_in_sql_is_half_to_even(
    converted: Convert, thousandths: int, fraction: tuple[int, int]
) -> None:
    cents = round(Fraction(thousandths) * Fraction(*fraction))  # Python rounds half to even
    assert converted(Decimal(thousandths).scaleb(-3), *fraction) == Decimal(cents).scaleb(-2)
