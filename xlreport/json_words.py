"""Say what is wrong with a text that is no JSON, or no UTF-8, in other words than Python's own."""

import json
from collections.abc import Mapping
from typing import Final

from xlreport.language import key
from xlreport.text import shown

__all__ = ["MORE_FOLLOWS", "expected", "found", "instead", "not_json", "not_utf8"]

MORE_FOLLOWS: Final = key("the document was expected to end here, but more follows")
_EXPECTED: Final[Mapping[str, str]] = {
    "Expecting value": key("a value was expected"),
    "Expecting property name enclosed in double quotes": key("a member's name in double quotes was expected"),
    "Expecting ':' delimiter": key("a colon was expected after the member's name"),
    "Expecting ',' delimiter": key("a comma or a closing bracket was expected"),
    "Illegal trailing comma before end of object": key("after the comma another member was expected"),
    "Illegal trailing comma before end of array": key("after the comma another value was expected"),
    "Unterminated string starting at": key("the text that begins here has no closing quote"),
    "Invalid control character at": key("a line break or another control character stands inside a text"),
    "Invalid \\escape": key("the backslash here begins no escape that JSON knows"),
    "Invalid \\uXXXX escape": key("four hexadecimal digits were expected after \\u"),
    "Extra data": MORE_FOLLOWS,
}
_OTHER: Final = key("something that JSON does not know stands here")


def expected(error: json.JSONDecodeError) -> str:
    """Return what should have stood at the place of an error, as a key of the catalogues."""
    known = next((text for start, text in _EXPECTED.items() if error.msg.startswith(start)), None)
    return known or _OTHER


def found(error: json.JSONDecodeError) -> str:
    """Return the beginning of what stands there instead; empty where the text ends, or where that says it."""
    if error.msg.startswith("Unterminated"):
        return ""
    return error.doc[error.pos : error.pos + 99].strip()[:20]


def instead(error: json.JSONDecodeError) -> str:
    """Return ``a comma or a closing bracket was expected, not '"x"'``."""
    stands = found(error)
    if not stands:
        return expected(error) if error.doc.strip() else "it is empty"
    return f"{expected(error)}{': ' if expected(error) == MORE_FOLLOWS else ', not '}{shown(stands)}"


def not_json(error: json.JSONDecodeError) -> str:
    """Return the same after the place: ``line 3, column 16: a comma or a closing bracket ...``."""
    return f"line {error.lineno}, column {error.colno}: {instead(error)}"


def not_utf8(error: UnicodeDecodeError) -> str:
    """Return ``a character in line 3 is not UTF-8; save the file as UTF-8``."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return f"a character in line {line:,} is not UTF-8; save the file as UTF-8"
