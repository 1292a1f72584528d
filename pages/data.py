"""Data: bring files in, see how fresh and how complete they are, withdraw them, build and compare."""

from collections.abc import Callable

import streamlit as st

from pages.components.build_parts import draw_build, draw_built, draw_compare, draw_kept_builds
from pages.components.data_parts import (
    draw_contradictions,
    draw_coverage,
    draw_damage,
    draw_freshness_table,
    draw_problems,
)
from pages.components.download_parts import draw_downloads
from pages.components.import_parts import draw_import, has_imported
from pages.components.links import draw_link
from pages.components.release_parts import draw_message, draw_releases
from pages.components.scope_line import draw_scope_line, draw_source_line
from pages.components.session import ask, copy, data, viewer
from pages.components.template_parts import draw_templates
from pages.components.url import put_part_into_url, take_from_url
from risk_model.domain.viewer import Right
from risk_model.services.data import damage, freshness, releases

scope = draw_scope_line()
st.title("Data")
draw_link("pages/quality.py", label="Data quality: what became of every row, and how well figures agree")
draw_message()


def _import() -> None:
    draw_import(viewer(), data())
    if has_imported():
        draw_build(viewer(), data(), copy().build)
    else:
        draw_built(viewer(), data(), copy().build, scope)


def _builds() -> None:
    draw_build(viewer(), data(), copy().build)
    draw_kept_builds(viewer(), data(), copy().build)
    draw_compare(viewer(), data(), copy().build, scope)


def _problems() -> None:
    draw_damage(damage(viewer(), data()))
    draw_problems(ask(releases, viewer(), data()))
    draw_contradictions(viewer(), copy(), scope)


# each part runs only while it is open
parts: dict[str, Callable[[], None]] = {
    "Freshness": lambda: draw_freshness_table(ask(freshness, viewer(), copy())),
    "Import": _import,
    "Download": lambda: draw_downloads(viewer(), data()),
    "What the LA holds": lambda: draw_templates(viewer(), copy(), scope.la_code),
    "Coverage": lambda: draw_coverage(viewer(), copy(), scope),
    "Releases": lambda: draw_releases(viewer(), copy(), ask(releases, viewer(), data())),
    "Problems": _problems,
    "Builds": _builds,
}
if not viewer().may(Right.LOAD):
    parts = {title: draw for title, draw in parts.items() if title not in ("Import", "Download")}
take_from_url("data", {"part": list(parts)})
st.session_state["part"] = st.session_state["part"] or next(iter(parts))
for tab, draw in zip(st.tabs(list(parts), key="part", on_change="rerun"), parts.values(), strict=True):
    if tab.open:
        with tab:
            draw()
put_part_into_url("data", "part", next(iter(parts)))
draw_source_line()
