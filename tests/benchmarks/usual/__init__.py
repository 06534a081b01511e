"""Turn a register into a workbook of annual results as it is usually done: pandas, a validator, XlsxWriter.

This is what the benchmark ``job`` compares with. It is written as one would write it for use: whole columns
at a time, one validator for all records, one merge for each lookup, money as floats. The contracts are
decoded by line, which serves the validator and the DataFrame and is quicker than ``pandas.read_json``.
"""

from pathlib import Path

from tests.benchmarks.usual.reading import (
    Errors,
    check,
    partner_records,
    read_contracts,
    read_partners,
    read_rates,
    read_regions,
)
from tests.benchmarks.usual.register import compute
from tests.benchmarks.usual.workbook import write

__all__ = ["build"]


def build(folder: Path, output: Path, contract_errors: Errors, partner_errors: Errors) -> None:
    """Read, check, compute and write; ValueError, with the first errors, where the data has any."""
    records = read_contracts(folder)
    partners = read_partners(folder)
    check("contracts", records, contract_errors)
    check("partners", partner_records(partners), partner_errors)
    register = compute(records, partners, read_rates(folder), read_regions(folder))
    write(register, output)
