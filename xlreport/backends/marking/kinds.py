"""Which files can be marked, and what to do with the others."""

import zipfile
from pathlib import Path
from typing import Final

from xlreport.backends.marking.package import Package
from xlreport.errors import MachineError, UsageError

__all__ = ["check_head", "check_kind"]

_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_SAVE: Final = "save it as an Excel workbook (.xlsx), and mark that one."
_KINDS: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
}
_OTHERS: Final = {
    ".csv": "a text file, which has no cells to fill",
    ".xlsb": "a binary workbook",
    ".ods": "an OpenDocument spreadsheet",
    ".xls": "a workbook of Excel 97 to 2003",
}


def check_head(path: Path) -> None:
    """Refuse a file whose first bytes tell that it cannot be marked; UsageError says what to do."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        if isinstance(error, FileNotFoundError | IsADirectoryError):
            message = f"{path} is no file: {reason}; name the workbook that is to be marked."
            raise UsageError(message) from error
        message = f"{path} cannot be read: {reason}; close it where it is open, or see who may read it."
        raise MachineError(message) from error
    if head.startswith(_COMPOUND_FILE):
        raise UsageError(_compound(path))
    if not head.startswith(b"PK") or not zipfile.is_zipfile(path):
        raise UsageError(_other(path))


def check_kind(path: Path) -> str:
    """Return the ending that fits what the package is: .xlsx or .xlsm; UsageError where it is no workbook."""
    with Package(path) as package:
        workbook = package.related("", "officeDocument")
        kind = _KINDS.get(package.content_type(workbook.target)) if workbook else None
        shared = any(name.startswith("xl/revisions/") for name in package)
    if shared:
        message = (
            f"{path} is shared in the old way, with a record of changes; open it in Excel, stop sharing "
            "it (Review, Unshare Workbook), and mark it then."
        )
        raise UsageError(message)
    if kind is None:
        raise UsageError(_other(path))
    return kind


def _compound(path: Path) -> str:
    if _ENCRYPTED in path.read_bytes():
        return f"{path} is protected by a password; save it without one, and mark that one."
    return f"{path} is {_OTHERS['.xls']}; open it in Excel, {_SAVE}"


def _other(path: Path) -> str:
    what = _OTHERS.get(path.suffix.lower(), "no workbook in the format .xlsx or .xlsm")
    return f"{path} is {what}; open it in Excel, {_SAVE}"
