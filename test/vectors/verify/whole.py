"""A whole round from what stood in blocks (§3 to §9, §11)."""

from .claims import mint
from .core import KeyStream, from_signed_le, hash32_of, need
from .enrolment import Enrolment, masks_hold, weight
from .group import G, L, decode_scalar, encode, times
from .lanes import Binding
from .linear import Keys, open_submission
from .openings import Request, Slots, key_test, opening
from .params import DATA_PRIMES, KEY_PRIMES, T, ceil_sqrt
from .posts import Post, agreed, by_member, residues
from .ring import add_rows, ciphertext_hash, multiply, uniform, unpack
from .rounds import key_assignment, postings_digest, public_key
from .rules import count_polynomial, counted_factors, functional, paid, payment, score_bounds, weights
from .shares import decode


class Waits(Exception):
    """A step that too few posts agree in."""

    def __init__(self, step):
        super().__init__(step)
        self.step = step


class Item:
    """An enrolled account and its parts by number."""

    def __init__(self, account, enrolment):
        self.account, self.enrolment, self.parts, self.enrolled = account, enrolment, {}, False


class Submission:
    def __init__(self, signer, lane, data):
        self.signer, self.lane, self.data = signer, lane, data
        self.payload, self.reason, self.accepted = None, None, False

    def fate(self):
        """`accepted`, `refused`, or the reason why it is malformed."""
        return self.reason or ('accepted' if self.accepted else 'refused')


