import { CHECK } from '../../../node/audit/book.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { keyOf } from './chain.ts';
import {
  auditor,
  type Case,
  findsEach,
  flipped,
  lying,
  once,
  otherFirst,
  phase,
  playUntil,
  roundOf,
} from './findings.ts';
import { governed, playShared, playStanding } from './round.ts';

describe('node/audit: false rounds', function () {
  this.timeout(600_000);

  const cases: Record<string, Case> = {
    'a digest nobody posted': {
      check: CHECK.setup,
      what: 'agreed digest of subset 2',
      hooks: () => ({
        Committee: once(
          (ctx) => committee.use(ctx).store.current.get()?.phase.tag === 'Active',
          (ctx) => committee.use(ctx).store.subsetDigests.mutate(1, 2, (digest) => flipped(digest!)),
        ),
      }),
      play: (chain) => chain.runToActive(),
    },
    'a public key that is not the sum': {
      check: CHECK.roundKeys,
      what: 'public key against the sum',
      hooks: () => ({
        Tally: once(phase('KeyCheck'), (ctx) => tally.use(ctx).store.publicKeys.mutate(1, (key) => flipped(key!, 0))),
      }),
      play(chain) {
        chain.runToActive();
        playUntil(chain, 'KeyCheck');
      },
    },
    'a beacon of somebody’s choice': {
      check: CHECK.sealed,
      what: 'beacon of the revealed secrets',
      hooks: () => ({
        Tally: once(phase('Check'), (ctx) =>
          tally.use(ctx).store.rounds.put(1, { ...roundOf(ctx), beacon: new Uint8Array(32) }),
        ),
      }),
    },
    'verdicts that all members agree on and nobody else finds': {
      check: CHECK.form,
      what: 'verdict on submission 0',
      options: {
        tamper(post) {
          const { body } = post;
          if (body.tag !== 'Check') return post;
          const verdicts = body.value.verdicts.slice();
          verdicts[0] = 5;
          return { ...post, body: { ...body, value: { ...body.value, verdicts } } };
        },
      },
    },
    'an aggregate that was not opened': {
      check: CHECK.openings,
      what: 'part 0 of the opened aggregate',
      hooks: () => ({
        Tally: once(phase('Payout'), (ctx) => tally.use(ctx).store.aggregates.mutate(1, 0, (sum) => flipped(sum!, 0))),
      }),
    },
    'a liar that is not named': {
      check: CHECK.openings,
      what: 'members named',
      options: { tamper: lying },
      hooks: () => ({
        Tally: once(
          (ctx) => committee.use(ctx).store.offenceCount.get() > 0,
          (ctx) => committee.use(ctx).store.offenceCount.put(0),
        ),
      }),
      play(chain) {
        chain.runToActive();
        playUntil(chain, 'Open', 'Keying');
        chain.runToPhase(1, 'Open');
      },
    },
    'a ciphertext that nobody else evaluates, agreed on by all members': {
      check: CHECK.evaluation,
      what: 'score ciphertext of item 0',
      options: {
        tamper(post) {
          const { body } = post;
          if (body.tag !== 'Payout') return post;
          return { ...post, body: { ...body, value: { ...body.value, scores: otherFirst(body.value.scores) } } };
        },
      },
    },
    'counts that nobody else evaluates, agreed on by all members': {
      check: CHECK.evaluation,
      what: 'ciphertext of the counts',
      options: {
        tamper(post) {
          const { body } = post;
          if (body.tag !== 'Aggregate') return post;
          const ciphertexts = otherFirst(body.value.ciphertexts.toReversed()).toReversed();
          return { ...post, body: { ...body, value: { ...body.value, ciphertexts } } };
        },
      },
    },
    'a total of somebody’s choice': {
      check: CHECK.openings,
      what: 'total of the scores',
      hooks: () => ({
        Tally: once(phase('Payout'), (ctx) =>
          tally.use(ctx).store.totals.mutate(1, (total) => ({ ...total!, sum: total!.sum + 1n })),
        ),
      }),
    },
    'a rate of somebody’s choice': {
      check: CHECK.scores,
      what: 'rate',
      hooks: () => ({
        Tally: once(phase('Payout'), (ctx) =>
          tally.use(ctx).store.totals.mutate(1, (total) => ({ ...total!, rate: total!.rate - 1n })),
        ),
      }),
    },
    'public points of somebody’s choice': {
      check: CHECK.scores,
      what: 'public points of item 1 of round 1',
      hooks: () => ({
        Tally: once(phase('Reveal'), (ctx) =>
          tally.use(ctx).store.items.mutate(1, 1, (item) => ({ ...item!, standing: 7n })),
        ),
      }),
    },
    'a factor of somebody’s choice': {
      check: CHECK.scores,
      what: 'factor of item 0 of round 1',
      hooks: () => ({
        Tally: once(phase('Aggregate'), (ctx) =>
          tally.use(ctx).store.items.mutate(1, 0, (item) => ({ ...item!, factor: 2 })),
        ),
      }),
    },
    'points that change while a round is under way': {
      check: CHECK.scores,
      what: 'rule of round 1',
      hooks: () => ({
        Tally: once(phase('Check'), (ctx) => {
          const round = roundOf(ctx);
          const reporters = round.rule.reporters.map((one) => ({ ...one, points: one.points + 1n }));
          tally.use(ctx).store.rounds.put(1, { ...round, rule: { ...round.rule, reporters } });
        }),
      }),
    },
    'points that no data is worth': {
      check: CHECK.scores,
      what: 'its data are worth 6 at most',
      hooks: () => ({
        Registry: governed,
        // The terms are changed for the one block in which the evidence is counted.
        Tally: (ctx) => {
          const { rounds } = royalty.use(ctx).store;
          const found = rounds.get(1);
          const curation = found?.terms.curation;
          if (found === undefined || curation === undefined) return;
          const points = ctx.block % 2 === 0 ? 1_000n : 2n;
          rounds.put(1, { ...found, terms: { ...found.terms, curation: { ...curation, points } } });
        },
      }),
      play: playStanding,
    },
    'an item that becomes another’s': {
      check: CHECK.scores,
      what: 'holder of item 1',
      hooks: () => ({
        Tally: once(phase('Reveal'), (ctx) =>
          tally.use(ctx).store.items.mutate(1, 1, (item) => ({ ...item!, holder: flipped(item!.holder) })),
        ),
      }),
    },
    'an item of a holder whom no claim names': {
      check: CHECK.scores,
      what: 'no claim of its names it',
      hooks: () => ({
        Registry: governed,
        Tally: once(
          (ctx) => phase('Open')(ctx) && tally.use(ctx).store.items.has(1, 0),
          (ctx) => tally.use(ctx).store.items.mutate(1, 0, (item) => ({ ...item!, holder: item!.account })),
        ),
      }),
      play: playShared,
    },
    'a round that is held against itself': {
      check: CHECK.scores,
      what: 'round 1 is held against round 1, which is not its past',
      hooks: () => ({
        Tally: once(
          (ctx) => tally.use(ctx).store.rounds.has(1),
          (ctx) => {
            const round = roundOf(ctx);
            tally.use(ctx).store.rounds.put(1, { ...round, rule: { ...round.rule, past: [1], discount: 50 } });
          },
        ),
      }),
      play(chain) {
        chain.runToActive();
        playUntil(chain, 'Open');
      },
    },
    'a round of sketches that is held against one without': {
      check: CHECK.scores,
      what: 'round 2 is held against round 1, which is not its past',
      hooks: () => ({
        Registry: governed,
        Tally: once(
          (ctx) => tally.use(ctx).store.rounds.has(2),
          (ctx) =>
            tally.use(ctx).store.rounds.mutate(2, (found) => {
              const round = found!;
              const sketch = { coordinates: 25_000_000, seed: new Uint8Array(32) };
              return { ...round, rule: { ...round.rule, sketch } };
            }),
        ),
      }),
      play: playShared,
    },
    'a past that is not what was opened': {
      check: CHECK.scores,
      what: 'part 0 of the aggregate of round 1, which is past',
      hooks: () => ({
        Registry: governed,
        Tally: once(
          (ctx) => tally.use(ctx).store.rounds.get(2)?.phase.tag === 'Open',
          (ctx) => tally.use(ctx).store.aggregates.mutate(1, 0, (sum) => flipped(sum!, 0)),
        ),
      }),
      play: playShared,
    },
    'dust that goes back to the wrong model': {
      check: CHECK.scores,
      what: 'what the pool of model 0 gained',
      hooks: () => ({
        Royalty: once(
          (ctx) => ['Settled', 'Refunded'].includes(royalty.use(ctx).store.rounds.get(1)?.state.tag ?? ''),
          (ctx) => {
            const { pools } = royalty.use(ctx).store;
            pools.mutate(0n, (pool) => pool - 1n);
            pools.mutate(1n, (pool) => pool + 1n);
          },
        ),
      }),
    },
    'a price of somebody’s choice': {
      check: CHECK.scores,
      what: 'sum that is owed for the aggregate',
      hooks: () => ({
        Royalty: once(
          (ctx) => royalty.use(ctx).store.rounds.get(1)?.state.tag === 'Settled',
          (ctx) => royalty.use(ctx).store.rounds.mutate(1, (round) => ({ ...round!, shared: round!.shared + 1n })),
        ),
      }),
    },
    'something owed to who earned nothing': {
      check: CHECK.scores,
      what: 'may collect more',
      hooks: () => ({
        Royalty: once(
          (ctx) => royalty.use(ctx).store.rounds.get(1)?.state.tag === 'Settled',
          (ctx) => royalty.use(ctx).store.owed.put(keyOf('owner').publicKey, 5n),
        ),
      }),
    },
  };

  describe('finds what all members, or the state machine itself, make wrong of a round', () =>
    findsEach(auditor(), cases));
});
