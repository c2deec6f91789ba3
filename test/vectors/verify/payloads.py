"""Payloads of version 1 as whatever is public of them is read: ciphertext, deltas, scalars (§5.4); and what members' posts on them hold (§5.5)."""

from .core import Reader, Refused, from_le, need, signed_le
from .group import L
from .lanes import Sealed
from .params import DATA_PRIMES
from .ring import residue_bytes, unpack

VERSION = 1
MOST_DELTA = 1 << 95


class Payload:
    def __init__(self, params, lane, data):
        reader, digits = Reader(data, 'payloadForm'), lane.values * lane.digits
        half = residue_bytes(DATA_PRIMES, params.degree)
        try:
            self.c0 = [unpack(DATA_PRIMES, reader.take(half), params.degree)]
            self.c1 = unpack(DATA_PRIMES, reader.take(half), params.degree)
        except Refused:
            raise Refused('ciphertext') from None
        need(any(any(row) for row in self.c1), 'ciphertext')
        for _ in range(digits):
            need(reader.take(12) != signed_le(-MOST_DELTA, 12), 'delta')
        for _ in range(terms(lane) + digits):
            need(from_le(reader.take(32)) < L, 'scalar')
        reader.end()


def terms(lane):
    return 16 + (2 if lane.norm is not None else 0)


def payload_bytes(params, lane):
    digits = lane.values * lane.digits
    return 2 * residue_bytes(DATA_PRIMES, params.degree) + 12 * digits + 32 * (terms(lane) + digits)


def open_submission(binding, data, seal_secrets):
    """(sealed, payload, nothing), or (sealed, nothing, reason)."""
    params, lane = binding.context.params, binding.lane
    sealed = Sealed(params, lane, data, VERSION, payload_bytes(params, lane))
    raw, reason = sealed.payload(binding, seal_secrets)
    if raw is None:
        return sealed, None, reason
    try:
        return sealed, Payload(params, lane, raw), None
    except Refused as refusal:
        return sealed, None, refusal.reason
