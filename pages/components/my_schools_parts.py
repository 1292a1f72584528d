"""The parts of a system leader's own page."""

import streamlit as st

from pages.components.briefing_parts import draw_briefing_downloads
from pages.components.links import draw_link
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import date_columns, plain
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.my_schools import MySchool, MySchools, my_schools, view_of
from risk_model.services.scope import Scope
from risk_model.services.support import leader_choices


def choose_leader(viewer: Viewer, copy: Copy, scope: Scope) -> int | None:
    """Whose view is shown: from the URL, or chosen here."""
    leaders = ask(leader_choices, viewer, copy, scope)
    take_from_url("my_schools", {"leader": [str(one) for one in leaders]})
    chosen = st.selectbox(
        "System leader",
        [str(one) for one in leaders],
        index=None,
        key="leader",
        format_func=lambda one: leaders.get(int(one), one),
        placeholder="Choose one" if leaders else "None is recorded",
        disabled=not leaders,
        width=420,
    )
    put_into_url("my_schools", ["leader"])
    return int(chosen) if chosen is not None else None


def draw_nobody_chosen(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """What to do where no system leader is chosen: choose one, or, where there is none, record one."""
    if ask(leader_choices, viewer, copy, scope):
        st.info(
            "Choose a system leader above to see what they see: the schools that they are allocated to, and no other."
        )
        return
    st.info("No system leader is recorded for this local authority, so there is nobody whose schools could be shown.")
    where = "System leaders are recorded on the page Support, under System leaders"
    draw_link("pages/support.py", label=where, query_params={"view": "leaders"})


def draw_view(viewer: Viewer, copy: Copy, leader: int) -> None:
    """The page as the system leader sees it: everything on it is asked for with their rights."""
    theirs = ask(view_of, viewer, copy, leader)
    st.info(f"This is the view of {plain(ask(my_schools, theirs, copy).label)}, with their rights and no other.")
    draw_own_support(theirs, copy)


def draw_own_support(theirs: Viewer, copy: Copy) -> None:
    """The schools that a system leader is allocated to, with their rights."""
    found = ask(my_schools, theirs, copy)
    st.markdown(f"**{plain(found.finding)}**")
    _draw_none(found)
    for school in found.schools:
        _draw_school(theirs, copy, school)


def _draw_none(found: MySchools) -> None:
    if not found.schools:
        st.write("A school appears here once support is agreed, and is gone when the support ends or is paused.")
    if found.not_loaded:
        st.write(f"Not an open school in this build: URN {', '.join(found.not_loaded)}.")


def _draw_school(theirs: Viewer, copy: Copy, school: MySchool) -> None:
    st.header(plain(school.name))
    st.markdown(plain(" · ".join(one for one in (school.phase, school.locality, f"URN {school.urn}") if one)))
    show_table(
        school.table,
        key=f"own_support_{school.urn}",
        alt=f"Support of this system leader at {school.name}, newest first",
        column_config=date_columns("From", "Review", "Until", "Last update"),
    )
    draw_briefing_downloads(theirs, copy, school.urn, None, school.name)
