"""Logs as lines of JSON (RISK_LOG=json) that tell what happened and how long it took, and nobody's business.

Of every line that anything in this process writes, ours or a library's, only this is kept: when, how serious, who
wrote it, at which line of which program, the kind of an error and where it came from. What a message was filled in
with and what an error says may hold a name, a note, an address: they are left out. Our own events are counts and fixed
words.
"""

import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

OURS = "risk_model"
_FRAMES = 6
_LONGEST = 60
_Told = tuple[type[BaseException], BaseException, TracebackType | None]


def wants_json() -> bool:
    """Whether logs are to be lines of JSON: RISK_LOG=json."""
    return os.environ.get("RISK_LOG", "").strip().lower() == "json"


def start_logs() -> None:
    """From now on make every line of this process's log here, where JSON is wanted; a second time changes nothing."""
    if not wants_json() or logging.getLogRecordFactory() is _record:
        return
    logging.setLogRecordFactory(_record)
    ours = logging.getLogger(OURS)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def _record(
    name: str,
    level: int,
    path: str,
    line: int,
    message: object,
    facts: Any,
    error: Any,
    function: str | None = None,
    _stack: str | None = None,
    **_: Any,
) -> logging.LogRecord:
    told: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": logging.getLevelName(level).lower(),
        "by": name,
        "line": f"{Path(path).name}:{line}",
    }
    if name == OURS:
        told |= {"event": str(message), **_plain(facts)}
    if isinstance(error, tuple) and error[0] is not None:
        told |= _of_error(error)
    return logging.LogRecord(name, level, path, line, json.dumps(told), (), None, function)


def _plain(facts: Any) -> dict[str, object]:
    """Numbers and short words by name; logging hands over the one dictionary itself, or in a tuple."""
    found = facts[0] if isinstance(facts, tuple) and facts else facts
    if not isinstance(found, Mapping):
        return {}
    return {str(name): one if isinstance(one, int | float) else str(one)[:_LONGEST] for name, one in found.items()}


def _of_error(error: _Told) -> dict[str, object]:
    frames = traceback.extract_tb(error[2])[-_FRAMES:]
    return {
        "error": error[0].__name__,
        "from": [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames],
    }


def note(event: str, **facts: float | str) -> None:
    """Write an event of ours, where logs are lines of JSON.

    Args:
        event: a fixed word.
        facts: counts, seconds and fixed words; never what a person wrote, chose or is called.
    """
    if wants_json():
        logging.getLogger(OURS).info(event, facts)


@contextmanager
def noted(event: str, **facts: float | str) -> Iterator[None]:
    """Do something, and write how long it took and how it ended: "done", or the kind of error."""
    began, ended = time.perf_counter(), "done"
    try:
        yield
    except BaseException as error:
        ended = type(error).__name__
        raise
    finally:
        note(event, **facts, ended=ended, seconds=round(time.perf_counter() - began, 3))
