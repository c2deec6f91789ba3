/**
 * An in-process committee on the real pallets: real keys, real proofs, real shares, no network. Members are the node's own `CommitteeMember`; the test
 * says who is silent or lies. Everything random comes from one seed, so that a failing run can be repeated.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { CommitteeMember, type SignedPost } from '../../node/committee/member.ts';
import { Vault } from '../../node/committee/vault.ts';
import { balances, checkIssuance, freeOf } from '../../pallets/balances/index.ts';
import { committee, COMMITTEE_PALLET, setupPost, type SetupPost } from '../../pallets/committee/index.ts';
import { modelOf, registry } from '../../pallets/registry/index.ts';
import { ESCROW, obligations, royalty, ROUNDS_PER_MODEL } from '../../pallets/royalty/index.ts';
import { session } from '../../pallets/session/index.ts';
import {
  type Context,
  type Host,
  type MockRuntime,
  mockRuntime,
  Origin,
  verifySignature,
} from '../../pallets/support/index.ts';
import { genesisHash, system } from '../../pallets/system/index.ts';
import {
  findRound,
  type Round,
  type RoundInfo,
  type RuleRecord,
  tally,
  type TallyPost,
  tallyPost,
} from '../../pallets/tally/index.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { Prg } from '../../primitives/crypto/prg.ts';
import { verifySchnorrTask } from '../../primitives/crypto/schnorr.ts';
import { type KeyPair, sr25519FromSeed, sr25519Sign } from '../../primitives/crypto/signature.ts';
import { weightedSum } from '../../primitives/fhe/evaluate.ts';
import { type FheParams, fheParams, type RoundContext } from '../../primitives/fhe/params.ts';
import { publicA } from '../../primitives/fhe/keys.ts';
import { decodeKeyPoly } from '../../primitives/fhe/wire.ts';
import { buildEnrolment } from '../../primitives/proofs/enrolment.ts';
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { verifyClaimTask } from '../../primitives/proofs/ring.ts';
import { buildSubmission } from '../../primitives/proofs/submission.ts';
import type { RoundKeys } from '../../primitives/proofs/statement.ts';
import { directionHash, laneSpecOf } from '../../primitives/round/index.ts';
import { scratchFolder } from './scratch.ts';

/** Verifies every kind of task here and now; signatures and proofs once per distinct text. */
export const testHost: Host = {
  verify(task) {
    if (task.kind === 'claim') return verifyClaimTask(task.parts);
    if (task.kind === 'schnorr') return verifySchnorrTask(task.parts);
    return verifySignature(task);
  },
};

export const account = (name: string): Uint8Array => hash32Of('test/account', name);

export const SETTINGS = {
  setupBlocks: 6,
  stepBlocks: 6,
  lateWindow: 8,
  retryBlocks: 5,
  termRounds: 50,
  slash: 1_000n,
  bond: 10_000n,
  deposit: 500n,
} as const;

const FUNDS = 10n ** 12n;

/** The members' vaults. */
const vaults = scratchFolder('committee');

export interface TestChainOptions {
  readonly paramsId?: string;
  /** Validators beyond the committee: the reserve. */
  readonly reserve?: number;
  readonly accounts?: readonly string[];
  readonly seed?: string;
  /** Changes of the committee's section. */
  readonly committee?: Readonly<Record<string, unknown>>;
}

export interface TestChain {
  readonly chain: MockRuntime;
  readonly params: FheParams;
  readonly keys: readonly KeyPair[];
  readonly random: (n: number) => Uint8Array;
}

/** Money is conserved, and the escrow account holds exactly what the royalty pallet owes. */
export function checkMoney(ctx: Context): void {
  checkIssuance(ctx);
  const owed = obligations(ctx, (round) => findRound(ctx, round)?.items ?? 0);
  const held = freeOf(ctx, ESCROW);
  if (owed !== held) throw new Error(`the escrow holds ${held}, owed are ${owed}`);
}

