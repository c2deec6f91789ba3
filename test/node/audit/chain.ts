/**
 * A chain in memory on the whole runtime, with the node's own committee members: real keys, proofs, shares, seals and justifications, test parameters. What the
 * members say, and the runtime itself, can be replaced, so that a chain exists that should not.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { genesisBlock, readingContext } from '../../../node/audit/replay.ts';
import type { BlockSource, StoredBlock } from '../../../node/audit/types.ts';
import { commitRun } from '../../../node/chain/execute.ts';
import { encodeHeader, headerHash } from '../../../node/base/header.ts';
import type { Header } from '../../../node/base/types.ts';
import { Foresight } from '../../../node/committee/foresight.ts';
import { CommitteeMember, type FinalizedView } from '../../../node/committee/member.ts';
import { Vault } from '../../../node/committee/vault.ts';
import { sealHeader, slotDigest } from '../../../node/base/seal.ts';
import { encodeJustification } from '../../../node/consensus/grandpa/index.ts';
import { votePayload } from '../../../node/consensus/grandpa/formats.ts';
import { BlockStore, type KeyValue } from '../../../node/db/index.ts';
import { committee, COMMITTEE_PALLET, postText, setupPost, type SetupPost } from '../../../pallets/committee/index.ts';
import type { AnyPallet, Context, RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import {
  openedPart,
  partInfo,
  type RoundInfo,
  roundInfo,
  tally,
  type TallyPost,
  tallyPost,
} from '../../../pallets/tally/index.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import {
  ed25519FromSeed,
  ed25519Sign,
  type KeyPair,
  sr25519FromSeed,
  sr25519Sign,
} from '../../../primitives/crypto/signature.ts';
import { weightedSum } from '../../../primitives/fhe/evaluate.ts';
import { type FheParams, fheParams } from '../../../primitives/fhe/params.ts';
import type { Ciphertext } from '../../../primitives/fhe/types.ts';
import { stepIndex } from '../../../primitives/round/phases.ts';
import { option, tuple, u8, u32 } from '../../../primitives/scale/index.ts';
import { orderedRoot, type Trie } from '../../../primitives/trie/index.ts';
import {
  encodeBare,
  encodeSigned,
  makeRuntime,
  runtime as productRuntime,
  type Runtime,
} from '../../../runtime/index.ts';
import { verifyTask } from '../../../node/workers/index.ts';
import { scratchFolder } from '../../support/scratch.ts';

/** A direction comes before the step that waits for it. */
const DIRECTION = stepIndex('Aggregate') - 0.5;

const SLOT_MS = 2000;
const FIRST_SLOT = 800_000_000;
const FUNDS = 10n ** 12n;

export const keyOf = (name: string): KeyPair => sr25519FromSeed(hash32Of('test/key', name));

/** The genesis of `paramsId`'s committee and of funded accounts. */
export function genesisSpec(paramsId: string, users: readonly string[]) {
  const { n } = fheParams(paramsId);
  const validators = Array.from({ length: n }, (_, i) => ({
    account: keyOf(`validator ${i}`).publicKey,
    keys: {
      aura: keyOf(`aura ${i}`).publicKey,
      grandpa: grandpaKey(i).publicKey,
      committee: keyOf(`committee ${i}`).publicKey,
    },
  }));
  const funded = [...validators.map(({ account }) => account), ...users.map((name) => keyOf(name).publicKey)];
  return {
    id: 'test',
    genesis: {
      balances: { accounts: funded.map((who) => [who, FUNDS] as const) },
      session: { bond: 10_000_000n, validators },
      committee: { paramsId, setupBlocks: 8, retryBlocks: 5, termRounds: 50, slash: 1_000n },
      // A bin is closed in the block after its first notes.
      parameters: { BinLeast: 1n, BinWait: 1n },
      tally: { stepBlocks: 8, lateWindow: 6, leastK: 2, depositBase: 500n, depositPerByte: 0n },
    },
  };
}

