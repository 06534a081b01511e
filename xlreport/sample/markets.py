"""The invented course of business: which country buys when, in which currency and in which forms."""

from typing import NamedTuple

from xlreport.sample.draws import Weighted

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "MARKETS",
    "NEW_FORMS",
    "TARGETS",
    "YEARS",
    "Market",
    "currencies_of",
    "forms_of",
    "is_open",
]

FIRST_YEAR = 2012
LAST_YEAR = 2017
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)

TARGETS = {2012: 12_870, 2013: 13_240, 2014: 12_460, 2015: 13_910, 2016: 14_380, 2017: 15_020}
"""Signed value of each year in millions of USD; the seed moves it by up to 0.1 %."""


class Market(NamedTuple):
    """A country that buys in some of the years."""

    code: str
    weight: int
    """Its share of the business, against the other markets."""
    years: str
    """One digit per year from 2012: 1 where it buys."""


def _markets(years: str, weights: str) -> list[Market]:
    """Read ``IN14 CN10``: code and weight of markets that buy in the same years."""
    return [Market(word[:2], int(word[2:]), years) for word in weights.split()]


MARKETS = (
    *_markets("111111", "IN14 CN10 DZ8 VN7 EG7 IQ6 ID5 KZ4 AE4 MY3 BY3 BR3 AO3 AZ2 MM2 BD2 PE2 MX2 NG2 RS2"),
    *_markets("111111", "KW2 ZA2 MN1 LK1 UZ1 TJ1 KG1 AM1 UG1 ET1 NA1"),
    *_markets("011111", "TH3 KE1 GH1"),
    *_markets("001111", "TR4 JO2 RW1"),
    *_markets("000111", "BO1 HU2"),
    *_markets("000011", "CY1 TZ1"),
    *_markets("110101", "CM1"),
    *_markets("101011", "EC1"),
    # back in 2017 after a pause longer than the lookback
    *_markets("110001", "MA2"),
    *_markets("100001", "CO1"),
    # new in 2017
    *_markets("000001", "SA5 QA3 PH3 BH1 NP1 PG1 ZM1 PY1"),
    # gone by 2017
    *_markets("111110", "AR2"),
    *_markets("110110", "GR1"),
    *_markets("011010", "TN1"),
    *_markets("001100", "SN1"),
    *_markets("111100", "CL1"),
    *_markets("111000", "LA1"),
    *_markets("100010", "MZ1"),
)

_FORMS = (
    # form, weight, first year in which anyone uses it
    ("directSale", 8, 2012),
    ("spares", 6, 2012),
    ("maintenance", 5, 2012),
    ("modernisation", 3, 2012),
    ("training", 3, 2012),
    ("licensedProduction", 2, 2012),
    ("infrastructure", 2, 2012),
    ("jointVenture", 1, 2015),
    ("technologyTransfer", 1, 2014),
    ("coProduction", 2, 2013),
    ("offset", 1, 2014),
)

NEW_FORMS = {
    "IN": "jointDevelopment",
    "VN": "lease",
    "MY": "lease",
    "EG": "jointVenture",
    "KZ": "jointVenture",
    "ID": "coProduction",
    "PE": "licensedProduction",
    "AZ": "modernisation",
}
"""Forms that a market of old uses for the first time in 2017; two of them nobody used before."""

_OWN_CURRENCY = {
    "IN": ("INR", 35),
    "CN": ("CNY", 45),
    "AE": ("AED", 50),
    "KW": ("KWD", 50),
    "VN": ("VND", 10),
    "ZA": ("ZAR", 40),
    "BR": ("BRL", 40),
}
_EURO_COUNTRIES = ("DZ", "AO", "RS", "HU", "CY", "CM", "MA", "GR", "TN", "SN", "MZ")


def is_open(market: Market, year: int) -> bool:
    """Tell whether the market buys in ``year``."""
    return market.years[year - FIRST_YEAR] == "1"


def currencies_of(market: Market) -> Weighted[str]:
    """Return the currencies of the market's contracts; most are in USD."""
    own, percent = _OWN_CURRENCY.get(market.code, ("EUR", 50 if market.code in _EURO_COUNTRIES else 10))
    return Weighted(("USD", own), (100 - percent, percent))


def forms_of(market: Market, year: int) -> Weighted[str]:
    """Return the forms of cooperation that the market uses: the larger it is, the more of them."""
    new = NEW_FORMS.get(market.code)
    # a market's new form is kept out of the years before it
    usual = [form for form in _FORMS if form[0] != new][: 4 + market.weight // 2]
    forms = [(name, weight) for name, weight, first in usual if first <= year]
    if new and year == LAST_YEAR:
        forms.append((new, 1))
    return Weighted([name for name, _ in forms], [weight for _, weight in forms])
