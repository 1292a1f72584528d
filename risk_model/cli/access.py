"""The commands by which whoever runs this copy says who may see what: the first admin, above all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from risk_model.casework import NewGrant
from risk_model.cli.printing import print_table, printed_once_logged, say
from risk_model.domain.paths import data_dir
from risk_model.domain.periods import read_date
from risk_model.domain.viewer import Role, local_viewer
from risk_model.services.access import grant_role, grant_table, take_role
from risk_model.services.copy import Records, close_records, open_data_records
from risk_model.services.leaving import PRINTED, hand_over_without_build

access_app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


@contextmanager
def _open() -> Iterator[Records]:
    records = open_data_records(data_dir())
    try:
        yield records
    finally:
        close_records(records)


@access_app.command("grant")
def grant(
    person: Annotated[str, typer.Argument(help="As the sign-in names them, such as an e-mail address.")],
    role: Annotated[str, typer.Argument(help=f"One of: {', '.join(one.value for one in Role)}.")],
    la: Annotated[str | None, typer.Option(help="A local authority's three-digit code; none for an admin.")] = None,
    locality: Annotated[str | None, typer.Option(help="For members and chairs; 'whole LA' for all of it.")] = None,
    urn: Annotated[str | None, typer.Option(help="For a head or chair of governors.")] = None,
    leader: Annotated[int | None, typer.Option(help="For a system leader: their number.")] = None,
    until: Annotated[str | None, typer.Option(help="The last day, for example 2027-07-31.")] = None,
    note: Annotated[str | None, typer.Option(help="Why, or of which team.")] = None,
) -> None:
    """Give somebody a role."""
    last = read_date(until) if until else None
    new = NewGrant(person, role, la, locality, urn, leader, None, last, note)
    with _open() as records:
        number = grant_role(local_viewer(), records, new)
    say(f"Granted, number {number}.")


@access_app.command("list")
def list_grants() -> None:
    """Who may see what."""
    with _open() as records:
        table = grant_table(local_viewer(), records, datetime.now(UTC).date())
        with printed_once_logged(
            lambda text: hand_over_without_build(local_viewer(), records, PRINTED, "access list", text.encode())
        ):
            print_table(tuple(map(str, table.columns)), [tuple(row) for row in table.astype(str).to_numpy().tolist()])
    say(f"{len(table)} grants. What the sign-in's own groups give is in access.toml.")


@access_app.command("withdraw")
def withdraw(
    number: Annotated[int, typer.Argument(help="A grant's number.")],
    reason: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Take a role away."""
    with _open() as records:
        take_role(local_viewer(), records, number, reason)
    say(f"Withdrawn: grant {number} gives nothing any more.")
