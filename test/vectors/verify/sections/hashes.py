"""§1.2, §14.1"""

from hashlib import blake2b

from ..core import KeyStream, blake2_128, blake2_256, hash32_of, hash_of, signed_le, unhex
from ..xxhash import twox128, twox64
from .registry import check


def part_of(given):
    ((kind, value),) = given.items()
    return {'text': str, 'bytes': unhex, 'integer': int}[kind](value)


@check('hashOf')
def hashes(given):
    parts = [part_of(one) for one in given['parts']]
    return [hash_of(given['label'], *parts), hash32_of(given['label'], *parts)]


@check('signedInteger')
def signed(given):
    return signed_le(int(given['value']), given['length'])


@check('keyStream')
def stream(given):
    source = KeyStream(unhex(given['seed']))
    return [source.next(length) for length in given['lengths']]


@check('substrateHashes')
def substrate(given):
    data = unhex(given)
    return {
        'blake2_256': blake2_256(data),
        'blake2_512': blake2b(data).digest(),
        'blake2_128': blake2_128(data),
        'twox64': twox64(data),
        'twox128': twox128(data),
    }
