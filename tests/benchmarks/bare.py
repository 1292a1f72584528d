"""A bare Streamlit app that draws what another app's pages drew: as many texts, links, inputs, tables and figures.

It is the floor beside which a page is measured: nothing is asked, read or worked out here, tables and figures are at
hand. BARE_PAGES names the folder of recorded pages (tests.benchmarks.recorded); each is a page here, by its name, and
stands in a file of its own as pages do.
"""

import os
from pathlib import Path

import streamlit as st

from tests.benchmarks.redrawing import share_pages

st.set_page_config(page_title="Bare", layout="wide")
pages = {
    path.stem: st.Page(path, title=path.stem, default=number == 0)
    for number, path in enumerate(sorted(Path(os.environ["BARE_PAGES"]).glob("*.py")))
}
share_pages(pages)
st.navigation(list(pages.values()), position="top").run()
