"""Sketches of updates (§9.7)."""

from .core import KeyStream, from_le, hash32_of, need

SPARE = 4


def buckets_of(parts):
    return sum(values - SPARE for values in parts)


def fits(parts, coordinates):
    """Whether updates of these parts can be sketches of so many coordinates; those of a rule without a sketch need not."""
    return coordinates is None or (min(parts) > SPARE and coordinates > buckets_of(parts))


def places(seed, coordinates, buckets, count):
    """(bucket, sign) of the first coordinates."""
    need(1 <= buckets <= 2**21 and 1 <= coordinates < 2**32 and count <= coordinates, 'tally/bad-sketch')
    stream = KeyStream(hash32_of('tacit/sketch/1', seed, coordinates, buckets))
    words = [from_le(stream.next(4)) for _ in range(count)]
    return [((word % 2**31) * buckets >> 31, -1 if word >> 31 else 1) for word in words]


def sketch(seed, buckets, values):
    """The sketch of whole numbers."""
    out = [0] * buckets
    for value, (bucket, sign) in zip(values, places(seed, len(values), buckets, len(values))):
        out[bucket] += sign * value
    return out

