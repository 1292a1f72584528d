"""The views of a page: one question each, chosen in the URL as `view`, and only the chosen one is worked out."""

from collections.abc import Callable, Mapping

import streamlit as st

from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

Draw = Callable[[Viewer, Copy, Scope], None]
# the word in a link, the title on screen, and what draws it
Views = Mapping[str, tuple[str, Draw]]


def offered(views: Views, needs: Mapping[str, Right], viewer: Viewer) -> Views:
    """The views that are for a viewer: what only those may do who have a right is not offered to others.

    Args:
        needs: the right that a view takes, by the word in a link; the others take none beyond the page's own.
    """
    return {key: view for key, view in views.items() if key not in needs or viewer.may(needs[key])}


def draw_tabs(views: Views, key: str, viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The tabs, and under the open one the view that the session's `view` names.

    Args:
        key: of the tabs, another one on every page.
    """
    view = st.session_state["view"]
    # given to the tabs only where it differs: who walks on by the arrow keys meanwhile would be taken back
    if st.session_state.get(key) != views[view][0]:
        st.session_state[key] = views[view][0]
    tabs = st.tabs([title for title, _ in views.values()], key=key, on_change=_opened, args=(views, key))
    with tabs[list(views).index(view)]:
        views[view][1](viewer, copy, scope)


def _opened(views: Views, key: str) -> None:
    titles = {title: view for view, (title, _) in views.items()}
    st.session_state["view"] = titles[st.session_state[key]]
