"""How fast the learning rules run, as ratios against the machine of 1954 they run on.

A run is from the assembled program to the decoded pages; nothing here asserts a time.
"""

import time

import pytest

from machines.ibm704.rules import RULES, run

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize("name", RULES)
def test_a_rule_against_the_real_machine(name, capsys):
    run(name)
    began = time.perf_counter()
    record = run(name)
    wall_s = time.perf_counter() - began
    assert record.done
    with capsys.disabled():
        account = record.account
        print(
            f"\n  {name}: {account.machine_s:.1f} s of the 704, "
            f"{account.machine_s / wall_s:.0f} times as fast here"
        )
