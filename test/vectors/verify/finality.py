"""ed25519, votes and justifications of GRANDPA (§14.12)."""

from hashlib import sha512

from .core import Refused, from_le, le, need
from .group import D, L, P, SQRT_M1, G, multi
from .scale import Header, Scale

KINDS = ('prevote', 'precommit', 'propose')


def curve_point(data):
    """A point of edwards25519 (RFC 8032 §5.1.3), or nothing."""
    y = from_le(data) & (2**255 - 1)
    u, v = (y * y - 1) % P, (D * y % P * y + 1) % P
    x = u * pow(v, 3, P) % P * pow(u * pow(v, 7, P) % P, (P - 5) // 8, P) % P
    if v * x % P * x % P != u:
        x = x * SQRT_M1 % P
    if v * x % P * x % P != u:
        return None
    if x & 1 != data[31] >> 7:
        x = -x % P
    return x, y % P, 1, x * y % P


def curve_bytes(point):
    x, y, z, _ = point
    inverse = pow(z, -1, P)
    return le(y * inverse % P | (x * inverse % P & 1) << 255, 32)


def ed25519_holds(public_key, message, signature):
    if len(signature) != 64 or len(public_key) != 32:
        return False
    point, s = curve_point(public_key), from_le(signature[32:])
    if point is None or s >= L:
        return False
    k = from_le(sha512(signature[:32] + public_key + message).digest()) % L
    return curve_bytes(multi([(s, G), (-k, point)])) == signature[:32]


def vote_payload(kind, target, number, round_, set_id):
    return bytes([KINDS.index(kind)]) + target + le(number, 4) + le(round_, 8) + le(set_id, 8)


def threshold(weights):
    total = sum(weights)
    return total - (total - 1) // 3


def read_block(reader):
    return reader.take(32), reader.integer(4)


def read_justification(data):
    reader = Scale(data)
    round_, target = reader.integer(8), read_block(reader)
    votes = [(read_block(reader), reader.take(64), reader.take(32)) for _ in range(bounded(reader, 2048))]
    headers = [Header(reader) for _ in range(bounded(reader, 1024))]
    reader.finish()
    return round_, target, votes, headers


def bounded(reader, most):
    count = reader.compact()
    need(count <= most, 'scale/too-long')
    return count


def path_down(headers, block, base):
    """Blocks from `block` down to the base, the base left out; nothing if it does not descend from it."""
    path = []
    while block[1] > base[1]:
        header = headers.get(block[0])
        if header is None or header.number != block[1]:
            return None
        path.append(block)
        block = (header.parent, block[1] - 1)
    return path if block == base else None


def final_block(data, weights, set_id):
    """(round, block) that a justification proves; nothing if it proves nothing. `weights` by voter."""
    try:
        round_, target, votes, listed = read_justification(data)
    except Refused:
        return None
    if not votes or any(voter not in weights for _, _, voter in votes):
        return None
    base = min((block for block, _, _ in votes), key=lambda block: block[1])
    headers = {header.hash: header for header in listed}
    paths = [path_down(headers, block, base) for block, _, _ in votes]
    if any(path is None for path in paths):
        return None
    needed = {block[0] for path in paths for block in path}
    if len(listed) != len(headers) or needed != set(headers):
        return None
    targets = {}
    for block, _, voter in votes:
        targets.setdefault(voter, []).append(block)
    if any(len(blocks) > 2 or len(set(blocks)) < len(blocks) for blocks in targets.values()):
        return None
    for block, signature, voter in votes:
        if not ed25519_holds(voter, vote_payload('precommit', *block, round_, set_id), signature):
            return None
    if ghost(base, headers, targets, weights) != target:
        return None
    return round_, target


def ghost(base, headers, targets, weights):
    """The highest block that the threshold stands behind, or nothing."""
    everywhere = sum(weights[voter] for voter, blocks in targets.items() if len(blocks) == 2)
    least = threshold(weights.values())

    def weight(block):
        total = everywhere
        for voter, blocks in targets.items():
            if len(blocks) == 1 and path_down(headers, blocks[0], block) is not None:
                total += weights[voter]
        return total

    if weight(base) < least:
        return None
    block = base
    while True:
        children = [(h.hash, h.number) for h in headers.values() if (h.parent, h.number - 1) == block]
        heavy = [child for child in children if weight(child) >= least]
        if not heavy:
            return block
        block = heavy[0]
