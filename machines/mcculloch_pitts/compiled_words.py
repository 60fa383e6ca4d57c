"""What the lanes reckon with: a word of one cell, or eight words of eight cells side by side.

A processor with wide registers fetches words from eight places and combines eight words by one
instruction each. numba knows numbers and arrays only, so it is told here of :class:`Eight` words as
one value: a vector of eight 64-bit integers to LLVM, which splits it up where registers are
narrower. ``side``, ``taken``, ``counter`` and ``put`` stand here as they are for a word, each with
its meaning for eight below; the type of the last argument (``ONE``, or what ``eight()`` gives)
tells which is meant. So each unit of the lanes is written once.
"""

# much of numba has no types
# mypy: disable-error-code="untyped-decorator,no-untyped-call"

from __future__ import annotations

import inspect
import operator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, types
from numba.core.cgutils import get_or_insert_function
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.np.arrayobj import make_array

from .compiled_loop import PURE
from .compiled_plan import SIDE

intrinsic: Any = extending.intrinsic
lower: Any = extending.lower_builtin
overload: Any = extending.overload
U = np.uint64
ONE = U(0)
ALL = U(0xFFFFFFFFFFFFFFFF)

_bit, _number, _word = ir.IntType(1), ir.IntType(32), ir.IntType(64)
_bits, _numbers, _words, _places = (
    ir.VectorType(each, SIDE) for each in (_bit, _number, _word, ir.PointerType())
)
_none = ir.Constant(_words, [0] * SIDE)
_GATHER = "llvm.masked.gather.v8i64.v8p0"
_gather = ir.FunctionType(_words, [_places, _number, _bits, _words])


class Eight(types.Type):
    """The type of eight words side by side."""

    def __init__(self) -> None:
        super().__init__(name="Eight")


EIGHT = Eight()


@extending.register_model(Eight)
class _Model(extending.models.PrimitiveModel):
    def __init__(self, manager: Any, given: Any) -> None:
        super().__init__(manager, given, _words)


def _teach(symbol: Any, instruction: str, operands: int) -> None:
    """Let numba apply an instruction to eights, bit by bit."""

    @infer_global(symbol)
    class Typed(ConcreteTemplate):
        cases = (signature(EIGHT, *[EIGHT] * operands),)

    @lower(symbol, *[EIGHT] * operands)
    def lowered(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*args)


_teach(operator.and_, "and_", 2)
_teach(operator.or_, "or_", 2)
_teach(operator.ior, "or_", 2)
_teach(operator.xor, "xor", 2)
_teach(operator.ixor, "xor", 2)
_teach(operator.invert, "not_", 1)


def _at(generator: Any, array_type: Any, array: Any, index: Any, kind: Any = _word) -> Any:
    """Point at what stands from an item of an array on, to be taken as of that kind."""
    context, builder = generator
    data = make_array(array_type)(context, builder, array).data
    item = context.get_data_type(array_type.dtype)
    return builder.bitcast(builder.gep(data, [index], source_etype=item), kind.as_pointer())


def _everywhere(builder: Any, value: Any, kind: Any) -> Any:
    """Give a vector that holds one value eight times."""
    empty = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(empty, value, ir.Constant(_number, 0))
    return builder.shuffle_vector(first, empty, ir.Constant(_numbers, [0] * SIDE))


@intrinsic
def eight(typing: Any) -> Any:
    """Give eight words without a one in them."""
    return EIGHT(), lambda *_: _none


