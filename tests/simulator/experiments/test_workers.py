import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jobs_to_do
import pytest

from simulator.errors import Mistake
from simulator.experiments import crew, each

JOBS = [{"n": n} for n in range(12)]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
HERE = Path(__file__).parent
LONG_RUN = """
import sys
from simulator.experiments import crew, each
import jobs_to_do

stopped = []
if __name__ == "__main__":
    import signal
    if sys.argv[2] == "noting":
        signal.signal(signal.SIGINT, lambda *_: stopped.append(1))
    jobs = [{"folder": sys.argv[1], "s": float(sys.argv[3])}] * 40
    try:
        with crew(2) as workers:
            each(jobs_to_do.long, jobs, workers, stop=lambda: bool(stopped))
    except KeyboardInterrupt:
        print("stopped")
"""


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_the_order_of_the_jobs(count):
    with crew(count) as workers:
        results = each(jobs_to_do.sleepy_square, JOBS, workers)
    assert [result["square"] for result in results] == [n * n for n in range(12)]


def test_one_worker_works_in_this_process_and_two_in_others():
    with crew(1) as workers:
        assert each(jobs_to_do.process, JOBS[:2], workers) == [{"process": os.getpid()}] * 2
    with crew(2) as workers:
        others = {result["process"] for result in each(jobs_to_do.process, JOBS, workers)}
    assert os.getpid() not in others


def test_workers_are_kept_from_one_list_of_jobs_to_the_next():
    with crew(2) as workers:
        seen = set()
        for _ in range(4):
            seen |= {r["process"] for r in each(jobs_to_do.process, JOBS, workers)}
    assert len(seen) <= 2


@pytest.mark.parametrize("count", [1, 2])
def test_every_result_is_told_as_soon_as_it_is_there(count):
    told = {}
    with crew(count) as workers:
        each(jobs_to_do.square, JOBS, workers, done=told.__setitem__)
    assert told == {n: {"square": n * n} for n in range(12)}


def test_no_job_is_begun_after_the_stop(tmp_path):
    trace = tmp_path / "trace"
    jobs = [{"n": n, "trace": str(trace)} for n in range(10)]
    told = []
    with crew(1) as workers, pytest.raises(KeyboardInterrupt):
        each(jobs_to_do.noted, jobs, workers, lambda n, _: told.append(n), lambda: len(told) == 3)
    assert told == [0, 1, 2]
    assert trace.read_text() == "0\n1\n2\n"


def test_a_stop_after_the_last_job_is_none():
    with crew(1) as workers:
        assert len(each(jobs_to_do.square, JOBS[:1], workers, stop=lambda: False)) == 1
        assert each(jobs_to_do.square, [], workers, stop=lambda: True) == []


@pytest.mark.parametrize("count", [1, 2])
def test_a_mistake_of_a_job_arrives_in_its_own_words(count):
    with crew(count) as workers, pytest.raises(Mistake, match=r"^job 0 cannot be done$"):
        each(jobs_to_do.refused, JOBS[:1], workers)


def test_a_dead_worker_is_one_line():
    with crew(2) as workers, pytest.raises(Mistake, match="worker process died"):
        each(jobs_to_do.killed, JOBS, workers)


def test_there_must_be_a_worker():
    with pytest.raises(Mistake, match="at least one worker"), crew(0):
        pass


def test_preparations_are_made_once_and_only_if_there_is_work():
    made = []
    with crew(1, lambda: made.append("ready")) as workers:
        each(jobs_to_do.square, [], workers)
        assert made == []
        each(jobs_to_do.square, JOBS, workers)
        each(jobs_to_do.square, JOBS, workers)
    assert made == ["ready"]


def start(folder, how, seconds):
    script = folder / "run.py"
    script.write_text(LONG_RUN)
    path = os.pathsep.join([str(HERE), str(HERE.parents[2])])
    process = subprocess.Popen(
        [sys.executable, script, folder, how, str(seconds)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*.begun"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    return process


@POSIX
@pytest.mark.parametrize("how", ["noting", "torn"])
def test_ctrl_c_reaches_all_and_only_the_one_who_hired_says_a_word(tmp_path, how):
    process = start(tmp_path, how, 0.3)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    out, err = process.communicate(timeout=60)
    assert out == "stopped\n"
    assert err == ""
    assert process.returncode == 0


@POSIX
def test_ctrl_c_while_workers_are_being_spawned_is_as_quiet(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(LONG_RUN)
    path = os.pathsep.join([str(HERE), str(HERE.parents[2])])
    for wait_s in (0.25, 0.35, 0.45):
        process = subprocess.Popen(
            [sys.executable, script, tmp_path, "noting", "0.1"],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        while "SigCgt" not in (status := Path(f"/proc/{process.pid}/status")).read_text():
            time.sleep(0.01)
        while not int(_field(status, "SigCgt"), 16) & 2 or not _children(process.pid):
            time.sleep(0.005)
        time.sleep(wait_s - 0.25)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (out, err) == ("stopped\n", "")


def _field(status, name):
    return next(line.split()[1] for line in status.read_text().splitlines() if name in line)


def _children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@POSIX
def test_workers_leave_when_the_one_who_hired_them_is_killed(tmp_path):
    process = start(tmp_path, "noting", 30)
    hired = [int(path.stem) for path in tmp_path.glob("*.begun")]
    assert len(hired) == 2
    process.kill()
    process.communicate(timeout=10)
    deadline = time.monotonic() + 10
    while any(map(_alive, hired)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_alive, hired))


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"
