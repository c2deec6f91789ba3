"""Posts of the committee: their bytes, and the groups that decide a step (§6.4, §11, §14.10)."""

from .core import need
from .params import DATA_PRIMES
from .ring import unpack
from .scale import READERS, Scale
from .shares import decode

LIST = 'list of 32'
STEPS = (
    ('Keying', {'sum': 'bytes', 'sealKeys': LIST, 'maskKeys': LIST}),
    ('KeyCheck', {'functionals': 'bytes', 'test': 'bytes'}),
    ('Reveal', {'secrets': LIST}),
    ('Check', {'items': 'u16', 'verdicts': 'bytes', 'residues': 'bytes', 'words': 'bytes', 'scalars': LIST}),
    ('CheckEach', {'verdicts': 'bytes', 'residues': 'bytes', 'words': 'bytes', 'scalars': LIST}),
    ('Aggregate', {'ciphertexts': LIST, 'shares': 'bytes'}),
    ('Payout', {'scores': LIST, 'shares': 'bytes'}),
    ('Sum', {'ciphertext': '32', 'shares': 'bytes'}),
)


class Post:
    def __init__(self, data):
        reader = Scale(data)
        self.term, self.round = reader.integer(4), reader.integer(4)
        self.attempt, self.member, step = reader.integer(1), reader.integer(1), reader.integer(1)
        need(step < len(STEPS), 'scale/no-such-variant')
        self.step, fields = STEPS[step]
        self.body = {name: read(reader, kind) for name, kind in fields.items()}
        reader.finish()


def read(reader, kind):
    if kind == LIST:
        return [reader.take(32) for _ in range(reader.compact())]
    return READERS[kind](reader)


def by_member(posts, step, attempt=0):
    """The first post of each member in a step."""
    out = {}
    for post in posts:
        if post.step == step and post.attempt == attempt:
            out.setdefault(post.member, post.body)
    return out


def agreed(bodies, claims, judge):
    """The first group of equal claims whose posts decide, as `judge` sees it: (claims, outcome); nothing if none does."""
    groups = {}
    for member, body in sorted(bodies.items()):
        groups.setdefault(claims(body), {})[member] = body
    for key, group in groups.items():
        outcome = judge(key, group)
        if outcome is not None:
            return key, outcome
    return None


def residues(params, group, field, count, moduli=DATA_PRIMES):
    """What the packed shares of a group decode to; nothing without 2f+1 on one polynomial."""
    posts = {member: unpack(moduli, body[field], count) for member, body in group.items()}
    status, values, liars = decode(params, posts, moduli)
    return (values, liars) if status == 'decoded' else None
