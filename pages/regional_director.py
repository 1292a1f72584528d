"""Regional director (RSC): academies at risk, by trust, and what has been raised."""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import copy, viewer
from pages.components.words import date_columns, plain
from risk_model.domain.words import NOT_A_PREDICTION, Priority
from risk_model.services.regional_director import academies_at_risk, raised_table
from risk_model.services.scope import licence_line

scope = draw_scope_line()
st.title("Regional director (RSC)")
st.write(
    "Academies and free schools at risk in this local authority. The LA has no intervention powers there: it "
    "talks with the trust, and raises its concern with the DfE regional director, formerly the RSC."
)
chosen = st.multiselect("Which places", [p.value for p in Priority], default=[Priority.PRIORITY.value], key="places")
found = academies_at_risk(viewer(), copy(), scope, tuple(chosen))
st.markdown(
    f"**{len(found.table)}** academies of **{len(found.trusts)}** trusts; **{found.not_raised}** not raised yet."
)
if found.table.empty:
    st.info("No academy in this scope stands at these places.")
for number, trust in enumerate(found.trusts):
    with st.container(border=True):
        st.header(plain(trust.trust_name))
        st.caption(f"{len(trust.academies)} of its {trust.in_la} academies in this local authority")
        st.dataframe(
            trust.shown,
            hide_index=True,
            key=f"trust_{number}",
            alt=f"Academies at risk of {trust.trust_name}",
            column_config=date_columns("Raised on"),
        )
draw_downloads(
    found.table,
    "academies_at_risk",
    [f"Academies at risk as at {copy().build.as_at:%d/%m/%Y}", NOT_A_PREDICTION, licence_line(viewer(), copy())],
    disabled=found.table.empty,
)
st.header("Raised so far")
if found.raised:
    st.dataframe(
        raised_table(viewer(), copy(), found.raised),
        hide_index=True,
        key="raised",
        column_config=date_columns("Raised on", "Next date"),
        alt="Academies raised, and the answers",
    )
else:
    st.write("Nothing has been raised.")
draw_source_line()
