"""Ports by name: what may be opened, what is never opened, and how a mistake is worded."""

import errno
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import Mistake
from simulator.serial_link import EmulatedBoard, Link, NamedPort, State, WallClock
from simulator.serial_link.emulated_ports import Socket, Terminal, serve
from simulator.serial_link.ports import Found, check_name, check_speed, found_ports
from simulator.serial_link.trouble import explain, explain_loss

ROOT = Path(__file__).parents[3]
needs_terminals = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo terminals of this kind"
)


def port(device, vid=0x2341, pid=0x0042, number="A1", location="1-1", known=True):
    return Found(device, "a board", vid, pid, number, location, "Arduino Mega 2560", known)


# names


@pytest.mark.parametrize(
    "name",
    ["/dev/ttyACM0", "COM3", "usb:2341:0042", "usb:2341:0042:95735353", "socket://127.0.0.1:7000",
     "rfc2217://board.local:2217"],
)  # fmt: skip
def test_a_port_may_be_named_so(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "spy:///dev/ttyACM0?file=/tmp/x", "hwgrep://Arduino", "loop://", "alt:///dev/ttyS0",
     "socket://", "socket://host", "socket://host:1:2", "socket://host:0", "socket://host:65536", "socket://host:70?logging=debug",
     "usb:2341", "usb:xyzw:0042", "file:///etc/passwd"],
)  # fmt: skip
def test_nothing_else_is_a_name(name):
    with pytest.raises(Mistake, match=r"board list|HOST:PORT"):
        check_name(name)


def test_on_a_mac_the_name_that_would_wait_for_ever_is_refused():
    with pytest.raises(Mistake, match=r"/dev/cu\.usbmodem1"):
        check_name("/dev/tty.usbmodem1", "Darwin")
    assert check_name("/dev/tty.usbmodem1", "Linux")


def test_an_impossible_speed_is_refused():
    assert check_speed(500000) == 500000
    with pytest.raises(Mistake, match="115200"):
        check_speed(115201)


@given(st.text(max_size=60))
def test_any_text_is_a_name_or_a_mistake_of_one_line(text):
    try:
        said = check_name(text)
    except Mistake as mistake:
        said = str(mistake).replace(text, "")
    assert said == text or "\n" not in said


def test_listing_ports_opens_none(monkeypatch):
    import serial

    def opened(*_, **__):
        raise AssertionError("a port was opened")

    monkeypatch.setattr(serial, "serial_for_url", opened)
    monkeypatch.setattr(serial.Serial, "open", opened)
    assert isinstance(found_ports(), list)


def test_boards_are_listed_first_and_generic_converters_are_not_taken_for_them(monkeypatch):
    from serial.tools import list_ports

    def info(device, vid, pid, number=None):
        return SimpleNamespace(
            device=device, description="x", vid=vid, pid=pid, serial_number=number, location=None
        )

    found = [
        info("/dev/ttyS0", None, None),
        info("/dev/ttyUSB0", 0x1A86, 0x7523),
        info("/dev/ttyACM0", 0x2341, 0x0043, "7543"),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: found)
    uno, ch340, other = found_ports()
    assert (uno.device, uno.board, uno.known) == ("/dev/ttyACM0", "Arduino Uno", True)
    assert uno.usb == "usb:2341:0043:7543"
    assert (ch340.board, ch340.known, ch340.usb) == ("CH340 converter", False, "usb:1A86:7523")
    assert (other.board, other.usb, other.identity) == ("", "", None)


# where the board is now


def test_a_board_that_comes_back_under_another_name_is_followed():
    ports = [port("/dev/ttyACM0")]
    named = NamedPort("/dev/ttyACM0", list_found=lambda: ports)
    assert named.device() == "/dev/ttyACM0"
    ports[:] = [port("/dev/ttyACM1")]
    assert named.device() == "/dev/ttyACM1"
    ports[:] = [port("/dev/ttyACM0", number="other"), port("/dev/ttyACM1")]
    assert named.device() == "/dev/ttyACM1"


def test_a_stranger_on_the_boards_port_is_left_alone():
    ports = [port("/dev/ttyACM0")]
    named = NamedPort("/dev/ttyACM0", list_found=lambda: ports)
    named.device()
    ports[:] = [port("/dev/ttyACM0", vid=0x1A86, pid=0x7523, number="")]
    with pytest.raises(Mistake, match="another device has this name now"):
        named.device()


