"""§7.5, §12"""

from ..claims import (
    Bin, check_terms, claim_bytes, claim_holds, denominations, is_denomination, mint, note_amount, own_change,
)
from ..core import Refused, unhex
from ..ranges import Ranged, range_holds
from .registry import check


def notes_of(given):
    return [(unhex(key), unhex(commitment)) for key, commitment in given]


def terms_of(given):
    return int(given['amount']), int(given['fee']), unhex(given['destination']), notes_of(given['outputs'])


@check('mintNote')
def minted(given):
    z, m, t = int(given['z']), int(given['m']), int(given['t'])
    return {'commitment': mint(z, unhex(given['mask'])), 'amount': note_amount(z, m, t), 'wrap': z < m}


@check('noteAmount')
def amount(given):
    return note_amount(int(given['z']), int(given['m']), int(given['t']))


@check('hiddenBin')
def root(given):
    return Bin(unhex(given)).open().root


@check('isDenomination')
def denomination(given):
    return is_denomination(int(given['amount']))


@check('denominations')
def split(given):
    amounts, dust = denominations(int(given['amount']), int(given['least']), int(given['most']))
    return {'amounts': amounts, 'dust': dust}


@check('ownChange')
def change(given):
    terms = (int(given['amount']), unhex(given['destination']))
    source = (unhex(given['noteSeed']), unhex(given['genesis']), unhex(given['tag']), *terms)
    names = ('secret', 'key', 'amount', 'blinding', 'commitment')
    return [dict(zip(names, one)) for one in own_change(*source, int(given['left']), given['first'])]


@check('claimTerms')
def terms(given):
    check_terms(int(given['grains']), *terms_of(given))
    return claim_bytes(3, len(given['outputs']))


@check('range')
def ranged(given):
    try:
        statement = [Ranged(unhex(one['commitment']), one['bits'], int(one['unit'])) for one in given['ranged']]
        return range_holds(unhex(given['context']), statement, unhex(given['proof']))
    except Refused:
        return False


@check('claim')
def claim(given):
    try:
        return claim_holds(Bin(unhex(given['bin'])).open(), *terms_of(given), unhex(given['proof']))
    except Refused:
        return False
