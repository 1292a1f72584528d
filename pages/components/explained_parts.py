"""A school's levels explained: direction of travel, what would change them, how firm they are, text for a report."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.answers import Aside
from pages.components.session import ask
from pages.components.url import put_into_url, take_from_url
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.comparing import SchoolMoves, school_moves
from risk_model.services.copy import Copy
from risk_model.services.explaining import Explanation, changes_titled, explained, report_paragraph, school_explanation
from risk_model.services.preparing import Build, kept_builds
from risk_model.services.profile import SchoolProfile

Explanations = Mapping[str, Explanation]


def draw_since(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> SchoolMoves | None:
    """What moved since an earlier build that the user chooses; it stands in the URL."""
    kept = {str(one.number): one for one in ask(kept_builds, viewer, copy.data) if one.number != copy.build.number}
    if not kept:
        return None
    take_from_url("since", {"since": list(kept)})
    chosen = st.selectbox(
        "Compare with an earlier build",
        list(kept),
        index=None,
        key="since",
        format_func=lambda one: _named(kept[one]),
        placeholder="Choose a build",
        width=420,
    )
    put_into_url("since", ["since"])
    if chosen is None:
        return None
    try:
        moves = ask(school_moves, viewer, copy.data, chosen, copy.build.build_id, str(profile.school["urn"]))
    except RiskModelError as error:
        st.error(plain(error))
        return None
    draw_lines(f"{card.title}. {moves.sentence_of(card.statement)}" for card in profile.cards)
    st.caption(plain(f"What differs between the two builds: {' '.join(moves.differences)}"))
    return moves


def _named(build: Build) -> str:
    return f"build {build.number}, as at {in_words(build.as_at)}, rules {build.rule_set}"


def draw_explanations(
    viewer: Viewer, copy: Copy, profile: SchoolProfile, slots: Sequence[DeltaGenerator]
) -> Explanations | None:
    """How firm each level is and what would change it, each in the slot of its card; None where it cannot be said.

    Asked for last, after the rest of the page is drawn: some hundred judgings take a moment.
    """
    try:
        with st.spinner("Trying what would change the levels"):
            found = ask(_explanations, viewer, copy, str(profile.school["urn"]), Aside(profile))
    except RiskModelError as error:
        st.warning(plain(error))
        return None
    for card, slot in zip(profile.cards, slots, strict=True):
        with slot:
            _draw_explanation(found[card.statement])
    return found


# what a profile says of a build and a school never changes, but for what people recorded, which does not enter here
def _explanations(viewer: Viewer, copy: Copy, urn: str, profile: Aside) -> dict[str, Explanation]:
    del urn
    return school_explanation(viewer, copy, profile.one)


def _draw_explanation(one: Explanation) -> None:
    st.caption(plain(f"How firm it is: {one.firmness}"))
    with st.expander("What would change it"):
        for title, sentences in changes_titled(one):
            st.markdown(f"**{title}**")
            draw_lines(sentences)
        st.caption(
            "The fewest figures that would have to be others, everything else as it is: found by judging the school "
            "anew by the rules of this build. It is not advice, and never asks for another intake."
        )


def draw_report_text(profile: SchoolProfile, explanations: Explanations | None, since: SchoolMoves | None) -> None:
    """The same in plain text, to copy into a report: in brief, and whole."""
    with st.expander("Text for a report"):
        if explanations is None:
            st.write("It cannot be written without what would change the levels.")
            return
        st.code(report_paragraph(profile, explanations, since), language=None, wrap_lines=True)
    with st.expander("Every rule as text"):
        st.code(explained(profile, explanations, since), language=None, wrap_lines=True)
