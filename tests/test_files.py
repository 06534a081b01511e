"""Writing a file in one step, and what is said when it cannot be written."""

import errno
import os
from pathlib import Path

import pytest

from xlreport.errors import MachineError
from xlreport.files import replacing


def write(path: Path, text: str = "new") -> None:
    with replacing(path) as temporary:
        temporary.write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_the_new_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("old")
    write(tmp_path / "report")

    assert (tmp_path / "report").read_text() == "new"
    assert names(tmp_path) == ["report"]


def test_until_the_end_the_old_file_stands(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
        assert temporary.parent == tmp_path


@pytest.mark.parametrize("failure", [ValueError("x"), KeyboardInterrupt()])
def test_a_failure_leaves_only_the_old_file(tmp_path: Path, failure: BaseException) -> None:
    path = tmp_path / "report"
    path.write_text("old")

    def write_half() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise failure

    with pytest.raises(type(failure)):
        write_half()

    assert path.read_text() == "old"
    assert names(tmp_path) == ["report"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (
            errno.EACCES,
            "is open in Excel, or the folder .* is read-only; close the file or name another folder",
        ),
        (errno.EROFS, "read-only"),
        (errno.ENOSPC, "the disk is full or your quota is used up; nothing was changed; free some space"),
        (errno.EDQUOT, "the disk is full or your quota is used up"),
        (errno.EIO, "nothing was changed; name another file or folder"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(tmp_path: Path, number: int, sentence: str) -> None:
    path = tmp_path / "report"

    with (
        pytest.raises(MachineError, match=rf"report cannot be written: .*{sentence}") as caught,
        replacing(path),
    ):
        raise OSError(number, os.strerror(number))

    assert str(caught.value).endswith(".")
    assert names(tmp_path) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"there is no folder .*missing; create it or name another one\."):
        write(tmp_path / "missing" / "report")


def test_a_folder_cannot_be_replaced(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="is a folder, not a file"):
        write(tmp_path)


def test_a_name_that_the_system_refuses(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="cannot be written: file name too long; nothing was changed"):
        write(tmp_path / ("x" * 300))


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="there is no /dev/null")
def test_a_device_is_not_replaced() -> None:
    with pytest.raises(MachineError, match="is a device, not a file"):
        write(Path("/dev/null"))


@pytest.mark.skipif(os.name == "nt", reason="needs a right on Windows")
def test_a_symbolic_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    write(tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_the_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    write(tmp_path / "report")
    (tmp_path / "other").write_text("x")

    assert (tmp_path / "report").stat().st_mode == (tmp_path / "other").stat().st_mode
