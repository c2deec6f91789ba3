"""Enrolments and the check of their masks (§7.1, §7.2, §14.8)."""

from .core import KeyStream, Reader, from_le, from_signed_le, hash32_of, need
from .group import G, H, J0, L, commit, decode, decode_key, encode, equal, hash_to_scalar, multi, times, wide
from .params import T
from .seals import open_with, schnorr_holds
from .shares import share_of

DELTA_BYTES = 18


def enrolment_bytes(params):
    return 2 + 4 * 32 + 32 + DELTA_BYTES + 48 * len(params.subsets) + 128


class Enrolment:
    """Strictly decoded."""

    def __init__(self, params, data):
        need(len(data) == enrolment_bytes(params), 'enrolment/length')
        reader = Reader(data, 'enrolment/length')
        need(reader.take(2) == bytes([1, len(params.subsets)]), 'enrolment/header')
        self.ephemeral, self.salt, self.key, self.mask, self.blind = (reader.take(32) for _ in range(5))
        self.delta = from_signed_le(reader.take(DELTA_BYTES))
        self.boxes = [reader.take(48) for _ in params.subsets]
        self.body = data[: reader.at]
        self.ephemeral_proof, self.key_proof = reader.take(64), reader.take(64)
        self.id = hash32_of('tacit/enrolment-id/1', data)
        for key in (self.ephemeral, self.key):
            decode_key(key)
        self.M, self.T = decode(self.mask), decode(self.blind)

    def proofs_hold(self, bound):
        message = hash32_of('tacit/enrolment/1', *bound, self.body)
        own = schnorr_holds(self.ephemeral, message, self.ephemeral_proof)
        return own and schnorr_holds(self.key, message, self.key_proof, J0)


class Pieces:
    """What one subset's seed stands for; m, then r, a, b."""

    def __init__(self, bound, ephemeral, subset, seed):
        stream = KeyStream(hash32_of('tacit/enrolment-expand/1', seed, *bound, ephemeral, subset))
        self.m = from_le(stream.next(17)) & ((1 << 130) - 1)
        self.r, self.a, self.b = (wide(stream.next(64)) for _ in range(3))


def seed_in(bound, enrolment, subset, mask_secret):
    data = hash32_of('tacit/enrolment-box/1', *bound, subset)
    seed = open_with(mask_secret, enrolment.ephemeral, enrolment.boxes[subset], data)
    return seed if seed is not None and len(seed) == 32 else bytes(32)


def weight(beacon, name):
    return hash_to_scalar('tacit/enrolment-weight/1', beacon, name)


def mask_post(params, member, enrolment, pieces, rho):
    """A member's shares of S and R."""
    s = share_of(params, member, [p.a + rho * p.m for p in pieces], L) + rho * enrolment.delta
    return s % L, share_of(params, member, [p.b + rho * p.r for p in pieces], L)


def masks_hold(enrolments, weights, s, r):
    right = [(1, one.T) for one in enrolments] + [(rho, one.M) for rho, one in zip(weights, enrolments)]
    return equal(multi([(s, G), (r, H)]), multi(right))


class Wallet:
    """What a wallet derives from its seed and an enrolment's salt."""

    def __init__(self, context, account, wallet_seed, salt):
        params, bound = context.params, [*context.bound, account]
        root = hash32_of('tacit/enrolment-wallet/1', wallet_seed, *bound, salt)
        self.ephemeral_secret = hash_to_scalar('tacit/enrolment-ephemeral/1', root)
        self.ephemeral = encode(times(G, self.ephemeral_secret))
        self.seeds = [hash32_of('tacit/enrolment-seed/1', root, A) for A in range(len(params.subsets))]
        self.key = hash_to_scalar('tacit/note-key/1', wallet_seed, context.genesis, context.round, account)
        pieces = [Pieces(bound, self.ephemeral, A, seed) for A, seed in enumerate(self.seeds)]
        padded = sum(one.m for one in pieces)
        self.m, self.delta = padded % T, padded % T - padded
        self.r, self.a, self.b = (sum(getattr(one, name) for one in pieces) % L for name in 'rab')
        self.points = [encode(times(J0, self.key)), encode(commit(self.m, self.r)), encode(commit(self.a, self.b))]
