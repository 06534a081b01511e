"""What the commands share: errors as sentences with an exit code, progress on standard error."""

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from xlreport.errors import MachineError, XlreportError
from xlreport.findings import FindingsError
from xlreport.pipeline import STAGES
from xlreport.text import did_you_mean

__all__ = ["Group", "example", "paths", "say", "show_progress"]

_BROKEN_PIPE: Final = 0
_INTERRUPTED: Final = 130
"""What shells give a program that Ctrl-C has stopped."""


class Group(click.Group):
    """A group whose commands end in a sentence and an exit code, never in a traceback."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command; a misspelt one names the nearest."""
        command = super().get_command(ctx, cmd_name)
        if command is None:
            guess = did_you_mean(cmd_name, self.commands).lstrip("; ").capitalize()
            message = f"There is no command '{cmd_name}'. {guess}".strip()
            raise click.UsageError(message, ctx)
        return command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are used."""
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:  # whatever the command returns
        """Run the command; turn our own errors into a sentence on standard error."""
        try:
            return super().invoke(ctx)
        except FindingsError as error:
            _show_findings(error)
            ctx.exit(error.exit_code)
        except XlreportError as error:
            say(f"Error: {error}")
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            say("Interrupted; what was not finished has not been written.")
            ctx.exit(_INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output, such as head, has had enough.
            _leave_output()
            ctx.exit(_BROKEN_PIPE)
        except OSError as error:
            _leave_output()
            what = error.filename or "standard output cannot be written"
            say(f"Error: {what}: {(error.strerror or str(error)).lower()}.")
            ctx.exit(MachineError.exit_code)


def say(text: str) -> None:
    """Write to standard error; whether anybody listens changes nothing in what is done."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


def _leave_output() -> None:
    """Let what is still to be written to standard output go nowhere, lest the exit fails over it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_findings(error: FindingsError) -> None:
    from rich.console import Console  # import cost

    from xlreport.backends import findings_text  # import cost

    with contextlib.suppress(OSError):
        findings_text.write(error.findings, Console(stderr=True), most=20)
    say(f"\n{error}")


def show_progress(stage: str, done: str) -> None:
    """Write one line for a stage that is done: its number, its name, what it did."""
    number = STAGES.index(stage) + 1
    say(f"{number}/{len(STAGES)}  {stage:<8} {done}")


def example(*lines: str) -> str:
    """Return the end of a command's help: examples that can be copied."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def paths(values: Sequence[str]) -> Sequence[str] | str:
    """Return the only one of several paths, or all."""
    return values[0] if len(values) == 1 else values
