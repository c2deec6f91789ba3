"""§11.1, §14.10"""

from ..core import hash32_of, unhex
from ..sr25519 import sr25519_holds
from .registry import check


@check('sr25519')
def sr25519(given):
    return sr25519_holds(unhex(given['key']), unhex(given['message']), unhex(given['signature']))


@check('signedPost')
def signed_post(given):
    where = bytes([given['pallet'], 0])
    text = hash32_of('tacit/post/1', unhex(given['genesis']), where, unhex(given['post']))
    return sr25519_holds(unhex(given['key']), text, unhex(given['signature']))
