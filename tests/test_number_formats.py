"""Number formats are completed, scaled and measured section by section."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlreport.format_codes import number_problems
from xlreport.number_formats import (
    extended,
    scaled,
    sections,
    shown_date,
    shown_number,
    with_dash,
    with_signs,
)

MOMENT = dt.datetime(2017, 9, 3, 14, 5, 6)  # noqa: DTZ001  # cells have no time zone


@pytest.mark.parametrize(
    ("code", "figure", "change"),
    [
        ("#,##0", '#,##0;-#,##0;"–"', '+#,##0;-#,##0;"–"'),
        ("0;(0)", '0;(0);"–"', '+0;(0);"–"'),
        ("[Blue]0;[Red]-0;0", "[Blue]0;[Red]-0;0", "[Blue]+0;[Red]-0;0"),
        ("0;-0;0;@", "0;-0;0;@", "+0;-0;0;@"),
    ],
)
def test_a_format_is_completed(code: str, figure: str, change: str) -> None:
    assert with_dash(code) == figure
    assert with_signs(code) == change


def test_a_format_is_scaled_and_extended_behind_its_last_digit() -> None:
    assert scaled('#,##0.0 "m";(0.0 "m")', 2) == '#,##0.0,, "m";(0.0,, "m")'
    assert scaled("0.0", 0) == "0.0"
    assert extended('0.00 "kg"', 4) == '0.00## "kg"'
    assert extended("0.00", 1) == "0.00"
    assert extended("0", 4) == "0"
    assert sections('0";";-0') == ['0";"', "-0"]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("-1234567.891", "#,##0.00;(#,##0.00)", "(1,234,567.89)"),
        ("1234567", '#,##0.0,, "m"', "1.2 m"),
        ("0.125", "0.0%", "12.5%"),
        ("5", "[$CHF-807] 0.00_)", "CHF 5.00 "),
        ("5", "*-0\\x", "5x"),
        ("7", "General", "7"),
    ],
)
def test_about_what_a_number_shows(value: str, code: str, shown: str) -> None:
    assert shown_number(Decimal(value), code) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy-mm-dd hh:mm:ss", "2017-09-03 14:05:06"),
        ("d mmmm yyyy", "03 September 2017"),
        ("[$-407]dd.mm.yy", "03.09.17"),
        ("General", "2017-09-03 14:05:06"),
    ],
)
def test_about_what_a_date_shows(code: str, shown: str) -> None:
    assert shown_date(MOMENT, code) == shown


@given(st.text(alphabet='0#?.,%;@"[]\\_*-+()$ RedE', max_size=20))
@example('0*"')
def test_what_is_let_through_stays_sound_when_it_is_completed(code: str) -> None:
    if list(number_problems(code)):
        return
    for made in (with_dash(code), with_signs(code), scaled(code, 2), extended(code, 4)):
        assert '"' not in re.sub(r'"[^"]*"|[\\_*].', "", made), "but for those shown as signs, all are closed"
        assert len(sections(made)) <= 4
        assert len(made) <= 255
        assert with_dash(made) == made or len(sections(made)) < 3
        assert not [one for one in number_problems(made) if "comma" not in one and "characters" not in one]
