/** A royalty round on a test chain: contributors, a usage report, the direction, claims. */
import { LANES } from '../../../primitives/proofs/lane.ts';
import { notes } from '../../../pallets/notes/index.ts';
import { royalty, type RoyaltyRule } from '../../../pallets/royalty/index.ts';
import { mintPortfolio, registry } from '../../../pallets/registry/index.ts';
import type { Context } from '../../../pallets/support/index.ts';
import { type RoundInfo, tally } from '../../../pallets/tally/index.ts';
import { openOnce, sealOnce } from '../../../primitives/crypto/aead.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { randomScalar } from '../../../primitives/crypto/ristretto.ts';
import { proveSchnorr } from '../../../primitives/crypto/schnorr.ts';
import { publicA } from '../../../primitives/fhe/keys.ts';
import type { RoundContext } from '../../../primitives/fhe/params.ts';
import { decodeKeyPoly } from '../../../primitives/fhe/wire.ts';
import { buildEnrolment, parseEnrolment, recoverEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { linearBytes, linearShape } from '../../../primitives/linear/shape.ts';
import { openNote } from '../../../primitives/proofs/notes.ts';
import { encodeSealed, joinKey, parseSealed } from '../../../primitives/proofs/sealed.ts';
import { buildSubmission } from '../../../primitives/linear/submission.ts';
import { payloadData, submissionMessage } from '../../../primitives/proofs/transcript.ts';
import { laneSpecOf } from '../../../primitives/round/index.ts';
import {
  asBytes,
  commitmentsTo,
  PART_VALUES,
  partOf,
  plainRule,
  POOL,
  SALT,
  usesOf,
  walletSeed,
} from '../../support/committee.ts';
import { newData, newModel } from '../../support/registry.ts';
import { type HeldNote, spend, type SpendWish } from '../../support/spend.ts';
import { keyOf, type TestChain } from './chain.ts';

/** Whoever is spoiled comes last: places of notes are those of the others. */
export const PARTIES = ['anna', 'bo', 'cleo', 'dan', 'eve'];
export const USERS = ['owner', 'user', 'reporter', ...PARTIES];

function contextOf(chain: TestChain, { round }: RoundInfo): RoundContext {
  return { genesis: chain.genesis, term: round.term, round: round.round, paramsId: round.paramsId };
}

/** The round that was made last. */
const latest = ({ ctx }: TestChain): number => tally.use(ctx).store.nextRound.get() - 1;

/** A model, its funds, and a round over them; gives the direction. */
export function beginRound(chain: TestChain, changes: Partial<RoyaltyRule> = {}): Int8Array[] {
  const { parts: lengths = [PART_VALUES, PART_VALUES] } = changes;
  const direction = lengths.map(() => partOf(chain.random));
  const reporters = [{ ...usesOf('reporter', 50n, 100n), account: keyOf('reporter').publicKey }];
  const rule = plainRule(commitmentsTo(direction), { openBlocks: 4, reporters, ...changes });
  if (latest(chain) === 0) {
    chain.call('owner', newModel(hash32Of('test/f')));
    chain.block();
  }
  chain.call('user', royalty.call.fund({ model: 0n, amount: POOL }));
  chain.call('owner', royalty.call.createRound({ models: [{ model: 0n, pool: POOL }], rule }));
  chain.block();
  return direction;
}

/**
 * `payload`: broken under its seal, so that whoever opens it finds it malformed. `opened`: of good form, but its proof is wrong. The others: the part that is broken,
 * under a seal that holds.
 */
export type Spoiled = 'payload' | 'opened' | 'keyBox' | 'keyDigest' | 'ciphertext' | 'delta' | 'scalar' | undefined;

/** The sealed bytes of a lane's values. @param who by its name, or any account */
export function sealed(
  chain: TestChain,
  who: string | Uint8Array,
  lane: number,
  part: number,
  values: ArrayLike<number>,
  spoiled?: Spoiled,
): Uint8Array {
  const { params } = chain;
  const info: RoundInfo = chain.round(latest(chain));
  const record = info.round.lanes.find((known) => known.lane === lane && known.part === part)!;
  const context = contextOf(chain, info);
  const b = decodeKeyPoly(params, info.publicKey!);
  const keys = { publicKey: { a: publicA(params, context), b }, sealKeys: info.sealKeys, maskKeys: info.maskKeys };
  const binding = { context, spec: laneSpecOf(record), account: typeof who === 'string' ? keyOf(who).publicKey : who };
  const seed = chain.random(32);
  const stream = (): ((n: number) => Uint8Array) => {
    const prg = new Prg(seed);
    return (n) => prg.next(n);
  };
  const built = buildSubmission({ ...binding, params, keys, values, random: stream() });
  if (spoiled === undefined) return built.sealed;
  const honest = parseSealed(params, binding.spec, built.sealed);
  const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(0, bytes[0]! ^ 1);
  const form = {
    ...honest,
    ...(spoiled === 'keyBox' ? { keyBoxes: honest.keyBoxes.with(0, flipped(honest.keyBoxes[0]!)) } : {}),
    ...(spoiled === 'keyDigest' ? { keyDigest: flipped(honest.keyDigest) } : {}),
  };
  // The same stream again: the ephemeral secret, the seeds, the summands of the payload's key.
  const again = stream();
  const secret = randomScalar(again);
  again(32 * params.subsets.length);
  const key = joinKey(params.subsets.map(() => again(32)));
  const payload = openOnce(key, form.payloadBox, payloadData(binding, honest))!.slice();
  const sizes = linearBytes(linearShape(binding.spec));
  const openedAt = payload.length - sizes.opened;
  if (spoiled === 'opened') payload[openedAt]! ^= 1;
  const at = { ciphertext: 0, delta: openedAt - sizes.proof - sizes.deltas, scalar: openedAt - sizes.proof };
  // More ones than an element has bits: it is not below its prime.
  if (spoiled in at) payload.fill(255, at[spoiled as keyof typeof at], at[spoiled as keyof typeof at] + 8);
  const payloadBox = sealOnce(key, payload, payloadData(binding, form));
  if (spoiled === 'payload') payloadBox[0]! ^= 1;
  const proof = proveSchnorr(secret, submissionMessage(binding, form, payloadBox), chain.random(32));
  return encodeSealed(binding.spec, { ...form, payloadBox, proof });
}

export function submit(chain: TestChain, who: string, lane: number, part: number, bytes: Uint8Array): void {
  chain.call(who, tally.call.submit({ round: latest(chain), lane, part, sealed: bytes }));
  chain.addSealed(bytes);
}

/** @param shown data that it shows, with the claim of the same number */
export function contribute(chain: TestChain, who: string, spoiled?: Spoiled, shown?: bigint): void {
  const info: RoundInfo = chain.round(latest(chain));
  const enrolment = buildEnrolment({
    params: chain.params,
    context: contextOf(chain, info),
    account: keyOf(who).publicKey,
    maskKeys: info.maskKeys,
    walletSeed: walletSeed(who),
    random: chain.random,
  });
  if (shown === undefined) chain.call(who, royalty.call.enrol({ round: latest(chain), enrolment }));
  else
    chain.call(
      who,
      royalty.call.enrolWithEvidence({ round: latest(chain), enrolment, data: [shown], claims: [shown] }),
    );
  for (const part of info.round.rule.parts.keys()) {
    submit(chain, who, LANES.update, part, sealed(chain, who, LANES.update, part, partOf(chain.random), spoiled));
  }
}

/**
 * What a chain of governance and curators would have done, at the end of the first block in which it can be: the portfolio of the first two data, of weight 3 each,
 * and the admission of the reporter as an attester.
 */
export function governed(ctx: Context): void {
  const { store } = registry.use(ctx);
  if (store.nextData.get() < 2n || store.nextPortfolio.get() > 0n) return;
  const items = [0n, 1n].map((data) => ({ data, weight: 3n }));
  const criteria = { digest: hash32Of('test/criteria'), text: '' };
  mintPortfolio(ctx, keyOf('owner').publicKey, { items, criteria, curators: [], curatorsBps: 0 });
  const attester = keyOf('reporter').publicKey;
  store.admissions.put(attester, 0, { kinds: 31, from: ctx.block, until: 1_000_000, ended: undefined });
  store.admissionCount.put(attester, 1);
}

/** A round over two models in which three parties have a factor, and two of them public points; up to its end. */
export function playStanding(chain: TestChain): void {
  const shown = PARTIES.slice(0, 3);
  chain.runToActive();
  chain.call('reporter', registry.call.registerAttester({ name: 'R', kinds: 31 }));
  // Data have numbers in the order of their blocks.
  for (const name of shown) {
    chain.call(name, newData(name));
    chain.block();
  }
  shown.forEach((_, data) => {
    const about = {
      asset: { tag: 'Data' as const, value: BigInt(data) },
      until: 1_000_000,
      digest: hash32Of('test/d'),
    };
    chain.call('reporter', registry.call.makeClaim({ ...about, kind: { tag: 'SafetyAudit' } }));
    chain.block();
  });
  chain.call('owner', newModel(hash32Of('test/second')));
  chain.block();
  const direction = beginRound(chain, {
    curation: { portfolio: 0n, points: 2n, most: 400n },
    factors: [{ kind: { tag: 'SafetyAudit' }, factor: 2 }],
    reporters: [{ ...usesOf('reporter', 50n, 10n), account: keyOf('reporter').publicKey }],
  });
  chain.runToPhase(1, 'Open');
  // The number of the block in which evidence is counted is odd.
  if (chain.head.header.number % 2 === 1) chain.block();
  PARTIES.forEach((name, i) => contribute(chain, name, undefined, i < shown.length ? BigInt(i) : undefined));
  chain.block();
  finish(chain, direction);
}

/** Two rounds, the second held against the first, in which the attester says that the first three parties are one holder. */
export function playShared(chain: TestChain): void {
  chain.runToActive();
  chain.call('reporter', registry.call.registerAttester({ name: 'R', kinds: 31 }));
  for (const round of [1, 2]) {
    const first = BigInt(PARTIES.length * (round - 1));
    for (const name of PARTIES) {
      chain.call(name, newData(`${name} ${round}`));
      chain.block();
    }
    PARTIES.forEach((_, i) => {
      const about = { asset: { tag: 'Data' as const, value: first + BigInt(i) }, until: 1_000_000 };
      const digest = hash32Of('test/holder', `${Math.max(i, 2)}`);
      chain.call('reporter', registry.call.makeClaim({ ...about, digest, kind: { tag: 'Holder' } }));
      chain.block();
    });
    const holders = { tag: 'Attested' as const, value: undefined };
    const direction = beginRound(chain, { holders, novelty: { past: 1, discount: 50 } });
    chain.runToPhase(round, 'Open');
    PARTIES.forEach((name, i) => contribute(chain, name, undefined, first + BigInt(i)));
    chain.block();
    finish(chain, direction);
  }
}

/** A whole round, up to its end. */
export function playRound(chain: TestChain, spoil: Readonly<Record<string, Spoiled>> = {}): void {
  chain.runToActive();
  const direction = beginRound(chain);
  chain.runToPhase(1, 'Open');
  for (const name of PARTIES) contribute(chain, name, spoil[name]);
  chain.block();
  finish(chain, direction);
}

function finish(chain: TestChain, direction: readonly Int8Array[]): void {
  const round = latest(chain);
  const values = Array.from({ length: 8 }, (_, i) => [20, 5, 25][i] ?? 0);
  submit(chain, 'reporter', LANES.usage, 0, sealed(chain, 'reporter', LANES.usage, 0, values));
  chain.runToPhase(round, 'Direction', 'Failed');
  if (chain.phase(round) === 'Failed') return;
  direction.forEach((part, index) => {
    chain.unsigned(tally.call.publishDirection({ round, part: index, salt: SALT, direction: asBytes(part) }));
  });
  chain.runToPhase(round, 'Settled', 'Failed');
  // The bin of its notes is closed.
  chain.block();
}

/** A party's note, by its place among the accepted. */
export function noteOf(chain: TestChain, who: string, place: number): HeldNote {
  const { ctx, params } = chain;
  const info: RoundInfo = chain.round(latest(chain));
  const account = keyOf(who).publicKey;
  const item = info.items.find((one) => Buffer.compare(one.account, account) === 0)!;
  const { class: id, first } = royalty.use(ctx).store.rounds.get(1)!.notes!;
  const form = parseEnrolment(params, item.enrolment);
  const secrets = recoverEnrolment(params, { context: contextOf(chain, info), account }, walletSeed(who), form);
  const note = notes.use(ctx).store.notes.get(id, 0)[first + place]!;
  const opening = openNote(note, info.payout!.z[place]!, secrets.m, secrets.r, params.t);
  return { class: id, number: first + place, secret: secrets.key, opening };
}

/** A claim of a party's note. */
export function claimOf(chain: TestChain, who: string, place: number, wish: Partial<SpendWish> = {}) {
  const destination = keyOf(`fresh ${who}`).publicKey;
  return spend(chain.ctx, noteOf(chain, who, place), { destination, ...wish }, chain.random).call;
}
