"""Presets of the physics: parts exact and instant, parts as new, parts worn.

What the presets leave alone stands in :class:`machines.mark1.description.Description`, whose
defaults are the nominal machine.
"""

from __future__ import annotations

PHYSICS: dict[str, dict[str, int]] = {
    "off": {
        "gradient_permille": 0,
        "photocell_spread_permille": 0,
        "hysteresis": 0,
        "pickup_us": 0,
        "pickup_spread_permille": 0,
        "relay_us": 0,
        "relay_spread_permille": 0,
        "motor_spread_permille": 0,
        "backlash_mdeg": 0,
        "wiper_noise_mdeg": 0,
        "dead_zone_mdeg": 0,
        "compare_us": 0,
    },
    "nominal": {},
    "worn": {
        "lighting_permille": 800,
        "gradient_permille": 300,
        "photocell_spread_permille": 250,
        "hysteresis": 24,
        "pickup_us": 40_000,
        "pickup_spread_permille": 500,
        "relay_us": 15_000,
        "relay_spread_permille": 500,
        "motor_spread_permille": 400,
        "backlash_mdeg": 1_000,
        "retention_mdeg": 1_000,
        "wiper_noise_mdeg": 500,
        "dead_zone_mdeg": 2_000,
        "decay_ppm": 200,
    },
}
"""Presets: parts exact and instant; parts as new; parts of a machine that has stood for years.

The nominal figures stand in the table of constants with their evidence. All figures of the worn
machine are assumed: several times the nominal ones.
"""
