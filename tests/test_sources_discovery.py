"""What is read when files, folders or standard input are named without a dataset file."""

import hashlib
import io
import pickle
import sys
from pathlib import Path

import pytest
from reading import codes, dataset_file, finding, only, read, records, text_file, workbook

from xlreport import sources
from xlreport.errors import MachineError, SpecError, UsageError
from xlreport.findings import Severity


def test_name_that_the_machine_refuses() -> None:
    with pytest.raises(MachineError, match=r"cannot be read: file name too long; close it"):
        sources.describe(["x" * 300])


def test_nothing_named() -> None:
    with pytest.raises(UsageError, match=r"Name a file or folder to read; files end in \.json, \.ndjson"):
        sources.describe([])


def test_missing_file_is_told_with_the_nearest(tmp_path: Path) -> None:
    text_file(tmp_path / "contracts.csv", "id\n1\n")
    with pytest.raises(UsageError, match=r"contrcts.csv'; did you mean 'contracts.csv'\?"):
        sources.describe([tmp_path / "contrcts.csv"])
    with pytest.raises(UsageError, match=r"there is no folder .*nowhere either\."):
        sources.describe([tmp_path / "nowhere" / "a.csv"])


def test_unknown_format_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"ends in \.pdf, which is no format that can be read; there are \.json"
    ):
        sources.describe([text_file(tmp_path / "a.pdf", "x")])
    with pytest.raises(UsageError, match=r"did you mean '\.xlsx'\?"):
        sources.describe([text_file(tmp_path / "a.xslx", "x")])


def test_folder_without_data(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    text_file(tmp_path / "readme.txt", "x")
    with pytest.raises(
        UsageError, match=r"holds no data files; folders in it are not searched \(sub\); those end in"
    ):
        sources.describe([tmp_path])


def test_dataset_file_is_known_by_its_content(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", "id\n1\n")
    renamed = dataset_file(tmp_path, {"name": "contracts", "path": "a.csv"}).rename(
        tmp_path / "register.json"
    )
    assert read(renamed).names == ("contracts",)
    assert read(tmp_path).names == ("a",)
    plain = text_file(tmp_path / "plain.json", '{"resources": [{"id": "1"}]}')
    assert read(plain).names == ("resources",)
    wrong = text_file(tmp_path / "dataset.json", '{"resource": []}')
    with pytest.raises(SpecError, match="did you mean 'resources'"):
        read(wrong)
    data = text_file(tmp_path / "dataset.json", '[{"id": "1"}]')
    assert read(data).names == ("dataset",)


def test_dataset_file_stands_alone(tmp_path: Path) -> None:
    other = text_file(tmp_path / "a.csv", "id\n1\n")
    described = dataset_file(tmp_path, {"name": "contracts", "path": "a.csv"})
    with pytest.raises(UsageError, match="describes a dataset of its own; give it alone"):
        sources.describe([described, other])


def test_what_a_folder_holds_besides_data_is_told(tmp_path: Path) -> None:
    workbook(tmp_path / "Contracts.xlsx", Sheet1=[["id"], ["1"]])
    text_file(tmp_path / "~$Contracts.xlsx", "lock")
    text_file(tmp_path / "README.md", "x")
    text_file(tmp_path / "partners.csv", "id\n1\n")
    dataset = read(tmp_path)
    assert dataset.names == ("contracts", "partners")
    (skipped,) = dataset.findings
    assert (skipped.code, skipped.severity, skipped.value) == ("skipped-files", Severity.INFO, 1)
    assert "README.md" in skipped.message


def test_several_files_and_stars_are_one_dataset(tmp_path: Path) -> None:
    first = text_file(tmp_path / "contracts.csv", "id\n1\n")
    second = text_file(tmp_path / "Partners.json", '[{"id": "2"}]')
    assert read(first, second).names == ("contracts", "partners")
    assert read(str(tmp_path / "*s.*")).names == ("partners", "contracts")


def test_stars_that_match_a_dataset_file_among_others(tmp_path: Path) -> None:
    text_file(tmp_path / "a.json", "[]")
    dataset_file(tmp_path, {"name": "contracts", "path": "a.json"})
    with pytest.raises(UsageError, match="describes a dataset of its own"):
        sources.describe([str(tmp_path / "*.json")])
    assert sources.describe(tmp_path / "dataset.json").resources[0].name == "contracts"
    with pytest.raises(UsageError, match="There is no file or folder"):
        sources.describe([str(tmp_path / "*.csv")])


def test_records_that_come_one_in_a_file_are_named_as_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "Releases"
    folder.mkdir()
    files = [text_file(folder / f"{name}.json", f'{{"id": "{name}"}}') for name in "ab"]
    assert read(folder).names == ("releases",)
    assert read(*files).names == ("releases",)
    assert read(files[0]).names == ("a",)


def test_unreadable_file_goes_with_the_others(tmp_path: Path) -> None:
    text_file(tmp_path / "a.json", '{"releases": [{"id": "1"}]}')
    text_file(tmp_path / "b.json", "")
    text_file(tmp_path / "c.json", '{"releases": [{"id": "2"}')
    resource = only(read(tmp_path))
    assert resource.name == "releases"
    assert codes(resource) == ["empty-file", "broken-json"]
    assert {finding(resource, code).table for code in codes(resource)} == {"releases"}


@pytest.mark.parametrize(
    ("content", "format_name", "name"),
    [
        (b'[{"id": "1"}]', "json", "records"),
        (b'\xef\xbb\xbf{"contracts": [{"id": "1"}]}', "json", "contracts"),
        (b'{\n "id": "1"\n}\n', "json", "records"),
        (b'{"id": "1"}\n{"id": "2"}\n', "ndjson", "records"),
        ("id\n1\n".encode("utf-16"), "csv", "records"),
        (b"id;x\n1;2\n", "csv", "records"),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes, format_name: str, name: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    resource = only(read("-"))
    assert resource.name == name
    for _ in range(2):  # it can be read again
        batch = next(resource.batches())
        assert batch.records[0]["id"] == "1"
    assert (batch.origin.format, batch.origin.file) == (format_name, "-")
    assert resource.sources == (("-", hashlib.sha256(content).hexdigest()),)


def test_workbook_on_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    content = workbook(tmp_path / "a.xlsx", Data=[["id"], ["1"]]).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert records(only(read("-"))) == [{"id": "1"}]


def test_file_without_an_ending_is_told_by_its_content(tmp_path: Path) -> None:
    assert records(only(read(text_file(tmp_path / "export", "id,x\n1,2\n")))) == [{"id": "1", "x": "2"}]


def test_hash_of_each_file_and_its_name_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = text_file(tmp_path / "a.csv", "id\n1\n")
    monkeypatch.chdir(tmp_path)
    resource = only(read("a.csv"))
    assert resource.sources == (("a.csv", hashlib.sha256(path.read_bytes()).hexdigest()),)
    assert next(resource.batches()).origin.file == "a.csv"


def test_file_that_is_gone_is_a_matter_of_the_machine(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "id\n1\n")
    described = sources.describe([path])
    dataset = sources.open_dataset(described, {})
    path.unlink()
    with pytest.raises(MachineError, match=r"a\.csv cannot be read: no such file"):
        sources.open_dataset(described, {})
    with pytest.raises(MachineError, match=r"a\.csv cannot be read"):
        records(only(dataset))


def test_dataset_can_be_sent_to_another_process(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "id\n1\n")
    assert records(only(pickle.loads(pickle.dumps(read(path))))) == [{"id": "1"}]  # noqa: S301  # our own bytes
