"""What holds for every test."""

from hypothesis import settings

settings.register_profile("descent", deadline=None, derandomize=True)  # a slow machine is no failure, a red run repeats
settings.load_profile("descent")
