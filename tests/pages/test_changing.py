"""What users change through the pages: support, and files."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.casework import ALLOCATION_COLUMNS, audit_trail
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened, require_build
from risk_model.services.data import releases
from risk_model.services.preparing import build_now
from risk_model.services.scope import Scope
from risk_model.services.support import support_page
from risk_model.services.withdrawing import data_acts
from tests.conftest import SMALL_AS_AT, SMALL_SCHOOLS
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
    app = _press(visit("support", view="add"), "Add support")
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
    header = ",".join(ALLOCATION_COLUMNS)
    cells = {
        "urn": urn,
        "provider_type": "LA team",
        "provider_name": "Finance",
        "days_planned": "4",
        "start_date": "2026-11-02",
        "status": "agreed",
    }
    row = ",".join(cells.get(column, "") for column in header.split(","))
    app = visit("support", view="file")
    well(app.file_uploader(key="support_file").upload("support.csv", f"{header}\n{row}\n".encode()).run())
    assert "**1** rows can be added; **0** problems" in said(app)
    assert _entries(own_data) == entries
    well(app.button(key="add_rows").click().run())
    assert _entries(own_data) == entries + 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"nobody,knows\n1,2\n", b""])
def test_a_file_that_is_no_support_is_told_in_words(content: bytes, own_data: DataDir, visit: Visit) -> None:
    app = visit("support", view="file")
    well(app.file_uploader(key="support_file").upload("support.csv", content).run())
    assert app.error or "problems" in said(app)
    assert all(button.disabled for button in app.button if button.key == "add_rows")


def test_files_are_imported_through_the_page_and_a_bad_one_is_told(
    own_small_data: DataDir, tmp_path: Path, visit: Visit
) -> None:
    files = write_registers(tmp_path / "files", [SmallSchool(100009, "Copperholt Primary School")])
    before = len(releases(WHO, own_small_data))
    app = visit("data", part="Import")
    uploader = app.file_uploader(key="import_uploads_0")
    well(uploader.upload(files[0].name, files[0].read_bytes()).upload("<b>bad</b>.csv", b"nobody,knows\n1,2\n").run())
    assert "can be imported" in said(app)
    assert len(app.error) == 1
    assert shows_no_markup(app)
    # looking stores nothing
    assert len(releases(WHO, own_small_data)) == before
    _press(app, "Import 1 table")
    assert len(releases(WHO, own_small_data)) == before + 1
    assert "1 of 1 table imported" in said(app)
    assert shows_no_markup(app)


def test_a_file_is_imported_built_and_what_changed_is_shown_in_one_place(
    own_small_data: DataDir, tmp_path: Path, visit: Visit
) -> None:
    # as before, but the school that was inadequate is good
    schools = [replace(one, overall="2") if one.urn == 100003 else one for one in SMALL_SCHOOLS]
    files = write_registers(tmp_path / "files", schools)
    app = visit("data", part="Import")
    well(app.file_uploader(key="import_uploads_0").upload(files[1].name, files[1].read_bytes()).run())
    assert "beside" in said(app) or "Replaces" in said(app)
    _press(app, "Import 1 table")
    app.date_input[-1].set_value(SMALL_AS_AT)
    _press(app, "Build")
    assert require_build(own_small_data).number == 2
    assert "Build 2 is shown from now on" in said(app)
    assert "What it changed" in said(app)
    assert shows_no_markup(app)


def test_a_file_without_a_year_is_imported_once_the_user_has_said_it(own_small_data: DataDir, visit: Visit) -> None:
    content = b"LA,ESTAB,URN,PERCTOT,PPERSABS10\n850,2001,100001,5.5,14.5\n850,2002,100002,3.9,6.4\n"
    app = visit("data", part="Import")
    well(app.file_uploader(key="import_uploads_0").upload("england_abs.csv", content).run())
    assert "needs a year" in said(app)
    assert next(one for one in app.button if one.key == "import_confirm").disabled
    well(next(one for one in app.selectbox if one.key.startswith("year_")).select("2023-2024").run())
    assert "can be imported" in said(app)
    _press(app, "Import 1 table")
    assert [one.period for one in releases(WHO, own_small_data) if one.source_id == "absence"] == ["2023-2024"]


def test_a_release_is_withdrawn_and_restored_on_the_page_and_both_are_told(
    own_small_data: DataDir, visit: Visit
) -> None:
    release = next(one for one in releases(WHO, own_small_data) if one.source_id == "gias")
    app = visit("data", part="Releases")
    well(app.selectbox(key="release_chosen").select(release.release_id).run())
    assert release.sha256 in said(app)
    _press(app, "Withdraw this release")
    assert "reason is missing" in said(app)
    next(one for one in app.text_input if one.label == "Why it should not count").input(HOSTILE)
    _press(app, "Withdraw this release")
    assert "Withdrawn (1)" in said(app)
    assert HOSTILE in said(app)
    assert shows_no_markup(app)
    _press(app, "Restore this release")
    assert "reason is missing" in said(app)
    next(one for one in app.text_input if one.label.startswith("Why it should count again")).input("It was right.")
    _press(app, "Restore this release")
    assert "Withdrawn (1)" not in said(app)
    with opened(own_small_data) as copy:
        assert list(data_acts(WHO, copy)["What"]) == ["release restored", "release withdrawn"]


def test_an_earlier_build_is_shown_again_on_the_page_with_a_reason(own_small_data: DataDir, visit: Visit) -> None:
    build_now(WHO, own_small_data, SMALL_AS_AT)
    app = _press(visit("data", part="Builds"), "Show this build")
    assert "reason is missing" in said(app)
    assert require_build(own_small_data).number == 2
    next(one for one in app.text_input if one.label == "Why").input("The newest one read a wrong file.")
    _press(app, "Show this build")
    assert require_build(own_small_data).number == 1
    assert "Build 1 is shown from now on" in said(app)
