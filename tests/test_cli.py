"""The command line as its users meet it: help, exit codes, what goes where, and wrong calls."""

import csv
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from registers import contract, partner

from xlreport.checks.codes import CODES
from xlreport.cli import main
from xlreport.findings import Finding, Place
from xlreport.sample import write_sample

ROOT = Path(__file__).parents[1]
EXAMPLES = Path(__file__).parent / "examples"
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for the failure")


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    """Run a command in this process; an exception that is no exit is a defect."""
    result = CliRunner(env={"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}).invoke(
        main, [str(argument) for argument in arguments], input=stdin
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def findings_in(result: Result) -> list[dict[str, Any]]:
    """Return the findings that a command has written as JSON."""
    found: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return found


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "xlreport", *arguments]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "sample"
    write_sample(folder, contracts=12)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def registers(here: Path) -> Path:
    """A current folder with two contracts, one of which has an error, and a partner."""
    write_json(here / "contracts.json", [contract(), contract(id="C-2", status="activ")])
    write_json(here / "partners.json", [partner()])
    return here


@pytest.fixture
def good(here: Path) -> Path:
    write_json(here / "contracts.json", [contract()])
    write_json(here / "partners.json", [partner()])
    return here


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, default=float), encoding="utf-8")


def files(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


# --- help -------------------------------------------------------------------------------------------


def commands() -> list[tuple[str, click.Command]]:
    return [(name, main.commands[name]) for name in main.list_commands(click.Context(main))]


def test_the_commands_come_in_the_order_of_their_use() -> None:
    names = [name for name, _ in commands()]
    assert names == ["sample", "form", "check", "mark", "plan", "build", "reports", "themes", "explain"]


@pytest.mark.parametrize(
    ("name", "each"), commands(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_has_a_sentence_and_says_every_option(name: str, each: click.Command) -> None:
    shown = run(name, "--help").output

    assert re.match(r"[A-Z].*[.;]", each.help or "")
    assert re.search(r"Example:\n +(cat \S+ \| )?xlreport ", shown)
    for parameter in each.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"
            assert parameter.opts[0] in shown


def test_every_example_of_the_help_runs(here: Path) -> None:
    """In the order of the commands, so that each finds what those before it have written."""
    (here / "contracts.ndjson").write_text(json.dumps(contract(), default=float) + "\n")
    (here / "contracts.csv").write_text("id,customerId,signedDate,status,value/amount,value/currency\n")
    workbook(here / "contracts.xlsx", [contract()])
    (here / "partners.csv").write_text("id,name,countryCode\nP-1,Ministry of Ports,NA\n")
    shown = [line for name, _ in commands() for line in examples(run(name, "--help").output)]
    assert len(shown) >= 8

    for line in shown:
        line = line.replace("100000", "300")  # noqa: PLW2901  # the same in less time
        piped = line.startswith("cat contracts.ndjson | ")
        words = shlex.split(line.removeprefix("cat contracts.ndjson | "))
        stdin = (here / "contracts.ndjson").read_text() if piped else None
        assert words[0] == "xlreport"
        assert run(*words[1:], stdin=stdin).exit_code == 0, line
    assert files(here) >= {"sample", "big", "annual-results.xlsx"}


def workbook(path: Path, contracts: list[dict[str, Any]]) -> Path:
    """Write contracts as a sheet."""
    book = Workbook()
    book.active.title = "Contracts"
    book.active.append(["id", "customerId", "signedDate", "status", "value/amount", "value/currency"])
    for each in contracts:
        names = ("id", "customerId", "signedDate", "status")
        amount = each["value"]
        book.active.append([*map(each.get, names), amount["amount"], amount["currency"]])
    book.save(path)
    return path


def examples(shown: str) -> list[str]:
    return [line.strip() for line in shown.partition("Example:\n")[2].splitlines() if line.strip()]


# --- exit codes and streams -------------------------------------------------------------------------


@pytest.mark.usefixtures("good")
def test_a_clean_check_says_so_on_standard_error_and_exits_with_0() -> None:
    result = run("check", ".")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "2 records of contracts and partners checked: 0 errors, 0 warnings.\n"
        "23 rules: 23 applied to no record.\n"
    )


@pytest.mark.usefixtures("registers")
def test_findings_go_to_standard_output_and_exit_with_1() -> None:
    result = run("check", ".")

    assert result.exit_code == 1
    assert "contracts.json:2 $.status  contracts C-2  [unknown-value]" in result.stdout
    assert (
        result.stderr.splitlines()[0] == "3 records of contracts and partners checked: 1 error, 0 warnings."
    )


def test_a_build_that_findings_stop_exits_with_1_and_writes_nothing(registers: Path) -> None:
    result = run("build", "contract-register", ".", "-o", "report.xlsx")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "[unknown-value]" in result.stderr
    assert result.stderr.endswith("they are then left out, counted, and listed in the workbook.\n")
    assert files(registers) == {"contracts.json", "partners.json"}


@pytest.mark.usefixtures("registers")
def test_a_build_puts_the_path_on_standard_output_and_talks_on_standard_error() -> None:
    result = run("build", "contract-register", ".", "--set-aside", "-o", "report.xlsx")

    assert (result.exit_code, result.stdout) == (0, "report.xlsx\n")
    assert [line.split()[0] for line in result.stderr.splitlines()[:5]] == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    assert "3 records read, 2 used, 1 set aside" in result.stderr


def test_quiet_says_nothing_but_the_path(registers: Path) -> None:
    result = run("build", "contract-register", ".", "--set-aside", "-q")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "contract-register.xlsx\n", "")
    assert (registers / "contract-register.xlsx").is_file()


def test_a_workbook_can_be_written_for_size(registers: Path) -> None:
    for compression in ("speed", "size"):
        arguments = ("--set-aside", "-q", "--compression", compression, "-o", f"{compression}.xlsx")
        assert run("build", "contract-register", ".", *arguments).exit_code == 0

    assert (registers / "size.xlsx").stat().st_size < (registers / "speed.xlsx").stat().st_size


@pytest.mark.usefixtures("registers")
def test_quiet_does_not_hide_what_went_wrong() -> None:
    result = run("build", "contract-register", ".", "--quiet")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "The data has 1 error" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["biuld"],
        ["build"],
        ["build", "annual-results"],
        ["build", "annual-results", ".", "--perod", "2017"],
        ["check", "nowhere"],
        ["check", ".", "--format", "xml"],
        ["check", ".", "--most", "0"],
        ["check", ".", "--schema", "nowhere.json"],
        ["check", ".", "--engine", "mine"],
        ["explain", "no-such-code"],
        ["plan", "contract-register", ".", "--rows", "1"],
        ["sample", "--contracts", "0"],
        ["sample", "--seed", "x"],
        ["reports", "more"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_exits_with_2_and_writes_nothing(good: Path, arguments: Sequence[str]) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr
    assert files(good) == {"contracts.json", "partners.json"}


@pytest.mark.usefixtures("good")
def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    assert "Did you mean 'build'?" in run("biuld").stderr
    assert "Did you mean '--period'?" in run("build", "annual-results", ".", "--perod", "2017").stderr
    assert "did you mean 'annual-results'?" in run("build", "anual-results", ".").stderr
    assert "did you mean 'contracts.json'?" in run("check", "contract.json").stderr
    assert "did you mean 'dataset'?" in run("check", ".", "--schema", "datasets").stderr


# --- the forms of the findings ----------------------------------------------------------------------


@pytest.mark.usefixtures("registers")
def test_json_has_always_the_same_members() -> None:
    (found,) = findings_in(run("check", ".", "--format", "json"))

    members = [name for name in Finding.__dataclass_fields__ if name != "place"]
    assert list(found) == [*members, *Place.__dataclass_fields__]
    assert (found["code"], found["file"], found["row"], found["path"]) == (
        "unknown-value",
        "contracts.json",
        2,
        "$.status",
    )
    assert found["record"] == 1, "from 0"


@pytest.mark.usefixtures("good")
def test_json_of_no_findings_is_an_empty_list() -> None:
    assert findings_in(run("check", ".", "--format", "json")) == []


@pytest.mark.usefixtures("registers")
def test_csv_has_a_line_for_each_finding() -> None:
    (found,) = csv.DictReader(io.StringIO(run("check", ".", "--format", "csv").stdout))

    assert found["code"] == "unknown-value"
    assert found["key"] == "C-2"


def test_most_limits_the_list_and_not_the_count(here: Path) -> None:
    write_json(here / "contracts.json", [contract(id=f"C-{n}", status="x") for n in range(9)])
    result = run("check", "contracts.json", "--most", "2")

    assert result.stdout.count("error  contracts.json:") == 2
    assert "not shown here; all are counted above" in result.stdout
    assert "9 errors" in result.stderr


# --- where data comes from --------------------------------------------------------------------------

LINE = json.dumps(contract(), default=float)


@pytest.mark.parametrize(
    ("text", "records"),
    [
        (f"[{LINE}, {LINE.replace('C-1', 'C-2')}]", 2),
        (f"{LINE}\n{LINE.replace('C-1', 'C-2')}\n", 2),
        ("Id,Customer,Signed,Status,Amount,Currency\nC-1,P-1,2017-03-01,active,5,USD\n", 1),
        (
            "\ufeffid;customerId;signedDate;status;value/amount;value/currency\n1;2;2017-03-01;active;5;USD\n",
            1,
        ),
    ],
    ids=["json", "ndjson", "csv", "csv with a mark and semicolons"],
)
def test_standard_input_may_be_in_any_form(here: Path, text: str, records: int) -> None:
    result = run("check", "-", "--schema", "contract", "--format", "json", stdin=text)

    assert result.exit_code == 0, result.output
    assert findings_in(result) == []
    assert f"{records} record" in result.stderr
    assert files(here) == set()


@pytest.mark.usefixtures("here")
def test_standard_input_may_hold_several_registers() -> None:
    text = json.dumps({"contracts": [contract(status="x")], "partners": [partner()]}, default=float)
    result = run("build", "contract-register", "-", "--set-aside", "-o", "report.xlsx", stdin=text)

    assert result.exit_code == 0
    assert "2 records read, 1 used, 1 set aside" in result.stderr


@pytest.mark.usefixtures("here")
def test_standard_input_is_given_once() -> None:
    result = run("check", "-", "-", stdin=LINE)

    assert result.exit_code == 2
    assert "Standard input (-) can be read once" in result.stderr


def test_two_files_can_be_one_register(here: Path) -> None:
    for year in (2016, 2017):
        (here / str(year)).mkdir()
        write_json(here / str(year) / "contracts.json", [contract(id=f"C-{year}")])
    write_json(here / "partners.json", [partner()])

    result = run("check", "2016/contracts.json", "2017/contracts.json", "partners.json")
    assert result.exit_code == 0
    assert "3 records of contracts and partners checked" in result.stderr


def test_a_key_that_two_files_share_is_found_with_both_places(here: Path) -> None:
    for year in (2016, 2017):
        (here / str(year)).mkdir()
        write_json(here / str(year) / "contracts.json", [contract()])

    result = run("check", "2016/contracts.json", "2017/contracts.json")
    assert result.exit_code == 1
    assert "2017/contracts.json:1 $.id" in result.stdout
    assert "stands already at 2016/contracts.json:1 $.id" in " ".join(result.stdout.split())


# --- schemas ----------------------------------------------------------------------------------------

DRAFT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
THING = {"type": "object", "properties": {"size": {"type": "integer", "maximum": 3}}}


@pytest.mark.parametrize(
    ("schema", "content"),
    [
        (THING, [{"size": 4}]),
        ({"type": "array", "items": THING}, [{"size": 4}]),
        (
            {"type": "object", "properties": {"things": {"type": "array", "items": THING}}},
            {"things": [{"size": 4}]},
        ),
    ],
    ids=["of a record", "of a list of records", "of a dataset"],
)
def test_a_schema_may_be_of_any_kind(here: Path, schema: dict[str, object], content: object) -> None:
    write_json(here / "my.schema.json", DRAFT | schema)
    write_json(here / "things.json", content)
    result = run("check", "things.json", "--schema", "my.schema.json", "--format", "json")

    assert result.exit_code == 1
    assert [(found["code"], found["path"]) for found in findings_in(result)] == [("too-large", "$.size")]


@pytest.mark.parametrize("name", ["contract", "dataset"])
@pytest.mark.usefixtures("registers")
def test_a_schema_may_be_a_shipped_one(name: str) -> None:
    result = run("check", "contracts.json", "--schema", name)

    assert result.exit_code == 1
    assert "[unknown-value]" in result.stdout


def test_without_a_schema_only_the_form_is_checked(here: Path) -> None:
    write_json(here / "things.json", [{"size": 4}])
    result = run("check", "things.json")

    assert result.exit_code == 0
    assert "no schema, so only the files' form was checked" in result.stderr


# --- parameters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--period", "20x7"], "'20x7' is not of the right form: latest, a year, or two dates"),
        (["--period", ""], "'' is not of the right form"),
        (["--period", "2017-12-31..2017-01-01"], "or two dates in order"),
        (["--period", "2017-02-30..2017-03-01"], "or two dates in order"),
        (["--period", "0001"], "period '0001'"),
        (["--period", "9999"], "period '9999'"),
        (["--currency", "dollar"], "'dollar' is not of the right form: ISO 4217 code"),
        (["--currency", "usd"], "'usd' is not of the right form"),
        (["--top", "0"], "0 is not in the range x>=1"),
        (["--top", "x"], "'x' is not a valid integer"),
        (["--history", "31"], "31 is not in the range"),
        (["--lookback", "0"], "0 is not in the range"),
        (["--rate-policy", "fixed"], "the rate policy 'fixed' needs fixedRateDate"),
        (["--rate-policy", "ficksed"], "'ficksed' is not one of"),
        (["--rate-policy", "fixed", "--fixed-rate-date", "2017-13-01"], "'2017-13-01'"),
        (["--rates", "nowhere.csv"], "nowhere.csv: there is no such file"),
        (["--regions", "nowhere.csv"], "nowhere.csv: there is no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_parameter_of_a_wrong_value_exits_with_2_and_a_sentence(
    sample: Path, here: Path, options: list[str], sentence: str
) -> None:
    result = run("build", "annual-results", sample, "-q", *options)

    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert files(here) == set()


@pytest.mark.usefixtures("here")
def test_a_period_without_data_makes_a_workbook_that_says_so(sample: Path) -> None:
    result = run("plan", "annual-results", sample, "--period", "1990")

    assert result.exit_code == 0
    assert "In 1990, no contracts were signed." in result.stdout
    assert "No rows in the period." in result.stdout


def test_data_without_a_date_cannot_be_reported_on_the_latest_period(here: Path) -> None:
    write_json(here / "none.json", {"contracts": [], "partners": []})

    result = run("build", "annual-results", "none.json")
    assert result.exit_code == 2
    assert "period 'latest': the data has no date to go by; name the year, such as 2017." in result.stderr
    assert run("build", "annual-results", "none.json", "--period", "2017").exit_code == 0


@pytest.mark.usefixtures("here")
def test_parameters_arrive(sample: Path) -> None:
    options = ["--period", "2015", "--currency", "EUR", "--history", "2", "--organisation", "Works & Co"]
    shown = run("plan", "annual-results", sample, *options).stdout

    assert "# Annual results 2015" in shown
    assert "creator     Works & Co" in shown
    assert "history of 2 periods" in shown
    assert re.search(r"Base currency +\| EUR", shown)


# --- definitions of the user's own ------------------------------------------------------------------

OWN = {
    "name": "my-counts",
    "title": "Counts",
    "tables": {"contracts": {"from": "contracts"}},
    "measures": {"count": {"title": "Contracts", "of": "contracts", "aggregate": "count"}},
    "sheets": [
        {"kind": "contents", "name": "Contents"},
        {
            "kind": "summary",
            "name": "Summary",
            "title": "Summary",
            "groups": [{"title": "All", "measures": ["count"]}],
        },
    ],
}


@pytest.mark.parametrize("name", ["counts.json", "my-counts/report.json"])
def test_a_definition_may_be_a_file_or_in_a_folder(good: Path, name: str) -> None:
    path = good / name
    path.parent.mkdir(exist_ok=True)
    write_json(path, OWN)
    asked = name.removesuffix("/report.json")

    result = run("build", asked, "contracts.json", "partners.json", "-q")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{Path(asked).stem}.xlsx\n"


def test_a_definition_that_is_no_json_is_named_with_the_place(good: Path) -> None:
    (good / "mine.json").write_text('{"name": "x",\n "title" "y"}')

    result = run("build", "mine.json", ".")
    assert result.exit_code == 2
    assert "mine.json:2:10: the report definition is not JSON" in result.stderr


def test_every_mistake_in_a_definition_is_told_at_once(good: Path) -> None:
    write_json(good / "mine.json", OWN | {"mesures": {}, "sheets": [{"kind": "sumary", "name": "S"}]})

    result = run("build", "mine.json", "contracts.json")
    assert result.exit_code == 2
    assert "'mesures' is not known here" in result.stderr
    assert "did you mean 'summary'?" in result.stderr


# --- where the workbook goes ------------------------------------------------------------------------


def build_to(output: str | Path) -> Result:
    return run("build", "contract-register", "contracts.json", "partners.json", "-q", "-o", output)


def test_a_workbook_that_exists_is_replaced(good: Path) -> None:
    (good / "report.xlsx").write_text("old")

    assert build_to("report.xlsx").exit_code == 0
    assert (good / "report.xlsx").read_bytes()[:2] == b"PK"
    assert files(good) == {"contracts.json", "partners.json", "report.xlsx"}


@pytest.mark.parametrize(
    ("output", "code", "sentence"),
    [
        ("nowhere/report.xlsx", 3, "there is no folder nowhere"),
        ("contracts.json/report.xlsx", 3, "there is no folder contracts.json"),
        (".", 3, ". is a folder, not a file"),
        ("", 3, "is a folder, not a file"),
        ("report.xlsm", 2, "the name of a workbook ends in .xlsx; give report.xlsx"),
        ("contracts.json", 2, "the name of a workbook ends in .xlsx"),
    ],
)
def test_an_output_that_cannot_be_is_refused_at_once(
    good: Path, output: str, code: int, sentence: str
) -> None:
    before = {entry.name: entry.read_bytes() for entry in good.iterdir()}
    result = build_to(output)

    assert (result.exit_code, result.stdout) == (code, "")
    assert sentence in result.stderr
    assert {entry.name: entry.read_bytes() for entry in good.iterdir()} == before


@LINUX
@pytest.mark.usefixtures("good")
def test_a_folder_that_is_read_only_is_named() -> None:
    """Nobody, not even root, makes files in /sys."""
    result = build_to("/sys/report.xlsx")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "or the folder /sys is read-only; close the file or name another folder." in result.stderr


def test_a_workbook_that_is_read_is_not_written_over(here: Path) -> None:
    assert run("sample", "--contracts", "2").exit_code == 0
    assert run("build", "contract-register", "sample", "-q", "-o", "book.xlsx").exit_code == 0
    before = (here / "book.xlsx").read_bytes()

    result = run("build", "contract-register", "book.xlsx", "--set-aside", "-o", "book.xlsx")
    assert result.exit_code == 2
    assert (
        "book.xlsx is among the files that are read, and would be lost; give another name." in result.stderr
    )
    assert (here / "book.xlsx").read_bytes() == before


def test_a_sample_is_not_written_over_somebodys_register(good: Path) -> None:
    write_json(good / "dataset.json", {"name": "mine"})
    result = run("sample", "-o", ".")

    assert result.exit_code == 2
    assert "holds dataset.json, which xlreport sample has not written; name another folder" in result.stderr
    assert files(good) == {"contracts.json", "partners.json", "dataset.json"}
    assert run("sample", "-o", "new", "--contracts", "2").exit_code == 0
    assert run("sample", "-o", "new", "--contracts", "3").exit_code == 0, "its own it may replace"


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from xlreport.cli import main
main(sys.argv[1:])
"""


@LINUX
def test_a_disk_that_fills_up_leaves_nothing_half_written(good: Path) -> None:
    (good / "report.xlsx").write_text("old")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            LIMITED,
            "build",
            "contract-register",
            "contracts.json",
            "-q",
            "-o",
            "report.xlsx",
        ],
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (3, "")
    assert re.fullmatch(r"Error: report\.xlsx cannot be written: .*; nothing was changed; .*\n", done.stderr)
    assert (good / "report.xlsx").read_text() == "old"
    assert files(good) == {"contracts.json", "partners.json", "report.xlsx"}


@LINUX
@pytest.mark.usefixtures("good")
def test_standard_output_that_is_full_is_a_sentence() -> None:
    for arguments in (["explain"], ["plan", "contract-register", "."], ["check", ".", "--format", "csv"]):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                command(*arguments),
                env=environment(),
                check=False,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
            )
        assert done.returncode == 3
        assert done.stderr.splitlines()[-1] == (
            "Error: standard output cannot be written: no space left on device."
        )


@LINUX
@pytest.mark.parametrize("arguments", [["explain"], ["plan", "contract-register", "."], ["check", "."]])
def test_a_reader_that_has_had_enough_is_no_error(registers: Path, arguments: list[str]) -> None:
    write_json(registers / "contracts.json", [contract(id=f"C-{n}", status="x") for n in range(3000)])
    arguments = [*arguments, "--set-aside"] if arguments[0] == "plan" else arguments
    with subprocess.Popen(
        command(*arguments), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        talk = process.stderr.read().decode()
    assert process.returncode in (0, 1)
    assert not re.search("Traceback|Exception|Error|pipe", talk)


@LINUX
def test_a_build_goes_on_when_nobody_listens(good: Path) -> None:
    """`2>&1 | head -1` takes the first line of the talk and leaves; the workbook is wanted all the same."""
    with subprocess.Popen(
        command("build", "contract-register", ".", "-o", "report.xlsx"),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.stderr.close()
    assert process.returncode == 0
    assert (good / "report.xlsx").read_bytes()[:2] == b"PK"


@LINUX
def test_an_interrupted_build_leaves_nothing_behind(here: Path) -> None:
    write_sample(here / "sample", contracts=300)
    with subprocess.Popen(
        command("build", "annual-results", "sample", "-o", "report.xlsx"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        while not process.stderr.readline().startswith("4/5"):
            assert process.poll() is None
        time.sleep(0.05)  # it is writing now
        process.send_signal(signal.SIGINT)
        talk = process.stderr.read()
    assert process.returncode == 130
    assert talk == "Interrupted; what was not finished has not been written.\n"
    assert files(here) == {"sample"}


# --- mark -------------------------------------------------------------------------------------------


def test_mark_says_how_many_cells_and_where_they_are_listed(here: Path) -> None:
    workbook(here / "a.xlsx", [contract(), contract(id="C-2", status="activ"), contract(id="C-1")])
    (here / "partners.csv").write_text("id,name,countryCode\nP-1,Ministry of Ports,NA\n")
    result = run("mark", "a.xlsx", "partners.csv")
    assert result.exit_code == 1
    assert result.stdout == "a-marked.xlsx\n"
    assert result.stderr == "2 errors, 0 warnings: 2 cells marked in 1 sheet; see the sheet Issues.\n"
    assert load_workbook(here / "a-marked.xlsx").sheetnames == ["Contracts", "Issues"]


def test_mark_of_a_workbook_without_mistakes_is_a_copy(here: Path) -> None:
    file = workbook(here / "a.xlsx", [contract()])
    (here / "partners.csv").write_text("id,name,countryCode\nP-1,Ministry of Ports,NA\n")
    result = run("mark", "a.xlsx", "partners.csv", "-o", "b.xlsx")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "b.xlsx\n", "No mistakes.\n")
    assert (here / "b.xlsx").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("a.xlsx", "-o", "b.xlsx", "--in-place"), "give one of the two"),
        (("a.xlsx", "-o", "a.xlsx"), "would be lost"),
        (("a.xlsx", "-o", "b.xls"), "give b.xlsx"),
        (("a.xlsx", "partners.csv", "--dataset", "dataset.json"), "give it, or DATA"),
        (("none.xlsx",), "none.xlsx is no file"),
        (("partners.csv",), "a text file, which has no cells to fill"),
        (("a.xlsx", "--dataset", "other"), "not among the files of the dataset"),
    ],
)
def test_wrong_calls_of_mark_get_a_sentence_and_write_nothing(
    here: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    workbook(here / "a.xlsx", [contract()])
    (here / "partners.csv").write_text("id,name,countryCode\n")
    (here / "other").mkdir()
    write_json(here / "other" / "contracts.json", [contract()])
    before = files(here)
    result = run("mark", *arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
    assert files(here) == before


# --- the rest ---------------------------------------------------------------------------------------


def test_every_code_is_listed_and_explained() -> None:
    lines = run("explain").stdout.splitlines()
    stages = [position for position, line in enumerate(lines) if line and not line.startswith(" ")]
    listed = [line.split()[0] for line in lines if line.startswith(" ")]

    assert stages[0] == 0
    assert len(stages) >= 2
    assert set(listed) == set(CODES)
    for code in listed:
        shown = run("explain", code).stdout
        assert f"  [{code}]\n" in shown.splitlines(keepends=True)[0]
        assert "What to do\n" in shown


def test_titles_are_explained_in_every_language() -> None:
    assert "Ein Wert fehlt  [missing-value]" in run("explain", "missing-value", "--language", "de").stdout
    assert "Lecture des fichiers" in run("explain", "--language", "fr").stdout
    assert run("explain", "mising-value").exit_code == 2


def test_the_reports_are_listed_with_a_sentence_each() -> None:
    lines = run("reports").stdout.splitlines()

    assert lines[::2] == ["annual-results", "contract-explorer", "contract-register"]
    assert all(re.match(r"  [A-Z].*\.$", line) for line in lines[1::2])


@pytest.mark.usefixtures("here")
def test_the_module_is_the_command() -> None:
    done = subprocess.run(command("--version"), env=environment(), capture_output=True, text=True, check=True)
    assert re.fullmatch(r"xlreport, version \d+\.\d+\.\d+\n", done.stdout)
