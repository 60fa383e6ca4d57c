"""What a hand does to the panel, seen at the machine and in the picture."""

import numpy as np
import pygame
import pytest
from panel_driver import Driver

from machines.mark1 import Description, Experimenter, Mark1, machine_for
from simulator.stimuli import letters
from ui.panel import theme
from ui.panel.banks import Glow
from ui.panel.retina import swept
from ui.panels.mark1 import open_machine, panel
from ui.panels.mark1.operator import two_answers


@pytest.fixture(params=[(960, 600), (1280, 800), (1920, 1200), (1400, 700)])
def driver(request):
    driver = Driver(request.param)
    yield driver
    driver.close()


@pytest.fixture
def one():
    driver = Driver()
    yield driver
    driver.close()


def active_label(driver):
    return int(np.flatnonzero(driver.machine.rack("mark1.association.A"))[0]) + 1


def test_drawing_lights_photocells_s_units_and_their_lamps(driver):
    box = driver.s_cell(5, 5)
    dark = driver.brightness(box)
    driver.drag([(5, 2), (5, 8)])
    assert driver.light()[5, 2:9].all()
    driver.seconds(0.3)
    assert driver.machine.rack("mark1.retina.S").reshape(20, 20)[5, 5]
    assert driver.brightness(box) > dark + 60


def test_right_button_draws_dark(one):
    one.key("shift+e")
    one.drag([(0, 10), (19, 10)], button=3)
    assert not one.light()[:, 10].any()
    assert one.light().any()


def test_a_fast_drag_skips_no_cell(one):
    one.drag([(10, 1), (10, 18)])
    assert one.light()[10, 1:19].all()


def test_a_stroke_is_two_cells_wide_where_it_runs_between_cells():
    touched = swept((5.0, 2.5), (5.0, 9.5), 20, 20)
    assert touched[4:6, 2:10].all()
    assert touched.sum() == 16


def test_a_letter_makes_a_lamp_really_brighter(driver):
    driver.seconds(0.2)
    driver.click("letter.E")
    driver.seconds(0.5)
    active = driver.machine.rack("mark1.association.A") > 0
    lit = [driver.brightness(driver.a_lamp(i + 1)) for i in np.flatnonzero(active)]
    unlit = [driver.brightness(driver.a_lamp(i + 1)) for i in np.flatnonzero(~active)]
    assert min(lit) > max(unlit) + 30


def test_teaching_turns_the_pots_of_active_units_and_no_others(driver):
    driver.click("letter.E")
    driver.seconds(0.4)
    active = driver.machine.rack("mark1.association.A") > 0
    before = [driver.look(driver.pot(i + 1)) for i in range(512)]
    driver.click("key.teach.A")
    driver.seconds(0.5)
    turned = driver.machine.rack("mark1.values.V") != 0
    assert (turned == active).all()
    seen = [not np.array_equal(driver.look(driver.pot(i + 1)), before[i]) for i in range(512)]
    assert seen == active.tolist()


def test_a_is_orange_and_b_is_blue_and_the_pointer_leans_the_other_way(one):
    one.key("shift+e")
    one.seconds(0.4)
    label = active_label(one)
    one.key("a")
    one.seconds(0.5)
    orange = one.look(one.pot(label)).mean(axis=(0, 1))
    for _ in range(2):
        one.key("b")
        one.seconds(0.5)
    blue = one.look(one.pot(label)).mean(axis=(0, 1))
    assert orange[0] > orange[2]
    assert blue[2] > blue[0]


def test_two_examples_teach_a_from_b(one):
    for letter, key in (("e", "a"), ("x", "b")):
        one.key(f"shift+{letter}")
        one.seconds(0.4)
        one.key(key)
        one.seconds(0.5)
    answer = one.panel.find("answer")
    for letter, name in (("e", "A"), ("x", "B"), ("e", "A")):
        one.key(f"shift+{letter}")
        one.seconds(0.4)
        assert answer.says().large == name


def test_teaching_before_anything_is_shown_is_told_and_changes_nothing(one):
    one.click("key.teach.A")
    assert "no A-unit is active" in one.session.message
    assert one.machine.number("mark1.control.pulses") == 0


def test_the_sum_meters_needle_moves(one):
    one.key("shift+e")
    one.seconds(0.4)
    meter = one.panel.find("bank.sum").part.box
    before = one.look(meter)
    one.key("a")
    one.seconds(0.2)
    assert not np.array_equal(one.look(meter), before)


