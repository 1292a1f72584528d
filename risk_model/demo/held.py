"""What the invented LA knows of its schools itself: visits, head teacher posts, governance. In its own templates."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from risk_model.demo.files import PLAIN, write_rows
from risk_model.demo.randomness import stream
from risk_model.demo.schools import School

_VISITS = "urn,seen_on,recorded_by,visit_kind,impact,leadership_and_governance,note"
_POSTS = "urn,seen_on,recorded_by,post_status,started_on,changes_in_36_months"
_GOVERNANCE = "urn,seen_on,recorded_by,seats,vacancies,chair_since,external_review_on,clerk_concern"

_IMPACTS = (
    (-1.3, "not effective"),
    (-0.4, "partly effective"),
    (0.9, "effective"),
    (math.inf, "effective and evidenced"),
)


def write_held(folder: Path, seed: int, schools: Sequence[School], as_at: date) -> list[Path]:
    """Write three filled templates: a visit to each school of the story and each fourth other one, the post of head
    and the board of each maintained school that was visited. Nothing is known of the rest, as in any LA."""
    living = [school for school in schools if school.closed is None]
    visited = [school for place, school in enumerate(living) if school.story or place % 4 == 0]
    boards = [school for school in visited if not school.is_academy]
    place = folder / "held"
    return [
        _write(place / "la_visits_2026-11-13.csv", _VISITS, [_visit(seed, one, as_at) for one in visited]),
        _write(place / "head_teacher_posts_2026-11-13.csv", _POSTS, [_post(seed, one, as_at) for one in boards]),
        _write(place / "governance_2026-11-13.csv", _GOVERNANCE, [_board(seed, one, as_at) for one in boards]),
    ]


def _write(path: Path, columns: str, rows: Sequence[Sequence[object]]) -> Path:
    return write_rows(path, columns.split(","), rows, PLAIN)


def _visit(seed: int, school: School, as_at: date) -> list[object]:
    """What an adviser found: the better the school is led, the likelier it is that what leaders do has an effect."""
    chance = stream(seed, "visit", school.urn)
    seen_on = as_at - timedelta(days=chance.randrange(14, 330))
    found = school.nature.leadership + chance.gauss(0, 0.5)
    impact = next(word for most, word in _IMPACTS if found < most)
    area = "below expected" if found < -0.9 else "secure"
    kind = "review day" if found < -0.9 else "routine visit"
    note = "Follow-up agreed." if found < -0.4 else ""
    return [school.urn, seen_on, f"School improvement adviser {chance.randrange(1, 7)}", kind, impact, area, note]


def _post(seed: int, school: School, as_at: date) -> list[object]:
    chance = stream(seed, "post", school.urn)
    status = chance.choices(("permanent", "executive head", "acting", "interim"), (80, 8, 7, 5))[0]
    years = chance.uniform(0.1, 0.9) if status in ("acting", "interim") else chance.uniform(0.3, 11)
    started_on = as_at - timedelta(days=round(365 * years))
    changes = 2 if years < 1 and status != "permanent" else 1 if years < 3 else 0
    return [school.urn, as_at - timedelta(days=35), "HR team", status, started_on, changes]


def _board(seed: int, school: School, as_at: date) -> list[object]:
    chance = stream(seed, "board", school.urn)
    seats = chance.choice((9, 10, 11, 12, 14))
    weak = school.nature.leadership < -0.6
    vacancies = chance.choice((2, 3, 4)) if weak else chance.choice((0, 0, 1, 1, 2))
    chair_since = as_at - timedelta(days=chance.randrange(60, 2_600))
    reviewed_on = as_at - timedelta(days=chance.randrange(200, 1_500)) if chance.random() < 0.4 else ""
    concern = "yes" if weak and chance.random() < 0.3 else "no"
    seen_on = as_at - timedelta(days=42)
    return [school.urn, seen_on, "Governor services", seats, vacancies, chair_since, reviewed_on, concern]
