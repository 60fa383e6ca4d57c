"""Undo, redo, reset, steps: everything can be taken back."""

import random

import numpy as np
import pygame
import pytest
from panel_driver import Driver

from simulator import state as states
from simulator.kernel import NEVER
from simulator.logbook import replay
from simulator.probe import DutyCycle
from simulator.stimuli import letter
from ui.panels.mark1 import visitors_machine


@pytest.fixture
def one():
    driver = Driver()
    yield driver
    driver.close()


def teach(driver, letter, key):
    driver.key(f"shift+{letter}")
    driver.seconds(0.4)
    driver.key(key)
    driver.seconds(0.5)


def test_a_whole_stroke_is_one_undo(one):
    one.drag([(3, 3), (3, 15), (12, 15)])
    assert one.light().any()
    one.key("ctrl+z")
    assert not one.light().any()
    one.key("ctrl+y")
    assert one.light()[3, 3:15].all()


def test_undo_of_teaching_brings_the_pots_back_and_redo_teaches_again(one):
    one.key("shift+e")
    one.seconds(0.4)
    one.key("a")
    one.seconds(0.5)
    taught = one.machine.rack("mark1.values.V")
    one.click("key.undo")
    assert not one.machine.rack("mark1.values.V").any()
    one.seconds(1)  # the machine runs on meanwhile
    one.click("key.redo")
    assert one.machine.rack("mark1.values.V").tolist() == taught.tolist()


def test_redo_is_gone_after_a_new_act(one):
    one.key("shift+e")
    one.key("ctrl+z")
    one.key("shift+x")
    one.key("ctrl+y")
    assert "nothing to redo" in one.session.message


def test_reset_is_as_at_power_on_and_can_be_undone_and_redone(one):
    teach(one, "e", "a")
    values = one.machine.rack("mark1.values.V")
    one.key("r")
    assert one.same_as_fresh() == []
    one.seconds(0.2)
    one.key("ctrl+z")
    assert one.machine.rack("mark1.values.V").tolist() == values.tolist()
    one.key("ctrl+z")
    assert not one.machine.rack("mark1.values.V").any()
    one.key("ctrl+y")
    one.key("ctrl+y")
    assert one.same_as_fresh() == []


def test_what_was_undone_before_a_reset_stays_undone(one):
    one.key("shift+e")
    one.key("ctrl+z")
    one.key("r")
    one.key("ctrl+z")
    one.key("shift+x")
    one.key("ctrl+z")
    one.key("ctrl+y")
    assert (one.light() == letter("X")).all()
    one.key("ctrl+y")
    assert "nothing to redo" in one.session.message


def test_a_reset_is_redone_after_the_acts_that_were_undone_with_it(one):
    one.key("shift+e")
    one.key("shift+x")
    one.key("r")
    for _ in range(3):
        one.key("ctrl+z")
    assert one.same_as_fresh() == []
    one.key("ctrl+y")
    assert (one.light() == letter("E")).all()
    one.key("ctrl+y")
    one.key("ctrl+y")
    assert one.same_as_fresh() == []
    one.key("ctrl+z")
    assert (one.light() == letter("X")).all()


def test_reset_in_the_middle_of_a_series_leaves_nothing_going_on(one):
    one.key("t")
    one.seconds(1)
    one.key("r")
    one.seconds(1)
    assert one.same_as_fresh() == []


def test_stepping_back_undoes_steps_bit_by_bit(one):
    one.key("space")
    one.key("shift+e")
    seen = [one.machine.snapshot()]
    for _ in range(5):
        one.key("right")
        seen.append(one.machine.snapshot())
    for expected in reversed(seen[:-1]):
        one.key("left")
        assert states.diff(one.machine.snapshot(), expected) == []
    one.key("backspace")
    assert not one.light().any()


def draw_slowly(driver):
    """Draw for 1.2 s, one cell further every 0.05 s."""
    driver.mouse(pygame.MOUSEBUTTONDOWN, driver.cell(10, 0))
    driver.frames(1)
    for i in range(24):
        driver.mouse(pygame.MOUSEMOTION, driver.cell(10, 0.8 * i))
        driver.frames(3)
    driver.mouse(pygame.MOUSEBUTTONUP, driver.cell(10, 18))
    driver.frames(1)


