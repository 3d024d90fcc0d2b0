from __future__ import annotations

from pathlib import Path

import pytest

from tests.site_files import built


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` would publish it."""
    return built(tmp_path_factory.mktemp("site") / "site")
