"""Turn the rows that are too many for a workbook into Parquet files beside it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xlreport.files import replacing
from xlreport.plan import DetailPlan

__all__ = ["write"]

_ROWS: int = 100_000
"""Of a row group: what a reader holds at once."""


def write(detail: DetailPlan, path: str | Path) -> Path:
    """Write the rows of ``detail`` to ``path`` in one step and return the path.

    The columns have the names of their fields, and carry the headings as ``title`` in their metadata. Amounts
    are decimals. MachineError where the file cannot be written; what was there then stays as it was.
    """
    path = Path(path)
    fields = [
        pa.field(name, values.array.type, metadata={"title": heading})
        for name, heading, values in zip(detail.columns, detail.headings, detail.values, strict=True)
    ]
    table = pa.table([values.array for values in detail.values], schema=pa.schema(fields))
    with replacing(path) as temporary:
        pq.write_table(table, temporary, row_group_size=_ROWS, compression="zstd")
    return path
