from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.site_files import built

# The same examples each time, and no limit of time: a busy machine is no failure.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` would publish it."""
    return built(tmp_path_factory.mktemp("site") / "site")
