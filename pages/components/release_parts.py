"""Releases: what is loaded, taking one out, bringing it back, and what was done to the data by whom."""

from collections.abc import Sequence

import streamlit as st

from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.data import Release, release_facts, releases_table, source_title
from risk_model.services.withdrawing import (
    WithdrawnRelease,
    data_acts,
    restore_release,
    withdraw_release,
    withdrawn_releases,
)


def draw_message() -> None:
    """What the last change to the data did; kept over the rerun that shows it."""
    message = st.session_state.pop("data_message", None)
    if message:
        st.success(plain(message))


def _done(message: str) -> None:
    st.session_state["data_message"] = message
    st.rerun()


def draw_releases(viewer: Viewer, copy: Copy, loaded: Sequence[Release]) -> None:
    """Every release: those that count, a chosen one in full with the way to take it out, and those taken out."""
    withdrawn = ask(withdrawn_releases, viewer, copy)
    out = {one.release.release_id for one in withdrawn}
    standing = [release for release in loaded if release.release_id not in out]
    if not standing:
        st.write("Nothing is loaded that counts. Bring files in first.")
    else:
        show_table(
            releases_table(standing),
            key="releases",
            alt="Releases by source and date",
            column_config=date_columns("Counts from", "Imported"),
        )
        # a box, not a row of the table: it is reached and read without a mouse, too
        by_id = {release.release_id: release for release in standing}
        chosen = st.selectbox(
            "See more of a release, or withdraw it",
            list(by_id),
            index=None,
            key="release_chosen",
            format_func=lambda one: (
                f"{source_title(by_id[one].source_id)}, {by_id[one].label}, {by_id[one].original_name}"
            ),
            placeholder="Choose a release",
        )
        if chosen in by_id:
            _draw_release(viewer, copy, by_id[chosen])
    _draw_withdrawn(viewer, copy, withdrawn)
    acts = ask(data_acts, viewer, copy)
    with st.expander(f"What was done to the data by hand ({len(acts)})"):
        if acts.empty:
            st.write("No release was withdrawn, and no earlier build shown.")
        else:
            show_table(
                acts,
                key="data_acts",
                alt="Releases withdrawn and restored, builds shown, newest first",
            )


def _draw_release(viewer: Viewer, copy: Copy, release: Release) -> None:
    with st.container(border=True):
        st.header(plain(f"{source_title(release.source_id)}, {release.label}"))
        draw_lines(f"{name}: {text}" for name, text in release_facts(release))
        if release.problems:
            st.markdown("**To note**")
            draw_lines(release.problems)
        if not viewer.may(Right.LOAD):
            return
        with st.form(f"withdraw_{release.release_id}"):
            st.write("A withdrawn release counts no longer from the next build on. It stays here, and can be restored.")
            reason = st.text_input("Why it should not count", max_chars=500)
            if not st.form_submit_button("Withdraw this release"):
                return
        try:
            withdraw_release(viewer, copy, release.release_id, reason)
        except RiskModelError as error:
            st.error(plain(error))
            return
    _done(f"{release.release_id} is withdrawn. Build anew, under Builds, to judge the schools without it.")


def _draw_withdrawn(viewer: Viewer, copy: Copy, withdrawn: Sequence[WithdrawnRelease]) -> None:
    if not withdrawn:
        return
    st.header(f"Withdrawn ({len(withdrawn)})")
    for one in withdrawn:
        release, why = one.release, one.withdrawal
        with st.container(border=True):
            st.markdown(f"**{plain(source_title(release.source_id))}, {plain(release.label)}**")
            st.caption(plain(f"{release.original_name}, {release.schools:,} schools, {release.release_id}"))
            st.markdown(
                plain(f"Withdrawn by {why.withdrawn_by} on {why.withdrawn_at:%d/%m/%Y}: {why.reason}"),
            )
            if not viewer.may(Right.LOAD):
                continue
            with st.form(f"restore_{release.release_id}"):
                reason = st.text_input("Why it should count again", max_chars=500)
                is_wanted = st.form_submit_button("Restore this release")
        if is_wanted:
            try:
                restore_release(viewer, copy, release.release_id, reason)
            except RiskModelError as error:
                st.error(plain(error))
                return
            _done(f"{release.release_id} is restored. Build anew, under Builds, to judge the schools with it.")
