"""Proofs of knowledge, authenticated encryption and boxes (§2.2, §2.3, §4.1, §14.3, §14.4)."""

from .core import Refused, chacha20, from_le, hash32_of, le, need
from .group import G, L, decode, decode_key, decode_scalar, encode, encode_scalar, equal, hash_to_scalar, multi, times


def schnorr_challenge(base, public_key, commitment, message):
    return hash_to_scalar('tacit/schnorr/1', encode(base), public_key, commitment, message)


def schnorr_holds(public_key, message, proof, base=G):
    """False for anything malformed."""
    try:
        need(len(proof) == 64, 'crypto/proof-length')
        key, commitment, answer = decode_key(public_key), decode(proof[:32]), decode_scalar(proof[32:])
    except Refused:
        return False
    c = schnorr_challenge(base, public_key, proof[:32], message)
    return equal(multi([(answer, base), (-c, key)]), commitment)


def schnorr_proof(secret, message, hedge, base=G):
    public_key = encode(times(base, secret))
    nonce = hash_to_scalar('tacit/schnorr-nonce/1', encode_scalar(secret), hedge, encode(base), message)
    commitment = encode(times(base, nonce))
    c = schnorr_challenge(base, public_key, commitment, message)
    return commitment + encode_scalar(nonce + c * secret)


def equal_logs_hold(public_key, base, shared, message, proof):
    """log_G(public_key) = log_base(shared); the proof is challenge and answer."""
    try:
        need(len(proof) == 64, 'crypto/proof-length')
        c, answer = decode_scalar(proof[:32]), decode_scalar(proof[32:])
        key, point, power = decode_key(public_key), decode_key(base), decode_key(shared)
    except Refused:
        return False
    on_g = encode(multi([(answer, G), (-c, key)]))
    on_base = encode(multi([(answer, point), (-c, power)]))
    return hash_to_scalar('tacit/dleq/1', public_key, base, shared, on_g, on_base, message) == c


def poly1305(key, message):
    """RFC 8439 §2.5."""
    r = from_le(key[:16]) & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        total = (total + from_le(message[at : at + 16] + b'\x01')) * r % (2**130 - 5)
    return le((total + from_le(key[16:])) % 2**128, 16)


def padded(data):
    return data + bytes(-len(data) % 16)


def aead_tag(key, associated, sealed):
    text = padded(associated) + padded(sealed) + le(len(associated), 8) + le(len(sealed), 8)
    return poly1305(chacha20(key, 0, 1)[:32], text)


def xor(data, stream):
    return le(from_le(data) ^ from_le(stream[: len(data)]), len(data))


def seal_once(key, message, associated):
    """ChaCha20-Poly1305 with a zero nonce."""
    need(len(key) == 32, 'crypto/key-length')
    sealed = xor(message, chacha20(key, 1, -(-len(message) // 64) or 1))
    return sealed + aead_tag(key, associated, sealed)


def open_once(key, box, associated):
    """The message, or nothing."""
    if len(box) < 16:
        return None
    sealed, tag = box[:-16], box[-16:]
    if aead_tag(key, associated, sealed) != tag:
        return None
    return xor(sealed, chacha20(key, 1, -(-len(sealed) // 64) or 1))


def box_key(ephemeral, recipient, shared, associated):
    return hash32_of('tacit/box/1', ephemeral, recipient, shared, associated)


def seal_to(recipient, message, associated, ephemeral_secret):
    shared = encode(times(decode_key(recipient), ephemeral_secret))
    ephemeral = encode(times(G, ephemeral_secret))
    return seal_once(box_key(ephemeral, recipient, shared, associated), message, associated)


def open_with(secret, ephemeral, box, associated):
    """The message of a box, or nothing if anything about it is wrong."""
    try:
        shared = encode(times(decode_key(ephemeral), secret))
    except Refused:
        return None
    return open_by_shared(shared, ephemeral, encode(times(G, secret % L)), box, associated)


def open_by_shared(shared, ephemeral, recipient, box, associated):
    return open_once(box_key(ephemeral, recipient, shared, associated), box, associated)
