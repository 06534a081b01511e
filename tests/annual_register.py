"""A small register made by hand: every boundary and gap that the definitions of the annual results speak of.

Reports of 2017, and of July 2016 to June 2017, meet in it contracts on the first and last day of a period
and of the lookback, customers without a country, gaps in every field that may be empty, currencies without
and with three decimals, and amounts that lie halfway between two cents.
"""

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PARTNERS = (
    # id, name, roles, country, former suppliers
    ("P-01", "Customs Service", "customer", "IN", ""),
    ("P-02", "Zambezi Railways", "customer", "NA", "Norjen Group; Corada Systems"),
    ("P-03", "alpine Rescue", "customer", "CH", ""),
    ("P-04", "Union of Ports", "customer", "", "Corada Systems"),
    ("P-05", "Border Police", "customer", "DE", "Norjen Group"),
    ("P-06", "Coast Guard", "customer", "VN", ""),
    ("P-07", "Port Authority", "customer", "DZ", ""),
    ("P-08", "Ärzte Nord", "customer", "DE", ""),
    ("P-09", "Airport Company", "customer", "KW", "Norjen Group"),
    ("P-10", "Land Survey", "customer", "PE", ""),
    ("P-11", "Harbour Board", "customer", "GR", "Corada Systems"),
    ("P-12", "Signal Works", "customer", "TR", ""),
    ("P-13", "Radio Service", "customer", "JP", ""),
    ("P-14", "Coast Guard", "customer", "GR", ""),  # not the one of Vietnam
    ("E-1", "Mill One", "supplier", "CZ", ""),
    ("E-2", "Mill Two", "contributor", "CZ", ""),
    ("E-3", "Mill Three", "supplier", "", ""),
    ("E-4", "Mill Four", "supplier", "AT", ""),
    ("A-1", "Agency", "agent", "CH", ""),
)


def write_register(folder: Path, *more: Json) -> None:
    """Write the register, and ``more`` contracts, as the files that ``xlreport sample`` writes."""
    contracts = [*_contracts(), *more]
    lines = (json.dumps(contract, ensure_ascii=False, default=_number) for contract in contracts)
    text = "".join(f"{line}\n" for line in lines).replace('"#', "").replace('#"', "")
    (folder / "contracts.ndjson").write_text(text, encoding="utf-8")
    headings = ("id", "name", "roles", "countryCode", "formerSuppliers")
    _write_csv(folder / "partners.csv", [headings, *PARTNERS])
    _write_csv(folder / "rates.csv", [("date", "from", "to", "rate"), *_rates()])
    (folder / "dataset.json").write_text(json.dumps(_DATASET), encoding="utf-8")


_DATASET = {
    "name": "by-hand",
    "schema": "dataset",
    "rates": "rates.csv",
    "resources": [
        {"name": "contracts", "path": "contracts.ndjson", "format": "ndjson"},
        {
            "name": "partners",
            "path": "partners.csv",
            "format": "csv",
            "dialect": {"delimiter": ",", "separator": ";"},
        },
    ],
}


def _number(value: object) -> str:
    """Write a decimal with its own digits; the marks are taken away, quotes and all."""
    assert isinstance(value, Decimal)
    return f"#{value}#"