def test_undo_goes_on_after_a_slow_stroke_a_step_back_and_two_acts(one):
    """The logbook once went back in time there, and every undo from then on was refused."""
    draw_slowly(one)
    whole = np.count_nonzero(one.light())
    one.key("left")
    cut = one.machine.snapshot()
    assert 0 < np.count_nonzero(one.light()) < whole, "back inside the stroke"
    times = [entry.t_ns for entry in one.machine.logbook.entries]
    assert max(times) <= one.machine.now_ns
    one.key("shift+e")
    one.key("shift+x")
    one.key("ctrl+z")
    assert (one.light() == letter("E")).all()
    one.key("ctrl+z")
    assert states.diff(one.machine.snapshot(), cut) == []
    one.key("ctrl+z")
    assert one.session.message == "undone"
    assert one.same_as_fresh() == []
    for _ in range(3):
        one.key("ctrl+y")
    assert (one.light() == letter("X")).all()


def test_a_step_back_never_goes_forward_to_a_time_that_was_given_up(one):
    """Redo once left steps on the trail that had been taken after the undo."""
    one.key("space")
    one.key("shift+e")
    one.key("right")
    one.key("shift+x")
    second = one.machine.now_ns
    one.key("ctrl+z")
    for _ in range(5):
        one.key("shift+right")
    one.key("ctrl+y")
    assert (one.light() == letter("X")).all()
    one.key("ctrl+z")
    assert one.machine.now_ns == second
    one.key("left")
    assert one.machine.now_ns < second
    assert (one.light() == letter("E")).all()


def test_an_act_the_machine_refuses_is_no_act_and_redo_is_not_lost(one):
    """TRAIN while a series runs once made an empty mark and cleared what could be redone."""
    one.key("t")
    one.seconds(0.5)
    one.key("shift+e")
    one.key("ctrl+z")
    one.session.stop()
    before, book = one.machine.snapshot(), list(one.machine.logbook.entries)
    one.key("t")
    assert "is running" in one.session.message
    assert not one.session.act(("mark1.control.train", None))
    refused = (("mark1.association.theta", 5), ("mark1.control.halt", 1))
    assert not one.session.act(*refused), "nothing moves, not even the first of several"
    assert states.diff(one.machine.snapshot(), before) == []
    assert one.machine.logbook.entries == book
    one.key("ctrl+y")
    assert one.session.message == "done again"
    assert (one.light() == letter("E")).all()
    one.key("ctrl+z")
    one.key("ctrl+z")
    assert one.machine.number("mark1.control.stage") == 0, "one act back, and there is no series"


@pytest.mark.parametrize("key", ["ctrl+z", "ctrl+y", "r", "left"])
def test_going_through_the_past_in_mid_stroke_ends_the_stroke(one, key):
    """The rest of the stroke was once recorded, without a mark."""
    one.key("space")
    one.mouse(pygame.MOUSEBUTTONDOWN, one.cell(5, 5))
    one.mouse(pygame.MOUSEMOTION, one.cell(5, 8))
    one.frames(1)
    one.key(key)
    light, entries = one.light(), len(one.machine.logbook.entries)
    one.mouse(pygame.MOUSEMOTION, one.cell(15, 8))
    one.mouse(pygame.MOUSEBUTTONUP, one.cell(15, 8))
    one.frames(1)
    assert (one.light() == light).all()
    assert len(one.machine.logbook.entries) == entries
    one.drag([(12, 1), (12, 4)])
    assert one.light()[12, 1:5].all(), "the next stroke is drawn again"
    one.key("ctrl+z")
    assert (one.light() == light).all()


def test_nobody_watches_while_the_machine_is_rushed_through_its_past(one, monkeypatch):
    looks = []
    observe = DutyCycle.observe
    monkeypatch.setattr(DutyCycle, "observe", lambda *a: (looks.append(1), observe(*a)))
    for _ in range(3):
        one.key("shift+e")
        one.seconds(0.3)
    for act in (one.session.undo, one.session.undo, one.session.redo, one.session.reset):
        looks.clear()
        act()
        assert len(looks) == 2, "each of the two watched points is looked at once, at the end"


def test_reset_does_not_promise_the_power_on_of_a_machine_that_was_loaded(one):
    one.key("r")
    assert "power-on" not in one.session.message
    assert "when the panel was opened" in one.session.message
    assert "power-on" not in one.panel.find("key.reset").part.tip


def test_a_small_step_is_one_millisecond(one):
    one.key("space")
    before = one.machine.now_ns
    one.key("shift+right")
    assert one.machine.now_ns == before + 1_000_000


def test_the_machine_runs_in_real_time_and_other_speeds(one):
    start = one.machine.now_ns
    one.seconds(1)
    assert (one.machine.now_ns - start) / 1e9 == pytest.approx(1, abs=0.03)
    one.key("3")
    start = one.machine.now_ns
    one.seconds(1)
    assert (one.machine.now_ns - start) / 1e9 == pytest.approx(0.1, abs=0.01)
    one.seconds(1)
    assert one.session.achieved == pytest.approx(0.1, abs=0.01)
    one.key("]")
    assert one.session.speed == pytest.approx(0.1 * 2**0.25)


