"""Marking a workbook of somebody else's: what is wrong is marked, and nothing else changes."""

import json
import random
import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import workbook_lint
from hand_made import ROWS, SCHEMA, STYLES, contents, packaged, parts, plain_parts, sheet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libreoffice import converted, needs_soffice
from opened_workbook import decoded
from python_calamine import CalamineWorkbook

import xlreport
from xlreport.backends import marking
from xlreport.backends.marking.shades import shade_of
from xlreport.cells import cell_name
from xlreport.errors import UsageError
from xlreport.findings import Severity
from xlreport.marked import Marked
from xlreport.marks import Mark

OURS = {"xl/worksheets/sheet2.xml", "xl/worksheets/_rels/sheet2.xml.rels", "xl/tables/table1.xml"}
TOUCHED = {
    *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"),
    *("xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"),
}
"""Parts that marks change."""
WRONG = (("C-1", "One", "1000", "usd"), ("C-1", "", "2000.50", ""), ("C-3", "Three", "", "USD"))
"""A currency that is none (D2), a key that stands twice (A3); name and currency (B3, D3) and an amount (C4)
are missing."""
WRONG_CELLS = {"D2", "A3", "B3", "D3", "C4"}


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "contract.schema.json"
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return path


def marked(file: Path, output: Path, schema: Path, **options: str) -> Marked:
    return xlreport.mark(file, output, schema=schema, **options)


def filled(path: Path, title: str = "Contracts") -> set[str]:
    """Return the cells that have one of the colours of marks, as openpyxl reads them."""
    book = openpyxl.load_workbook(path)
    return {
        cell.coordinate
        for row in book[title]
        for cell in row
        if cell.fill.fill_type == "solid" and shade_of(str(cell.fill.fgColor.rgb)[2:]) is not None
    }


def noted(path: Path, title: str = "Contracts") -> dict[str, str]:
    book = openpyxl.load_workbook(path)
    return {cell.coordinate: cell.comment.text for row in book[title] for cell in row if cell.comment}


def same_but(before: dict[str, bytes], after: dict[str, bytes], changed: set[str]) -> None:
    """Assert that two packages differ in the parts ``changed`` alone, and have the same order."""
    assert [name for name in after if name in before] == list(before)
    assert {name for name in before if before[name] != after[name]} == changed


def test_mistakes_are_filled_and_noted_and_listed(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts(sheet(WRONG)))
    output = tmp_path / "b.xlsm"
    result = marked(file, output, schema)
    assert result.cells == {"Contracts": len(WRONG_CELLS)}
    assert filled(output) == WRONG_CELLS
    notes = noted(output)
    assert notes["D2"].startswith("xlreport · Error\nCurrency 'usd' is not allowed")
    assert notes["B3"].startswith("[Threaded comment]")
    assert set(notes) == WRONG_CELLS
    issues = openpyxl.load_workbook(output)["Issues"]
    links = {cell.value: cell.hyperlink.location for row in issues for cell in row if cell.hyperlink}
    assert links == {cell: f"Contracts!{cell}" for cell in WRONG_CELLS}
    assert issues.tables["xlreport_issues"].ref.startswith("A")
    assert issues.freeze_panes
    assert "keep the note" in result.notes[0]


def test_everything_else_is_the_same_to_the_byte(tmp_path: Path, schema: Path) -> None:
    before = parts(sheet(WRONG))
    file = packaged(tmp_path / "a.xlsm", before)
    output = tmp_path / "b.xlsm"
    marked(file, output, schema)
    after = contents(output)
    same_but(before, after, TOUCHED)
    assert set(after) - set(before) == OURS
    assert (
        before["xl/comments1.xml"].partition(b"</commentList>")[0].partition(b"<commentList>")[2]
        in after["xl/comments1.xml"]
    )
    assert (
        before["xl/drawings/vmlDrawing1.vml"].removesuffix(b"</xml>") in after["xl/drawings/vmlDrawing1.vml"]
    )
    assert b"[0]!Run" in after["xl/drawings/vmlDrawing1.vml"]