def _write_csv(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _rates() -> Iterator[tuple[str, str, str, str]]:
    """Yield a rate for each month's last day from December 2010 to January 2018; none is a round figure."""
    for month in range(2010 * 12 + 11, 2018 * 12 + 1):
        last = dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(1)
        step = month % 7 - 3
        yield last.isoformat(), "EUR", "USD", str(Decimal("1.1873") + step * Decimal("0.0131"))
        yield last.isoformat(), "KWD", "USD", str(Decimal("3.3007") + step * Decimal("0.0017"))
        yield last.isoformat(), "USD", "VND", str(22_311 + 13 * step)


def value(amount: str, currency: str = "USD") -> Json:
    return {"amount": Decimal(amount), "currency": currency}


def contract(
    number: str, customer: str, signed: str, amount: str, currency: str = "USD", **changes: object
) -> Json:
    """Return an open commercial contract for direct sale of vehicles, with some members changed."""
    record: Mapping[str, object] = {
        "id": f"C-{number}",
        "number": number,
        "agreementType": "commercial",
        "customerId": customer,
        "category": "goods",
        "productGroup": "Vehicles",
        "cooperationForm": "directSale",
        "signedDate": signed,
        "status": "active",
        "value": value(amount, currency),
        **changes,
    }
    return {name: member for name, member in record.items() if member is not None}


def parts(*dated: tuple[str, str], currency: str = "USD") -> list[Json]:
    """Return deliveries or payments: (day, amount)."""
    return [
        {"id": f"X{number}", "date": day, "value": value(amount, currency)}
        for number, (day, amount) in enumerate(dated, 1)
    ]


def crew(*members: tuple[str, str]) -> list[Json]:
    return [{"partnerId": partner, "role": role} for partner, role in members]


def _term(start: str, end: str) -> Json:
    return {"startDate": start, "endDate": end}


def _milestone(number: int, due: str, met: str = "", amount: str = "") -> Json:
    milestone = {
        "id": f"M{number}",
        "type": "payment" if amount else "delivery",
        "dueDate": due,
        "dateMet": met,
        "value": value(amount) if amount else None,
    }
    return {name: member for name, member in milestone.items() if member}


def _amendment(number: int, day: str, before: str, after: str, currency: str = "USD") -> Json:
    return {
        "id": f"A{number}",
        "date": day,
        "valueBefore": value(before, currency),
        "valueAfter": value(after, currency),
    }


def _contracts() -> Iterator[Json]:
    yield from _standings()
    yield from _not_firm()
    yield from _closings()
    yield from _gaps_and_currencies()
    yield from _forms()
    yield from _milestones()


def _standings() -> Iterator[Json]:
    """Yield signings on both sides of the first and last day of the period and of the lookback."""
    yield contract("01", "P-01", "2011-05-10", "100.00", contributors=crew(("E-1", "supplier")))
    yield contract("02", "P-05", "2013-12-31", "200.00")  # one day before the lookback of 2017
    yield contract("03", "P-05", "2017-03-01", "250.00")
    yield contract("04", "P-07", "2014-01-01", "300.00")  # the first day of it
    yield contract("05", "P-07", "2017-12-31", "350.00")
    yield contract("06", "P-02", "2017-01-01", "400.00", inForceDate="2017-12-31")
    yield contract("07", "P-04", "2017-06-30", "450.00", inForceDate="2018-01-01")
    yield contract("08", "P-10", "2015-07-01", "500.00")  # lapsed
    yield contract("09", "P-08", "2016-02-29", "10.00")
    yield contract("10", "P-08", "2017-07-01", "11.00")
    yield contract("11", "P-12", "2016-12-31", "12.00")
    yield contract("12", "P-12", "2018-01-01", "13.00")  # after the period


def _not_firm() -> Iterator[Json]:
    """Yield frameworks and contracts that were cancelled in the period of their signing, or later."""
    yield contract("13", "P-09", "2016-03-01", "9000.00", agreementType="framework")
    yield contract("14", "P-09", "2017-04-01", "90.00", parentContractId="C-13")
    yield contract(
        "15", "P-11", "2017-02-01", "80.00", status="cancelled", statusDate="2017-12-31",
        payments=parts(("2017-03-01", "8.00"), ("2017-12-31", "-8.00")),
        contributors=crew(("E-2", "contributor")),
    )  # fmt: skip
    yield contract("16", "P-11", "2016-11-01", "70.00", status="cancelled", statusDate="2017-02-01")
    yield contract("17", "P-03", "2017-09-01", "9999.00", agreementType="framework")
    yield contract("18", "P-03", "2016-12-31", "60.00", status="cancelled", statusDate="2017-01-01")


def _closings() -> Iterator[Json]:
    """Yield contracts closed with and without something left, by date of status, by period, by neither."""
    yield contract(
        "19", "P-01", "2015-01-15", "130.00", status="terminated", statusDate="2017-06-30",
        amendments=[
            _amendment(1, "2015-02-01", "100.00", "120.50"),
            _amendment(2, "2015-02-01", "120.50", "130.00"),
        ],
        deliveries=parts(("2016-05-01", "30.00"), ("2017-06-30", "40.25")),
        contributors=crew(("E-1", "supplier"), ("E-2", "contributor"), ("A-1", "agent")),
    )  # fmt: skip
    yield contract(
        "20", "P-01", "2015-03-01", "50.00", status="completed", period=_term("2015-04-01", "2016-12-31"),
        deliveries=parts(("2016-12-31", "50.00")), contributors=crew(("E-3", "supplier")),
    )  # fmt: skip
    yield contract(
        "21", "P-01", "2015-03-02", "55.00", status="completed", statusDate="2017-01-01",
        deliveries=parts(("2016-12-31", "54.99")),
        contributors=crew(("E-4", "supplier"), ("E-3", "supplier")),
    )  # fmt: skip
    yield contract(
        "22", "P-07", "2015-04-01", "45.00", status="lapsed", period=_term("2015-04-01", "2015-12-31")
    )
    yield contract("23", "P-07", "2016-05-01", "35.00", status="completed")
    yield contract("24", "P-07", "2017-05-01", "31.00", deliveries=parts(("2017-05-01", "31.00")))


def _gaps_and_currencies() -> Iterator[Json]:
    """Yield contracts without this and that, and amounts that are hard to round."""
    nothing = {"category": None, "productGroup": None, "cooperationForm": None, "agreementType": None}
    yield contract("25", "P-04", "2017-08-01", "0", **nothing)
    yield contract("26", "P-02", "2017-08-02", "0.125", **nothing)
    yield contract("27", "P-02", "2017-08-03", "0.135", category="services", productGroup="vehicles")
    yield contract(
        "28", "P-06", "2017-08-04", "1000000033", "VND",
        payments=parts(("2017-08-31", "500000016"), currency="VND"),
    )  # fmt: skip
    yield contract(
        "29", "P-09", "2017-10-31", "1234.567", "KWD",
        contributors=crew(("E-4", "contributor"), ("E-4", "supplier")),
    )  # fmt: skip
    yield contract(
        "30", "P-03", "2016-09-30", "777.77", "EUR", status="completed", statusDate="2017-09-30",
        amendments=[_amendment(1, "2016-12-01", "700.07", "777.77", "EUR")],
        deliveries=parts(("2017-01-31", "333.33"), ("2017-08-31", "111.11"), currency="EUR"),
        payments=parts(("2017-01-30", "333.33"), ("2017-09-30", "444.44"), currency="EUR"),
    )  # fmt: skip
    yield contract(
        "31", "P-06", "2012-06-30", "22311000", "VND",
        deliveries=parts(("2013-06-30", "11155500"), currency="VND"),
    )  # fmt: skip


def _forms() -> Iterator[Json]:
    """Yield first uses: two on one day, one of a form that a framework had before, one per market."""
    yield contract("34", "P-07", "2017-11-01", "5.00", cooperationForm="jointVenture")
    yield contract("33", "P-05", "2017-11-01", "6.00", cooperationForm="jointVenture", category="works")
    yield contract("32", "P-07", "2016-01-01", "7.00", cooperationForm="lease", agreementType="framework")
    yield contract("35", "P-07", "2017-02-28", "8.00", cooperationForm="lease", category="services")
    yield contract("36", "P-08", "2016-08-01", "9.00", cooperationForm="spares", productGroup="Spare parts")


def _milestones() -> Iterator[Json]:
    """Yield milestones met early, late and never, and contract periods that end in and after a year."""
    yield contract(
        "37", "P-01", "2016-04-01", "100.00", period=_term("2016-05-01", "2018-12-31"),
        milestones=[
            _milestone(1, "2017-01-01", "2016-12-20"),
            _milestone(2, "2017-06-30", "2017-06-30", "40.00"),
            _milestone(3, "2017-12-31", "2018-01-05"),
            _milestone(4, "2017-10-01"),
            _milestone(5, "2018-01-01", "", "35.00"),
            _milestone(6, "2019-03-31", "", "25.00"),
        ],
    )  # fmt: skip
    yield contract(
        "38", "P-01", "2016-04-02", "60.00", status="terminated", statusDate="2017-05-31",
        period=_term("2016-05-01", "2019-01-01"),
        milestones=[
            _milestone(1, "2017-05-31"),
            _milestone(2, "2017-06-01"),
            _milestone(3, "2018-05-31", "", "60.00"),
        ],
    )  # fmt: skip
    yield contract("39", "P-01", "2017-10-01", "1.00", period=_term("2017-10-02", "2019-01-01"))
    yield contract("40", "P-01", "2017-10-01", "2.00", period=_term("2017-10-02", "2017-12-31"))
    yield contract(
        "41", "P-01", "2018-01-15", "3.00", period=_term("2018-01-15", "2018-06-30"),
        milestones=[_milestone(1, "2018-03-31", "", "3.00")],
    )  # fmt: skip