/** The pallets with validators, funded accounts and a model (number 0, owner `owner`). */
export function testChain(options: TestChainOptions = {}): TestChain {
  const { paramsId = 'tacit-test-256-n4', reserve = 0, accounts = [], seed = 'tacit' } = options;
  const params = fheParams(paramsId);
  const prg = new Prg(hash32Of('test/random', seed));
  const keys = Array.from({ length: params.n + reserve }, (_, i) => sr25519FromSeed(hash32Of('test/validator', i)));
  const validators = keys.map(({ publicKey }, i) => ({
    account: account(`validator ${i}`),
    keys: { aura: hash32Of('aura', i), grandpa: hash32Of('grandpa', i), committee: publicKey },
  }));
  const funded = ['owner', 'user', 'reporter', ...accounts].map(account);
  const chain = mockRuntime(
    [system, balances, session, committee, tally, registry, royalty],
    {
      system: { specName: 'test', specVersion: 1 },
      balances: { accounts: [...validators.map((one) => one.account), ...funded].map((who) => [who, FUNDS]) },
      session: { bond: SETTINGS.bond, validators },
      committee: {
        paramsId,
        setupBlocks: SETTINGS.setupBlocks,
        retryBlocks: SETTINGS.retryBlocks,
        termRounds: SETTINGS.termRounds,
        slash: SETTINGS.slash,
        ...options.committee,
      },
      tally: {
        stepBlocks: SETTINGS.stepBlocks,
        lateWindow: SETTINGS.lateWindow,
        leastK: 2,
        depositBase: SETTINGS.deposit,
        depositPerByte: 0n,
      },
    },
    { host: testHost, invariants: [checkMoney] },
  );
  const test = { chain, params, keys, random: (n: number) => prg.next(n) };
  registerModel(test, 0n);
  return test;
}

function registerModel(test: TestChain, model: bigint): void {
  const [fingerprint, architecture] = [account(`f${model}`), account('a')];
  call(test, 'owner', registry.call.registerModel({ fingerprint, architecture, licence: 'MIT', parents: [] }));
}

/** A model with room for one more live round: one more is registered where the first have as many as they may. */
function modelWithRoom(test: TestChain): bigint {
  const { ctx } = test.chain;
  const { rounds, live } = royalty.use(ctx).store;
  for (let model = 0n; ; model++) {
    if (modelOf(ctx, model) === undefined) registerModel(test, model);
    const busy = live.get().filter((id) => rounds.get(id)?.model === model).length;
    if (busy < ROUNDS_PER_MODEL) return model;
  }
}

/** Dispatches a signed call that has to succeed. */
export function call({ chain }: TestChain, who: string, what: Parameters<MockRuntime['dispatch']>[1]): void {
  const outcome = chain.dispatch(Origin.signed(account(who)), what);
  if (outcome !== 'ok') throw new Error(`${what.tag}.${what.value.tag} by ${who}: ${outcome}`);
}

/** What a member does with a post it should send: the post, another one, or silence. */
export type Conduct = (post: TallyPost | SetupPost, member: number) => TallyPost | SetupPost | undefined;
const honest: Conduct = (post) => post;

/** The committee's members and the sealed bodies they find in blocks. */
export class TestCommittee {
  readonly test: TestChain;
  readonly members: CommitteeMember[];
  /** Where each member's vault lies. */
  readonly vaults: readonly string[];
  readonly #sealed: Uint8Array[] = [];
  conduct: Conduct = honest;
  /** What cannot be done is a fault of the test, unless it says otherwise. */
  onError: (error: unknown, duty: string) => void = (error) => {
    throw error;
  };
  /** Outcomes other than `ok` of the last {@link act}. */
  refusals: string[] = [];

  constructor(test: TestChain) {
    this.test = test;
    const folder = mkdtempSync(join(vaults, 'committee-'));
    this.vaults = test.keys.map((_, i) => join(folder, `${i}`));
    this.members = test.keys.map((_, i) => this.#open(i));
  }

  /** A member as it comes up from its vault. */
  #open(index: number): CommitteeMember {
    const { test } = this;
    const pair = test.keys[index] as KeyPair;
    const plain = { seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes };
    return new CommitteeMember({
      genesis: genesisHash(test.chain.ctx),
      publicKey: pair.publicKey,
      sign: (message) => sr25519Sign(pair, message),
      vault: new Vault(this.vaults[index] as string, plain),
      random: test.random,
      evaluator: (paramsId) => kernelEvaluator(fheParams(paramsId)),
      onError: (error, duty) => this.onError(error, duty),
    });
  }

