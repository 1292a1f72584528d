"""The parts of a school's profile."""

import streamlit as st

from pages.components.links import draw_link, link_to_row
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.timeline_parts import draw_inspections
from pages.components.url import put_into_url, take_from_url
from pages.components.watch_parts import draw_watch
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.profile import SchoolProfile, school_names
from risk_model.services.raising import raised_in_words
from risk_model.services.scope import Scope
from risk_model.services.support import school_support_rows
from risk_model.services.supporters import support_given_by


def choose_school(viewer: Viewer, copy: Copy, scope: Scope) -> str | None:
    """The school of the page: from the URL, or chosen here by its name."""
    names = ask(school_names, viewer, copy, scope)
    take_from_url("school", {"urn": None})
    asked = st.session_state.get("urn")
    if asked and asked not in names:
        # a link may lead to a school outside the scope line's locality or phase
        names = {asked: f"URN {asked[:20]}", **names}
    urn = st.selectbox(
        "School",
        list(names),
        index=None,
        key="urn",
        format_func=lambda one: names.get(one, one),
        placeholder="Type a name or URN",
    )
    put_into_url("school", ["urn"])
    return urn


def draw_head(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> None:
    """Who the school is."""
    school = profile.school
    st.title(plain(school["name"]))
    ages = f"ages {school['low_age']:.0f} to {school['high_age']:.0f}" if school["low_age"] is not None else ""
    pupils = f"{school['pupils']:.0f} pupils" if school["pupils"] is not None else "roll not known"
    known = [school["type"], school["phase"], ages, pupils, school["locality"], school["trust_name"], school["diocese"]]
    st.markdown(plain(" · ".join(str(one) for one in known if one)))
    st.markdown(
        f"Place: **{profile.priority}** · route: **{school['route']}** · URN {school['urn']} · "
        f"LAESTAB {school['laestab']} · as at {in_words(profile.as_at)}"
    )
    draw_watch(viewer, copy, str(school["urn"]))
    for sentence in profile.history:
        st.caption(plain(sentence))
    if profile.referrals:
        last = profile.referrals[-1]
        st.info(f"{ask(raised_in_words, last)} {plain(last.ask or '')}")


def draw_support_part(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> None:
    """The support it has and had, and the support that it gives to others."""
    st.header("Support")
    urn = str(profile.school["urn"])
    rows = ask(school_support_rows, viewer, copy, urn, profile.support)
    if rows.empty:
        st.write("None is recorded.")
    else:
        show_table(
            rows,
            key="support_rows",
            alt="Support of this school, newest first",
            column_config=date_columns("From", "Until", "Last update", "Review"),
        )
    given = ask(support_given_by, viewer, copy, urn)
    if given:
        st.markdown(f"This school helps others: {len(given)} pieces of its support are active.")
        draw_lines(f"{one.system_leader_label or one.provider_name}, number {one.id}" for one, _ in given)
    for slips in dict.fromkeys(slips for _, slips in given if slips):
        st.warning(plain(f"While it helps others: {slips} Ask whether it should go further for now."))
    if viewer.may(Right.SUPPORT):
        query = {"view": "add", "for": profile.school["urn"]}
        draw_link("pages/support.py", label="Add or change support", query_params=query)


def draw_inspection_part(profile: SchoolProfile) -> None:
    """Every inspection, of every era."""
    st.header("Inspections")
    st.caption(
        "Frameworks differ: grades before September 2012, to August 2024, without an overall grade to November "
        "2025, and report cards since are not directly comparable."
    )
    if profile.inspections.empty:
        st.write("Not yet inspected. That is not the same as good.")
        return
    draw_inspections(profile.inspections)
    shown = profile.inspections[
        [
            "start_date",
            "kind",
            "era",
            "answer",
            "found",
            "inherited",
            "mapping",
            "meaning",
            "published_on",
            "source",
            "also_in",
        ]
    ]
    show_table(
        shown,
        key="inspection_rows",
        alt="Inspections, newest first",
        column_config={
            "start_date": st.column_config.DateColumn("Began", format="D MMM YYYY"),
            "published_on": st.column_config.DateColumn("Published", format="D MMM YYYY"),
            "kind": "Kind",
            "era": "Framework",
            "answer": "In our terms",
            "found": "What was found",
            "inherited": "Predecessor's",
            "mapping": "Mapping row",
            "meaning": "Which means",
            "source": "File and row",
            "also_in": "Also in",
        },
    )
    with st.expander("Where they stand in the files"):
        for one in profile.inspections.itertuples():
            link_to_row(f"{one.source} ({in_words(one.start_date)})", one.release_id, int(one.source_row))
    if profile.contradictions:
        st.markdown("**Files differ about these inspections.** Nothing is averaged: one is used, for the reason given.")
        for sentence in profile.contradictions:
            st.markdown(f"- {plain(sentence)}")
