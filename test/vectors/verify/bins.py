"""Lists of notes by class, and the bins that are cut from them (§12.10)."""

from .claims import Bin, check_terms, claim_bytes, claim_holds, is_denomination
from .core import Refused, hash32_of, le, need
from .group import decode, decode_key

FULL = 1024
SMALL, LARGE = (64, 3), (1024, 5)
AT_ONCE = 2
LEAST_CLAIM, FEE = 20_000, 10_000


def largest_denomination(limit):
    """The largest 1, 2 or 5 times a power of ten that is not above the limit."""
    unit = 10 ** (len(str(limit)) - 1)
    found = next(digit * unit for digit in (5, 2, 1) if digit * unit <= limit)
    assert is_denomination(found)
    return found


class Open:
    """The notes behind the last bin."""

    def __init__(self, first):
        self.first, self.since, self.units, self.of_rounds = first, 0, 0, 0


class Class:
    def __init__(self, number, genesis, modulus, grains):
        self.number, self.grains, self.head = number, grains, genesis + le(modulus, 8) + le(grains, 8)
        self.notes, self.bins, self.open, self.brought, self.paid = [], [], Open(0), 0, 0

    def cut(self):
        full = (self, self.open, len(self.notes) - self.open.first)
        self.open = Open(len(self.notes))
        return full

    def add(self, notes, units, block):
        """Notes of a round that brings in `units`, or of change; gives the bins that are full by them."""
        full = []
        for place, note in enumerate(notes):
            if len(self.notes) == self.open.first:
                self.open.since = block
            self.notes.append(note)
            if units is not None:
                self.open.units += units * (place + 1) // len(notes) - units * place // len(notes)
                self.open.of_rounds += 1
            if len(self.notes) - self.open.first == FULL:
                full.append(self.cut())
        return full

    def is_due(self, block, least, wait, patience):
        count, age = len(self.notes) - self.open.first, block - self.open.since
        return count > 0 and (age >= patience or (count >= least and age >= wait))

    def close(self, cut, count, block):
        digits = next(digits for places, digits in (SMALL, LARGE) if count <= places)
        mean = cut.units // cut.of_rounds if cut.of_rounds else None
        largest = self.bins[-1]['largest'] if mean is None else largest_denomination(max(mean, LEAST_CLAIM))
        self.bins.append({'first': cut.first, 'count': count, 'digits': digits, 'largest': largest, 'closedAt': block})
        index = len(self.bins) - 1
        self.bins[-1]['root'] = hash32_of('tacit/hidden-bin/1', self.bytes_of(index))
        return {'class': self.number, 'bin': index, **self.bins[-1]}

    def bytes_of(self, index):
        first, count, digits = (self.bins[index][name] for name in ('first', 'count', 'digits'))
        return self.head + le(index, 4) + le(digits, 1) + le(count, 2) + b''.join(self.notes[first : first + count])


class Ledger:
    """Lists, bins, tags and money, block after block."""

    def __init__(self, genesis, modulus, limits):
        self.genesis, self.modulus, self.limits = genesis, modulus, limits
        self.classes, self.full, self.bins, self.tags, self.outcomes = [], [], [], set(), []

    def class_of(self, grains):
        own = next((one for one in self.classes if one.grains == grains), None)
        if own is None:
            own = Class(len(self.classes), self.genesis, self.modulus, grains)
            self.classes.append(own)
        return own

    def block(self, number, added, claims):
        for grains, units, notes in added:
            own = self.class_of(grains)
            own.brought += units or 0
            self.full += own.add(notes, units, number)
        for one in claims:
            try:
                own, outputs = self.pay(**one)
                self.full += own.add([key + commitment for key, commitment in outputs], None, number)
                self.outcomes.append('paid')
            except Refused as refusal:
                self.outcomes.append({'refused': refusal.reason})
        self.close(number)

    def pay(self, number, index, amount, outputs, destination, proof):
        """Refuses in the order of §12.10."""
        need(number < len(self.classes) and index < len(self.classes[number].bins), 'unknownBin')
        own = self.classes[number]
        ring = own.bins[index]
        need(LEAST_CLAIM <= amount <= ring['largest'], 'badAmount')
        tag = form_of(own.grains, ring['digits'], amount, outputs, destination, proof)
        need(tag not in self.tags, 'Stale')
        need(own.paid + amount <= own.brought, 'exhausted')
        opened = Bin(own.bytes_of(index)).open()
        try:
            holds = claim_holds(opened, amount, FEE, destination, outputs, proof)
        except Refused:
            holds = False
        need(holds, 'BadProof')
        self.tags.add(tag)
        own.paid += amount
        return own, outputs

    def close(self, number):
        due = [one for one in self.classes if one.is_due(number, *self.limits)]
        for one in sorted(due, key=lambda one: one.open.since)[: max(0, AT_ONCE - len(self.full))]:
            self.full.append(one.cut())
        now, self.full = self.full[:AT_ONCE], self.full[AT_ONCE:]
        closed = [own.close(cut, count, number) for own, cut, count in now]
        self.bins += sorted(closed, key=lambda one: (one['class'], one['bin']))


def form_of(grains, digits, amount, outputs, destination, proof):
    """The tag of a claim whose terms and proof have their form."""
    try:
        check_terms(grains, amount, FEE, destination, outputs)
        need(len(proof) == claim_bytes(digits, len(outputs)), 'hidden/proof-length')
        for _, commitment in outputs:
            decode(commitment)
        decode_key(proof[:32])
    except Refused as refusal:
        raise Refused('badForm') from refusal
    return proof[:32]
