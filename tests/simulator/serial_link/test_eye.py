"""The board as a source of light: placing, calibration, hysteresis, the shutter, and darkness."""

import json

import numpy as np
import pytest
from board_rig import Rig
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from machines.mark1 import Description, Mark1
from simulator import chance
from simulator.errors import Mistake
from simulator.serial_link import BoardEye, Cable, EmulatedBoard, HandClock, Link, Sight, State
from simulator.serial_link.calibration import Calibration, calibrated, read, write
from simulator.serial_link.eye import frames_of, lamps_of, wait_for
from simulator.serial_link.frames import Hello
from simulator.serial_link.placing import placed
from simulator.stimuli import letter
from simulator.stimuli.steady import OnOff, Range


class Scene:
    def __init__(self, levels):
        self.levels = levels

    def __call__(self, now):
        return self.levels


def looking_at(levels, sight=None, **board):
    clock = HandClock()
    scene = Scene(levels)
    emulated = EmulatedBoard(clock, *levels.shape, scene=scene, **board)
    cable = Cable(emulated)
    link = Link(cable, clock)
    wait_for(link)
    return scene, cable, link, BoardEye(link, sight=sight)


def steps(link, seconds):
    until_s = link.clock.now() + seconds
    while link.clock.now() < until_s:
        link.step()


# placing


def test_each_photocell_lights_its_own_block():
    board = np.arange(64, dtype=np.uint8).reshape(8, 8)
    retina = placed(board, 20, 20)
    widths = np.diff(np.flatnonzero(np.diff(retina[0], prepend=-1, append=-1)))
    assert widths.tolist() == [2, 3, 2, 3, 2, 3, 2, 3]
    for i in range(20):
        for j in range(20):
            assert retina[i, j] == board[int((i + 0.5) * 8 / 20), int((j + 0.5) * 8 / 20)]


@given(st.integers(1, 64), st.integers(1, 64), st.sampled_from(["fill", "smooth"]), st.data())
def test_placing_keeps_within_what_was_seen(rows, columns, placing, data):
    board = data.draw(arrays(np.uint8, (rows, columns)))
    retina = placed(board, 20, 20, placing)
    assert retina.shape == (20, 20)
    assert retina.dtype == np.uint8
    assert board.min() <= retina.min()
    assert retina.max() <= board.max()


def test_twenty_by_twenty_is_placed_as_it_is():
    board = np.arange(400).astype(np.uint8).reshape(20, 20)
    for placing in ("fill", "smooth"):
        np.testing.assert_array_equal(placed(board, 20, 20, placing), board)


def test_smooth_placing_is_linear_between_the_middles():
    retina = placed(np.array([[0, 100]], np.uint8), 1, 8, "smooth")
    assert retina.tolist() == [[0, 0, 12, 38, 62, 88, 100, 100]]


# on and off


def test_a_grey_cell_stays_what_it_was():
    cells = OnOff()
    wave = [0, 150, 155, 130, 110, 105, 101, 130, 150, 153, 0]
    got = [int(cells.cells(np.array([[v]], np.uint8))[0, 0] > 0) for v in wave]
    assert got == [0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0]


def test_a_noisy_grey_cell_does_not_chatter_in_an_hour():
    """The figure behind the default thresholds: noise of 2 % of full light, 25 frames a second."""
    at = np.arange(12 * 90_000)
    uniform = chance.unit_interval(3, chance.stream("test.noise"), at).reshape(90_000, 12)
    noise = (uniform.sum(axis=1) - 6) * 0.02  # of unit variance: nearly normal
    levels = np.clip(np.rint(255 * (0.5 + noise)), 0, 255).astype(np.uint8)
    cells = OnOff()
    flips, before = 0, 0
    for level in levels.reshape(-1, 1, 1):
        now = int(cells.cells(level)[0, 0])
        flips += now != before
        before = now
    assert flips == 0
    bare = levels >= 128
    assert (bare[1:] != bare[:-1]).sum() > 40_000


def test_impossible_thresholds_are_refused():
    with pytest.raises(Mistake, match="come on"):
        OnOff(0.3, 0.4)


def test_the_range_follows_the_room_and_a_blank_sheet_shows_nothing():
    seen = Range(63)
    low, high = np.array([[10, 20]], np.uint8), np.array([[30, 50]], np.uint8)
    assert seen.stretched(low, 0.0).tolist() == [[0, 255]]
    assert seen.stretched(high, 0.01).tolist() == [[127, 255]]
    for second in range(1, 120):
        last = seen.stretched(high, float(second))
    assert last.tolist() == [[0, 255]]
    blank = Range(63)
    assert not blank.stretched(np.array([[30, 32]], np.uint8), 0.0).any()


