import sqlite3

import jobs_to_do
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import Mistake
from simulator.experiments import Store, crew, finished

FINITE = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FINITE | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "finished.sqlite"


def test_what_was_kept_is_found_by_another(path):
    with Store(path) as store:
        store.keep("letters", {"wiring": 1}, "abc", {"wrong": 0})
    with Store(path) as store:
        assert store.find("letters", {"wiring": 1}, "abc") == {"wrong": 0}
        assert store.find("letters", {"wiring": 2}, "abc") is None
        assert store.find("figures", {"wiring": 1}, "abc") is None


def test_a_result_of_other_sources_is_not_found_and_gives_way(path):
    with Store(path) as store:
        store.keep("letters", {"wiring": 1}, "before", {"wrong": 0})
        assert store.find("letters", {"wiring": 1}, "after") is None
        store.keep("letters", {"wiring": 1}, "after", {"wrong": 3})
        assert store.find("letters", {"wiring": 1}, "after") == {"wrong": 3}
        assert store.find("letters", {"wiring": 1}, "before") is None


def test_an_experiment_is_forgotten_and_no_other(path):
    with Store(path) as store:
        for name in ("letters", "figures"):
            store.keep(name, {}, "abc", {"n": 1})
        store.forget("letters")
        assert store.find("letters", {}, "abc") is None
        assert store.find("figures", {}, "abc") == {"n": 1}


@given(st.dictionaries(st.text(), JSON, max_size=4), JSON)
def test_any_json_value_comes_back_as_it_was(parameters, value):
    with Store(":memory:") as store:
        store.keep("any", parameters, "abc", {"value": value})
        reordered = dict(reversed(parameters.items()))
        assert store.find("any", reordered, "abc") == {"value": value}


def test_a_damaged_file_is_one_line(path):
    path.write_bytes(b"this is no database at all, but long enough to look like one" * 20)
    with pytest.raises(Mistake, match=r"finished\.sqlite: is damaged or no store .*remove it"):
        Store(path)


def test_a_file_cut_short_is_one_line(path):
    with Store(path) as store:
        for n in range(200):
            store.keep("many", {"n": n}, "abc", {"text": "x" * 200})
    path.write_bytes(path.read_bytes()[:8192] + b"\0" * 4096)

    def read_all():
        with Store(path) as store:
            return [store.find("many", {"n": n}, "abc") for n in range(200)]

    with pytest.raises(Mistake, match=r"finished\.sqlite: "):
        read_all()


def test_a_result_that_is_not_json_is_one_line(path):
    with Store(path) as store:
        store.keep("letters", {}, "abc", {"n": 1})
    with sqlite3.connect(path) as file:
        file.execute("UPDATE jobs SET result = '{'")
    file.close()
    with Store(path) as store, pytest.raises(Mistake, match="is damaged"):
        store.find("letters", {}, "abc")


def test_another_programs_database_is_left_alone(path):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE bookmarks (address TEXT)")
    file.close()
    before = path.read_bytes()
    with pytest.raises(Mistake, match="another program's database"):
        Store(path)
    assert path.read_bytes() == before


def test_a_store_of_a_later_firstwave_is_refused(path):
    Store(path).close()
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 2")
    file.close()
    with pytest.raises(Mistake, match="of version 2"):
        Store(path)


def test_a_folder_or_a_missing_one_is_one_line(tmp_path):
    with pytest.raises(Mistake, match="cannot be used"):
        Store(tmp_path)
    with pytest.raises(Mistake, match="cannot be used"):
        Store(tmp_path / "missing" / "finished.sqlite")


def test_a_second_run_does_nothing_and_gives_the_same(path, tmp_path):
    trace = tmp_path / "trace"
    jobs = [{"n": n, "trace": str(trace)} for n in range(5)]
    for _ in range(2):
        with Store(path) as store, crew(1) as workers:
            results = finished("squares", jobs_to_do.noted, jobs, "abc", store, workers)
        assert [result["square"] for result in results] == [0, 1, 4, 9, 16]
    assert trace.read_text().split() == ["0", "1", "2", "3", "4"]


def test_an_interrupted_run_goes_on_where_it_stood(path, tmp_path):
    trace, seen = tmp_path / "trace", []
    jobs = [{"n": n, "trace": str(trace)} for n in range(5)]
    how = {"progress": seen.append, "stop": lambda: seen[-1] == 2}
    with Store(path) as store, crew(1) as workers, pytest.raises(KeyboardInterrupt):
        finished("squares", jobs_to_do.noted, jobs, "abc", store, workers, **how)
    assert seen == [0, 1, 2]
    with Store(path) as store, crew(2) as workers:
        results = finished(
            "squares", jobs_to_do.noted, jobs, "abc", store, workers, progress=seen.append
        )
    assert [result["square"] for result in results] == [0, 1, 4, 9, 16]
    assert seen == [0, 1, 2, 2, 3, 4, 5]
    assert sorted(trace.read_text().split()) == ["0", "1", "2", "3", "4"]


def test_changed_sources_are_done_again(path, tmp_path):
    jobs = [{"n": 1, "trace": str(tmp_path / "trace")}]
    for fingerprint in ("abc", "abc", "def"):
        with Store(path) as store, crew(1) as workers:
            finished("squares", jobs_to_do.noted, jobs, fingerprint, store, workers)
    assert (tmp_path / "trace").read_text() == "1\n1\n"
