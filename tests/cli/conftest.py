"""Runs a command as the terminal would, in this process."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from risk_model.cli import main


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("list", "--la", "999")`: the command's end, its output and its complaints."""

    def run_command(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(one) for one in arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run_command
