"""Lanes, what their hashes cover, and the sealed form (§4.1, §4.2, §5.6, §5.11, §14.7)."""

from .core import Reader, hash32_of, le, need, signed_le
from .seals import open_once, open_with, schnorr_holds

LANES = {'update': 0, 'usage': 1, 'ballot': 2, 'counts': 3, 'meter': 4}


class Lane:
    def __init__(self, name, part, values, digits, offset=0, norm=None, total=None, bounds=None):
        self.name, self.part, self.values, self.digits, self.offset = name, part, values, digits, offset
        self.norm, self.total, self.bounds = norm, total, bounds

    @property
    def number(self):
        return LANES[self.name]

    @property
    def limit(self):
        return 16**self.digits

    def bytes(self):
        claims = (self.norm is not None) + 2 * (self.total is not None)
        head = bytes([LANES[self.name], self.part, self.digits, claims])
        body = le(self.values, 4) + le(self.offset, 4) + bytes(4)
        out = head + body + le(self.norm or 0, 8) + le(self.total or 0, 8)
        if self.bounds is None:
            return out
        return out + hash32_of('tacit/meter/1', *(signed_le(bound, 9) for bound in self.bounds))

    def equations(self):
        """Of a meter: ({place: coefficient}, right side) each, in the order of their weights (§5.11)."""
        k, out = len(self.bounds), []
        for g, bound in enumerate(self.bounds):
            out.append(({g: 1, k + g: 1}, 1))
            out.append(({2 * k + g: 1, 3 * k + g: 1, g: bound - self.limit}, bound - 1))
        uses = {}
        for g, bound in enumerate(self.bounds):
            uses[g] = bound
            uses[2 * k + g] = 1
        return [*out, (uses, self.total)]


class Binding:
    """What a submission is bound to (§1.2, §4.1)."""

    def __init__(self, context, lane, account):
        self.context, self.lane, self.account = context, lane, account

    @property
    def parts(self):
        return [*self.context.bound, self.lane.bytes(), self.account]


class Sealed:
    """Parts of a sealed submission."""

    def __init__(self, params, lane, data, version, payload_bytes):
        count = len(params.subsets)
        need(data[:1] == bytes([version]), 'proofs/sealed-version')
        need(len(data) == 4 + 32 + 64 + 32 + 2 * 48 * count + payload_bytes + 16, 'proofs/sealed-length')
        reader = Reader(data, 'proofs/sealed-length')
        need(reader.take(4) == bytes([version, LANES[lane.name], lane.part, count]), 'proofs/sealed-header')
        self.ephemeral, self.proof, self.key_digest = reader.take(32), reader.take(64), reader.take(32)
        self.key_boxes = [reader.take(48) for _ in range(count)]
        self.seed_boxes = [reader.take(48) for _ in range(count)]
        self.payload_box = reader.take(payload_bytes + 16)
        self.id = hash32_of('tacit/sealed-id/1', data)

    @property
    def head(self):
        return [self.ephemeral, self.key_digest, len(self.key_boxes), *self.key_boxes, *self.seed_boxes]

    def proof_holds(self, binding):
        message = hash32_of('tacit/submission/1', *binding.parts, *self.head, self.payload_box)
        return schnorr_holds(self.ephemeral, message, self.proof)

    def payload(self, binding, seal_secrets):
        """The payload's bytes, or the reason why there are none."""
        key = bytes(32)
        for subset, (box, secret) in enumerate(zip(self.key_boxes, seal_secrets)):
            summand = open_with(secret, self.ephemeral, box, box_data(binding, 'key', subset))
            if summand is None:
                return None, 'keyBox'
            key = bytes(x ^ y for x, y in zip(key, summand))
        if hash32_of('tacit/payload-key/1', key) != self.key_digest:
            return None, 'keyDigest'
        data = open_once(key, self.payload_box, hash32_of('tacit/payload/1', *binding.parts, *self.head))
        return (data, None) if data is not None else (None, 'payloadBox')

    def seed(self, binding, subset, mask_secret):
        """A box that does not open stands for the zero seed (§4.5)."""
        data = open_with(mask_secret, self.ephemeral, self.seed_boxes[subset], box_data(binding, 'seed', subset))
        return data if data is not None and len(data) == 32 else bytes(32)


def box_data(binding, purpose, subset):
    return hash32_of('tacit/submission-box/1', purpose, *binding.parts, subset)


def expansion(binding, ephemeral, subset, seed, purpose):
    """The key stream's seed of `expand` (§5.1)."""
    return hash32_of('tacit/expand/1', seed, *binding.parts, ephemeral, subset, purpose)