  /** Kills a member and starts it again from the vault that lies there now. */
  restart(index: number): void {
    this.members[index] = this.#open(index);
    for (const sealed of this.#sealed) this.members[index]?.addSealed(sealed);
  }

  addSealed(sealed: Uint8Array): void {
    this.#sealed.push(sealed);
    for (const member of this.members) member.addSealed(sealed);
  }

  /** Everyone posts what the state asks of it. */
  act(): void {
    const { ctx } = this.test.chain;
    const term = committee.apis.CommitteeApi?.methods.term?.run(ctx, {}) as never;
    const live = tally.use(ctx).store.live.get();
    const rounds = live.map((round) => roundInfoOf(ctx, round));
    this.refusals = [];
    const posts = this.members.flatMap((member, index) => {
      return member.act({ number: ctx.block - 1, term, rounds }).map((post) => ({ post, index }));
    });
    for (const { post, index } of posts) this.send(post, index);
  }

  /** Sends one post, as {@link conduct} lets it through. */
  send(signed: SignedPost, validator: number): void {
    const isSetup = signed.pallet === COMMITTEE_PALLET;
    const post = isSetup ? setupPost.codec.dec(signed.post) : tallyPost.codec.dec(signed.post);
    const said = this.conduct(post, validator);
    if (said === undefined) return;
    const outcome =
      said === post ? this.dispatch(said, signed.signature) : this.dispatch(said, this.sign(said, validator));
    if (outcome !== 'ok') this.refusals.push(outcome);
  }

  sign(post: TallyPost | SetupPost, validator: number): Uint8Array {
    const genesis = genesisHash(this.test.chain.ctx);
    const pair = this.test.keys[validator] as KeyPair;
    const [pallet, bytes] = isTallyPost(post) ? [21, tallyPost.codec.enc(post)] : [20, setupPost.codec.enc(post)];
    return sr25519Sign(pair, hash32Of('tacit/post/1', genesis, Uint8Array.of(pallet, 0), bytes));
  }

  dispatch(post: TallyPost | SetupPost, signature: Uint8Array): string {
    const what = isTallyPost(post) ? tally.call.post({ post, signature }) : committee.call.post({ post, signature });
    return this.test.chain.dispatch(Origin.none, what);
  }

  /** Blocks pass, the members acting in each, until `done` or `limit` blocks later. */
  runUntil(done: () => boolean, limit = 60): void {
    const { chain } = this.test;
    const last = chain.ctx.block + limit;
    while (!done()) {
      if (chain.ctx.block >= last) throw new Error('the committee did not get there');
      this.act();
      chain.runToBlock(chain.ctx.block + 1);
    }
  }

  get phase(): string {
    return committee.use(this.test.chain.ctx).store.current.get()?.phase.tag ?? 'none';
  }

  runToActive(): void {
    this.runUntil(() => this.phase === 'Active');
  }
}

function isTallyPost(post: TallyPost | SetupPost): post is TallyPost {
  return 'round' in post;
}

export function kernelEvaluator(params: FheParams) {
  const one = Int32Array.of(1);
  return {
    sum: (ciphertexts: readonly Parameters<typeof weightedSum>[1][number]['ciphertext'][]) =>
      weightedSum(
        params,
        ciphertexts.map((ciphertext) => ({ ciphertext, weights: one })),
      ),
    weightedSum: (terms: Parameters<typeof weightedSum>[1]) => weightedSum(params, terms),
  };
}

export function roundInfoOf(ctx: Context, round: number): RoundInfo {
  return tally.apis.TallyApi?.methods.round?.run(ctx, { round }) as RoundInfo;
}

export const NORM_SQ = 4_000n;
const COORDINATES = 8;
/** Values of each of the two parts, spare coordinates included. */
export const PART_VALUES = COORDINATES + 4;

/** A part of an update with the round's norm, from small whole numbers. */
export function partOf(random: (n: number) => Uint8Array): Int8Array {
  return Int8Array.from(
    completeNorm(
      Array.from(random(COORDINATES), (byte) => (byte % 41) - 20),
      NORM_SQ,
    ),
  );
}

export interface TestRound {
  readonly id: number;
  readonly direction: readonly Int8Array[];
}

/** Under which the owner commits to its directions. */
export const SALT = hash32Of('test/salt', '');

const POOL = 1_000_000_000n;

/** Funds the model's pool and begins a round over it. */
export function beginRound(test: TestChain, changes: Partial<RuleRecord> = {}): TestRound {
  const direction = [partOf(test.random), partOf(test.random)];
  const rule: RuleRecord = {
    parts: [PART_VALUES, PART_VALUES],
    normSq: NORM_SQ,
    reporters: [{ account: account('reporter'), total: 50n }],
    alpha: 100n,
    gamma: 1n,
    tMin: 1n,
    pool: POOL,
    stake: 500_000_000n,
    kMin: 3,
    maxItems: 8,
    openBlocks: 10,
    maxExtensions: 1,
    directions: direction.map((part, index) => directionHash(index, SALT, asBytes(part))),
    ...changes,
  };
  const model = modelWithRoom(test);
  call(test, 'user', royalty.call.fund({ model, amount: rule.pool }));
  call(test, 'owner', royalty.call.createRound({ model, rule }));
  return { id: tally.use(test.chain.ctx).store.nextRound.get() - 1, direction };
}

export function asBytes(values: Int8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.length);
}

