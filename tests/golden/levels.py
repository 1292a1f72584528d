"""The demo's levels as text: `python -m tests.golden.levels` writes the file anew, for its difference to be read."""

import csv
import io
import tempfile
from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened
from risk_model.services.preparing import make_demo_copy

GOLDEN = Path(__file__).with_name("demo_levels.csv")


def levels_as_csv(data: DataDir) -> str:
    """Priority, and level and points of each statement, of every demo school, with the rules that are raised."""
    with opened(data) as copy:
        rows = copy.reader.rows(
            """
            select s.urn, s.name, r.priority, l.statement, l.level, round(l.points, 2) as points,
                   round(l.coverage, 2) as coverage,
                   (select string_agg(o.rule_id, ' ' order by o.rule_id) from rule_outcomes as o
                    where o.urn = s.urn and o.statement = l.statement and o.status in ('raised', 'protective')) as rules
            from schools as s
            inner join schools_at_risk as r using (urn)
            inner join statement_levels as l using (urn)
            order by s.urn, l.statement"""
        )
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def main() -> None:
    """Write the golden file anew."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder))
        make_demo_copy(local_viewer(), data)
        GOLDEN.write_text(levels_as_csv(data), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
