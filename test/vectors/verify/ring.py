"""The ring Z[x]/(x^N + 1) by residues, its samplers, its bytes and the encoding of plaintexts (§1.4, §14.5, §14.6)."""

from .core import Reader, from_le, hash32_of, le, need
from .params import DATA_PRIMES, KEY_PRIMES, Q, T

WORD = 24
"""Bytes of a coefficient while a product is computed as one product of integers: 2N * q^2 is below 2^192."""


def uniform(stream, degree, primes):
    """Per prime N integers of 16 bytes, reduced."""
    out = []
    for q in primes:
        data = stream.next(16 * degree)
        out.append([from_le(data[16 * i : 16 * i + 16]) % q for i in range(degree)])
    return out


def ternary(stream, count):
    """Five coefficients of a byte below 243, lowest first; bytes come in runs of as many as are missing."""
    out = []
    while len(out) < count:
        missing = count - len(out)
        made = []
        for byte in stream.next(-(-missing // 5)):
            if byte < 243:
                for _ in range(5):
                    made.append(byte % 3 - 1)
                    byte //= 3
        out += made[:missing]
    return out


def binomial(stream, count):
    """Six bytes a coefficient: ones of the bits 0..20 less those of the bits 24..44."""
    data = stream.next(6 * count)
    out = []
    for i in range(count):
        bits = from_le(data[6 * i : 6 * i + 6])
        out.append((bits & 0x1FFFFF).bit_count() - (bits >> 24 & 0x1FFFFF).bit_count())
    return out


def multiply(a, b, q):
    """Product in the ring, of coefficients in [0, q), as one product of large integers."""
    degree = len(a)
    x = from_le(b''.join(le(one, WORD) for one in a))
    y = from_le(b''.join(le(one, WORD) for one in b))
    data = le(x * y, 2 * degree * WORD)
    raw = [from_le(data[WORD * i : WORD * i + WORD]) for i in range(2 * degree)]
    return [(raw[i] - raw[i + degree]) % q for i in range(degree)]


def multiply_small(a, small):
    """Per prime, with a polynomial of small integers."""
    return [multiply(row, [one % q for one in small], q) for row, q in zip(a, KEY_PRIMES)]


def add_rows(*polys):
    return [[sum(column) % q for column in zip(*rows)] for rows, q in zip(zip(*polys), KEY_PRIMES)]


def small_rows(small, primes=DATA_PRIMES):
    return [[one % q for one in small] for q in primes]


def encoded(value):
    """`round(Q*v/t)` modulo each data prime, of any integer v."""
    value %= T
    whole = (2 * Q * value + T) // (2 * T)
    return [whole % q for q in DATA_PRIMES]


def encode_values(values, degree):
    columns = [encoded(value) for value in values] + [[0] * len(DATA_PRIMES)] * (degree - len(values))
    return [list(row) for row in zip(*columns)]


def recompose(residues):
    total = 0
    for residue, q in zip(residues, DATA_PRIMES):
        rest = Q // q
        total += residue * rest * pow(rest, -1, q)
    return total % Q


def scale_round(y):
    """`round(t*y/Q)` mod t, and what is left of the noise: `y - round(Q*v/t)`, centred."""
    value = (2 * T * y + Q) // (2 * Q)
    noise = y - (2 * Q * value + T) // (2 * T)
    return value % T, noise


def bits_of(q):
    return q.bit_length()


def residue_bytes(moduli, count):
    return sum(-(-count * bits_of(q) // 8) for q in moduli)


def pack(moduli, rows):
    """Residues of each modulus in as many bits as it has, lowest first, zero bits to a whole byte."""
    out = b''
    for q, row in zip(moduli, rows):
        total, bits = 0, bits_of(q)
        for i, value in enumerate(row):
            total |= value << (bits * i)
        out += le(total, -(-len(row) * bits // 8))
    return out


def unpack(moduli, data, count):
    """Strict: exact length, every residue below its modulus, no bit set behind the last."""
    need(len(data) == residue_bytes(moduli, count), 'fhe/length')
    reader, rows = Reader(data, 'fhe/length'), []
    for q in moduli:
        bits = bits_of(q)
        total = from_le(reader.take(-(-count * bits // 8)))
        need(total >> (bits * count) == 0, 'fhe/padding')
        row = [total >> (bits * i) & ((1 << bits) - 1) for i in range(count)]
        need(all(value < q for value in row), 'fhe/unreduced')
        rows.append(row)
    return rows


def public_a(context):
    from .core import KeyStream

    return uniform(KeyStream(hash32_of('tacit/public-a/1', *context.parts)), context.params.degree, KEY_PRIMES)


def words(rows):
    """Residues as u64, which the digest of an encryption key covers."""
    return b''.join(le(value, 8) for row in rows for value in row)


def ciphertext_hash(params, c0, c1):
    return hash32_of('tacit/ciphertext/1', params.id, pack(DATA_PRIMES, c0) + pack(DATA_PRIMES, c1))
