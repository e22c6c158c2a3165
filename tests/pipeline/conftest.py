"""What the tests of faults and of processes share: an archive, and a warehouse that is one commit behind."""

import pytest

from tests.conftest import Once
from tests.pipeline.faults import World, make_world, read_world


@pytest.fixture(scope="session")
def world(once: Once) -> World:
    return read_world(once("faults", make_world))
