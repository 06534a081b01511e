"""`xlreport explain`."""

from typing import TYPE_CHECKING

import click

from xlreport.cli.talk import example
from xlreport.errors import UsageError
from xlreport.language import Language
from xlreport.languages import load_language
from xlreport.text import did_you_mean, text_width

if TYPE_CHECKING:
    from rich.console import Console

    from xlreport.checks.codes import Code

__all__ = ["explain"]


@click.command(epilog=example("xlreport explain missing-reference", "xlreport explain --language fr"))
@click.argument("code", required=False)
@click.option(
    "--language",
    default="en",
    metavar="CODE",
    help="Language of the titles and headings: ar, de, en, es, fr, ru or zh. The explanations are English.",
)
def explain(code: str | None, language: str) -> None:
    """Explain what a finding's CODE means and what to do; without CODE, list them all."""
    from rich.console import Console  # import cost

    from xlreport.checks.codes import CODES  # import cost

    console = Console(highlight=False, soft_wrap=True)
    if code is None:
        _list(console, load_language(language))
    elif code in CODES:
        _explain(console, code, CODES[code], load_language(language))
    else:
        message = f"There is no finding '{code}'{did_you_mean(code, CODES)} xlreport explain lists them all."
        raise UsageError(message)


def _list(console: "Console", language: Language) -> None:
    """Print every code with its title, by the stage that finds it."""
    from rich.text import Text  # import cost

    from xlreport.checks.codes import CODES, STAGES  # import cost

    width = max(map(len, CODES))
    for number, (stage, codes) in enumerate(STAGES.items()):
        console.print(Text(("\n" if number else "") + language.text(stage), "bold"))
        for name, entry in sorted(codes.items()):
            title = language.text(entry.title)
            console.print(Text.assemble("  ", (f"{name:<{width}}", "cyan"), f"  {title}"))


def _explain(console: "Console", name: str, code: "Code", language: Language) -> None:
    from rich.text import Text  # import cost

    from xlreport.backends.wrapping import wrapped  # import cost

    title = language.text(code.title)
    console.print(Text.assemble((title, "bold"), (f"  [{name}]", "dim")))
    console.print(Text("─" * min(text_width(title) + len(name) + 4, console.width), "dim"))
    for heading, text in (
        (language.text("What it means"), code.what),
        (language.text("Why it matters"), code.why),
        (language.text("Example"), code.example),
        (language.text("What to do"), code.fix),
    ):
        console.print(Text(f"\n{heading}", "bold"))
        console.print(Text("\n".join(wrapped(text, min(console.width, 90), "  "))))
