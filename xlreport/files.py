"""Write a file in one step: it is there whole, or the old one stays as it was."""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, get_args

from xlreport.errors import MachineError, UsageError

__all__ = ["Compression", "check_compression", "check_target", "refuse_input", "replacing"]

Compression = Literal["speed", "size"]
"""``speed``: quick, for a file that somebody waits for; ``size``: small, for one that is sent or kept."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``, and put the file written there into its place at the end.

    The file is moved only when the block ends well; otherwise it is removed and what stood at ``path``
    stays. MachineError says in one sentence what stands in the way (no such folder, a file that is
    open in Excel, a full disk) and what to do.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".xlreport-{secrets.token_hex(6)}.part")
    try:
        _check_is_file(path, target)
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise MachineError(_sentence(path, error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _check_is_file(path: Path, target: Path) -> None:
    """Refuse a folder and, lest it be replaced, a device such as /dev/null."""
    if target.exists() and not target.is_file():
        what = "a folder" if target.is_dir() else "a device"
        message = f"{path} is {what}, not a file; give the name of a file to write."
        raise MachineError(message)


def check_target(path: Path) -> None:
    """Refuse, before any work is done, a path that can be seen not to be that of a file to write."""
    target = Path(os.path.realpath(path))
    try:
        _check_is_file(path, target)
        target.parent.stat()
    except OSError as error:
        raise MachineError(_sentence(path, error)) from error


def check_compression(compression: str) -> None:
    """Refuse what is no `Compression`."""
    if compression not in get_args(Compression):
        message = f"compression is {compression!r}; give one of {', '.join(get_args(Compression))}."
        raise UsageError(message)


def refuse_input(path: Path, inputs: Iterable[str | Path]) -> None:
    """Refuse to write to a file that is read; UsageError says so."""
    for read in inputs:
        with contextlib.suppress(OSError):  # one of the two is not there
            if path.samefile(read):
                message = f"{path} is among the files that are read, and would be lost; give another name."
                raise UsageError(message)


def _sentence(path: Path, error: OSError) -> str:
    folder = path.parent
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return f"{path} cannot be written: there is no folder {folder}; create it or name another one."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return (
                f"{path} cannot be written: the file is open in Excel, or the folder {folder} is read-only; "
                "close the file or name another folder."
            )
        case errno.ENOSPC | errno.EDQUOT:
            return (
                f"{path} cannot be written: the disk is full or your quota is used up; nothing was changed; "
                "free some space or name another folder."
            )
        case _:
            reason = (error.strerror or str(error)).lower()
            return f"{path} cannot be written: {reason}; nothing was changed; name another file or folder."
