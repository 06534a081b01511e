"""A small plan that uses everything that a plan can say."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from xlreport.cells import Range
from xlreport.plan import (
    Axis,
    Block,
    CellValue,
    Chart,
    ChartKind,
    ConditionalFormat,
    Formula,
    Labels,
    Link,
    PrintSetup,
    Series,
    SheetPlan,
    Sparklines,
    StyleRun,
    TablePlan,
    WorkbookPlan,
)
from xlreport.styles import DEFAULT_THEME, Align, Role, Style

USUAL = PrintSetup().footer
AS_OF = dt.datetime(2025, 1, 31, 10, tzinfo=dt.UTC)
MONEY = DEFAULT_THEME.style(Role.BODY).with_(number_format="#,##0.00")
YEARS = ("2022", "2023", "2024")
SIGNED = (Decimal("12450000.10"), Decimal("15823000.55"), Decimal("14210000.00"))
PAID = (Decimal("8000000.00"), Decimal("9000000.50"), Decimal("9900000.00"))


def sample_plan() -> WorkbookPlan:
    """Return a workbook of contents, a summary with a chart of each kind, and a table of contracts."""
    return WorkbookPlan(
        title="Contract register",
        sheets=(_contents(), _summary(), _contracts()),
        as_of=AS_OF,
        subject="Contracts & partners",
        creator="Ministry of Works",
        keywords="contracts",
        names={"Signed_value": "Summary!$B$8"},
    )


def one_sheet(*rows: list[CellValue], style: Style | None = None, name: str = "Data") -> WorkbookPlan:
    """Return a workbook of one sheet with ``rows`` from A1, all in one style."""
    block = Block.of_rows(Role.BODY, 1, 1, rows)
    runs = (StyleRun(block.range, style),) if style is not None else ()
    return WorkbookPlan("Plan", (SheetPlan(name, (block,), runs),), AS_OF)


def _run(place: Range, role: Role, **changes: object) -> StyleRun:
    return StyleRun(place, DEFAULT_THEME.style(role).with_(**changes))


def _contents() -> SheetPlan:
    return SheetPlan(
        name="Contents",
        blocks=(
            Block.of_rows(Role.TITLE, 1, 1, [["Contract register"]]),
            Block.of_rows(Role.LINK, 3, 1, [["Summary"], ["R&D contracts"], ["Method"]]),
        ),
        styles=(_run(Range.at(1, 1), Role.TITLE), _run(Range.at(3, 1, 3), Role.LINK)),
        widths={1: 40},
        links=(
            Link(3, 1, "Summary!A1", "Go to the summary"),
            Link(4, 1, "'R&D contracts'!A1"),
            Link(5, 1, "https://example.org/method?a=1&b=2"),
        ),
        tab_color="1F4E79",
    )


def _summary() -> SheetPlan:
    return SheetPlan(
        name="Summary",
        blocks=(
            Block.of_rows(Role.TITLE, 1, 1, [["Summary"]]),
            Block.of_rows(Role.LINK, 2, 1, [["Contents"]]),
            Block.of_rows(Role.HEADER, 4, 1, [["Year", "Signed", "Paid", "Base"]]),
            Block.of_rows(Role.LABEL, 5, 1, [[year] for year in YEARS]),
            Block.of_rows(Role.BODY, 5, 2, [[*pair, 1] for pair in zip(SIGNED, PAID, strict=True)]),
            Block.of_rows(Role.TOTAL, 8, 1, [["Total", _total("B", SIGNED), _total("C", PAID), None]]),
        ),
        styles=(
            _run(Range.at(1, 1), Role.TITLE),
            _run(Range.at(2, 1), Role.LINK),
            _run(Range.at(4, 1), Role.HEADER),
            _run(Range.at(4, 2, 1, 3), Role.HEADER, align=Align.RIGHT),
            _run(Range.at(5, 1, 3), Role.LABEL),
            StyleRun(Range.at(5, 2, 3, 3), MONEY),
            _run(Range.at(8, 1, 1, 4), Role.TOTAL, number_format="#,##0.00"),
        ),
        widths={1: 20, 2: 16, 3: 16, 4: 8},
        heights={1: 26, 4: 20},
        freeze=(5, 2),
        grouped=((5, 7),),
        links=(Link(2, 1, "Contents!A1"),),
        charts=tuple(_chart(kind, 4 + 16 * number) for number, kind in enumerate(ChartKind)),
        conditional=(
            ConditionalFormat(Range.at(5, 2, 3), "bar", "9DC3E6"),
            ConditionalFormat(Range.at(5, 3, 3), "formula", "A3191F", "C5<9000000"),
            ConditionalFormat(Range.at(5, 4, 3), "bar", "9DC3E6", negative="E0A882"),
            ConditionalFormat(Range.at(8, 2, 1, 2), "icons", icons="grayArrows", band=Decimal("0.01")),
        ),
        sparklines=(
            Sparklines(
                "column",
                (Range.at(9, 2), Range.at(9, 3)),
                (Range.at(5, 2, 3), Range.at(5, 3, 3)),
                "8FA6BC",
                last="1F4E79",
                least=0,
            ),
            Sparklines("line", (Range.at(9, 4),), (Range.at(5, 4, 3),), "1F4E79", "1E6B37", "A3191F"),
        ),
        print=PrintSetup(
            landscape=True, repeat_rows=(1, 4), area=Range(1, 1, 116, 12), footer=replace(USUAL, left="R&&D")
        ),
        title="Signed and paid by year",
    )


def _total(column: str, values: tuple[Decimal, ...]) -> Formula:
    return Formula(f"SUM({column}5:{column}7)", sum(values, Decimal()))


def _chart(kind: ChartKind, row: int) -> Chart:
    written = Labels("#,##0.0,,", "222222", "outside" if kind is ChartKind.BAR else "center", without=(1,))
    labels = written if kind in (ChartKind.BAR, ChartKind.STACKED, ChartKind.WATERFALL) else None
    base = Series("Base", Range.at(5, 4, 3), (1, 1, 1))
    signed = Series("Signed", Range.at(5, 2, 3), SIGNED, DEFAULT_THEME.series[0], labels)
    paid = Series("Paid", Range.at(5, 3, 3), PAID, DEFAULT_THEME.series[1], labels)
    at_right = replace(paid, on_second_axis=True)
    series = {
        ChartKind.STACKED: (base, signed, paid),
        ChartKind.BAR: (signed,),
        ChartKind.WATERFALL: (base, signed, replace(paid, in_legend=False)),
        ChartKind.COMBINATION: (signed, at_right),
    }
    return Chart(
        kind=kind,
        title=f"Signed and paid per year as {kind}",
        subtitle="Ministry of Works · EUR million",
        row=row,
        column=6,
        width=15.5,
        height=7.5,
        categories=Range.at(5, 1, 3),
        labels=YEARS,
        series=series.get(kind, (signed, paid)),
        alt_text=f'{kind}: "signed" & paid by year',
        axis=Axis("#,##0.0,,", "EUR million", least=0, gridlines=labels is None),
        second_axis=Axis("#,##0", "number", 0, 20_000_000, 5_000_000, gridlines=False)
        if kind is ChartKind.COMBINATION
        else None,
        legend=kind is not ChartKind.BAR,
    )


def _contracts() -> SheetPlan:
    names = ("Contract", "Value\n(EUR)", "Signed on", "Open", "Remark")
    remarks = (None, "-5 % discount", "=1+1", " blank")
    rows: list[list[CellValue]] = [
        [f"C-{n:03}", Decimal(n) / 3 * 3, dt.date(2024, n, 1), n % 2 == 0, remarks[n % 4]]
        for n in range(1, 9)
    ]
    return SheetPlan(
        name="R&D contracts",
        blocks=(
            Block.of_rows(Role.TITLE, 1, 1, [["Contracts"]]),
            Block.of_rows(Role.HEADER, 3, 1, [names]),
            Block.of_rows(Role.BODY, 4, 1, rows),
            Block.of_rows(Role.NOTE, 13, 1, [[Formula("SUBTOTAL(109,Contracts[Value\n(EUR)])", 36)]]),
        ),
        styles=(
            _run(Range.at(1, 1), Role.TITLE),
            _run(Range.at(3, 1, 1, 5), Role.HEADER),
            _run(Range.at(4, 1, 8), Role.BODY),
            StyleRun(Range.at(4, 2, 8), MONEY),
            _run(Range.at(4, 3, 8), Role.BODY, number_format="yyyy-mm-dd"),
            _run(Range.at(4, 4, 8, 2), Role.TEXT),
        ),
        widths={1: 12, 2: 14, 3: 12, 4: 8, 5: 24},
        freeze=(4, 2),
        tables=(TablePlan("Contracts", Range(3, 1, 11, 5), names),),
        print=PrintSetup(repeat_rows=(3, 3)),
        gridlines=True,
    )
