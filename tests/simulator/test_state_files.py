"""State files: whole or not at all, and refused with one line when they do not fit."""

import errno
import io
import json
import os
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import toy

from simulator import files
from simulator import state as states
from simulator.errors import Mistake


@pytest.fixture
def saved(tmp_path):
    machine = toy()
    machine.operate("toy.clock", 1)
    machine.run(1234)
    path = tmp_path / "toy.npz"
    states.save(path, "toy", {"cells": 4}, machine.snapshot(), {"by": "test"})
    return path, machine.snapshot()


def test_a_state_comes_back_bit_equal(saved):
    path, state = saved
    back = states.load(path, "toy")
    assert (back.description, back.notes) == ({"cells": 4}, {"by": "test"})
    assert states.diff(states.fit(path, back, state), state) == []


def test_no_temporary_file_is_left(saved):
    path, _ = saved
    assert [p.name for p in path.parent.iterdir()] == ["toy.npz"]


def test_another_machine_is_refused(saved):
    with pytest.raises(Mistake, match="machine is toy, not mark1"):
        states.load(saved[0], "mark1")


def rewrite(path, change):
    """Alter the header of a state file, keeping everything else."""
    with np.load(path) as arrays:
        fields = dict(arrays)
    header = json.loads(fields["header"].tobytes())
    change(header)
    fields["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(path, **fields)


def test_another_version_is_refused_by_name(saved):
    rewrite(saved[0], lambda header: header.update(schema="firstwave/state/99"))
    with pytest.raises(Mistake, match=r"firstwave/state/99.*firstwave/state/2"):
        states.load(saved[0], "toy")


def test_a_description_altered_by_hand_fails_the_checksum(saved):
    rewrite(saved[0], lambda header: header.update(description={"cells": 5}))
    with pytest.raises(Mistake, match="checksum"):
        states.load(saved[0], "toy")


def test_a_field_of_another_shape_is_refused_by_name(saved):
    path, state = saved
    odd = state._replace(key=np.zeros(3, np.uint8))
    states.save(path, "toy", {}, odd)
    with pytest.raises(Mistake, match=r"field key is uint8\(3,\), this machine's is uint8\(2,\)"):
        states.fit(path, states.load(path, "toy"), state)
    fitted = states.fit(path, states.load(path, "toy"), state, frozenset({"key"}))
    assert fitted.key.shape == (3,)


def test_a_missing_field_is_refused_by_name(saved):
    path, state = saved
    back = states.load(path, "toy")
    del back.fields["latch"]
    with pytest.raises(Mistake, match="field latch is missing"):
        states.fit(path, back, state)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(saved, part):
    path, _ = saved
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(Mistake, match="cut short or damaged"):
        states.load(path, "toy")


@given(data=st.data())
def test_a_damaged_byte_is_noticed_or_harmless(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damage") / "toy.npz"
    state = toy().snapshot()
    states.save(path, "toy", {"cells": 4}, state)
    content = bytearray(path.read_bytes())
    where = data.draw(st.integers(0, len(content) - 1))
    content[where] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(content))
    try:
        back = states.load(path, "toy")
    except Mistake:
        return
    assert states.diff(states.fit(path, back, state), state) == []
    assert back.description == {"cells": 4}


def test_a_pickle_is_never_opened(tmp_path):
    path = tmp_path / "evil.npz"
    np.savez(path, header=np.array([{"schema": "x"}], dtype=object))
    with pytest.raises(Mistake, match="not a firstwave state"):
        states.load(path, "toy")


def test_an_archive_that_unpacks_to_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(states, "LIMIT", 1 << 20)
    path = tmp_path / "bomb.npz"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.npy", bytes(2 << 20))
    path.write_bytes(buffer.getvalue())
    with pytest.raises(Mistake, match="unpacks to more than"):
        states.load(path, "toy")


def test_missing_and_folder(tmp_path):
    with pytest.raises(Mistake, match="No such file"):
        states.load(tmp_path / "none.npz", "toy")
    with pytest.raises(Mistake, match="is a folder"):
        states.load(tmp_path, "toy")


def test_a_full_disk_leaves_the_old_file_whole(saved, monkeypatch):
    path, state = saved
    before = path.read_bytes()

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Mistake, match=r"No space left on device.*untouched"):
        states.save(path, "toy", {}, state)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["toy.npz"]


def test_a_device_is_not_replaced_by_a_file():
    with pytest.raises(Mistake, match="not a file"):
        files.write_whole("/dev/null", "x")


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    files.write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize("part", ["description", "notes"])
def test_a_header_whose_parts_are_no_objects_is_refused(saved, part):
    rewrite(saved[0], lambda header: header.update({part: [1]}))
    with pytest.raises(Mistake, match=f"{part} is missing or no object"):
        states.load(saved[0], "toy")


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(Mistake, match=r"nowhere/x\.json: cannot be written"):
        files.write_whole(tmp_path / "nowhere" / "x.json", "{}")


def test_a_new_file_gets_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path):
    plain, ours = tmp_path / "plain", tmp_path / "ours"
    plain.write_text("x")
    files.write_whole(ours, "x")
    assert ours.stat().st_mode == plain.stat().st_mode
    ours.chmod(0o640)
    files.write_whole(ours, "y")
    assert ours.stat().st_mode & 0o777 == 0o640