def test_at_the_fastest_notch_a_series_rushes_by_and_a_machine_at_rest_keeps_real_time(one):
    one.key("8")
    start = one.machine.now_ns
    one.key("t")
    one.frames(2)
    assert one.machine.number("mark1.control.stage") == 0
    assert one.machine.number("mark1.control.trials") >= 2
    assert one.machine.now_ns - start > 1e9
    start = one.machine.now_ns
    one.seconds(1)
    assert (one.machine.now_ns - start) / 1e9 == pytest.approx(1, abs=0.03)


def test_at_the_fastest_notch_the_machine_stops_at_the_very_last_event(one):
    one.key("8")
    one.key("t")
    twin = visitors_machine()
    replay(twin, one.machine.logbook.entries)
    while (due_ns := twin.next_due_ns()) != NEVER:
        twin.run(due_ns)
    assert states.diff(one.machine.snapshot(), twin.snapshot()) == []


def test_a_lesson_while_the_control_unit_is_busy_is_refused_in_words(one):
    one.key("shift+e")
    one.seconds(0.4)
    one.key("a")
    one.key("a")
    assert "busy" in one.session.message
    assert one.machine.number("mark1.control.pulses") == 1


def test_thousands_of_random_acts_raise_nothing_and_undo_to_the_start(one):
    dice = random.Random(1960)
    ids = [widget.part.id for widget in one.panel.widgets]
    # no quitting, no files, no full screen
    names = [*"abcdefghijklmnopqstuvwxyz", *"12345678", *"[]-=.", "right", "left", "shift+right",
             "ctrl+z", "ctrl+y", "tab", "return", "shift+return", "shift+tab", "up", "f1", "r",
             "space", "backspace", *(f"shift+{c}" for c in "abcxyz")]  # fmt: skip
    kinds = [pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP]
    for _ in range(3000):
        throw = dice.random()
        if throw < 0.3:
            one.key(dice.choice(names))
        elif throw < 0.5:
            one.click(dice.choice(ids), dice.choice((1, 2, 3)))
        else:
            at = (dice.randrange(-5, 1290), dice.randrange(-5, 770))
            one.mouse(dice.choice(kinds), at, dice.choice((1, 3)))
            pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=dice.choice((-1, 1))))
            one.frames(1)
    one.app.open = True
    one.panel.help.open = False
    while one.session.undo():
        pass
    assert one.same_as_fresh() == []


def test_every_widget_that_can_be_touched_can_be_named_explained_and_reached(one):
    ids = [widget.part.id for widget in one.panel.widgets]
    assert len(set(ids)) == len(ids)
    for widget in one.panel.widgets:
        part = widget.part
        assert part.tip_at(*part.box.middle) or callable(part.tip)
        rect = one.app.screen.canvas.rect(part.box)
        assert rect.left >= 0
        assert rect.right <= 1280
        assert rect.bottom <= 800
        if part.keys:
            assert rect.w >= 24
            assert rect.h >= 24


def test_tab_reaches_every_part_and_enter_presses_it(one):
    touchable = [w.part.id for w in one.panel.widgets if w.part.keys]
    reached = []
    for _ in touchable:
        one.key("tab")
        reached.append(one.app.screen.focus.part.id)
    assert reached == touchable
    while one.app.screen.focus.part.id != "letter.X":
        one.key("tab")
    one.key("return")
    assert one.light().any()


def test_the_retina_can_be_drawn_on_with_the_keyboard(one):
    one.key("tab")
    one.key("up")
    one.key("right")
    one.key("return")
    assert one.light()[9, 11] == 255
    assert np.count_nonzero(one.light()) == 1
    one.key("shift+return")
    assert not one.light().any()


def test_no_hit_boxes_of_touchable_parts_overlap(one):
    touchable = [w for w in one.panel.widgets if w.part.keys]
    rects = [one.app.screen.canvas.rect(w.part.box) for w in touchable]
    for i, rect in enumerate(rects):
        hit = [touchable[j].part.id for j in rect.collidelistall(rects) if j != i]
        assert hit == [], touchable[i].part.id


def test_key_legends_fit_their_keys(one):
    canvas = one.app.screen.canvas
    for widget in one.panel.widgets:
        text = getattr(widget, "text", None)
        if not widget.part.keys or text is None:
            continue
        line = (text if isinstance(text, str) else text()).split("\n")[0]
        assert canvas.width_of(line, widget.size, bold=True) <= widget.part.box.w - 8, line
