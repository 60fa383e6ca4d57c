import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulator.errors import Mistake
from simulator.stimuli import (
    figure,
    invert,
    letter,
    letters,
    noise,
    occlude,
    rotate,
    scale,
    shift,
    variations,
)

sides = st.integers(1, 12)
pictures = st.one_of(st.tuples(sides, sides), st.tuples(st.integers(0, 3), sides, sides)).flatmap(
    lambda shape: arrays(np.uint8, shape)
)
black_and_white = st.tuples(sides, sides).flatmap(
    lambda shape: arrays(np.uint8, shape, elements=st.sampled_from([0, 255]))
)
steps = st.integers(-30, 30)
seeds = st.integers()


@given(pictures, steps, steps)
def test_shift_round_the_torus_and_back_changes_nothing(levels, down, right):
    there = shift(levels, down, right, wrap=True)
    assert np.array_equal(shift(there, -down, -right, wrap=True), levels)


@given(pictures, steps, steps)
def test_shift_moves_each_cell_and_lets_dark_in(levels, down, right):
    moved = shift(levels, down, right)
    rows, columns = levels.shape[-2:]
    for row in range(rows):
        for column in range(columns):
            inside = 0 <= row - down < rows and 0 <= column - right < columns
            came = levels[..., row - down, column - right] if inside else 0
            assert np.all(moved[..., row, column] == came)


@given(black_and_white, st.sampled_from([-360, 0, 360]))
def test_full_turn_changes_nothing(levels, degrees):
    assert np.array_equal(rotate(levels, degrees), levels)


@given(
    st.integers(1, 12).flatmap(
        lambda n: arrays(np.uint8, (n, n), elements=st.sampled_from([0, 255]))
    ),
    st.integers(-4, 4),
)
def test_quarter_turns_on_a_square_retina_move_cells_exactly(levels, quarters):
    assert np.array_equal(rotate(levels, 90 * quarters), np.rot90(levels, quarters))


def test_turned_there_and_back_a_letter_is_still_itself():
    for character in "AEX8":
        back = rotate(rotate(letter(character), 25), -25)
        assert (back != letter(character)).sum() <= 40


def test_turned_circle_is_the_same_circle():
    circle = figure("circle")
    assert (rotate(circle, 37) != circle).sum() <= 8


def test_letter_turns_counter_clockwise():
    bar = np.zeros((21, 21), dtype=np.uint8)
    bar[9:12, 11:20] = 255
    assert rotate(bar, 45)[4, 16] == 255
    assert rotate(bar, 45)[16, 16] == 0


@pytest.mark.parametrize("factor", [0.5, 0.7, 1.3, 1.4])
def test_scaled_figure_has_the_squared_factor_of_lit_cells(factor):
    before, after = (figure("circle") == 255).sum(), (scale(figure("circle"), factor) == 255).sum()
    assert after == pytest.approx(before * factor**2, rel=0.08)


def test_scale_of_two_doubles_the_middle_of_the_picture():
    levels = letter("R")
    doubled = levels[5:15, 5:15].repeat(2, axis=0).repeat(2, axis=1)
    assert np.array_equal(scale(levels, 2), doubled)


@given(pictures)
def test_inverting_twice_changes_nothing(levels):
    assert np.array_equal(invert(invert(levels)), levels)
    assert np.array_equal(invert(levels).astype(int) + levels, np.full(levels.shape, 255))


@given(pictures, st.floats(0, 1), seeds)
def test_noise_inverts_exactly_the_asked_fraction_of_each_picture(levels, fraction, seed):
    rows, columns = levels.shape[-2:]
    spoiled = noise(levels, fraction, seed)
    changed = (spoiled != levels).sum(axis=(-2, -1))
    assert np.all(changed == round(fraction * rows * columns))
    assert np.array_equal(noise(spoiled, fraction, seed), levels)


def test_noise_differs_by_seed_and_from_picture_to_picture():
    blank = np.zeros((2, 20, 20), dtype=np.uint8)
    spoiled = noise(blank, 0.1, 1)
    assert not np.array_equal(spoiled[0], spoiled[1])
    assert not np.array_equal(spoiled, noise(blank, 0.1, 2))


def test_noise_is_spread_over_the_whole_retina():
    spoiled = noise(np.zeros((400, 20, 20), dtype=np.uint8), 0.25, 3) == 255
    often = spoiled.mean(axis=0)
    assert 0.14 < often.min() <= often.max() < 0.36


@given(pictures, st.data(), seeds, st.sampled_from(["square", "bar"]))
def test_occluded_cells_are_dark_and_the_others_untouched(levels, data, seed, shape):
    rows, columns = levels.shape[-2:]
    size = data.draw(st.integers(0, min(rows, columns)))
    light = np.full(levels.shape, 255, dtype=np.uint8)
    covered = occlude(light, size, seed, shape) == 0
    per_picture = covered.sum(axis=(-2, -1))
    if shape == "square":
        assert np.all(per_picture == size * size)
    else:
        assert np.all((per_picture == size * rows) | (per_picture == size * columns))
    assert np.array_equal(occlude(levels, size, seed, shape), np.where(covered, 0, levels))


