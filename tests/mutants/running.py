"""A copy of the project with one fault at a time, and its tests in processes of their own."""

import compileall
import importlib
import multiprocessing
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from py_compile import PycInvalidationMode
from types import FunctionType

import pytest

from tests.mutants.faults import PROJECT, Fault

LONGEST_S = 900
_UNSOUND = "The tests fail without any fault: put that right first."
_OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-n0")
# what takes long to import and has no part in any fault
_LIBRARIES = ["pytest", "duckdb", "pyarrow", "pandas", "pydantic", "sqlglot", "sqlalchemy"]
_LEFT_BEHIND = (".git", ".*_cache", ".hypothesis", "__pycache__", "lake", "builds", "typed", "downloads")


def processes() -> BaseContext:
    """Processes that begin with the libraries imported; where the system cannot fork, with nothing imported."""
    if not can_fork():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LIBRARIES)
    return context


def can_fork() -> bool:
    """Whether a process can be doubled: not on Windows."""
    return hasattr(os, "fork")


def copy_project(target: Path) -> Path:
    """The project as it is now. What is compiled is checked against its source, not against the time of the source: a
    fault may be as long as what it stands for, and come in the same second."""
    shutil.copytree(PROJECT, target, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
    compileall.compile_dir(target / "risk_model", quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    return target


@contextmanager
def put_in(fault: Fault, copy: Path) -> Iterator[None]:
    """The fault in the copy, for as long as it is needed."""
    path = copy / fault.path
    text = path.read_text("utf-8")
    lines = text.split("\n")
    if lines[fault.line - 1] != fault.before:
        raise ValueError(f"{fault} was found in another version of the file")
    lines[fault.line - 1] = fault.after
    path.write_text("\n".join(lines), "utf-8", newline="\n")
    try:
        yield
    finally:
        path.write_text(text, "utf-8", newline="\n")


def fails(context: BaseContext, copy: Path, run: Sequence[str]) -> bool:
    """Whether a test of a run fails, or does not end, in a process that reads the copy from the start."""
    process = context.Process(target=_run, args=(copy, tuple(run)))  # type: ignore[attr-defined]
    process.start()
    process.join(LONGEST_S)
    if process.is_alive():
        process.kill()
        process.join()
    return bool(process.exitcode)


def require_sound(context: BaseContext, copy: Path, runs: Iterable[Sequence[str]]) -> None:
    """Hold that the tests of some runs pass without any fault: else none could be said to be noticed.

    Raises:
        RuntimeError: one fails.
    """
    files = _files(runs)
    if files and fails(context, copy, files):
        raise RuntimeError(_UNSOUND)


def _files(runs: Iterable[Sequence[str]]) -> list[str]:
    """The files and folders of tests that are named in runs, each once."""
    named = (argument.partition("::")[0] for run in runs for argument in run)
    return list(dict.fromkeys(name for name in named if name.startswith("tests/")))


def _run(copy: Path, run: Sequence[str]) -> None:
    _enter(copy)
    os._exit(pytest.main([*_OPTIONS, *run]))


def _enter(copy: Path) -> None:
    """Be in the copy, in silence, with nothing of the project itself imported."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "risk_model", "__mp_main__")]:
        del sys.modules[name]
    sys.path[:] = [str(copy), *(place for place in sys.path if Path(place or ".").resolve() != PROJECT)]
    os.chdir(copy)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)


def noticed_at_once(context: BaseContext, copy: Path, faults: Sequence[Fault]) -> Iterator[bool]:
    """For each fault whether its quick tests notice it: in doubles of one process that has collected them.

    What was imported when the tests were collected is not read again, except the file that has the fault: a test that
    read the rules once and for all sees none, which is why the last run of a fault has a process of its own.

    Raises:
        RuntimeError: a test fails without any fault, so that none could be said to be noticed.
    """
    if not faults:
        return
    ours, theirs = context.Pipe(duplex=False)  # type: ignore[attr-defined]
    process = context.Process(target=_host, args=(copy, faults, theirs))  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    try:
        if not ours.recv():
            raise RuntimeError(_UNSOUND)
        for _ in faults:
            yield ours.recv()
    finally:
        process.kill()
        process.join()


def _host(copy: Path, faults: Sequence[Fault], told: Connection) -> None:
    _enter(copy)
    files = _files(run for fault in faults for run in fault.quick)
    pytest.main([*_OPTIONS, *files], plugins=[_Doubling(copy, faults, told)])
    told.close()


class _Doubling:
    """A plugin: once the tests are collected, each fault has a double of this process to itself."""

    def __init__(self, copy: Path, faults: Sequence[Fault], told: Connection) -> None:
        self.copy, self.faults, self.told = copy, faults, told

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        is_sound = not self._fails(session.items)
        self.told.send(is_sound)
        for fault in self.faults if is_sound else ():
            items = [item for run in fault.quick for item in session.items if _is_of(item.nodeid, run)]
            with put_in(fault, self.copy):
                self.told.send(self._fails(list(dict.fromkeys(items)), fault.path))
        return True

    def _fails(self, items: Sequence[pytest.Item], path: str = "") -> bool:
        double = os.fork()
        if double:
            _, status = os.waitpid(double, 0)
            return status != 0
        signal.alarm(LONGEST_S)
        if path.endswith(".py"):
            _read_again(path)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if item.session.testsfailed:
                os._exit(1)
        os._exit(0)


def _read_again(path: str) -> None:
    """Import a file again, also for those who have its functions already; what cannot be imported is noticed."""
    module = sys.modules[path.removesuffix(".py").replace("/", ".")]
    before = {name: one for name, one in vars(module).items() if isinstance(one, FunctionType)}
    try:
        importlib.reload(module)
    except Exception:
        os._exit(1)
    for name, function in before.items():
        if function.__module__ == module.__name__:
            function.__code__ = vars(module)[name].__code__


def _is_of(node: str, run: Sequence[str]) -> bool:
    """Whether a test is of a run; a rule's id is a whole word of the test's name, so that O1 is not O10."""
    words = [word for option, word in pairwise(run) if option == "-k"]
    files = tuple(name for name in run if name.startswith("tests/") and "::" not in name)
    return (node.startswith(files) or node.partition("[")[0] in run) and all(
        re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", node, re.IGNORECASE) for word in words
    )
