"""Check a dataset against JSON Schemas and turn it into flat tables."""

from xlreport.checks.checking import Checked, run
from xlreport.checks.engines import DEFAULT_ENGINE, ENGINES
from xlreport.checks.masking import masked

__all__ = ["DEFAULT_ENGINE", "ENGINES", "Checked", "masked", "run"]
