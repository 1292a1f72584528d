"""What users change through the pages: support, and files."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.casework import audit_trail
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened
from risk_model.services.data import releases
from risk_model.services.scope import Scope
from risk_model.services.support import support_page, template_csv
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.registers import HOSTILE, SmallSchool, write_registers

WHO = local_viewer()


def _gap(data: DataDir) -> str:
    with opened(data) as copy:
        return str(support_page(WHO, copy, Scope()).gaps["urn"].iloc[0])


def _entries(data: DataDir) -> int:
    with opened(data) as copy:
        return len(audit_trail(copy.records, limit=10_000))


def _press(app: AppTest, label: str) -> AppTest:
    return well(next(one for one in app.button if one.label == label).click().run())


def test_support_is_added_through_the_form(own_data: DataDir, visit: Visit) -> None:
    urn, entries = _gap(own_data), _entries(own_data)
    app = visit("support", **{"for": urn})
    school = next(one for one in app.selectbox if one.label == "School")
    assert school.value == urn
    next(one for one in app.text_input if one.label == "Name of the provider").input("School improvement")
    next(one for one in app.selectbox if one.label == "Who gives it").select("LA team")
    next(one for one in app.number_input if one.label == "Days planned").set_value(6.5)
    _press(app, "Add support")
    assert "was added" in said(app)
    assert _entries(own_data) == entries + 1
    with opened(own_data) as copy:
        page = support_page(WHO, copy, Scope())
    added = page.table[page.table["URN"] == urn].iloc[0]
    assert (added["Provider"], added["Days planned"]) == ("School improvement", 6.5)
    assert urn not in set(page.gaps["urn"])


def test_support_without_a_school_is_refused_in_words(own_data: DataDir, visit: Visit) -> None:
    entries = _entries(own_data)
    app = _press(visit("support"), "Add support")
    assert [error.value for error in app.error] == ["Choose a school."]
    assert _entries(own_data) == entries


def test_support_that_is_not_valid_is_refused_in_words_and_not_recorded(own_data: DataDir, visit: Visit) -> None:
    urn, entries = _gap(own_data), _entries(own_data)
    app = visit("support", **{"for": urn})
    next(one for one in app.date_input if one.label == "From").set_value(date(2026, 11, 1))
    next(one for one in app.date_input if one.label == "Until" and one.value is None).set_value(date(2026, 10, 1))
    next(one for one in app.text_input if one.label == "Name of the provider").input("Finance")
    _press(app, "Add support")
    assert len(app.error) == 1
    assert shows_no_markup(app)
    assert _entries(own_data) == entries


def test_hostile_text_in_support_is_text_wherever_it_is_shown(own_small_data: DataDir, visit: Visit) -> None:
    app = visit("support", **{"for": "100001"})
    next(one for one in app.text_input if one.label == "Name of the provider").input(HOSTILE)
    next(one for one in app.text_input if one.label == "Aim").input(HOSTILE)
    _press(app, "Add support")
    assert "was added" in said(app)
    for page in ("support", "school", "schools_at_risk", "overview"):
        assert shows_no_markup(visit(page, urn="100001"))


def test_support_from_a_file_is_shown_before_it_is_added(own_data: DataDir, visit: Visit) -> None:
    urn, entries = _gap(own_data), _entries(own_data)
    header = template_csv().decode("utf-8-sig").strip()
    cells = {
        "urn": urn,
        "provider_type": "LA team",
        "provider_name": "Finance",
        "days_planned": "4",
        "start_date": "2026-11-02",
        "status": "agreed",
    }
    row = ",".join(cells.get(column, "") for column in header.split(","))
    app = visit("support")
    well(app.file_uploader(key="support_file").upload("support.csv", f"{header}\n{row}\n".encode()).run())
    assert "**1** rows can be added; **0** problems" in said(app)
    assert _entries(own_data) == entries
    well(app.button(key="add_rows").click().run())
    assert _entries(own_data) == entries + 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"nobody,knows\n1,2\n", b""])
def test_a_file_that_is_no_support_is_told_in_words(content: bytes, own_data: DataDir, visit: Visit) -> None:
    app = visit("support")
    well(app.file_uploader(key="support_file").upload("support.csv", content).run())
    assert app.error or "problems" in said(app)
    assert all(button.disabled for button in app.button if button.key == "add_rows")


def test_files_are_imported_through_the_page_and_a_bad_one_is_told(
    own_small_data: DataDir, tmp_path: Path, visit: Visit
) -> None:
    files = write_registers(tmp_path / "files", [SmallSchool(100009, "Copperholt Primary School")])
    before = len(releases(WHO, own_small_data))
    app = visit("data")
    uploader = app.file_uploader(key="import_uploads")
    uploader.upload(files[0].name, files[0].read_bytes()).upload("<b>bad</b>.csv", b"nobody,knows\n1,2\n")
    _press(app, "Import")
    assert len(releases(WHO, own_small_data)) == before + 1
    assert len(app.error) == 1
    assert shows_no_markup(app)
