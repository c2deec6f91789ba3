import { CHECK } from '../../../node/audit/book.ts';
import { transfer } from '../../../pallets/balances/index.ts';
import { type BinRecord, notes, NOTES_ESCROW } from '../../../pallets/notes/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { keyOf } from './chain.ts';
import { auditor, type Case, findsEach, flipped, once } from './findings.ts';
import { claimOf, playRound } from './round.ts';

describe('node/audit: false notes', function () {
  this.timeout(600_000);

  const cases: Record<string, Case> = {
    'swapped notes': {
      check: CHECK.notes,
      what: 'key of note 0 of round 1',
      hooks: () => ({
        Royalty: once(
          (ctx) => notes.use(ctx).store.notes.get(0, 0).length > 1,
          (ctx) =>
            notes.use(ctx).store.notes.mutate(0, 0, ([first, second, ...others]) => [second!, first!, ...others]),
        ),
      }),
    },
    'a note that is nobody’s': {
      check: CHECK.claims,
      what: 'notes of class 0',
      hooks: () => ({
        Royalty: once(
          (ctx) => notes.use(ctx).store.classes.get().length > 0,
          (ctx) => {
            const { store } = notes.use(ctx);
            store.notes.mutate(0, 0, (listed) => [...listed, listed[0]!]);
            store.classes.mutate(([known]) => [{ ...known!, notes: known!.notes + 1 }]);
          },
        ),
      }),
    },
    'a note that is missing': {
      check: CHECK.notes,
      what: 'key of note 4 of round 1',
      hooks: () => ({
        Royalty: once(
          (ctx) => notes.use(ctx).store.notes.get(0, 0).length > 1,
          (ctx) => notes.use(ctx).store.notes.mutate(0, 0, (listed) => listed.slice(0, -1)),
        ),
      }),
    },
    'a round whose notes are said to be elsewhere': {
      check: CHECK.notes,
      what: 'number of the first note of round 1',
      hooks: () => ({
        Royalty: once(
          (ctx) => royalty.use(ctx).store.rounds.get(1)?.notes !== undefined,
          (ctx) => royalty.use(ctx).store.rounds.mutate(1, (round) => ({ ...round!, notes: { class: 0, first: 1 } })),
        ),
      }),
    },
    ...Object.fromEntries(
      (
        [
          ['another root', 'root of bin 0 of class 0', (bin) => ({ ...bin, root: flipped(bin.root) })],
          ['another largest amount', 'largest of bin 0', (bin) => ({ ...bin, largest: bin.largest * 10n })],
          ['too few notes', 'count of bin 0', (bin) => ({ ...bin, count: bin.count - 1 })],
          ['another number of digits', 'digits of bin 0', (bin) => ({ ...bin, digits: 5 })],
        ] satisfies [string, string, (bin: BinRecord) => BinRecord][]
      ).map(([name, what, change]): [string, Case] => [
        `a bin with ${name}`,
        {
          check: CHECK.claims,
          what,
          hooks: () => ({
            Notes: once(
              (ctx) => notes.use(ctx).store.bins.has(0, 0),
              (ctx) => notes.use(ctx).store.bins.mutate(0, 0, (bin) => change(bin!)),
            ),
          }),
        },
      ]),
    ),
    'a bin that is not closed when it is due': {
      check: CHECK.claims,
      what: 'first of bin 0 of class 0',
      hooks: () => ({
        // Its first note is always one of this block.
        Royalty: (ctx) =>
          notes
            .use(ctx)
            .store.classes.mutate((classes) =>
              classes.map((known) => ({ ...known, open: { ...known.open, since: ctx.block } })),
            ),
      }),
    },
    'a bin that is closed too early': {
      check: CHECK.claims,
      what: 'bins of class 0',
      hooks: () => ({
        Royalty: (ctx) =>
          notes
            .use(ctx)
            .store.classes.mutate((classes) =>
              classes.map((known) => ({ ...known, open: { ...known.open, since: 1 } })),
            ),
      }),
    },
    'a class that brought in more than its round': {
      check: CHECK.claims,
      what: 'brought of class 0',
      hooks: () => ({
        Notes: once(
          (ctx) => notes.use(ctx).store.bins.has(0, 0),
          (ctx) => notes.use(ctx).store.classes.mutate(([known]) => [{ ...known!, brought: known!.brought + 1n }]),
        ),
      }),
    },
    'an escrow of notes that paid a stranger': {
      check: CHECK.claims,
      what: 'are hidden in notes',
      hooks: () => ({
        Notes: once(
          (ctx) => notes.use(ctx).store.bins.has(0, 0),
          (ctx) => transfer(ctx, NOTES_ESCROW, keyOf('anna').publicKey, 1n, 'allowDeath'),
        ),
      }),
    },
    'a note that is claimed twice': {
      check: CHECK.claims,
      what: 'is spent twice',
      hooks: () => {
        let seen = 0;
        return {
          // The block after the claim forgets it.
          Notes: (ctx) => {
            const { store } = notes.use(ctx);
            if (store.claimCount.get() === seen) store.tags.clear();
            seen = store.claimCount.get();
          },
        };
      },
      play(chain) {
        playRound(chain);
        for (const to of ['fresh', 'fresh again']) {
          chain.unsigned(claimOf(chain, 'anna', 0, { destination: keyOf(to).publicKey, amount: 20_000n }));
          chain.block();
          chain.block();
        }
      },
    },
    'a claim that is not told': {
      check: CHECK.claims,
      what: 'class of claim 0',
      hooks: () => ({
        Notes: (ctx) => notes.use(ctx).store.claims.mutate(0, (listed) => listed.slice(1)),
      }),
      play(chain) {
        playRound(chain);
        chain.unsigned(claimOf(chain, 'anna', 0, { amount: 20_000n }));
        chain.block();
      },
    },
  };

  describe('finds what the state machine makes wrong of notes, bins and claims', () => findsEach(auditor(), cases));
});
