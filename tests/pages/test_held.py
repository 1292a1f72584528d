"""What the LA holds, on its pages: the templates, and one school's lines as text and nothing else."""

import csv
from dataclasses import replace
from pathlib import Path

from risk_model.casework import RECORD_TEMPLATES, system_leaders
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.exports.templates import template_as_xlsx
from risk_model.services.copy import opened
from risk_model.services.preparing import build_now, import_files
from risk_model.services.templates import templates
from risk_model.sources.held import LA_VISITS
from risk_model.sources.options import ImportOptions
from tests.conftest import SMALL_AS_AT
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.registers import HOSTILE

WHO = local_viewer()
PART = {"part": "What the LA holds"}


def _import_visit(data: DataDir, folder: Path) -> None:
    line = {
        "urn": "100001",
        "seen_on": "2025-09-12",
        "recorded_by": HOSTILE,
        "visit_kind": "routine visit",
        "impact": "partly effective",
        "note": HOSTILE,
    }
    path = folder / "visits.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one.name for one in LA_VISITS.fields], restval="")
        writer.writeheader()
        writer.writerow(line)
    (report,) = import_files(WHO, data, [path], ImportOptions())
    assert report.status == "imported"


def test_every_kind_has_its_template_and_says_how_much_there_is(
    own_small_data: DataDir, tmp_path: Path, visit: Visit
) -> None:
    app = visit("data", **PART)
    assert len(app.expander) == len(templates(WHO))
    assert all(one.label.endswith(": nothing yet") for one in app.expander)
    assert [button.key for button in app.download_button if button.key.startswith("template_")] == [
        f"template_{one.kind}{ending}" for one in templates(WHO) for ending in (".xlsx", ".csv")
    ]
    assert shows_no_markup(app)
    _import_visit(own_small_data, tmp_path)
    labels = [one.label for one in visit("data", **PART).expander]
    assert "LA visits and their judgement: nothing yet; 1 file waits for the next build" in labels
    build_now(WHO, own_small_data, SMALL_AS_AT)
    labels = [one.label for one in visit("data", **PART).expander]
    assert "LA visits and their judgement: 1 line of 1 school, the newest of 12 September 2025" in labels


def test_hostile_cells_of_a_line_are_text_on_the_profile(own_small_data: DataDir, tmp_path: Path, visit: Visit) -> None:
    assert "No line about this school is loaded" in said(visit("school", urn="100001"))
    _import_visit(own_small_data, tmp_path)
    build_now(WHO, own_small_data, SMALL_AS_AT)
    app = visit("school", urn="100001")
    assert shows_no_markup(app)
    held = next(table.value for table in app.table if "What it says" in table.value.columns)
    assert list(held["Seen on"]) == ["12 September 2025"]
    assert list(held["What it says"]) == ["visit kind\\: routine visit; impact\\: partly effective"]
    assert "<script>" not in "".join(held["Note"])
    assert "\\<script\\>" in "".join(held["Note"])


def test_a_filled_workbook_of_leaders_is_added_on_the_support_page(own_data: DataDir, visit: Visit) -> None:
    own = {"label": "System leader 91", "home_urn": "900010"}
    leaders = RECORD_TEMPLATES[0]
    columns = tuple(replace(one, example=own.get(one.name, one.example)) for one in leaders.columns)
    content = template_as_xlsx(replace(leaders, columns=columns))
    app = visit("support", view="file")
    well(app.file_uploader(key="support_file").upload("leaders.xlsx", content).run())
    assert "**1** rows can be added; **0** problems" in said(app)
    well(app.button(key="add_rows").click().run())
    assert "1 system leaders were added" in said(app)
    with opened(own_data) as copy:
        assert "System leader 91" in [one.label for one in system_leaders(copy.records, la_code="999")]
