"""SCALE, calls, extrinsics, headers and storage keys (§14.10)."""

from .core import Reader, Refused, blake2_128, blake2_256, from_le, le, need
from .xxhash import twox64, twox128


class Scale(Reader):
    def __init__(self, data):
        super().__init__(data, 'scale/truncated')

    def compact(self):
        first = self.integer(1)
        mode = first & 3
        if mode < 3:
            size = 1 << mode
            value = (first | from_le(self.take(size - 1)) << 8) >> 2
            need(mode == 0 or value >= 1 << (8 * (size >> 1) - 2), 'scale/not-canonical')
            return value
        size = (first >> 2) + 4
        need(size <= 16, 'scale/out-of-range')
        value = from_le(self.take(size))
        need(value >= max(1 << (8 * (size - 1)), 1 << 30), 'scale/not-canonical')
        return value

    def flag(self):
        value = self.integer(1)
        need(value < 2, 'scale/not-canonical')
        return value == 1

    def bytes(self):
        return self.take(self.compact())

    def finish(self):
        need(self.at == len(self.data), 'scale/trailing')


def compact(value):
    if value < 1 << 6:
        return le(value << 2, 1)
    if value < 1 << 14:
        return le(value << 2 | 1, 2)
    if value < 1 << 30:
        return le(value << 2 | 2, 4)
    size = (value.bit_length() + 7) // 8
    return le((size - 4) << 2 | 3, 1) + le(value, size)


ASSETS = ('Data', 'Portfolio', 'Model')


def variant(reader, names):
    index = reader.integer(1)
    need(index < len(names), 'scale/no-such-variant')
    return names[index]


READERS = {
    'u16': lambda reader: reader.integer(2),
    'u8': lambda reader: reader.integer(1),
    'u32': lambda reader: reader.integer(4),
    'u64': lambda reader: reader.integer(8),
    'compact': Scale.compact,
    'bytes': Scale.bytes,
    'bool': Scale.flag,
    '32': lambda reader: reader.take(32),
    'address': lambda reader: {variant(reader, ('Id',)): reader.take(32)},
    'notes': lambda reader: [{'key': reader.take(32), 'commitment': reader.take(32)} for _ in range(reader.compact())],
    'asset': lambda reader: {variant(reader, ASSETS): reader.integer(8)},
}

CLAIM = {'class': 'u16', 'bin': 'u32', 'amount': 'compact', 'outputs': 'notes', 'destination': '32', 'proof': 'bytes'}
CALLS = {
    (3, 3): ('Balances', 'transferKeepAlive', {'dest': 'address', 'value': 'compact'}),
    (3, 4): ('Balances', 'transferAll', {'dest': 'address', 'keepAlive': 'bool'}),
    (21, 1): ('Tally', 'submit', {'round': 'u32', 'lane': 'u8', 'part': 'u8', 'sealed': 'bytes'}),
    (21, 2): ('Tally', 'publishDirection', {'round': 'u32', 'part': 'u8', 'salt': '32', 'direction': 'bytes'}),
    (41, 0): ('Royalty', 'fund', {'model': 'u64', 'amount': 'compact'}),
    (41, 2): ('Royalty', 'enrol', {'round': 'u32', 'enrolment': 'bytes'}),
    (41, 5): ('Royalty', 'pay', {'asset': 'asset', 'amount': 'compact'}),
    (47, 0): ('Notes', 'claim', CLAIM),
    (41, 7): ('Royalty', 'collect', {'account': '32'}),
}


def read_call(data):
    reader = Scale(data)
    index = (reader.integer(1), reader.integer(1))
    need(index in CALLS, 'scale/no-such-variant')
    pallet, name, fields = CALLS[index]
    args = {field: READERS[kind](reader) for field, kind in fields.items()}
    reader.finish()
    return {'pallet': pallet, 'call': name, 'args': args}


SIGNATURES = (('Ed25519', 64), ('Sr25519', 64), ('Ecdsa', 65))


class Extrinsic:
    def __init__(self, data):
        reader = Scale(data)
        length = reader.compact()
        need(length == len(data) - reader.at, 'extrinsic/bad-length')
        version = reader.integer(1)
        need(version in (0x04, 0x84), 'extrinsic/unknown-version')
        self.hash, self.signer = blake2_256(data), None
        if version == 0x84:
            need(reader.integer(1) == 0, 'extrinsic/bad-address')
            self.signer = reader.take(32)
            self.kind, size = variant(reader, SIGNATURES)
            self.signature = reader.take(size)
            start = reader.at
            self.era = read_era(reader)
            self.nonce, self.tip, self.hashes_metadata = reader.compact(), reader.compact(), reader.flag()
            self.extra = data[start : reader.at]
        self.call = data[reader.at :]
        read_call(self.call)

    def payload(self, spec, version, genesis, birth, metadata_hash):
        option = b'\0' if metadata_hash is None else b'\x01' + metadata_hash
        text = self.call + self.extra + le(spec, 4) + le(version, 4) + genesis + birth + option
        return blake2_256(text) if len(text) > 256 else text


def read_era(reader):
    first = reader.integer(1)
    if first == 0:
        return None
    encoded = first | reader.integer(1) << 8
    period = 2 << (encoded & 15)
    phase = (encoded >> 4) * max(period >> 12, 1)
    need(period >= 4 and phase < period, 'extrinsic/bad-era')
    return {'period': period, 'phase': phase}


class Header:
    def __init__(self, reader):
        start = reader.at
        self.parent, self.number = reader.take(32), reader.compact()
        need(self.number < 1 << 32, 'scale/out-of-range')
        self.state_root, self.extrinsics_root = reader.take(32), reader.take(32)
        self.logs = [read_log(reader) for _ in range(reader.compact())]
        self.hash = blake2_256(reader.data[start : reader.at])


def read_log(reader):
    kind = reader.integer(1)
    if kind == 0:
        return {'Other': reader.bytes()}
    if kind == 8:
        return {'RuntimeEnvironmentUpdated': None}
    names = {4: 'Consensus', 5: 'Seal', 6: 'PreRuntime'}
    need(kind in names, 'scale/no-such-variant')
    return {names[kind]: [reader.take(4), reader.bytes()]}


ITEMS = {
    'System.Account': (('account', 'blake2'),),
    'System.Number': (),
    'Tally.Rounds': ((4, 'twox'),),
    'Tally.Posts': ((4, 'twox'), (1, 'twox'), (1, 'twox'), (1, 'twox')),
    'Tally.SubmissionOf': ((4, 'twox'), ('account', 'blake2'), (1, 'twox'), (1, 'twox')),
    'Tally.Submissions': ((4, 'twox'), (2, 'twox')),
    'Tally.UsedKeys': ((4, 'twox'), ('account', 'identity')),
    'Notes.Notes': ((2, 'twox'), (4, 'twox')),
    'Notes.Bins': ((2, 'twox'), (4, 'twox')),
    'Notes.Tags': (('account', 'identity'),),
    'Grandpa.SetBegan': ((8, 'twox'),),
}
HASHERS = {'blake2': blake2_128, 'twox': twox64, 'identity': lambda data: b''}


def storage_key(item, keys):
    """`keys` are bytes of accounts and points, and integers."""
    if item not in ITEMS:
        raise Refused('vectors/unknown-item')
    out = b''.join(twox128(name.encode()) for name in item.split('.'))
    for (width, hasher), key in zip(ITEMS[item], keys, strict=True):
        data = key if width == 'account' else le(key, width)
        out += HASHERS[hasher](data) + data
    return out
