"""An LA of one school, an academy or a maintained one: each view of each page is drawn, and no word is wrong."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import build_now, import_files
from risk_model.sources.options import ImportOptions
from tests.browser.views import SCHOOL, VIEWS
from tests.conftest import UseData
from tests.pages.conftest import Visit, said
from tests.registers import SmallSchool, write_registers

ACADEMY = SmallSchool(100003, "Quillhaven Academy", type="Academy converter", trust_uid="5001", trust_name="A trust")
ALONE = {
    "an academy": ACADEMY,
    "a weak academy": SmallSchool(100003, "Quillhaven Academy", overall="4", type="Academy converter"),
    "a maintained school": SmallSchool(100002, "Bramblewick Primary School"),
    "a school never inspected": SmallSchool(100004, "Fennelow Primary School", overall=""),
}
MakeCopy = Callable[[str], DataDir]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MakeCopy:
    """`made("an academy")`: a copy with this school alone; built once."""
    known: dict[str, DataDir] = {}

    def make(which: str) -> DataDir:
        if which not in known:
            folder = tmp_path_factory.mktemp("alone")
            known[which] = data = DataDir(folder / "data")
            files = write_registers(folder / "files", [ALONE[which]])
            with pytest.MonkeyPatch.context() as patch:
                patch.delenv("RECORDS_URL", raising=False)
                import_files(local_viewer(), data, files, ImportOptions())
                build_now(local_viewer(), data, date(2025, 10, 1))
        return known[which]

    return make


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("which", ALONE)
def test_each_view_is_drawn_for_one_school(
    which: str, view: str, made: MakeCopy, use_data: UseData, visit: Visit
) -> None:
    use_data(made(which).root)
    address = urlsplit(VIEWS[view].replace(SCHOOL, str(ALONE[which].urn)))
    app = visit(Path(address.path).name or "overview", **dict(parse_qsl(address.query)))
    assert [one.value for one in app.error] == []
    assert len(app.title) == 1
    # "0 of 1 schools" is a share; "1 schools" is a slip
    assert re.findall(r"(?<!of )\b1\** schools[^.]{0,60}", said(app)) == []
