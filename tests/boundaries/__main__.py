"""Make the lookup of boundaries anew: `python -m tests.boundaries FILE`, with the GeoJSON that ONS publishes."""

import sys
from pathlib import Path

from risk_model.domain.paths import LOOKUPS
from tests.boundaries.making import write_boundaries

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name one file: counties and unitary authorities, December 2024, ultra generalised, as GeoJSON.")
    count = write_boundaries(Path(sys.argv[1]), LOOKUPS / "la_boundaries.csv")
    sys.stdout.write(f"{count} local authorities have a boundary.\n")
