"""Logs as JSON: what happened and where, and nothing that a person wrote, chose or is called."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from risk_model.services.logs import note, noted, start_logs

SECRETS = ("System leader 07", "900001", "select * from note", "/home/somebody/data", "secret-word")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, by us and by a library, as it would leave."""
    monkeypatch.setenv("RISK_LOG", "JSON")
    before, said = logging.getLogRecordFactory(), io.StringIO()
    ours = logging.getLogger("risk_model")
    level, propagate = ours.level, ours.propagate
    start_logs()
    start_logs()
    made = list(ours.handlers)
    handlers = []
    for name in ("risk_model", "library"):
        handler = logging.StreamHandler(said)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logging.getLogger(name).addHandler(handler)
        handlers.append((name, handler))
    assert len(made) == 1
    yield said
    for name, handler in [*handlers, ("risk_model", made[0])]:
        logging.getLogger(name).removeHandler(handler)
    ours.setLevel(level)
    ours.propagate = propagate
    logging.setLogRecordFactory(before)


def _lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def _fail() -> None:
    raise LookupError(" ".join(SECRETS))


def test_nothing_that_a_message_is_filled_in_with_or_an_error_says_leaves(log: io.StringIO) -> None:
    library = logging.getLogger("library")
    library.warning("Not found: %s", SECRETS[0])
    library.warning(f"Not found: {SECRETS[1]}")
    library.error("Of %(name)s", {"name": SECRETS[2]})
    try:
        _fail()
    except LookupError:
        library.exception("Uncaught: %s", SECRETS[3], stack_info=True)
    told = _lines(log)
    assert len(told) == 4
    assert not [word for word in SECRETS if word in log.getvalue()]
    assert told[0].keys() == {"at", "level", "by", "line"}
    assert (told[3]["error"], told[3]["level"], told[3]["by"]) == ("LookupError", "error", "library")
    assert told[3]["from"][-1].endswith(" _fail")
    assert told[3]["from"][-1].startswith("test_logs.py:")


def test_an_event_of_ours_tells_how_long_and_how_it_ended(log: io.StringIO) -> None:
    with noted("page", page="school"):
        pass
    with pytest.raises(LookupError), noted("page", page="school"):
        _fail()
    note("counted", rows=3)
    told = _lines(log)
    assert [one.get("ended") for one in told] == ["done", "LookupError", None]
    assert told[0]["page"] == "school"
    assert told[0]["seconds"] >= 0
    assert told[2]["rows"] == 3
    assert not [word for word in SECRETS if word in log.getvalue()]


def test_without_being_asked_for_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RISK_LOG", raising=False)
    before = logging.getLogRecordFactory()
    start_logs()
    note("page", page="school")
    assert logging.getLogRecordFactory() is before
    assert logging.getLogger("risk_model").handlers == []
