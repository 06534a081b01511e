"""What is wrong with a file from outside: exceptions of this package that become findings at its door."""

from dataclasses import dataclass

from xlreport.sentences import Name, Sentence

__all__ = ["DamagedError", "Refusal", "RefusedError", "over_limit", "unsafe"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read."""

    code: str
    """over-limit or unsafe-file."""
    message: Sentence
    hint: Sentence
    value: object = None
    expected: str = ""


class RefusedError(Exception):
    """The file is not to be read any further."""

    def __init__(self, refusal: Refusal) -> None:
        """Carry the ``refusal``."""
        super().__init__(refusal.message)
        self.refusal = refusal


class DamagedError(Exception):
    """The file is damaged; ``reason`` completes the sentence "FILE cannot be read as a workbook: ..."."""

    def __init__(self, reason: Sentence) -> None:
        """Carry the ``reason``."""
        super().__init__(reason)
        self.reason = reason


def over_limit(message: Sentence, option: str, *, value: object = None, expected: str = "") -> RefusedError:
    """Return the refusal of a file that is beyond a limit; ``option`` is the limit that it would pass."""
    hint = Sentence(
        "If you trust the file and the machine has room for it, add --limit {option}.", option=Name(option)
    )
    return RefusedError(Refusal("over-limit", message, hint, value, expected))


def unsafe(message: Sentence, *, value: object = None) -> RefusedError:
    """Return the refusal of a file that no program for spreadsheets writes like that."""
    hint = Sentence(
        "No program for spreadsheets writes such a file: ask whoever sent it for another copy, "
        "or, if you trust it, open it in Excel and save it again."
    )
    return RefusedError(Refusal("unsafe-file", message, hint, value))
