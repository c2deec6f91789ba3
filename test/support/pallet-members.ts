/** The committee of a test chain: the node's own members, which say and leave unsaid what the test wants. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { CommitteeMember, type SignedPost } from '../../node/committee/member.ts';
import { Vault } from '../../node/committee/vault.ts';
import { committee, COMMITTEE_PALLET, setupPost, type SetupPost } from '../../pallets/committee/index.ts';
import { type Context, Origin } from '../../pallets/support/index.ts';
import { genesisHash } from '../../pallets/system/index.ts';
import { type PartInfo, type RoundInfo, tally, type TallyPost, tallyPost } from '../../pallets/tally/index.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { sealedId } from '../../primitives/proofs/sealed.ts';
import { type KeyPair, sr25519Sign } from '../../primitives/crypto/signature.ts';
import { weightedSum } from '../../primitives/fhe/evaluate.ts';
import { type FheParams, fheParams } from '../../primitives/fhe/params.ts';
import { scratchFolder } from './scratch.ts';
import { type TestChain } from './pallet-chain.ts';

/** The members' vaults. */
const vaults = scratchFolder('committee');

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
    const genesis = genesisHash(test.chain.ctx);
    return new CommitteeMember({
      genesis,
      publicKey: pair.publicKey,
      sign: (message) => sr25519Sign(pair, message),
      vault: new Vault(this.vaults[index] as string, plain, { genesis, takesUnnamed: false }),
      random: test.random,
      folder: vaults,
      // a ciphertext or two: most of them lie in the file
      heldBytes: 30_000,
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

  /** A sealed submission that was in a block, by its id. */
  sealedOf(id: Uint8Array): Uint8Array {
    const found = this.#sealed.find((sealed) => sameBytes(sealedId(sealed), id));
    if (found === undefined) throw new Error('no such submission');
    return found;
  }

  /** Everyone posts what the state asks of it. */
  act(): void {
    const { ctx } = this.test.chain;
    const term = committee.apis.CommitteeApi?.methods.term?.run(ctx, {}) as never;
    const live = tally.use(ctx).store.live.get();
    const rounds = live.map((round) => roundInfoOf(ctx, round));
    this.refusals = [];
    const partOf = (round: number, part: number) => partInfoOf(ctx, round, part);
    const posts = this.members.flatMap((member, index) => {
      return member.act({ number: ctx.block - 1, term, rounds, partOf }).map((post) => ({ post, index }));
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

/** What is public of a part of a round's updates, if it is opened. */
export function partInfoOf(ctx: Context, round: number, part: number): PartInfo | undefined {
  return tally.apis.TallyApi?.methods.part?.run(ctx, { round, part }) as PartInfo | undefined;
}

export function roundInfoOf(ctx: Context, round: number): RoundInfo {
  return tally.apis.TallyApi?.methods.round?.run(ctx, { round }) as RoundInfo;
}