# calibration


HELLO = Hello(2, 2, 6, 8, "x")


def uneven(dead=()):
    """Photocells no two of which are alike."""
    dark = np.array([[3.0, 10], [0, 20]])
    light = np.array([[40.0, 63], [30, 44]])
    for place in dead:
        light[place] = dark[place] + 1
    return dark, light


def test_calibrated_cells_that_differ_see_alike():
    dark, light = uneven()
    found = calibrated(HELLO, [dark.astype(np.uint8)] * 32, [light.astype(np.uint8)] * 32)
    half = np.rint((dark + light) / 2).astype(np.uint8)
    levels = found.levels(half).astype(int)
    assert np.ptp(levels) <= 9
    assert abs(levels.mean() - 128) < 6
    assert (found.levels(light.astype(np.uint8)) == 255).all()
    assert (found.levels(dark.astype(np.uint8)) == 0).all()


def test_for_a_dead_cell_its_neighbours_speak():
    dark, light = uneven(dead=[(0, 0)])
    found = calibrated(HELLO, [dark.astype(np.uint8)], [light.astype(np.uint8)])
    assert found.dead.tolist() == [[True, False], [False, False]]
    assert found.levels(light.astype(np.uint8))[0, 0] == 255
    assert found.levels(dark.astype(np.uint8))[0, 0] == 0


def test_a_board_that_was_not_covered_is_not_calibrated():
    values = np.full((2, 2), 30, np.uint8)
    with pytest.raises(Mistake, match="cover the board"):
        calibrated(HELLO, [values], [values])


def test_a_calibration_is_read_back(tmp_path):
    found = Calibration("mega-matrix25x16", 6, *uneven())
    write(tmp_path / "board.json", found)
    again = read(tmp_path / "board.json")
    assert (again.board_id, again.bits) == (found.board_id, found.bits)
    np.testing.assert_array_equal(again.dark, found.dark)
    np.testing.assert_array_equal(again.light, found.light)


def test_a_calibration_that_was_changed_is_refused(tmp_path):
    path = tmp_path / "board.json"
    write(path, Calibration("x", 6, *uneven()))
    content = json.loads(path.read_text())
    content["dark"][0] += 1
    path.write_text(json.dumps(content))
    with pytest.raises(Mistake, match="checksum"):
        read(path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["schema", "board", "dark", "light"]), json_values),
    st.booleans(),
)
def test_no_calibration_file_whatever_does_more_than_be_refused(tmp_path_factory, content, right):
    import zlib

    path = tmp_path_factory.mktemp("fuzz") / "x.json"
    if right:
        content["schema"] = "firstwave/board-calibration/1"
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"))
    path.write_text(json.dumps({**content, "crc": f"{zlib.crc32(plain.encode()):08x}"}))
    with pytest.raises(Mistake, match=r"x\.json: "):
        read(path)


