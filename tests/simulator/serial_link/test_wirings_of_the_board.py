"""The drawings, the building guide and the firmware's header speak of the same pins and parts."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from simulator.serial_link.wiring_diagrams import DRAWINGS, main
from simulator.serial_link.wirings import WIRINGS, parts, wiring

ROOT = Path(__file__).parents[3]
HEADER = ROOT / "simulator/serial_link/firmware/photocell_board/wiring.h"
GUIDE = ROOT / "docs/photocell_board_building.md"
ALL = pytest.mark.parametrize("built", WIRINGS, ids=lambda built: f"{built.name}-{built.chip}")

DRAWN = {
    "board-2x3.svg": ("DIRECT_2X3", "uno"),
    "board-4x4.svg": ("MUX_4X4", "uno"),
    "board-4x4-mega.svg": ("DIRECT_4X4", "mega"),
    "board-8x8.svg": ("MUX_8X8", "uno"),
    "board-20x20-multiplexers.svg": ("MUX_20X20", "mega"),
    "board-20x20-matrix.svg": ("MATRIX_20X20", "mega"),
}


def header_of(chip):
    """What wiring.h defines for a chip, as text; lists of pins as numbers."""
    text = HEADER.read_text()
    mcu = {"uno": "__AVR_ATmega328P__", "mega": "__AVR_ATmega2560__"}[chip]
    section = re.search(rf"defined\({mcu}\)\n(.*?)#(?:elif|else)", text, re.S)[1]
    defined = dict(re.findall(r"#define (\w+) (.*?)(?:\s*//.*)?$", section, re.M))
    return {
        name: tuple(map(int, re.findall(r"\d+", value))) if value.startswith("{") else value
        for name, value in defined.items()
    }


def words_of(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter() if element.text]


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_drawing_in_the_guide_is_what_is_drawn_today(name):
    committed = (ROOT / "docs/images" / name).read_text(encoding="utf-8")
    assert committed == DRAWINGS[name](), (
        "python -m simulator.serial_link.wiring_diagrams docs/images"
    )


def test_every_drawing_can_be_drawn_into_a_folder(tmp_path):
    main(str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == set(DRAWINGS)


@ALL
def test_the_pins_are_those_of_the_firmware(built):
    header = header_of(built.chip)
    assert built.lamp_pins == header["LAMP_PINS"]
    if built.kind == "mux":
        assert built.select_pins == header["SELECT_PINS"]
        assert built.enable_pins in ((), header.get("ENABLE_PINS"))
    if built.kind == "matrix":
        assert built.row_pins[0] == int(header["FIRST_ROW_PIN"])


@ALL
def test_the_firmware_knows_the_wiring_by_name_and_size(built):
    text = HEADER.read_text()
    assert re.search(rf"^#define {built.name} \d", text, re.M)
    section = re.search(rf"WIRING == {built.name}\n#define ROWS (\d+)\n#define COLUMNS (\d+)", text)
    assert (int(section[1]), int(section[2])) == (built.rows, built.columns)


@ALL
def test_no_pin_has_two_uses(built):
    digital = [*built.lamp_pins, *built.select_pins, *built.enable_pins, *built.row_pins]
    assert len(digital) == len(set(digital))
    assert not {0, 1} & set(digital)  # the serial line
    assert max(digital) <= {"uno": 13, "mega": 53}[built.chip]
    assert built.inputs <= {"uno": 6, "mega": 16}[built.chip]


@ALL
def test_every_cell_has_a_place_of_its_own(built):
    if built.kind == "mux":
        places = {
            (built.input_of(m), built.enable_of(m), channel)
            for m in range(built.multiplexers)
            for channel in range(16)
        }
        assert len(places) == 16 * built.multiplexers >= built.cells
    elif built.kind == "matrix":
        assert len(built.row_pins) * built.inputs == built.cells
    else:
        assert built.inputs == built.cells


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_names_the_pins_of_the_header_and_no_other(name):
    built = wiring(*DRAWN[name])
    header = header_of(built.chip)
    expected = {f"A{i}" for i in range(built.inputs)}
    if built.kind == "mux":
        expected |= {f"D{pin}" for pin in header["SELECT_PINS"]}
    if built.name == "MUX_20X20":
        expected |= {f"D{pin}" for pin in header["ENABLE_PINS"]}
    if built.kind == "matrix":
        first = int(header["FIRST_ROW_PIN"])
        expected |= {f"D{first + row}" for row in range(25)}
    words = " ".join(words_of(DRAWINGS[name]()))
    assert set(re.findall(r"\b[AD]\d+\b", words)) == expected


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_shows_every_cell(name):
    built = wiring(*DRAWN[name])
    words = words_of(DRAWINGS[name]())
    numbers = {int(word) for word in words if word.isdigit()}
    numbers |= {int(n) for word in words for n in re.findall(r"^cell (\d+)$", word)}
    for word in words:
        if span := re.fullmatch(r"cells (\d+) – (\d+)", word):
            numbers |= set(range(int(span[1]), int(span[2]) + 1))
    assert numbers == set(range(built.cells))


def test_the_lamps_are_drawn_for_both_chips():
    words = words_of(DRAWINGS["board-lamps.svg"]())
    pins = [int(word[1:]) for word in words if re.fullmatch(r"D\d+", word)]
    assert tuple(pins) == header_of("uno")["LAMP_PINS"] + header_of("mega")["LAMP_PINS"]


def test_the_guide_shows_every_drawing():
    text = GUIDE.read_text(encoding="utf-8")
    assert set(re.findall(r"!\[[^]]+\]\(images/([^)]+)\)", text)) == set(DRAWINGS)


@pytest.mark.parametrize("name", DRAWN)
def test_the_parts_list_of_the_guide_has_the_right_numbers(name):
    before = GUIDE.read_text(encoding="utf-8").split(f"(images/{name})")[0]
    if name == "board-4x4.svg":
        before = before.split("## 4 × 4 with one multiplexer")[1]
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", before.rsplit("\n## ", 1)[-1], re.M)
    wanted = parts(wiring(*DRAWN[name]))
    assert len(rows) == len(wanted)
    for (number, words), (part, count) in zip(
        sorted(rows, key=lambda row: row[1]), sorted(wanted.items()), strict=True
    ):
        assert words.startswith(part)
        assert int(number) == count


def test_the_guide_offers_the_wirings_that_there_are():
    offered = re.findall(r"\| `(\w+)` \|", GUIDE.read_text(encoding="utf-8"))
    assert sorted(offered) == sorted({built.name for built in WIRINGS})


def test_a_wiring_nobody_has_drawn_is_named():
    with pytest.raises(KeyError, match="MUX_20X20 on uno"):
        wiring("MUX_20X20", "uno")