/** Validator 0 votes with another key in the second set. */
export const grandpaKey = (index: number, setId = 0n): KeyPair =>
  ed25519FromSeed(hash32Of('test/grandpa', index, index === 0 ? setId : 0n));

export interface ChainOptions {
  readonly paramsId?: string;
  readonly users?: readonly string[];
  /** The state machine that makes the blocks, right or wrong. */
  readonly runtime?: Runtime;
  /** What a member says instead of the truth. */
  readonly tamper?: (post: TallyPost, member: number) => TallyPost;
  /** The same in the set-up of a term. */
  readonly tamperSetup?: (post: SetupPost, member: number) => SetupPost;
  /** How many blocks a member's posts come late. */
  readonly late?: (post: TallyPost, member: number) => number;
}

interface Made extends StoredBlock {
  readonly state: Trie;
  /** What the block added to the stored state. */
  readonly inserted: ReadonlyMap<string, Uint8Array>;
}

/** The members' vaults. */
const vaults = scratchFolder('audit');

export class TestChain {
  readonly params: FheParams;
  readonly spec: ReturnType<typeof genesisSpec>;
  readonly runtime: Runtime;
  readonly blocks: Made[] = [];
  readonly random: (n: number) => Uint8Array;
  /** Whether all members post every step, the last of them when it is decided already. */
  inChorus = false;
  /** Whether members act on a direction that no block holds. */
  takesDirection = true;
  /** What each member hears before blocks hold it. */
  readonly foresights: readonly Foresight[];
  readonly #options: ChainOptions;
  readonly #members: CommitteeMember[];
  readonly #sent = new Set<string>();
  readonly #nonces = new Map<string, number>();
  /** Extrinsics that wait for a block, with the number of the first that may take them. */
  #queue: { bytes: Uint8Array; from: number; isLate: boolean; order: number }[] = [];
  readonly #sealed: Uint8Array[] = [];

