"""The boundaries in the project are those that the Office for National Statistics published, and nothing else."""

from pathlib import Path

from risk_model.domain.paths import LOOKUPS
from tests.boundaries.making import write_boundaries


def test_the_published_file_makes_the_lookup(real_data: Path, tmp_path: Path) -> None:
    made = tmp_path / "la_boundaries.csv"
    count = write_boundaries(real_data / "raw/geo/counties_unitary_authorities_2024_buc.geojson", made)
    assert count == 154  # 153 and the invented one
    assert made.read_text("utf-8") == (LOOKUPS / "la_boundaries.csv").read_text("utf-8")
