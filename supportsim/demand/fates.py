"""Fates: random numbers that belong to a thing and a purpose, never to a run or an order of events.

`uniform(world, entity, n, purpose)` is a counter-based 64-bit hash: the same four numbers give the same
uniform in any process, in machine code, in plain Python and in NumPy, bit for bit.  A world is one (seed,
replication); an entity is an issue, a customer, an agent, a stream's cell or a date, hashed from its names.

Mixing: the finaliser of SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014, section 5), whose shifts and multipliers are variant 13 of D. Stafford, "Better bit
mixing: improving on MurmurHash3's 64-bit finalizer", 2011.  Every function of the hash is a bijection of its
last argument, so two counters of one entity, or two entities of one world, never share their inner state.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from supportsim.demand.compiling import PLAIN, compiled

Words = npt.NDArray[np.uint64]

#: Stands in every result.  Raise it whenever any known-answer vector changes.
VERSION = 1

# Purposes: a fixed list; a number once given is never given to another purpose.
ARRIVALS = 1  # entity stream-cell, n = k: gap before the k-th point of the cell
INSTANT = 2  # issue: where in its cell
CUSTOMER = 3  # issue: whose it is
CHANNEL = 4  # issue: where in the plan it starts
WORK = 5  # issue, n = touches worked
WRAP_UP = 6  # issue, n = touches worked
RESOLUTION = 7  # issue, n = touches worked
PATIENCE = 8  # issue, n = waits
NEXT_STEP = 9  # issue, n = contacts
DELAY = 10  # issue, n = contacts
ABSENCE = 11  # agent-day
BLOCK = 12  # agent-day, n = slot: off-desk block
BLOCK_COUNT = 13  # agent-day: how many blocks, where the share is not a whole number of them
BUSY_SHARED = 14  # period: factor of all streams
BUSY_STREAM = 15  # (period, stream)
BUSY_CELL = 16  # stream-cell
TIE = 17  # free for tests and policies
COPIES = 18  # trace row: kept, left out or doubled under a volume
PICK = 19  # issue xor agent, n = contacts: whom `pick: random` takes
PLAN = 20  # customer (of an anonymous segment: issue): which of the plans of his segment is his
ASKS = 21  # issue: whether it is brought at all under its plan
MARGIN = 22  # customer: what he brings a month, where customers differ
LEAVES = 23  # customer: how much hazard he bears before he leaves

# One text serves both modes: constants are uint64 for the compiler (an int64 beside an uint64 would turn the
# product into a float there) and plain integers, masked to 64 bits, without it.
_word: Any = int if PLAIN else np.uint64
_MASK = _word(0xFFFF_FFFF_FFFF_FFFF)
_GOLDEN = _word(0x9E37_79B9_7F4A_7C15)  # 2**64 / golden ratio, made odd: the step of SplitMix64
_SPREAD = _word(0xD134_2543_DE82_EF95)  # multiplier of L64X128 (Steele, Vigna 2021): parts entity from world
_FIRST = _word(0xBF58_476D_1CE4_E5B9)  # Stafford's variant 13
_SECOND = _word(0x94D0_49BB_1331_11EB)
_ONE, _EIGHT, _TWELVE = _word(1), _word(8), _word(12)
_S27, _S30, _S31 = _word(27), _word(30), _word(31)
_UNIT = 2.0**-52
_WORLD_ROOT, _ENTITY_ROOT = 0x5375_7070_6F72_7401, 0x5375_7070_6F72_7402
_SEED_LIMIT = 1 << 128


@compiled("uint64(uint64)")
def mix(x: int) -> int:
    """Bijection of 64-bit words in which every input bit moves about half of the output bits."""
    x = _word(x)
    x = (x ^ (x >> _S30)) * _FIRST & _MASK
    x = (x ^ (x >> _S27)) * _SECOND & _MASK
    mixed: int = x ^ (x >> _S31)
    return mixed


@compiled("uint64(uint64, uint64)")
def child(parent: int, index: int) -> int:
    """Key of the `index`-th thing below `parent`: `entity(*parts, i) == child(entity(*parts), i)`."""
    key: int = mix((_word(parent) + _GOLDEN * ((_word(index) + _ONE) & _MASK)) & _MASK)
    return key


@compiled("uint64(uint64, uint64, int64, int64)")
def bits(world: int, entity: int, n: int, purpose: int) -> int:
    """64 random bits of (world, entity, n, purpose); n >= 0, 0 <= purpose < 256."""
    inner = mix(_word(world) ^ (_word(entity) * _SPREAD & _MASK))
    counter = ((_word(n) << _EIGHT) + _word(purpose)) & _MASK
    drawn: int = mix((inner + counter * _GOLDEN) & _MASK)
    return drawn


@compiled("float64(uint64, uint64, int64, int64)")
def uniform(world: int, entity: int, n: int, purpose: int) -> float:
    """A number in the open interval (0, 1) on a grid of 2**-52, from 2**-53 to 1 - 2**-53."""
    return (float(bits(world, entity, n, purpose) >> _TWELVE) + 0.5) * _UNIT


def world(seed: int, replication: int) -> int:
    """Key of one replication; `seed` below 2**128, `replication` below 2**64, both >= 0 (else ValueError)."""
    if not 0 <= seed < _SEED_LIMIT:
        raise ValueError(f"seed is {seed}: must be a whole number from 0 to 2**128 - 1")
    if not 0 <= replication <= int(_MASK):
        raise ValueError(f"replication is {replication}: must be a whole number from 0 to 2**64 - 1")
    return _chain(_WORLD_ROOT, (seed & int(_MASK), seed >> 64, replication))


def entity(*parts: str | int) -> int:
    """Key of a thing from its names and numbers: the same in every process and on every machine.

    Text and number differ (`entity("7") != entity(7)`), and so do the borders between parts.
    """
    return _chain(_ENTITY_ROOT, tuple(_number(part) for part in parts))


def _chain(root: int, numbers: tuple[int, ...]) -> int:
    key = root
    for number in numbers:
        key = int(child(_word(key), _word(number)))
    return key


def _number(part: str | int) -> int:
    if isinstance(part, str):
        return int.from_bytes(hashlib.blake2b(part.encode(), digest_size=8).digest(), "little")
    return int(part) & int(_MASK)


# The same in NumPy, for thousands at once.  Shapes broadcast; integers are taken modulo 2**64.


def _words(values: Any) -> Words:
    """Any integers (Python, signed, unsigned; scalar or array) as uint64, at least one-dimensional.

    Raises TypeError for anything else: a key that went through a float has lost its last bits.
    """
    if isinstance(values, int):
        return np.array([values & 0xFFFF_FFFF_FFFF_FFFF], dtype=np.uint64)
    array = np.atleast_1d(np.asarray(values))
    if array.dtype.kind not in "iu":
        raise TypeError(f"keys and counters are whole numbers, not {array.dtype}")
    return array.astype(np.uint64)


def _mixed(x: Words) -> Words:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(_FIRST)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(_SECOND)
    return x ^ (x >> np.uint64(31))


def children(parents: Any, indices: Any) -> Words:
    """`child` of every pair: uint64 array (at least one-dimensional)."""
    steps = (_words(indices) + np.uint64(1)) * np.uint64(_GOLDEN)
    return _mixed(_words(parents) + steps)


def many_bits(world: int, entities: Any, n: Any, purpose: int) -> Words:
    """`bits` of every (entity, n): uint64 array (at least one-dimensional)."""
    inner = _mixed(_words(world) ^ (_words(entities) * np.uint64(_SPREAD)))
    counters = (_words(n) << np.uint64(8)) + np.uint64(purpose)
    return _mixed(inner + counters * np.uint64(_GOLDEN))


def uniforms(world: int, entities: Any, n: Any, purpose: int) -> npt.NDArray[np.float64]:
    """`uniform` of every (entity, n): float64 array (at least one-dimensional)."""
    drawn = (many_bits(world, entities, n, purpose) >> np.uint64(12)).astype(np.float64)
    return (drawn + 0.5) * _UNIT
