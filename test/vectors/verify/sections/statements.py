"""§15.4"""

from ..core import unhex
from ..statements import Stated, key_of, statement_holds
from .registry import check


@check('verifierKey')
def verifier(given):
    return key_of(unhex(given))


@check('statement')
def statement(given):
    notes = [
        Stated(one['round'], one['item'], int(one['grains']), int(one['z']), unhex(one['key']), unhex(one['commitment']))
        for one in given['notes']
    ]
    who = (unhex(given['verifier']), unhex(given['genesis']), unhex(given['account']))
    return statement_holds(*who, int(given['t']), notes, unhex(given['proof']))
