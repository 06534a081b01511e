"""LibreOffice opens what we write, recalculates it to the values that we stored, and prints it."""

from pathlib import Path

from libreoffice import Cells, needs_pdftotext, needs_soffice, printed, recalculated
from sample_plan import one_sheet, sample_plan

from xlreport.backends import xlsx
from xlreport.plan import ChartKind, Formula, WorkbookPlan


def calculated(plan: WorkbookPlan, folder: Path) -> dict[str, Cells]:
    """Return the texts of all cells by sheet, as LibreOffice calculates them."""
    return recalculated({"plan": xlsx.write(plan, folder / "plan.xlsx")}, folder / "recalculated")["plan"]


@needs_soffice
def test_recalculated_values_equal_the_stored_ones(tmp_path: Path) -> None:
    sheets = calculated(sample_plan(), tmp_path)

    assert sheets["Summary"][7][:3] == ["Total", "42483000.65", "26900000.5"]
    assert sheets["R&D contracts"][12][0] == "36"


@needs_soffice
def test_a_wrong_stored_value_would_be_noticed(tmp_path: Path) -> None:
    assert calculated(one_sheet([Formula("1+1", 3)], ["x"]), tmp_path)["Data"] == [["2"], ["x"]]


@needs_soffice
@needs_pdftotext
def test_nothing_is_too_narrow_on_paper(tmp_path: Path) -> None:
    source = xlsx.write(sample_plan(), tmp_path / "sample.xlsx")

    text = printed([source], tmp_path)["sample"]

    assert "###" not in text
    assert all(f"as {kind}" in text for kind in ChartKind)  # a long title goes over two lines
    assert "Page 1 of" in text
    assert "Summary" in text
