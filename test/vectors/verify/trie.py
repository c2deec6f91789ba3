"""Tries of state version 1 and proofs of reads (§14.11)."""

from .core import Reader, blake2_256, le, need
from .scale import compact

KINDS = (('leaf', 0b01, 6), ('branch', 0b10, 6), ('valued', 0b11, 6), ('hashed leaf', 0b001, 5), ('hashed', 0b0001, 4))


def nibbles(key):
    return tuple(half for byte in key for half in (byte >> 4, byte & 15))


def head(kind, path):
    _, prefix, bits = next(one for one in KINDS if one[0] == kind)
    most = (1 << bits) - 1
    out = [prefix << bits | min(len(path), most)]
    if len(path) >= most:
        left = len(path) - most
        out += [255] * (left // 255) + [left % 255]
    half = [0, *path] if len(path) % 2 else list(path)
    return bytes(out) + bytes(half[i] << 4 | half[i + 1] for i in range(0, len(half), 2))


def encode(entries):
    """The top node over entries by their nibbles, or nothing."""
    if not entries:
        return b'\0'
    keys = sorted(entries)
    common = 0
    while common < len(keys[0]) and all(len(key) > common and key[common] == keys[0][common] for key in keys):
        common += 1
    path, value = keys[0][:common], entries.get(keys[0][:common])
    hashed = value is not None and len(value) > 32
    stored = b'' if value is None else blake2_256(value) if hashed else compact(len(value)) + value
    if len(keys) == 1:
        return head('hashed leaf' if hashed else 'leaf', path) + stored
    children = {}
    for key in keys:
        if len(key) > common:
            children.setdefault(key[common], {})[key[common + 1 :]] = entries[key]
    bitmap = sum(1 << nibble for nibble in children)
    kind = 'branch' if value is None else 'hashed' if hashed else 'valued'
    out = head(kind, path) + le(bitmap, 2) + stored
    for nibble in sorted(children):
        node = encode(children[nibble])
        named = node if len(node) < 32 else blake2_256(node)
        out += compact(len(named)) + named
    return out


def root(pairs):
    return blake2_256(encode({nibbles(key): value for key, value in pairs}))


def list_root(values):
    return root((compact(i), value) for i, value in enumerate(values))


class Node:
    """Strictly decoded."""

    def __init__(self, data):
        reader = Reader(data, 'trie/bad-node')
        first = reader.integer(1)
        kind, bits = next(((name, bits) for name, prefix, bits in KINDS if first >> bits == prefix), (None, 0))
        need(kind is not None, 'trie/bad-node')
        most = (1 << bits) - 1
        length = first & most
        if length == most:
            more = 255
            while more == 255:
                more = reader.integer(1)
                length += more
        packed = nibbles(reader.take((length + 1) // 2))
        need(length % 2 == 0 or packed[0] == 0, 'trie/bad-node')
        self.path = packed[len(packed) - length :]
        branch = 'leaf' not in kind
        bitmap = reader.integer(2) if branch else 0
        need(not branch or bitmap != 0, 'trie/bad-node')
        self.value_hash = reader.take(32) if 'hashed' in kind else None
        self.value = short(reader) if kind in ('leaf', 'valued') else None
        self.children = {i: short(reader) for i in range(16) if bitmap >> i & 1}
        reader.end()


def short(reader):
    first = reader.integer(1)
    need(first & 3 == 0 and first >> 2 <= 32, 'trie/bad-node')
    return reader.take(first >> 2)


def read_proof(root_hash, proof, key):
    """The value under a key, or nothing where the proof shows that there is none."""
    known = {blake2_256(data): data for data in proof}

    def find(name):
        need(name in known, 'trie/incomplete-proof')
        return known[name]

    if root_hash == blake2_256(b'\0'):
        return None
    node, rest = Node(find(root_hash)), nibbles(key)
    while True:
        if rest[: len(node.path)] != node.path:
            return None
        rest = rest[len(node.path) :]
        if not rest:
            return node.value if node.value_hash is None else find(node.value_hash)
        child = node.children.get(rest[0])
        if child is None:
            return None
        node, rest = Node(child if len(child) < 32 else find(child)), rest[1:]
