"""Every kind of workbook that we write has to pass the same gates, from any data.

Each workbook is built once and then held against: the lint, the readers of others (openpyxl,
python-calamine), LibreOffice's recalculation and print, and itself, made again elsewhere.
"""

import datetime as dt
import getpass
import hashlib
import math
import os
import re
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
import workbook_lint
from libreoffice import Cells, needs_pdftotext, needs_soffice, printed, recalculated
from opened_workbook import MAIN, decoded, opened
from openpyxl.cell import Cell
from python_calamine import CalamineWorkbook
from workbook_kinds import HOSTILE, KINDS, ROOT, Kind, in_small

import xlreport
from xlreport import uploads
from xlreport.cells import cell_name
from xlreport.filenames import portable
from xlreport.language import key
from xlreport.plan import Formula, SheetPlan, WorkbookPlan

GUARDED = tuple("=+-@\t\r")
MILLISECOND = dt.timedelta(milliseconds=1)
FIRST_SAFE_DATE = dt.date(1900, 3, 1)

Place = tuple[int, int]

pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")
"""openpyxl knows no gradients and axes of data bars, and says so when it reads a workbook that has them."""


NAMES = [kind.name for kind in KINDS]
SMALL = [kind.name for kind in KINDS if kind.small]
"""Kinds that openpyxl, which takes its time, reads too."""


@dataclass(frozen=True)
class Made:
    """A workbook that was built: what it was built from, its plan, and the file."""

    kind: Kind
    data: Any
    plan: WorkbookPlan
    path: Path

    @property
    def formulas(self) -> Iterator[tuple[str, Place, Formula]]:
        """The sheet, the place and the formula of every cell that holds one."""
        for sheet in self.plan.sheets:
            for place, value in planned(sheet).items():
                if isinstance(value, Formula):
                    yield sheet.name, place, value