def test_stopped_lamps_show_exact_bits_and_drawing_shows_at_once(one):
    one.key("space")
    one.frames(2)
    cell = one.s_cell(5, 5)
    dark = one.brightness(cell)
    one.drag([(5, 5), (5, 6)])
    assert one.brightness(cell) > dark + 5
    assert not one.machine.rack("mark1.retina.S").any()
    one.key("right")
    assert one.machine.rack("mark1.retina.S").sum() == 1
    for _ in range(20):
        one.key(".")
    assert one.machine.rack("mark1.retina.S")[5 * 20 + 5]
    assert one.brightness(cell) > dark + 60


def test_a_lamp_of_a_machine_that_stands_has_no_afterglow(one):
    glow = Glow()
    assert glow.follow(np.zeros(1), 1 / 60, False) == 0
    assert 0 < glow.follow(np.ones(1), 1 / 60, False) < 1
    assert glow.follow(np.ones(1), 1 / 60, True) == 1
    assert glow.follow(np.zeros(1), 1 / 60, True) == 0

    one.key("shift+e")
    one.seconds(0.3)
    one.key("c")
    one.frames(2)  # the lamps are about to go out
    one.key("space")
    assert one.frames(30) == 0, "stopped: the exact state is shown at once and stays"


def test_a_stroke_ends_when_the_window_loses_the_focus(one):
    one.mouse(pygame.MOUSEBUTTONDOWN, one.cell(5, 2))
    pygame.event.post(pygame.event.Event(pygame.WINDOWFOCUSLOST))
    one.mouse(pygame.MOUSEMOTION, one.cell(5, 12))
    one.frames(1)
    assert one.light()[5, 2]
    assert not one.light()[5, 4:].any()


def test_teach_keys_are_dull_while_the_control_unit_is_busy(one):
    one.key("shift+e")
    one.seconds(0.4)
    boxes = [one.panel.find(f"key.{name}").part.box for name in ("teach.A", "teach.B", "reinforce")]
    bright = [one.look(box) for box in boxes]
    one.key("a")
    for box, before in zip(boxes, bright, strict=True):
        assert not np.array_equal(one.look(box), before)
    one.seconds(0.5)
    for box, before in zip(boxes, bright, strict=True):
        assert np.array_equal(one.look(box), before)


def saved(tmp_path, classes, teach=False):
    stimuli = letters(classes)
    experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
    if teach:
        experimenter.teach(stimuli)
    experimenter.save(tmp_path / "saved.npz")
    return lambda clock: open_machine(state=tmp_path / "saved.npz", clock=clock)


def test_teach_keys_and_answers_of_a_saved_machine_have_the_colour_of_their_codes_sign(tmp_path):
    """The first class of two has the code "0", negative; its key was once orange."""
    driver = Driver(opened=saved(tmp_path, "EX", teach=True))
    first, second = (driver.panel.find(f"key.teach.{key}") for key in "AB")
    assert (first.colour, second.colour) == (theme.BLUE, theme.ORANGE)
    assert first.text == "▲ TEACH E"
    for character, colour in (("e", theme.BLUE), ("x", theme.ORANGE)):
        driver.key(f"shift+{character}")
        driver.seconds(0.4)
        says = driver.panel.find("answer").says()
        assert (says.large, says.colour) == (character.upper(), colour)
    driver.close()


def test_teach_names_the_letter_that_stands_there_also_after_undo(tmp_path):
    """It once taught the letter last stamped, though undo had brought another one back."""
    driver = Driver(opened=saved(tmp_path, "CHL"))
    key = driver.panel.find("key.teach")
    assert key.text() == "TEACH …"
    driver.key("shift+h")
    driver.seconds(0.3)
    assert key.text() == "TEACH H"
    driver.key("shift+l")
    assert key.text() == "TEACH L"
    driver.key("ctrl+z")
    driver.seconds(0.3)
    assert key.text() == "TEACH H"
    driver.key("a")
    assert "this is H" in driver.session.message
    driver.seconds(0.5)
    for spoil in ("c", "i", "r"):
        driver.key("shift+h")
        driver.key(spoil)
        assert key.text() == "TEACH …"
        driver.seconds(0.3)
        pulses = driver.machine.number("mark1.control.pulses")
        driver.key("a")
        assert "show one of the letters" in driver.session.message
        assert driver.machine.number("mark1.control.pulses") == pulses
    driver.key("shift+h")
    driver.drag([(0, 0), (0, 5)])
    assert key.text() == "TEACH …"
    driver.close()


def test_a_click_on_a_switchs_label_counts(one):
    one.click("switch.force.1", dx=-38)
    assert one.machine.rack("mark1.response.desired")[0] == -1
    one.click("switch.force.1", dx=38)
    assert one.machine.rack("mark1.response.desired")[0] == 1
    one.click("switch.force.1")
    assert one.machine.rack("mark1.response.desired")[0] == 0


