"""Catalogues hold every text, with the same braces; each language writes numbers, days and money its way."""

import datetime as dt
import json
import pickle
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from babel.messages.catalog import Catalog
from catalogue_keys import Key, all_keys, catalogue, said, written

import xlreport
from xlreport.errors import SpecError, UsageError
from xlreport.language import ENGLISH, excel_text
from xlreport.languages import load_language, shipped_catalogues, shipped_languages
from xlreport.plan import Formula, SheetPlan
from xlreport.sample import write_sample
from xlreport.sentences import Sentence
from xlreport.styles import Align, Role

CODES = sorted(shipped_catalogues())
BRACES = re.compile(r"\{([^{}:]+)[^{}]*\}")
DAY = dt.date(2017, 12, 31)
AMOUNT = Decimal("15023456789.12")


@pytest.fixture(scope="module")
def keys() -> set[Key]:
    return all_keys()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, contracts=40)
    return folder


def entries(code: str) -> Catalog:
    return catalogue(shipped_catalogues()[code])


# --- catalogues -------------------------------------------------------------------------------------


def test_the_languages_are_those_of_the_documents() -> None:
    assert shipped_languages() == ("ar", "de", "en", "es", "fr", "ru", "zh")


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_holds_every_text_and_no_other(code: str, keys: set[Key]) -> None:
    path = shipped_catalogues()[code]
    assert path.read_text(encoding="utf-8") == written(entries(code), keys), (
        "python -m tests.catalogue_keys brings the catalogues up to date"
    )


@pytest.mark.parametrize("code", CODES)
def test_everything_is_said_in_every_plural_form(code: str, keys: set[Key]) -> None:
    known = entries(code)
    for each in keys:
        text = said(known, each)
        assert text, each
        if isinstance(each, tuple):
            assert len(text) == known.num_plurals, each
            assert all(text), each


@pytest.mark.parametrize("code", CODES)
def test_braces_are_the_same(code: str, keys: set[Key]) -> None:
    known = entries(code)
    for each in keys:
        if isinstance(each, str):
            assert set(BRACES.findall(said(known, each))) == set(BRACES.findall(each)), each
        else:
            assert all(set(BRACES.findall(form)) <= {"n"} for form in said(known, each)), each
            assert "{n}" in said(known, each)[-1], each


@pytest.mark.parametrize("code", CODES)
def test_standings_and_answers_stay_apart(code: str) -> None:
    """Conditions compare them, so two of a kind may not be called the same."""
    language = load_language(code)
    for words in (
        ("New", "Returning", "Retained", "Lapsed"),
        ("New", "Reopened", "Traditional", "Without a contract"),
        ("Signed", "Amended", "Delivered", "Cancelled or closed", "Opening", "Revaluation", "Closing"),
        ("Yes", "No", "Not stated"),
        ("OK", "Differs"),
    ):
        assert len(set(language.texts(*words))) == len(words)


def test_the_plural_rules_are_those_of_the_language() -> None:
    said_in = {code: load_language(code) for code in CODES}
    assert [said_in["ru"].count(n, "country") for n in (1, 3, 53, 11, 7500)] == [
        "1 страна",
        "3 страны",
        "53 страны",
        "11 стран",
        "7\xa0500 стран",
    ]
    assert [said_in["ar"].count(n, "year") for n in (1, 2, 3, 11, 100)] == [
        "سنة واحدة",
        "سنتان",
        "3 سنوات",
        "11 سنة",
        "100 سنة",
    ]
    assert said_in["zh"].count(2, "row") == "2 行"
    assert [said_in["fr"].count(n, "row") for n in (0, 1, 2)] == ["0 ligne", "1 ligne", "2 lignes"]


# --- forms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "amount", "small", "day", "listed", "number", "share"),
    [
        ("en", "$15.0 billion", "€12,500", "2017-12-31", "a, b and c", "7,500", "12.6%"),
        ("de", "15,0 Mrd. US-Dollar", "12.500 Euro", "31. Dezember 2017", "a, b und c", "7.500", "12,6\xa0%"),
        ("fr", "15,0 milliards USD", "12 500 EUR", "31 décembre 2017", "a, b et c", "7 500", "12,6 %"),
        (
            "es",
            "15,0 mil millones de dólares estadounidenses",
            "12.500 euros",
            "31 de diciembre de 2017",
            "a, b y c",
            "7.500",
            "12,6 %",
        ),
        ("ru", "15,0 млрд долларов США", "12 500 EUR", "31 декабря 2017 г.", "a, b и c", "7 500", "12,6 %"),
        ("ar", "15.0 مليار دولار أمريكي", "12,500 EUR", "31 ديسمبر 2017", "a وb وc", "7,500", "12.6%"),
        ("zh", "150.2亿美元", "1.2万欧元", "2017年12月31日", "a、b和c", "7,500", "12.6%"),
        ("de-CH", "15.0 Mrd. US-Dollar", "12’500 Euro", "31. Dezember 2017", "a, b und c", "7’500", "12.6%"),
    ],
)
def test_forms(code: str, amount: str, small: str, day: str, listed: str, number: str, share: str) -> None:
    forms = load_language(code).forms
    found = (
        forms.money(AMOUNT, "USD").words,
        forms.money(Decimal(12500), "EUR").words,
        forms.day(DAY),
        forms.listed(["a", "b", "c"]),
        forms.number(7500),
        forms.percent(Decimal("0.1256")),
    )
    assert tuple(map(plain, found)) == tuple(map(plain, (amount, small, day, listed, number, share)))


