import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from simulator.errors import Mistake
from simulator.stimuli import LETTERS, figure, letter, named


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("E,X", ("E", "X")),
        (" x , e ", ("X", "E")),
        ("7", ("7",)),
        ("A-Z,0-9", tuple(LETTERS)),
        ("c-f, 8 - 9", ("C", "D", "E", "F", "8", "9")),
        ("A-A", ("A",)),
        ("square,Circle-Outline,A", ("square", "circle-outline", "A")),
    ],
)
def test_names_give_a_class_each_in_their_order(text, classes):
    shown = named(text)
    assert shown.classes == shown.names == classes
    assert shown.labels.tolist() == list(range(len(classes)))


def test_names_give_what_they_name_on_any_retina():
    shown = named("E,square", 16, 24)
    assert np.array_equal(shown.levels[0], letter("E", 16, 24))
    assert np.array_equal(shown.levels[1], figure("square", rows=16, columns=24))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sqare,circle", "perhaps square?"),
        ("trinagle", "perhaps triangle?"),
        ("zebra-crossing", "known are"),
        ("", "a name is missing"),
        ("A,,B", "a name is missing"),
        ("A,", "a name is missing"),
        ("A,a", "A is named twice"),
        ("A-C,B", "B is named twice"),
        ("Z-A", "'Z-A' is unknown"),
        ("A-9", "'A-9' is unknown"),
        ("A-B-C", "unknown"),
        ("-", "unknown"),
        ("AB", "unknown"),
        ("Ä", "unknown"),
        ("ı", "unknown"),
        ("no/such/folder", "there is no folder"),
    ],
)
def test_unknown_names_are_refused_with_what_is_known(text, words):
    with pytest.raises(Mistake) as caught:
        named(text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(max_examples=500)
@given(
    st.one_of(
        st.text(),
        st.text("AaZz09,- Q./~\0\n"),
        st.lists(st.sampled_from(["A", "B-D", "square", "9-0", "0-9", "", "X"])).map(",".join),
    )
)
def test_any_text_names_a_set_or_is_the_users_mistake(text):
    # A path is tried last; these texts begin none of the folders there are.
    prefix = "nowhere" if set(text) & set("./~") else ""
    try:
        shown = named(prefix + text)
    except Mistake:
        return
    assert len(shown) == len(shown.classes) >= 1


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(LETTERS), min_size=1, unique=True))
def test_list_of_letters_is_read_back(characters):
    assert named(",".join(characters)).classes == tuple(characters)


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("my-letters", "E", "odd,name"):
        (tmp_path / name).mkdir()
        Image.fromarray(255 - letter("Q")).save(tmp_path / name / "Q.png")
    return tmp_path


@pytest.mark.parametrize("text", ["my-letters", "./E", "E/", "odd,name"])
def test_path_of_a_folder_gives_its_pictures(pictures, text):
    assert named(text).classes == ("Q",)
    assert np.array_equal(named(text).levels[0], letter("Q"))


def test_options_reach_the_pictures_of_a_folder(pictures):
    assert np.array_equal(named("./E", invert=False).levels[0], 255 - letter("Q"))
    assert named("./E", 10, 12, threshold="none").levels.shape == (1, 10, 12)


def test_letter_is_meant_before_a_folder_of_its_name(pictures):
    assert named("E").classes == ("E",)


def test_single_picture_is_refused_with_a_cure(pictures):
    with pytest.raises(Mistake, match="this is a file; name the folder"):
        named("E/Q.png")


def test_empty_folder_is_refused(tmp_path):
    with pytest.raises(Mistake, match="no picture in this folder"):
        named(str(tmp_path))


def test_importing_the_stimuli_does_not_load_pillow():
    program = "import simulator.stimuli, sys; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
