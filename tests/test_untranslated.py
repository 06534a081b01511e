"""Nothing that we or the shipped definitions say stands in a workbook without having been looked up.

Each workbook is made in a language that puts accents on whatever is looked up. A word in plain letters is
then the data's own, or one that was forgotten.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from pseudo import PSEUDO

import xlreport
from xlreport import pipeline
from xlreport.plan import Formula, SheetPlan, WorkbookPlan
from xlreport.sample import write_sample

EXAMPLES = Path(__file__).parent / "examples"
WORD = re.compile(r"[A-Za-z]{2,}")
LITERAL = re.compile(r'"([^"]*)"')
PROGRAMS = re.compile(r"[0-9a-f]{64}|[a-z]+(-[a-z]+)+ \(\d+\)|[\w-]+\.(csv|json|ndjson|parquet)")
"""Hashes, codes of findings with their number, and names of files."""
CODES = (
    *("{page}", "{pages}"),
    *("annual-results", "contract-explorer", "contract-register", "cross-tables", "xlreport"),
    *("signingDate", "USD", "entity"),
    *("integer", "decimal"),
)
"""Names of the program and its reports, and those that a definition uses; the same in every language."""

SAID = ("title", "footer", "pages", "alt_text", "tooltip", "caption", "name", "axis_title", "subtitle")
"""Members of the records of a plan that hold texts beside those in cells."""
NAMES = ("TablePlan", "PivotPlan", "SlicerPlan", "DetailPlan", "Theme")
"""Records whose names are for programs."""


@pytest.fixture(autouse=True)
def _pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "load_language", lambda _code, _beside: PSEUDO)


@pytest.mark.parametrize("period", ["2017", "2016-07-01..2017-03-31", "2031"])
def test_annual_results(tmp_path: Path, period: str) -> None:
    write_sample(tmp_path, contracts=60)
    plan = xlreport.plan("annual-results", tmp_path, period=period)
    assert list(untranslated(plan, xlreport.read(tmp_path))) == []


def test_contract_explorer(tmp_path: Path) -> None:
    write_sample(tmp_path, contracts=60)
    plan = xlreport.plan("contract-explorer", tmp_path)
    assert list(untranslated(plan, xlreport.read(tmp_path))) == []


@pytest.mark.parametrize(
    ("folder", "files", "schema"),
    [
        ("register", (), None),
        ("checking", (), None),
        ("foreign-columns", ("dataset.json",), None),
        ("any-schema", ("orders.ndjson",), "orders.schema.json"),
    ],
)
def test_contract_register(folder: str, files: tuple[str, ...], schema: str | None) -> None:
    example = EXAMPLES / folder
    data = [example / name for name in files] or example
    described = example / schema if schema else None
    plan = xlreport.plan("contract-register", data, schema=described, set_aside=True)
    assert list(untranslated(plan, xlreport.read(data, schema=described))) == []


def test_a_definition_of_ones_own() -> None:
    example = EXAMPLES / "cross-tables"
    plan = xlreport.plan(example / "report.json", example / "trips.csv", schema=example / "trips.schema.json")
    data = xlreport.read(example / "trips.csv", schema=example / "trips.schema.json")
    assert list(untranslated(plan, data)) == []


def test_a_forgotten_text_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlreport.layout import contents  # noqa: PLC0415  # its function is changed here alone

    write_sample(tmp_path, contracts=12)
    monkeypatch.setattr(contents, "quality_line", lambda _context: "forgotten words")
    plan = xlreport.plan("annual-results", tmp_path, period="2017")
    assert list(untranslated(plan, xlreport.read(tmp_path))) == ["⟦Ćóńţéńţş⟧: 'forgotten words'"]


# --- what is plain ----------------------------------------------------------------------------------


def untranslated(plan: WorkbookPlan, data: Any) -> Iterator[str]:
    """Yield each text of a workbook that has a word in plain letters which is not the data's."""
    known = data_texts(data)
    for name, text in texts(plan):
        if WORD.search(text) and text not in known and WORD.search(without(text, known)):
            yield f"{name}: {text!r}"


def without(text: str, known: Iterable[str]) -> str:
    """Return a text without what it has of the data, the longest first."""
    text = PROGRAMS.sub("", text)
    for part in sorted((each for each in known if each in text), key=len, reverse=True):
        text = text.replace(part, "")
    return text


def data_texts(data: Any) -> set[str]:
    """Return every text in the records and the description of a dataset, and what is made of them."""
    found = {*CODES, *data.notes, data.title, data.name}
    for resource in data.resources:
        found.add(resource.name)
        for record in resource.records():
            found |= {text for value in leaves(record) for text in (str(value), " ".join(str(value).split()))}
    return {text for text in found if len(text) > 1}  # a letter alone is no word


def leaves(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            yield from leaves(value)
    elif isinstance(node, list):
        yield "; ".join(map(str, node))
        for value in node:
            yield from leaves(value)
    else:
        yield node


def texts(plan: WorkbookPlan) -> Iterator[tuple[str, str]]:
    yield from (("title", text) for text in (plan.title, plan.subject, plan.description))
    for sheet in plan.sheets:
        for text in (*cell_texts(sheet), *said(sheet)):
            yield sheet.name, text


def cell_texts(sheet: SheetPlan) -> Iterator[str]:
    findings = any(table.name == "Table_Findings" for table in sheet.tables)
    for block in sheet.blocks:
        # the sentences of findings, with names and values in them, have a test of their own
        columns = block.columns[:1] if findings and block.role == "body" else block.columns
        for value in (value for column in columns for value in column):
            if isinstance(value, Formula):
                yield from LITERAL.findall(value.text)
                value = value.value  # noqa: PLW2901  # what it shows is looked at as well
            if isinstance(value, str):
                yield value


def said(node: Any) -> Iterator[str]:
    """Yield the texts of a record of the plan and of those in it, its cells apart."""
    if isinstance(node, tuple):
        for item in node:
            yield from said(item)
    elif is_dataclass(node):
        for member in fields(node):
            value = getattr(node, member.name)
            named = member.name == "name" and type(node).__name__ in NAMES
            if isinstance(value, str) and member.name in SAID and not named:
                yield value
            elif member.name not in ("blocks", "styles"):
                yield from said(value)