def test_bars_that_occlude_lie_and_stand_anywhere():
    covered = occlude(np.full((200, 20, 20), 255, dtype=np.uint8), 3, 5, "bar") == 0
    standing = covered[:, 0].sum(axis=1) == 3
    assert 60 < standing.sum() < 140
    assert covered.any(axis=0).all()


@given(pictures, st.floats(-360, 360), st.floats(0.1, 10), seeds)
def test_transformations_leave_their_stimulus_untouched_and_keep_its_shape(
    levels, degrees, factor, seed
):
    before = levels.copy()
    for after in (
        shift(levels, 1, -1),
        rotate(levels, degrees),
        scale(levels, factor),
        invert(levels),
        noise(levels, 0.5, seed),
        occlude(levels, 1, seed),
    ):
        assert after.shape == levels.shape
        assert after.dtype == np.uint8
        assert not np.shares_memory(after, levels)
    assert np.array_equal(levels, before)


@given(st.floats(-360, 360), st.floats(0.1, 10))
def test_stack_is_transformed_picture_by_picture(degrees, factor):
    stack = letters("AF7").levels
    assert np.array_equal(rotate(stack, degrees)[1], rotate(stack[1], degrees))
    assert np.array_equal(scale(stack, factor)[2], scale(stack[2], factor))


@pytest.mark.parametrize(
    "act",
    [
        lambda a: rotate(a, 361),
        lambda a: rotate(a, float("nan")),
        lambda a: scale(a, 0),
        lambda a: scale(a, -1),
        lambda a: scale(a, 10.5),
        lambda a: noise(a, -0.1, 1),
        lambda a: noise(a, 1.1, 1),
        lambda a: noise(a, float("nan"), 1),
        lambda a: occlude(a, 21, 1),
        lambda a: occlude(a, -1, 1),
        lambda a: occlude(a, 2, 1, "star"),
        lambda a: shift(a.astype(float), 1, 1),
        lambda a: shift(a[0], 1, 1),
    ],
)
def test_arguments_out_of_range_are_the_users_mistake(act):
    with pytest.raises(Mistake):
        act(letter("A"))


def test_variations_are_labelled_named_and_reproducible():
    first = variations(letters("EX"), 5, 7, shift=2, rotate_deg=10, scale=0.1, noise=0.05)
    again = variations(letters("EX"), 5, 7, shift=2, rotate_deg=10, scale=0.1, noise=0.05)
    assert np.array_equal(first.levels, again.levels)
    assert first.labels.tolist() == [0] * 5 + [1] * 5
    assert first.classes == ("E", "X")
    assert first.names[2] == "E#3"
    assert len({cells.tobytes() for cells in first.levels}) == 10
    other = variations(letters("EX"), 5, 8, shift=2, rotate_deg=10, scale=0.1, noise=0.05)
    assert not np.array_equal(first.levels, other.levels)


def test_first_variations_do_not_depend_on_how_many_follow():
    few = variations(letters("EX"), 2, 7, shift=3, rotate_deg=20, noise=0.1)
    many = variations(letters("EXA"), 6, 7, shift=3, rotate_deg=20, noise=0.1)
    assert np.array_equal(few.levels[:2], many.levels[:2])
    assert np.array_equal(few.levels[2:], many.levels[6:8])


def test_variations_without_any_bound_are_plain_copies():
    copies = variations(letters("E"), 3, 1)
    assert all(np.array_equal(cells, letter("E")) for cells in copies.levels)


def test_variations_stay_within_their_bounds_and_reach_them():
    dot = np.zeros((1, 20, 20), dtype=np.uint8)
    dot[0, 10, 10] = 255
    one = type(letters("E"))(dot, np.zeros(1, dtype=np.int64), ("dot",), ("dot",))
    moved = np.argwhere(variations(one, 300, 1, shift=3).levels)[:, 1:] - 10
    assert moved.min() == -3
    assert moved.max() == 3
    assert len(np.unique(moved, axis=0)) == 49
    flipped = (variations(letters("E"), 300, 1, noise=0.1).levels != letter("E")).sum(axis=(1, 2))
    assert flipped.max() <= 40
    assert flipped.max() >= 36
    assert flipped.min() <= 4
    disc = type(one)(figure("circle", 16)[None], one.labels, one.classes, one.names)
    sizes = (variations(disc, 200, 1, scale=0.2).levels == 255).sum(axis=(1, 2))
    full = (disc.levels == 255).sum()
    assert 0.62 < sizes.min() / full < 0.70
    assert 1.35 < sizes.max() / full < 1.47


@pytest.mark.parametrize(
    ("count", "bounds"),
    [
        (0, {}),
        (-1, {}),
        (600_000, {}),
        (1, {"shift": -1}),
        (1, {"shift": 21}),
        (1, {"rotate_deg": 181}),
        (1, {"rotate_deg": float("nan")}),
        (1, {"scale": 0.95}),
        (1, {"noise": 1.5}),
    ],
)
def test_variations_out_of_range_are_refused(count, bounds):
    with pytest.raises(Mistake, match="out of range"):
        variations(letters("EX"), count, 1, **bounds)
