"""Confidential mode: parameters, the noise of products, and evaluation keys in two passes (§13.1 to §13.3)."""

from itertools import combinations

from .core import KeyStream, Refused, from_le, hash32_of
from .params import LAMBDA, T, ceil_sqrt
from .ring import binomial, multiply, pack, ternary, uniform
from .shares import factor_of

DATA = (0xFFFFFFFFD80001, 0xFFFFFFFFE68001, 0xFFFFFFFFEB0001, 0xFFFFFFFFF00001, 0xFFFFFFFFF70001)
SPECIAL = 0xFFFFFFFFF78001
KEY = (*DATA, SPECIAL)
DIGITS = range(len(DATA))
LARGEST = {4: 53, 7: 43, 10: 38}
"""Sets by id: degree and members."""
SETS = {f'{name}-n{n}': (degree, n) for name, degree in (('tacit-16384', 16384), ('tacit-test-confidential-256', 256)) for n in (4, 7, 10)}


def ceil_div(a, b):
    return -(-a // b)


class ConfidentialParams:
    def __init__(self, name):
        if name not in SETS:
            raise Refused('fhe/unknown-params')
        self.id = name
        self.degree, self.n = SETS[name]
        self.f = (self.n - 1) // 3
        self.subsets = list(combinations(range(self.n), self.n - self.f))
        self.statistical_bits = LAMBDA[self.n]
        self.q = 1
        for prime in DATA:
            self.q *= prime
        c = len(self.subsets)
        self.fresh = 2 * self.degree * 21 * c * c + 21 * c + c + 1
        self.unit_noise = ceil_sqrt(self.degree) * self.fresh
        self.max_weight_norm = self.norm(1, 3000) << LARGEST[self.n]
        room = self.q // (2 * T) - self.unit_noise * self.max_weight_norm - c - 2
        self.flood_bits = (room // c).bit_length() - 1

    def switch(self, error):
        """What a key switch adds."""
        secret = self.degree * len(self.subsets)
        return ceil_div(self.degree * sum(DATA) * error, SPECIAL) + ceil_div(1 + secret, 2)

    def norm(self, left, right):
        """Norm of a product of sums of so many fresh ciphertexts."""
        n, c = self.degree, len(self.subsets)
        secret = n * c
        v = left * self.fresh
        w = right * self.fresh + self.switch(21 * c)
        k = secret // 2 + 2
        bound = n * (ceil_div(T, 2) + T * k) * (v + w) + ceil_div(T * n * v * w, self.q)
        bound += len(DATA) * (1 + secret + secret * secret)
        bound += self.switch(42 * n * c * c + 21 * c)
        return ceil_div(bound, self.fresh)


def plus(*polys):
    return [[sum(column) % q for column in zip(*rows)] for rows, q in zip(zip(*polys), KEY)]


def minus(poly):
    return [[-one % q for one in row] for row, q in zip(poly, KEY)]


def times(a, b):
    return [multiply(x, y, q) for x, y, q in zip(a, b, KEY)]


def rows(small):
    return [[one % q for one in small] for q in KEY]


def gadget(poly, digit):
    """P times it modulo the digit's prime, zero modulo all others."""
    return [[SPECIAL * one % q if i == digit else 0 for one in row] for i, (row, q) in enumerate(zip(poly, KEY))]


def reversed_(poly):
    """a(1/x)."""
    return [[row[0]] + [-one % q for one in row[:0:-1]] for row, q in zip(poly, KEY)]


def switching_a(context, key):
    return [
        uniform(KeyStream(hash32_of('tacit/switching-a/1', *context.parts, key, i)), context.params.degree, KEY) for i in DIGITS
    ]


def pieces(context, round_key, subset, pass_, start, length):
    """`s_A`, `u_A` and the errors of a pass."""
    degree, parts = context.params.degree, context.parts
    s = ternary(KeyStream(hash32_of('tacit/secret-piece/1', round_key, *parts, subset)), degree)
    u = ternary(KeyStream(hash32_of('tacit/ephemeral-piece/1', round_key, *parts, subset)), degree)
    stream = KeyStream(hash32_of('tacit/switching-error/1', round_key, *parts, subset, pass_, start))
    return rows(s), rows(u), [rows(binomial(stream, degree)) for _ in range(length)]


def first_part(context, round_key, subset):
    """A subset's part of the first pass: Galois, h0, h1, digit by digit."""
    s, u, errors = pieces(context, round_key, subset, 'first', b'', 3 * len(DATA))
    own, relin = switching_a(context, 'galois'), switching_a(context, 'relin')
    turned = reversed_(s)
    galois = [plus(gadget(turned, i), minus(plus(times(own[i], s), errors[i]))) for i in DIGITS]
    h0 = [plus(minus(times(relin[i], u)), gadget(s, i), errors[len(DATA) + i]) for i in DIGITS]
    h1 = [plus(times(relin[i], s), errors[2 * len(DATA) + i]) for i in DIGITS]
    return galois + h0 + h1


def second_part(context, round_key, subset, sums):
    """A subset's part of the second pass: b, digit by digit."""
    s, u, errors = pieces(context, round_key, subset, 'second', start_of(context, sums), len(DATA))
    h0, h1 = sums[len(DATA) : 2 * len(DATA)], sums[2 * len(DATA) :]
    rest = plus(u, minus(s))
    return [plus(times(h0[i], s), times(h1[i], rest), errors[i]) for i in DIGITS]


def start_of(context, sums):
    """What a pass starts from: nothing, or the sums of the first."""
    if sums is None:
        return b''
    return hash32_of('tacit/first-pass/1', *context.parts, *[hash32_of('tacit/key-poly/1', pack(KEY, poly)) for poly in sums])


def packed(posting):
    return b''.join(pack(KEY, poly) for poly in posting)


def added(parts):
    return [plus(*polys) for polys in zip(*parts)]


def digest_of(context, postings, assignment, sums):
    hashes = [hash32_of('tacit/pass-posting/1', member, packed(postings[member])) for member in sorted(postings)]
    return hash32_of('tacit/pass-postings/1', *context.parts, start_of(context, sums), bytes(assignment), *hashes)


def check_shares(context, member, parts, assignment, pass_, digest):
    """Shares [prime][2 * poster + functional], flat: from the parts themselves, which are linear in the pieces."""
    stream = KeyStream(hash32_of('tacit/pass-check/1', *context.parts, pass_, digest))
    posters = sorted(set(assignment))
    out = [[0] * (2 * len(posters)) for _ in KEY]
    for index in range(2):
        chi = uniform(stream, context.params.degree, KEY)
        factors = [[from_le(stream.next(16)) % q for q in KEY] for _ in parts[0]]
        for subset, members in enumerate(context.params.subsets):
            if member not in members:
                continue
            slot = 2 * posters.index(assignment[subset]) + index
            for i, q in enumerate(KEY):
                value = 0
                for factor, poly in zip(factors, parts[subset]):
                    value += factor[i] * sum(x * y for x, y in zip(chi[i], poly[i]))
                out[i][slot] = (out[i][slot] + value * factor_of(context.params, subset, member, q)) % q
    return [value for row in out for value in row]