@given(st.binary(max_size=100))
def test_no_bytes_whatever_are_a_calibration(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "x.json"
    path.write_bytes(content)
    with pytest.raises(Mistake, match=r"x\.json: "):
        read(path)


def test_another_boards_calibration_leaves_the_eye_dark_and_says_why():
    sight = Sight(Calibration("other", 6, *uneven()))
    _, _, link, eye = looking_at(letter("E"), sight)
    steps(link, 0.5)
    assert not eye.look().levels.any()
    assert "calibration is of other (2 x 2, 6 bits)" in eye.trouble
    with pytest.raises(Mistake, match="calibrate it anew"):
        eye.expose()


# the eye


def test_the_eye_sees_the_letter_before_the_board():
    scene, _, link, eye = looking_at(letter("E"))
    first = eye.look()
    np.testing.assert_array_equal(first.levels, letter("E"))
    assert eye.look().seq == first.seq
    scene.levels = letter("X")
    steps(link, 0.3)
    second = eye.look()
    np.testing.assert_array_equal(second.levels, letter("X"))
    assert second.seq > first.seq
    assert second.age_s < 0.1


def test_a_dark_letter_on_paper_is_seen_as_a_figure():
    _, _, _, eye = looking_at(255 - letter("E"), Sight(dark_figure=True))
    np.testing.assert_array_equal(eye.look().levels, letter("E"))


def test_a_lost_board_leaves_no_old_picture():
    _, cable, link, eye = looking_at(letter("E"))
    lit = eye.look()
    cable.pull()
    steps(link, 0.1)
    dark = eye.look()
    assert not dark.levels.any()
    assert dark.seq > lit.seq
    cable.plug()
    wait_for(link)
    np.testing.assert_array_equal(eye.look().levels, letter("E"))


def test_a_stalled_board_leaves_no_old_picture():
    _, cable, link, eye = looking_at(letter("E"))
    cable.board.silent = True
    steps(link, 1.2)
    assert link.status().state is State.STALLED
    assert not eye.look().levels.any()


def test_a_held_picture_stays_whatever_happens():
    scene, cable, link, eye = looking_at(letter("E"))
    eye.hold()
    scene.levels = letter("X")
    steps(link, 0.3)
    cable.pull()
    steps(link, 0.3)
    np.testing.assert_array_equal(eye.look().levels, letter("E"))
    eye.release()
    assert not eye.look().levels.any()


def test_an_exposure_is_the_majority_of_its_frames():
    scene, _, link, eye = looking_at(letter("E"))
    count = 0
    still = letter("E")

    def flickering(now):
        nonlocal count
        count += 1
        return np.zeros((20, 20), np.uint8) if count % 3 == 0 else still

    eye.link.clock.sleep(0.1)
    link.step()
    scene.__class__.__call__ = lambda self, now: flickering(now)
    try:
        np.testing.assert_array_equal(eye.expose(), letter("E"))
    finally:
        scene.__class__.__call__ = lambda self, now: self.levels


def test_an_exposure_that_does_not_come_is_a_mistake():
    _, cable, _, eye = looking_at(letter("E"))
    cable.pull()
    with pytest.raises(Mistake, match="too few frames"):
        eye.expose(wait_s=3)


def test_a_board_that_is_refused_is_a_mistake_at_once():
    rig = Rig()
    rig.board.version = 2
    with pytest.raises(Mistake, match="protocol 2"):
        wait_for(rig.link)
    assert rig.clock.now() < 3


def test_a_silent_board_is_not_waited_for_for_ever():
    rig = Rig()
    rig.board.silent = True
    with pytest.raises(Mistake, match="no board answers"):
        wait_for(rig.link, 12)


def test_an_eye_calibrated_on_the_emulated_board_sees_through_uneven_cells():
    at = np.arange(400)
    gain = 0.4 + 0.6 * chance.unit_interval(5, chance.stream("test.gain"), at).reshape(20, 20)
    scene, _, link, _ = looking_at(np.zeros((20, 20), np.uint8))
    dark = [seen.values for seen in frames_of(link, 32)]
    scene.levels = (255 * gain).astype(np.uint8)
    steps(link, 0.2)
    light = [seen.values for seen in frames_of(link, 32)]
    found = calibrated(link.status().hello, dark, light)
    scene.levels = (letter("E") * gain).astype(np.uint8)
    steps(link, 0.2)
    eye = BoardEye(link, sight=Sight(found))
    np.testing.assert_array_equal(eye.look().levels, letter("E"))
    plain = BoardEye(link)
    assert not np.array_equal(plain.look().levels, letter("E"))


def test_the_lamps_are_the_r_units_that_show_one():
    assert lamps_of(np.array([1, -1, 0, 1, 1, -1, -1, 1], np.int8)) == 0b10011001
    assert lamps_of(np.ones(20, np.int8)) == 0xFF


# from light to the S-lamp


def test_from_light_to_the_s_lamps_it_takes_less_than_150_ms():
    """All of the way: scan, line, link, eye, retina; the machine runs in step with the clock."""
    changes = [1.0 + 0.4077 * turn for turn in range(20)]  # at any time within a frame

    def scene(now):
        turn = sum(now >= change_s for change_s in changes)
        return letter("XE"[turn % 2])

    clock = HandClock()
    board = EmulatedBoard(clock, scene=scene, bootloader="none")
    link = Link(Cable(board), clock)
    eye = BoardEye(link)
    machine = Mark1(Description(responses_in_use=1), engine="reference")
    waits = []
    for turn, change_s in enumerate(changes, start=1):
        wanted = letter("XE"[turn % 2]) > 0
        while True:
            link.step()
            machine.run(int(clock.now() * 1e9))
            light = eye.look().levels
            if not np.array_equal(light, machine.rack("mark1.retina.light").reshape(20, 20)):
                machine.operate("mark1.retina.light", light)
            lamps = machine.rack("mark1.retina.S").reshape(20, 20) > 0
            if clock.now() >= change_s and np.array_equal(lamps, wanted):
                break
            assert clock.now() - change_s < 0.4
        waits.append(clock.now() - change_s)
    print(f"from light to S-lamps: {min(waits):.3f} to {max(waits):.3f} s")
    assert max(waits) < 0.150
    assert min(waits) > 0.035  # a frame of 411 bytes alone takes 36 ms
