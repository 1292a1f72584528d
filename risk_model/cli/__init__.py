"""The command line: the same services from the terminal.

Every command says what it did and ends with 0; with 1 when something given was refused, with what, where, why
and what to do on the error output; with 2 for wrong usage.
"""

import sys

import typer

from risk_model.cli.access import access_app
from risk_model.cli.building import building
from risk_model.cli.files import files
from risk_model.cli.judging import judging
from risk_model.cli.operations import operations
from risk_model.cli.printing import errors
from risk_model.cli.proving import proving
from risk_model.cli.records import records_app
from risk_model.domain.errors import RiskModelError

app = typer.Typer(
    help="Which schools need help, is help already there, and can we defend that answer?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# their lists become one
for part in (building, files, judging, proving, operations):
    app.registered_commands += part.registered_commands
app.add_typer(records_app, name="records", help="Record a file, and look after the records.")
app.add_typer(access_app, name="access", help="Who may see what, where a sign-in is configured.")


def main(arguments: list[str] | None = None) -> int:
    """Run a command and say how it ended: 0, 1 or 2."""
    for stream in (sys.stdout, sys.stderr):
        # a Windows terminal's own encoding has no ■ ▲ ● ○
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        outcome = app(arguments, standalone_mode=False)
    except RiskModelError as error:
        errors().print(str(error), markup=False, highlight=False)
        return 1
    except typer.Exit as ended:
        return ended.exit_code
    except typer.Abort:
        return 1
    except Exception as error:
        # typer's own complaints about the arguments; anything else is our bug and stays loud
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            errors().print(f"{error.format_message()}\nRun `python -m risk_model --help`.", markup=False)
            return 2
        raise
    return outcome if isinstance(outcome, int) else 0
