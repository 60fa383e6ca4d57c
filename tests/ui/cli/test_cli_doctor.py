import subprocess
from importlib import metadata

import pytest

from ui.cli import doctor


@pytest.fixture
def checks(run):
    return {row["check"]: row for row in run("doctor", "--json").document["result"]["checks"]}


def test_the_doctor_looks_at_everything(checks):
    looked_at = {"Python", "computer", "numpy", "numba", "pygame-ce", "pyserial"}
    assert looked_at | {"display", "sound", "serial ports"} <= set(checks)
    assert checks["numpy"] == {
        "check": "numpy",
        "found": metadata.version("numpy"),
        "verdict": "ok",
        "advice": "",
    }


def test_the_doctor_writes_a_readable_table(run):
    ran = run("doctor")
    assert ran.status == 0
    assert "Python" in ran.out
    assert "all that is needed is there" in ran.out
    assert ran.err == ""


def versions(monkeypatch, **found):
    real = metadata.version

    def version(name):
        if name in found:
            if found[name] is None:
                raise metadata.PackageNotFoundError(name)
            return found[name]
        return real(name)

    monkeypatch.setattr(metadata, "version", version)


def test_two_pygames_in_one_folder_are_told_with_the_cure(run, monkeypatch):
    versions(monkeypatch, pygame="2.6.1")
    ran = run("doctor", "--json")
    rows = {row["check"]: row for row in ran.document["result"]["checks"]}
    assert ran.status == 1
    assert rows["pygame conflict"]["verdict"] == "bad"
    cure = "pip uninstall -y pygame pygame-ce && pip install pygame-ce"
    assert rows["pygame conflict"]["advice"] == cure


@pytest.mark.parametrize(("found", "said"), [("1.9.3", "too old"), (None, "missing")])
def test_an_unfit_library_is_told_with_the_cure(run, monkeypatch, found, said):
    versions(monkeypatch, numpy=found)
    ran = run("doctor")
    assert ran.status == 1
    assert said in ran.out
    assert "pip install" in ran.out


def test_a_display_that_is_only_pretended_is_no_display(run, monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    row = doctor.display()
    assert row.verdict == "note"
    assert "SDL_VIDEODRIVER" in row.advice


def test_a_sound_driver_that_works_is_named(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    assert "Hz" in doctor.sound().found


def test_a_driver_that_hangs_is_not_waited_for(monkeypatch):
    def hang(*_arguments, **options):
        raise subprocess.TimeoutExpired("probe", options["timeout"])

    monkeypatch.setattr(subprocess, "run", hang)
    assert "no answer within" in doctor.sound().found
    assert doctor.display().verdict == "note"


def test_the_doctor_tells_for_every_machine_whether_its_engine_is_compiled(checks):
    for machine, longer in doctor.COMPILED.items():
        row = checks[f"compiled code, {machine}"]
        assert row["found"].startswith(("ready in ", "not yet; "))
        assert (longer in row["advice"]) == (row["verdict"] == "note")


def test_compiled_code_that_cannot_be_kept_is_told_with_the_cure(monkeypatch):
    def nowhere(name):
        raise RuntimeError(f"cannot cache function of {name}")

    monkeypatch.setattr("importlib.import_module", nowhere)
    row = doctor.compiled_code("ibm704", "a minute")
    assert row.verdict == "bad"
    assert "machines.ibm704.compiled_loop" in row.found
    assert "NUMBA_CACHE_DIR" in row.advice
