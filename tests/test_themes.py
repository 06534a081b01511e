"""Brand files: what is shipped, what is refused and with which words, and what comes of them."""

import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import workbook_lint
from hypothesis import given
from hypothesis import strategies as st
from pictures import jpeg, png, png_part, wordmark
from pivot_plan import pivot_plan
from sales import report

import xlreport
from xlreport.errors import SpecError, UsageError
from xlreport.layout.logo import with_logos
from xlreport.page_lines import MOST_LENGTH, coded
from xlreport.plan import WorkbookPlan
from xlreport.resources import schemas_folder
from xlreport.sample import write_sample
from xlreport.spec import parse_report
from xlreport.styles import DEFAULT_THEME, PAPERS, Logo, PageLine, Role, Theme
from xlreport.themes import in_the_name_of, load_theme, shipped_themes, theme_for
from xlreport.themes.contrast import CHART, TEXT, contrast, nearest_colour
from xlreport.themes.logo import MOST_BYTES, read_image

WHITE = "FFFFFF"
COLOURS = st.binary(min_size=3, max_size=3).map(lambda value: value.hex().upper())
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


@pytest.fixture
def brand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Write a brand file with these members into the current folder and return its name."""
    monkeypatch.chdir(tmp_path)

    def write(**members: object) -> str:
        Path("brand.json").write_text(json.dumps({"name": "brand", **members}), encoding="utf-8")
        return "brand.json"

    return write


def refusal(name: str) -> list[str]:
    """Return the sentences that a brand file is refused with, without its name."""
    with pytest.raises(SpecError) as caught:
        load_theme(name)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{name} ") for line in lines)
    return [line.removeprefix(f"{name} ") for line in lines]


# --- what is shipped --------------------------------------------------------------------------------


def test_the_usual_look_is_a_shipped_theme_too() -> None:
    assert list(shipped_themes()) == ["xlreport", "forest"]
    assert load_theme("xlreport") == DEFAULT_THEME


def test_the_other_theme_is_another_look() -> None:
    forest = load_theme("forest")

    assert (forest.font, forest.paper) == ("Arial", "Letter")
    assert not {forest.accent, *forest.series} & {DEFAULT_THEME.accent, *DEFAULT_THEME.series}


@pytest.mark.parametrize("name", shipped_themes())
def test_everything_in_a_shipped_theme_can_be_read(name: str) -> None:
    theme = load_theme(name)

    assert theme.font in ("Calibri", "Arial"), "their widths are known everywhere"
    for role in Role:
        style = theme.style(role)
        assert contrast(style.color, style.fill or WHITE) >= TEXT, role
    for color in (theme.ink, theme.muted, theme.accent, theme.good, theme.bad):
        assert contrast(color, theme.accent_soft) >= TEXT
    assert all(contrast(color, WHITE) >= CHART for color in theme.series)
    assert contrast(theme.ink, theme.rule) >= TEXT, "shares stand on bars of that colour"


def test_five_sizes_at_most() -> None:
    sizes = {DEFAULT_THEME.style(role).size for role in Role}
    assert len(sizes) <= len(DEFAULT_THEME.sizes.__slots__) == 5


def test_the_schema_knows_the_papers_that_we_know() -> None:
    schema = json.loads((schemas_folder() / "theme.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]["paper"]["enum"]) == set(PAPERS)


# --- contrast ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("000000", WHITE, 21.0), (WHITE, WHITE, 1.0), ("777777", WHITE, 4.48), ("767676", WHITE, 4.54)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_goes_both_ways(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.001


@given(COLOURS, COLOURS, st.sampled_from((TEXT, CHART)))
def test_there_is_always_a_nearest_colour_and_it_does(color: str, other: str, least: float) -> None:
    better = nearest_colour(color, [other], least)

    assert better is not None
    assert contrast(better, other) >= least
    assert (better == color) == (contrast(color, other) >= least)


def test_a_colour_between_two_others_may_have_no_way_out() -> None:
    assert nearest_colour("808080", [WHITE, "000000"], 7) is None


# --- what is refused --------------------------------------------------------------------------------

REFUSED = {
    each["case"]: (each["brand"], each["says"])
    for each in json.loads(Path(__file__).with_name("brand_files.json").read_text(encoding="utf-8"))
}
"""Wrong brand files, and all that is said about each."""


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_brand_file_is_refused_with_its_sentence(brand: Callable[..., str], name: str) -> None:
    members, sentences = REFUSED[name]
    assert refusal(brand(**members)) == sentences


def test_all_problems_come_at_once(brand: Callable[..., str]) -> None:
    found = refusal(
        brand(
            colours={"ink": "EEEEEE", "acent": "FFFFFF"},
            numberFormats={"date": "yyyy", "money": "0;0"},
            paper="A0",
            logo={"file": "none.png", "altText": "Logo"},
        )
    )
    assert [line.partition(": ")[0] for line in found] == [
        "$.colours",
        "$.paper",
        "$.numberFormats.date",
        "$.numberFormats.money",
        "$.colours.ink",
        "$.logo.file",
    ]


def test_what_is_no_brand_file_at_all(tmp_path: Path) -> None:
    path = tmp_path / "brand.json"
    for content, words in {
        "[": "is not JSON",
        "[]": r"\[\] should be an object",
        '{"sizes": NaN}': "NaN",
    }.items():
        path.write_text(content, encoding="utf-8")
        with pytest.raises(SpecError, match=words):
            load_theme(path)


def test_an_unknown_theme_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"^forrest: no such theme\..*did you mean 'forest'\?$"):
        load_theme("forrest")


# --- the logo ---------------------------------------------------------------------------------------

DAMAGED = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "nothing": b"",
    "half a png": png(40, 20)[:-20],
    "a png with a wrong sum": png(40, 20).replace(b"IHDR\0", b"IHDR\1"),
    "a png without a picture": png(40, 20)[:33],
    "half a jpeg": jpeg(40, 20)[:24],
    "a jpeg without a frame": b"\xff\xd8\xff\xda\0\2..\xff\xd9",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_no_picture_is_refused(brand: Callable[..., str], name: str) -> None:
    Path("logo.png").write_bytes(DAMAGED[name])

    (sentence,) = refusal(brand(logo={"file": "logo.png", "altText": "Logo"}))
    assert sentence.startswith("$.logo.file: 'logo.png' cannot be used: it is not a PNG or JPEG picture")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (png(8, 8) + bytes(MOST_BYTES), "it has 1,000,0[0-9]{2} bytes; a logo has at most 1,000,000"),
        (jpeg(5000, 900), "it has 5,000 x 900 pixels; a logo has 8 to 4,000 on either side"),
        (png(100, 4), "it has 100 x 4 pixels"),
        (png(400, 20), "a logo is at most 12 times as long as it is high"),
    ],
)
def test_a_picture_of_no_use_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "logo"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        read_image(path)


def test_what_is_no_picture_in_a_picture_file_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "logo"
    plain = png(40, 20)
    remark = png_part(b"tEXt", b"Author\0Jane Doe") + png_part(
        b"tIME", struct.pack(">H5B", 2017, 1, 2, 3, 4, 5)
    )
    path.write_bytes(plain[:33] + remark + plain[33:] + b"and more")
    image = read_image(path)
    assert (image.content, image.kind, image.width, image.height) == (plain, "png", 40, 20)

    path.write_bytes(jpeg(300, 90, b"Jane Doe"))
    image = read_image(path)
    assert (image.content, image.kind, image.width, image.height) == (jpeg(300, 90), "jpeg", 300, 90)


# --- header and footer ------------------------------------------------------------------------------


def test_words_become_values_and_codes_and_text_stays_text() -> None:
    line = PageLine("R&D {title}", "{sheet}", "{page}/{pages} {{page}}")

    assert coded(line, {"title": "A&B {page}"}) == PageLine("R&&D A&&B {page}", "&A", "&P/&N {&P}")


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_a_page_line_never_grows_too_long(title: str, period: str, organisation: str) -> None:
    line = PageLine("{title} " + "&" * 40, "{organisation}", "{period} {page}")
    made = coded(line, {"title": title, "period": period, "organisation": organisation})

    texts = [text for text in (made.left, made.middle, made.right) if text]
    assert sum(len(text.encode("utf-16-le", "surrogatepass")) // 2 + 5 for text in texts) <= MOST_LENGTH


# --- which theme ------------------------------------------------------------------------------------


def test_an_option_wins_over_the_report_and_that_over_the_usual(tmp_path: Path) -> None:
    (tmp_path / "brand.json").write_text('{"name": "own"}', encoding="utf-8")
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report()), encoding="utf-8")
    plain = parse_report(report())
    named = replace(plain, theme="brand.json")

    assert theme_for(plain, path) == DEFAULT_THEME
    assert theme_for(named, path).name == "own", "from the folder of the report on"
    assert theme_for(named, path, "forest").name == "forest"
    with pytest.raises(SpecError, match=r"report\.json \$\.theme: gren: no such theme"):
        theme_for(replace(plain, theme="gren"), path)


def test_the_organisation_of_the_theme_is_the_last_to_be_asked() -> None:
    spec, theme = parse_report(report()), Theme(organisation="Port Authority")
    own = replace(spec, parameters=replace(spec.parameters, organisation="Works"))

    assert in_the_name_of(theme, spec).parameters.organisation == "Port Authority"
    assert in_the_name_of(theme, own).parameters.organisation == "Works"
    assert in_the_name_of(Theme(), spec) == spec


# --- what comes of it -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def branded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a small register and a brand file that leaves nothing as usual."""
    folder = tmp_path_factory.mktemp("branded")
    write_sample(folder / "data", contracts=12)
    (folder / "logo.png").write_bytes(png(440, 120, wordmark))
    document = {
        "name": "harbour",
        "organisation": "Port Authority",
        "fonts": {"body": "Arial", "heading": "Georgia"},
        "sizes": {"title": 18, "heading": 13, "figure": 13, "body": 11, "note": 9},
        "numberFormats": {
            "integer": "# ##0",
            "money": '#,##0.00 "€";(#,##0.00 "€")',
            "scaledMoney": "[Blue]#,##0.00",
            "percent": "0%",
            "date": "d mmmm yyyy",
        },
        "paper": "Legal",
        "margins": {"left": 2.54},
        "header": {"right": "R&D · {organisation}"},
        "footer": {"left": "{period}"},
        "logo": {"file": "logo.png", "altText": 'The "harbour"'},
    }
    (folder / "brand.json").write_text(json.dumps(document), encoding="utf-8")
    return folder / "data", folder / "brand.json"


