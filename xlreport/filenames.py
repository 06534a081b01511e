"""Turn the names of files as the user gave them into names that mean the same on every machine."""

import os
import re
from collections.abc import Callable, Collection
from pathlib import Path

from xlreport.sentences import Name, Sentence

__all__ = ["portable", "with_names"]


def portable(names: Collection[str], folder: str) -> Callable[[str], str]:
    """Return a function that takes the folders of a dataset's files out of a text.

    ``names`` are the files as the user gave them, ``folder`` is that of the dataset. A workbook goes to
    others, who need not know where the files lay; and the same data gives the same workbook wherever it
    lies. Folders inside the dataset's own stay, since they tell files of one name apart.
    """
    folders = {_with_end(str(Path(name).parent)) for name in names if Path(name).is_absolute()}
    folders |= {start for start in [_with_end(folder)] if any(name.startswith(start) for name in names)}
    if not folders:
        return lambda text: text
    longest_first = sorted(folders, key=lambda start: (-len(start), start))
    pattern = re.compile(r"(?<![\w./\\-])(?:" + "|".join(map(re.escape, longest_first)) + ")")
    return lambda text: pattern.sub("", text)


def _with_end(folder: str) -> str:
    return folder if folder.endswith(os.sep) else folder + os.sep


def with_names(text: str, shorten: Callable[[str], str]) -> str:
    """Return a text with the names of files in it shortened; a sentence stays one, to be said elsewhere."""
    if not isinstance(text, Sentence):
        return shorten(text)

    def short(value: object) -> object:
        if isinstance(value, Name):
            return Name(shorten(value))
        return shorten(value) if isinstance(value, str) else value

    return text.changed(short)
