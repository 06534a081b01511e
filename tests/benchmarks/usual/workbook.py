"""Write the workbook: summary, pivots and the rows behind them."""

from pathlib import Path

import pandas as pd

from tests.benchmarks.usual.figures import customer_details, pivots, summary
from tests.benchmarks.usual.register import Register

__all__ = ["write"]

MONEY, COUNT, SHARE = "#,##0.00", "#,##0", "0.0%"
DETAILS = (
    *("id", "number", "title", "agreementType", "parentContractId", "customerId", "customer", "country"),
    *("region", "category", "productGroup", "cooperationForm", "signedDate", "year", "inForceDate"),
    *("period.startDate", "period.endDate", "status", "statusDate", "value.amount", "value.currency"),
    *("atSigning", "rate", "signedValue", "constantValue", "firm"),
)


def write(register: Register, path: Path) -> None:
    """Write one sheet for the summary, for each pivot and for each table of details."""
    with pd.ExcelWriter(
        path, engine="xlsxwriter", date_format="yyyy-mm-dd", datetime_format="yyyy-mm-dd"
    ) as writer:
        write_pivot(writer, "Summary", f"Annual results {register.year}", summary(register))
        for name, pivot in pivots(register).items():
            write_pivot(writer, name, name, pivot)
        for name, frame in details(register).items():
            write_details(writer, name, frame)


def details(register: Register) -> dict[str, pd.DataFrame]:
    """Return the rows behind the figures, by sheet."""
    payments = ["contract", "id", "date", "value.amount", "value.currency", "country", "region", "paidUSD"]
    return {
        "Contract data": register.contracts[[*DETAILS]].sort_values(["signedDate", "id"]),
        "Partner data": register.partners.drop(columns=["identifier/scheme", "identifier/id"]),
        "Customer standings": customer_details(register),
        "Order book entries": register.entries,
        "Payment data": register.payments[payments].sort_values(["date", "contract"]),
    }


def write_pivot(writer: pd.ExcelWriter, name: str, title: str, frame: pd.DataFrame) -> None:
    """Write a title and a table below it, headings frozen and every column with its number format."""
    frame.to_excel(writer, sheet_name=name, startrow=2)
    book, sheet = writer.book, writer.sheets[name]
    sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.freeze_panes(3, frame.index.nlevels)
    header = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "align": "right"})
    levels = frame.index.nlevels
    for at, heading in enumerate([*frame.index.names, *frame.columns]):
        sheet.write(2, at, "" if heading is None else str(heading), header)
    sheet.set_column(0, levels - 1, 32)
    for at, heading in enumerate(frame.columns, levels):
        sheet.set_column(at, at, 18, book.add_format({"num_format": number_format(heading, frame[heading])}))


def number_format(heading: object, values: pd.Series) -> str:
    text = str(heading).lower()
    if "share" in text or text in ("change", "change, %"):
        return SHARE
    return COUNT if pd.api.types.is_integer_dtype(values) else MONEY


def write_details(writer: pd.ExcelWriter, name: str, frame: pd.DataFrame) -> None:
    """Write rows as an Excel table with a filter, headings frozen, widths by the first thousand rows."""
    frame.to_excel(writer, sheet_name=name, startrow=1, header=False, index=False)
    book, sheet = writer.book, writer.sheets[name]
    heads = [{"header": str(column)} for column in frame.columns]
    style = {"columns": heads, "name": name.replace(" ", ""), "style": "Table Style Light 1"}
    sheet.add_table(0, 0, max(len(frame), 1), len(heads) - 1, style)
    sheet.freeze_panes(1, 1)
    money, day = book.add_format({"num_format": MONEY}), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, column in enumerate(frame.columns):
        values = frame[column]
        width = min(max(values.head(1000).astype(str).str.len().max(), len(str(column))) + 2, 50)
        if pd.api.types.is_datetime64_any_dtype(values):
            sheet.set_column(at, at, 12, day)
        else:
            sheet.set_column(at, at, width, money if pd.api.types.is_float_dtype(values) else None)
