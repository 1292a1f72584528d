"""Similar schools on the profile: what similar means, where the school stands, and the list."""

import streamlit as st

from pages.components.downloads import draw_downloads
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import draw_lines, plain
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.similar import similar_schools

_ONE = st.column_config.NumberColumn(format="%.1f")
_WHOLE = st.column_config.NumberColumn(format="%.0f")
_TWO = st.column_config.NumberColumn(format="%.2f")
_COLUMNS = {
    "Nearest": st.column_config.NumberColumn(width=70),
    "School": st.column_config.TextColumn(pinned=True, width=230),
    "Distance": st.column_config.NumberColumn(format="%.2f", width=80, help="In standard deviations; 0 is the same"),
    "Disadvantaged %": _ONE,
    "EAL %": _ONE,
    "Year group": _WHOLE,
    "Prior attainment": _ONE,
    "Settled %": _WHOLE,
    "RWM %": _WHOLE,
    "RWM disadv. %": _WHOLE,
    "Attainment 8": _ONE,
    "Progress 8": _TWO,
    "Grade 5 E+M %": _WHOLE,
    "Persist. absent %": _ONE,
}


def draw_similar_part(viewer: Viewer, copy: Copy, urn: str) -> None:
    """The school among its similar schools."""
    st.header("Similar schools")
    found = ask(similar_schools, viewer, copy, urn)
    if found.why_none:
        st.write(found.why_none)
        return
    st.write(plain(found.definition))
    st.caption(
        "In the rules the comparison can take a point away, where similar schools do no better; it never adds one. In "
        "the order of the schools, which decides no level, its place among them counts for and against it."
    )
    show_table(
        found.standing,
        key="similar_standing",
        alt="Where the school stands among its similar schools, by measure",
        column_config={"This school": _TWO, "Average of similar schools": _TWO},
    )
    draw_lines([*found.intake, *found.notes])
    show_table(
        found.schools,
        key="similar_schools",
        height=360,
        alt="The similar schools, the nearest first, with their intake and figures",
        column_config=_COLUMNS,
    )
    draw_downloads(found.schools, f"similar_schools_{urn}", found.about)
