"""A workbook whose pivots are not what they should be does not count."""

import re
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.benchmarks import inputs
from tests.benchmarks.measure import Size, run_here
from tests.benchmarks.subjects import pivots

pytestmark = pytest.mark.bench

SIZE = Size(60)
SUBJECT = pivots.SUBJECTS[0]
NATIVE = "xlreport, native pivots, slicer, chart"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Return the parts of a workbook that is right."""
    pytest.importorskip("python_calamine", reason="results are read back with python-calamine")
    folder = tmp_path_factory.mktemp("pivots")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(inputs.FOLDER, str(folder / "inputs"))
        run_here(SUBJECT.case(NATIVE), SIZE, folder / "book.xlsx")
    SUBJECT.verify(folder / "book.xlsx", SIZE)
    with ZipFile(folder / "book.xlsx") as package:
        return {name: package.read(name) for name in package.namelist()}


def refused(parts: Mapping[str, bytes], path: Path, message: str) -> None:
    with ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    with pytest.raises(AssertionError, match=message):
        SUBJECT.verify(path, SIZE)


@pytest.mark.parametrize(
    "part",
    [
        "xl/pivotTables/pivotTable3.xml",
        "xl/slicers/slicer1.xml",
        "xl/charts/chart1.xml",
    ],
)
def test_a_part_that_is_missing(native: Mapping[str, bytes], part: str, tmp_path: Path) -> None:
    assert part in native
    rest = {name: content for name, content in native.items() if name != part}
    refused(rest, tmp_path / "book.xlsx", "has not the parts of native")


def test_a_figure_that_is_wrong(native: Mapping[str, bytes], tmp_path: Path) -> None:
    sheet, changed = re.subn(rb'(<c r="D[^t>]*><v>)60</v>', rb"\g<1>61</v>", native[SHEET])
    assert changed == 1  # the contracts of the grand total
    refused({**native, SHEET: sheet}, tmp_path / "book.xlsx", r"By product group, \(\)")


def test_a_slicer_that_drives_too_few(native: Mapping[str, bytes], tmp_path: Path) -> None:
    name = "xl/slicerCaches/slicerCache1.xml"
    fewer, changed = re.subn(rb'<pivotTable tabId="1" name="Pivot_forms"/>', b"", native[name])
    assert changed
    refused({**native, name: fewer}, tmp_path / "book.xlsx", "the slicer drives")


def test_a_chart_of_no_pivot(native: Mapping[str, bytes], tmp_path: Path) -> None:
    name = "xl/charts/chart1.xml"
    plain, changed = re.subn(rb"<pivotSource>.*?</pivotSource>", b"", native[name])
    assert changed
    refused({**native, name: plain}, tmp_path / "book.xlsx", "the chart is of no pivot")
