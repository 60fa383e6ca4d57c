"""Pictures of nets that nobody placed: no line may run through a cell."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_nets import nets

from machines.mcculloch_pitts import Law, Wiring
from machines.mcculloch_pitts.compile_expression import compile_text
from machines.mcculloch_pitts.compile_regular import compile_regular
from machines.mcculloch_pitts.exports import svg
from machines.mcculloch_pitts.figures_1943 import ALSO, NAMES, figure

SPACE = "{http://www.w3.org/2000/svg}"
STEPS = np.linspace(0, 1, 60)[:, None]
SENTENCES = [
    "a(t-1) v b(t-3).~b(t-2)",
    "a(t-1).~b(t-3) v c(t-2).~a(t-1) v b.~c(t-1).~d",
    "always(a).b v ever(c.~d).~a(t-2)",
    "a.~b.~c.~d.~e v b(t-4).~a(t-1)",
]


def sampled(path):
    """Give points all along a path of M, L, C, Q, H and h."""
    here = np.zeros(2)
    points = [np.zeros((0, 2))]
    for command, text in re.findall(r"([MLCQHhl])([^MLCQHhl]*)", path):
        numbers = np.array(re.findall(r"-?[\d.]+", text), float)
        if command == "h":
            corners = [here, here + np.array([numbers[0], 0])]
        elif command == "H":
            corners = [here, np.array([numbers[0], here[1]])]
        elif command == "l":
            corners = [here, here + numbers[:2]]
        else:
            corners = [here, *numbers.reshape(-1, 2)]
        if command == "M":
            corners = corners[1:]
        while len(corners) > 1 and command != "l":  # de Casteljau, at all steps at once
            corners = [(1 - STEPS) * a + STEPS * b for a, b in itertools.pairwise(corners)]
        points.append(np.atleast_2d(corners[0]))
        here = points[-1][-1]
    return np.concatenate(points)


def inside(points, corners):
    """Tell which points lie more than a pixel inside a polygon, hollow or not."""
    within = np.zeros(len(points), bool)
    near = np.zeros(len(points), bool)
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        spans = (a[1] > points[:, 1]) != (b[1] > points[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = a[0] + (points[:, 1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        within ^= spans & (points[:, 0] < meets)
        along = np.clip((points - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        near |= np.hypot(*(points - a - along[:, None] * (b - a)).T) < 1
    return within & ~near


def crossed(net):
    """Name the cells that a line of the picture runs through."""
    drawn = ET.fromstring(svg.picture(net))
    points = np.concatenate([
        np.zeros((1, 2)), *(sampled(path.get("d")) for path in drawn.iter(f"{SPACE}path"))
    ])  # fmt: skip
    found = []
    for cell in drawn.iter(f"{SPACE}polygon"):
        corners = np.array(re.findall(r"-?[\d.]+", cell.get("points")), float).reshape(-1, 2)
        if inside(points, corners).any():
            found.append(cell.find(f"{SPACE}title").text)
    return found


def test_a_line_laid_through_a_cell_would_be_seen():
    corners = np.array([[0, 0], [0, 44], [40, 22]], float)
    assert inside(sampled("M-50,20 L50,20"), corners).any()
    assert inside(sampled("M-50,20 C0,20 10,30 60,30"), corners).any()
    assert not inside(sampled("M-50,-2 L50,-2 M-9,0 L-9,44"), corners).any()
    hollow = np.array([[0, 0], [40, -22], [20, 0], [40, 22]], float)
    assert inside(sampled("M-50,1 L50,1"), hollow).any()
    assert not inside(sampled("M30,-5 L30,5"), hollow).any()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_line_runs_through_a_cell_of_a_compiled_sentence(sentence):
    assert crossed(compile_text(sentence).net) == []


@pytest.mark.parametrize("expression", ["(a|b)*abb", "(ab|c)*d(e|f)*", "a{7}b?"])
def test_no_line_runs_through_a_cell_of_a_compiled_regular_expression(expression):
    assert crossed(compile_regular(expression).net) == []


def test_no_line_runs_through_a_cell_with_many_vetoes_from_all_sides():
    board = Wiring("many", Law("absolute"))
    for k in range(9):
        board.afferent(f"x{k}")
    for k in range(4):
        board.cell(f"c{k}", {"x4": 1, f"c{(k + 1) % 4}": 2}, [f"x{j}" for j in range(9)], h=1)
    assert crossed(board.net()) == []


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_no_line_runs_through_a_cell_of_any_net(data):
    assert crossed(data.draw(nets())) == []


def test_what_is_drawn_stays_within_the_picture():
    for sentence in SENTENCES:
        drawn = ET.fromstring(svg.picture(compile_text(sentence).net))
        points = np.concatenate([sampled(path.get("d")) for path in drawn.iter(f"{SPACE}path")])
        assert (points >= 0).all()
        assert (points <= (float(drawn.get("width")), float(drawn.get("height")))).all()


@pytest.mark.parametrize("name", [*NAMES, *ALSO])
def test_no_line_runs_through_a_cell_of_the_figures_of_1943(name):
    assert crossed(figure(name).net) == []


def test_a_net_is_drawn_the_same_every_time():
    net = compile_text(SENTENCES[1]).net
    assert svg.picture(net) == svg.picture(net)
