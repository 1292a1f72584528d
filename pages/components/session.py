"""What every page needs: the viewer, the open build and the records, and the door through which services are asked."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from pages.components.answers import Answers, State, This, as_key
from pages.components.sign_in import standing_at_door, standing_later
from risk_model.domain.errors import NotAllowed
from risk_model.domain.paths import DataDir, data_dir
from risk_model.domain.viewer import Viewer
from risk_model.services.access import Standing
from risk_model.services.copy import (
    Copy,
    Reader,
    Records,
    close_records,
    cut_copy,
    files_state,
    open_data_records,
    open_reader,
    records_state,
    require_build,
    shown_state,
    watched,
)

Question = ParamSpec("Question")
Answer = TypeVar("Answer")


# of one run alone, as what is at the desk
_WHO: ContextVar[Standing | None] = ContextVar("who", default=None)


def enter() -> Standing:
    """Let somebody in for this run, as what they are now: a role that was taken from them counts no longer.

    Raises:
        NotAllowed: they may not come in.
    """
    who = standing_at_door(_desk().records)
    _WHO.set(who)
    return who


def standing() -> Standing:
    """Who is asking, and why they may."""
    _require_roof()
    return _WHO.get() or enter()


def still_as_drawn() -> Callable[[], None]:
    """A check for what is done after this run, as making a file: is whoever it was drawn for still the same?

    Raises, when it is made:
        NotAllowed: their role has changed or ended since.
    """
    drawn_for, now = viewer(), standing_later(_desk().records)

    def check() -> None:
        if now().viewer != drawn_for:
            raise NotAllowed("What you may see has changed since this page was drawn.", ["Load the page again."])

    return check


def viewer() -> Viewer:
    """Who is asking."""
    return standing().viewer


def _require_roof() -> None:
    """Never run a page without app.py around it.

    Streamlit serves a folder called pages/ by itself until st.navigation is called once: the first visit after
    a start, if it leads straight to a page, would bypass the roof.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def data() -> DataDir:
    """The data directory of this copy."""
    return data_dir()


def copy() -> Copy:
    """The current build and the records, as far as the viewer's LAs go; a new build is seen on the next run."""
    whole, codes = _whole_copy(), viewer().la_codes
    if codes is None:
        return whole
    return cut_copy(whole, _reader(str(data().root), whole.build.build_id, codes), codes)


def all_records() -> Records:
    """The records of every LA, for an admin's own page."""
    return _desk().records


def _whole_copy() -> Copy:
    # opened once for all sessions
    desk, pointer = _desk(), shown_state(data())
    shown = desk.shown
    if shown is None or shown[0] != pointer or not shown[1].build.path.exists():
        build = require_build(data())
        shown = desk.shown = (pointer, Copy(data(), _reader(str(data().root), build.build_id, None), desk.records))
    return shown[1]


def ask(service: Callable[Question, Answer], *arguments: Question.args, **named: Question.kwargs) -> Answer:
    """What a service answers: remembered for all sessions while nothing that it reads has changed.

    An answer is remembered for its viewer with all their rights, for the build, the files of the data directory,
    today's date and its arguments; one that looked into the records, until anybody writes to them. For services that
    read, and whose answer pages do not change; one that writes, makes a file that is logged, or tells of its progress
    is called by itself.
    """
    told = tuple(_as_key(one) for one in arguments), tuple((name, _as_key(one)) for name, one in named.items())
    # a method is one of a thing, most often of an answer
    key = (service.__module__, service.__qualname__, This(getattr(service, "__self__", None)), told)
    desk = _desk()
    # what is given nothing but other answers is true of those whatever has changed since they were given
    looks = any(isinstance(one, Copy | DataDir | Records) for one in (*arguments, *named.values()))
    state = desk.state
    if looks or state is None:
        files, of_records = _files()
        state = desk.state = State((date.today(), files), (records_state(desk.records), of_records))
    answer: Answer = desk.answers.answer(key, state, lambda: _worked_out(service, arguments, named))
    return answer


def _as_key(value: object) -> Hashable:
    # the state tells the rest: the records and the files of the data directory
    return ("build", value.build.build_id, value.reader.la_codes) if isinstance(value, Copy) else as_key(value)


def _worked_out(
    service: Callable[..., Answer], arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Answer, bool]:
    """The answer, and whether the service looked into the records.

    What is given nothing but other answers rests on no more than they do: with new ones it is asked anew.
    """
    seen = [watched(one) if isinstance(one, Copy) else (one, _never) for one in arguments]
    answer = service(*(one for one, _ in seen), **named)
    opens_records = any(isinstance(one, DataDir) for one in arguments)
    return answer, opens_records or any(was_read() for _, was_read in seen)


def _never() -> bool:
    return False


# an older build stays open while a session may still be reading it, and one for each set of LAs
@st.cache_resource(max_entries=12, show_spinner=False, on_release=Reader.close)
def _reader(root: str, build_id: str, la_codes: frozenset[str] | None) -> Reader:
    return open_reader(data(), build_id, la_codes)


@dataclass
class _Desk:
    """What all sessions share.

    Attributes:
        records: open.
        answers: that are remembered.
        shown: the copy that is shown, and the state of the pointer that said so.
        state: of everything that services read, when anybody last looked.
    """

    records: Records
    answers: Answers
    shown: tuple[Hashable, Copy] | None = None
    state: State | None = None

    def close(self) -> None:
        """Let go of the records."""
        close_records(self.records)


# of one run alone: each has a thread, and so a context, of its own
_AT_DESK: ContextVar[_Desk | None] = ContextVar("at_desk", default=None)
_FILES: ContextVar[list[tuple[Hashable, Hashable]] | None] = ContextVar("files", default=None)


def _files() -> tuple[Hashable, Hashable]:
    """The state of the files, looked at once a run: what changes one begins another run once it has. Records may be
    written and asked for in one run; they are looked at each time."""
    seen = _FILES.get()
    if seen is None:
        return files_state(data())
    if not seen:
        seen.append(files_state(data()))
    return seen[0]


def _desk() -> _Desk:
    return _AT_DESK.get() or _desk_of(str(data().root), data().records_url)


@contextmanager
def at_desk() -> Iterator[None]:
    """While a page runs, look once for what all sessions share, and at the files: a look into Streamlit's cache takes a
    tenth of a millisecond, one at the files twice that, and a page asks dozens of times."""
    desk, files = _AT_DESK.set(_desk()), _FILES.set([])
    try:
        yield
    finally:
        _AT_DESK.reset(desk)
        _FILES.reset(files)


@st.cache_resource(show_spinner=False, on_release=_Desk.close)
def _desk_of(root: str, records_url: str) -> _Desk:
    return _Desk(open_data_records(data()), Answers())


def remembered() -> list[object]:
    """Every answer that is remembered."""
    return _desk().answers.values()
