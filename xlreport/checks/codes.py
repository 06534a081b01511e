"""The catalogue of finding codes: what ``xlreport explain CODE`` says about each.

Every code that any stage uses stands here, and nothing else; a test walks the source tree to prove it.
"""

from collections.abc import Mapping
from typing import Final

from xlreport.checks.catalogue import Code
from xlreport.checks.codes_of_reading import READING
from xlreport.checks.codes_of_records import RECORDS
from xlreport.checks.codes_of_rules import RULES
from xlreport.errors import UsageError
from xlreport.language import key
from xlreport.text import did_you_mean, shown

__all__ = ["CODES", "STAGES", "Code", "code_named"]

STAGES: Final[Mapping[str, Mapping[str, Code]]] = {
    key("Reading files, sheets and rows"): READING,
    key("Checking values, keys and references"): RECORDS,
    key("Checking the rules of the schema"): RULES,
}
"""The entries by the stage that uses them."""
CODES: Final[Mapping[str, Code]] = {**READING, **RECORDS, **RULES}
"""Every code in the order of the stages."""


def code_named(name: str) -> Code:
    """Return the entry of a code; UsageError with the nearest name where there is none."""
    if name not in CODES:
        message = f"There is no finding code {shown(name)}{did_you_mean(name, CODES) or '.'}"
        raise UsageError(message)
    return CODES[name]