  constructor(options: ChainOptions = {}) {
    const { paramsId = 'tacit-test-256-n4', users = [], runtime = productRuntime } = options;
    const prg = new Prg(hash32Of('test/audit'));
    this.#options = options;
    this.params = fheParams(paramsId);
    this.runtime = runtime;
    this.random = (n) => prg.next(n);
    this.spec = genesisSpec(paramsId, users);
    const { applied, header } = genesisBlock(runtime, this.spec);
    const first = { hash: headerHash(header), header, body: [], justification: undefined, state: applied.trie };
    this.blocks.push({ ...first, inserted: applied.inserted });
    this.foresights = Array.from({ length: this.params.n }, () => {
      return new Foresight({
        callsIn: (bytes) => runtime.callsIn(bytes),
        foresee: () => runtime.foresee(this.head.state, fromHex(this.head.hash), { verify: verifyTask }),
      });
    });
    const folder = mkdtempSync(join(vaults, 'chain-'));
    const plain = { seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes };
    this.#members = Array.from({ length: this.params.n }, (_, i) => {
      const key = keyOf(`committee ${i}`);
      const { tamper } = options;
      return new CommitteeMember({
        genesis: this.genesis,
        publicKey: key.publicKey,
        sign: (message) => sr25519Sign(key, message),
        vault: new Vault(join(folder, `${i}`), plain, { genesis: this.genesis, takesUnnamed: false }),
        random: this.random,
        folder,
        heldBytes: 1 << 20,
        evaluator: (id) => kernelEvaluator(fheParams(id)),
        onError(error) {
          throw error;
        },
        ...(tamper && { tamper: (post: TallyPost) => tamper(post, i) }),
      });
    });
  }

  get genesis(): Uint8Array {
    return fromHex(this.blocks[0]!.hash);
  }

  get head(): Made {
    return this.blocks.at(-1)!;
  }

  /** The state after the last block. */
  get ctx(): Context {
    const { state, header, hash } = this.head;
    return readingContext(this.runtime, state, { number: header.number, hash: fromHex(hash) });
  }

  /** Queues a signed call. */
  call(who: string, call: RuntimeCall): void {
    const pair = keyOf(who);
    const nonce = this.#nonces.get(who) ?? system.use(this.ctx).store.account.get(pair.publicKey).nonce;
    this.#nonces.set(who, nonce + 1);
    const sign = (payload: Uint8Array) => ({ tag: 'Sr25519' as const, value: sr25519Sign(pair, payload) });
    const facts = { specVersion: 1, transactionVersion: 1, genesisHash: this.genesis, birthHash: this.genesis };
    const wish = { account: pair.publicKey, nonce, sign };
    this.queue(encodeSigned(this.runtime.callTy, call, wish, facts));
  }

  /** Queues a part of a direction, which goes before the step that waits for it. */
  show(call: RuntimeCall): void {
    this.queue(encodeBare(this.runtime.callTy, call), 0, DIRECTION);
  }

  unsigned(call: RuntimeCall): void {
    this.queue(encodeBare(this.runtime.callTy, call));
  }

  /** @param order among those of a block, for posts of members that do not wait for one */
  queue(bytes: Uint8Array, delay = 0, order = -1): void {
    this.#queue.push({ bytes, from: this.head.header.number + 1 + delay, isLate: delay > 0, order });
  }

  /** The members find it in the body of the next block. */
  addSealed(sealed: Uint8Array): void {
    this.#sealed.push(sealed);
  }

  /** Everyone posts what the last block asks of it, as if that were final. */
  act(): void {
    const { ctx } = this;
    this.#members.forEach((_, index) => this.#actAs(index, this.#view(ctx)));
  }

  /**
   * Everyone posts what the last block asks of it and what others have posted since, as it hears of it, until nobody has anything to say. What is said stands in the queue
   * in the order in which a member may hear of it.
   */
  actAhead(): void {
    const { ctx, head } = this;
    const closed = this.#live(ctx).filter(({ round }) => round.closedAt !== undefined);
    for (let before = -1; before < this.#queue.length; ) {
      before = this.#queue.length;
      // In chorus nobody hears the others of the same turn.
      const heard = [...this.#queue];
      this.#members.forEach((_, index) => {
        const foresight = this.foresights[index]!;
        for (const { bytes } of this.inChorus ? heard : this.#queue) foresight.note(bytes);
        const asked = closed.map((final) => ({ final, takesDirection: this.takesDirection }));
        const rounds = foresight.look(head.hash, asked).map((bytes) => roundInfo.codec.dec(bytes));
        const { call } = foresight;
        const partOf = (round: number, part: number) =>
          call && option(partInfo).codec.dec(call('TallyApi_part', tuple(u32, u8).codec.enc([round, part])));
        const ahead = new Map(rounds.map((info) => [info.round.round, info]));
        this.#actAs(index, { ...this.#view(ctx), ...(call && { partOf }), foreseen: ahead });
      });
    }
    this.#queue.sort((a, b) => a.order - b.order);
  }

  /** All that waits for a block, in the order in which it may stand there. */
  queued(): Uint8Array[] {
    return this.#queue.map(({ bytes }) => bytes);
  }

  /** Posts of rounds that wait for a block, as bytes and decoded. */
  waitingBytes(): Uint8Array[] {
    return this.#queue.filter(({ order }) => order !== DIRECTION && order >= 0).map(({ bytes }) => bytes);
  }

  waiting(): TallyPost[] {
    return this.waitingBytes().map((bytes) => {
      const [only] = this.runtime.callsIn(bytes);
      return (only!.call.value.value as { post: TallyPost }).post;
    });
  }

  /** All that waits is gone, and nobody remembers having heard of it. */
  lose(): void {
    this.#queue = [];
    for (const foresight of this.foresights) foresight.keepOnly([]);
  }

  /** What members name as due goes out again, though it has been sent before. */
  resend(): void {
    this.#sent.clear();
  }

  #live(ctx: Context): RoundInfo[] {
    return tally
      .use(ctx)
      .store.live.get()
      .map((round) => this.round(round));
  }

  #view(ctx: Context): FinalizedView {
    const term = committee.apis.CommitteeApi?.methods.term?.run(ctx, {}) as never;
    return { number: ctx.block, term, rounds: this.#live(ctx), partOf: (round, part) => openedPart(ctx, round, part) };
  }

  #actAs(index: number, view: FinalizedView): void {
    for (const { pallet, duty, post, signature } of this.#members[index]!.act(view)) {
      const name = `${index}/${pallet}/${duty}`;
      if (this.#sent.has(name)) continue;
      this.#sent.add(name);
      if (pallet === COMMITTEE_PALLET) {
        this.#postSetup(setupPost.codec.dec(post), signature, index);
      } else {
        const said = tallyPost.codec.dec(post);
        const bytes = encodeBare(this.runtime.callTy, tally.call.post({ post: said, signature }));
        this.queue(bytes, this.#options.late?.(said, index) ?? 0, stepIndex(said.body.tag) + said.attempt / 256);
      }
    }
  }

  #postSetup(honest: SetupPost, signature: Uint8Array, member: number): void {
    const post = this.#options.tamperSetup?.(honest, member) ?? honest;
    const text = postText(this.genesis, COMMITTEE_PALLET, setupPost.codec.enc(post));
    const signed = post === honest ? signature : sr25519Sign(keyOf(`committee ${member}`), text);
    this.unsigned(committee.call.post({ post, signature: signed }));
  }

  round(round: number) {
    return tally.apis.TallyApi?.methods.round?.run(this.ctx, { round }) as never;
  }

  /** Makes the next block of all that waits for it. */
  block(): Made {
    const { runtime, head } = this;
    const number = head.header.number + 1;
    const slot = FIRST_SLOT + number;
    const preRuntime = slotDigest(slot);
    const host = { verify: verifyTask };
    const start = { parentHash: fromHex(head.hash), number, digest: [preRuntime] };
    const run = runtime.begin(head.state, start, host);
    const due = this.#queue.filter(({ from }) => from <= number);
    this.#queue = this.#queue.filter(({ from }) => from > number);
    const body: Uint8Array[] = [];
    for (const { bytes, isLate, order } of [
      ...run.inherents(BigInt(slot * SLOT_MS)).map((bytes) => ({ bytes, isLate: false, order: -1 })),
      ...due,
    ]) {
      const outcome = run.apply(bytes);
      if (outcome === 'ok') body.push(bytes);
      // What comes late may be too late, and secrets that stand already are in no block: a real pool drops them.
      else if (!isLate && order < 0) throw new Error(`an extrinsic of block ${number}: ${JSON.stringify(outcome)}`);
    }
    for (const { pallet, name, data } of run.ctx.events) {
      if (pallet === 'System' && name === 'ExtrinsicFailed') {
        const { dispatchError } = data as { dispatchError: Parameters<typeof runtime.composition.errorName>[0] };
        throw new Error(`block ${number}: ${runtime.composition.errorName(dispatchError)}`);
      }
    }
    const { changes, digestLogs } = run.finish();
    const applied = commitRun(head.state, changes);
    const unsealed: Header = {
      parentHash: start.parentHash,
      number,
      stateRoot: applied.root,
      extrinsicsRoot: orderedRoot(body),
      digest: { logs: [preRuntime, ...digestLogs] },
    };
    const header = sealHeader(unsealed, keyOf(`aura ${slot % this.params.n}`));
    const { trie: state, inserted } = applied;
    const made = { hash: headerHash(header), header, body, justification: undefined, state, inserted };
    this.blocks.push(made);
    for (const sealed of this.#sealed.splice(0)) for (const member of this.#members) member.addSealed(sealed);
    return made;
  }

  runUntil(done: () => boolean, limit = 60): void {
    const last = this.head.header.number + limit;
    while (!done()) {
      if (this.head.header.number >= last) throw new Error('the committee did not get there');
      this.act();
      this.block();
    }
  }

  phase(round: number): string {
    return tally.use(this.ctx).store.rounds.get(round)?.phase.tag ?? 'none';
  }

  runToPhase(round: number, ...phases: string[]): void {
    this.runUntil(() => phases.includes(this.phase(round)));
  }

  runToActive(): void {
    this.runUntil(() => committee.use(this.ctx).store.current.get()?.phase.tag === 'Active');
  }

  /** Has `voters` finalize block `number`; the last of them votes for `ahead` blocks above it. */
  finalize(number: number, voters: readonly number[] = this.#voters(), { ahead = 0, setId = 0n } = {}): void {
    const at = (height: number) => ({ hash: this.blocks[height]!.hash, number: height });
    const target = at(number);
    const precommits = voters.map((voter, i) => {
      const vote = at(number + (i === voters.length - 1 ? ahead : 0));
      const key = grandpaKey(voter, setId);
      const signature = ed25519Sign(key, votePayload(setId, 7n, 'precommit', vote));
      return { target: vote, signature, id: toHex(key.publicKey) };
    });
    const headers = new Map(this.blocks.map(({ hash, header }) => [hash, header]));
    const justification = encodeJustification(7n, { target, precommits }, (hash) => headers.get(hash));
    this.blocks[number] = { ...this.blocks[number]!, justification };
  }

  /** As many as are needed. */
  #voters(): number[] {
    return Array.from({ length: this.params.n - this.params.f }, (_, i) => i + this.params.f);
  }

  /** Every fifth block and the head. */
  finalizeAll(): void {
    const last = this.head.header.number;
    for (let number = 5; number < last; number += 5) {
      this.finalize(number, this.#voters(), { ahead: number < last - 2 ? 2 : 0 });
    }
    this.finalize(last);
  }

  source(change: (block: StoredBlock) => StoredBlock = (block) => block): BlockSource {
    const { hash, header } = this.head;
    return {
      finalized: () => Promise.resolve({ hash, number: header.number }),
      block: (number) => Promise.resolve(change(this.blocks[number]!)),
      close: () => Promise.resolve(),
    };
  }

  /** Writes the chain as a node does. */
  async store(kv: KeyValue): Promise<void> {
    const store = new BlockStore(kv);
    const enacted = [];
    for (const { hash, header, body, inserted, justification } of this.blocks) {
      const ref = { hash, number: header.number };
      const block = { ref, header: encodeHeader(header), body, trie: inserted };
      if (ref.number === 0) {
        await store.initialize(block);
        continue;
      }
      await store.addBlock(block);
      enacted.push(ref);
      if (justification === undefined) continue;
      await store.finalize({ enacted: enacted.splice(0), pruned: [], justification: { hash, bytes: justification } });
    }
  }
}

/** The product's runtime with pallets that do something more at the end of a block, and with more pallets. */
export function runtimeThat(
  hooks: Readonly<Record<string, (ctx: Context) => void>>,
  more: readonly AnyPallet[] = [],
): Runtime {
  const pallets = [...productRuntime.composition.pallets, ...more].map((pallet) => {
    const hook = hooks[pallet.name];
    if (hook === undefined) return pallet;
    return {
      ...pallet,
      finalize(ctx: Context) {
        pallet.finalize(ctx);
        hook(ctx);
      },
    };
  });
  const { specName, implName, specVersion, transactionVersion } = productRuntime.version;
  return makeRuntime(pallets, { specName, implName, specVersion, transactionVersion });
}

function kernelEvaluator(params: FheParams) {
  const one = Int32Array.of(1);
  return {
    sum: (ciphertexts: readonly Ciphertext[]) =>
      weightedSum(
        params,
        ciphertexts.map((ciphertext) => ({ ciphertext, weights: one })),
      ),
    weightedSum: (terms: Parameters<typeof weightedSum>[1]) => weightedSum(params, terms),
  };
}