def test_boards_without_a_number_of_their_own_go_by_their_usb_socket():
    ports = [port("/dev/ttyUSB0", number="", location="1-2")]
    named = NamedPort("/dev/ttyUSB0", list_found=lambda: ports)
    named.device()
    ports[:] = [port("/dev/ttyUSB1", number="", location="1-2")]
    assert named.device() == "/dev/ttyUSB1"
    ports[:] = [port("/dev/ttyUSB1", number="", location="1-3")]
    assert named.device() == "/dev/ttyUSB0"  # not there: a twin in another socket is not opened


def test_a_device_named_by_its_numbers_is_found_or_refused():
    ports = [port("/dev/ttyACM0"), port("/dev/ttyACM1", number="B2")]
    assert NamedPort("usb:2341:0042:B2", list_found=lambda: ports).device() == "/dev/ttyACM1"
    with pytest.raises(Mistake, match="there are 2"):
        NamedPort("usb:2341:0042", list_found=lambda: ports).device()
    with pytest.raises(Mistake, match="no such device is plugged in"):
        NamedPort("usb:2341:0043", list_found=lambda: ports).device()


# what is wrong


@pytest.mark.parametrize(
    ("system", "error", "words"),
    [
        ("Linux", PermissionError(errno.EACCES, "Permission denied"),
         ["no permission", "usermod -a -G uucp", "log out"]),
        ("Linux", OSError(errno.EBUSY, "Device or resource busy"), ["in use", "ModemManager"]),
        ("Linux", OSError("Could not exclusively lock port /dev/x: [Errno 11] Resource"),
         ["in use by another program"]),
        ("Linux", FileNotFoundError(errno.ENOENT, "No such file"),
         ["no such port", "board list", "brltty"]),
        ("Darwin", FileNotFoundError(errno.ENOENT, "No such file"), ["/dev/cu."]),
        ("Darwin", PermissionError(errno.EACCES, "Permission denied"), ["unplug"]),
        ("Windows", OSError("could not open port 'X': FileNotFoundError(2, 'x', None, 2)"),
         ["Device Manager", "COM & LPT"]),
        ("Windows", OSError("could not open port 'X': PermissionError(13, 'Access is denied.')"),
         ["in use by another program"]),
        ("Linux", OSError(errno.EIO, "Input/output error"), ["unplugged"]),
        ("Linux", ValueError("Not a valid port"), ["cannot be used"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_port_is_said_with_its_cure(system, error, words):
    said = explain(error, "/dev/ttyACM0", system, "uucp")
    assert said.startswith("/dev/ttyACM0: ")
    assert "\n" not in said
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("/dev/ttyACM0", OSError("device reports readiness to read but returned no data"),
         ["unplugged", "another program", "cable"]),
        ("COM3", OSError("ClearCommError failed (PermissionError(13, 'Access is denied.'))"),
         ["unplugged", "another program", "cable"]),
        ("socket://127.0.0.1:7000", OSError("socket disconnected"),
         ["other end has closed", "server", "other program"]),
    ],
)  # fmt: skip
def test_what_a_lost_port_means_is_said_with_its_cure(name, error, words):
    said = explain_loss(error, name)
    assert said.startswith(f"{name}: ")
    assert "\n" not in said
    for word in words:
        assert word in said


def test_a_port_that_is_not_there_is_a_mistake():
    with pytest.raises(Mistake, match="no such port"):
        NamedPort("/dev/ttyNOBODY" if os.name == "posix" else "COM250")()


@needs_terminals
def test_a_port_without_permission_is_a_mistake(tmp_path, monkeypatch):
    import serial

    def refused(*_, **__):
        raise serial.SerialException(13, "could not open port: [Errno 13] Permission denied")

    monkeypatch.setattr(serial, "serial_for_url", refused)
    with pytest.raises(Mistake, match="no permission"):
        NamedPort("/dev/ttyS250")()


def test_nobody_at_an_address_is_a_mistake():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        name = f"socket://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(Mistake, match="nobody answers there") as told:
            NamedPort(name)()
        assert str(told.value).count(name) == 1


# real ports, real time


class Served:
    """An emulated board at a real outlet, in a thread of its own."""

    def __init__(self, outlet, **board):
        self.board = EmulatedBoard(WallClock(), 8, 8, bootloader="none", **board)
        self.outlet = outlet
        self.stop = threading.Event()
        self.thread = threading.Thread(target=serve, args=(self.board, outlet, self.stop))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(5)
        assert not self.thread.is_alive()


def wait(link, state, seconds=20.0):
    until_s = time.monotonic() + seconds
    while link.status().state is not state and time.monotonic() < until_s:
        time.sleep(0.01)
    assert link.status().state is state, link.status()


def wait_for_error(link, seconds=20.0):
    until_s = time.monotonic() + seconds
    while not link.status().last_error and time.monotonic() < until_s:
        time.sleep(0.01)


@pytest.mark.parametrize(
    "outlet", [pytest.param(Terminal, marks=needs_terminals), lambda: Socket("127.0.0.1:0")],
    ids=["pseudo terminal", "socket"],
)  # fmt: skip
def test_a_board_at_a_real_port_is_live_and_its_lamps_obey(outlet):
    with Served(outlet()) as served, Link(NamedPort(served.outlet.name)) as link:
        wait(link, State.LIVE)
        link.light_lamps(0x42)
        until_s = time.monotonic() + 10
        while served.board.lamps != 0x42 and time.monotonic() < until_s:
            time.sleep(0.01)
        assert served.board.lamps == 0x42
        assert link.look()[1].values.shape == (8, 8)


def test_a_socket_closed_by_its_server_is_noticed_and_opened_again():
    with Served(Socket("127.0.0.1:0")) as served, Link(NamedPort(served.outlet.name)) as link:
        wait(link, State.LIVE)
        served.outlet.cut()
        wait_for_error(link)
        assert "the other end has closed the connection" in link.status().last_error
        wait(link, State.LIVE)
        assert link.status().counters.reconnects == 1


def test_a_second_opener_of_a_socket_is_turned_away_and_told_so():
    with Served(Socket("127.0.0.1:0")) as served, Link(NamedPort(served.outlet.name)) as link:
        wait(link, State.LIVE)
        with Link(NamedPort(served.outlet.name)) as second:
            wait_for_error(second)
            assert "does no other program use that board" in second.status().last_error
        assert link.status().state is State.LIVE
        assert link.status().counters.opened == 1


@needs_terminals
def test_an_unplugged_board_is_said_to_be_unplugged():
    outlet = Terminal()
    served = Served(outlet)
    with Link(NamedPort(outlet.name)) as link:
        with served:
            wait(link, State.LIVE)
        wait(link, State.DOWN)
        assert link.look()[1] is None
        assert "no such port" in link.status().text or "unplugged" in link.status().text


@needs_terminals
def test_a_second_link_to_the_same_port_is_refused_politely():
    with Served(Terminal()) as served, Link(NamedPort(served.outlet.name)) as link:
        wait(link, State.LIVE)
        with pytest.raises(Mistake, match="in use by another program"):
            NamedPort(served.outlet.name)()
        assert link.status().state is State.LIVE


@needs_terminals
def test_a_port_that_vanishes_between_list_and_opening_is_said_to_be_gone():
    outlet = Terminal()
    link = Link(NamedPort(outlet.name))
    outlet.close()
    with link:
        wait_for_error(link)
        assert "no such port" in link.status().last_error


@pytest.mark.filterwarnings("ignore:set.* is deprecated:DeprecationWarning")  # pyserial 3.5's own
def test_a_board_behind_an_rfc2217_server_is_live():
    import serial
    import serial.rfc2217

    listener = socket.create_server(("127.0.0.1", 0))
    name = f"rfc2217://127.0.0.1:{listener.getsockname()[1]}"
    board = EmulatedBoard(WallClock(), 8, 8, bootloader="none")
    stop = threading.Event()

    def server():
        peer, _ = listener.accept()
        peer.settimeout(0.005)
        with peer, serial.serial_for_url("loop://") as settings:
            manager = serial.rfc2217.PortManager(
                settings, SimpleNamespace(write=lambda data: peer.sendall(bytes(data)))
            )
            while not stop.is_set():
                try:
                    data = peer.recv(4096)
                except TimeoutError:
                    data = None
                if data == b"":
                    return
                if data:
                    board.receive(b"".join(manager.filter(data)))
                peer.sendall(b"".join(manager.escape(board.send())))

    thread = threading.Thread(target=server)
    thread.start()
    try:
        with Link(NamedPort(name)) as link:
            wait(link, State.LIVE)
            assert link.look()[1].values.shape == (8, 8)
    finally:
        stop.set()
        thread.join(5)
        listener.close()


def test_nothing_needs_pyserial_before_a_port_is_opened():
    script = (
        "import sys; sys.modules['serial'] = None; import simulator.serial_link, ui.cli.main; "
        "from ui.cli import board_monitor, board_emulate, board_calibrate, mark1_train"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_without_pyserial_everything_else_works_and_the_lack_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "serial", None)
    monkeypatch.setitem(sys.modules, "serial.tools", None)
    with pytest.raises(Mistake, match="pip install pyserial"):
        NamedPort("socket://127.0.0.1:1")()
    with pytest.raises(Mistake, match="pip install pyserial"):
        found_ports()