class Shop:
    """Builds each kind once, when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[str, Made] = {}

    def __call__(self, name: str) -> Made:
        if name not in self._made:
            kind = next(kind for kind in KINDS if kind.name == name)
            folder = self.folder / name
            folder.mkdir(exist_ok=True)
            data, plan = kind.planned(folder)
            path = xlreport.write(plan, self.folder / f"{name}.xlsx")
            self._made[name] = Made(kind, data, plan, path)
        return self._made[name]

    def available(self, names: list[str]) -> dict[str, Made]:
        """Return those that can be made here: real data may be missing."""
        made = {}
        for name in names:
            try:
                made[name] = self(name)
            except pytest.skip.Exception:
                continue
        return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop"))


def planned(sheet: SheetPlan) -> dict[Place, Any]:
    """Return what the plan puts into each cell, empty ones left out."""
    return {
        (row, column): value
        for block in sheet.blocks
        for column, values in enumerate(block.columns, block.column)
        for row, value in enumerate(values, block.row)
        if value is not None
    }


def stored(value: Any) -> Any:  # a cell value
    """Return a planned value as a reader of the file has to see it: a formula as its cached value."""
    if isinstance(value, Formula):
        return stored(value.value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return float(value)
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        if day < FIRST_SAFE_DATE:
            return value.isoformat(*([" "] if isinstance(value, dt.datetime) else []))
        return value
    return value


def expected(sheet: SheetPlan) -> dict[Place, Any]:
    return {place: stored(value) for place, value in planned(sheet).items()}


# --- the gates --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_lint_finds_nothing(shop: Shop, name: str) -> None:
    assert workbook_lint.problems(shop(name).path) == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_speaks_against_reading_it_as_a_strangers_file(shop: Shop, name: str) -> None:
    assert uploads.look(shop(name).path, name, "xlsx", uploads.UNTRUSTED) == ()


@pytest.mark.parametrize("name", NAMES)
def test_calamine_reads_what_was_planned_and_nothing_else(shop: Shop, name: str) -> None:
    made = shop(name)
    book = CalamineWorkbook.from_path(str(made.path))

    assert book.sheet_names == [sheet.name for sheet in made.plan.sheets]
    for sheet in made.plan.sheets:
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        found = {
            (row, column): decoded(value) if isinstance(value, str) else value
            for row, values in enumerate(rows, 1)
            for column, value in enumerate(values, 1)
            if value != ""
        }
        wanted = {place: value for place, value in expected(sheet).items() if value != ""}
        assert differences(found, wanted) == [], sheet.name


@pytest.mark.parametrize("name", SMALL)
def test_openpyxl_reads_the_same_formulas_and_values(shop: Shop, name: str) -> None:
    made = shop(name)
    book = openpyxl.load_workbook(made.path)

    assert book.sheetnames == [sheet.name for sheet in made.plan.sheets]
    for sheet in made.plan.sheets:
        formulas = {
            place: ("formula", value.text)
            for place, value in planned(sheet).items()
            if isinstance(value, Formula)
        }
        found = {
            (cell.row, cell.column): read(cell)
            for row in book[sheet.name].iter_rows()
            for cell in row
            if cell.value is not None
        }
        wanted = expected(sheet) | formulas
        assert differences(found, wanted) == [], sheet.name


def moment(day: dt.date) -> dt.datetime:
    """Return a date as its midnight: readers differ in what they make of a time at midnight."""
    return day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time())


def read(cell: Cell) -> Any:  # a cell value
    """Return what openpyxl has read, a formula told apart from a text that looks like one."""
    if cell.data_type == "f":
        return "formula", cell.value.removeprefix("=")
    return decoded(cell.value) if isinstance(cell.value, str) else cell.value


@pytest.mark.parametrize("name", SMALL)
def test_openpyxl_reads_the_stored_results(shop: Shop, name: str) -> None:
    made = shop(name)
    book = openpyxl.load_workbook(made.path, data_only=True)
    wrong = [
        (sheet, cell_name(*place), value)
        for sheet, place, formula in made.formulas
        if not same(value := book[sheet].cell(*place).value, stored(formula))
    ]
    assert wrong == []


def differences(found: Mapping[Place, Any], wanted: Mapping[Place, Any]) -> list[tuple[str, Any, Any]]:
    """Return the cells that differ: address, what is there, what should be there."""
    return [
        (cell_name(*place), found.get(place), wanted.get(place))
        for place in sorted(found.keys() | wanted.keys())
        if not same(found.get(place), wanted.get(place))
    ]


def same(found: Any, wanted: Any) -> bool:  # cell values
    if isinstance(wanted, dt.date):
        return isinstance(found, dt.date) and abs(moment(found) - moment(wanted)) < MILLISECOND
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    if isinstance(wanted, float):
        return isinstance(found, int | float) and float(found) == wanted
    return bool(found == wanted)


# --- LibreOffice ------------------------------------------------------------------------------------


CALCULATED = [name for name in NAMES if name not in ("register-portugal", "register-indonesia")]
"""All but two that differ from register-ted in nothing but their size."""


@pytest.fixture(scope="module")
def witness(shop: Shop) -> dict[str, dict[str, Cells]]:
    """What LibreOffice calculates in every workbook that can be made here, after one start."""
    files = {name: made.path for name, made in shop.available(CALCULATED).items()}
    return recalculated(files, shop.folder / "recalculated")


@needs_soffice
@pytest.mark.parametrize("name", CALCULATED)
def test_libreoffice_calculates_the_stored_results(
    shop: Shop, witness: dict[str, dict[str, Cells]], name: str
) -> None:
    made = shop(name)
    found = witness[name]

    assert set(found) == {sheet.name for sheet in made.plan.sheets}
    assert wrong_results(made, found) == []


def wrong_results(made: Made, found: Mapping[str, Cells]) -> list[tuple[str, str, str, Any]]:
    """Return the formulas whose result differs: sheet, address, what was calculated, what was stored."""
    return [
        (sheet, cell_name(*place), text, formula.value)
        for sheet, place, formula in made.formulas
        if not calculated(text := text_at(found[sheet], place), formula.value)
    ]


def text_at(cells: Cells, place: Place) -> str:
    row, column = place
    return cells[row - 1][column - 1] if row <= len(cells) and column <= len(cells[row - 1]) else ""


def calculated(text: str, wanted: Any) -> bool:  # a formula's value
    """Tell whether a result as LibreOffice writes it is the one that we stored."""
    if wanted is None or isinstance(wanted, bool | str):
        return text == {None: "", True: "TRUE", False: "FALSE"}.get(wanted, wanted)
    number, percent, _ = text.partition("%")
    try:
        found = float(number) / 100 if percent else float(number)
    except ValueError:
        return False
    return math.isclose(found, float(wanted), rel_tol=1e-9, abs_tol=1e-9)


PRINTED = ["one", "ted", "indonesia", "register-checking"]


@needs_soffice
@needs_pdftotext
def test_no_number_is_too_wide_for_its_column_on_paper(shop: Shop) -> None:
    """Print what is made to be read, and of the data the first rows."""
    folder = shop.folder / "printed"
    folder.mkdir()
    files = [
        xlreport.write(in_small(made.plan), folder / f"{name}.xlsx")
        for name, made in shop.available(PRINTED).items()
    ]
    for name, text in printed(files, folder).items():
        assert "###" not in text, name
        assert shop(name).plan.sheets[0].name in text


# --- checks -----------------------------------------------------------------------------------------


CHECKED = [kind.name for kind in KINDS if kind.has_checks]


@pytest.mark.parametrize("name", CHECKED)
def test_all_checks_hold(shop: Shop, name: str) -> None:
    language = shop(name).kind.language
    sheet = shop(name).plan.sheet(language.text("Checks"))
    cells = expected(sheet)
    results = [value for (row, column), value in cells.items() if column == RESULT and row > FIRST_CHECK - 1]

    assert set(results) <= {language.text("OK")}
    verdict = key("All {n} checks hold") if results else key("Nothing to compare: the data has no rows.")
    assert cells[5, 1] == language.text(verdict, n=len(results))


RESULT, FIRST_CHECK = 7, 8
"""The column with the verdicts, and the row of the first."""


class Planted(NamedTuple):
    """A wrong value in a data cell, and the checks that have to notice: their title and other way."""

    sheet: str
    row: str
    """Text in the row's first cell, or a condition ``Header=text``."""
    column: str
    """The column's heading."""
    change: Callable[[Any], Any]
    expected: set[tuple[str, str]]


