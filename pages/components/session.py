"""What every page needs: the viewer, the open build and the records."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from risk_model.domain.paths import DataDir, data_dir
from risk_model.domain.viewer import Viewer, local_viewer
from risk_model.services.copy import Copy, Reader, Records, close_records, open_data_records, open_reader, require_build


def viewer() -> Viewer:
    """Who is asking: for now the one person at this machine."""
    _require_roof()
    return local_viewer()


def _require_roof() -> None:
    """Never run a page without app.py around it.

    Streamlit serves a folder called pages/ by itself until st.navigation is called once: the first visit after
    a start, if it leads straight to a page, would bypass the roof.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def data() -> DataDir:
    """The data directory of this copy."""
    return data_dir()


def copy() -> Copy:
    """The current build and the records, opened once for all sessions; a new build is seen on the next run."""
    build = require_build(data())
    return Copy(data(), _reader(str(data().root), build.build_id), _records(data().records_url))


# an older build stays open while a session may still be reading it
@st.cache_resource(max_entries=3, show_spinner=False, on_release=Reader.close)
def _reader(root: str, build_id: str) -> Reader:
    return open_reader(data(), build_id)


@st.cache_resource(show_spinner=False, on_release=close_records)
def _records(url: str) -> Records:
    return open_data_records(data())
