"""Check contract and partner registers and turn them into Excel workbooks that people trust.

    import xlreport

    findings = xlreport.check("registers/")
    delivery = xlreport.build("annual-results", "registers/", "annual-results.xlsx", period="2017")

`read`, `check`, `plan` and `write` are the stages one by one; `build` runs them all. `form` makes a workbook
in which people fill in records, and `mark` gives one back with the mistakes in it marked.
"""

from xlreport.api import build, check, form, mark, plan, read, to_pandas, write
from xlreport.errors import MachineError, SchemaError, SpecError, UsageError, XlreportError
from xlreport.findings import FindingsError
from xlreport.uploads import UNTRUSTED, Limits
from xlreport.version import __version__

__all__ = [
    "UNTRUSTED",
    "FindingsError",
    "Limits",
    "MachineError",
    "SchemaError",
    "SpecError",
    "UsageError",
    "XlreportError",
    "__version__",
    "build",
    "check",
    "form",
    "mark",
    "plan",
    "read",
    "to_pandas",
    "write",
]