export function contextOfRound({ chain }: TestChain, { term, round, paramsId }: Round): RoundContext {
  return { genesis: genesisHash(chain.ctx), term, round, paramsId };
}

export function keysOfRound(test: TestChain, info: RoundInfo): RoundKeys {
  const b = decodeKeyPoly(test.params, info.publicKey as Uint8Array);
  const a = publicA(test.params, contextOfRound(test, info.round));
  return { publicKey: { a, b }, sealKeys: info.sealKeys, maskKeys: info.maskKeys };
}

export function walletSeed(who: string): Uint8Array {
  return hash32Of('test/wallet', who);
}

/** The bytes of an enrolment of `who`. */
export function enrolmentOf(test: TestChain, id: number, who: string): Uint8Array {
  const info = roundInfoOf(test.chain.ctx, id);
  return buildEnrolment({
    params: test.params,
    context: contextOfRound(test, info.round),
    account: account(who),
    maskKeys: info.maskKeys,
    walletSeed: walletSeed(who),
    random: test.random,
  });
}

/** The sealed bytes of a lane's values. */
export function sealedOf(
  test: TestChain,
  id: number,
  who: string,
  lane: number,
  part: number,
  values: ArrayLike<number>,
): Uint8Array {
  const info = roundInfoOf(test.chain.ctx, id);
  const record = info.round.lanes.find((known) => known.lane === lane && known.part === part);
  if (record === undefined) throw new Error('no such lane');
  const { sealed } = buildSubmission({
    params: test.params,
    context: contextOfRound(test, info.round),
    spec: laneSpecOf(record),
    account: account(who),
    keys: keysOfRound(test, info),
    values,
    random: test.random,
  });
  return sealed;
}

/** Enrols `who` and submits both parts; returns them. */
export function contribute(members: TestCommittee, id: number, who: string): Int8Array[] {
  const { test } = members;
  call(test, who, royalty.call.enrol({ round: id, enrolment: enrolmentOf(test, id, who) }));
  const parts = [partOf(test.random), partOf(test.random)];
  parts.forEach((values, part) => {
    submitSealed(members, who, id, 0, part, sealedOf(test, id, who, 0, part, values));
  });
  return parts;
}

export function submitSealed(
  members: TestCommittee,
  who: string,
  round: number,
  lane: number,
  part: number,
  sealed: Uint8Array,
): void {
  call(members.test, who, tally.call.submit({ round, lane, part, sealed }));
  members.addSealed(sealed);
}

/** The reporter's usage counts, padded to the lane. */
export function report(members: TestCommittee, id: number, counts: readonly number[]): void {
  const { maxItems } = (findRound(members.test.chain.ctx, id) as Round).rule;
  const values = Array.from({ length: maxItems }, (_, i) => counts[i] ?? 0);
  submitSealed(members, 'reporter', id, 1, 0, sealedOf(members.test, id, 'reporter', 1, 0, values));
}

export function publish({ test }: TestCommittee, { id, direction }: TestRound): void {
  direction.forEach((part, index) => {
    call(
      test,
      'owner',
      royalty.call.publishDirection({ round: id, part: index, salt: SALT, direction: asBytes(part) }),
    );
  });
}

export function phaseOf({ chain }: TestChain, id: number): string {
  return findRound(chain.ctx, id)?.phase.tag ?? 'none';
}

export interface CompletedRound extends TestRound {
  readonly names: readonly string[];
  readonly updates: Int8Array[][];
}

/** A whole round of honest contributors, up to its end, whatever the members do. */
export function runRound(
  members: TestCommittee,
  names: readonly string[],
  changes: Partial<RuleRecord> = {},
): CompletedRound {
  const { test } = members;
  const begun = beginRound(test, changes);
  const over = (): boolean => ['Settled', 'Failed'].includes(phaseOf(test, begun.id));
  const until = (phase: string): void => members.runUntil(() => over() || phaseOf(test, begun.id) === phase);
  until('Open');
  const updates = over() ? [] : names.map((name) => contribute(members, begun.id, name));
  if (!over()) report(members, begun.id, [20, 5, 25]);
  until('Direction');
  if (!over()) publish(members, begun);
  members.runUntil(over);
  return { ...begun, names, updates };
}
