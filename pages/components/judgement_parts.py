"""Three judgements side by side on a school's profile, and the forms in which people record theirs."""

import streamlit as st

from pages.components.as_opened import as_opened, forget_opened
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_level, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.domain.words import STATEMENT_TITLES, Level, Statement, level_in_words
from risk_model.services.copy import Copy
from risk_model.services.judgement_changes import (
    NewComment,
    NewView,
    add_comment,
    add_view,
    change_view,
    evidence_choices,
    latest_review,
    withdraw_comment,
    withdraw_view,
)
from risk_model.services.judgements import AdviserView, HeadComment, Layers, SchoolJudgements, views_table

_MESSAGE = "judgement_message"
_WHOLE_SCHOOL = "the school as a whole"
_NOT_A_NAME = "A role or a label, such as School improvement adviser 3; never a person's name."


def draw_layers_briefly(layers: Layers) -> None:
    """What people judge beside the computed level, a line each; nothing where nobody has."""
    view, agreed = layers.view, layers.agreed
    if view is not None and layers.has_lapsed:
        st.markdown(f"Adviser: view lapsed on {in_words(view.review_by)}; the computed level stands alone")
    elif view is not None:
        st.markdown(
            f"Adviser: **{plain(level_in_words(view.level))}** to {in_words(view.review_by)}"
            f"{', **differs**' if layers.adviser_disagrees else ''}"
        )
    if agreed is not None:
        st.markdown(
            f"Core group: **{plain(level_in_words(agreed.level))}** agreed on {in_words(agreed.held_on)}"
            f"{', **differs**' if layers.agreed_differs else ''}"
        )


def draw_judgements(viewer: Viewer, copy: Copy, urn: str, judgements: SchoolJudgements) -> None:
    """The computed level, the adviser's view and the core group's judgement of each statement; then the forms."""
    st.header("Judgements side by side")
    message = st.session_state.pop(_MESSAGE, None)
    if message:
        st.success(message)
    st.caption(
        "The three never change one another. An adviser's view ends on its review-by date, at most a year after it was "
        "made; from then on the computed level stands alone."
    )
    for layers in judgements.statements:
        _draw_statement(layers)
    _draw_comments(judgements.comments)
    _draw_all_views(judgements)
    if viewer.may(Right.JUDGE):
        _draw_forms(viewer, copy, urn, judgements)


def _draw_statement(layers: Layers) -> None:
    with st.container(border=True):
        st.markdown(f"### {layers.title}")
        computed, adviser, group = st.columns(3)
        with computed:
            st.markdown("**Computed**")
            draw_level(layers.computed)
            st.caption(plain(f"As at {in_words(layers.computed_on)}, rules {layers.rule_set}"))
        with adviser:
            st.markdown("**Adviser's view**")
            _draw_view(layers)
        with group:
            st.markdown("**Agreed by the core group**")
            _draw_agreed(layers)
        _draw_comments(layers.comments)


def _draw_comments(comments: tuple[HeadComment, ...]) -> None:
    for comment in comments:
        st.markdown(f"**{plain(comment.made_by)}** says ({in_words(comment.made_on)}): {plain(comment.comment)}")


def _draw_view(layers: Layers) -> None:
    view = layers.view
    if view is None:
        st.write("No view is recorded.")
        return
    if layers.has_lapsed:
        st.markdown(f"Lapsed on {in_words(view.review_by)}; it was {plain(level_in_words(view.level))}.")
    else:
        draw_level(view.level)
        _draw_whether_it_differs(differs=layers.adviser_disagrees)
    st.markdown(plain(view.reason))
    for piece in view.evidence:
        st.markdown(f"- {plain(piece.kind.value.capitalize())}: {plain(piece.description)}")
    end = "" if layers.has_lapsed else f"; review by {in_words(view.review_by)}"
    st.caption(plain(f"By {view.made_by}, {in_words(view.made_on)}{end}"))


def _draw_agreed(layers: Layers) -> None:
    agreed = layers.agreed
    if agreed is None:
        st.write("No level agreed.")
        return
    draw_level(agreed.level)
    _draw_whether_it_differs(differs=layers.agreed_differs)
    st.markdown(plain(agreed.outcome.reason or "No reason is recorded."))
    review_by = agreed.outcome.review_by
    due = f"; review {'was ' if layers.agreed_review_is_over else ''}due {in_words(review_by)}" if review_by else ""
    st.caption(plain(f"Core group of {agreed.locality}, {in_words(agreed.held_on)}{due}"))


def _draw_whether_it_differs(*, differs: bool) -> None:
    st.markdown("◆ **Differs from the computed level**" if differs else "The same as the computed level")


def _draw_all_views(judgements: SchoolJudgements) -> None:
    table = views_table(judgements)
    if table.empty:
        return
    with st.expander(f"Every adviser's view ({len(table)})"):
        show_table(
            table,
            key="views",
            column_config=date_columns("Made on", "Review by"),
            alt="Every adviser's view of this school, by statement, newest first, with how each stands",
        )


def _draw_forms(viewer: Viewer, copy: Copy, urn: str, judgements: SchoolJudgements) -> None:
    views = {view.id: view for layers in judgements.statements for view, _ in layers.views}
    said = [*judgements.comments, *(comment for layers in judgements.statements for comment in layers.comments)]
    comments = {comment.id: comment for comment in said}
    with st.expander("Record an adviser's view"):
        _draw_new_view(viewer, copy, urn)
    if views:
        with st.expander("Change or withdraw an adviser's view"):
            _draw_change(viewer, copy, views)
    with st.expander("Record what the head says"):
        _draw_new_comment(viewer, copy, urn)
    if comments:
        with st.expander("Withdraw a head's comment"):
            _draw_withdraw_comment(viewer, copy, comments)


