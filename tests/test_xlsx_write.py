"""Writing a workbook to disk: whole or not at all, with the same bytes each time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sample_plan import one_sheet, sample_plan

from xlreport.backends import xlsx
from xlreport.backends.xlsx.package import write_package
from xlreport.errors import MachineError, UsageError


def test_write_returns_the_path_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = xlsx.write(sample_plan(), str(tmp_path / "report.xlsx"))

    assert path == tmp_path / "report.xlsx"
    assert os.listdir(tmp_path) == ["report.xlsx"]  # noqa: PTH208  # hidden files count too
    assert path.read_bytes() == xlsx.to_bytes(sample_plan())


def test_the_same_plan_gives_the_same_bytes_with_and_without_lxml() -> None:
    code = (
        "import hashlib, sample_plan; from xlreport.backends import xlsx;"
        "print(hashlib.sha256(xlsx.to_bytes(sample_plan.sample_plan())).hexdigest())"
    )
    folders = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ
            | {"OPENPYXL_LXML": lxml, "PYTHONHASHSEED": seed, "PYTHONPATH": folders, "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for lxml, seed, zone in (("True", "1", "UTC"), ("False", "2", "Asia/Tokyo"))
    }

    assert len(digests) == 1


def test_a_failure_on_the_way_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_text("old")

    with pytest.raises(ValueError, match="cannot hold the number"):
        xlsx.write(one_sheet([1], [float("nan")]), path)

    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.xlsx"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "no" / "report.xlsx"

    with pytest.raises(
        MachineError, match=r"report\.xlsx cannot be written: there is no folder .*no; create it"
    ):
        xlsx.write(one_sheet([1]), path)


def test_progress_counts_the_rows_of_each_sheet(tmp_path: Path) -> None:
    calls: list[tuple[str, int]] = []
    plan = one_sheet(*([row] for row in range(40_000)), name="Numbers")

    xlsx.write(plan, tmp_path / "report.xlsx", progress=lambda *call: calls.append(call))

    assert calls == [("Numbers", rows) for rows in range(8_000, 40_001, 8_000)]


def test_a_part_larger_than_excel_opens_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "x.zip").open("wb") as file, pytest.raises(UsageError, match="more than 1,000 bytes"):
        write_package(file, [("xl/worksheets/sheet1.xml", ["x" * 600, "x" * 600])], most_bytes=1000)
