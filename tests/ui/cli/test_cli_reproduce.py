import csv
import dataclasses
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machines.mark1 import experiments
from ui.cli import mark1_reproduce
from ui.cli.mark1_reproductions_page import page_of

ROOT = Path(__file__).parents[3]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
OUT = Path("firstwave-reproductions")
REPRODUCE = ("mark1", "reproduce")


def done(run, *arguments):
    return run(*REPRODUCE, *arguments, "--workers", 1)


def test_without_a_name_all_are_listed_and_nothing_is_written(run):
    ran = run(*REPRODUCE)
    assert ran.status == 0
    for experiment in experiments.EXPERIMENTS:
        assert experiment.name in ran.out
    assert "[read]" in ran.out
    assert "[quoted]" in ran.out
    assert "[our own]" in ran.out
    assert list(Path().iterdir()) == []


def test_the_list_for_a_script_says_what_was_published(run):
    listed = run(*REPRODUCE, "--json").document["result"]["experiments"]
    assert [each["name"] for each in listed] == [each.name for each in experiments.EXPERIMENTS]
    letters = next(each for each in listed if each["name"] == "letters")
    assert letters["published"][0]["known"] == "quoted"
    assert "verdict" not in letters


def test_one_experiment_is_told_in_full(run):
    ran = done(run, "worked-example")
    assert ran.status == 0
    told = " ".join(ran.out.split())
    assert "values learned from S1, S2, S3, as printed: 64 of 64; published 128 values" in told
    assert "Published [read]" in ran.out
    assert "Criterion: " in ran.out
    assert "cannot be read any more" in ran.out
    assert "1 reproduced, 0 not reproduced, 0 parameters unknown" in ran.out


def test_mean_spread_and_number_of_plugboards_are_told(run):
    ran = done(run, "letters", "--wirings", 3)
    assert "plugboards that identify all letters: 3 of 3" in ran.out
    assert "(3 of 100 wirings)" in " ".join(ran.out.split())
    letters = json.loads((OUT / "results.json").read_text())["result"]["experiments"][0]
    exposures = letters["measures"][2]
    assert (letters["wirings"], exposures["runs"]) == (3, 3)
    said = f"{exposures['mean']:.3f}" if exposures["mean"] < 10 else f"{exposures['mean']:.1f}"
    assert f"exposures of each letter until no error: {said} ± " in ran.out


def test_what_was_printed_is_written_too(run):
    printed = done(run, "letters", "table-1", "--wirings", 2, "--json").document
    written = json.loads((OUT / "results.json").read_text())
    assert written == printed
    assert sorted(file.name for file in OUT.iterdir()) == [
        "finished.sqlite", "letters.png", "results.csv", "results.json", "table-1.png"
    ]  # fmt: skip
    assert (OUT / "letters.png").read_bytes().startswith(b"\x89PNG")
    with (OUT / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    measures = [m for each in printed["result"]["experiments"] for m in each["measures"]]
    assert [row["measure"] for row in rows] == [m["what"] for m in measures]
    assert [float(row["mean"]) for row in rows] == [m["mean"] for m in measures]
    assert {row["verdict"] for row in rows} == {"reproduced"}


def test_an_experiment_goes_by_its_number_and_is_done_once(run):
    document = done(run, "F1", "worked-example", "f2", "--json").document
    names = [each["name"] for each in document["result"]["experiments"]]
    assert names == ["worked-example", "table-1"]


def test_a_second_run_takes_what_is_finished(run, monkeypatch):
    first = done(run, "letters", "--wirings", 2, "--json")
    assert "jobs" in first.err
    monkeypatch.setattr(mark1_reproduce, "_compile", lambda: pytest.fail("nothing is to be done"))
    again = done(run, "letters", "--wirings", 2, "--json")
    assert again.err == ""
    assert again.document["result"] == first.document["result"]


def test_more_plugboards_do_only_those_that_are_new(run):
    done(run, "letters", "--wirings", 2)
    assert "letters: 2 of 3 jobs" in done(run, "letters", "--wirings", 3).err


def test_fresh_forgets_the_experiment_and_no_other(run):
    done(run, "letters", "table-1", "--wirings", 2)
    ran = done(run, "letters", "--wirings", 2, "--fresh")
    assert "letters: 0 of 2 jobs" in ran.err
    assert "table-1" not in done(run, "table-1", "--wirings", 2).err


def test_two_workers_find_what_one_does(run):
    alone = done(run, "letters", "--wirings", 3, "--json").document["result"]
    both = run(*REPRODUCE, "letters", "--wirings", 3, "--workers", 2, "--out", "two", "--json")
    assert both.document["result"]["experiments"] == alone["experiments"]


def test_what_is_not_reproduced_makes_the_status_1(run, monkeypatch):
    stricter = dataclasses.replace(
        experiments.named("table-1"),
        judge=lambda runs: dataclasses.replace(experiments.named("table-1").judge(runs), met=False),
    )
    monkeypatch.setattr(mark1_reproduce, "named", lambda _: stricter)
    ran = done(run, "table-1")
    assert ran.status == 1
    assert "0 reproduced, 1 not reproduced" in ran.out


def test_unknown_parameters_are_no_failure(run):
    ran = done(run, "vocabulary")
    assert ran.status == 0
    assert "1 parameters unknown" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tea"], "no experiment is called tea"),
        (["letters", "--all"], "either --all or letters"),
        (["letters", "--page", "page.md"], "--all"),
        (["--all", "--page", "missing/page.md"], "no folder missing"),
        (["letters", "--wirings", "1"], "--wirings"),
        (["letters", "--workers", "0"], "--workers"),
    ],
)
def test_a_slip_is_one_line(run, arguments, said):
    ran = run(*REPRODUCE, *arguments)
    assert ran.status == 2
    assert said in ran.said
    assert ran.out == ""


