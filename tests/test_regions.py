"""Countries are found by code and by every name that people write; the shipped table is right."""

import csv
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlreport.analysis.regions import Country, Regions, folded
from xlreport.errors import SpecError
from xlreport.resources import workbooks_folder
from xlreport.sources.regions import read_regions

SHIPPED = workbooks_folder() / "regions.csv"
ISO = Path(__file__).parents[1] / "../shared/data/iso_countries/country-codes.csv"
HEADING = "code,name,region,subregion,grouping,aliases\n"
GROUPINGS = {
    "Africa",
    "Antarctica",
    "Asia-Pacific",
    "Eastern Europe and Central Asia",
    "Europe",
    "International organisations",
    "Latin America",
    "Middle East",
    "North America",
}


@pytest.fixture(scope="module")
def regions() -> Regions:
    return read_regions(SHIPPED)


def regions_file(folder: Path, *rows: str) -> Path:
    path = folder / "regions.csv"
    path.write_text(HEADING + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def refusal(path: Path) -> list[str]:
    with pytest.raises(SpecError) as caught:
        read_regions(path)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NA", "NA"),
        ("Namibia", "NA"),
        ("UAE", "AE"),
        ("U.A.E.", "AE"),
        ("Turkey", "TR"),
        ("Turkiye", "TR"),
        ("TÜRKİYE", "TR"),
        ("DR Congo", "CD"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo", "CG"),
        ("Ivory Coast", "CI"),
        ("COTE D\u2019IVOIRE", "CI"),
        ("Burma", "MM"),
        ("UK", "GB"),
        ("EL", "GR"),
        ("Viet Nam", "VN"),
        ("Korea, Republic of", "KR"),
        ("the Netherlands", "NL"),
        ("Niger (the)", "NE"),
        ("Bosnia & Herzegovina", "BA"),
        ("  Saint Lucia ", "LC"),
        ("DEU", "DE"),
        ("Kosovo", "XK"),
    ],
)
def test_a_country_is_found_by_any_of_its_names(regions: Regions, text: str, code: str) -> None:
    found = regions.find(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "n/a", "N/A", "na", "N.A.", "Atlantis", "Korea", "-"])
def test_what_means_no_country_finds_none(regions: Regions, text: str) -> None:
    assert regions.find(text) is None


@pytest.mark.parametrize("text", ["United Nations", "UN", "NATO", "African Union", "European Commission"])
def test_a_body_of_no_country_is_told_apart(regions: Regions, text: str) -> None:
    found = regions.find(text)
    assert found is not None
    assert found.code == ""
    assert found.region == "International organisations"


def test_a_code_counts_as_written(regions: Regions) -> None:
    assert regions.of_code("NA") == regions.find("Namibia")
    assert regions.of_code("na") is None
    assert regions.of_code("") is None


def test_every_grouping_of_the_shipped_table_is_documented(regions: Regions) -> None:
    assert {country.grouping for country in regions.countries} == GROUPINGS


@pytest.mark.parametrize(
    ("code", "grouping"),
    [
        ("IN", "Asia-Pacific"),
        ("AU", "Asia-Pacific"),
        ("EG", "Middle East"),
        ("TR", "Middle East"),
        ("DZ", "Africa"),
        ("KZ", "Eastern Europe and Central Asia"),
        ("LV", "Europe"),
        ("MX", "Latin America"),
        ("US", "North America"),
        ("AQ", "Antarctica"),
    ],
)
def test_the_shipped_grouping(regions: Regions, code: str, grouping: str) -> None:
    country = regions.of_code(code)
    assert country is not None
    assert country.grouping == grouping


def test_the_file_is_named_with_its_hash(regions: Regions) -> None:
    assert regions.source == "regions.csv"
    assert regions.sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


@pytest.mark.skipif(not ISO.exists(), reason="the ISO 3166 table does not lie beside the checkout")
def test_codes_regions_and_names_agree_with_iso_3166_and_m49(regions: Regions) -> None:
    with ISO.open(encoding="utf-8", newline="") as file:
        rows = {row["ISO3166-1-Alpha-2"]: row for row in csv.DictReader(file)}
    ours = {country.code: country for country in regions.countries if country.code}
    assert set(ours) == {*rows, "XK"}
    names = (
        "ISO3166-1-Alpha-3",
        "UNTERM English Short",
        "UNTERM English Formal",
        "official_name_en",
        "CLDR display name",
    )
    for code, row in rows.items():
        stated = (row["Region Name"] or "Antarctica", row["Sub-region Name"] or "Antarctica")
        assert (ours[code].region, ours[code].subregion) == stated, code
        for name in filter(None, (row[column].strip() for column in names)):
            assert regions.find(name) == ours[code], name


def test_every_mistake_is_named_with_line_and_column(tmp_path: Path) -> None:
    path = regions_file(
        tmp_path,
        "de,Germany,Europe,Western Europe,Europe,",
        "FR,France,,Western Europe,Europe,",
        "FR,Francia,Europe,Western Europe,Europe,",
        "BE,Belgium,Europe,Western Europe,Europe,Holland;FRANCE",
        "NL,Netherlands,Europe,Western Europe,Europe,holland",
    )
    assert refusal(path) == [
        "regions.csv:2 code: 'de' is not a country code; write two capital letters, or none for no country.",
        "regions.csv:3 region: the cell is empty; every row needs a region.",
        "regions.csv:4 code: 'FR' is on line 3 too; keep one of the two.",
        "regions.csv:5 aliases: 'FRANCE' means the country on line 3 too; a name may mean one only.",
        "regions.csv:6 aliases: 'holland' means the country on line 5 too; a name may mean one only.",
    ]


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("code,name,regoin,subregion,grouping,aliases", "regions.csv:1: there is no column 'region'; "),
        ("code,name,regoin,subregion,grouping,aliases", "grouping and aliases; did you mean 'regoin'?"),
        ("code,name,region,subregion,grouping,aliases,note", "there is no use for the column 'note'; "),
        ("code,name,region,subregion,grouping,aliases,name", "the column 'name' is there more than once"),
    ],
)
def test_wrong_columns_are_refused(tmp_path: Path, heading: str, sentence: str) -> None:
    path = tmp_path / "regions.csv"
    path.write_text(f"{heading}\n", encoding="utf-8")
    (line,) = refusal(path)
    assert sentence in line


def test_a_row_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    path = regions_file(tmp_path, "KR,Korea, South,Asia,Eastern Asia,Asia-Pacific,")
    assert refusal(path) == [
        "regions.csv:2: 7 values for 6 columns; quote a value that has the delimiter in it."
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(tmp_path / "regions.csv")[0]


def test_a_file_that_is_not_utf8_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "regions.csv"
    path.write_bytes((HEADING + "CW,Curaçao,,,,\n").encode("latin-1"))
    assert refusal(path) == ["regions.csv:2: a character is not UTF-8; save the file as CSV UTF-8."]


def test_ten_mistakes_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    path = regions_file(tmp_path, *(f"x,Land {number},R,S,G," for number in range(12)))
    lines = refusal(path)
    assert len(lines) == 11
    assert lines[-1].startswith("regions.csv: 13 more problems")


@given(st.text(), st.text(alphabet=" .-'(),", max_size=5))
def test_case_accents_and_punctuation_do_not_matter(name: str, noise: str) -> None:
    assert folded(f"{noise}{name.upper()}{noise}") == folded(name.upper())


def test_a_table_in_code_needs_no_file() -> None:
    country = Country("AA", "Aland", "R", "S", "G", ("A-Land",))
    assert Regions((country,)).find("a land") is country
