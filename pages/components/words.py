"""Small things in words, drawn the same everywhere. Text from files is never markup."""

import re
from collections.abc import Iterable
from typing import Any

import streamlit as st

from risk_model.domain.paths import data_dir
from risk_model.domain.telling import told
from risk_model.domain.words import Level, level_in_words

_COLOURS = {
    Level.UNLIKELY: "red",
    Level.UNCERTAIN: "orange",
    Level.LIKELY: "blue",
    Level.NOT_ENOUGH_EVIDENCE: "gray",
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def plain(text: object) -> str:
    """Text from a file or a user as text: markdown and HTML in it show as they are; an error, as it may be told."""
    shown = safe(text) if isinstance(text, Exception) else str(text)
    return _MARKDOWN.sub(r"\\\1", shown).replace("\n", " ")


def safe(words: object) -> str:
    """What is said of a failure, without where the server keeps its files, or how it asks its database."""
    return told(words, data_dir().root)


def in_chart(text: object) -> str:
    """Text from a file or a user inside a chart: what looks like a tag shows as it is, and is none."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def draw_level(level: str) -> None:
    """A level as word, shape and colour."""
    st.badge(level_in_words(level), color=_COLOURS[Level(level)])


def draw_lines(lines: Iterable[str]) -> None:
    """Lines of text as one list; nothing where there is none."""
    text = "\n".join(f"- {plain(line)}" for line in lines)
    if text:
        st.markdown(text)


def date_columns(*names: str) -> dict[str, Any]:
    """How a table shows these columns: 14 May 2025."""
    return {name: st.column_config.DateColumn(format="D MMM YYYY") for name in names}
