"""xxHash64 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), as Substrate writes it in storage keys (§14.10)."""

from .core import from_le, le

PRIMES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
MASK = 2**64 - 1


def turn(x, by):
    return ((x << by) | (x >> (64 - by))) & MASK


def mix(lane, word):
    return turn((lane + word * PRIMES[1]) & MASK, 31) * PRIMES[0] & MASK


def xxhash64(data, seed):
    p1, p2, p3, p4, p5 = PRIMES
    at = 0
    if len(data) >= 32:
        lanes = [(seed + p1 + p2) & MASK, (seed + p2) & MASK, seed, (seed - p1) & MASK]
        while len(data) - at >= 32:
            lanes = [mix(lane, from_le(data[at + 8 * i : at + 8 * i + 8])) for i, lane in enumerate(lanes)]
            at += 32
        total = sum(turn(lane, by) for lane, by in zip(lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            total = ((total ^ mix(0, lane)) * p1 + p4) & MASK
    else:
        total = (seed + p5) & MASK
    total = (total + len(data)) & MASK
    while len(data) - at >= 8:
        total = (turn(total ^ mix(0, from_le(data[at : at + 8])), 27) * p1 + p4) & MASK
        at += 8
    if len(data) - at >= 4:
        total = (turn(total ^ from_le(data[at : at + 4]) * p1 & MASK, 23) * p2 + p3) & MASK
        at += 4
    for byte in data[at:]:
        total = turn(total ^ byte * p5 & MASK, 11) * p1 & MASK
    total = (total ^ (total >> 33)) * p2 & MASK
    total = (total ^ (total >> 29)) * p3 & MASK
    return total ^ (total >> 32)


def twox64(data):
    return le(xxhash64(data, 0), 8)


def twox128(data):
    return le(xxhash64(data, 0), 8) + le(xxhash64(data, 1), 8)
