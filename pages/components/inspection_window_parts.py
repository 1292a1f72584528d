"""When the next inspection is due, and the target it is judged by, strict and soft, side by side."""

import streamlit as st

from pages.components.session import ask
from pages.components.words import plain
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import OFSTED_DECIDES
from risk_model.services.copy import Copy
from risk_model.services.next_inspection import next_inspection


def draw_inspection_window(viewer: Viewer, copy: Copy, urn: str) -> None:
    """Due by when, by which rules; and both versions of the operational target."""
    found = ask(next_inspection, viewer, copy, urn)
    if found is None:
        return
    with st.container(border=True):
        st.markdown("### When the next inspection is due")
        st.write(plain(found.summary))
        version = f"Rules of {found.rule_version}: " if found.rule_version else ""
        source = f" Source: {found.source}." if found.source else ""
        st.caption(plain(f"{version}{found.why}{source} {OFSTED_DECIDES} {found.known_until}"))
        for column, title, target in zip(st.columns(2), ("Strict target", "Soft target"), found.targets, strict=True):
            with column:
                st.markdown(f"**{title}.** {plain(target)}")
        if found.eras:
            with st.expander("By the rules of each era since the last inspection"):
                for era in found.eras:
                    st.markdown(
                        f"- **{plain(era.rule_version)}**, {plain(era.in_force)}: {plain(era.due)} "
                        f"{plain(era.why)} Source: {plain(era.source)}."
                    )
