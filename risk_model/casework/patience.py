"""A connection to PostgreSQL that does not wait for ever: a server that hangs is given up after a while.

The server's own limits (for a statement, for a lock, for a transaction that is left open) help where it is alive. One
that hangs with its connections open, a stopped process or a network that swallows everything, says nothing at all, and
the system's keepalives do not help with a stopped process: its system still answers them. So whoever asks counts.
"""

import time
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

# longer than the server lets a statement take: one that is alive says by itself that it was too slow
ANSWER_TIMEOUT_S = 40.0
RV = TypeVar("RV")


class NoAnswer(psycopg.OperationalError):
    """The server said nothing for so long that the connection was given up."""

    gave_no_answer = True


class PatientConnection(psycopg.Connection[Any]):
    """A connection of which each wait for the server has an end; then it is closed, since what comes is of no use.

    Attributes:
        patience_s: how long, in seconds; None without an end.
    """

    patience_s: float | None = None

    def wait(self, gen: PQGen[RV], *arguments: Any, **named: Any) -> RV:
        """Let the driver wait for the server, for so long at most.

        Raises:
            NoAnswer: nothing came.
        """
        try:
            return super().wait(gen if self.patience_s is None else _until(gen, self.patience_s), *arguments, **named)
        except NoAnswer:
            self.close()
            raise


def _until(gen: PQGen[RV], patience_s: float) -> PQGen[RV]:
    """The driver's steps; it looks in several times a second, also when nothing has come."""
    given_up = time.monotonic() + patience_s
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > given_up:
                raise NoAnswer(f"no answer within {patience_s:g} seconds")
            wanted = gen.send(ready)
    except StopIteration as ended:
        found: RV = ended.value
        return found
    finally:
        gen.close()
