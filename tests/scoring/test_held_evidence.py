"""What the LA holds, from its templates through a whole build to the rules; and what the demo shows of it."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import read_rules
from risk_model.scoring.building import make_build
from risk_model.services.copy import Copy
from risk_model.services.preparing import import_files
from risk_model.sources.catalogue import source_named
from risk_model.sources.held import EVIDENCE
from risk_model.sources.options import ImportOptions
from risk_model.warehouse.builds import Build
from tests.scoring.kit import build_rows

MAINTAINED, ACADEMY, NEVER_INSPECTED = "100002", "100003", "100004"
Line = Mapping[str, str]
VISIT = {"recorded_by": "School improvement adviser 3", "visit_kind": "routine visit"}


def bring(data: DataDir, folder: Path, kind: str, *lines: Line) -> None:
    """Import lines under the template of a kind."""
    path = folder / f"{kind}_{len(list(folder.iterdir()))}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one.name for one in source_named(kind).fields], restval="")
        writer.writeheader()
        writer.writerows([{"recorded_by": "Data officer 1", **line} for line in lines])
    (report,) = import_files(local_viewer(), data, [path], ImportOptions())
    assert report.status == "imported", report


def outcome(build: Build, urn: str, rule_id: str) -> tuple[str, str | None, float]:
    sql = "select status, missing_reason, points from rule_outcomes where urn = $urn and rule_id = $rule"
    (row,) = build_rows(build, sql, urn=urn, rule=rule_id)
    return row["status"], row["missing_reason"], row["points"]


def level(build: Build, urn: str, statement: str = "leadership") -> str:
    sql = "select level from statement_levels where urn = $urn and statement = $statement"
    (row,) = build_rows(build, sql, urn=urn, statement=statement)
    return str(row["level"])


def test_a_line_counts_from_the_day_on_which_it_was_seen(own_small_data: DataDir, tmp_path: Path) -> None:
    bring(
        own_small_data,
        tmp_path,
        "la_visits",
        VISIT | {"urn": NEVER_INSPECTED, "seen_on": "2025-09-12", "impact": "not effective"},
        VISIT | {"urn": NEVER_INSPECTED, "seen_on": "2025-10-05", "impact": "effective and evidenced"},
    )
    before = make_build(own_small_data, date(2025, 9, 11)).build
    assert outcome(before, NEVER_INSPECTED, "L10") == ("not assessed", "not_held", 0)
    assert level(before, NEVER_INSPECTED) == "not enough evidence"
    between = make_build(own_small_data, date(2025, 10, 4)).build
    assert outcome(between, NEVER_INSPECTED, "L10") == ("raised", None, 2)
    assert level(between, NEVER_INSPECTED) == "uncertain"
    after = make_build(own_small_data, date(2025, 10, 5)).build
    assert outcome(after, NEVER_INSPECTED, "L10") == ("protective", None, -1)
    assert level(after, NEVER_INSPECTED) == "likely"
    assert outcome(after, MAINTAINED, "L10") == ("not assessed", "not_held", 0)
    # thirteen months later the visit is no evidence of what leaders do today
    late = make_build(own_small_data, date(2026, 11, 5)).build
    assert outcome(late, NEVER_INSPECTED, "L10") == ("not assessed", "stale", 0)
    assert level(late, NEVER_INSPECTED) == "not enough evidence"


def test_a_gate_of_the_las_own_evidence_sets_two_levels_until_it_is_cleared(
    own_small_data: DataDir, tmp_path: Path
) -> None:
    audit = {"urn": MAINTAINED, "audit_kind": "audit by the local authority", "open_concern": "no"}
    bring(own_small_data, tmp_path, "safeguarding_audits", audit | {"seen_on": "2025-06-02", "gaps": "serious"})
    build = make_build(own_small_data, date(2025, 9, 30)).build
    assert outcome(build, MAINTAINED, "L2") == ("raised", None, 4)
    assert outcome(build, MAINTAINED, "N13") == ("raised", None, 4)
    assert (level(build, MAINTAINED), level(build, MAINTAINED, "inspection")) == ("unlikely", "unlikely")
    bring(own_small_data, tmp_path, "safeguarding_audits", audit | {"seen_on": "2025-09-15", "gaps": "minor"})
    build = make_build(own_small_data, date(2025, 9, 30)).build
    assert outcome(build, MAINTAINED, "L2") == ("clear", None, 0)
    assert outcome(build, MAINTAINED, "N13") == ("clear", None, 0)


def test_a_register_brought_for_one_school_clears_the_others_of_the_la(own_small_data: DataDir, tmp_path: Path) -> None:
    build = make_build(own_small_data, date(2025, 9, 30)).build
    assert outcome(build, MAINTAINED, "L11") == ("not assessed", "no_register", 0)
    bring(
        own_small_data,
        tmp_path,
        "complaints",
        *(
            {
                "urn": ACADEMY,
                "seen_on": "2025-07-01",
                "reference": reference,
                "passed_on_by": "Ofsted",
                "finding": "upheld",
            }
            for reference in ("C-1", "C-2")
        ),
    )
    bring(
        own_small_data,
        tmp_path,
        "formal_notices",
        {"urn": ACADEMY, "seen_on": "2025-07-01", "notice": "termination warning notice", "issued_on": "2025-05-01"},
    )
    build = make_build(own_small_data, date(2025, 9, 30)).build
    assert outcome(build, ACADEMY, "L11") == ("raised", None, 1)
    assert outcome(build, MAINTAINED, "L11") == ("clear", None, 0)
    assert outcome(build, NEVER_INSPECTED, "L4") == ("clear", None, 0)
    assert level(build, ACADEMY) == "unlikely"


def test_withdrawing_evidence_leaves_no_trace_of_it(own_small_data: DataDir, tmp_path: Path) -> None:
    """Losing evidence may lead to "not enough evidence", and never to a better level by way of it."""
    line = VISIT | {"urn": NEVER_INSPECTED, "seen_on": "2025-09-12", "impact": "not effective"}
    bring(own_small_data, tmp_path, "la_visits", line)
    assert level(make_build(own_small_data, date(2025, 9, 30)).build, NEVER_INSPECTED) == "uncertain"
    for path in own_small_data.lake.glob("la_visits-*"):
        path.unlink()
    build = make_build(own_small_data, date(2025, 9, 30)).build
    assert outcome(build, NEVER_INSPECTED, "L10")[0] == "not assessed"
    assert level(build, NEVER_INSPECTED) == "not enough evidence"


# L9 and N12 rest on published files that the demo does not have, N8 on suspensions
SHOWN_BY_THE_DEMO = ("L2", "L3", "L4", "L5", "L6", "L10", "L11", "L12", "L13", "N11", "N13")


@pytest.mark.parametrize("rule_id", SHOWN_BY_THE_DEMO)
def test_the_demo_shows_the_rule(demo_copy: Copy, rule_id: str) -> None:
    found = demo_copy.reader.rows(
        "select status, count(*) as n from rule_outcomes where rule_id = $rule group by status", {"rule": rule_id}
    )
    counts = {row["status"]: row["n"] for row in found}
    assert 1 <= counts["raised"] <= 40
    assert counts["clear"] >= 1


def test_every_kind_that_the_la_fills_in_is_read_by_a_rule_or_said_not_to_be() -> None:
    sources = {measures_by_id()[name].source for rule in read_rules().rules for name in rule.measures()}
    # the attendance of this term stands beside the published one, and a projection is no evidence of today
    beside = {"la_attendance", "pupil_projections"}
    assert {one.id for one in EVIDENCE} - sources == beside
