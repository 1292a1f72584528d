"""Long work on screen: how far it is, and a button that stops it."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from risk_model.domain.errors import RiskModelError

_UNFINISHED = "unfinished_work"


@contextmanager
def long_work(title: str, done: str, key: str) -> Iterator[None]:
    """What is drawn in it tells how far the work is; whoever presses the button ends it there.

    Streamlit ends a run that goes on, at the next thing that it draws, once anything is pressed: what this button does,
    any other does, too, and the "Stop" in the corner. What services had not finished by then they undo, as after any
    failure.

    Args:
        title: what is done, as "Building".
        done: what is said in its place once it is done.
    """
    st.session_state[_UNFINISHED] = title
    place = st.empty()
    place.button(f"Stop {title.lower()}", key=f"stop_{key}", help="What is not finished by then is not kept.")
    try:
        with st.status(title, expanded=True) as status:
            yield
            status.update(label=done, state="complete", expanded=False)
    except RiskModelError:
        # it failed, and says so itself
        _end(place)
        raise
    _end(place)


def _end(place: DeltaGenerator) -> None:
    del st.session_state[_UNFINISHED]
    place.empty()


def draw_stopped(title: str) -> None:
    """Once after work of this title was stopped: that it was, and what stands."""
    if st.session_state.get(_UNFINISHED) != title:
        return
    del st.session_state[_UNFINISHED]
    # the step under way goes on until it next tells how far it is
    st.warning(
        f"{title} was stopped. What is finished is kept, and so is the step that was under way if it still finishes; "
        "of the rest nothing is."
    )
