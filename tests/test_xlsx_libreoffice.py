"""LibreOffice opens what we write, recalculates it to the values that we stored, and prints it."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from sample_plan import one_sheet, sample_plan

from xlreport.backends import xlsx
from xlreport.plan import Formula, WorkbookPlan

SOFFICE = shutil.which("soffice")
ALL_SHEETS = "44,34,76,1,,0,false,false,false,false,false,-1"
"""Comma, double quote, UTF-8, from row 1, plain values, every sheet into a file of its own."""
ALWAYS_RECALCULATE = """\
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


def converted(source: Path, folder: Path, target: str) -> list[Path]:
    """Convert ``source`` and return the new files; a profile of its own keeps other programs out of it."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(ALWAYS_RECALCULATE)
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            str(folder / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return sorted((folder / "out").iterdir())


def recalculated(plan: WorkbookPlan, folder: Path) -> dict[str, list[list[str]]]:
    """Return the texts of all cells by sheet, as LibreOffice calculates them."""
    source = xlsx.write(plan, folder / "plan.xlsx")
    files = converted(source, folder, f"csv:Text - txt - csv (StarCalc):{ALL_SHEETS}")
    return {
        file.stem.removeprefix("plan-"): list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
        for file in files
    }


def test_recalculated_values_equal_the_stored_ones(tmp_path: Path) -> None:
    sheets = recalculated(sample_plan(), tmp_path)

    assert sheets["Summary"][7][:3] == ["Total", "42483000.65", "26900000.5"]
    assert sheets["R&D contracts"][12][0] == "36"


def test_a_wrong_stored_value_would_be_noticed(tmp_path: Path) -> None:
    assert recalculated(one_sheet([Formula("1+1", 3)], ["x"]), tmp_path)["Data"] == [["2"], ["x"]]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_nothing_is_too_narrow_on_paper(tmp_path: Path) -> None:
    source = xlsx.write(sample_plan(), tmp_path / "sample.xlsx")

    (page_file,) = converted(source, tmp_path, "pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", page_file, "-"],  # noqa: S607  # found on the path above
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert "###" not in text
    assert "Signed and paid per year as bar, EUR m" in text
    assert "Page 1 of" in text
    assert "Summary" in text
