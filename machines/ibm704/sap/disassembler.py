"""From words back to SAP source.

The source assembles to exactly the words it was made from, in the same places. A word is an
instruction if SAP could have made it from one; every other word is OCT. Where an instruction refers
to a location among the words, that location gets a symbol.

What is program and what is data cannot be told from the words alone. With a place to start, control
is followed from there, through transfers, skips and subroutine calls, and what is never reached is
data; what a program computes as it goes (an indexed transfer, an address it stores) is not
followed. Without one, every word that can be an instruction is taken for one, unless its operation
is zero (HTR), as in small numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from machines.ibm704 import words as numbers
from machines.ibm704.operations import OPERATIONS, Operation, Part, find
from machines.ibm704.sap import symbols as names
from machines.ibm704.sap.vocabulary import NAMES, Name
from simulator.errors import Mistake

_ADDRESS = 0o77777
_RUN = 4
_NEGATIVE = 0o70000
_SKIPS = {
    "CAS": 2, "CPY": 2, "CAD": 2, "LBT": 1, "PBT": 1, "DCT": 1, "ETT": 1, "RTT": 1, "SLT": 1,
    "SWT": 1, "SPT": 1,
}  # fmt: skip
"""How far beyond the next location an operation may skip."""
_ALWAYS = frozenset(("TRA", "TTR", "TXI", "HTR"))
"""Transfers that never go on to the next location."""

_TYPE_A = {
    operation.code >> 9: operation.mnemonic for operation in OPERATIONS if operation.form == "A"
}
_TYPE_B: dict[int, list[tuple[str, Name]]] = {}
for _mnemonic, _name in NAMES.items():
    if not _name.is_type_a:
        _TYPE_B.setdefault(_name.word >> 24, []).append((_mnemonic, _name))


def disassemble(
    words: Mapping[int, int] | Sequence[int],
    origin: int = 0,
    start: int | None = None,
    symbols: Mapping[str, int] | None = None,
) -> str:
    """Write words as SAP source.

    Parameters
    ----------
    words
        Words of 36 bits: one after the other from ``origin``, or by location.
    origin
        Location of the first, if they are a sequence.
    start
        Where the program begins; END says so, and control is followed from there.
    symbols
        Symbols to use, such as those of an Assembly; others are made from the octal location
        (``L00144``).

    Returns
    -------
    source
        Cards in SAP's columns; ``assemble(source).words`` are the same words.

    Raises
    ------
    Mistake
        If a location or a word does not exist on a 704.
    """
    core = _by_location(words, origin)
    for place, word in core.items():
        if not 0 <= place <= _ADDRESS or not 0 <= word < 1 << 36:
            raise Mistake(f"location {place}: {word}; locations go to 32767, words have 36 bits")
    code = _reached(core, start) if start is not None else _plausible(core)
    labels = _labels(core, code, start, symbols or {})
    lines = list(_lines(core, code, labels))
    end = "" if start is None else labels.get(start, str(start))
    return "\n".join([*lines, _card("", "END", end)]) + "\n"


def instruction(word: int, labels: Mapping[int, str] | None = None) -> tuple[str, str] | None:
    """Write one word as an operation and its variable field.

    Parameters
    ----------
    word
        36 bits.
    labels
        Symbols by location, for addresses that are locations.

    Returns
    -------
    operation, field
        None if SAP has no operation that makes this word.
    """
    address, tag, decrement = word & _ADDRESS, word >> 15 & 7, word >> 18 & _ADDRESS
    if word >> 33 & 3:
        mnemonic = _TYPE_A.get(word >> 33)
        if mnemonic is None:
            return None
        return mnemonic, _field(_symbolic(address, labels), tag, _signed(decrement))
    candidates = _TYPE_B.get(word >> 24, [])
    rank, mnemonic, base = max(
        ((_rank(name, address), mnemonic, name.word & _ADDRESS) for mnemonic, name in candidates),
        key=lambda one: one[0],
        default=(0, "", 0),
    )
    if not rank or word >> 18 & 0o77:
        return None
    is_location = not base and _part(word) in (Part.WORD, Part.PLACE)
    number = address if rank == _WHOLE_ADDRESS else address - base
    own = _symbolic(address, labels) if is_location else str(number)
    is_bare = own == "0" and not tag and not is_location
    return mnemonic, _field("" if is_bare else own, tag, "")


_WHOLE_ADDRESS, _FREE, _UNIT, _FIXED = 1, 2, 3, 4


def _rank(name: Name, address: int) -> int:
    """Tell how well a name fits an address; 0 means not at all."""
    base = name.word & _ADDRESS
    if name.is_fixed:
        return _FIXED if base == address else 0
    if not name.units:
        return _FREE
    if base < address <= base + name.units:
        return _UNIT
    return _WHOLE_ADDRESS if base | address == address else 0


def _part(word: int) -> Part:
    operation = find(word & ~(7 << 15))
    return operation.part if operation else Part.NOTHING


def _symbolic(address: int, labels: Mapping[int, str] | None) -> str:
    return (labels or {}).get(address, str(address))


def _signed(decrement: int) -> str:
    """Write a decrement, one near the top as the negative number it likely stands for."""
    return str(decrement - _ADDRESS - 1 if decrement >= _NEGATIVE else decrement)


def _field(address: str, tag: int, decrement: str) -> str:
    if decrement not in ("", "0"):
        return f"{address},{tag},{decrement}"
    return f"{address},{tag}" if tag else address


def _by_location(words: Mapping[int, int] | Sequence[int], origin: int) -> dict[int, int]:
    if isinstance(words, Mapping):
        return dict(sorted(words.items()))
    return {origin + place: word for place, word in enumerate(words)}


def _plausible(core: Mapping[int, int]) -> set[int]:
    return {place for place, word in core.items() if word >> 24 and instruction(word) is not None}


def _reached(core: Mapping[int, int], start: int) -> set[int]:
    """Follow control from ``start``."""
    reached: set[int] = set()
    open_ends = [start]
    while open_ends:
        place = open_ends.pop()
        if place in reached or place not in core or instruction(core[place]) is None:
            continue
        reached.add(place)
        operation = find(core[place])
        open_ends += _followers(place, core[place], operation)
    return reached


def _followers(place: int, word: int, operation: Operation | None) -> Iterator[int]:
    mnemonic = operation.mnemonic if operation else ""
    indexed = operation is not None and operation.indexable and word >> 15 & 7
    if operation is not None and operation.part == Part.PLACE and not indexed:
        yield word & _ADDRESS
    if mnemonic not in _ALWAYS:
        for skip in range(_SKIPS.get(mnemonic, 0) + 1):
            yield place + 1 + skip


def _labels(
    core: Mapping[int, int], code: set[int], start: int | None, given: Mapping[str, int]
) -> dict[int, str]:
    named: dict[int, str] = {}
    keys: set[str] = set()
    for name, value in sorted(given.items()):
        own = names.key(name, "")
        is_free = value in core and value not in named and own not in keys
        if is_free and names.reason_against(name) is None:
            named[value] = name
            keys.add(own)
    wanted = {start} if start is not None else set()
    for place in code:
        word = core[place]
        if word >> 33 & 3 or _part(word) in (Part.WORD, Part.PLACE):
            wanted.add(word & _ADDRESS)
    made = {place: f"L{place:05o}" for place in wanted if place in core and place not in named}
    return named | {place: name for place, name in made.items() if name not in keys}


def _lines(core: Mapping[int, int], code: set[int], labels: Mapping[int, str]) -> Iterator[str]:
    before, run = -2, 0
    for place, word in core.items():
        is_data = place not in code
        repeats = place == before + 1 and is_data and core[before] == word and before not in code
        if repeats and place not in labels:
            run += 1
        else:
            yield from _repeated(run, core.get(before, 0))
            run = 0
            if place != before + 1:
                yield _card("", "ORG", str(place))
            text = None if is_data else instruction(word, labels)
            operation, field = text or ("OCT", _datum(word))
            yield _card(labels.get(place, ""), operation, field)
        before = place
    yield from _repeated(run, core.get(before, 0))


def _repeated(run: int, word: int) -> Iterator[str]:
    """Write a datum ``run`` times more."""
    if run >= _RUN:
        yield _card("", "REP", f"1,{run}")
    else:
        yield from [_card("", "OCT", _datum(word))] * run


def _datum(word: int) -> str:
    """Write a word in octal, and what it may mean as a comment."""
    size = word & numbers.MAGNITUDE
    sign = "-" if word >> 35 else ""
    if size < 1 << 15:
        return f"{sign}{size:o}" + (f"   {sign}{size}" if size > 7 else "")
    meaning = ""
    if size & numbers.BIT_9 and 100 <= size >> 27 <= 156:
        meaning = f"   {float(numbers.floating(word)):.8g}"
    elif not set(numbers.characters(word)) & {numbers.NO_CHARACTER}:
        meaning = f"   {numbers.characters(word)}"
    return f"{word:012o}{meaning}"


def _card(location: str, operation: str, field: str) -> str:
    return f"{location:6} {operation:3} {field}".rstrip()