def test_the_rule_knob_turns_and_its_reinforcement_follows(one):
    knob = one.panel.find("knob.rule")
    before = one.look(knob.part.box)
    one.click("knob.rule", dx=0, dy=-25)
    assert one.machine.number("mark1.control.rule") == 2
    assert not np.array_equal(one.look(knob.part.box), before)


def test_theta_keys_move_the_threshold_and_a_mistake_is_told(one):
    one.click("key.theta_up")
    assert one.machine.number("mark1.association.theta") == 3
    for _ in range(10):
        one.key("=")
    assert one.machine.number("mark1.association.theta") == 10
    assert "theta must lie between" in one.session.message


def test_training_ends_without_error(one):
    one.key("7")
    one.click("key.train")
    one.seconds(3)
    assert one.machine.number("mark1.control.stage") == 0
    curve = one.machine.rack("mark1.control.sweep_wrong")
    assert curve[curve >= 0][-1] == 0


def test_resizing_scales_the_picture_and_the_hit_boxes(one):
    one.app._window.size = (960, 600)
    one.seconds(0.3)
    assert one.app.screen.canvas.scale == pytest.approx(0.75)
    one.click("letter.X")
    assert one.light().any()
    one.app._window.size = (1600, 900)
    one.seconds(0.3)
    one.click("key.clear")
    assert not one.light().any()


def test_nothing_is_drawn_when_nothing_changed(one):
    one.key("space")
    one.frames(3)
    assert one.frames(60) == 0


def test_help_opens_over_the_panel_and_any_click_closes_it(one):
    plain = one.look(one.panel.find("knob.rule").part.box)
    one.click("key.help")
    assert one.panel.help.open
    assert not np.array_equal(one.look(one.panel.find("knob.rule").part.box), plain)
    one.click("key.teach.A")
    assert not one.panel.help.open
    assert one.machine.number("mark1.control.pulses") == 0


def test_a_resting_pointer_is_told_what_it_points_at(one):
    x, y = one.panel.find("bank.V").places[16]
    one.mouse(pygame.MOUSEMOTION, one.pixel(x + 4, y + 4))
    one.seconds(1)
    assert "A17" in one.app.screen.tooltip[0]


def test_a_window_uncovered_is_shown_again(one):
    one.key("space")
    one.frames(3)
    assert one.frames(1) == 0
    pygame.event.post(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert one.frames(1) == 1


def test_the_wheel_turns_knobs_and_nothing_else(one):
    for part, changed in (("knob.speed", True), ("retina", False)):
        before = (one.session.notch, one.light().any())
        x, y = one.panel.find(part).part.box.middle
        one.mouse(pygame.MOUSEMOTION, one.pixel(x, y))
        pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=1))
        one.frames(1)
        assert ((one.session.notch, one.light().any()) != before) is changed


def test_f10_writes_a_picture_of_what_is_seen(one, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one.key("shift+e")
    one.seconds(0.3)
    one.key("f10")
    (path,) = tmp_path.glob("*.png")
    assert pygame.image.load(path).get_size() == (1280, 800)


def test_full_screen_and_back(one):
    one.key("f11")
    one.seconds(0.3)
    one.key("alt+return")
    one.seconds(0.3)
    assert one.app.screen.surface.get_size() == (1280, 800)
    one.click("letter.E")
    assert one.light().any()


def test_escape_quits(one):
    one.key("escape")
    assert not one.app.open


@pytest.mark.parametrize(
    "numbers",
    [
        {"responses_in_use": 8},
        {"rows": 8, "columns": 12, "association_units": 40, "responses_in_use": 1,
         "excitatory": 4, "inhibitory": 4},
        {"association_units": 3000, "plugs_per_s_unit": 400, "responses_in_use": 5},
        {"response_units": 62, "responses_in_use": 62},
        {"rows": 50, "columns": 30, "responses_in_use": 1},
        {"response_units": 2, "responses_in_use": 2, "association_units": 2, "theta": 1},
    ],
)  # fmt: skip
def test_machines_of_other_sizes_find_their_place(numbers):
    def opened(clock):
        machine = Mark1(Description(**numbers), engine="compiled")
        return panel(machine, two_answers(machine), clock=clock)

    driver = Driver(opened=opened)
    well = driver.panel.find("bank.A").part.box
    for bank in ("bank.A", "bank.V"):
        bank = driver.panel.find(bank)
        for x, y in bank.places:
            assert well.x <= x
            assert x + bank.tile[0] <= well.x + well.w
            assert well.y <= y
            assert y + bank.tile[1] <= well.y + well.h
    driver.click("letter.E")
    driver.seconds(0.4)
    assert driver.machine.rack("mark1.retina.S").any()
    driver.close()