def test_a_marked_cell_keeps_all_of_its_format_but_the_fill(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts(sheet((("C-1", "One", "-1", "usd"), *WRONG[1:]))))
    output = tmp_path / "b.xlsm"
    marked(file, output, schema)
    old, new = (openpyxl.load_workbook(path)["Contracts"] for path in (file, output))
    for address in ("A3", "C4", "D2", "D3"):
        one, other = old[address], new[address]
        assert one.number_format == other.number_format
        for aspect in ("font", "border", "alignment", "protection"):
            assert repr(getattr(one, aspect)) == repr(getattr(other, aspect))
        assert one.value == other.value


def test_marking_again_gives_the_same_bytes(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts(sheet(WRONG)))
    once, twice, again = (tmp_path / name for name in ("b.xlsm", "c.xlsm", "d.xlsm"))
    marked(file, once, schema)
    marked(file, again, schema)
    assert marked(once, twice, schema).was_marked
    assert once.read_bytes() == again.read_bytes() == twice.read_bytes()


def corrected(path: Path, target: Path, replaced: dict[str, str]) -> Path:
    """Write a package with texts of its first worksheet replaced, as somebody who corrects cells would."""
    content = contents(path)
    xml = content["xl/worksheets/sheet1.xml"].decode()
    for old, new in replaced.items():
        assert old in xml
        xml = xml.replace(old, new)
    content["xl/worksheets/sheet1.xml"] = xml.encode()
    return packaged(target, content)


def test_after_correction_the_marks_go(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts(sheet((("C-1", "One", "1000", "usd"), *ROWS[1:]))))
    right = packaged(tmp_path / "right.xlsm", parts(sheet()))
    marked(file, tmp_path / "b.xlsm", schema)
    better = corrected(tmp_path / "b.xlsm", tmp_path / "c.xlsm", {"usd": "USD"})
    result = marked(better, tmp_path / "d.xlsm", schema)
    assert result.was_marked
    assert not result.issues
    assert contents(tmp_path / "d.xlsm") == contents(right)


def test_what_is_still_wrong_stays_marked(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts(sheet(WRONG)))
    marked(file, tmp_path / "b.xlsm", schema)
    better = corrected(tmp_path / "b.xlsm", tmp_path / "c.xlsm", {"usd": "USD"})
    marked(better, tmp_path / "d.xlsm", schema)
    direct = packaged(tmp_path / "e.xlsm", parts(sheet((("C-1", "One", "1000", "USD"), *WRONG[1:]))))
    marked(direct, tmp_path / "f.xlsm", schema)
    assert filled(tmp_path / "d.xlsm") == WRONG_CELLS - {"D2"}
    assert contents(tmp_path / "d.xlsm") == contents(tmp_path / "f.xlsm")


def test_without_mistakes_the_file_is_a_copy(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts(), odd=True)
    result = marked(file, tmp_path / "b.xlsm", schema)
    assert (tmp_path / "b.xlsm").read_bytes() == file.read_bytes()
    assert (result.cells, result.issues, result.was_marked) == ({}, "", False)