class Round:
    """Follows a round step by step; every step rests on those before it and on posts."""

    steps = ('keying', 'key_check', 'reveal', 'check', 'aggregate', 'payout')

    def __init__(self, context, rule, lanes, terms, blocks):
        self.context, self.params, self.rule, self.lanes, self.terms = context, context.params, rule, lanes, terms
        self.posts = [Post(one['post']) for one in blocks if 'post' in one]
        self.items, self.submissions, self.directions = [], [], {}
        for one in blocks:
            self.take(one)
        self.failed_in, self.silent = None, []
        try:
            for step in self.steps:
                getattr(self, step)()
        except Waits as waits:
            self.failed_in = waits.step
            self.silent = [j for j in range(self.params.n) if j not in by_member(self.posts, waits.step)]

    def take(self, one):
        bound = [*self.context.bound]
        if 'enrol' in one:
            enrolment = Enrolment(self.params, one['enrol'])
            need(enrolment.proofs_hold([*bound, one['signer']]), 'round/enrolment')
            self.items.append(Item(one['signer'], enrolment))
        elif 'submit' in one:
            lane = next(own for own in self.lanes if (own.number, own.part) == (one['lane'], one['part']))
            self.submissions.append(Submission(one['signer'], lane, one['submit']))
        elif 'direction' in one:
            own = one['direction']
            self.directions.setdefault(own['part'], (own['salt'], own['direction']))

    def keying(self):
        """The public key is the sum of the posters' sums; box keys have f+1 equal posts (§3.2)."""
        bodies = by_member(self.posts, 'Keying')
        assignment = key_assignment(self.params, set())
        degree = self.params.degree
        self.postings = {j: unpack(KEY_PRIMES, bodies[j]['sum'], degree) for j in sorted(set(assignment))}
        self.assignment, self.b = assignment, public_key(self.postings)
        self.seal_keys = [self.box_key(bodies, A, 'sealKeys') for A in range(len(self.params.subsets))]
        self.mask_keys = [self.box_key(bodies, A, 'maskKeys') for A in range(len(self.params.subsets))]

    def box_key(self, bodies, subset, field):
        votes = []
        for member, body in bodies.items():
            own = [A for A, members in enumerate(self.params.subsets) if member in members]
            if subset in own:
                votes.append(body[field][own.index(subset)])
        found = [key for key in votes if votes.count(key) > self.params.f]
        need(found != [], 'round/box-keys')
        return found[0]

    def key_check(self):
        """Functionals of the sums are what members say, and the test encryption opens to its values (§3.3)."""
        bodies = by_member(self.posts, 'KeyCheck')
        posters = sorted(self.postings)
        found = residues(self.params, bodies, 'functionals', 2 * len(posters), KEY_PRIMES)
        need(found is not None, 'round/key-check')
        digest = postings_digest(self.context, self.postings, self.assignment)
        stream = KeyStream(hash32_of('tacit/key-check/1', *self.context.parts, digest))
        chis = [uniform(stream, self.params.degree, KEY_PRIMES) for _ in range(2)]
        for place, member in enumerate(posters):
            for number, chi in enumerate(chis):
                for i, q in enumerate(KEY_PRIMES):
                    dot = sum(x * y for x, y in zip(chi[i], self.postings[member][i])) % q
                    need(found[0][i][2 * place + number] == dot, 'round/key-check')
        _, _, request, values = key_test(self.context, self.b)
        need(self.opened(request, bodies, 'test') == values, 'round/key-test')

    def opened(self, request, bodies, field):
        count = sum(one.count for one in request.slots)
        posts = {member: unpack(DATA_PRIMES, body[field], count) for member, body in bodies.items()}
        return opening(request, posts)[1]

    def reveal(self):
        """Secrets are those of the keys (§4.4)."""
        self.secrets = [None] * len(self.params.subsets)
        for member, body in by_member(self.posts, 'Reveal').items():
            own = [A for A, members in enumerate(self.params.subsets) if member in members]
            for A, data in zip(own, body['secrets'], strict=True):
                if encode(times(G, decode_scalar(data))) == self.seal_keys[A]:
                    self.secrets[A] = data
        need(None not in self.secrets, 'round/secrets')
        self.beacon = hash32_of('tacit/beacon/1', self.context.genesis, self.context.round, *self.secrets)

    def check(self):
        """Verdicts are computed; what members post decodes to zero, together or one by one (§5, §7.2)."""
        keys = Keys(self.context, [self.b], self.mask_keys)
        opened = [decode_scalar(data) for data in self.secrets]
        for one in self.submissions:
            binding = Binding(self.context, one.lane, one.signer)
            sealed, one.payload, _, one.reason = open_submission(binding, keys, one.data, opened)
            need(sealed.proof_holds(binding), 'round/submission')
        well_formed = [one for one in self.submissions if one.reason is None]
        verdicts = bytes(REASONS[one.reason] if one.reason else 0 for one in self.submissions)
        enrolled = [item.enrolment for item in self.items]
        rho = [weight(self.beacon, one.id) for one in enrolled]
        zero, masks = self.judged('Check', verdicts, 1, 1)
        if zero == [True] and masks_hold(enrolled, rho, *masks[0]):
            passed, held = [True] * len(well_formed), [True] * len(enrolled)
        else:
            passed, masks = self.judged('CheckEach', verdicts, len(well_formed), len(enrolled))
            held = [masks_hold([one], [r], *mask) for one, r, mask in zip(enrolled, rho, masks)]
        for one, well in zip(well_formed, passed):
            one.accepted = well
        self.accept(held)

    def judged(self, step, verdicts, payloads, items):
        """Of each payload whether its values are zero, and of each enrolment (or of all) S and R."""

        def judge(claimed, group):
            if claimed != verdicts:
                return None
            out, rest = [], dict(group)
            for field, moduli, count in (('residues', DATA_PRIMES, 4 * payloads), ('words', (T,), 3 * payloads)):
                found = residues(self.params, rest, field, count, moduli)
                if found is None:
                    return None
                out.append(found[0])
                rest = {member: body for member, body in rest.items() if member not in found[1]}
            posts = {member: [[decode_scalar(one) for one in body['scalars']]] for member, body in rest.items()}
            status, values, _ = decode(self.params, posts, (L,))
            return [*out, values[0]] if status == 'decoded' else None

        found = agreed(by_member(self.posts, step), lambda body: body['verdicts'], judge)
        need(found is not None, 'round/check')
        q, k, scalars = found[1]
        zero = []
        for one in range(payloads):
            values = [row[4 * one + i] for row in q for i in range(4)] + k[0][3 * one : 3 * one + 3]
            zero.append(not any(values))
        return zero, [tuple(scalars[2 * i : 2 * i + 2]) for i in range(items)]

    def accept(self, held):
        """Items with their enrolment and all parts; reports (§5.10)."""
        for item, good in zip(self.items, held):
            item.enrolled = good
        for one in self.submissions:
            for item in self.items:
                if one.lane.name == 'update' and one.accepted and item.account == one.signer:
                    item.parts[one.lane.part] = one.payload
        parts = range(len(self.rule['parts']))
        self.accepted = [i for i, item in enumerate(self.items) if item.enrolled and all(p in item.parts for p in parts)]
        self.reports = [one for one in self.submissions if one.lane.name == 'usage' and one.accepted]
        need(len(self.accepted) >= self.rule['kMin'], 'round/too-few')

    def ciphertext(self, payload):
        """`c0`, zeros where no value is, and `c1`."""
        degree = self.params.degree
        return [row + [0] * (degree - len(row)) for row in payload.c0[0]], payload.c1

    def summed(self, pairs):
        return tuple(add_rows(*(pair[half] for pair in pairs)) for half in (0, 1))

    def weighted(self, pair, polynomial):
        return tuple([multiply(row, [w % q for w in polynomial], q) for row, q in zip(half, DATA_PRIMES)] for half in pair)

    def aggregate(self):
        """`U`, four parts in each request, the points of all counts in the last; `T` and the rate (§6.1, §7.3, §9)."""
        rule, self.u = self.rule, []
        self.factors = counted_factors(rule['kMin'], [self.terms[i][1] for i in self.accepted])
        self.points = [rule['reporters'][one.lane.part]['points'] for one in self.reports]
        counts, last = 0, (len(rule['parts']) - 1) // PARTS_AT_ONCE
        for number in range(last + 1):
            counts = self.request_for_u(number, self.counts_norm() if number == last else 0)
        self.decide(counts)

    def request_for_u(self, number, norm):
        """Takes the parts of one request; gives the points of all counts, if `norm` says that it opens them."""
        items = [self.items[i] for i in self.accepted]
        parts = range(len(self.rule['parts']))[PARTS_AT_ONCE * number : PARTS_AT_ONCE * (number + 1)]
        sums = [self.summed([self.ciphertext(item.parts[p]) for item in items]) for p in parts]
        slots = [Slots(place, 0, self.rule['parts'][p], 1, len(items)) for place, p in enumerate(parts)]
        if norm > 0:
            sums.append(self.summed([self.counts_of(i, self.factors[k]) for k, i in enumerate(self.accepted)]))
            slots.append(Slots(len(slots), 0, 1, 1, norm))
        names = [ciphertext_hash(self.params, *pair) for pair in sums]
        request = Request(self.context, 'aggregate', number, names, slots)
        values = self.step('Aggregate', 'ciphertexts', names, request, number)
        at = 0
        for p in parts:
            count = self.rule['parts'][p]
            self.u.append([centred(one) for one in values[at : at + count]])
            at += count
        return values[at] if norm > 0 else 0

    def counts_norm(self):
        return sum(self.points) * ceil_sqrt(sum(f * f for f in self.factors))

    def counts_of(self, item, factor):
        """Points of an item's counts, in coefficient 0."""
        terms = [
            self.weighted(self.ciphertext(one.payload), count_polynomial(item, factor * points, self.params.degree))
            for one, points in zip(self.reports, self.points)
        ]
        return self.summed(terms)

    def step(self, name, field, names, request, attempt=0):
        """What a step opens, its posts having computed the same ciphertexts."""

        def judge(claimed, group):
            return self.opened(request, group, 'shares') if claimed == wanted else None

        wanted = names if isinstance(names, bytes) else tuple(names)
        found = agreed(by_member(self.posts, name, attempt), lambda body: body[field] if isinstance(names, bytes) else tuple(body[field]), judge)
        if found is None:
            raise Waits(name)
        return found[1]

    def decide(self, counts):
        rule, n = self.rule, len(self.accepted)
        self.v = []
        for p, committed in enumerate(rule['directions']):
            salt, data = self.directions[p]
            need(hash32_of('tacit/direction/2', p, salt, data) == committed, 'round/direction')
            g = [from_signed_le(data[j : j + 1]) for j in range(len(data))]
            need(sum(x * x for x in g) <= rule['normSq'], 'round/direction')
            self.v.append(weights(n, g, self.u[p]))
        products = sum(x * y for v, u in zip(self.v, self.u) for x, y in zip(v, u))
        public = [rule['base'] + self.terms[i][0] for i in self.accepted]
        self.total = rule['gamma'] * products + counts + sum(public)
        phi, self.norm = score_bounds(rule['gamma'], rule['normSq'], self.v, self.points, self.factors)
        money = (rule['tMin'], rule['pool'], rule['stake'], rule['maxItems'])
        self.rate, self.grains = payment(*money, self.total, phi, self.norm, self.params.max_weight_norm)

    def payout(self):
        """The scores' ciphertexts, the payout vector and its notes (§7.4, §7.5, §9.3)."""
        rule, degree, names, slots = self.rule, self.params.degree, [], []
        for place, i in enumerate(self.accepted):
            item = self.items[i]
            terms = [
                self.weighted(self.ciphertext(item.parts[p]), functional(v, rule['gamma'], degree))
                for p, v in enumerate(self.v)
            ]
            if self.reports and sum(self.points) > 0:
                terms.append(self.counts_of(i, self.factors[place]))
            names.append(ciphertext_hash(self.params, *self.summed(terms)))
            constant = self.grains * rule['stake'] + self.rate * (rule['base'] + self.terms[i][0]) + item.enrolment.delta
            norm = max(1, self.norm * self.rate)
            slots.append(Slots(place, 0, 1, self.rate, norm, constant, [item.enrolment.id]))
        self.scores = names
        self.z = self.step('Payout', 'scores', names, Request(self.context, 'payout', 0, names, slots))
        enrolments = [self.items[i].enrolment for i in self.accepted]
        self.notes = [(one.key, mint(z, one.mask)) for z, one in zip(self.z, enrolments)]
        self.paid = paid(self.rate, self.grains, self.total)


PARTS_AT_ONCE = 4
REASONS = {'keyBox': 1, 'keyDigest': 2, 'payloadBox': 3, 'payloadForm': 4, 'ciphertext': 5, 'delta': 6, 'scalar': 7}


def centred(value):
    return value - T if value > T // 2 else value
