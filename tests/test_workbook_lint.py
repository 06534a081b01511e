"""The lint of the tests is worth something only if it finds defects: one is planted for every rule."""

import json
import zipfile
from pathlib import Path

import pytest
import workbook_lint
from pivot_defects import PIVOT_DEFECTS, Defect
from pivot_plan import pivot_plan
from sample_plan import sample_plan

from xlreport.backends import xlsx
from xlreport.entry import plan_form

SUMMARY, CONTRACTS = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"
TABLE, CHART, DRAWING = "xl/tables/table1.xml", "xl/charts/chart1.xml", "xl/drawings/drawing1.xml"
COMBINED = "xl/charts/chart7.xml"
WORKBOOK, STYLES, STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
TOTAL = "SUM(B5:B7)"


FORM, NOTES, NOTE_SHAPES = (
    "xl/worksheets/sheet2.xml",
    "xl/comments/comment1.xml",
    "xl/drawings/commentsDrawing1.vml",
)
LIST = "<formula1>List_grade</formula1>"

ENTRY_DEFECTS = [
    Defect(
        "data-validations", FORM, '<dataValidations count="', '<dataValidations count="1', "are counted as"
    ),
    Defect("data-validations", FORM, 'sqref="B6:B15"', 'sqref="A6:B15"', "A6:A15 and A6:B15 overlap"),
    Defect("data-validations", FORM, 'type="list"', 'type="menu"', "there is no kind menu"),
    Defect(
        "data-validations", FORM, 'promptTitle="', f'promptTitle="{"x" * 32}', "promptTitle has more than 32"
    ),
    Defect("data-validations", FORM, ' prompt="', f' prompt="{"x" * 256}', "prompt has more than 255"),
    Defect("data-validations", FORM, ' error="', f' error="{"x" * 226}', "error has more than 225"),
    Defect("data-validations", FORM, LIST, "", "it has no formula"),
    Defect("data-validations", FORM, "<formula2>10</formula2>", "", "one limit too many, or too few"),
    Defect("data-validations", FORM, "List_grade", '"' + "a," * 128 + '"', "a formula of 258 characters"),
    Defect("data-validations", FORM, "List_grade", "Table1[Grade]", "a structured reference"),
    Defect("data-validations", FORM, "List_grade", '{"a";"b"}', "a constant array"),
    Defect("data-validations", FORM, "List_grade", "OFFSET(A1", "unbalanced parentheses"),
    Defect("data-validations", FORM, "List_grade", "List_other", "there is no name List_other"),
    Defect("notes", FORM, "legacyDrawing", "oldDrawing", "notes, and 1 drawings"),
    Defect("notes", NOTES, 'authorId="0"', 'authorId="3"', "author 3 of 1"),
    Defect("notes", NOTES, 'ref="B5"', 'ref="A5"', "two notes on (5, 1)"),
    Defect("notes", NOTE_SHAPES, "Column>1</", "Column>9</", "shapes on"),
]

