"""Requests, members' shares and what they decode to (§3.3, §6, §14.6)."""

from .core import KeyStream, from_le, hash32_of, need, signed_le
from .params import DATA_PRIMES, T
from .ring import binomial, ciphertext_hash, encode_values, encoded, multiply, public_a, recompose, scale_round, ternary
from .rounds import public_key_hash, secret_piece
from .shares import decode, factor_of

KEY_TEST_VALUES = 8


class Slots:
    def __init__(self, source, from_, count, scale, weight_norm, constant=0, masks=()):
        self.source, self.from_, self.count, self.scale = source, from_, count, scale
        self.weight_norm, self.constant, self.masks = weight_norm, constant, list(masks)


class Request:
    def __init__(self, context, step, attempt, sources, slots):
        self.context, self.step, self.attempt, self.sources, self.slots = context, step, attempt, sources, slots
        params = context.params
        for one in slots:
            need(0 <= one.source < len(sources), 'fhe/bad-request')
            need(1 <= one.count and 0 <= one.from_ <= params.degree - one.count, 'fhe/bad-request')
            need(one.weight_norm >= max(1, abs(one.scale)), 'fhe/bad-request')
            need(one.weight_norm <= params.max_weight_norm, 'fhe/weight-norm')
            need(len(one.masks) in (0, one.count), 'fhe/bad-request')
        need(1 <= sum(one.count for one in slots) <= 16384, 'fhe/bad-request')


def request_hash(request):
    parts = [*request.context.parts, request.step, request.attempt, len(request.sources), *request.sources, len(request.slots)]
    for one in request.slots:
        parts += [one.source, one.from_, one.count, signed_le(one.scale, 32), signed_le(one.weight_norm, 32)]
        parts += [signed_le(one.constant, 32), len(one.masks), b''.join(one.masks)]
    return hash32_of('tacit/opening/1', *parts)


def opening(request, posts):
    """(status, values, liars) of the members' posts, lists of residues per data prime."""
    status, residues, liars = decode(request.context.params, posts, DATA_PRIMES)
    if status != 'decoded':
        return status, None, None
    values = []
    for one in request.slots:
        limit = request.context.params.opened_noise(one.weight_norm)
        for _ in range(one.count):
            value, noise = scale_round(recompose([row[len(values)] for row in residues]))
            if abs(noise) > limit:
                return 'undecodable', None, None
            values.append(value)
    return 'open', values, liars


def opening_share(request, member, round_keys, ciphertexts, masks):
    """
    A member's post. `masks` has, per subset, the pieces of the masks of all masked slots in order; the encoded pieces are shared, not their sum.
    """
    params = request.context.params
    own = [A for A, members in enumerate(params.subsets) if member in members]
    label = request_hash(request)
    secrets = [secret_piece(request.context, A, round_keys[A]) for A in own]
    total = sum(one.count for one in request.slots)
    floods = [KeyStream(hash32_of('tacit/flood/1', round_keys[A], label, A)).next(16 * total) for A in own]
    out = []
    for i, q in enumerate(DATA_PRIMES):
        factors = [factor_of(params, A, member, q) for A in own]
        sigma = [sum(f * x for f, x in zip(factors, column)) % q for column in zip(*secrets)]
        row, mask_at = [], 0
        for one in request.slots:
            c0, c1 = ciphertexts[one.source]
            product = multiply(c1[i], sigma, q)
            for k in range(one.from_, one.from_ + one.count):
                value = one.scale * (c0[i][k] + product[k]) + encoded(one.constant)[i]
                at = 16 * len(row)
                for f, stream in zip(factors, floods):
                    piece = from_le(stream[at : at + 16]) & ((2 << params.flood_bits) - 1)
                    value += f * (piece - (1 << params.flood_bits))
                if one.masks:
                    value += sum(f * encoded(masks[A][mask_at])[i] for f, A in zip(factors, own))
                    mask_at += 1
                row.append(value % q)
        out.append(row)
    return out


def key_test(context, b):
    """A ciphertext that everyone can make, its request, and what it opens to (§3.3)."""
    params = context.params
    stream = KeyStream(hash32_of('tacit/key-test/1', *context.parts, public_key_hash(context, b)))
    data = stream.next(16 * KEY_TEST_VALUES)
    values = [from_le(data[16 * i : 16 * i + 16]) % T for i in range(KEY_TEST_VALUES)]
    u = ternary(stream, params.degree)
    e0, e1 = binomial(stream, params.degree), binomial(stream, params.degree)
    plain, a = encode_values(values, params.degree), public_a(context)
    c0, c1 = [], []
    for i, q in enumerate(DATA_PRIMES):
        small = [one % q for one in u]
        c0.append([(x + y + z) % q for x, y, z in zip(multiply(b[i], small, q), e0, plain[i])])
        c1.append([(x + y) % q for x, y in zip(multiply(a[i], small, q), e1)])
    request = Request(context, 'key-test', 0, [ciphertext_hash(params, c0, c1)], [Slots(0, 0, KEY_TEST_VALUES, 1, 1)])
    return c0, c1, request, values
