"""A record as a session opened it: a form keeps what was typed, and a save knows what its author had seen."""

from typing import TypeVar

import streamlit as st

Record = TypeVar("Record")
_PREFIX = "opened_"


def as_opened(kind: str, number: int, current: Record) -> Record:
    """The record as it was when this session opened it; where it has changed since, that is said, with a way on.

    Without it a form that shows the newest state would change under its user's hands, and a press would be lost.

    Args:
        kind: of record, one of which is open at a time; number: the record's own.
        current: as it is recorded now.
    """
    key = f"{_PREFIX}{kind}"
    if key not in st.session_state or st.session_state[key][0] != number:
        st.session_state[key] = (number, current)
    opened: Record = st.session_state[key][1]
    if opened != current:
        st.warning("Somebody has changed this since you opened it. To save, open it as it is now and change it there.")
        if st.button("Open it as it is now", key=f"open_anew_{kind}"):
            forget_opened()
            st.rerun()
    return opened


def forget_opened() -> None:
    """Open every record anew on the next run, as after a save."""
    for key in [key for key in st.session_state if str(key).startswith(_PREFIX)]:
        del st.session_state[key]
