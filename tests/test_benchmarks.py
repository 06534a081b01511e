"""What is measured is right: every case of every subject, on a few rows, passes the check of its result."""

import io
import itertools
import json
from pathlib import Path

import pytest
from rich.console import Console

from tests.benchmarks import inputs
from tests.benchmarks.measure import Case, Measurement, Run, Size, Subject, run_here
from tests.benchmarks.report import show, write_chart, write_json
from tests.benchmarks.subjects import SUBJECTS

pytestmark = pytest.mark.bench

ROWS = 60
CASES = [
    pytest.param(subject, case, id=f"{subject.name}: {case.name}")
    for subject in SUBJECTS.values()
    for case in subject.cases
]
PARTLY = [
    pytest.param(subject, case, id=f"{subject.name}: {case.name}")
    for subject in SUBJECTS.values()
    for case in subject.cases
    if case.most_rows
]


@pytest.fixture(autouse=True)
def input_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(inputs.FOLDER, str(tmp_path_factory.getbasetemp() / "benchmark-inputs"))


def run(subject: Subject, case: Case, size: Size, folder: Path) -> Run:
    """Run a case in this process and check its result; skip where a library is not installed."""
    result = folder / subject.result
    try:
        told = json.loads(run_here(case, size, result))
    except ModuleNotFoundError as missing:
        if str(missing.name).startswith(("xlreport", "tests")):
            raise
        pytest.skip(f"{missing.name} is not installed; it comes with the extra bench")
    subject.verify(result, size)
    return Run(**told)


@pytest.mark.filterwarnings("ignore")  # the warnings of other libraries are their own
@pytest.mark.parametrize(("subject", "case"), CASES)
def test_a_case_leaves_the_right_result(subject: Subject, case: Case, tmp_path: Path) -> None:
    assert run(subject, case, Size(ROWS), tmp_path).size > 0


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("subject", "case"), PARTLY)
def test_a_slow_case_leaves_the_right_result_of_a_part(subject: Subject, case: Case, tmp_path: Path) -> None:
    run(subject, case, Size(7 * ROWS, 7), tmp_path)


def test_a_result_that_is_wrong_does_not_count(tmp_path: Path) -> None:
    subject = SUBJECTS["check"]
    run(subject, subject.cases[0], Size(ROWS), tmp_path)
    result = tmp_path / subject.result
    lines = result.read_text(encoding="utf-8").splitlines(keepends=True)
    result.write_text("".join(lines[1:]), encoding="utf-8")
    with pytest.raises(AssertionError, match="not as planted"):
        subject.verify(result, Size(ROWS))


def test_a_slow_case_is_given_a_part_unless_the_whole_is_asked_for() -> None:
    slow = Case("slow", lambda _: lambda _: None, "xlreport", most_rows=5_000)
    assert slow.size(5_000) == Size(5_000)
    assert slow.size(100_000) == Size(100_000, 20)
    assert slow.size(100_000).taken == 5_000
    assert slow.size(100_000, whole=True) == Size(100_000)


def measurement(case: str, taken: int, *cpu: float) -> Measurement:
    runs = tuple(Run(seconds, 1.0, 10) for seconds in cpu)
    return Measurement(case, "xlreport", "1", "", 100, taken, runs)


def test_times_of_a_part_are_scaled_and_the_reports_say_so(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the chart needs matplotlib, from the extra bench")
    subject = next(iter(SUBJECTS.values()))
    both = [measurement("ours", 100, 2.0, 3.0, 1.0), measurement("slow", 5, 4.0)]
    assert [one.cpu for one in both] == [2.0, 80.0]
    screen = io.StringIO()
    show(subject, both, Console(width=200, file=screen))
    shown = screen.getvalue()
    assert "slow (from 5)" in shown
    assert "run on N of the 100 rows" in shown
    written = json.loads(write_json(subject, both, tmp_path).read_text(encoding="utf-8"))
    assert [(case["cpu"], case["taken"]) for case in written["cases"]] == [(2.0, 100), (80.0, 5)]
    assert write_chart(subject, both, tmp_path).read_bytes().startswith(b"\x89PNG")


def test_names_tell_the_cases_of_a_subject_apart() -> None:
    for subject in SUBJECTS.values():
        for one, other in itertools.combinations(subject.cases, 2):
            assert one.name != other.name
