"""Tell the time that a workbook bears: never the clock's, so that equal input gives equal bytes."""

import datetime as dt
import os
from collections.abc import Mapping
from typing import Final

from xlreport.arrays import latest
from xlreport.errors import UsageError
from xlreport.tables import Kind, Table

__all__ = ["EARLIEST", "as_of", "latest_day"]

EARLIEST: Final = dt.date(1980, 1, 1)
"""The ZIP format knows no earlier time."""
_LATEST: Final = dt.date(2107, 12, 31)


def as_of(asked: dt.datetime | None, day: dt.date) -> dt.datetime:
    """Return the time that was ``asked`` for, that of SOURCE_DATE_EPOCH, or the beginning of ``day``."""
    if asked:
        return asked
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        try:
            return dt.datetime.fromtimestamp(int(epoch), dt.UTC).replace(tzinfo=None)
        except (ValueError, OverflowError, OSError) as error:
            message = f"SOURCE_DATE_EPOCH is '{epoch}'; it takes the seconds since 1970 as a whole number."
            raise UsageError(message) from error
    return dt.datetime.combine(min(max(day, EARLIEST), _LATEST), dt.time())


def latest_day(tables: Mapping[str, Table]) -> dt.date:
    """Return the latest date in any column of the tables."""
    days = (
        latest(table.data[column.name], _LATEST)
        for table in tables.values()
        for column in table.columns
        if column.kind is Kind.DATE
    )
    return max(filter(None, days), default=EARLIEST)