DEFECTS = [
    Defect(
        "package", "[Content_Types].xml", "/xl/tables/table1.xml", "/xl/tables/table9.xml", "is not there"
    ),
    Defect(
        "package",
        "[Content_Types].xml",
        'Extension="rels"',
        'Extension="rel"',
        "_rels/.rels has no content type",
    ),
    Defect(
        "relations",
        "xl/worksheets/_rels/sheet3.xml.rels",
        "table1.xml",
        "table9.xml",
        "leads to xl/tables/table9.xml",
    ),
    Defect(
        "relations",
        "xl/worksheets/_rels/sheet3.xml.rels",
        "table1.xml",
        "table9.xml",
        "table1.xml is reached by no",
    ),
    Defect("relation-ids", CONTRACTS, 'r:id="rId1"', 'r:id="rId7"', "names relation rId7"),
    Defect("sheet-names", WORKBOOK, 'name="Summary"', 'name="CONTENTS"', "is there twice"),
    Defect("sheet-names", WORKBOOK, 'name="Summary"', f'name="{"x" * 32}"', "longer than 31 characters"),
    Defect("sheet-names", WORKBOOK, 'name="Summary"', 'name="a/b"', "forbidden character"),
    Defect("defined-names", WORKBOOK, "Signed_value", "AB12", "'AB12' is no valid name"),
    Defect("defined-names", WORKBOOK, "Summary!$B$8", "Gone!$B$8", "there is no sheet Gone"),
    Defect("styles", STYLES, 'fontId="1"', 'fontId="99"', "has fontId 99"),
    Defect("styles", STYLES, 'numFmtId="4"', 'numFmtId="199"', "has number format 199"),
    Defect("strings", STRINGS, ">Contents<", f">{'x' * 32_768}<", "a text of 32768 characters"),
    Defect("strings", STRINGS, ">Contents<", f">{'x&#10;' * 254}<", "254 line breaks"),
    Defect("order", SUMMARY, '<row r="5"', '<row r="3"', "row 3 after row 4"),
    Defect("order", SUMMARY, 'r="C5"', 'r="A5"', "A5 stands in the wrong place in row 5"),
    Defect("cells", SUMMARY, '" s="', '" s="9', "has format 9"),
    Defect("cells", SUMMARY, "<v>12450000.10</v>", "<v>NaN</v>", "has the number NaN"),
    Defect("cells", SUMMARY, ' t="s"><v>', ' t="s"><v>99', "has shared string 99"),
    Defect("cells", CONTRACTS, 't="b"><v>0', 't="b"><v>2', "has the truth value 2"),
    Defect("cells", CONTRACTS, 't="b"', 't="q"', "has the type q"),
    Defect("formulas", SUMMARY, TOTAL, "SUM(B5:B7", "unbalanced parentheses"),
    Defect("formulas", SUMMARY, TOTAL, f"ABS(SUM(B5{',B6' * 255}))", "more than 255 arguments"),
    Defect("formulas", SUMMARY, TOTAL, "SUM(B5;B7)", "a semicolon"),
    Defect("formulas", SUMMARY, TOTAL, "=SUM(B5:B7)", "begins with ="),
    Defect("formulas", SUMMARY, TOTAL, "SUM(Gone!B5:B7)", "there is no sheet Gone"),
    Defect("formulas", SUMMARY, TOTAL, "SUM(Orders[Value])", "there is no table Orders"),
    Defect("formulas", SUMMARY, TOTAL, "SUM(Contracts[Amount])", "table Contracts has no column Amount"),
    Defect("formulas", SUMMARY, TOTAL, "XLOOKUP(1,B5:B7,B5:B7)", "XLOOKUP without _xlfn."),
    Defect(
        "merges",
        CONTRACTS,
        "</sheetData>",
        '</sheetData><mergeCell ref="A3:B3"/>',
        "reaches into table Contracts",
    ),
    Defect(
        "merges",
        SUMMARY,
        "</sheetData>",
        '</sheetData><mergeCell ref="F1:G2"/><mergeCell ref="G2:H3"/>',
        "F1:G2 overlaps G2:H3",
    ),
    Defect(
        "tables", TABLE, 'name="Remark"', 'name="Comment"', "column 'Comment' has the header cell 'Remark'"
    ),
    Defect("tables", TABLE, 'name="Remark"', 'name="OPEN"', "two columns are called 'open'"),
    Defect("tables", TABLE, 'displayName="Contracts"', 'displayName="T1"', "T1: no valid name"),
    Defect(
        "tables", TABLE, 'displayName="Contracts"', 'displayName="Signed_value"', "are called signed_value"
    ),
    Defect("tables", TABLE, 'ref="A3:E11"', 'ref="A3:E3"', "no row of data"),
    Defect("tables", TABLE, '<autoFilter ref="A3:E11"', '<autoFilter ref="A3:E9"', "its filter covers A3:E9"),
    Defect(
        "tables", CONTRACTS, "<tablePart xmlns", "<tablePart/><tablePart xmlns", "another number of tables"
    ),
    Defect("conditional-formats", SUMMARY, 'priority="2"', 'priority="1"', "priority 1 twice"),
    Defect("conditional-formats", SUMMARY, 'dxfId="0"', 'dxfId="5"', "format 5 of 1"),
    Defect("conditional-formats", SUMMARY, "C5&lt;9000000", "(C5&lt;9000000", "unbalanced parentheses"),
    Defect("hyperlinks", SUMMARY, 'location="Contents!A1"', 'location="Gone!A1"', "A2 leads to Gone!A1"),
    Defect("page-texts", SUMMARY, "R&amp;&amp;D", "x" * 250, "a header or footer of"),
    Defect("drawings", DRAWING, 'id="2"', 'id="1"', "two shapes have id 1"),
    Defect("drawings", DRAWING, "descr=", "title=", "has no alternative text"),
    Defect(
        "charts",
        CHART,
        '<axId val="10"></axId><axId val="100">',
        '<axId val="7"></axId><axId val="100">',
        "axis 7",
    ),
    Defect("charts", CHART, "Summary!$B$5", "Gone!$B$5", "there is no sheet Gone"),
    Defect("charts", CHART, "ser>", "series>", "has no series"),
    Defect("sparklines", SUMMARY, "<xm:sqref>B9<", "<xm:sqref>C9<", "C9 has two small charts"),
    Defect("sparklines", SUMMARY, "<xm:sqref>B9<", "<xm:sqref>B8<", "'B8', which is no cell or has a value"),
    Defect("sparklines", SUMMARY, "<xm:f>Summary!B5", "<xm:f>Gone!B5", "there is no sheet Gone"),
    Defect("sparklines", SUMMARY, "<xm:f>Summary!B5:B7", "<xm:f>Summary!B5:C7", "is no row or column"),
    Defect("sparklines", SUMMARY, "</worksheet>", "<extLst></extLst></worksheet>", "two lists of extensions"),
    Defect("icon-sets", SUMMARY, '"3ArrowsGray"', '"5Quarters"', "3 thresholds for the icons 5Quarters"),
    Defect("icon-sets", SUMMARY, 'val="-0.01"', 'val="0.5"', "0, 0.5, 0.01 do not ascend"),
    Defect(
        "combination-charts", COMBINED, '<axId val="20">', '<axId val="10">', "two groups have the axis 10"
    ),
    Defect("combination-charts", COMBINED, '<crossAx val="200">', '<crossAx val="100">', "do not cross"),
    Defect("combination-charts", COMBINED, '<idx val="1">', '<idx val="0">', "two series have the number 0"),
    Defect("combination-charts", COMBINED, "catAx>", "serAx>", "a group has the axes serAx, valAx"),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlsx.write(sample_plan(), tmp_path_factory.mktemp("lint") / "sample.xlsx")


@pytest.fixture(scope="module")
def pivots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlsx.write(pivot_plan(), tmp_path_factory.mktemp("lint") / "pivots.xlsx")


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lint")
    fields = {
        "id": {"title": "Id", "type": "string"},
        "grade": {"title": "Grade", "enum": ["good", "bad"]},
        "points": {"title": "Points", "type": "integer", "minimum": 1, "maximum": 10},
    }
    schema = folder / "marks.schema.json"
    schema.write_text(json.dumps({"type": "object", "properties": fields}), encoding="utf-8")
    return xlsx.write(plan_form(schema, rows=10), folder / "form.xlsx")


def damaged(source: Path, target: Path, defect: Defect) -> Path:
    """Write ``source`` again with the defect in one of its parts."""
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w") as result:
        for name in package.namelist():
            content = package.read(name).decode()
            if name == defect.part:
                assert defect.old in content, f"{name} has no {defect.old}"
                content = content.replace(defect.old, defect.new)
            result.writestr(name, content)
    return target


def test_a_good_workbook_has_no_problems(sample: Path, pivots: Path, form: Path) -> None:
    assert workbook_lint.problems(sample) == []
    assert workbook_lint.problems(pivots) == []
    assert workbook_lint.problems(form) == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.rule}: {defect.expected}")
def test_a_planted_defect_is_found(sample: Path, tmp_path: Path, defect: Defect) -> None:
    found = workbook_lint.problems(damaged(sample, tmp_path / "damaged.xlsx", defect))

    assert any(problem.startswith(f"{defect.rule}: ") and defect.expected in problem for problem in found), (
        found
    )


@pytest.mark.parametrize("defect", PIVOT_DEFECTS, ids=lambda defect: f"{defect.rule}: {defect.expected}")
def test_a_planted_defect_of_a_pivot_or_slicer_is_found(pivots: Path, tmp_path: Path, defect: Defect) -> None:
    test_a_planted_defect_is_found(pivots, tmp_path, defect)


@pytest.mark.parametrize("defect", ENTRY_DEFECTS, ids=lambda defect: f"{defect.rule}: {defect.expected}")
def test_a_planted_defect_of_an_entry_form_is_found(form: Path, tmp_path: Path, defect: Defect) -> None:
    test_a_planted_defect_is_found(form, tmp_path, defect)


def test_every_rule_has_a_defect() -> None:
    assert set(workbook_lint.RULES) == {defect.rule for defect in (*DEFECTS, *PIVOT_DEFECTS, *ENTRY_DEFECTS)}
