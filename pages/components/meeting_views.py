"""The views of the core-group page: one task each, chosen in the URL, and only the chosen one is worked out."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.components.action_parts import draw_actions
from pages.components.escalation_parts import draw_escalations
from pages.components.group_parts import draw_groups
from pages.components.letter_parts import draw_letters
from pages.components.members_parts import draw_members
from pages.components.prepare_parts import draw_prepare
from pages.components.room_parts import draw_room
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

Draw = Callable[[Viewer, Copy, Scope], None]
# the word in a link, the title on screen, and what draws it
VIEWS: Mapping[str, tuple[str, Draw]] = {
    "groups": ("Groups", draw_groups),
    "prepare": ("Prepare a meeting", draw_prepare),
    "meeting": ("Meeting", draw_room),
    "actions": ("Actions", draw_actions),
    "letters": ("Letters", draw_letters),
    "escalation": ("Escalation", draw_escalations),
    "seen": ("What members see", draw_members),
}
_TAB = "core_group_tab"


def draw_view(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The tabs, and under the open one the view that the session's `view_of_group` names."""
    view = st.session_state["view_of_group"]
    st.session_state[_TAB] = VIEWS[view][0]
    tabs = st.tabs([title for title, _ in VIEWS.values()], key=_TAB, on_change=_opened)
    with tabs[list(VIEWS).index(view)]:
        VIEWS[view][1](viewer, copy, scope)


def _opened() -> None:
    titles = {title: view for view, (title, _) in VIEWS.items()}
    st.session_state["view_of_group"] = titles[st.session_state[_TAB]]
