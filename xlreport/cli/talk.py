"""What the commands share: errors as sentences with an exit code, progress on standard error."""

import contextlib
import os
import sys
import time
from collections.abc import Sequence
from typing import Any, Final, Self

import click

from xlreport.errors import MachineError, XlreportError
from xlreport.findings import FindingsError
from xlreport.pipeline import STAGES
from xlreport.text import did_you_mean

__all__ = ["Group", "Progress", "example", "paths", "say"]

_WATCHED: Final = 0.2
"""Seconds between two looks at a stage on a terminal; elsewhere, where every line stays, it is longer."""
_UNWATCHED: Final = 20.0
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


class Progress:
    """One line for each stage: how far it is, where a person watches, and then what it did."""

    def __init__(self) -> None:
        """Begin; the time of the first stage counts from here."""
        self._told = time.monotonic()
        self._open = False

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End a line that an error has left open."""
        if self._open:
            say("")

    def done(self, stage: str, what: str) -> None:
        """Write the line of a stage that is done: its number, its name, what it did."""
        self._tell(_line(stage, what), "\n")
        self._open = False

    def going(self, stage: str, how_far: str) -> None:
        """Say how far a stage is: in its line on a terminal, elsewhere by a line every now and then."""
        watched = sys.stderr.isatty()
        if time.monotonic() - self._told >= (_WATCHED if watched else _UNWATCHED):
            self._tell(_line(stage, f"{how_far} …"), "" if watched else "\n")
            self._open = watched

    def _tell(self, line: str, end: str) -> None:
        over = "\r\x1b[K" if self._open else ""
        with contextlib.suppress(OSError):
            click.echo(f"{over}{line}{end}", err=True, nl=False)
        self._told = time.monotonic()


def _line(stage: str, what: str) -> str:
    return f"{STAGES.index(stage) + 1}/{len(STAGES)}  {stage:<8} {what}"


def example(*lines: str) -> str:
    """Return the end of a command's help: examples that can be copied."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def paths(values: Sequence[str]) -> Sequence[str] | str:
    """Return the only one of several paths, or all."""
    return values[0] if len(values) == 1 else values
