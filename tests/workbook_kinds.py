"""Every kind of workbook that we write, in one list, so that no gate forgets one.

A new kind of sheet, chart or pivot gets an entry here (`test_every_kind.py` sees to it): a report that has
it, data, and the options of the run. The gates hold each workbook of the list against all of their rules, and
the gallery draws pictures of those that are worth seeing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pictures import png, wordmark
from reading import shared

import xlreport
from xlreport.entry import plan_form
from xlreport.language import Language
from xlreport.languages import load_language
from xlreport.plan import SheetPlan, WorkbookPlan
from xlreport.sample import write_sample
from xlreport.spec import load_report

ROOT = Path(__file__).parents[1]
EXAMPLES = Path(__file__).parent / "examples"
DATASETS = Path(__file__).parent / "datasets"
LIVE = str(Path(__file__).parent / "reports" / "live.json")
SHOWCASE = str(Path(__file__).parent / "reports" / "showcase.json")


@dataclass(frozen=True)
class Kind:
    """A kind of workbook: the report, where its data comes from, and how it is asked for."""

    name: str
    report: str
    data: Callable[[Path], Any]
    """Writes or finds the data; the folder is empty and there for it."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """A function writes what it stands for into the folder of the data."""
    small: bool = True
    pictured: bool = False
    """Whether the gallery shows it."""
    schema: str = ""
    """Of an entry form, which comes from no report: the JSON Schema that it is made from."""

    def planned(self, folder: Path) -> tuple[Any, WorkbookPlan]:
        """Return the data and the plan of the workbook; the folder is empty and there for it."""
        data = self.data(folder)
        if self.schema:
            return data, plan_form(self.schema, data=data, **self.asked(folder))
        return data, xlreport.plan(self.report, data, **self.asked(folder))

    def asked(self, folder: Path) -> dict[str, Any]:
        """Return the options with what functions stand for."""
        return {name: value(folder) if callable(value) else value for name, value in self.options.items()}

    @property
    def has_checks(self) -> bool:
        """Whether the workbook has a sheet of checks."""
        return not self.schema and any(sheet.kind == "checks" for sheet in load_report(self.report).sheets)

    @property
    def language(self) -> Language:
        """The language that the workbook is in."""
        return load_language(self.options.get("language", "en"))


def sample(contracts: int | None = None) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        write_sample(folder, contracts=contracts)
        return folder

    return write


def json_file(name: str, content: object) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


def nothing(_: Path) -> None:
    """Give no data: the form is empty."""


def example(name: str, *files: str) -> Callable[[Path], Any]:
    folder = EXAMPLES / name
    return lambda _: [folder / file for file in files] if files else folder


def real(name: str, folder: str) -> Callable[[Path], Path]:
    def find(_: Path) -> Path:
        shared(folder)
        return DATASETS / name

    return find


ONE_CONTRACT = {
    "contracts": [
        {
            "id": "C-1",
            "customerId": "P-1",
            "signedDate": "2017-03-01",
            "status": "active",
            "value": {"amount": 1000.5, "currency": "USD"},
        }
    ],
    "partners": [{"id": "P-1", "name": "Ministry of Ports", "countryCode": "NA"}],
}

HOSTILE = ("=1+1", "+49 30 1", "-5 %", "@SUM(A1)", "\tTab", "\rReturn", '=HYPERLINK("http://x","y")', "==")
"""Names that a spreadsheet program would take for formulas."""


def hostile(folder: Path) -> Path:
    """Write a register in which whatever can be named has such a name."""
    partners = [
        {
            "id": name,
            "name": name,
            "countryCode": "NA",
            "roles": ["customer", "contributor"],
            "formerSuppliers": [name],
        }
        for name in HOSTILE
    ]
    contracts = [
        {
            "id": f"{name}{number}",
            "number": name,
            "title": name,
            "customerId": name,
            "productGroup": name,
            "signedDate": "2017-03-01",
            "status": "active",
            "value": {"amount": 10 + number, "currency": "USD"},
            "contributors": [{"partnerId": name, "role": "contributor"}],
            "=extra": name,
        }
        for name in HOSTILE
        for number in range(2)
    ]
    contracts.append({**contracts[0], "id": "=broken", "customerId": "=nobody", "signedDate": "=today"})
    named = ["=Contracts'!A1", "@Partners"]
    registers = {"contracts": contracts, "partners": partners, "=others": [{"=a": "=b", "@": "+c"}] * 3}
    resources = []
    for name, title in zip(registers, [*named, "=cmd|'/c calc'!A1"], strict=True):
        path = f"{len(resources)}.json"
        (folder / path).write_text(json.dumps(registers[name]), encoding="utf-8")
        resources.append({"name": name.strip("="), "title": title, "path": path})
    dataset = {"name": "hostile", "title": "=Title", "description": "=Note", "resources": resources}
    (folder / "dataset.json").write_text(json.dumps(dataset), encoding="utf-8")
    return folder


def branded(folder: Path) -> Path:
    """Write a brand file that changes whatever can be changed, with a logo."""
    (folder / "logo.png").write_bytes(png(440, 120, wordmark))
    brand = {
        "name": "harbour",
        "organisation": "Port Authority",
        "fonts": {"body": "Arial", "heading": "Georgia"},
        "sizes": {"title": 18, "heading": 13, "figure": 13, "body": 11, "note": 9},
        "colours": {"accent": "0B3C5D", "accentSoft": "E6EEF2"},
        "numberFormats": {"money": '#,##0.00 "€";(#,##0.00 "€")', "scaledMoney": "[Blue]#,##0.00;(#,##0.00)"},
        "paper": "Letter",
        "header": {"left": "R&D · {organisation}", "right": "{title}"},
        "logo": {"file": "logo.png", "altText": "Logo of the Port Authority"},
    }
    path = folder / "brand.json"
    path.write_text(json.dumps(brand), encoding="utf-8")
    return path


ORDERS = {"schema": EXAMPLES / "any-schema" / "orders.schema.json", "set_aside": True}
CROSS = str(EXAMPLES / "cross-tables")
TRIPS = {"schema": EXAMPLES / "cross-tables" / "trips.schema.json"}
ASIDE = {"set_aside": True}
EMPTY = {"contracts": [], "partners": []}

KINDS = (
    Kind("sample", "annual-results", sample(), {"period": "2017"}, small=False, pictured=True),
    Kind("twelve", "annual-results", sample(12), {"period": "2017", "organisation": "=Works"}),
    Kind("explorer", "contract-explorer", sample(120), pictured=True),
    Kind("explorer-none", "contract-explorer", json_file("none.json", EMPTY), {"period": "2017"}),
    Kind("explorer-one", "contract-explorer", json_file("one.json", ONE_CONTRACT)),
    Kind("explorer-hostile", "contract-explorer", hostile, ASIDE),
    Kind("explorer-ar", "contract-explorer", sample(60), {"language": "ar"}),
    Kind("showcase", SHOWCASE, sample(400), {"period": "2017"}, pictured=True),
    Kind("showcase-none", SHOWCASE, json_file("none.json", EMPTY), {"period": "2017"}),
    Kind("showcase-one", SHOWCASE, json_file("one.json", ONE_CONTRACT)),
    Kind("showcase-hostile", SHOWCASE, hostile, ASIDE),
    Kind("live", LIVE, sample(400), {"period": "2017"}, pictured=True),
    Kind("live-ru", LIVE, sample(60), {"period": "2017", "language": "ru"}),
    Kind("live-none", LIVE, json_file("none.json", EMPTY), {"period": "2017"}),
    Kind("live-hostile", LIVE, hostile, ASIDE),
    Kind("cross-tables", f"{CROSS}/report.json", example("cross-tables", "trips.csv"), TRIPS, pictured=True),
    Kind("twelve-de", "annual-results", sample(12), {"period": "2017", "language": "de"}),
    Kind("twelve-ar", "annual-results", sample(12), {"period": "2017", "language": "ar"}, pictured=True),
    Kind("twelve-es", "annual-results", sample(12), {"period": "2017", "language": "es"}),
    Kind("twelve-fr", "annual-results", sample(12), {"period": "2017", "language": "fr"}),
    Kind("twelve-ru", "annual-results", sample(12), {"period": "2017", "language": "ru"}),
    Kind("register-ar", "contract-register", example("register"), {"language": "ar"}),
    Kind("showcase-zh", SHOWCASE, sample(60), {"period": "2017", "language": "zh"}),
    Kind("none", "annual-results", json_file("none.json", EMPTY), {"period": "2017"}),
    Kind("one", "annual-results", json_file("one.json", ONE_CONTRACT)),
    Kind("quiet-year", "annual-results", sample(12), {"period": "2031", "history": 1}),
    Kind("half-years", "annual-results", sample(12), {"period": "2016-07-01..2016-12-31", "history": 3}),
    Kind("hostile", "annual-results", hostile, {**ASIDE, "organisation": "@Home"}),
    Kind("forest", "annual-results", sample(12), {"period": "2017", "theme": "forest"}),
    Kind("branded", "annual-results", sample(12), {"period": "2017", "theme": branded}),
    Kind("register-none", "contract-register", json_file("none.json", EMPTY)),
    Kind("register-one", "contract-register", json_file("one.json", ONE_CONTRACT)),
    Kind("register-hostile", "contract-register", hostile, ASIDE),
    Kind("register-register", "contract-register", example("register"), pictured=True),
    Kind("register-orders", "contract-register", example("any-schema", "orders.ndjson"), ORDERS),
    Kind("register-checking", "contract-register", example("checking"), ASIDE),
    Kind("register-foreign", "contract-register", example("foreign-columns", "dataset.json"), ASIDE),
    Kind("register-ted", "contract-register", real("eu_ted", "eu_ted_500"), ASIDE),
    Kind(
        "register-portugal",
        "contract-register",
        real("portugal", "portugal_contracts_xlsx"),
        ASIDE,
        small=False,
    ),
    Kind("register-indonesia", "contract-register", real("indonesia", "indonesia_lpse"), ASIDE, small=False),
    Kind("register-ocds", "contract-register", real("ocds", "ocds_real_examples"), ASIDE),
    Kind("register-exhibitors", "contract-register", real("exhibitors", "fair_exhibitors"), ASIDE),
    Kind("form", "", nothing, schema="dataset", pictured=True),
    Kind("form-filled", "", sample(12), schema="dataset"),
    Kind("form-ar", "", sample(12), {"language": "ar", "rows": 100}, schema="dataset", pictured=True),
    Kind("form-zh", "", nothing, {"language": "zh"}, schema="contract"),
    Kind("form-one", "", json_file("one.json", ONE_CONTRACT), {"rows": 1}, schema="dataset"),
    Kind("form-hostile", "", hostile, schema="dataset"),
    Kind("form-branded", "", nothing, {"theme": branded}, schema="partner"),
    Kind("form-orders", "", example("any-schema", "orders.ndjson"), schema=str(ORDERS["schema"])),
    Kind("ted", "annual-results", real("eu_ted", "eu_ted_500"), {**ASIDE, "base_currency": "EUR"}),
    Kind(
        "portugal",
        "annual-results",
        real("portugal", "portugal_contracts_xlsx"),
        {**ASIDE, "base_currency": "EUR", "period": "2021"},
        small=False,
    ),
    Kind(
        "indonesia",
        "annual-results",
        real("indonesia", "indonesia_lpse"),
        {**ASIDE, "base_currency": "IDR"},
        small=False,
    ),
)


def in_small(plan: WorkbookPlan) -> WorkbookPlan:
    """Return the plan with no more than the first rows of long sheets on paper."""
    return replace(plan, sheets=tuple(map(printed_in_small, plan.sheets)))


def printed_in_small(sheet: SheetPlan, most: int = 60) -> SheetPlan:
    last = min((block.row + most for block in sheet.blocks if block.height > 2 * most), default=0)
    if not last:
        return sheet
    area = replace(sheet.used, last_row=last)
    return replace(sheet, print=replace(sheet.print, area=area))
