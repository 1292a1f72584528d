"""The sandbox: other numbers, and at once what they would change. The rules themselves stay as they are."""

import streamlit as st

from pages.components.downloads import draw_file
from pages.components.moved_parts import draw_moved
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import plain
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.sandbox import (
    Change,
    Control,
    Firmness,
    Number,
    changes_in_words,
    entitlement_days,
    entitlement_texts,
    firmness,
    number_tried,
    read_changes,
    read_entitlement,
    sandbox_controls,
    trial_rules,
    try_changes,
    with_number,
)
from risk_model.services.scope import Scope


def draw_sandbox(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Choose numbers, then see who enters and leaves, how firm the list is, and what it means in work."""
    take_from_url("sandbox", {}, {"change": None, "days": None})
    st.markdown(
        "Try other numbers. **Nothing here changes the rules or the build:** the schools in scope are judged anew, "
        "beside it. The link of this page holds what is tried, so it can be shared."
    )
    read = read_changes(viewer, copy, st.session_state.get("change") or [])
    st.session_state["change"] = [one.code for one in read.changes]
    for refusal in read.refused:
        st.warning(plain(refusal))
    left, right = st.columns([3, 2])
    with left:
        _draw_controls(ask(sandbox_controls, viewer, copy))
    with right:
        _draw_tried(viewer, copy, read.changes)
        days = _draw_days(viewer)
    put_into_url("sandbox", ["change", "days"])
    if not read.changes:
        st.info("Nothing is tried yet: choose a rule above and change one of its numbers.")
        return
    with st.spinner("Judging the schools by the rules that are tried"):
        seen = ask(try_changes, viewer, copy, scope, read.changes)
    draw_moved(viewer, copy, scope, seen, "sandbox", days)
    with st.spinner("Moving each number a little"):
        firm = ask(firmness, viewer, copy, scope, read.changes)
    _draw_firmness(firm)


def _draw_controls(controls: dict[str, Control]) -> None:
    st.header("What to try")
    chosen = st.selectbox(
        "Rule, or the levels of a statement",
        list(controls),
        key="sandbox_rule",
        format_func=lambda one: controls[one].title if one in controls else one,
    )
    control = controls[chosen]
    for first in range(0, len(control.numbers), 2):
        pair = control.numbers[first : first + 2]
        if pair[0].test_no:
            st.caption(f"Threshold {pair[0].test_no}: {plain(pair[0].help)}")
        for column, number in zip(st.columns(2), pair, strict=False):
            with column:
                _draw_number(number)
    if control.off:
        key = f"try_{control.off}"
        st.session_state[key] = control.off not in st.session_state["change"]
        st.toggle("This rule counts", key=key, on_change=_switch, args=(control.off, key))


def _draw_number(number: Number) -> None:
    key = f"try_{number.place}"
    st.session_state[key] = number_tried(st.session_state["change"], number)
    st.number_input(
        number.label,
        min_value=number.least,
        max_value=number.most,
        step=number.step,
        format="%g",
        # what a threshold compares stands above it
        help=None if number.test_no else plain(number.help),
        key=key,
        on_change=_try,
        args=(number, key),
    )


def _try(number: Number, key: str) -> None:
    st.session_state["change"] = with_number(st.session_state["change"], number, st.session_state[key])


def _switch(off: str, key: str) -> None:
    others = [code for code in st.session_state["change"] if code != off]
    st.session_state["change"] = others if st.session_state[key] else [*others, off]


def _take_back(code: str | None) -> None:
    st.session_state["change"] = [one for one in st.session_state["change"] if code is not None and one != code]


def _draw_tried(viewer: Viewer, copy: Copy, changes: tuple[Change, ...]) -> None:
    st.header("What is tried")
    if not changes:
        st.caption("Nothing yet.")
        return
    for one, words in zip(changes, changes_in_words(viewer, copy, changes), strict=True):
        text, button = st.columns([2, 1], vertical_alignment="center")
        text.markdown(plain(words))
        button.button(f"Undo {one.of}", key=f"back_{one.code}", on_click=_take_back, args=(one.code,))
    with st.container(horizontal=True):
        st.button("Undo all", key="back_all", on_click=_take_back, args=(None,))
        draw_file(
            "Save as a rule set (TOML)",
            lambda: trial_rules(viewer, copy, changes),
            "rules_trial.toml",
            "application/toml",
            key="save_trial",
            meaning="`python -m risk_model build --rules rules_trial.toml` judges every school by it.",
        )


def _draw_days(viewer: Viewer) -> dict[str, float]:
    """Days of entitlement by place: declared, and the user's to change."""
    declared = ask(entitlement_days, viewer)
    given = read_entitlement(st.session_state.get("days") or [])
    chosen = {}
    with st.expander("Days of support in a year, by place"):
        st.caption("No law and no national rule sets them. They are for schools that the local authority maintains.")
        for place, (days, why) in declared.items():
            key = f"days_of_{place}"
            st.session_state[key] = given.get(place, st.session_state.get(key, days))
            chosen[place] = st.number_input(
                place.capitalize(), 0.0, 365.0, step=0.5, format="%g", help=plain(why), key=key, on_change=_forget_days
            )
    st.session_state["days"] = entitlement_texts(chosen)
    return chosen


def _forget_days() -> None:
    """A number that was just chosen wins over the link's."""
    st.session_state["days"] = []


# a build never changes, and records have no part in its judgements
def _draw_firmness(seen: Firmness) -> None:
    st.header("How firm the list is")
    st.markdown(plain(seen.sentence))
    if len(seen.table):
        show_table(
            seen.table,
            key="firmness",
            column_config={"Moved to": st.column_config.NumberColumn(format="%g")},
            alt="Priority schools when one changed number is moved a little",
        )
        st.caption(
            "A little is half of what the rule calls a near miss; where it has none, the step that is declared for its "
            "unit. Both are our choice."
        )
