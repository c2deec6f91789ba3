/** Calls of `Notes`, each in its worst case. */
import { at } from '../../../primitives/at.ts';
import { CHUNK_CLAIMS, CLAIM_FEE, LEAST_CLAIM, notes } from '../../../pallets/notes/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { account, GRAINS, mint, mintStrangers, nextBlock, notesChain } from '../../../test/pallets/notes/support.ts';
import { strangers } from '../../../test/primitives/proofs/support/hidden.ts';
import { spend } from '../../../test/support/spend.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const UNITS = 10n ** 6n;
/** Of a bin, but for one. */
const OTHERS = 1_023;
/** Claims before this one: the list of the last ones is as long as it gets. */
const CLAIMS = CHUNK_CLAIMS - 1;

/** A claim on a full bin whose change fills another, in a new chunk of the list too. */
function claim(): Prepared {
  const test = notesChain();
  const { chain } = test;
  const [held] = mint(test, [UNITS * GRAINS]);
  mintStrangers(chain, strangers(OTHERS), BigInt(OTHERS) * UNITS);
  nextBlock(test, 2);
  mintStrangers(chain, strangers(OTHERS), BigInt(OTHERS) * UNITS);
  const { store } = notes.use(chain.ctx);
  const wish = { amount: UNITS / 2n, destination: account('fresh'), split: 1n };
  const { args, call } = spend(chain.ctx, at([held], 0)!, wish, test.random);
  const { proof, ...known } = args;
  const before = Array.from({ length: CLAIMS }, (_, i) => {
    return {
      ...known,
      amount: LEAST_CLAIM,
      fee: CLAIM_FEE,
      first: 0,
      outputs: 1,
      tag: hash32Of('tacit/weights/1', proof, i),
    };
  });
  for (const { tag } of before) store.tags.put(tag, undefined);
  store.claims.put(0, before);
  store.claimCount.put(CLAIMS);
  store.classes.mutate(([one]) => [{ ...at([one], 0)!, paid: LEAST_CLAIM * BigInt(CLAIMS) }]);
  const { composition, ctx } = chain;
  return { composition, ctx, origin: Origin.none, call };
}

export const notesScenarios: readonly Scenario[] = [{ call: 'Notes.claim', prepare: claim }];
