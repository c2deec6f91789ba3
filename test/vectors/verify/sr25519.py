"""sr25519: Schnorr signatures over ristretto255 with a transcript of Merlin over STROBE (§14.10)."""

from .core import Refused, from_le, le
from .group import G, L, decode, encode, multi, wide

MASK = (1 << 64) - 1
RATE = 166
# Flags of STROBE's operations.
INBOUND, APPLICATION, CIPHER, META, KEYED = 1, 2, 4, 16, 32


def turn(x, by):
    return ((x << by) | (x >> (64 - by))) & MASK if by else x


def round_constants():
    """Of Keccak-f[1600] (FIPS 202 §3.2.5), from its shift register."""
    register, out = 1, []
    for _ in range(24):
        constant = 0
        for j in range(7):
            if register & 1:
                constant |= 1 << ((1 << j) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        out.append(constant)
    return out


CONSTANTS = round_constants()


def keccak(state):
    """Keccak-f[1600] on 200 bytes."""
    a = [[from_le(state[8 * (x + 5 * y) : 8 * (x + 5 * y) + 8]) for y in range(5)] for x in range(5)]
    for constant in CONSTANTS:
        c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        d = [c[x - 1] ^ turn(c[(x + 1) % 5], 1) for x in range(5)]
        a = [[a[x][y] ^ d[x] for y in range(5)] for x in range(5)]
        x, y, lane = 1, 0, a[1][0]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            lane, a[x][y] = a[x][y], turn(lane, (t + 1) * (t + 2) // 2 % 64)
        a = [[a[x][y] ^ (~a[(x + 1) % 5][y] & MASK & a[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
        a[0][0] ^= constant
    return bytearray(b''.join(le(a[x][y], 8) for y in range(5) for x in range(5)))


class Transcript:
    """Merlin 1.0: messages behind label and length; challenges of any length."""

    def __init__(self, label):
        state = bytearray(200)
        state[:18] = bytes([1, RATE + 2, 1, 0, 1, 96]) + b'STROBEv1.0.2'
        self.state, self.at, self.begun = keccak(state), 0, 0
        self.operate(META | APPLICATION, b'Merlin v1.0')
        self.append(b'dom-sep', label)

    def permute(self):
        self.state[self.at] ^= self.begun
        self.state[self.at + 1] ^= 4
        self.state[RATE + 1] ^= 0x80
        self.state, self.at, self.begun = keccak(self.state), 0, 0

    def absorb(self, data):
        for byte in data:
            self.state[self.at] ^= byte
            self.at += 1
            if self.at == RATE:
                self.permute()

    def begin(self, flags):
        before, self.begun = self.begun, self.at + 1
        self.absorb(bytes([before, flags]))
        if flags & (CIPHER | KEYED) and self.at != 0:
            self.permute()

    def operate(self, flags, *data):
        self.begin(flags)
        for one in data:
            self.absorb(one)

    def append(self, label, message):
        self.operate(META | APPLICATION, label, le(len(message), 4))
        self.operate(APPLICATION, message)

    def challenge(self, label, count):
        self.operate(META | APPLICATION, label, le(count, 4))
        self.begin(INBOUND | APPLICATION | CIPHER)
        out = bytearray()
        for _ in range(count):
            out.append(self.state[self.at])
            self.state[self.at] = 0
            self.at += 1
            if self.at == RATE:
                self.permute()
        return bytes(out)


def sr25519_holds(public_key, message, signature):
    """Whether `R | s` is a signature in the context `substrate`; the top bit of s marks it as one."""
    if len(signature) != 64 or len(public_key) != 32 or not signature[63] & 0x80:
        return False
    s = from_le(signature[32:]) & ((1 << 255) - 1)
    if s >= L:
        return False
    try:
        key = decode(public_key)
    except Refused:
        return False
    transcript = Transcript(b'SigningContext')
    transcript.append(b'', b'substrate')
    transcript.append(b'sign-bytes', message)
    transcript.append(b'proto-name', b'Schnorr-sig')
    transcript.append(b'sign:pk', public_key)
    transcript.append(b'sign:R', signature[:32])
    c = wide(transcript.challenge(b'sign:c', 64))
    return encode(multi([(s, G), (-c, key)])) == signature[:32]
