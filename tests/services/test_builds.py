"""Earlier builds: kept, shown again, and refused where they are gone."""

import json
from datetime import date

import pytest

from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy, require_build
from risk_model.services.preparing import build_now, get_ready, go_to_build, kept_builds

WHO = local_viewer()


def test_an_earlier_build_can_be_shown_again_and_left_again(own_copy: Copy) -> None:
    data: DataDir = own_copy.data
    first = require_build(data)
    second = build_now(WHO, data, date(2026, 11, 1)).build
    assert require_build(data).build_id == second.build_id
    assert [build.build_id for build in kept_builds(WHO, data)][:2] == [second.build_id, first.build_id]

    assert go_to_build(WHO, data, first.build_id, "The newer one is wrong.") == require_build(data) == first
    assert go_to_build(WHO, data, second.build_id, "It was right.") == require_build(data) == second


def test_a_build_that_is_not_kept_is_refused_and_the_current_one_stays(own_copy: Copy) -> None:
    shown = require_build(own_copy.data)
    with pytest.raises(NotFound, match="not kept any more"):
        go_to_build(WHO, own_copy.data, "../../etc/passwd", "Curious.")
    assert require_build(own_copy.data) == shown


def test_a_build_of_an_earlier_version_is_not_shown_but_made_anew(own_copy: Copy) -> None:
    data = own_copy.data
    old = require_build(data)
    for description in data.builds.glob("risk_*.json"):
        stored = json.loads(description.read_text("utf-8"))
        del stored["form"]
        description.write_text(json.dumps(stored), "utf-8")
    with pytest.raises(NotFound, match="were made by an earlier version"):
        require_build(data)
    assert kept_builds(WHO, data) == []

    made = get_ready(WHO, data)
    assert made.build_id != old.build_id
    assert require_build(data) == made
    own_copy.reader.close()
    build_now(WHO, data, date(2026, 11, 1))
    assert not old.path.exists()