CONTRACT_ROWS, PARTNER_ROWS = "Rows of Contract data", "Rows of Partner data"
PLANTED = {
    "an amount of the period": Planted(
        "Contract data",
        "Signed in 2017=Yes",
        "Signed value USD",
        lambda amount: amount + 1,
        {("Signed value", CONTRACT_ROWS), ("Mean value of a contract", CONTRACT_ROWS)},
    ),
    "an amount of another period": Planted(
        "Contract data", "Signed in 2017=No", "Signed value USD", lambda amount: amount + 1, set()
    ),
    "a row that enters no more": Planted(
        "Contract data",
        "Signed in 2017=Yes",
        "Signed in 2017",
        lambda _: "No",
        {
            ("Signed value", CONTRACT_ROWS),
            ("Signed value at constant currency", CONTRACT_ROWS),
            ("Contracts signed", CONTRACT_ROWS),
            ("Mean value of a contract", CONTRACT_ROWS),
        },
    ),
    "an enterprise that contributes no more": Planted(
        "Partner data",
        "Contributor in 2017=Yes",
        "Contributor in 2017",
        lambda _: "No",
        {("Contributing enterprises", PARTNER_ROWS)},
    ),
    "an amount among the rows behind a figure": Planted(
        "Rows behind the figures",
        "C-0000012",
        "Signed value USD",
        lambda amount: amount + 1,
        {
            ("Signed value", "Rows behind the figures, row {← Signed value, }"),
            ("Mean value of a contract", "Rows behind the figures, row {← Mean value}"),
        },
    ),
    "a line of the bridge": Planted(
        "Order book",
        "Opening",
        "2017",
        lambda amount: amount + 1,
        {("Order book, from opening to closing: the bridge adds up", "Summary, row {Order book at}")},
    ),
    "the number of records read": Planted(
        "Definitions",
        "partners",
        "Read",
        lambda records: records + 1,
        {("Records of Partner data", PARTNER_ROWS)},
    ),
    "the scheduled payments in the history": Planted(
        "Summary",
        "Scheduled payments, USD million",
        "2017",
        lambda amount: amount + 1,
        {
            ("Scheduled payments", "Total of Payments scheduled after the period, by year (Inflow)"),
            ("Scheduled payments", "Rows behind the figures, row {← Scheduled payments}"),
        },
    ),
}


