"""`xlreport check`."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import click

from xlreport import pipeline
from xlreport.backends import rules_text
from xlreport.cli.options import data_options, mask_option
from xlreport.cli.talk import example, paths, say
from xlreport.files import check_target, refuse_input, replacing
from xlreport.findings import Findings, Mask, Severity
from xlreport.language import Language
from xlreport.languages import load_language
from xlreport.sentences import Counted, Listed, Name, Sentence
from xlreport.tables import NOTHING_WANTED
from xlreport.uploads import Limits

if TYPE_CHECKING:
    from xlreport.checks import Checked

__all__ = ["check"]


@dataclass(frozen=True, slots=True)
class _Looks:
    """How findings are written."""

    language: Language
    most: int | None
    rules: bool


_FORMS: Final = ("text", "json", "csv", "sarif", "html")


@click.command(
    epilog=example(
        "xlreport check sample",
        "xlreport check sample --language fr --mask",
        "xlreport check register.xlsx -o findings.html",
        "cat contracts.ndjson | xlreport check - --schema contract --format json",
    )
)
@data_options
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    help="How the findings are written [default: by the ending of FILE, or text].",
)
@click.option(
    "-o", "--output", metavar="FILE", help="Where the findings are written [default: the terminal]."
)
@click.option(
    "--most",
    type=click.IntRange(1),
    metavar="N",
    help="Findings listed at most in text, and of each kind in html; all are counted.",
)
@click.option(
    "--language",
    default="en",
    metavar="CODE",
    help="Language of the sentences: ar, de, en, es, fr, ru or zh. Codes and places stay as they are.",
)
@click.option(
    "--rules", is_flag=True, help="Show of each rule of the schema how often it held, in a table (text only)."
)
@mask_option
@click.pass_context
def check(  # noqa: PLR0913  # every option of the command has its name here
    ctx: click.Context,
    data: tuple[str, ...],
    schema: str | None,
    engine: str | None,
    *,
    form: str | None,
    output: str | None,
    most: int | None,
    limits: Limits,
    language: str,
    rules: bool,
    mask: Mask,
) -> None:
    """Check DATA against its JSON Schema, its keys and its references; list every finding.

    DATA is a dataset file, a folder, data files, or - for standard input. Exit code 1 where there are errors.
    """
    speaking = load_language(language)
    target = None if output is None else Path(output)
    if target:
        check_target(target)
    register = pipeline.open_register(paths(data), schema, limits)
    if target:
        refuse_input(target, register.dataset.files)
    checked = pipeline.check(register, engine or "", wanted=NOTHING_WANTED, mask=mask)
    form = _form(form, target)
    _deliver(checked, form, target, _Looks(speaking, most, rules=rules))
    say(speaking.said(_summary(checked.findings, checked.counts, by_schema=bool(register.schemas))))
    if checked.outcomes:
        say(speaking.said(rules_text.summary(checked.outcomes)))
    if checked.findings.count(Severity.ERROR):
        ctx.exit(1)


def _summary(findings: Findings, counts: Mapping[str, int], *, by_schema: bool) -> Sentence:
    values = {
        "records": Counted(sum(counts.values()), "record"),
        "tables": Listed(map(Name, counts)) if counts else Sentence("nothing"),
        "errors": Counted(findings.count(Severity.ERROR), "error"),
        "warnings": Counted(findings.count(Severity.WARNING), "warning"),
    }
    if by_schema:
        return Sentence("{records} of {tables} checked: {errors}, {warnings}.", **values)
    return Sentence(
        "{records} of {tables} checked: no schema, so only the files' form was checked; "
        "{errors}, {warnings}.",
        **values,
    )


def _form(form: str | None, target: Path | None) -> str:
    """Return the form that is asked for, or that the name of the file ends in."""
    ending = target.suffix.lower().removeprefix(".") if target else ""
    return form or (ending if ending in _FORMS else "text")


def _deliver(checked: "Checked", form: str, target: Path | None, looks: _Looks) -> None:
    """Write to the terminal, or to a file that is there whole or not at all."""
    if target is None:
        _write(checked, form, sys.stdout, looks)
        return
    with replacing(target) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        _write(checked, form, stream, looks)


def _write(checked: "Checked", form: str, stream: TextIO, looks: _Looks) -> None:
    language = looks.language
    match form:
        case "json":
            from xlreport.backends import findings_json  # import cost

            findings_json.write(checked, stream, language)
        case "sarif":
            from xlreport.backends import findings_sarif  # import cost

            findings_sarif.write(checked, stream, language)
        case "html":
            from xlreport.backends import findings_html  # import cost

            findings_html.write(checked, stream, language, most=looks.most)
        case "csv":
            from xlreport.backends import findings_csv  # import cost

            findings_csv.write((finding.said_in(language) for finding in checked.findings), stream)
        case _:
            _write_text(checked, stream, looks)


def _write_text(checked: "Checked", stream: TextIO, looks: _Looks) -> None:
    from rich.console import Console  # import cost

    from xlreport.backends import findings_text  # import cost

    if len(checked.findings):
        console = Console(file=stream, highlight=False)
        findings_text.write(checked.findings, console, most=looks.most, language=looks.language)
    if looks.rules and checked.outcomes:
        blank = "\n" if len(checked.findings) else ""
        stream.write(
            blank + "".join(f"{line}\n" for line in rules_text.lines(checked.outcomes, looks.language))
        )
