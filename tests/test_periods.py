"""Periods follow one another without a gap or an overlap, whatever day they begin on."""

import calendar
import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlreport.analysis.periods import Period, covering, parse_period
from xlreport.errors import UsageError

DAY = dt.timedelta(1)
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


def span(text: str) -> Period:
    """Return the period written as ``2016-07-01..2017-06-30``."""
    start, end = map(dt.date.fromisoformat, text.split(".."))
    return Period(start, end)


def year(number: int) -> Period:
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31))


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or that month's last."""
    number, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(number, month + 1, min(day.day, calendar.monthrange(number, month + 1)[1]))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Draw periods of whole months, the day of the month being any, and of any number of days."""
    start = draw(DATES)
    if draw(st.booleans()):
        return Period(start, months_later(start, draw(st.integers(1, 36))) - DAY)
    return Period(start, start + dt.timedelta(draw(st.integers(0, 800))))


# --- labels -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2017-01-01..2017-12-31", "2017"),
        ("2016-07-01..2017-06-30", "2016/17"),
        ("1999-04-01..2000-03-31", "1999/00"),
        ("2016-03-01..2017-02-28", "2016/17"),
        ("2015-03-01..2016-02-29", "2015/16"),
        ("2016-01-01..2017-12-31", "2016 to 2017"),
        ("2017-01-01..2017-06-30", "2017-01-01 to 2017-06-30"),
        ("2017-05-05..2017-05-05", "2017-05-05 to 2017-05-05"),
        ("2016-07-01..2017-06-29", "2016-07-01 to 2017-06-29"),
        ("2016-07-01..2017-07-01", "2016-07-01 to 2017-07-01"),
        ("0987-01-01..0987-12-31", "0987"),
    ],
)
def test_a_period_is_called_by_its_year_or_its_days(text: str, label: str) -> None:
    assert span(text).label == label


@given(periods(), st.integers(2, 30))
def test_no_two_periods_of_a_history_have_the_same_label(period: Period, count: int) -> None:
    labels = [known.label for known in period.history(count)]
    assert len(set(labels)) == count


# --- before and after ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("2017-01-01..2017-12-31", "2016-01-01..2016-12-31", "2018-01-01..2018-12-31"),
        ("2016-07-01..2017-06-30", "2015-07-01..2016-06-30", "2017-07-01..2018-06-30"),
        ("2016-03-01..2017-02-28", "2015-03-01..2016-02-29", "2017-03-01..2018-02-28"),
        ("2015-03-01..2016-02-29", "2014-03-01..2015-02-28", "2016-03-01..2017-02-28"),
        ("2017-01-01..2017-03-31", "2016-10-01..2016-12-31", "2017-04-01..2017-06-30"),
        ("2017-02-01..2017-02-28", "2017-01-01..2017-01-31", "2017-03-01..2017-03-31"),
        ("2016-01-01..2017-12-31", "2014-01-01..2015-12-31", "2018-01-01..2019-12-31"),
        ("2017-01-10..2017-01-19", "2016-12-31..2017-01-09", "2017-01-20..2017-01-29"),
        ("2017-03-01..2017-03-01", "2017-02-28..2017-02-28", "2017-03-02..2017-03-02"),
    ],
)
def test_the_periods_before_and_after(text: str, before: str, after: str) -> None:
    assert span(text).before() == span(before)
    assert span(text).before(-1) == span(after)
    assert span(text).before(0) == span(text)


@given(periods(), st.integers(-24, 24))
@example(span("2016-03-31..2016-06-29"), 1)
@example(span("2016-01-31..2016-02-28"), 2)
@example(span("2016-02-29..2017-02-27"), 4)
def test_the_next_period_begins_on_the_day_after(period: Period, steps: int) -> None:
    assert period.before(steps).end + DAY == period.before(steps - 1).start


@given(periods(), st.integers(1, 30))
@example(span("2016-03-31..2016-06-29"), 2)
def test_a_history_ends_with_the_period_and_has_no_gap(period: Period, count: int) -> None:
    history = period.history(count)
    assert len(history) == count
    assert history[-1] == period
    assert all(earlier.end + DAY == later.start for earlier, later in pairwise(history))
    assert all(known.start <= known.end for known in history)


@given(st.integers(1900, 2100), st.integers(-50, 50))
def test_calendar_years_are_followed_by_calendar_years(number: int, steps: int) -> None:
    assert year(number).before(steps) == year(number - steps)


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(-50, 50))
def test_fiscal_years_keep_their_first_day(number: int, month: int, steps: int) -> None:
    start = dt.date(number, month, 1)
    period = Period(start, start.replace(year=number + 1) - DAY)
    assert period.before(steps).start == start.replace(year=number - steps)


# --- lookback and the year after ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "years", "first"),
    [
        ("2017-01-01..2017-12-31", 3, "2014-01-01"),
        ("2016-07-01..2017-06-30", 3, "2013-07-01"),
        ("2016-02-29..2016-12-31", 1, "2015-02-28"),
        ("2016-02-29..2016-12-31", 4, "2012-02-29"),
        ("2017-04-01..2017-06-30", 1, "2016-04-01"),
    ],
)
def test_the_lookback_begins_whole_years_before_the_period(text: str, years: int, first: str) -> None:
    assert span(text).lookback_start(years) == dt.date.fromisoformat(first)


@given(st.integers(1900, 2100), st.integers(1, 50))
def test_the_lookback_of_a_year_is_as_many_years(number: int, years: int) -> None:
    assert year(number).lookback_start(years) == year(number).history(years + 1)[0].start


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017-01-01..2017-12-31", "2018-12-31"),
        ("2016-07-01..2017-06-30", "2018-06-30"),
        ("2015-03-01..2016-02-29", "2017-02-28"),
        ("2014-03-01..2015-02-28", "2016-02-29"),
        ("2016-01-01..2016-02-28", "2017-02-28"),
        ("2017-01-01..2017-03-31", "2018-03-31"),
    ],
)
def test_the_day_one_year_after_the_last(text: str, day: str) -> None:
    assert span(text).year_after_end() == dt.date.fromisoformat(day)


# --- covering -----------------------------------------------------------------------------------------


@given(periods(), st.lists(st.none() | DATES, max_size=6))
@example(span("2016-01-31..2016-02-28"), [dt.date(2015, 1, 1)])
def test_covering_periods_are_those_before_and_after(period: Period, dates: list[dt.date | None]) -> None:
    found = covering(period, dates)
    place = found.index(period)
    assert found == tuple(period.before(place - position) for position in range(len(found)))


@given(st.integers(1950, 2050), st.lists(st.none() | DATES, max_size=6))
def test_every_date_falls_in_one_of_the_covering_years(number: int, dates: list[dt.date | None]) -> None:
    found = covering(year(number), dates)
    for day in dates:
        if day is not None:
            assert sum(known.start <= day <= known.end for known in found) == 1


def test_without_dates_the_period_covers() -> None:
    assert covering(year(2017), []) == covering(year(2017), [None]) == (year(2017),)


def test_a_date_on_the_first_and_last_day_needs_no_further_period() -> None:
    assert covering(year(2017), [dt.date(2017, 1, 1), dt.date(2017, 12, 31)]) == (year(2017),)
    assert len(covering(year(2017), [dt.date(2016, 12, 31), dt.date(2018, 1, 1)])) == 3


@pytest.mark.parametrize("stray", [dt.date.min, dt.date(1, 12, 31), dt.date(9999, 1, 1), dt.date.max])
@pytest.mark.parametrize("text", ["2017-01-01..2017-12-31", "2017-01-01..2017-01-07"])
def test_a_stray_date_does_not_make_thousands_of_periods(text: str, stray: dt.date) -> None:
    found = covering(span(text), [stray, dt.date(2017, 1, 5)])
    assert span(text) in found
    assert len(found) <= 200


# --- reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2017", year(2017)),
        ("latest", year(2015)),
        ("2016-07-01..2017-06-30", span("2016-07-01..2017-06-30")),
        ("2016-02-29..2016-02-29", span("2016-02-29..2016-02-29")),
    ],
)
def test_a_period_is_read(text: str, period: Period) -> None:
    assert parse_period(text, dt.date(2015, 6, 1)) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "20177",
        "2017-06",
        "2017-06-30",
        "Latest",
        " 2017",
        "2017 ",
        "0000",
        "٢٠١٧",
        "2017-06-30..2016-07-01",
        "2017-02-29..2017-03-31",
        "2017-01-01...2017-12-31",
        "2017-01-01..2017-12-31..2018-12-31",
        "2017/18",
        "last",
    ],
)
def test_what_is_no_period_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_period(text, dt.date(2017, 6, 1))
    said = str(caught.value)
    assert said.startswith(f"period '{text}': ")
    assert "2017" in said
    assert "2016-07-01..2017-06-30" in said
    assert "\n" not in said


def test_the_latest_year_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="'latest': the data has no date"):
        parse_period("latest", None)


@given(st.text(max_size=24))
@example("9999-12-31..9999-12-31")
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        period = parse_period(text, dt.date(2017, 6, 1))
    except UsageError:
        return
    assert period.start <= period.end
    assert period.label


@pytest.mark.parametrize(
    "text",
    ["0001", "0030", "9999", "0001-01-01..0001-12-31", "9999-07-01..9999-12-31", "0001-01-01..9999-12-31"],
)
def test_a_period_that_has_no_room_around_it_is_refused(text: str) -> None:
    """A report looks at the periods and years before, and at the year after."""
    with pytest.raises(UsageError, match=f"period '{text}'"):
        parse_period(text, dt.date(2017, 6, 1))


@given(st.integers(1000, 9000), st.integers(1, 30), st.integers(1, 50))
def test_a_period_of_any_usual_year_has_room_around_it(number: int, history: int, lookback: int) -> None:
    period = parse_period(str(number), None)
    assert period.history(history)[0].lookback_start(lookback) < period.start
    assert period.year_after_end() > period.end