@needs_soffice
def test_a_wrong_value_makes_the_checks_that_depend_on_it_differ_and_no_other(shop: Shop) -> None:
    made = shop("twelve")
    folder = shop.folder / "planted"
    folder.mkdir()
    files = {name: plant(made, each, folder / f"{name}.xlsx") for name, each in PLANTED.items()}
    found = recalculated(files, folder / "recalculated")

    total = sum(row >= FIRST_CHECK and column == RESULT for row, column in planned(made.plan.sheet("Checks")))
    for name, each in PLANTED.items():
        checks = found[name]["Checks"]
        differing = {(row[0], row[2]) for row in checks[FIRST_CHECK - 1 :] if row[RESULT - 1] == "Differs"}
        assert differing == {(title, placed(made, way)) for title, way in each.expected}, name
        assert checks[4][0] == (
            f"{len(differing)} of {total} checks differ" if differing else f"All {total} checks hold"
        )


def plant(made: Made, planted: Planted, path: Path) -> Path:
    """Write the workbook again with the wrong value in it."""
    book = openpyxl.load_workbook(made.path)
    sheet = book[planted.sheet]
    header = next(row for row in sheet.iter_rows() if planted.column in [cell.value for cell in row])
    columns = {str(cell.value): cell.column for cell in header}
    condition, _, text = planted.row.rpartition("=")
    wanted = columns[condition] if condition else 1
    row = next(row for row in sheet.iter_rows(min_row=header[0].row + 1) if row[wanted - 1].value == text)
    last = max(cell.column for cell in header if cell.value == planted.column)
    cell = row[last - 1]
    assert cell.value is not None
    assert cell.data_type != "f"
    cell.value = planted.change(cell.value)
    book.save(path)
    book.close()
    return path


def placed(made: Made, way: str) -> str:
    """Fill in the row of a figure on its sheet, which is named by how its label begins."""
    slot = re.search(r"\{(.*)\}", way)
    if not slot:
        return way
    rows = [
        row
        for (row, column), value in planned(made.plan.sheet(way.partition(",")[0])).items()
        if column == 1 and str(value).startswith(slot[1])
    ]
    return way.replace(slot[0], str(rows[0]))


# --- the same again ---------------------------------------------------------------------------------


