"""Drawing recorded elements with Streamlit's own functions, as a page without any service behind it would."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.Checkbox_pb2 import Checkbox
from streamlit.proto.Markdown_pb2 import Markdown

from risk_model.domain.paths import PROJECT
from tests.benchmarks.recorded import Node, read_page

Pages = Mapping[str, StreamlitPage]
Draw = Callable[[DeltaGenerator], object]
_HEADINGS = {"h1": "title", "h2": "header", "h3": "subheader"}
_ALERTS = {Alert.ERROR: "error", Alert.WARNING: "warning", Alert.INFO: "info", Alert.SUCCESS: "success"}


def share_pages(pages: Pages) -> None:
    """Tell this session's run to which pages of the app links may lead."""
    st.session_state["bare_pages"] = pages


def draw_page(path: str) -> None:
    """Draw a recorded page."""
    _Drawing(st.session_state["bare_pages"]).draw_all(st._main, _nodes(path))


@st.cache_resource(show_spinner=False)
def _nodes(path: str) -> tuple[Node, ...]:
    return read_page(Path(path))


class _Drawing:
    """One run: counts the inputs, so that each has a key."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._first = next(iter(pages.values()))
        self._number = 0

    def draw_all(self, into: DeltaGenerator, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            if node.children or node.kind in _CONTAINERS:
                self._draw_container(into, node)
            else:
                self._draw_element(into, node)

    def _key(self) -> str:
        self._number += 1
        return f"bare_{self._number}"

    def _draw_container(self, into: DeltaGenerator, node: Node) -> None:
        kinds = {child.kind for child in node.children}
        if kinds == {"column"}:
            weights = [child.proto.column.weight for child in node.children]
            for place, child in zip(into.columns(weights), node.children, strict=True):
                self.draw_all(place, child.children)
        elif node.kind == "tab_container":
            names = [child.proto.tab.label for child in node.children]
            if names:
                tabs = into.tabs(names, key=self._key(), on_change="rerun" if node.proto.tab_container.id else "ignore")
                for place, child in zip(tabs, node.children, strict=True):
                    self.draw_all(place, child.children)
        elif node.kind == "expandable":
            self.draw_all(into.expander(node.proto.expandable.label), node.children)
        elif node.kind == "form":
            self.draw_all(into.form(self._key()), node.children)
        else:
            flex = node.proto.flex_container
            across = node.kind == "flex_container" and flex.direction == flex.HORIZONTAL
            self.draw_all(into.container(border=flex.border, horizontal=across), node.children)

    def _draw_element(self, into: DeltaGenerator, node: Node) -> None:
        if node.made is not None:
            getattr(self, f"_{node.kind}")(into, node.proto, node.made)
        else:
            getattr(self, f"_{node.kind}")(into, node.proto)

    def _markdown(self, into: DeltaGenerator, one: Any) -> None:
        if one.element_type == Markdown.Type.CAPTION:
            into.caption(one.body)
        elif one.element_type == Markdown.Type.DIVIDER:
            into.divider()
        else:
            into.markdown(one.body)

    def _heading(self, into: DeltaGenerator, one: Any) -> None:
        getattr(into, _HEADINGS[one.tag])(one.body)

    def _alert(self, into: DeltaGenerator, one: Any) -> None:
        getattr(into, _ALERTS[one.format])(one.body)

    def _progress(self, into: DeltaGenerator, one: Any) -> None:
        into.progress(one.value, text=one.text)

    def _code(self, into: DeltaGenerator, one: Any) -> None:
        into.code(one.code_text, language=one.language or None)

    def _text(self, into: DeltaGenerator, one: Any) -> None:
        into.text(one.body)

    def _metric(self, into: DeltaGenerator, one: Any) -> None:
        into.metric(one.label, one.body, one.delta or None)

    def _empty(self, into: DeltaGenerator, one: Any) -> None:
        into.empty()

    def _page_link(self, into: DeltaGenerator, one: Any) -> None:
        query = dict(part.split("=", 1) for part in one.query_string.split("&") if "=" in part)
        into.page_link(self._pages.get(one.page, self._first), label=one.label, query_params=query)

    def _dataframe(self, into: DeltaGenerator, one: Any, made: Any) -> None:
        into.dataframe(
            made,
            column_config=json.loads(one.columns or "{}"),
            key=self._key(),
            on_select="rerun" if one.id else "ignore",
            alt=one.alt or None,
            placeholder=one.placeholder or None,
        )

    def _table(self, into: DeltaGenerator, one: Any, made: Any) -> None:
        into.table(made)

    def _plotly_chart(self, into: DeltaGenerator, one: Any, made: Any) -> None:
        into.plotly_chart(made, config=json.loads(one.config or "{}"), key=self._key(), alt=one.alt or None)

    def _button(self, into: DeltaGenerator, one: Any) -> None:
        if one.is_form_submitter:
            into.form_submit_button(one.label, key=self._key(), disabled=one.disabled)
        else:
            into.button(one.label, key=self._key(), disabled=one.disabled)

    def _download_button(self, into: DeltaGenerator, one: Any) -> None:
        into.download_button(one.label, lambda: b"", "nothing.txt", key=self._key(), disabled=one.disabled)

    def _selectbox(self, into: DeltaGenerator, one: Any) -> None:
        options = list(one.options)
        at = one.default if one.HasField("default") else None
        if one.set_value:
            at = options.index(one.raw_value) if one.raw_value in options else None
        into.selectbox(
            one.label, options, at, key=self._key(), placeholder=one.placeholder or None, disabled=one.disabled
        )

    def _multiselect(self, into: DeltaGenerator, one: Any) -> None:
        chosen = list(one.raw_values) if one.set_value else [one.options[number] for number in one.default]
        into.multiselect(one.label, list(one.options), chosen, key=self._key(), placeholder=one.placeholder or None)

    def _text_input(self, into: DeltaGenerator, one: Any) -> None:
        into.text_input(one.label, one.value or one.default, key=self._key(), placeholder=one.placeholder or None)

    def _text_area(self, into: DeltaGenerator, one: Any) -> None:
        into.text_area(one.label, one.value or one.default, key=self._key(), placeholder=one.placeholder or None)

    def _checkbox(self, into: DeltaGenerator, one: Any) -> None:
        draw = into.toggle if one.type == Checkbox.StyleType.TOGGLE else into.checkbox
        draw(one.label, one.value if one.set_value else one.default, key=self._key(), disabled=one.disabled)

    def _radio(self, into: DeltaGenerator, one: Any) -> None:
        into.radio(one.label, list(one.options), key=self._key(), horizontal=one.horizontal)

    def _slider(self, into: DeltaGenerator, one: Any) -> None:
        into.slider(one.label, one.min, one.max, one.default[0], key=self._key())

    def _number_input(self, into: DeltaGenerator, one: Any) -> None:
        into.number_input(one.label, value=one.value if one.set_value else one.default, key=self._key())

    def _date_input(self, into: DeltaGenerator, one: Any) -> None:
        said = list(one.value if one.set_value else one.default)
        into.date_input(one.label, _day(said[0]) if said else None, key=self._key())

    def _imgs(self, into: DeltaGenerator, one: Any) -> None:
        for _ in one.imgs:
            into.image(_PICTURE)

    def _file_uploader(self, into: DeltaGenerator, one: Any) -> None:
        into.file_uploader(one.label, key=self._key(), accept_multiple_files=one.multiple_files)


# a guide's picture in the place of another: they are of about one size
_PICTURE = str(min((PROJECT / "data" / "guide").glob("*.png")))
_CONTAINERS = frozenset({"vertical", "flex_container", "tab_container", "tab", "expandable", "form", "column"})


def _day(said: str) -> date:
    return date.fromisoformat(said.replace("/", "-"))
