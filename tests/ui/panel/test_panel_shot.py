"""The panel without a person: pictures, and doors that stay shut in one line."""

import subprocess
import sys

import pygame
import pytest

from machines.mark1 import Description, Experimenter, Mark1, machine_for, plugboard
from simulator import state as states
from simulator.errors import Mistake
from simulator.stimuli import letters
from ui.panel.window import StatusBar
from ui.panels import check_pygame, has_display, open_panel
from ui.panels.mark1 import open_machine, panel
from ui.panels.mark1.operator import two_answers


def test_the_same_shot_twice_is_the_same_file(tmp_path):
    paths = [tmp_path / name for name in ("one.png", "two.png")]
    for path in paths:
        assert open_panel("mark1", shot=path, after_s=1.0) == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert pygame.image.load(paths[0]).get_size() == (1280, 800)


def test_a_shot_shows_what_happened_until_then(tmp_path):
    early, late = tmp_path / "early.png", tmp_path / "late.png"
    open_panel("mark1", shot=early, after_s=0.0)
    open_panel("mark1", shot=late, after_s=1.0)
    assert early.read_bytes() != late.read_bytes()


def test_a_saved_machine_with_a_code_sheet_answers_with_its_names(tmp_path):
    stimuli = letters("CHL")
    experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
    experimenter.teach(stimuli)
    experimenter.save(tmp_path / "chl.npz")
    assert open_panel("mark1", shot=tmp_path / "chl.png", state=tmp_path / "chl.npz") == 0


def test_the_status_line_says_of_a_dense_plugboard_that_it_is_not_historical():
    d = Description(responses_in_use=2)
    for board, said in (
        (plugboard.random_table(d), ""),
        (plugboard.dense(plugboard.random_table(d), d), "1024 potentiometers: not historical"),
    ):
        machine = Mark1(d, board)
        shown = panel(machine, two_answers(machine))
        bars = [widget for widget in shown.widgets if isinstance(widget, StatusBar)]
        assert [bar.texts()[1] for bar in bars] == [said]


def test_a_saved_machine_is_read_once(tmp_path, monkeypatch):
    experimenter = Experimenter(machine_for("EX"), "EX")
    experimenter.save(tmp_path / "ex.npz")
    read = []
    load = states.load
    monkeypatch.setattr(states, "load", lambda *a: (read.append(a), load(*a))[1])
    open_machine(state=tmp_path / "ex.npz")
    assert len(read) == 1


@pytest.mark.parametrize("classes", [7, ["E", 7], ["E", "E"], list("ABCDE"), []])
def test_a_saved_machine_whose_code_sheet_is_damaged_is_refused(tmp_path, classes):
    machine_for("EX").save(tmp_path / "ex.npz", {"classes": classes})
    with pytest.raises(Mistake, match=r"ex\.npz: "):
        open_machine(state=tmp_path / "ex.npz")


@pytest.mark.parametrize("name", ["s.jpg", "s.png.bmp", "s"])
def test_a_picture_that_would_be_no_png_is_refused_before_work_starts(tmp_path, monkeypatch, name):
    monkeypatch.setattr(pygame, "IS_CE", 0)  # not even this is found out before
    with pytest.raises(Mistake, match=r"ends in \.png"):
        open_panel("mark1", shot=tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_panel_is_a_mistake():
    with pytest.raises(Mistake, match="did you mean mark1"):
        open_panel("mark2")


def test_a_folder_that_does_not_exist_is_a_mistake(tmp_path):
    with pytest.raises(Mistake, match="cannot be written"):
        open_panel("mark1", shot=tmp_path / "no" / "x.png", after_s=0)


def test_the_older_pygame_is_refused_with_the_repair(monkeypatch):
    monkeypatch.setattr(pygame, "IS_CE", 0)
    with pytest.raises(Mistake, match="pip uninstall -y pygame pygame-ce && pip install pygame-ce"):
        check_pygame()


def test_a_driver_sdl_chose_for_want_of_a_screen_is_no_display(monkeypatch):
    assert has_display()  # the tests ask for the dummy driver
    monkeypatch.delenv("SDL_VIDEODRIVER")
    assert not has_display()
    with pytest.raises(Mistake, match="no display"):
        open_panel("mark1")


def test_the_door_to_the_panels_imports_no_pygame():
    code = "import sys, ui.panels; sys.exit('pygame' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_picture_of_a_saved_machine_shows_it_as_it_was_saved(tmp_path, monkeypatch):
    from machines.mark1 import Experimenter, machine_for
    from simulator.stimuli import letters
    from ui.panels import mark1, open_panel

    stimuli = letters("EX")
    experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
    experimenter.teach(stimuli)
    experimenter.save(tmp_path / "ex.npz")
    opened = []
    build = mark1.open_machine

    def noted(*args, **kwargs):
        opened.append(build(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(mark1, "open_machine", noted)
    pulses = experimenter.machine.number("mark1.control.pulses")
    open_panel("mark1", shot=tmp_path / "ex.png", after_s=2.0, state=tmp_path / "ex.npz")
    assert opened[0].session.machine.number("mark1.control.pulses") == pulses
    assert (tmp_path / "ex.png").stat().st_size > 10_000
