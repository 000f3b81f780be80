"""Hypothesis profiles: a short one for every run, a long one for `make fuzz`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A slow machine is no failure; and CI must not fail on an example that nobody can repeat.
settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "fuzz", deadline=None, max_examples=20_000, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("default")
