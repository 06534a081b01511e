"""Texts and cells become what their field is, or stay what they are."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlreport.sources.description import Notation
from xlreport.sources.values import exact_number, in_words, reader
from xlreport.tables import Kind

GERMAN = Notation(decimal_char=",", group_char=".")
FRENCH = Notation(decimal_char=",", group_char=" ")


@pytest.mark.parametrize(
    ("notation", "text", "value"),
    [
        (Notation(), "1234.50", Decimal("1234.50")),
        (Notation(), "-.5", Decimal("-0.5")),
        (Notation(), "+5.", Decimal(5)),
        (Notation(), "1.5e3", Decimal("1.5e3")),
        (Notation(group_char=","), "1,234,567.89", Decimal("1234567.89")),
        (Notation(group_char=","), "12,34", "12,34"),
        (GERMAN, "1.234,50", Decimal("1234.50")),
        (GERMAN, "1234,50", Decimal("1234.50")),
        (GERMAN, "1.23", "1.23"),
        (FRENCH, "1 234 567,8", Decimal("1234567.8")),
        (FRENCH, "1\u202f234\u00a0567,8", Decimal("1234567.8")),
        *(
            (Notation(), text, text)
            for text in ("1,5", "1 000", "NaN", "Infinity", "1_000", "٣", "5 %", "€5", "1e9999")
        ),
    ],
)
def test_decimals(notation: Notation, text: str, value: Decimal | str) -> None:
    read = reader(Kind.DECIMAL, notation)(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12", 12),
        ("0012", 12),
        ("12.0", 12),
        ("12.5", Decimal("12.5")),
        (3.0, 3),
        (3.5, Decimal("3.5")),
        ("x", "x"),
        (True, True),
    ],
)
def test_integers(value: Any, expected: Any) -> None:  # cells of any type
    assert reader(Kind.INTEGER, Notation())(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("TRUE", True), ("no", False), (1.0, True), ("0", False), (False, False), ("maybe", "maybe"), (2.0, 2)],
)
def test_truth_values(value: Any, expected: Any) -> None:  # cells of any type
    read = reader(Kind.BOOLEAN, Notation())(value)
    assert read == expected
    assert type(read) is type(expected)


def test_declared_truth_values() -> None:
    read = reader(Kind.BOOLEAN, Notation(true_values=("V", "verdadeiro"), false_values=("F",)))
    assert [read(text) for text in ("v", "Verdadeiro", "F", "true")] == [True, True, False, "true"]


@pytest.mark.parametrize(
    ("kind", "formats", "text", "expected"),
    [
        (Kind.DATE, (), "2017-03-31", "2017-03-31"),
        (Kind.DATE, ("%d-%m-%Y",), "31-03-2017", "2017-03-31"),
        (Kind.DATE, ("%d-%m-%Y", "%d.%m.%y"), "31.3.17", "2017-03-31"),
        (Kind.DATE, ("%d-%m-%Y",), "31-02-2017", "31-02-2017"),
        (Kind.DATE, ("%d-%m-%Y",), "2017-03-31", "2017-03-31"),
        (Kind.DATE, ("%d.%m.%Y %H:%M",), "31.03.2017 08:15", "2017-03-31"),
        (Kind.DATETIME, ("%d.%m.%Y %H:%M",), "31.03.2017 08:15", "2017-03-31T08:15:00Z"),
        (Kind.DATETIME, ("%Y-%m-%d %H:%M%z",), "2017-03-31 08:15+0200", "2017-03-31T08:15:00+02:00"),
        (Kind.DATETIME, (), "2017-03-31T08:15:00+02:00", "2017-03-31T08:15:00+02:00"),
    ],
)
def test_dates(kind: Kind, formats: tuple[str, ...], text: str, expected: str) -> None:
    assert reader(kind, Notation(date_formats=formats))(text) == expected


def test_blanks_are_trimmed_unless_asked_to_stay() -> None:
    assert reader(Kind.TEXT, Notation())("  Almada\u00a0") == "Almada"
    assert reader(Kind.TEXT, Notation())("   ") is None
    assert reader(Kind.TEXT, Notation(), trim=False)(" Almada ") == " Almada "


def test_missing_values_are_texts_and_what_shows_as_such() -> None:
    read = reader(None, Notation(missing=("N/A", "0", "1900-01-01")))
    assert [read(value) for value in ("N/A", 0.0, 0, dt.date(1900, 1, 1), None, "")] == [None] * 6
    assert [read(value) for value in ("NA", 5.0, False, dt.date(1900, 1, 2))] == [
        "NA",
        5,
        False,
        "1900-01-02",
    ]


def test_named_values_replace_texts_and_others_are_converted() -> None:
    read = reader(Kind.INTEGER, Notation(), named={"one": 1, "7": 70, "true": 5, "none": None})
    assert [read(value) for value in ("one", 7.0, "8", True, "none", "two")] == [1, 70, 8, 5, None, "two"]


def test_lists_and_objects_inside_a_value_are_kept() -> None:
    nested = {"a": [1, {"b": None}]}
    for kind in (None, *Kind):
        assert reader(kind, Notation())(nested) == nested
    assert reader(Kind.TEXT, Notation(missing=("x",)))(["a ", 5, "x", None]) == ["a", "5"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_is_the_number_that_it_shows(value: float) -> None:
    number = exact_number(value)
    assert float(number) == value
    assert number == Decimal(repr(value))
    assert float(in_words(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=2))
def test_every_notation_gives_back_the_amount(amount: Decimal) -> None:
    written = f"{amount:,.2f}"
    german = written.translate(str.maketrans(",.", ".,"))
    french = written.replace(",", "\u202f").replace(".", ",")
    read = [reader(Kind.DECIMAL, notation) for notation in (Notation(group_char=","), GERMAN, FRENCH)]
    assert [str(each(text)) for each, text in zip(read, (written, german, french), strict=True)] == [
        str(amount)
    ] * 3


@given(st.text())
def test_text_is_only_ever_text(text: str) -> None:
    assert reader(Kind.TEXT, Notation())(text) == (text.strip() or None)
    assert reader(None, Notation())(text) == (text.strip() or None)


@given(st.sampled_from(list(Kind)), st.text())
def test_a_text_that_does_not_convert_is_never_lost(kind: Kind, text: str) -> None:
    value = reader(kind, Notation(date_formats=("%d-%m-%Y",), group_char=","))(text)
    assert (value is None) == (not text.strip())
    assert isinstance(value, str | int | Decimal | None)
