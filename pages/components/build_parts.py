"""Builds: make one, see what it changed, compare two, go back to an earlier one."""

from datetime import date

import pandas as pd
import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.import_parts import forget_result
from pages.components.long_work import draw_stopped, long_work
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.paths import DataDir
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.domain.words import counted
from risk_model.services.comparing import REASONS, about_comparison, compare_builds
from risk_model.services.copy import Build
from risk_model.services.preparing import build_now, go_to_build, kept_builds
from risk_model.services.scope import Scope

_SHOWN_MOVES = 500


def draw_build(viewer: Viewer, data: DataDir, current: Build) -> None:
    """Judge the schools by what is loaded now."""
    st.markdown(f"Shown now: {_named(current)}.")
    if not viewer.may(Right.LOAD):
        _draw_notes(current)
        return
    with st.form("build"):
        as_at = st.date_input(
            "As at", value="today", format="DD/MM/YYYY", help="Only what had been published by then counts."
        )
        is_wanted = st.form_submit_button("Build", type="primary")
    draw_stopped("Building")
    if is_wanted:
        _build(viewer, data, as_at, current)
    _draw_notes(current)


def _build(viewer: Viewer, data: DataDir, as_at: date, current: Build) -> None:
    try:
        with long_work("Building", "The new build is shown from now on", "build"):
            report = build_now(viewer, data, as_at, progress=lambda text: st.write(plain(text)))
    except RiskModelError as error:
        st.error(plain(error))
        return
    st.session_state["built"] = (current.build_id, report.build.build_id, report.set_aside)
    forget_result()
    st.rerun()


def draw_built(viewer: Viewer, data: DataDir, current: Build, scope: Scope) -> None:
    """What the build that this session made has changed, while it is the one that is shown."""
    earlier_id, later_id, _ = st.session_state.get("built", (None, None, ()))
    if later_id != current.build_id:
        return
    _draw_notes(current)
    if earlier_id in {build.build_id for build in ask(kept_builds, viewer, data)}:
        st.header("What it changed")
        _draw_comparison(viewer, data, earlier_id, later_id, scope)


def _draw_notes(current: Build) -> None:
    """That this session made the build that is shown, and what it had to say."""
    _, made, notes = st.session_state.get("built", (None, None, ()))
    if made == current.build_id:
        st.success(f"Build {current.number} is shown from now on.")
        for note in notes:
            st.info(plain(note))


def draw_kept_builds(viewer: Viewer, data: DataDir, current: Build) -> None:
    """The builds that are kept; one of them can be shown instead, with a reason, and left again."""
    st.header("Builds that are kept")
    kept = {build.build_id: build for build in ask(kept_builds, viewer, data)}
    show_table(
        pd.DataFrame(
            {
                "Build": [one.number for one in kept.values()],
                "As at": [one.as_at for one in kept.values()],
                "Rules": [one.rule_set for one in kept.values()],
                "Shown": ["● shown now" if one == current.build_id else "" for one in kept],
            }
        ),
        key="builds",
        alt="The builds that are kept, newest first",
        column_config=date_columns("As at"),
    )
    others = [one for one in kept if one != current.build_id]
    if not others:
        st.caption("There is no other build yet.")
        return
    if not viewer.may(Right.LOAD):
        return
    with st.form("show_build"):
        chosen = st.selectbox("Show another build", others, format_func=lambda one: _named(kept[one]))
        reason = st.text_input("Why", max_chars=500, placeholder="For example: the newest build read a wrong file")
        if not st.form_submit_button("Show this build"):
            return
    try:
        shown = go_to_build(viewer, data, chosen, reason)
    except RiskModelError as error:
        st.error(plain(error))
        return
    st.session_state["data_message"] = f"Build {shown.number} is shown from now on. The way back is the same."
    st.rerun()


def draw_compare(viewer: Viewer, data: DataDir, current: Build, scope: Scope) -> None:
    """Two builds that the user chooses, side by side."""
    st.header("Compare two builds")
    kept = {build.build_id: build for build in ask(kept_builds, viewer, data)}
    if len(kept) < 2:
        st.caption("There is one build: after the next one, the two can be compared.")
        return
    ids = list(kept)
    before = ids.index(current.build_id) + 1 if current.build_id in ids else 1
    left, right = st.columns(2)
    earlier = left.selectbox(
        "From", ids, index=min(before, len(ids) - 1), format_func=lambda one: _named(kept[one]), key="compare_from"
    )
    later = right.selectbox(
        "To",
        ids,
        index=ids.index(current.build_id) if current.build_id in ids else 0,
        format_func=lambda one: _named(kept[one]),
        key="compare_to",
    )
    if earlier == later:
        st.caption("Choose two different builds.")
        return
    _draw_comparison(viewer, data, earlier, later, scope)


def _named(build: Build) -> str:
    return f"build {build.number}, as at {in_words(build.as_at)}, rules {build.rule_set}"


# the builds never change; a withdrawal does, and stands in the lake's state


def _draw_comparison(viewer: Viewer, data: DataDir, earlier: str, later: str, scope: Scope) -> None:
    try:
        with st.spinner("Comparing the builds"):
            seen = ask(compare_builds, viewer, data, earlier, later, scope)
    except RiskModelError as error:
        st.error(plain(error))
        return
    st.markdown(f"**{seen.sentence}** In the scope above.")
    draw_lines(seen.differences)
    left, right = st.columns(2)
    with left:
        st.markdown("**What moved**")
        show_table(seen.directions, key=f"directions_{later}", alt="Moves by what moved")
    with right:
        st.markdown("**Why** (a school may have several reasons)")
        found = {reason: n for reason, n in seen.reasons.items() if n}
        draw_lines(f"{count:,} {reason}: {REASONS[reason]}" for reason, count in found.items())
        if not found:
            st.caption("No school moved.")
    if len(seen.releases):
        with st.expander(f"{counted(len(seen.releases), 'release')} that only one of the builds read"):
            show_table(
                seen.releases,
                key=f"only_one_{later}",
                alt="Releases that only one of the builds read",
                column_config=date_columns("Counts from"),
            )
    if len(seen.moves):
        show_table(
            seen.moves.head(_SHOWN_MOVES),
            key=f"moves_{later}",
            alt="Schools that moved, the worse first",
        )
        if len(seen.moves) > _SHOWN_MOVES:
            st.caption(f"The first {_SHOWN_MOVES} of {len(seen.moves):,} moves; the export has them all.")
    draw_downloads(
        seen.moves,
        f"build_{seen.earlier.number}_to_{seen.later.number}",
        about_comparison(viewer, seen, date.today()),
        disabled=seen.moves.empty,
    )
