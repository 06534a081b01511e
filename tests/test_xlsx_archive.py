"""The ZIP archive of a workbook: read by the standard library, equal with and without isal."""

import io
import subprocess
import sys
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_plan import sample_plan

from xlreport.backends import xlsx
from xlreport.backends.xlsx import archive, deflate
from xlreport.backends.xlsx.archive import write_archive
from xlreport.backends.xlsx.deflate import Compression, Deflater, deflater
from xlreport.backends.xlsx.package import write_package
from xlreport.errors import UsageError

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00\\"), min_size=1, max_size=20)
PARTS = st.dictionaries(NAMES, st.lists(st.binary(max_size=300), max_size=4), max_size=5)
COMPRESSIONS: tuple[Compression, ...] = ("speed", "size")


def plain_deflater() -> Deflater:
    return deflater("speed", None)


def archived(parts: dict[str, list[bytes]]) -> bytes:
    file = io.BytesIO()
    write_archive(file, parts.items(), plain_deflater)
    return file.getvalue()


def contents(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@given(PARTS)
@settings(max_examples=80)
def test_the_standard_library_reads_what_was_written(parts: dict[str, list[bytes]]) -> None:
    with zipfile.ZipFile(io.BytesIO(archived(parts))) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == list(parts)
        assert [opened.read(name) for name in parts] == [b"".join(pieces) for pieces in parts.values()]


def test_the_header_in_front_of_a_part_says_what_the_directory_says() -> None:
    package = archived({"a.xml": [b"first" * 100], "b.xml": [b"", b"second" * 100]})

    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        for entry in opened.infolist():
            header = package[entry.header_offset :][:30]
            assert header[:4] == b"PK\3\4"
            facts = [int.from_bytes(header[at : at + 4], "little") for at in (14, 18, 22)]
            assert facts == [entry.CRC, entry.compress_size, entry.file_size]


def test_nothing_is_said_of_time_system_or_rights() -> None:
    with zipfile.ZipFile(io.BytesIO(archived({"a.xml": [b"a"]}))) as opened:
        (entry,) = opened.infolist()

    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert (entry.create_system, entry.external_attr, entry.extra, entry.comment) == (0, 0, b"", b"")
    assert (entry.compress_type, entry.flag_bits) == (zipfile.ZIP_DEFLATED, 0)


def test_an_archive_that_would_need_zip64_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 500)

    with pytest.raises(UsageError, match="more than 4 GB, which Excel does not open; leave out columns"):
        write_package(io.BytesIO(), [("xl/worksheets/sheet1.xml", ["x" * 600])])


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_deflater_gives_what_zlib_inflates(compression: Compression) -> None:
    content = b"".join(b"<row r='%d'/>" % row for row in range(5000))
    made = deflater(compression)
    deflated = made.compress(content[:1000]) + made.compress(content[1000:]) + made.flush()

    assert zlib.decompress(deflated, -15) == content
    assert len(deflated) < len(content) / 2
    assert deflate.crc32(content[1000:], deflate.crc32(content[:1000])) == zlib.crc32(content)


def test_a_workbook_for_size_is_smaller_and_has_the_same_parts() -> None:
    quick, small = (xlsx.to_bytes(sample_plan(), compression=compression) for compression in COMPRESSIONS)

    assert contents(quick) == contents(small)
    assert len(small) < len(quick)


WITHOUT_EXTRAS = """
import sys
sys.modules["isal"] = sys.modules["orjson"] = None  # as if they were not installed
from sample_plan import sample_plan
from xlreport.backends import xlsx
from xlreport.backends.xlsx import deflate, number_texts
assert deflate._ISAL is None and number_texts._ORJSON is None
sys.stdout.buffer.write(xlsx.to_bytes(sample_plan()))
"""


def test_the_parts_are_the_same_without_the_quick_libraries() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS],
        check=True,
        capture_output=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )

    assert contents(done.stdout) == contents(xlsx.to_bytes(sample_plan()))
