"""Options that several commands take."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from xlreport.pipeline import Options
from xlreport.uploads import UNTRUSTED, USUAL, Limits, limits_from

__all__ = ["data_options", "mask_option", "options_from", "reading_options", "report_options"]

_STRANGERS = "xlreport.untrusted"
"""Where the context keeps whether the files come from strangers."""

Command = TypeVar("Command", bound=Callable[..., Any])


def _limits(ctx: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> Limits:
    return limits_from(given, UNTRUSTED if ctx.meta.get(_STRANGERS) else USUAL)


def _strangers(ctx: click.Context, _parameter: click.Parameter, given: bool) -> None:  # noqa: FBT001  # click's
    ctx.meta[_STRANGERS] = given


def data_options(command: Command) -> Command:
    """Add the data argument, the schema, and the limits of what is read."""
    return click.argument("data", nargs=-1, required=True, metavar="DATA...")(reading_options(command))


def reading_options(command: Command) -> Command:
    """Add the schema, and the limits of what is read."""
    for decorate in (
        click.option(
            "--limit",
            "limits",
            multiple=True,
            callback=_limits,
            metavar="NAME=VALUE",
            help="Change what a file may hold, such as unpacked=32GB, parts=50000 or macros=refuse.",
        ),
        click.option(
            "--untrusted",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_strangers,
            help="The files come from strangers: lower limits; macros, links and embedded files are refused.",
        ),
        click.option(
            "--engine",
            type=click.Choice(["jsonschema-rs", "jsonschema"]),
            help="Validation engine [default: jsonschema-rs].",
        ),
        click.option(
            "--schema",
            metavar="FILE",
            help="JSON Schema of the records or of the whole dataset, or the name of a shipped one.",
        ),
    ):
        command = decorate(command)
    return command


def mask_option(command: Command) -> Command:
    """Add the choice of whose values findings hide."""
    return click.option(
        "--mask",
        is_flag=False,
        flag_value="confidential",
        default="",
        metavar="[all]",
        callback=_whose,
        help="Show no values of fields that the schema marks x-confidential, or of none at all (--mask all). "
        "It goes after DATA.",
    )(command)


def _whose(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value in ("", "confidential", "all"):
        return value
    message = f"--mask takes confidential or all, or nothing, not '{value}'; put it after the data."
    raise click.BadParameter(message)


def report_options(command: Command) -> Command:
    """Add the parameters of a report."""
    for decorate in (
        mask_option,
        click.option(
            "--theme",
            default="",
            metavar="NAME|FILE",
            help="Look of the workbook: a shipped theme (see xlreport themes) or a brand file (JSON).",
        ),
        click.option("--organisation", metavar="NAME", help="Name of the organisation that reports."),
        click.option(
            "--language",
            metavar="CODE",
            help="Language of the workbook: ar, de, en, es, fr, ru, zh, or one of the report's own.",
        ),
        click.option(
            "--top", "top_n", type=click.IntRange(1), metavar="N", help="Rows kept by pivots with a top."
        ),
        click.option(
            "--history", type=click.IntRange(1, 30), metavar="N", help="Periods shown side by side."
        ),
        click.option(
            "--lookback",
            "lookback_years",
            type=click.IntRange(1, 50),
            metavar="YEARS",
            help="Years that make a customer retained.",
        ),
        click.option(
            "--fixed-rate-date", metavar="DATE", help="Day whose rates count, for --rate-policy fixed."
        ),
        click.option(
            "--rate-policy",
            type=click.Choice(["signingDate", "periodAverage", "periodEnd", "fixed"]),
            help="Which exchange rate converts an amount.",
        ),
        click.option("--currency", "base_currency", metavar="CODE", help="Base currency, such as USD."),
        click.option(
            "--period", metavar="PERIOD", help="A year, two dates (2016-07-01..2017-06-30), or latest."
        ),
        click.option("--regions", metavar="FILE", help="Table of countries and regions (CSV)."),
        click.option("--rates", metavar="FILE", help="Table of exchange rates (CSV)."),
        click.option(
            "--set-aside", is_flag=True, help="Leave out records with errors, counted, instead of stopping."
        ),
    ):
        command = decorate(command)
    return command


def options_from(values: dict[str, Any]) -> Options:
    """Return the options of a run from those of the command line."""
    names = ("schema", "set_aside", "rates", "regions", "theme", "mask", "limits")
    own = {name: values.pop(name) for name in names}
    engine = values.pop("engine") or ""
    return Options(engine=engine, parameters=values, **own)
