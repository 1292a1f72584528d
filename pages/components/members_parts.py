"""What others see: the members of a core group, and the head of a school. With their rights, and no other."""

import streamlit as st

from pages.components.room_parts import draw_seen_school
from pages.components.session import ask
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.core_groups import core_groups
from risk_model.services.profile import school_names
from risk_model.services.scope import Scope
from risk_model.services.seeing import as_member, as_school
from risk_model.services.seen_school import school_as_seen

_AS = ("A member of its core group", "Its head or chair of governors")


def draw_members(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Choose who looks and at which school; then exactly what they would see of it."""
    st.write("Before you share a screen or a page, look at what each of them may see.")
    groups = {one.name: one for one in ask(core_groups, viewer, copy, scope)}
    if not groups:
        st.info("This local authority has no school in the shown build. Import a register of schools first.")
        return
    left, middle, right = st.columns(3)
    with left:
        name = st.selectbox("Core group", list(groups), key="seen_group")
    names = ask(school_names, viewer, copy, groups[name].scope)
    with middle:
        urn = st.selectbox("School", list(names), format_func=lambda one: names[one], key=f"seen_school_{name}")
    with right:
        seen_as = st.radio("Who looks", _AS, key="seen_as")
    other = (
        as_member(viewer, groups[name].la_code, groups[name].locality) if seen_as == _AS[0] else as_school(viewer, urn)
    )
    try:
        school = ask(school_as_seen, other, copy, urn)
    except RiskModelError as error:
        st.warning(plain(error))
        return
    st.header(f"{plain(school.name)}, as {school.sight} sees it")
    st.caption(plain(school.about))
    draw_seen_school(school)
