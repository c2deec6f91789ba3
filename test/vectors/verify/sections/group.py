"""§1.1, §2.3, §14.2 to §14.4"""

from ..core import unhex
from ..group import (
    G, H, J0, L, U0, commit, decode, decode_key, decode_scalar, encode, hash_to_point, hash_to_scalar, times, wide,
)
from ..seals import equal_logs_hold, open_once, open_with, schnorr_holds, schnorr_proof, seal_once, seal_to
from .registry import check

BASES = {'G': G, 'H': H, 'J0': J0, 'U0': U0}


@check('multiples')
def multiples(given):
    return [encode(times(base, int(given['scalar']))) for base in BASES.values()]


@check('hashToPoint')
def to_point(given):
    return encode(hash_to_point(given['label'], unhex(given['seed'])))


@check('hashToScalar')
def to_scalar(given):
    return hash_to_scalar(given['label'], unhex(given['seed']))


@check('wideScalar')
def wide_scalar(given):
    return wide(unhex(given))


@check('commit')
def commitment(given):
    return encode(commit(int(given['value']), int(given['blinding'])))


@check('decodePoint')
def point(given):
    return encode(decode(unhex(given))) == unhex(given)


@check('decodeKey')
def key(given):
    return encode(decode_key(unhex(given))) == unhex(given)


@check('decodeScalar')
def scalar(given):
    return decode_scalar(unhex(given))


@check('schnorr')
def schnorr(given):
    return schnorr_holds(unhex(given['key']), unhex(given['message']), unhex(given['proof']), BASES[given['base']])


@check('proveSchnorr')
def prove(given):
    return schnorr_proof(int(given['secret']), unhex(given['message']), unhex(given['hedge']), BASES[given['base']])


@check('equalLogs')
def equal_logs(given):
    return equal_logs_hold(*(unhex(given[name]) for name in ('publicKey', 'base', 'shared', 'message', 'proof')))


@check('seal')
def seal(given):
    return seal_once(*(unhex(given[name]) for name in ('key', 'message', 'associated')))


@check('unseal')
def unseal(given):
    return open_once(*(unhex(given[name]) for name in ('key', 'box', 'associated')))


@check('sealTo')
def box(given):
    secret = int(given['ephemeralSecret']) % L
    return seal_to(unhex(given['recipient']), unhex(given['message']), unhex(given['associated']), secret)


@check('openBox')
def open_box(given):
    return open_with(int(given['secret']), *(unhex(given[name]) for name in ('ephemeral', 'box', 'associated')))
