"""§12.10"""

from ..bins import Ledger
from ..core import unhex
from .claims import notes_of
from .registry import check
from .shared import integer


def claim_of(given):
    terms = (int(given['amount']), notes_of(given['outputs']), unhex(given['destination']), unhex(given['proof']))
    return dict(zip(('number', 'index', 'amount', 'outputs', 'destination', 'proof'), (given['class'], given['bin'], *terms)))


def added_of(given):
    return int(given['grains']), integer(given['units']), [b''.join(note) for note in notes_of(given['notes'])]


@check('chainOfBins')
def bins(given):
    limits = tuple(int(given[name]) for name in ('least', 'wait', 'patience'))
    ledger = Ledger(unhex(given['genesis']), int(given['modulus']), limits)
    for block in given['blocks']:
        ledger.block(block['number'], [added_of(one) for one in block['added']], [claim_of(one) for one in block['claims']])
    sums = [{'brought': one.brought, 'paid': one.paid} for one in ledger.classes]
    return {'bins': ledger.bins, 'claims': ledger.outcomes, 'sums': sums}
