from itertools import combinations

import numpy as np
import pytest

from simulator.errors import Mistake
from simulator.stimuli import FIGURES, LETTERS, figure, letter, letters


@pytest.mark.parametrize("character", LETTERS)
def test_letter_is_white_on_black_centred_and_of_moderate_weight(character):
    cells = letter(character)
    assert cells.shape == (20, 20)
    assert cells.dtype == np.uint8
    assert set(np.unique(cells)) == {0, 255}
    assert 0.13 <= (cells == 255).mean() <= 0.40
    lit_rows, lit_columns = np.nonzero(cells)
    assert (lit_rows.min(), lit_rows.max()) == (2, 17)
    assert abs(lit_columns.min() + lit_columns.max() - 19) <= 1


def test_any_two_letters_differ_visibly():
    for one, other in combinations(LETTERS, 2):
        assert (letter(one) != letter(other)).sum() >= 8, (one, other)


@pytest.mark.parametrize(("rows", "columns"), [(8, 8), (10, 10), (16, 24), (40, 40)])
def test_letters_on_other_retinas_remain_distinct(rows, columns):
    set_of_all = letters(rows=rows, columns=columns)
    assert set_of_all.levels.shape == (36, rows, columns)
    assert len({cells.tobytes() for cells in set_of_all.levels}) == 36


def test_letter_on_a_double_retina_is_the_letter_with_doubled_cells():
    assert np.array_equal(letter("G", 40, 40), letter("G").repeat(2, axis=0).repeat(2, axis=1))


@pytest.mark.parametrize("character", "AHIMOTUVWX08Y")
def test_symmetric_letters_are_drawn_symmetrically(character):
    assert np.array_equal(letter(character), letter(character)[:, ::-1])


def test_letter_given_away_may_be_painted_over():
    letter("A")[:] = 7
    assert set(np.unique(letter("A"))) == {0, 255}


def test_small_letters_stand_for_capitals():
    assert np.array_equal(letter("q"), letter("Q"))


@pytest.mark.parametrize("character", ["", "?", "AB", "Ä", "ß", "ı", " "])
def test_unknown_letter_is_named_with_what_there_is(character):
    with pytest.raises(Mistake, match="A-Z and 0-9") as caught:
        letter(character)
    assert repr(character) in str(caught.value)


@pytest.mark.parametrize("size", [(7, 20), (20, 0), (-1, 20), (20, 1025)])
def test_retina_out_of_range_is_refused(size):
    with pytest.raises(Mistake, match="between 8 and 1024"):
        letter("A", *size)
    with pytest.raises(Mistake, match="between 8 and 1024"):
        figure("square", None, *size)


def test_set_of_letters_has_a_class_for_each_in_the_order_given():
    shown = letters("XE0")
    assert shown.classes == shown.names == ("X", "E", "0")
    assert shown.labels.tolist() == [0, 1, 2]
    assert np.array_equal(shown.levels[1], letter("E"))


@pytest.mark.parametrize(("text", "words"), [("", "no letter"), ("ABa", "twice"), ("A?", "'?'")])
def test_sets_of_letters_that_cannot_be_are_refused(text, words):
    with pytest.raises(Mistake) as caught:
        letters(text)
    assert words in str(caught.value)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("size", [8, 14, 15, 20])
def test_figure_is_as_high_or_long_as_asked_and_stays_on_the_retina(name, size):
    lit_rows, lit_columns = np.nonzero(figure(name, size))
    high = lit_rows.max() - lit_rows.min() + 1
    wide = lit_columns.max() - lit_columns.min() + 1
    assert max(high, wide) == size
    if name not in ("E", "F", "horizontal-bar", "vertical-bar"):
        assert high == wide
    assert abs(lit_rows.min() + lit_rows.max() - 19) <= 1
    assert abs(lit_columns.min() + lit_columns.max() - 19) <= 1


def test_square_and_its_outline_have_the_areas_of_geometry():
    assert (figure("square", 10) == 255).sum() == 100
    assert (figure("square-outline", 10, stroke=2) == 255).sum() == 100 - 36


@pytest.mark.parametrize("size", [10, 14, 17, 20])
def test_circle_and_diamond_have_nearly_the_areas_of_geometry(size):
    assert (figure("circle", size) == 255).sum() == pytest.approx(np.pi * size**2 / 4, rel=0.05)
    # A staircase through half-covered cells is lit on both sides.
    assert size**2 / 2 <= (figure("diamond", size) == 255).sum() <= size * (size + 2) / 2 + 1


@pytest.mark.parametrize("stroke", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [14, 15, 20])
def test_bars_have_the_width_of_their_stroke_and_are_each_other_turned(stroke, size):
    bar = figure("vertical-bar", size, stroke=stroke)
    assert (bar == 255).sum() == stroke * size
    assert np.array_equal(figure("horizontal-bar", size, stroke=stroke), bar.T)


def test_letter_e_is_f_with_a_foot():
    e, f = figure("E"), figure("F")
    assert (e >= f).all()
    assert set(np.nonzero(e != f)[0]) == {14, 15, 16}


@pytest.mark.parametrize("name", ["square", "circle", "triangle", "diamond"])
def test_outline_lies_on_its_solid_figure_and_has_a_hole(name):
    solid, outline = figure(name), figure(f"{name}-outline")
    assert (outline <= solid).all()
    assert solid[10, 9] == 255
    assert outline[11, 9] == 0


def test_all_figures_differ():
    assert len({figure(name).tobytes() for name in FIGURES}) == len(FIGURES)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "pentagon"}, "pentagon"),
        ({"name": "square", "size": 21}, "between 4 and 20"),
        ({"name": "square", "size": 3}, "between 4 and 20"),
        ({"name": "E", "stroke": 0}, "between 1 and 14"),
        ({"name": "E", "stroke": 15}, "between 1 and 14"),
    ],
)
def test_figures_that_cannot_be_are_refused(arguments, words):
    with pytest.raises(Mistake, match=words):
        figure(**arguments)