@intrinsic
def _fetched(typing: Any, x: Any, offsets: Any, p: Any) -> Any:
    """Fetch the words of ``x`` that ``offsets[p : p + 8]`` name."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        given, (x_type, offsets_type, _) = (context, builder), sig.args
        named = builder.load(_at(given, offsets_type, args[1], args[2], _numbers), align=4)
        base = _at(given, x_type, args[0], ir.Constant(_word, 0))
        places = builder.gep(_everywhere(builder, base, _places), [named], source_etype=_word)
        gather = get_or_insert_function(builder.module, _gather, _GATHER)
        every = ir.Constant(_bits, [1] * SIDE)
        return builder.call(gather, [places, ir.Constant(_number, 8), every, _none])

    return EIGHT(x, offsets, types.uint64), generate


@intrinsic
def _planes(typing: Any, h: Any, i: Any, full: Any, bit: Any) -> Any:
    """Give words full of bit ``bit`` of ``full - h[i]``, ..., ``full - h[i + 7]``."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        needed = builder.load(
            _at((context, builder), sig.args[0], args[0], args[1], _numbers), align=4
        )
        start = builder.sub(_everywhere(builder, args[2], _numbers), needed)
        bit = builder.lshr(start, _everywhere(builder, args[3], _numbers))
        lowest = builder.and_(bit, ir.Constant(_numbers, [1] * SIDE))
        return builder.sub(_none, builder.zext(lowest, _words))

    return EIGHT(h, types.uint64, types.int32, types.int32), generate


@intrinsic
def _laid(typing: Any, new: Any, at: Any, words: Any) -> Any:
    """Lay eight words down one after another from ``new[at]`` on."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        there = _at((context, builder), sig.args[0], args[0], args[1], _words)
        builder.store(args[2], there, align=8)
        return context.get_dummy_value()

    return types.void(new, types.uint64, words), generate


@intrinsic
def _strewn(typing: Any, new: Any, order: Any, i: Any, words: Any) -> Any:
    """Lay eight words down where ``order[i : i + 8]`` says."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        given, (new_type, order_type, *_) = (context, builder), sig.args
        numbers = builder.load(_at(given, order_type, args[1], args[2], _numbers), align=4)
        places = builder.zext(numbers, _words)
        for k in range(SIDE):
            which = ir.Constant(_number, k)
            there = _at(given, new_type, args[0], builder.extract_element(places, which))
            builder.store(builder.extract_element(args[3], which), there)
        return context.get_dummy_value()

    return types.void(new, order, types.uint64, words), generate


def _for_eight(one: Any) -> Any:
    """Give a function on a word a second meaning, for eight; its last argument tells which."""

    def given(eight: Any) -> Any:
        def choose(*args: Any) -> Any:
            return eight if args[-1] == EIGHT else one

        choose.__signature__ = inspect.signature(one)  # type: ignore[attr-defined]
        overload(one, jit_options=PURE)(choose)
        return eight

    return given


def side(like: Any) -> int:
    """Tell how many cells stand side by side: 1 or 8."""
    return 1


@_for_eight(side)
def _side(like: Any) -> int:
    return SIDE


def taken(x: Any, offsets: Any, p: Any, k: Any, like: Any) -> Any:
    """Fetch what ending ``k`` from place ``p`` on carries, of one cell or of eight."""
    return x[U(offsets[U(p + k)])]


@_for_eight(taken)
def _taken(x: Any, offsets: Any, p: Any, k: Any, like: Any) -> Any:
    return _fetched(x, offsets, U(p + SIDE * k))


def counter(h: Any, i: Any, full: Any, bit: Any, like: Any) -> Any:
    """Set a plane of a counter: bit ``bit`` of ``full - h[i]``, in all lanes alike."""
    return ALL if (full - h[i]) >> bit & 1 else U(0)


@_for_eight(counter)
def _counter(h: Any, i: Any, full: Any, bit: Any, like: Any) -> Any:
    return _planes(h, U(i), np.int32(full), np.int32(bit))


def put(new: Any, order: Any, i: Any, word: Any) -> None:
    """Lay down what cell ``order[i]`` fires, or what the eight cells from there on fire."""
    new[U(order[i])] = word


@_for_eight(put)
def _put(new: Any, order: Any, i: Any, word: Any) -> None:
    if order[i + SIDE - 1] - order[i] == SIDE - 1:  # a group's cells rise, so these run on
        _laid(new, U(order[i]), word)
    else:
        _strewn(new, order, U(i), word)
