"""The exceptions that xlreport raises, arranged by who can put the matter right.

    XlreportError                 every failure that has a sentence for a person
    ├── UsageError                the call is wrong                          (exit 2)
    │   ├── SpecError             a report definition or dataset file is wrong
    │   └── SchemaError           a JSON Schema is wrong
    ├── findings.FindingsError    the data has errors; carries the findings  (exit 1)
    └── MachineError              the machine is in the way: disk, packages  (exit 3)

A problem in the *data* is not an exception but a `Finding`; only a build that may not go on because
of findings raises, and then with all of them.
"""

import contextlib
from collections.abc import Iterator

__all__ = [
    "MachineError",
    "SchemaError",
    "SpecError",
    "UsageError",
    "XlreportError",
    "located",
]


class XlreportError(Exception):
    """A failure that a person can act on; ``str()`` of it is one or more whole sentences."""

    exit_code = 2


class UsageError(XlreportError):
    """What was asked for cannot be done as asked; the sentence says what is allowed."""


class SpecError(UsageError):
    """A report definition or dataset file is wrong; the sentence names the path in the document."""


@contextlib.contextmanager
def located(path: str) -> Iterator[None]:
    """Put ``path`` before the sentence of a SpecError raised inside, unless it names a path already."""
    try:
        yield
    except SpecError as error:
        if str(error).startswith("$"):
            raise
        message = f"{path}: {error}"
        raise SpecError(message) from None


class SchemaError(UsageError):
    """A JSON Schema is not one, or is not found; the sentence names the file and the place in it."""


class MachineError(XlreportError):
    """Something outside the data and the call is in the way: a full disk, a missing package."""

    exit_code = 3
