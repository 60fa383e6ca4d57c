"""Compiles the shipped sketch for both chips, and the simulated board it runs on.

The tools are Debian's: gcc-avr, avr-libc, arduino-core-avr, libsimavr-dev, libelf-dev, gcc and
pkg-config. The sketch is compiled as it is shipped, with the flags of the Arduino IDE.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SKETCH = HERE.parents[1] / "simulator/serial_link/firmware/photocell_board/photocell_board.ino"
ARDUINO = Path("/usr/share/arduino/hardware/arduino/avr")

CHIPS = {"uno": "atmega328p", "mega": "atmega2560"}
BOARDS = {"uno": ("AVR_UNO", "standard"), "mega": ("AVR_MEGA2560", "mega")}
TOOLS = ("avr-gcc", "avr-g++", "avr-gcc-ar", "avr-objcopy", "avr-size", "gcc", "pkg-config")


class Program(NamedTuple):
    """A compiled firmware: what is put onto the chip, and how much of it that takes."""

    chip: str
    hex: Path
    flash_bytes: int
    ram_bytes: int


def what_is_missing() -> str | None:
    """Name the first tool this machine lacks; None if the firmware can be built and run here."""
    for tool in TOOLS:
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    if not (ARDUINO / "cores/arduino/Arduino.h").exists():
        return "the Arduino core (package arduino-core-avr) is not installed"
    if subprocess.run(["pkg-config", "--exists", "simavr"], check=False).returncode != 0:
        return "simavr (package libsimavr-dev) is not installed"
    return None


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stderr}"
    return done.stdout


def board_simulator(folder: Path) -> Path:
    """Compile the simulated board into the folder and return the program."""
    program = folder / "simulated_board"
    flags = _run("pkg-config", "--cflags", "--libs", "simavr").split()
    source = HERE / "simulated_board.c"
    warnings = ("-Wall", "-Wextra", "-Werror")
    _run("gcc", "-O2", *warnings, source, "-o", program, *flags, "-lelf", "-lm", "-lutil")
    return program


def _flags(chip: str) -> list[str]:
    board, variant = BOARDS[chip]
    return [
        f"-mmcu={CHIPS[chip]}",
        "-DF_CPU=16000000L",
        "-DARDUINO=10819",
        f"-DARDUINO_{board}",
        "-DARDUINO_ARCH_AVR",
        "-DDECIMAL_DIG=__DECIMAL_DIG__",  # Debian's gcc 5.4 has no other for WString.cpp
        f"-I{ARDUINO / 'cores/arduino'}",
        f"-I{ARDUINO / 'variants' / variant}",
        "-Os",
        "-flto",
        "-ffunction-sections",
        "-fdata-sections",
    ]


_CPP = ("-std=gnu++11", "-fno-exceptions", "-fno-threadsafe-statics", "-fpermissive")


def core(chip: str, folder: Path) -> Path:
    """Compile the Arduino core for a chip into the folder and return the archive."""
    objects = []
    for source in sorted((ARDUINO / "cores/arduino").iterdir()):
        name = folder / f"{source.name}.o"
        if source.suffix == ".c":
            language = ["avr-gcc", "-std=gnu11", "-ffat-lto-objects"]
        elif source.suffix == ".cpp":
            language = ["avr-g++", *_CPP]
        elif source.suffix == ".S":
            language = ["avr-gcc", "-x", "assembler-with-cpp"]
        else:
            continue
        _run(*language, *_flags(chip), "-w", "-c", source, "-o", name)
        objects.append(name)
    archive = folder / "core.a"
    _run("avr-gcc-ar", "rcs", archive, *objects)
    return archive


def firmware(
    chip: str, archive: Path, folder: Path, sketch: Path = SKETCH, **defines: str | int
) -> Program:
    """Compile the sketch for a chip, with what ``wiring.h`` lets one define, and link it."""
    elf, hexes = folder / "photocell_board.elf", folder / "photocell_board.hex"
    unit = folder / "photocell_board.o"
    chosen = [f"-D{name}={value}" for name, value in defines.items()]
    _run(
        "avr-g++",
        *[*_flags(chip), *_CPP, "-Wall", "-Wextra", "-Werror", *chosen],
        *["-x", "c++", "-include", "Arduino.h", "-c", sketch, "-o", unit],
    )
    link = ("-flto", "-fuse-linker-plugin", "-Wl,--gc-sections")
    _run("avr-gcc", "-Os", f"-mmcu={CHIPS[chip]}", *link, "-o", elf, unit, archive, "-lm")
    _run("avr-objcopy", "-O", "ihex", "-R", ".eeprom", elf, hexes)
    sections = dict(re.findall(r"^\.(\w+)\s+(\d+)", _run("avr-size", "-A", elf), re.M))
    size = {name: int(sections.get(name, 0)) for name in ("text", "data", "bss", "noinit")}
    flash, ram = size["text"] + size["data"], size["data"] + size["bss"] + size["noinit"]
    return Program(chip, hexes, flash, ram)
