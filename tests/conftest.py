from __future__ import annotations

from hypothesis import settings

# The same examples each time, and no limit of time: a busy machine is no failure.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
