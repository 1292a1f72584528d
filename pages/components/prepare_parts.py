"""Preparing a meeting: choose group and day; the agenda makes itself, with the reason for each school."""

from collections import Counter
from datetime import timedelta

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.support_message import done
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import counted
from risk_model.services.agenda import AgendaLine, agenda_for, agenda_table, shortened
from risk_model.services.copy import Copy
from risk_model.services.core_groups import core_groups
from risk_model.services.meeting_acts import people_of_last, prepare_meeting
from risk_model.services.scope import Scope


def draw_prepare(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Group, day and chair; then the agenda, from which schools can be left out; then the button."""
    groups = {one.name: one for one in ask(core_groups, viewer, copy, scope)}
    if not groups:
        st.info("This local authority has no school in the shown build. Import a register of schools first.")
        return
    left, middle, right = st.columns(3)
    with left:
        name = st.selectbox("Core group", list(groups), key="prepare_group")
    with middle:
        day = st.date_input(
            "Day of the meeting", copy.build.as_at + timedelta(days=14), format="DD/MM/YYYY", key="prepare_day"
        )
    with right:
        chair = st.text_input(
            "Chaired by", "LA adviser", max_chars=100, key="prepare_chair", help="A role, not a name."
        )
    lines = ask(agenda_for, viewer, copy, groups[name], day)
    people = ask(people_of_last, viewer, copy, groups[name], day)
    st.header(f"{counted(len(lines), 'school')} for the agenda")
    if not lines:
        st.info("Nothing calls for a meeting of this group: no priority school, nothing due, nothing changed.")
        return
    kept = _draw_choice(lines, name)
    if st.button(f"Make the agenda of {len(kept)} schools", type="primary", key="prepare_go", disabled=not kept):
        try:
            number = prepare_meeting(viewer, copy, groups[name], day, chair, kept, people)
        except RiskModelError as error:
            st.error(plain(error))
        else:
            st.session_state["go_to_meeting"] = str(number)
            st.session_state["view"] = "meeting"
            done(f"The meeting of {plain(name)} on {in_words(day)} is prepared: {len(kept)} schools.")
    for one in kept:
        _draw_line(one)
    with st.expander(f"{len(people)} people will be asked, as last time"):
        draw_lines(f"{one.label} ({one.role})" for one in people)
        if not people:
            st.write("This group has not met yet. List who comes under Meeting.")
    draw_downloads(agenda_table(kept), f"agenda_{day:%Y-%m-%d}", [f"Agenda of {name} for {in_words(day)}"])


def _draw_choice(lines: list[AgendaLine], group: str) -> list[AgendaLine]:
    """Which reasons bring a school onto the agenda, how many there is time for, and which are left off."""
    counts = Counter(why for one in lines for why in {reason.why for reason in one.reasons})
    left, right = st.columns([3, 1])
    with left:
        whys = st.multiselect(
            "On it for one of these reasons",
            list(counts),
            default=list(counts),
            format_func=lambda why: f"{why} ({counts[why]})",
            key=f"prepare_whys_{group}",
        )
    with right:
        most = st.number_input(
            "No more schools than", min_value=1, value=None, key="prepare_most", help="The most urgent are kept."
        )
    names = {one.urn: one.name for one in lines}
    left_out = st.multiselect(
        "Leave off this agenda",
        list(names),
        format_func=lambda urn: names[urn],
        key=f"prepare_without_{group}",
        placeholder="All are kept",
    )
    return shortened([one for one in lines if one.urn not in left_out], whys, most)


def _draw_line(one: AgendaLine) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(one.name)}** · {one.priority} · {', '.join(dict.fromkeys(r.why for r in one.reasons))}")
        draw_lines(reason.sentence for reason in one.reasons)