def test_a_damaged_store_is_one_line(run):
    done(run, "table-1")
    (OUT / "finished.sqlite").write_bytes(b"spoiled " * 1000)
    ran = done(run, "table-1")
    assert ran.status == 2
    assert "finished.sqlite: is damaged or no store" in ran.said


def test_another_programs_database_is_not_written_into(run):
    OUT.mkdir()
    with sqlite3.connect(OUT / "finished.sqlite") as file:
        file.execute("CREATE TABLE bookmarks (address TEXT)")
    file.close()
    ran = done(run, "table-1")
    assert ran.status == 2
    assert "another program's database" in ran.said


def test_a_file_where_the_folder_should_be_is_one_line(run):
    Path("taken").write_text("")
    assert "taken" in done(run, "table-1", "--out", "taken").said


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted_it_goes_on_where_it_stood(run, tmp_path, workers):
    command = [*REPRODUCE, "letters", "--wirings", "400", "--workers", str(workers)]
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENV,
        cwd=tmp_path,
        start_new_session=True,
    )
    assert process.stderr.readline() == "letters: 0 of 400 jobs\n"
    deadline = time.monotonic() + 300  # it may have to compile first
    while finished(tmp_path) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in said
    assert "start again and it goes on" in said
    assert "stopping when the jobs in hand are done" in said
    assert said.count("firstwave: ") == 1
    kept = finished(tmp_path)
    assert 3 <= kept < 400
    ran = run(*REPRODUCE, "letters", "--wirings", kept + 1, "--workers", 1)
    assert ran.status == 0
    assert not ran.err or f"letters: {kept} of {kept + 1} jobs" in ran.err


def finished(folder):
    store = folder / OUT / "finished.sqlite"
    if not store.exists():
        return 0
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as file:
        try:
            count = file.execute("SELECT count(*) FROM jobs").fetchone()[0]
        except sqlite3.OperationalError:  # just being made
            count = 0
    file.close()
    return count


def without_what_came(page):
    """Leave out what stands between the marks: what came of it on somebody's computer."""
    kept, inside = [], False
    for line in page.splitlines():
        if line == "<!-- here -->":
            inside = True
        if not inside:
            kept.append(line)
        if line == "<!-- end of here -->":
            inside = False
    assert not inside
    return kept


def test_the_page_says_what_the_code_says():
    page = (ROOT / "docs" / "reproductions.md").read_text(encoding="utf-8")
    assert without_what_came(page) == without_what_came(page_of([]))


def test_the_page_has_a_verdict_on_every_experiment():
    page = (ROOT / "docs" / "reproductions.md").read_text(encoding="utf-8")
    sections = page.split("\n## ")[2:]
    assert len(sections) == len(experiments.EXPERIMENTS)
    for section in sections:
        verdicts = ("**reproduced**.", "**not reproduced**.", "**parameters unknown**.")
        assert sum(verdict in section for verdict in verdicts) == 1, section[:40]


def test_the_page_is_written_from_what_came(run, monkeypatch):
    some = (experiments.named("table-1"), experiments.named("vocabulary"))
    monkeypatch.setattr(mark1_reproduce, "EXPERIMENTS", some)
    assert done(run, "--all", "--page", "page.md").status == 0
    page = Path("page.md").read_text(encoding="utf-8")
    assert without_what_came(page) == without_what_came(page_of([]))
    assert "| [table-1](#table-1) | 16 figures | read |" in page
    assert "| Z, P_a = 0.1, N_A = 100, N_s = 10 | 23.6 | 23.6 |" in page
    assert page.count("**reproduced**. ") == 1
