"""One bench for all tests of rules: each test replaces the schools and figures on it."""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.scoring.kit")

from tests.scoring.kit import Bench, open_bench  # noqa: E402  (its asserts are rewritten first)


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with open_bench() as opened:
        yield opened
