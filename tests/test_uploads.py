"""Files from outside are looked at before any reader sees them: bombs, lies and what else they carry."""

import io
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import hostile
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import converted, needs_soffice
from reading import shared, text_file

import xlreport
from xlreport.cli import main
from xlreport.errors import UsageError
from xlreport.findings import Finding, Severity
from xlreport.uploads import UNTRUSTED, USUAL, Limits, limits_from, look, unpacking
from xlreport.uploads.archive import Entry
from xlreport.uploads.markup import Watch, check_depth_by_parsing
from xlreport.uploads.problems import RefusedError

XML = hostile.XML
SMALL = Limits(unpacked=64 << 20, part=32 << 20, parts=500)


def seen(path: Path, content: bytes, limits: Limits = USUAL, form: str = "xlsx") -> tuple[Finding, ...]:
    return look(hostile.file(path / "upload.xlsx", content), "upload.xlsx", form, limits)


def refusal(path: Path, content: bytes, limits: Limits = USUAL, form: str = "xlsx") -> Finding:
    (found,) = seen(path, content, limits, form)
    assert found.severity is Severity.ERROR
    assert found.message.startswith("upload.xlsx")
    assert found.message.endswith(".")
    assert found.hint
    return found


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many bytes of a part had been unpacked, after each piece."""
    sizes: list[int] = []
    count = unpacking.Meter.count

    def counting(meter: unpacking.Meter, entry: Entry, done: int) -> None:
        sizes.append(done)
        count(meter, entry, done)

    monkeypatch.setattr(unpacking.Meter, "count", counting)
    return sizes


# --- bombs ------------------------------------------------------------------------------------------


def bomb(size: int, says: int | None = None) -> bytes:
    raw = hostile.Raw()
    crc = hostile.crc_of_zeros(size) if says is None else 0
    raw.part("xl/media/image1.png", hostile.zeros(size), says=size if says is None else says, crc=crc)
    return raw.bytes()


def test_a_gigabyte_in_a_megabyte_is_refused_before_it_is_unpacked(
    tmp_path: Path, counted: list[int]
) -> None:
    content = bomb(1 << 30)
    assert len(content) < 1 << 21
    found = refusal(tmp_path, content)
    assert found.code == "over-limit"
    ratio = int(found.value)
    assert 1000 < ratio < 1033
    assert found.message.endswith(f"unpacks to {ratio:,} times its size; at most 300 times is read.")
    assert found.hint.endswith(f"add --limit ratio={ratio}.")
    assert counted == []

    found = refusal(tmp_path, content, SMALL)
    assert found.message.endswith("its part xl/media/image1.png unpacks to 1 GB; at most 32 MB is read.")
    assert counted == []


def test_what_a_part_says_of_its_size_is_not_believed(tmp_path: Path, counted: list[int]) -> None:
    found = refusal(tmp_path, bomb(256 << 20, says=1000))
    assert found.code == "unsafe-file"
    assert found.message.endswith("unpacks to more than the 1,000 bytes that it says.")
    assert max(counted) <= 1 << 20


@pytest.mark.parametrize("quick", ["isal.isal_zlib", "zlib"])
def test_either_library_unpacks_every_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: list[int], quick: str
) -> None:
    monkeypatch.setattr(unpacking, "_QUICK", pytest.importorskip(quick))
    for size in (0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_000):
        counted.clear()
        content = bytes(range(256)) * (size // 256) + bytes(size % 256)
        path = hostile.file(tmp_path / f"{size}.xlsx", hostile.zipped({"xl/media/1.png": content}))
        assert look(path, path.name, "xlsx") == ()
        assert max(counted, default=0) == size
        broken = bytearray(path.read_bytes())
        broken[44 + (len(broken) - 150) // 2] ^= 0x10
        assert len(seen(tmp_path, bytes(broken))) == 1


def test_the_parts_count_together(tmp_path: Path, counted: list[int]) -> None:
    raw = hostile.Raw()
    packed, crc = hostile.zeros(15 << 20), hostile.crc_of_zeros(15 << 20)
    for number in range(10):
        raw.part(f"xl/media/image{number}.png", packed, says=15 << 20, crc=crc)
    assert refusal(tmp_path, raw.bytes(), SMALL).message == (
        "upload.xlsx unpacks to 150 MB; at most 64 MB is read."
    )
    assert counted == []


def test_a_bomb_is_unpacked_in_little_memory(tmp_path: Path) -> None:
    path = hostile.file(tmp_path / "upload.xlsx", bomb(64 << 20))
    tracemalloc.start()
    look(path, "upload.xlsx", "xlsx", Limits(ratio=2000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


def test_packages_in_packages_are_not_unpacked(tmp_path: Path, counted: list[int]) -> None:
    inner = hostile.zipped({"bomb": bytes(4 << 20)})
    for _ in range(5):
        inner = hostile.zipped({f"{number}.zip": inner for number in range(10)})
    found = seen(tmp_path, hostile.workbook(("xl/embeddings/package.zip", inner)))
    assert [(each.code, each.severity) for each in found] == [("embedded-files", Severity.INFO)]
    assert max(counted) < 1 << 20


def test_too_many_parts(tmp_path: Path, counted: list[int]) -> None:
    content = hostile.workbook(*((f"xl/media/{number}.png", b"") for number in range(600)))
    found = refusal(tmp_path, content, SMALL)
    assert found.message == "upload.xlsx is made of 605 parts; at most 500 are read."
    assert counted == []


def test_parts_that_share_their_bytes(tmp_path: Path, counted: list[int]) -> None:
    found = refusal(tmp_path, hostile.overlapping(1000))
    assert found.code == "unsafe-file"
    assert "are made of the same bytes" in found.message or "is not what the list" in found.message
    assert counted == []


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize("part", hostile.PARTS)
@pytest.mark.parametrize("before", ["", XML, XML + "<!-- one --><?two?>\n", "\ufeff" + XML, "\n" * 5000])
def test_a_document_type_is_refused_in_every_part(tmp_path: Path, part: str, before: str) -> None:
    parts = {**hostile.PARTS, part: before + LAUGHS + hostile.PARTS[part]}
    found = refusal(tmp_path, hostile.zipped(parts))
    assert found.code == "unsafe-file"
    assert found.message == (
        f"upload.xlsx: its part {part} declares a document type (DTD), which no workbook needs."
    )


def test_a_document_type_far_behind_a_comment_is_refused(tmp_path: Path) -> None:
    for length in (1 << 15, 1 << 17, 1 << 21):
        sheet = XML + f"<!--{'x' * length}-->" + LAUGHS + hostile.PARTS[hostile.SHEET]
        assert refusal(tmp_path, hostile.workbook(sheet=sheet)).code == "unsafe-file"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-7", "utf-32"])
def test_other_encodings_hide_nothing(tmp_path: Path, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + LAUGHS + hostile.PARTS[hostile.SHEET]
    found = refusal(tmp_path, hostile.workbook(sheet=text.encode(encoding)))
    assert "only UTF-8 is read" in found.message


# --- depth ------------------------------------------------------------------------------------------


def nested(levels: int, inside: str = "", between: str = "") -> str:
    return "<a>" + (between + "<b x='1'>") * (levels - 1) + inside + "</b>" * (levels - 1) + "</a>"


@pytest.mark.parametrize(
    "document",
    [
        nested(100_000),
        nested(300),
        "<a>" + "<b/>" * 5000 + nested(299) + "</a>",
        "<a>" + "<b>1</b>" * 5000 + nested(299) + "</a>",
        nested(300, between="<c/><d>text</d>"),
        nested(300, between="a/>"),
        nested(300, between="<!-- </b></b></b> -->"),
        nested(300, between="<?x </b> ?>"),
        nested(300, between="<![CDATA[</b></b>]]>"),
        nested(300, between="<c d='/>'/>"),
        nested(100_000)[:300_000],
    ],
)
def test_depth_is_counted_whatever_stands_between(tmp_path: Path, document: str) -> None:
    found = refusal(tmp_path, hostile.workbook(("xl/deep.xml", document)))
    assert found.code == "over-limit"
    assert found.message == (
        "upload.xlsx: its part xl/deep.xml has more than 256 elements of XML in one another."
    )


@pytest.mark.parametrize(
    "document",
    [
        nested(256),
        "<a>" + "<b/>" * 50_000 + nested(255) + "</a>",
        "<a>" + "<b><c>1</c></b>" * 50_000 + "</a>",
        "<a>" + "<b>1 > 0</b>" * 5_000 + "</a>",
        "<a>" + "<!-- < < < -->" * 5_000 + "</a>",
        "<a>" + "<![CDATA[<<<]]>" * 5_000 + "</a>",
        "<br>" * 200,
        "",
        "<",
        "<?xml version='1.0'?>",
    ],
)
def test_what_is_long_is_not_deep(tmp_path: Path, document: str) -> None:
    assert seen(tmp_path, hostile.workbook(("xl/long.xml", document))) == ()


elements = st.recursive(
    st.sampled_from(["", "text", "<e/>", "<e a='x'/>", "a > b", "<!-- <a> -->", "<?p <a>?>"]),
    lambda inner: st.lists(inner, max_size=4).map(lambda found: f"<x y='z'>{''.join(found)}</x>"),
    max_leaves=30,
)


@given(elements, st.integers(1, 60))
def test_the_depth_that_is_counted_is_that_of_the_document(inside: str, size: int) -> None:
    from xml.etree import ElementTree as ET  # noqa: PLC0415  # the witness

    document = f"<r>{inside}</r>"

    def deepest(element: ET.Element) -> int:
        return 1 + max(map(deepest, element), default=0)

    depth = deepest(ET.fromstring(document))  # noqa: S314  # our own
    data = document.encode()
    cut = [data[start : start + size] for start in range(0, len(data), size)]

    def refused(limit: int) -> bool:
        watch = Watch("f", "p", limit)
        try:
            for piece in cut:
                watch.see(piece)
            watch.end()
            if watch.ambiguous:
                check_depth_by_parsing(cut, "f", "p", limit)
        except RefusedError:
            return True
        return False

    assert refused(depth - 1)
    assert not refused(depth)


# --- packages that are not what they seem ------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "/etc/passwd", "xl/../../x", "xl\\sheet.xml", "C:/x.xml", "xl//x.xml", "a\x01b", "./x"],
)
def test_odd_names(tmp_path: Path, name: str) -> None:
    found = refusal(tmp_path, hostile.workbook((name, b"x")))
    assert found.message.endswith("which is no name for one.")


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize("name", [hostile.SHEET, "XL/Worksheets/SHEET1.XML"])
def test_two_parts_of_one_name(tmp_path: Path, name: str) -> None:
    found = refusal(tmp_path, hostile.workbook((name, b"<a/>")))
    assert "has two parts called" in found.message


def test_an_encrypted_part(tmp_path: Path) -> None:
    raw = hostile.Raw()
    raw.part(hostile.SHEET, b"x" * 20, says=8, flags=1)
    assert refusal(tmp_path, raw.bytes()).message.endswith("is encrypted.")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_of_packing(tmp_path: Path, method: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        package.writestr(hostile.SHEET, "<a/>")
    assert f"(method {method})" in refusal(tmp_path, stream.getvalue()).message


def test_a_part_whose_own_header_says_something_else(tmp_path: Path) -> None:
    raw = hostile.Raw()
    raw.part(hostile.SHEET, zlib.compress(b"<a/>", wbits=-15), says=4, crc=zlib.crc32(b"<a/>"), local="b.xml")
    assert "is not what the list of its parts says" in refusal(tmp_path, raw.bytes()).message


@pytest.mark.parametrize("size", [10, 5000])
def test_bytes_that_belong_to_no_part(tmp_path: Path, size: int) -> None:
    good = hostile.workbook()
    hidden = f"upload.xlsx holds {size:,} bytes that belong to no part".replace("5,000 bytes", "4.9 KB")
    assert hidden in refusal(tmp_path, good + b"%" * size).message
    stub = b"PK\x03\x04" + b"%" * (size - 4)
    assert hidden in refusal(tmp_path, stub + good).message


def test_a_part_that_is_not_on_the_list(tmp_path: Path) -> None:
    raw = hostile.Raw()
    packed = zlib.compress(b"<a/>", wbits=-15)
    raw.part("hidden.xml", packed, says=4, crc=zlib.crc32(b"<a/>"))
    raw.listed, raw.count = b"", 0
    raw.part(hostile.SHEET, packed, says=4, crc=zlib.crc32(b"<a/>"))
    assert "that belong to no part" in refusal(tmp_path, raw.bytes()).message


def test_blanks_at_the_end_are_nothing(tmp_path: Path) -> None:
    assert seen(tmp_path, hostile.workbook() + b"\r\n" + bytes(700)) == ()


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    good = bytearray(hostile.workbook(("xl/media/picture.png", bytes(range(256)) * 100)))
    good[good.index(b"picture.png") + 60] ^= 0xFF
    found = refusal(tmp_path, bytes(good))
    assert found.code == "broken-workbook"
    assert found.message == (
        "upload.xlsx cannot be read as a workbook: its part xl/media/picture.png is damaged."
    )


def test_a_package_that_was_cut_short(tmp_path: Path) -> None:
    good = hostile.workbook()
    for length in range(4, len(good) - 1, 37):
        assert refusal(tmp_path, good[:length]).code == "broken-workbook"


@given(st.data())
def test_whatever_is_changed_in_a_package_ends_in_findings(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    good = bytearray(hostile.workbook())
    for _ in range(data.draw(st.integers(1, 8))):
        good[data.draw(st.integers(2, len(good) - 1))] = data.draw(st.integers(0, 255))
    found = seen(tmp_path_factory.getbasetemp(), bytes(good))
    assert all(each.code in {"broken-workbook", "unsafe-file", "over-limit"} for each in found)


# --- what a workbook carries --------------------------------------------------------------------------


LINK = f'<Relationship Id="r9" Type="{hostile.RELATIONS}/externalLinkPath" Target="x" TargetMode="External"/>'


def with_relation(relation: str) -> bytes:
    return hostile.workbook(rels=hostile.PARTS["xl/_rels/workbook.xml.rels"].replace("</", relation + "</"))


CARRYING = {
    "vba": ("holds-macros", hostile.workbook(("xl/vbaProject.bin", b"x"))),
    "renamed vba": (
        "holds-macros",
        with_relation(
            '<Relationship Id="r9" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
            'Target="data.bin"/>'
        ),
    ),
    "macro sheet": ("holds-macros", hostile.workbook(("xl/macrosheets/sheet1.xml", "<a/>"))),
    "control": ("holds-macros", hostile.workbook(("xl/activeX/activeX1.xml", "<a/>"))),
    "ribbon": ("holds-macros", hostile.workbook(("customUI/customUI14.xml", "<a/>"))),
    "link": ("external-links", hostile.workbook(("xl/externalLinks/externalLink1.xml", "<a/>"))),
    "renamed link": ("external-links", with_relation(LINK)),
    "connection": ("external-links", hostile.workbook(("xl/connections.xml", "<a/>"))),
    "picture on the web": (
        "external-links",
        with_relation(LINK.replace("externalLinkPath", "image")),
    ),
    "object": ("embedded-files", hostile.workbook(("xl/embeddings/oleObject1.bin", b"x"))),
    "document": ("embedded-files", hostile.workbook(("xl/embeddings/letter.docx", b"x"))),
}


@pytest.mark.parametrize("name", CARRYING)
def test_what_is_carried_is_a_note_and_for_strangers_a_refusal(tmp_path: Path, name: str) -> None:
    code, content = CARRYING[name]
    (note,) = seen(tmp_path, content)
    assert (note.code, note.severity) == (code, Severity.INFO)
    found = refusal_of_carried(seen(tmp_path, content, UNTRUSTED))
    assert found.code == "unsafe-file"
    assert found.hint.startswith("If you trust the file, add --limit ")
    option = found.hint.rpartition(" ")[2].rstrip(".")
    assert [each.code for each in seen(tmp_path, content, limits_from([option], UNTRUSTED))] == [code]


def refusal_of_carried(found: tuple[Finding, ...]) -> Finding:
    (only,) = found
    assert only.severity is Severity.ERROR
    return only


def test_hyperlinks_are_no_links_to_values(tmp_path: Path) -> None:
    content = with_relation(LINK.replace("externalLinkPath", "hyperlink"))
    assert seen(tmp_path, content, UNTRUSTED) == ()


def test_a_relation_is_found_however_long_the_list_is(tmp_path: Path) -> None:
    for padding in ((1 << 20) - 400, (1 << 20) - 330, 1 << 20):
        content = with_relation(" " * padding + LINK)
        assert [each.code for each in seen(tmp_path, content)] == ["external-links"]


def test_a_workbook_with_macros_is_read_and_the_note_says_so(tmp_path: Path) -> None:
    path = hostile.file(tmp_path / "things.xlsm", hostile.workbook(("xl/vbaProject.bin", b"x")))
    dataset = xlreport.read(path)
    assert list(dataset["things"].records()) == [{"id": "T-1"}]
    (note,) = xlreport.check(path)
    assert note.code == "holds-macros"
    assert note.place.file == str(path)
    (refused,) = xlreport.check(path, limits=UNTRUSTED).errors
    assert refused.code == "unsafe-file"


# --- other formats ------------------------------------------------------------------------------------


def codes(path: Path, limits: Limits = USUAL) -> list[str]:
    return [each.code for each in xlreport.check(path, limits=limits)]


@pytest.mark.parametrize("name", ["a.csv", "a.ndjson", "a.json", "a.parquet", "a.xlsx", "a.xls", "a.ods"])
def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, name: str) -> None:
    path = text_file(tmp_path / name, b"[" + b" " * 3000)
    (found,) = xlreport.check(path, limits=Limits(file=2048))
    assert found.code == "over-limit"
    assert found.message == f"{path} is 2.9 KB large; at most 2 KB is read."


@pytest.mark.parametrize("name", ["a.csv", "a.ndjson"])
@pytest.mark.parametrize("before", [0, 1, 5000])
def test_a_line_that_never_ends(tmp_path: Path, name: str, before: int) -> None:
    path = text_file(tmp_path / name, b'{"id": 1}\n' * before + b'{"id": "' + b"x" * (3 << 20) + b'"}\n')
    (found,) = xlreport.check(path, limits=Limits(line=1 << 20)).errors
    assert found.message == f"{path}: its line {before + 1:,} is longer than 1 MB."
    assert codes(path, Limits(line=4 << 20)) != ["over-limit"]


def test_lines_within_the_limit_are_told_apart_across_pieces(tmp_path: Path) -> None:
    line = b'{"id": "' + b"x" * 900_000 + b'"}\n'
    assert codes(text_file(tmp_path / "a.ndjson", line * 4), Limits(line=1 << 20)) == []


def test_a_long_value_of_a_csv_file(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", f"id,text\n1,{'x' * 200_000}\n2,y\n")
    (found,) = xlreport.check(path).errors
    assert found.message == "A value in line 2 is longer than 131,072 characters."
    assert codes(path, Limits(value=200_000)) == []


def test_too_many_columns(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", ",".join(f"c{number}" for number in range(300)) + "\n")
    (found,) = xlreport.check(path, limits=Limits(columns=299)).errors
    assert found.message == f"{path} has 300 columns; at most 299 are read."
    table = pa.table({f"c{number}": [1] for number in range(300)})
    pq.write_table(table, tmp_path / "a.parquet")
    assert codes(tmp_path / "a.parquet", Limits(columns=299)) == ["over-limit"]


def test_a_parquet_file_that_claims_more_values_than_anyone_has(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": pa.array(["x"] * 1_000_000), "n": pa.nulls(1_000_000)}), path)
    assert path.stat().st_size < 10_000
    (found,) = xlreport.check(path, limits=Limits(values=1_000_000)).errors
    assert found.message == f"{path} says that it holds 2,000,000 values; at most 1,000,000 are read."
    assert codes(path, Limits(values=2_000_000)) == []


def test_deep_json_is_a_finding(tmp_path: Path) -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    assert codes(text_file(tmp_path / "a.json", f'[{{"id": 1}}, {deep}]')) == ["too-deep"]
    assert codes(text_file(tmp_path / "b.ndjson", f'{{"id": 1}}\n{deep}\n')) == ["too-deep"]


# --- limits -------------------------------------------------------------------------------------------


def test_limits_are_changed_by_name() -> None:
    assert limits_from([]) == USUAL
    changed = limits_from(["unpacked=2GB", "parts = 50_000", "ratio=1,000", "macros=refuse"])
    assert (changed.unpacked, changed.parts, changed.ratio) == (2 << 30, 50_000, 1000)
    assert (changed.macros, changed.links, changed.part) == ("refuse", "note", USUAL.part)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("unpakced=1GB", "There is no limit 'unpakced'.*did you mean 'unpacked'"),
        ("parts", "The limit parts is a number greater than 0, as in parts=20000, not ''"),
        ("parts=many", "not 'many'"),
        ("parts=0", "not '0'"),
        ("parts=5QB", "not '5QB'"),
        ("macros=run", "macros can be note or refuse, as in macros=refuse, not 'run'"),
    ],
)
def test_a_limit_that_is_none_is_refused(given: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        limits_from([given])


def test_limits_on_the_command_line(tmp_path: Path) -> None:
    path = hostile.file(tmp_path / "things.xlsx", hostile.workbook(("xl/vbaProject.bin", b"x")))

    def run(*options: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["check", str(path), *options])
        return result.exit_code, result.output

    assert run()[0] == 0
    code, output = run("--limit", "parts=5")
    assert (code, "[over-limit]" in output) == (1, True)
    code, output = run("--untrusted")
    assert (code, "[unsafe-file]" in output) == (1, True)
    assert run("--limit", "macros=note", "--untrusted")[0] == 0
    code, output = run("--limit", "part=x")
    assert code == 2
    assert output.startswith("Error: The limit part")


def test_a_file_is_looked_at_again_when_it_has_changed(tmp_path: Path) -> None:
    assert seen(tmp_path, hostile.workbook()) == ()
    assert refusal(tmp_path, hostile.workbook() + b"%").code == "unsafe-file"


# --- honest workbooks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["portugal_contracts_xlsx", "ocds_fictional"])
def test_real_workbooks_pass(path: str) -> None:
    found = sorted(shared(path).rglob("*.xlsx"))
    assert found
    for each in found:
        assert look(each, each.name, "xlsx", UNTRUSTED) == ()


def rows() -> Iterator[list[object]]:
    for number in range(20_000):
        yield [0, 0, 0, None, Decimal("0.00"), number % 2 == 0, "a > b", "text & more"]


def test_openpyxl_passes_and_zeros_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in rows():
        book.active.append(row)
    book.active["A1"].hyperlink = "https://example.org/"
    book.save(tmp_path / "book.xlsx")
    assert look(tmp_path / "book.xlsx", "book.xlsx", "xlsx", UNTRUSTED) == ()


@needs_soffice
def test_libreoffice_passes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in rows():
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    for target in ("xlsx", "ods", "xls"):
        (saved,) = converted([tmp_path / "book.xlsx"], tmp_path / target, target)
        assert look(saved, saved.name, "xlsx", UNTRUSTED) == ()