def plain(text: str) -> str:
    """Return a text with ordinary blanks: which kind of blank keeps a number together is Babel's affair."""
    return re.sub(r"[\xa0\u202f]", " ", text)


def test_what_is_said_of_an_amount_is_known_exactly() -> None:
    assert load_language("zh").forms.money(AMOUNT, "USD").value == Decimal(15020000000)
    assert ENGLISH.forms.money(AMOUNT, "USD").value == Decimal(15000000000)


def test_a_list_of_many_names_counts_the_rest() -> None:
    assert ENGLISH.listing("abcd", most=2) == "a, b and 2 more"
    assert load_language("de").listing("abcd", most=2) == "a, b und 2 weitere"


def test_forms_can_be_written_where_they_are_needed() -> None:
    german, russian = load_language("de"), load_language("ru")
    assert [german.of_forms(n, ["Land", "Ländern"]) for n in (1, 5)] == ["1 Land", "5 Ländern"]
    assert [russian.of_forms(n, ["страны", "стран", "стран"]) for n in (21, 22)] == ["21 страны", "22 стран"]


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert ENGLISH.text("{a} and {b}", a="{b}", b="x") == "{b} and x"
    assert ENGLISH.text("") == ""


def test_a_text_with_formulas_in_it() -> None:
    assert excel_text('All "{n}" hold', n="ROWS(A1)") == '"All """&ROWS(A1)&""" hold"'


# --- which languages there are ----------------------------------------------------------------------


@pytest.mark.parametrize("code", ["xx", "", "../de", "deutsch", "de_"])
def test_an_unknown_language(code: str) -> None:
    with pytest.raises(UsageError, match=r"is not known; there are ar, de, en, es, fr, ru and zh"):
        load_language(code)


def test_the_nearest_language() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'de'\?"):
        load_language("dee")


def test_english_needs_no_catalogue() -> None:
    assert load_language("en") is ENGLISH


def own_report(folder: Path, **catalogues: str) -> Path:
    """Write a definition with texts of its own, and catalogues for them beside it."""
    document: dict[str, Any] = {
        "name": "own",
        "title": "Our year {period}",
        "date": "contracts/signedDate",
        "tables": {"contracts": {"from": "contracts"}},
        "measures": {"signed": {"title": "Signed", "of": "contracts", "aggregate": "count"}},
        "sheets": [
            {"kind": "statement", "name": "Words", "statements": [{"text": "We signed {signed:deal}."}]},
            {"kind": "summary", "name": "Figures", "groups": [{"title": "All", "measures": ["signed"]}]},
        ],
    }
    path = folder / "report.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    (folder / "languages").mkdir()
    for code, text in catalogues.items():
        (folder / "languages" / f"{code}.po").write_text(text, encoding="utf-8")
    return path


DEAL = 'msgid "{n} deal"\nmsgid_plural "{n} deals"\nmsgstr[0] "{n} Abschluss"\nmsgstr[1] "{n} Abschlüsse"\n'


def test_a_catalogue_of_ones_own_comes_first(tmp_path: Path, sample: Path) -> None:
    own = DEAL + '\nmsgid "We signed {signed:deal}."\nmsgstr "Wir haben {signed:deal} unterzeichnet."\n'
    own += '\nmsgid "Figure"\nmsgstr "Größe"\n\nmsgid "Words"\nmsgstr "Worte"\n'
    plan = xlreport.plan(own_report(tmp_path, de=own), sample, language="de")

    words, figures = plan.sheets
    assert words.name == "Worte"
    assert "Wir haben 40 Abschlüsse unterzeichnet." in texts(words)
    assert "Größe" in texts(words)  # ours is Kennzahl
    assert "Genau" in texts(words)  # ours, where there is none of its own
    assert figures.name == "Kennzahlen"  # the word is one of ours
    assert plan.names == {"Figure_signed": "Kennzahlen!$B$7"}


def test_a_language_of_ones_own(tmp_path: Path, sample: Path) -> None:
    own = '\nmsgid "Our year {period}"\nmsgstr "Il nostro anno {period}"\n'
    plan = xlreport.plan(own_report(tmp_path, it=own), sample, language="it", period="2017")
    assert plan.title == "Il nostro anno 2017"
    assert "We signed 40 deals." in texts(plan.sheets[0])  # nobody has said it in Italian