def entry(path: Path, name: str) -> bytes:
    """Return a part with its header as it lies in the archive."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
        data = path.read_bytes()[info.header_offset :]
        length, extra = struct.unpack_from("<2H", data, 26)
        return data[: 30 + length + extra + info.compress_size]


def test_untouched_parts_are_copied_as_they_lie_in_the_archive(tmp_path: Path, schema: Path) -> None:
    before = parts(sheet(WRONG))
    file = packaged(tmp_path / "a.xlsm", before, odd=True)
    output = tmp_path / "b.xlsm"
    marked(file, output, schema)
    for name in set(before) - TOUCHED:
        assert entry(file, name) == entry(output, name)
    with zipfile.ZipFile(file) as one, zipfile.ZipFile(output) as other:
        assert other.testzip() is None
        assert one.comment == other.comment
        for info in one.infolist():
            assert other.getinfo(info.filename).date_time == info.date_time
            if info.filename not in TOUCHED:
                assert other.getinfo(info.filename).comment == info.comment
                assert other.getinfo(info.filename).extra == info.extra


@pytest.mark.parametrize("macros", [True, False])
def test_our_lint_finds_nothing_new(tmp_path: Path, schema: Path, *, macros: bool) -> None:
    ending = "xlsm" if macros else "xlsx"
    content = replaced(
        parts(sheet(WRONG), macros=macros), {b"<br>": b"<br/>"}
    )  # the lint reads sound XML only
    file = packaged(tmp_path / f"a.{ending}", content)
    output = tmp_path / f"b.{ending}"
    marked(file, output, schema)
    old = set(workbook_lint.problems(file))
    assert [problem for problem in workbook_lint.problems(output) if problem not in old] == []


# --- spellings


def with_prefix(content: bytes) -> bytes:
    """Return XML with all elements of its default namespace under a prefix."""
    text = re.sub(r"(</?)(?=[a-zA-Z])", r"\1x:", content.decode())
    return text.replace('xmlns="', 'xmlns:x="').encode()


def without_addresses(content: bytes) -> bytes:
    return re.sub(rb'(<(?:c|row)) r="[A-Z0-9]+"', rb"\1", content)


STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def replaced(content: dict[str, bytes], texts: dict[bytes, bytes]) -> dict[str, bytes]:
    for old, new in texts.items():
        content = {name: part.replace(old, new) for name, part in content.items()}
    return content


def transitional(content: dict[str, bytes]) -> dict[str, bytes]:
    """Return a strict package as openpyxl reads it, which does not know the other address of relations."""
    return replaced(content, {new: old for old, new in STRICT.items()})


SPELLINGS = {
    "usual": lambda content: content,
    "prefixes": lambda content: {
        name: with_prefix(part)
        if name in ("xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml")
        else part
        for name, part in content.items()
    },
    "strict": lambda content: replaced(content, STRICT),
    "no styles": lambda content: {
        **{name: part for name, part in content.items() if name != "xl/styles.xml"},
        "[Content_Types].xml": re.sub(rb"<Override[^>]*styles[^>]*>", b"", content["[Content_Types].xml"]),
        "xl/_rels/workbook.xml.rels": re.sub(
            rb"<Relationship [^>]*styles[^>]*>", b"", content["xl/_rels/workbook.xml.rels"]
        ),
        "xl/worksheets/sheet1.xml": re.sub(rb' (?:s|style)="\d+"', b"", content["xl/worksheets/sheet1.xml"]),
    },
    "line breaks": lambda content: {
        name: part.replace(b"><", b">\r\n  <") if name != "[Content_Types].xml" else part
        for name, part in content.items()
    },
    "single quotes": lambda content: {
        **content,
        "xl/worksheets/sheet1.xml": content["xl/worksheets/sheet1.xml"].replace(b'"', b"'"),
    },
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_whatever_the_spelling_marks_come_and_go(tmp_path: Path, schema: Path, spelling: str) -> None:
    spelled = SPELLINGS[spelling]
    file = packaged(tmp_path / "a.xlsx", spelled(plain_parts(sheet(WRONG, plain=True))))
    output = tmp_path / "b.xlsx"
    marked(file, output, schema)
    usual = packaged(tmp_path / "usual.xlsx", transitional(contents(output)))
    assert filled(usual) == WRONG_CELLS
    assert set(noted(usual)) == WRONG_CELLS
    assert "Issues" in CalamineWorkbook.from_path(output).sheet_names
    cleared = tmp_path / "c.xlsx"
    unmark(output, cleared)
    assert contents(cleared) == contents(file)


def unmark(source: Path, target: Path) -> None:
    marking.mark(source, target, {}, marking.Looks({}), lambda _facts: None)


def test_cells_without_addresses_are_counted(tmp_path: Path) -> None:
    rows = (("C-1", "One", "1", "USD"), ("C-2", "Two", "2", "usd"))
    content = plain_parts(sheet(rows, plain=True))
    content["xl/worksheets/sheet1.xml"] = without_addresses(content["xl/worksheets/sheet1.xml"])
    file = packaged(tmp_path / "a.xlsx", content)
    marks = {"Contracts": [Mark(3, 4, Severity.ERROR, "wrong"), Mark(3, 6, Severity.WARNING, "empty")]}
    output = tmp_path / "b.xlsx"
    marking.mark(file, output, marks, looks(), lambda _facts: None)
    assert filled(output) == {"D3", "F3"}


def looks() -> marking.Looks:
    return marking.Looks({severity: severity.value for severity in Severity})


# --- the rule for all inputs


def big(count: int) -> list[tuple[str, str, str, str]]:
    return [(f"C-{number}", f"Name {number}", str(number * 10), "USD") for number in range(1, count + 1)]


BREAKS = {0: "", 1: "", 2: "many", 3: "usd"}
"""Column -> what is wrong there: no key, no name, a text for an amount, another currency."""


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), count=st.integers(1, 30), wrong=st.integers(0, 25))
def test_exactly_the_cells_that_were_changed_are_marked(
    tmp_path: Path, schema: Path, seed: int, count: int, wrong: int
) -> None:
    rows = big(count)
    draw = random.Random(seed)  # noqa: S311  # nothing here is secret
    places = [(row, column) for row in range(count) for column in BREAKS]
    chosen = draw.sample(places, min(wrong, len(places)))
    broken = [list(row) for row in rows]
    for row, column in chosen:
        broken[row][column] = BREAKS[column]
    xml = sheet(tuple(map(tuple, broken))).replace("<v>many</v>", "<v>many</v>")
    xml = re.sub(r'<c r="(C\d+)" s="3"><v>many</v></c>', r'<c r="\1" s="3" t="str"><v>many</v></c>', xml)
    before = parts(xml)
    file, output = packaged(tmp_path / "a.xlsm", before), tmp_path / "b.xlsm"
    result = marked(file, output, schema)
    wanted = {cell_name(row + 2, column + 1) for row, column in chosen}
    after = contents(output)
    assert filled(output) == wanted
    assert sum(result.cells.values()) == len(wanted)
    same_but(before, after, {name for name in TOUCHED if before[name] != after[name]})
    assert values(output) == values(file)
    unmark(output, tmp_path / "c.xlsm")
    assert contents(tmp_path / "c.xlsm") == before


def values(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name("Contracts").to_python()


# --- what cannot be marked


def test_a_book_with_a_sheet_issues_of_its_own_keeps_it(tmp_path: Path, schema: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Contracts"
    for row in (("id", "name", "amount", "currency"), ("C-1", "One", 1, "usd")):
        book.active.append(row)
    book.create_sheet("Issues")
    file, output = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book.save(file)
    result = marked(file, output, schema)
    assert result.issues == "Issues (2)"
    assert openpyxl.load_workbook(output).sheetnames == ["Contracts", "Issues", "Issues (2)"]


def test_text_from_data_is_only_text(tmp_path: Path, schema: Path) -> None:
    evil = '=HYPERLINK("http://x","y")'
    file = packaged(
        tmp_path / "a.xlsx",
        plain_parts(sheet((("C-1", "One", "1", evil.replace('"', "&quot;")),), plain=True)),
    )
    output = tmp_path / "b.xlsx"
    marked(file, output, schema)
    issues = openpyxl.load_workbook(output)["Issues"]
    found = [cell for row in issues for cell in row if cell.value == evil]
    assert found
    assert all(cell.data_type != "f" and cell.quotePrefix for cell in found)
    assert b"<f>" not in contents(output)["xl/worksheets/sheet2.xml"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"id,name\n", "a.csv is a text file"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "97 to 2003"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("a.xlsx", b"PK\x03\x04 cut short", "no workbook in the format"),
        ("a.xlsx", b"", "no workbook in the format"),
    ],
)
def test_other_files_are_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(UsageError, match=reason):
        xlreport.mark(file, tmp_path / "b.xlsx")
    assert not (tmp_path / "b.xlsx").exists()


def test_the_output_is_of_the_same_kind(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts())
    with pytest.raises(UsageError, match=r"give .*b\.xlsm"):
        marked(file, tmp_path / "b.xlsx", schema)


def test_the_file_itself_is_marked_only_when_asked(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts(sheet(WRONG)))
    with pytest.raises(UsageError, match="would be lost"):
        marked(file, file, schema)
    xlreport.mark(file, file, schema=schema, in_place=True)
    assert filled(file) == WRONG_CELLS


def test_a_workbook_full_of_formats_is_marked_as_far_as_they_go(tmp_path: Path, schema: Path) -> None:
    full = parts(sheet(WRONG))
    head, formats, tail = re.split(rb"(?s)<cellXfs[^>]*>(.*?)</cellXfs>", full["xl/styles.xml"])
    missing = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' * (65_490 - formats.count(b"<xf "))
    full["xl/styles.xml"] = head + b'<cellXfs count="65490">' + formats + missing + b"</cellXfs>" + tail
    output = tmp_path / "b.xlsm"
    result = marked(packaged(tmp_path / "a.xlsm", full), output, schema)
    assert not filled(output)
    assert set(noted(output)) == WRONG_CELLS
    assert "has no room for another format: 5." in " ".join(result.notes)
    assert re.findall(rb'<cellXfs count="([0-9]+)"', contents(output)["xl/styles.xml"]) == [b"65490"]


def test_a_signature_that_no_longer_holds_is_told(tmp_path: Path, schema: Path) -> None:
    content = parts(sheet(WRONG))
    content["_xmlsignatures/sig1.xml"] = b"<Signature/>"
    file = packaged(tmp_path / "a.xlsm", content)
    result = marked(file, tmp_path / "b.xlsm", schema)
    assert any("signature" in note for note in result.notes)
    assert contents(tmp_path / "b.xlsm")["_xmlsignatures/sig1.xml"] == b"<Signature/>"


def test_a_shared_workbook_is_refused(tmp_path: Path, schema: Path) -> None:
    content = {**parts(sheet(WRONG)), "xl/revisions/revisionHeaders.xml": b"<headers/>"}
    file = packaged(tmp_path / "a.xlsm", content)
    with pytest.raises(UsageError, match="Unshare Workbook"):
        marked(file, tmp_path / "b.xlsm", schema)


def test_a_group_that_is_left_blank_is_marked_at_its_first_column(tmp_path: Path) -> None:
    value = {"type": "object", "properties": {"amount": {}, "currency": {}}, "required": ["amount"]}
    schema = {"type": "object", "properties": {"id": {}, "value": value}, "required": ["value"]}
    path = tmp_path / "group.schema.json"
    path.write_text(json.dumps(schema), encoding="utf-8")
    book = openpyxl.Workbook()
    contracts = book.create_sheet("Contracts")
    for row in (["id", "value/amount", "value/currency"], ["A", 1, "EUR"], ["B"], ["C", None, "EUR"]):
        contracts.append(row)
    book.save(tmp_path / "a.xlsx")
    done = marked(tmp_path / "a.xlsx", tmp_path / "m.xlsx", path)
    assert len(done.findings.errors) == 2
    assert filled(done.path) == {"B3", "B4"}


def test_a_dataset_file_says_where_the_columns_are(tmp_path: Path, schema: Path) -> None:
    other = sheet(WRONG).replace(">currency<", ">Waehrung<")
    file = packaged(tmp_path / "a.xlsm", parts(other))
    mapping = {"id": "id", "name": "name", "amount": "amount", "currency": "Waehrung"}
    described = {
        "name": "register",
        "schema": schema.name,
        "resources": [{"name": "contracts", "path": "a.xlsm", "mapping": mapping}],
    }
    (tmp_path / "dataset.json").write_text(json.dumps(described))
    xlreport.mark(file, tmp_path / "b.xlsm", [tmp_path / "dataset.json"])
    assert filled(tmp_path / "b.xlsm") == WRONG_CELLS


@pytest.mark.parametrize("save", ["openpyxl", "twins"])
def test_marks_go_whoever_saved_the_workbook(tmp_path: Path, schema: Path, save: str) -> None:
    """openpyxl numbers formats anew; formats that differ in what nobody sees come back as they were."""
    twins = (
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyFill="1"/>',
    )
    styles = STYLES.replace(twins[0], twins[0], 1).replace("</cellXfs>", f"{twins[1]}</cellXfs>")
    styles = styles.replace('<cellXfs count="6">', '<cellXfs count="7">')
    rows = sheet(WRONG, plain=True).replace('<c r="A3"', '<c r="A3" s="6"')
    file = packaged(tmp_path / "a.xlsx", plain_parts(rows, styles))
    output, cleared = tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    marked(file, output, schema)
    if save == "openpyxl":
        openpyxl.load_workbook(output).save(output)
    unmark(output, cleared)
    if save == "twins":
        assert contents(cleared) == contents(file)
    assert filled(cleared) == set()
    assert noted(cleared) == {}
    old, new = (openpyxl.load_workbook(path)["Contracts"] for path in (file, cleared))
    for row in old:
        for cell in (cell for cell in row if cell.value is not None):  # empty ones have that of their column
            assert repr(new[cell.coordinate].fill) == repr(cell.fill), cell.coordinate


@needs_soffice
def test_marks_go_after_libreoffice_has_saved_the_workbook(tmp_path: Path, schema: Path) -> None:
    marked(packaged(tmp_path / "a.xlsx", plain_parts(sheet(WRONG, plain=True))), tmp_path / "b.xlsx", schema)
    (saved,) = converted([tmp_path / "b.xlsx"], tmp_path / "lo", "xlsx")
    assert filled(saved) == WRONG_CELLS
    assert set(noted(saved)) == WRONG_CELLS
    unmark(saved, tmp_path / "c.xlsx")
    assert filled(tmp_path / "c.xlsx") == set()
    assert noted(tmp_path / "c.xlsx") == {}
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").sheetnames == ["Contracts"]


def test_notes_and_sheet_are_said_in_the_language_asked_for(tmp_path: Path, schema: Path) -> None:
    file = packaged(tmp_path / "a.xlsm", parts(sheet(WRONG)))
    output = tmp_path / "b.xlsm"
    result = marked(file, output, schema, language="de")
    assert result.issues == "Mängel"
    assert noted(output)["D2"].startswith("xlreport · Fehler\n")
    assert marked(output, tmp_path / "c.xlsm", schema).issues == "Issues"


def test_marks_of_a_sheet_are_found_after_its_formats_are_numbered_anew(tmp_path: Path, schema: Path) -> None:
    """As Excel does when it saves: marks are known by their colour, and what they cover by their shade."""
    file = packaged(tmp_path / "a.xlsm", parts(sheet((("C-1", "One", "1", ""), ("", "", "", "USD")))))
    output, saved, cleared = (tmp_path / name for name in ("b.xlsm", "c.xlsm", "d.xlsm"))
    marked(file, output, schema)
    assert filled(output)
    packaged(saved, renumbered(contents(output)))
    unmark(saved, cleared)
    assert filled(cleared) == set()
    old, new = (openpyxl.load_workbook(path)["Contracts"] for path in (file, cleared))
    for row in old:
        for cell in row:
            assert repr(new[cell.coordinate].fill) == repr(cell.fill), cell.coordinate
            assert new[cell.coordinate].number_format == cell.number_format
    assert "Issues" not in openpyxl.load_workbook(cleared).sheetnames
    assert set(noted(cleared)) == {"B3"}


def renumbered(content: dict[str, bytes]) -> dict[str, bytes]:
    """Return a package whose cell formats stand in the opposite order, and whose unused ones are gone."""
    styles = content["xl/styles.xml"]
    listed = re.search(rb"<cellXfs.*</cellXfs>", styles, re.DOTALL)
    assert listed
    items = re.findall(rb"<xf [^>]*?/>|<xf .*?</xf>", listed[0], re.DOTALL)
    sheets = [name for name in content if name.startswith("xl/worksheets/sheet")]
    used = {int(number) for name in sheets for number in re.findall(rb' (?:s|style)="(\d+)"', content[name])}
    order = [0, *sorted(used - {0}, reverse=True)]
    new = {old: position for position, old in enumerate(order)}

    def other(found: re.Match[bytes]) -> bytes:
        return found[1] + str(new[int(found[2])]).encode() + b'"'

    body = b"".join(items[number] for number in order)
    changed = {name: re.sub(rb'( (?:s|style)=")(\d+)"', other, content[name]) for name in sheets}
    listing = b'<cellXfs count="%d">%b</cellXfs>' % (len(order), body)
    return {**content, **changed, "xl/styles.xml": styles.replace(listed[0], listing)}


def test_the_texts_of_notes_are_whole(tmp_path: Path) -> None:
    text = 'a < b & c > "d"\nsecond line \x01 _x0041_'
    file = packaged(tmp_path / "a.xlsx", plain_parts(sheet(plain=True)))
    output = tmp_path / "b.xlsx"
    marking.mark(
        file, output, {"Contracts": [Mark(2, 2, Severity.ERROR, text)]}, looks(), lambda _facts: None
    )
    assert decoded(noted(output)["B2"]) == f"xlreport · error\n{text}"


def test_no_colour_of_the_sheet_of_issues_is_that_of_a_mark(tmp_path: Path, schema: Path) -> None:
    marked(packaged(tmp_path / "a.xlsm", parts(sheet(WRONG))), tmp_path / "b.xlsm", schema)
    assert filled(tmp_path / "b.xlsm", "Issues") == set()