def _draw_new_view(viewer: Viewer, copy: Copy, urn: str) -> None:
    choices = ask(evidence_choices, viewer, copy, urn)
    with st.form(f"new_view_{urn}"):
        left, right = st.columns(2)
        with left:
            statement = st.selectbox("Statement", list(STATEMENT_TITLES), format_func=lambda one: STATEMENT_TITLES[one])
            level = st.selectbox("Level", list(Level), index=None, format_func=level_in_words, placeholder="Choose")
            made_by = st.text_input("Made by", max_chars=100, help=_NOT_A_NAME)
        with right:
            made_on = st.date_input("Made on", value=copy.build.as_at, format="DD/MM/YYYY")
            review_by = st.date_input(
                "Review by",
                value=None,
                format="DD/MM/YYYY",
                help="On this day the view lapses to the computed level. At most a year after it was made: "
                f"{in_words(latest_review(copy.build.as_at))} for a view of {in_words(copy.build.as_at)}.",
            )
        reason = st.text_area("Reason", max_chars=2000, help="What the rules do not see, or weigh wrongly.")
        linked = st.multiselect(
            "Evidence that is recorded here",
            list(choices),
            key="view_evidence",
            format_func=lambda code: choices[code].description,
            placeholder="Lines that the LA holds, inspections, support",
        )
        document = st.text_area(
            "Evidence in a document", max_chars=1000, help="What it is, its date, and where it is kept."
        )
        st.caption(
            "A view needs at least one piece of evidence. One dated after the date of this build shows with the next."
        )
        if not st.form_submit_button("Record the view", type="primary"):
            return
    if level is None or review_by is None:
        st.error("Choose a level and the day of the review.")
        return
    new = NewView(urn, statement, level, reason, made_by, made_on, review_by, tuple(linked), document)
    try:
        number = add_view(viewer, copy, new)
    except RiskModelError as error:
        st.error(plain(error))
        return
    _done(f"Adviser's view number {number} was recorded.")


def _draw_change(viewer: Viewer, copy: Copy, views: dict[int, AdviserView]) -> None:
    number = st.selectbox("View", list(views), key="view_to_change", format_func=lambda one: _named(views[one]))
    view = as_opened("view", number, views[number])
    with st.form(f"change_view_{view.id}"):
        reason = st.text_area("Reason", value=view.reason, max_chars=2000)
        review_by = st.date_input(
            "Review by",
            value=view.review_by,
            format="DD/MM/YYYY",
            help=f"At most a year after it was made: {in_words(latest_review(view.made_on))}.",
        )
        why = st.text_input("Why this is changed or withdrawn", max_chars=500)
        st.caption("Another level is another view: record a new one, and it takes this one's place.")
        with st.container(horizontal=True):
            changes = st.form_submit_button("Save the change", type="primary")
            withdraws = st.form_submit_button("Withdraw the view")
    if not changes and not withdraws:
        return
    try:
        if withdraws:
            withdraw_view(viewer, copy, view.id, view.version, why)
        else:
            change_view(viewer, copy, view.id, view.version, {"reason": reason, "review_by": review_by}, why or None)
    except RiskModelError as error:
        st.error(plain(error))
        return
    _done(f"Adviser's view number {view.id} was {'withdrawn' if withdraws else 'changed'}.")


def _named(view: AdviserView) -> str:
    title = STATEMENT_TITLES[view.statement]
    return f"{view.id}: {title}, {level_in_words(view.level)}, {in_words(view.made_on)}"


def _draw_new_comment(viewer: Viewer, copy: Copy, urn: str) -> None:
    with st.form(f"new_comment_{urn}"):
        about = st.selectbox(
            "About",
            [None, *Statement],
            format_func=lambda one: STATEMENT_TITLES[one] if one else _WHOLE_SCHOOL.capitalize(),
        )
        comment = st.text_area("What the head says", max_chars=2000)
        left, right = st.columns(2)
        made_by = left.text_input("Said by", value="Head teacher", max_chars=100, help=_NOT_A_NAME)
        made_on = right.date_input("Said on", value=copy.build.as_at, format="DD/MM/YYYY")
        if not st.form_submit_button("Record the comment", type="primary"):
            return
    try:
        number = add_comment(viewer, copy, NewComment(urn, comment, made_by, made_on, about))
    except RiskModelError as error:
        st.error(plain(error))
        return
    _done(f"Comment number {number} was recorded.")


def _draw_withdraw_comment(viewer: Viewer, copy: Copy, comments: dict[int, HeadComment]) -> None:
    with st.form("withdraw_comment"):
        number = st.selectbox(
            "Comment",
            list(comments),
            format_func=lambda one: f"{one}: {comments[one].made_by}, {in_words(comments[one].made_on)}",
        )
        why = st.text_input("Why it should not be here", max_chars=500)
        if not st.form_submit_button("Withdraw the comment"):
            return
    try:
        withdraw_comment(viewer, copy, number, comments[number].version, why)
    except RiskModelError as error:
        st.error(plain(error))
        return
    _done(f"Comment number {number} was withdrawn.")


def _done(message: str) -> None:
    st.session_state[_MESSAGE] = message
    forget_opened()
    st.rerun()
