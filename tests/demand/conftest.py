"""Properties are tried on the same examples every time, and may take as long as a busy machine needs."""

from hypothesis import settings

settings.register_profile("supportsim", deadline=None, derandomize=True)
settings.load_profile("supportsim")
