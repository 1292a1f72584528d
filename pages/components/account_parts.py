"""Schools in and schools out: what came of every school of the registers, and whose figures each source has."""

import streamlit as st

from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import date_columns, plain
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.identity import (
    evidence_accounts,
    evidence_table,
    left_out_schools,
    registers_table,
    school_accounts,
)


def draw_accounts(viewer: Viewer, copy: Copy) -> None:
    """The sum of schools in and out; on request release by release, the schools left out, the sources' schools."""
    accounts = ask(school_accounts, viewer, copy)
    st.header("Schools in, schools out")
    st.markdown(f"**{plain(accounts.sentence)}**")
    if not st.toggle("Show each register, the schools left out, and whose figures each source has", key="accounts"):
        return
    show_table(ask(registers_table, accounts), key="account_registers", alt="What came of each register's rows")
    if accounts.left_out:
        show_table(
            ask(left_out_schools, viewer, copy),
            key="account_left_out",
            alt="Schools left out, each with the reason and its row",
            column_config=date_columns("Closed on"),
        )
    with st.spinner("Counting the schools of each source"):
        evidence = ask(evidence_accounts, viewer, copy)
    show_table(
        ask(evidence_table, evidence),
        key="account_evidence",
        alt="Schools of each source: of today, before one of today, left out, closed or unknown",
    )
