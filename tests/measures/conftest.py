"""The small LA, imported and built once."""

import pytest

from risk_model.domain.paths import DataDir
from risk_model.scoring.building import make_build
from risk_model.warehouse.builds import Build

pytest.register_assert_rewrite("tests.scoring.kit")

from tests.measures.world import AS_AT, write_world  # noqa: E402  (the kit's asserts are rewritten first)
from tests.scoring.kit import import_all  # noqa: E402


@pytest.fixture(scope="session")
def world_data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    folder = tmp_path_factory.mktemp("world")
    data = DataDir(folder / "data")
    import_all(data, write_world(folder / "files"))
    return data


@pytest.fixture(scope="session")
def build(world_data: DataDir) -> Build:
    return make_build(world_data, AS_AT).build
