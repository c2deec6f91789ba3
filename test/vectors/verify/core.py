"""What all sections use: refusals, integers as bytes, the transcript hash and the key stream (§1.2, §14.1)."""

from hashlib import blake2b


class Refused(Exception):
    """Input that the specification refuses; `reason` is the code that stands in the vectors."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def need(condition, reason):
    if not condition:
        raise Refused(reason)


def unhex(text):
    need(text.startswith('0x'), 'vectors/not-hex')
    return bytes.fromhex(text[2:])


def tohex(data):
    return '0x' + bytes(data).hex()


def le(value, length):
    """An integer as `length` bytes, least significant first."""
    need(0 <= value < 1 << (8 * length), 'crypto/integer-range')
    return value.to_bytes(length, 'little')


def from_le(data):
    return int.from_bytes(data, 'little')


def signed_le(value, length):
    need(-(1 << (8 * length - 1)) <= value < 1 << (8 * length - 1), 'crypto/integer-range')
    return value.to_bytes(length, 'little', signed=True)


def from_signed_le(data):
    return int.from_bytes(data, 'little', signed=True)


def part_bytes(part):
    """A part of a hash: bytes, a text, or an integer of 8 bytes."""
    if isinstance(part, str):
        return part.encode()
    if isinstance(part, int):
        return le(part, 8)
    return bytes(part)


def hash_of(label, *parts):
    """64 bytes of blake2b over label and parts, each behind its length."""
    state = blake2b(digest_size=64)
    for part in (label, *parts):
        data = part_bytes(part)
        state.update(le(len(data), 4))
        state.update(data)
    return state.digest()


def hash32_of(label, *parts):
    return hash_of(label, *parts)[:32]


def blake2_256(data):
    return blake2b(data, digest_size=32).digest()


def blake2_128(data):
    return blake2b(data, digest_size=16).digest()


CONSTANTS = (0x61707865, 0x3320646E, 0x79622D32, 0x6B206574)
ROUNDS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)


def chacha20(key, counter, blocks, nonce=bytes(12)):
    """`blocks` blocks of RFC 8439's key stream. All blocks are computed at once: one integer holds a word of each, 64 bits apart."""
    ones = int.from_bytes(b'\x01\0\0\0\0\0\0\0' * blocks, 'little')
    mask = ones * 0xFFFFFFFF
    words = [*CONSTANTS, *(from_le(key[4 * i : 4 * i + 4]) for i in range(8))]
    counters = b''.join(le((counter + i) & 0xFFFFFFFF, 8) for i in range(blocks))
    first = [ones * word for word in words]
    first.append(from_le(counters))
    first.extend(ones * from_le(nonce[4 * i : 4 * i + 4]) for i in range(3))
    x = list(first)

    def turn(value, by):
        return ((value << by) | (value >> (32 - by))) & mask

    for _ in range(10):
        for a, b, c, d in ROUNDS:
            x[a] = (x[a] + x[b]) & mask
            x[d] = turn(x[d] ^ x[a], 16)
            x[c] = (x[c] + x[d]) & mask
            x[b] = turn(x[b] ^ x[c], 12)
            x[a] = (x[a] + x[b]) & mask
            x[d] = turn(x[d] ^ x[a], 8)
            x[c] = (x[c] + x[d]) & mask
            x[b] = turn(x[b] ^ x[c], 7)
    out = bytearray(64 * blocks)
    for i, (value, start) in enumerate(zip(x, first)):
        row = ((value + start) & mask).to_bytes(8 * blocks, 'little')
        for j in range(4):
            out[4 * i + j :: 64] = row[j::8]
    return bytes(out)


class KeyStream:
    """ChaCha20 under a seed of 32 bytes with a zero nonce, from block 0 on; bytes are taken one behind the other."""

    def __init__(self, seed):
        need(len(seed) == 32, 'crypto/seed-length')
        self.key, self.block, self.rest = bytes(seed), 0, b''

    def next(self, count):
        if count > len(self.rest):
            blocks = -(-(count - len(self.rest)) // 64)
            blocks = max(blocks, 4)
            self.rest += chacha20(self.key, self.block, blocks)
            self.block += blocks
        out, self.rest = self.rest[:count], self.rest[count:]
        return out


class Reader:
    """Reads bytes from front to back; all reads are bounded."""

    def __init__(self, data, reason):
        self.data, self.reason, self.at = bytes(data), reason, 0

    def take(self, count):
        need(0 <= count <= len(self.data) - self.at, self.reason)
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self, count):
        return from_le(self.take(count))

    def end(self):
        need(self.at == len(self.data), self.reason)
