"""Choices that stand in the URL, and are remembered from page to page.

A link's choices win over the remembered ones, as a group: a link that names one filter clears the others.
Streamlit's own binding is not used, since it puts the label into the URL where a code is meant.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

# for each key the values that are allowed; None allows any text
Allowed = Mapping[str, Sequence[str] | None]


def take_from_url(group: str, single: Allowed, several: Allowed | None = None) -> None:
    """Before the widgets of a group are drawn: give them what the URL says, where it is new.

    Args:
        single: keys of widgets with one value; several: of widgets with a list of values.
    """
    several, kept = several or {}, _of_session("kept")
    # What was chosen in this very run is newer than the address: who chooses faster than the page answers has sent the
    # address that stood before.
    is_chosen = any(key in st.session_state and st.session_state[key] != kept.get(key) for key in [*single, *several])
    for key in [*single, *several]:
        # a widget's own value is lost when the page changes, unless it is given to the widget anew
        if key in st.session_state or key in kept:
            st.session_state[key] = st.session_state.get(key, kept.get(key))
    if not is_chosen and is_new_link(group, [*single, *several]):
        now = _in_url([*single, *several])
        for key, allowed in single.items():
            known = [value for value in now[key] if allowed is None or value in allowed]
            st.session_state[key] = known[0] if known else None
        for key, allowed in several.items():
            st.session_state[key] = [value for value in now[key] if allowed is None or value in allowed]
    for key, allowed in single.items():
        if allowed is not None and st.session_state.get(key) not in allowed:
            st.session_state[key] = None


def is_new_link(group: str, keys: Sequence[str]) -> bool:
    """Whether the address names choices of a group, and others than the page itself has written there."""
    now = _in_url(keys)
    return any(now.values()) and now != _of_session("in_url").get(group)


def put_into_url(group: str, keys: Sequence[str], hidden: Sequence[str] = ()) -> None:
    """After the widgets of a group are drawn: remember what was chosen, and let the URL say it.

    Args:
        hidden: keys of which the URL says nothing.
    """
    kept = _of_session("kept")
    for key in keys:
        value = kept[key] = st.session_state.get(key)
        wanted = [] if not value or key in hidden else list(value) if isinstance(value, list | tuple) else [str(value)]
        if wanted != st.query_params.get_all(key):
            if wanted:
                st.query_params[key] = wanted
            elif key in st.query_params:
                del st.query_params[key]
    _of_session("in_url")[group] = _in_url(keys)


def put_part_into_url(group: str, key: str, first: str) -> None:
    """The same for the parts of a page, of which it shows the first anyway: that one is no step for the browser's Back.

    Args:
        first: of it the URL says nothing while it names no part.
    """
    is_plain = key not in st.query_params and st.session_state[key] == first
    put_into_url(group, [key], hidden=[key] if is_plain else [])


def _of_session(name: str) -> dict[str, Any]:
    """What a session remembers under one name; every name that it has costs each of its inputs time."""
    found: dict[str, Any] = st.session_state.setdefault(name, {})
    return found


def _in_url(keys: Sequence[str]) -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in keys}