def test_a_broken_catalogue(tmp_path: Path, sample: Path) -> None:
    path = own_report(tmp_path, de='msgid "Figure"\nmsgstr "Größe\n')
    with pytest.raises(SpecError, match=r"de\.po:2: .* is no line of a catalogue"):
        xlreport.plan(path, sample, language="de")


def test_the_definition_may_say_its_language(tmp_path: Path, sample: Path) -> None:
    path = own_report(tmp_path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["parameters"] = {"language": "fr"}
    document["sheets"][0]["statements"] = [{"text": "Nous avons signé {signed:accord|accords}."}]
    path.write_text(json.dumps(document), encoding="utf-8")
    plan = xlreport.plan(path, sample)
    assert "Nous avons signé 40 accords." in texts(plan.sheets[0])


# --- workbooks --------------------------------------------------------------------------------------


def texts(sheet: SheetPlan) -> list[str]:
    values = [value for block in sheet.blocks for column in block.columns for value in column]
    return [value for value in values if isinstance(value, str)]


def test_names_for_programs_are_the_same_in_every_language(sample: Path) -> None:
    plans = {code: xlreport.plan("annual-results", sample, language=code) for code in shipped_languages()}
    for plan in plans.values():
        assert list(plan.names) == list(plans["en"].names)
        assert tables(plan.sheets) == tables(plans["en"].sheets)
        assert len({sheet.name.casefold() for sheet in plan.sheets}) == len(plans["en"].sheets)


def tables(sheets: tuple[SheetPlan, ...]) -> list[str]:
    return [table.name for sheet in sheets for table in sheet.tables]


def test_the_figures_are_the_same_in_every_language(sample: Path) -> None:
    plans = [xlreport.plan("annual-results", sample, language=code) for code in shipped_languages()]
    found = [[sorted(numbers(sheet)) for sheet in plan.sheets] for plan in plans]
    assert all(figures == found[0] for figures in found)


def numbers(sheet: SheetPlan) -> list[Decimal]:
    values = (value for block in sheet.blocks for column in block.columns for value in column)
    plain_values = (value.value if isinstance(value, Formula) else value for value in values)
    return [Decimal(value) for value in plain_values if isinstance(value, int | Decimal)]


def test_conditions_speak_of_values_as_the_definition_does(sample: Path) -> None:
    """The definition says Traditional and Germany; the cells say it in the language of the workbook."""
    plan = xlreport.plan("annual-results", sample, language="ru", period="2017")
    regions = plan.sheet("Регионы")
    assert "Азиатско-Тихоокеанский регион" in texts(regions)
    assert "Да" in texts(plan.sheet("Данные контрактов"))
    assert "Подписано" in texts(plan.sheet("Записи портфеля заказов"))


def test_arabic_sheets_begin_on_the_right(sample: Path) -> None:
    plan = xlreport.plan("annual-results", sample, language="ar")
    for sheet in plan.sheets:
        assert sheet.right_to_left
        assert Align.LEFT not in {run.style.align for run in sheet.styles}
        assert all(chart.right_to_left for chart in sheet.charts)
        assert all(group.right_to_left for group in sheet.sparklines)
    titles = [run.style for sheet in plan.sheets for run in sheet.styles if run.style.role is Role.TITLE]
    assert all(style.right_to_left for style in titles)


@pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")
def test_an_arabic_workbook_says_in_its_parts_that_it_begins_on_the_right(
    sample: Path, tmp_path: Path
) -> None:
    xlreport.build("annual-results", sample, tmp_path / "book.xlsx", language="ar")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert book.worksheets[0]["A1"].alignment.readingOrder == RIGHT_TO_LEFT
    (bars,) = [chart for chart in book["الملخص"]._charts if chart.type == "bar"]  # noqa: SLF001  # no other way
    assert bars.y_axis.scaling.orientation == "maxMin"
    assert bars.title.tx.rich.p[0].pPr.rtl
    for sheet in book:
        assert sheet.oddFooter.right.text == "&P / &N"


RIGHT_TO_LEFT = 2


def test_a_sentence_is_english_text_and_can_be_said_in_another_language() -> None:
    german = load_language("de")
    sentence = Sentence("{start} to {end}", start="{end}", end=Sentence("Contracts"))
    assert sentence == "{end} to Contracts"
    assert pickle.loads(pickle.dumps(sentence)).values["end"].template == "Contracts"  # noqa: S301  # our own
    assert ENGLISH.said(sentence) == sentence
    assert german.said(sentence) == german.text(
        "{start} to {end}", start="{end}", end=german.text("Contracts")
    )
    assert german.said("as it is") == "as it is"