@pytest.fixture(scope="module")
def plan(branded: tuple[Path, Path]) -> WorkbookPlan:
    data, theme = branded
    return xlreport.plan("annual-results", data, theme=theme, period="2017")


@pytest.fixture(scope="module")
def parts(plan: WorkbookPlan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = xlreport.write(plan, tmp_path_factory.mktemp("written") / "branded.xlsx")
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_fonts_formats_paper_and_page_lines_reach_the_workbook(parts: dict[str, bytes]) -> None:
    theme, styles = parts["xl/theme/theme1.xml"].decode(), parts["xl/styles.xml"].decode()
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("&amp;", "&")

    assert theme.index('latin typeface="Georgia"') < theme.index('latin typeface="Arial"')
    for code in ('[Blue]#,##0.00,,;[Blue]-#,##0.00,,;"–"', "d mmmm yyyy", "+0%;-0%"):
        assert f'formatCode="{code.replace(chr(34), "&quot;")}' in styles
    assert 'paperSize="5"' in sheet
    assert ' left="1" ' in sheet
    assert "<oddHeader>&R&8 R&&D · Port Authority</oddHeader>" in sheet
    assert "<oddFooter>&L&8 2017</oddFooter>" in sheet


def test_the_logo_is_stored_once_and_stands_on_what_is_presented(
    plan: WorkbookPlan, parts: dict[str, bytes]
) -> None:
    presented = [sheet for sheet in plan.sheets if sheet.pictures]
    relations = [content for name, content in parts.items() if name.startswith("xl/drawings/_rels/")]

    assert {"Contents", "Statement", "Summary", "Order book"} <= {sheet.name for sheet in presented}
    assert not any(sheet.tables for sheet in presented)
    assert [name for name in parts if "media" in name] == ["xl/media/image1.png"]
    assert parts["xl/media/image1.png"] == png(440, 120, wordmark)
    assert sum(content.count(b"/xl/media/image1.png") for content in relations) == len(presented)
    shapes = [
        shape
        for name, content in parts.items()
        if name.startswith("xl/drawings/drawing")
        for shape in ET.fromstring(content).iter(f"{DRAWING}cNvPr")  # noqa: S314  # we wrote it
    ]
    names = [shape.get("name", "") for shape in shapes]
    assert len(names) == len(set(names))
    texts = [shape.get("descr") for shape in shapes if shape.get("name", "").startswith("Picture")]
    assert texts == ['The "harbour"'] * len(presented)


def test_the_logo_keeps_its_shape_and_covers_no_text(plan: WorkbookPlan) -> None:
    for sheet in plan.sheets:
        for picture in sheet.pictures:
            assert picture.width / picture.height == pytest.approx(440 / 120)
            before = sum(sheet.widths.get(column, 8.43) for column in range(1, picture.column))
            left = before * plan.theme.digit_width * 0.75 + picture.across
            head = [value for block in sheet.blocks if block.row < 5 for value in block.rows()]
            longest = max(len(str(value)) for values in head for value in values)
            assert left > longest * 5, sheet.name
            assert picture.row == 1
            assert picture.down + picture.height < sheet.heights[1] + 2 * plan.theme.line_height


def test_the_logo_on_the_first_sheet_alone(branded: tuple[Path, Path], tmp_path: Path) -> None:
    data, theme = branded
    document = json.loads(theme.read_text(encoding="utf-8"))
    document["logo"] |= {"sheets": "first", "file": str(theme.with_name("logo.png"))}
    (tmp_path / "brand.json").write_text(json.dumps(document), encoding="utf-8")
    plan = xlreport.plan("annual-results", data, theme=tmp_path / "brand.json")

    assert [bool(sheet.pictures) for sheet in plan.sheets][:2] == [True, False]


def test_the_same_brand_gives_the_same_bytes(branded: tuple[Path, Path], tmp_path: Path) -> None:
    data, theme = branded
    made = [
        xlreport.build("annual-results", data, tmp_path / f"{number}.xlsx", theme=theme) for number in (1, 2)
    ]
    assert made[0].sha256 == made[1].sha256


def test_a_report_names_its_theme_and_an_organisation_stands_on_the_workbook(
    branded: tuple[Path, Path], tmp_path: Path
) -> None:
    data, theme = branded
    shipped = json.loads(Path("workbooks/contract-register/report.json").read_text(encoding="utf-8"))
    path = tmp_path / "report.json"
    path.write_text(json.dumps({**shipped, "theme": str(theme)}), encoding="utf-8")
    plan = xlreport.plan(path, data)

    assert plan.theme.name == "harbour"
    assert plan.creator == "Port Authority"
    assert xlreport.plan(path, data, theme="xlreport").creator == "xlreport"


def test_a_logo_stands_beside_charts_and_slicers(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png(440, 120, wordmark))
    theme = Theme(logo=Logo(read_image(tmp_path / "logo.png"), "Logo"))
    made = pivot_plan()
    plan = replace(made, sheets=tuple(with_logos(made.sheets, theme)), theme=theme)
    path = xlreport.write(plan, tmp_path / "book.xlsx")

    assert any(sheet.slicers and sheet.pictures for sheet in plan.sheets)
    assert any(sheet.charts and sheet.pictures for sheet in plan.sheets)
    assert workbook_lint.problems(path) == []
