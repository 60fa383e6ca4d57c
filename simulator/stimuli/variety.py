"""Many different copies of a few stimuli: the training sets of an experiment.

A person who shows letters to a machine never puts a card twice in the same place. Here each
stimulus is copied, and each copy scaled, turned, moved and spoiled by amounts looked up in
:mod:`simulator.chance`, uniformly within the bounds one gives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator import chance
from simulator.errors import Mistake
from simulator.stimuli import transformations
from simulator.stimuli.light import StimulusSet

MOST_STIMULI = 1_000_000


def variations(
    stimulus_set: StimulusSet,
    count: int,
    seed: int,
    *,
    shift: int = 0,
    rotate_deg: float = 0.0,
    scale: float = 0.0,
    noise: float = 0.0,
) -> StimulusSet:
    """Make randomly changed copies of every stimulus.

    Parameters
    ----------
    stimulus_set
        What to copy; its labels and classes are kept.
    count
        Copies of each stimulus, at least 1; at most a million stimuli in all.
    seed
        Chooses every amount. The first copies do not depend on ``count``, nor does the change to
        one stimulus depend on those that come after it.
    shift
        Cells, from 0 to the retina's longer side: each copy moves by -shift .. shift down and as
        much across. Dark enters at the edge.
    rotate_deg
        Degrees, 0 to 180: each copy turns by an angle in -rotate_deg .. rotate_deg.
    scale
        0 to 0.9: each copy is enlarged by a factor in 1 - scale .. 1 + scale.
    noise
        0 to 1: in each copy a fraction of the cells in 0 .. noise is inverted.

    Returns
    -------
    StimulusSet
        uint8 levels of shape (count * n, rows, columns): all copies of the first stimulus, then of
        the second, and so on; the third copy of ``E`` is named ``E#3``. Where ``rotate_deg`` and
        ``scale`` are both 0, grey levels stay.

    Raises
    ------
    Mistake
        If a bound is out of range.
    """
    rows, columns = stimulus_set.levels.shape[1:]
    total = count * len(stimulus_set)
    for what, value, least, most in (
        ("copies of each stimulus", count, 1, MOST_STIMULI),
        ("stimuli in all", total, 0, MOST_STIMULI),
        ("shift in cells", shift, 0, max(rows, columns)),
        ("rotation in degrees", rotate_deg, 0, 180),
        ("scale", scale, 0, 0.9),
        ("noise", noise, 0, 1),
    ):
        if not least <= value <= most:
            raise Mistake(f"{what}: {value} is out of range, give {least} to {most}")

    levels = np.repeat(stimulus_set.levels, count, axis=0)
    number = np.arange(total)
    copy = (number % count) * 2**32 + number // count  # where each copy looks in the table
    turn = rotate_deg * _between(seed, "stimuli.rotate", copy)
    factor = 1 + scale * _between(seed, "stimuli.scale", copy)
    spoil = noise * chance.unit_interval(seed, chance.stream("stimuli.spoil"), copy)
    for i, place in enumerate(copy.tolist()):
        picture = levels[i]
        if rotate_deg or scale:
            picture = transformations.project(picture, float(turn[i]), float(factor[i]))
        if shift:
            down = chance.spread(shift, seed, chance.stream("stimuli.down"), place)
            right = chance.spread(shift, seed, chance.stream("stimuli.right"), place)
            picture = transformations.shift(picture, down, right)
        if noise:
            cells = chance.bits(seed, chance.stream("stimuli.cells"), place)
            picture = transformations.noise(picture, float(spoil[i]), cells)
        levels[i] = picture
    return StimulusSet(
        levels=levels,
        labels=np.repeat(stimulus_set.labels, count),
        classes=stimulus_set.classes,
        names=tuple(f"{name}#{k + 1}" for name in stimulus_set.names for k in range(count)),
    )


def _between(seed: int, column: str, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Look up numbers in -1 .. 1."""
    between: NDArray[np.float64] = 2 * chance.unit_interval(seed, chance.stream(column), places) - 1
    return between