def test_the_same_data_gives_the_same_bytes_anywhere(shop: Shop, tmp_path: Path) -> None:
    made = shop("twelve")
    digests = {hashlib.sha256(made.path.read_bytes()).hexdigest()}
    elsewhere = [
        (tmp_path, str(made.data), {"TZ": "Asia/Tokyo", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"}),
        (made.data, ".", {"TZ": "America/Lima", "LC_ALL": "C", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"}),
    ]
    for number, (folder, data, environment) in enumerate(elsewhere):
        output = tmp_path / f"{number}.xlsx"
        command = [sys.executable, "-m", "xlreport", "build", "annual-results", data, "-o", str(output), "-q"]
        subprocess.run(
            [*command, "--period", "2017", "--organisation", "=Works"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            check=True,
            capture_output=True,
        )
        digests.add(hashlib.sha256(output.read_bytes()).hexdigest())

    assert len(digests) == 1


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_it_tells_of_the_machine(shop: Shop, name: str) -> None:
    made = shop(name)
    folders = {str(path).encode() for path in (shop.folder, ROOT, ROOT.resolve(), Path.home())}
    with zipfile.ZipFile(made.path) as package:
        for part in package.infolist():
            content = package.read(part)
            assert not [folder for folder in folders if folder in content], part.filename
            assert part.date_time == made.plan.as_of.timetuple()[:6] or part.date_time[0] == 1980
        properties = package.read("docProps/core.xml") + package.read("docProps/app.xml")
    for word in (getpass.getuser(), socket.gethostname()):
        assert not re.search(rf"\b{re.escape(word)}\b".encode(), properties)


def test_files_are_named_from_the_folder_of_the_dataset_on() -> None:
    data, deeper = Path("data"), Path("data", "2017")
    names = [str(data / "a.csv"), str(deeper / "b.csv")]
    shorten = portable(names, str(data))

    assert list(map(shorten, names)) == ["a.csv", str(Path("2017", "b.csv"))]
    assert shorten(f"The key stands already at {names[0]}:5.") == "The key stands already at a.csv:5."
    for kept in (f"meta{names[0]}", str(Path("..", names[0])), "'data' is not allowed"):
        assert shorten(kept) == kept
    outside = str(Path("/srv/registers/a.csv").absolute())
    assert portable([outside], ".")(f"{outside}:7 signedDate") == "a.csv:7 signedDate"
    assert portable(["a.csv"], ".")("a.csv of ./b.csv") == "a.csv of ./b.csv"


# --- text is text -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SMALL)
def test_text_stays_text_whatever_it_begins_with(shop: Shop, name: str) -> None:
    made = shop(name)
    book = opened(made.path)
    prefixed = [
        form.get("quotePrefix") == "1" for form in book.tree("xl/styles.xml").find(f"{MAIN}cellXfs") or ()
    ]

    for sheet, read in zip(made.plan.sheets, book.sheets, strict=True):
        cells = {cell.get("r"): cell for cell in read.cells}
        values = planned(sheet)
        live = {cell_name(*place) for place, value in values.items() if isinstance(value, Formula)}
        assert {address for address, cell in cells.items() if cell.find(f"{MAIN}f") is not None} == live
        for place, value in values.items():
            if isinstance(value, str) and value.startswith(GUARDED):
                cell = cells[cell_name(*place)]
                assert book.value(cell)[1] == value
                assert cell.get("t") in ("s", "inlineStr")
                assert prefixed[int(cell.get("s", 0))], f"{sheet.name}!{cell_name(*place)} {value!r}"


def texts(made: Made, sheet: str) -> set[str]:
    return {value for value in planned(made.plan.sheet(sheet)).values() if isinstance(value, str)}


def test_hostile_names_arrive_everywhere(shop: Shop) -> None:
    """Without this the gate above could pass for want of anything to guard."""
    register, annual = shop("register-hostile"), shop("hostile")
    names = set(HOSTILE)

    assert planned(register.plan.sheets[0])[1, 1] == "=Title"
    assert register.plan.title == "=Title"
    assert texts(register, "=cmd|' c calc'!A1") >= {"=cmd|'/c calc'!A1", "@", "=b", "+c"}
    assert texts(annual, "Contract data") >= names
    assert texts(annual, "Products") >= names - {"\tTab", "\rReturn"}, "labels of a pivot"
    assert texts(annual, "Largest customers") >= names - {"\tTab", "\rReturn"}
    assert texts(annual, "Findings") >= {"=broken"}
    assert planned(annual.plan.sheets[0])[2, 1].startswith("@Home")
