/** Whole rounds of four members on the chain's own pallets: what stood in blocks, and what the state made of it (§3 to §11). */
import { genesisHash } from '../../../pallets/system/index.ts';
import type { Origin, RuntimeCall } from '../../../pallets/support/index.ts';
import type { SetupPost } from '../../../pallets/committee/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { type Round, tally, type TallyPost, tallyPost } from '../../../pallets/tally/index.ts';

import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { parseEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { mintNote } from '../../../primitives/proofs/notes.ts';
import { REJECTIONS } from '../../../primitives/proofs/unseal.ts';
import { laneSpecOf, paidBy, VERDICT } from '../../../primitives/round/index.ts';
import { forged } from '../../support/forged.ts';
import { testChain, type TestChain } from '../../support/pallet-chain.ts';
import { TestCommittee } from '../../support/pallet-members.ts';
import {
  beginRound,
  contribute,
  enrolmentOf,
  partOf,
  phaseOf,
  publish,
  report,
  sealedOf,
  submitSealed,
} from '../../support/pallet-round.ts';
import { call } from '../../support/pallet-chain.ts';
import { type Case, type Datum, flipped, good, type Vectors } from './cases.ts';
import { laneGiven } from './linear.ts';

const NAMES = ['ada', 'ben', 'cy', 'dot'] as const;
const COUNTS = [20, 5, 25];
/** Who lies in the second round wherever it posts shares. */
const LIAR = 2;

/** What succeeded on a chain, in order. */
export interface Recorded {
  readonly signer: Uint8Array | undefined;
  readonly call: RuntimeCall;
}

/** The chain, which notes what it carries out. */
export function recorded(test: TestChain): { test: TestChain; done: Recorded[] } {
  const done: Recorded[] = [];
  const dispatch = (origin: Origin, what: RuntimeCall): string => {
    const outcome = test.chain.dispatch(origin, what);
    if (outcome === 'ok') done.push({ signer: origin.isNone ? undefined : origin.signed(), call: what });
    return outcome;
  };
  const chain = new Proxy(test.chain, {
    get: (target, name) => (name === 'dispatch' ? dispatch : Reflect.get(target, name, target)),
  });
  return { test: { ...test, chain }, done };
}

/** What of the round stood in blocks, as vectors write it. */
export function blocksOf(done: readonly Recorded[], round: number): Datum[] {
  return done.flatMap(({ signer, call: { tag: pallet, value } }): Datum[] => {
    const { tag, value: args } = value as { tag: string; value: Record<string, Datum> };
    if (tag === 'publishDirection')
      return [{ direction: { part: args.part, salt: args.salt, direction: args.direction } }];
    if (pallet === 'Royalty' && tag === 'enrol') return [{ enrol: args.enrolment, signer }];
    if (pallet !== 'Tally') return [];
    if (tag === 'submit') return [{ submit: args.sealed, lane: args.lane, part: args.part, signer }];
    const post = args.post as unknown as TallyPost;
    return post.round === round ? [{ post: tallyPost.codec.enc(post) }] : [];
  });
}

export function recordOf({ chain }: TestChain, id: number): Round {
  const round = tally.use(chain.ctx).store.rounds.get(id);
  if (round === undefined) throw new Error('no such round');
  return round;
}

/** What a round is about, as far as its arithmetic goes. */
function givenOf(test: TestChain, id: number): Record<string, Datum> {
  const { rule, lanes, term, paramsId } = recordOf(test, id);
  const { parts, normSq, reporters, gamma, base, tMin, pool, stake, kMin, maxItems, directions } = rule;
  const counted = reporters.map(({ total, points }) => ({ total, points }));
  const money = { tMin, pool, stake, kMin, maxItems };
  return {
    context: { genesis: genesisHash(test.chain.ctx), term, round: id, params: paramsId },
    rule: { parts, normSq, reporters: counted, gamma, base, ...money, directions },
    lanes: lanes.map((record) => laneGiven(laneSpecOf(record))),
    items: itemsOf(test, id),
  };
}

/** Public points and factor of every item. */
function itemsOf(test: TestChain, id: number): Datum {
  const { items } = tally.use(test.chain.ctx).store;
  return Array.from({ length: recordOf(test, id).items }, (_, index) => {
    const { standing, factor } = items.get(id, index)!;
    return { standing, factor };
  });
}

/** Why a submission counts or does not. */
export function fateOf({ verdict, reason }: { readonly verdict: number; readonly reason: number }): string {
  if (verdict === VERDICT.accepted) return 'accepted';
  if (verdict === VERDICT.refused) return 'refused';
  return Object.entries(REJECTIONS).find(([, code]) => code === reason)?.[0] ?? 'unknown';
}

/** What the chain holds of the round when it is over. */
function stateOf(test: TestChain, id: number): Datum {
  const { store } = tally.use(test.chain.ctx);
  const round = recordOf(test, id);
  if (round.failedIn !== undefined) {
    const { phase, silent } = round.failedIn;
    return { failedIn: phase.tag, silent };
  }
  const [payout, keys] = [store.payouts.get(id), store.boxKeys.get(id)];
  if (payout === undefined || keys === undefined) throw new Error('the round is not settled');
  const { sum, negative, rate, grains, scores, z } = payout;
  const total = negative ? -sum : sum;
  const notes = round.accepted.map((item, place) => {
    const { mask, key } = parseEnrolment(test.params, store.items.get(id, item)!.enrolment);
    const { commitment } = mintNote(z[place]!, mask, key);
    return [key, commitment];
  });
  const paid = paidBy({ rate, grains }, total);
  if (royalty.use(test.chain.ctx).store.rounds.get(id)?.paid !== paid) throw new Error('another amount was paid');
  return {
    publicKey: store.publicKeys.get(id),
    sealKeys: keys.seal,
    maskKeys: keys.mask,
    beacon: round.beacon,
    accepted: round.accepted,
    submissions: Array.from({ length: round.submissions }, (_, index) => fateOf(store.submissions.get(id, index)!)),
    aggregate: concatBytes(...round.rule.parts.map((_, part) => store.aggregates.get(id, part)!)),
    total,
    rate,
    grains,
    scores,
    z,
    notes,
    paid,
  };
}

/** What the liar changes in a step: shares, or what it claims of them. */
const LIES: Readonly<Partial<Record<TallyPost['body']['tag'], string>>> = {
  KeyCheck: 'functionals',
  Check: 'residues',
  CheckEach: 'residues',
  Aggregate: 'ciphertexts',
  Payout: 'shares',
  Sum: 'shares',
};

/** A post of the liar: a bit of it is another. */
export function lied(post: TallyPost | SetupPost): TallyPost | SetupPost {
  const field = 'round' in post ? LIES[post.body.tag] : undefined;
  if (field === undefined || !('round' in post)) return post;
  const { tag, value } = post.body;
  const old = (value as unknown as Record<string, Uint8Array | Uint8Array[]>)[field]!;
  const changed = old instanceof Uint8Array ? flipped(old, 0) : old.map((one) => flipped(one, 0));
  return { ...post, body: { tag, value: { ...value, [field]: changed } } as TallyPost['body'] };
}

/** Who sends a second part whose payload is not what it says, and an update that does not open. */
function contributeFalsely(members: TestCommittee, id: number): void {
  const { test } = members;
  for (const who of ['eve', 'flo']) {
    call(test, who, royalty.call.enrol({ round: id, enrolment: enrolmentOf(test, id, who) }));
    submitSealed(members, who, id, 0, 0, sealedOf(test, id, who, 0, 0, partOf(test.random)));
    submitSealed(members, who, id, 0, 1, forged(test, id, who, 1, who === 'eve' ? 'ciphertext' : 'payloadBox'));
  }
}

/** What is not as it should be. */
interface Conducted {
  readonly hasLiar?: boolean;
  /** Who says nothing in the step of the payout. */
  readonly silent?: number;
  readonly hasFalse?: boolean;
}

function roundCase(name: string, { hasLiar = false, silent, hasFalse = false }: Conducted): Case {
  const { test, done } = recorded(testChain({ seed: `vectors ${name}`, accounts: [...NAMES, 'eve', 'flo'] }));
  const members = new TestCommittee(test);
  members.runToActive();
  members.conduct = (post, member) => {
    if (member === silent && 'round' in post && post.body.tag === 'Payout') return undefined;
    return hasLiar && member === LIAR ? lied(post) : post;
  };
  const begun = beginRound(test, { kMin: 3 });
  const until = (phase: string): void => members.runUntil(() => phaseOf(test, begun.id) === phase);
  until('Open');
  for (const who of NAMES) contribute(members, begun.id, who);
  if (hasFalse) contributeFalsely(members, begun.id);
  report(members, begun.id, COUNTS);
  until('Direction');
  publish(members, begun);
  members.runUntil(() => ['Settled', 'Failed'].includes(phaseOf(test, begun.id)));
  return good('round', name, { ...givenOf(test, begun.id), blocks: blocksOf(done, begun.id) }, stateOf(test, begun.id));
}

export function roundVectors(): Vectors {
  return {
    spec: ['§3', '§4', '§5', '§6', '§7', '§9', '§11.1', '§11.3'],
    cases: [
      roundCase('four contributors', {}),
      roundCase('a liar, and two who send what is false', { hasLiar: true, hasFalse: true }),
      roundCase('a liar, and one who is silent at the end', { hasLiar: true, silent: 0 }),
    ],
  };
}
