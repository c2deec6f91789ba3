import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CommitteeLog, CommitteeService } from '../../../node/committee/service.ts';
import { devKeys } from '../../../node/keys.ts';
import { verifyTask } from '../../../node/workers/index.ts';
import { tally, type TallyPost } from '../../../pallets/tally/index.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { encodeBare, type Foreseen } from '../../../runtime/index.ts';
import { asBytes, SALT } from '../../support/committee.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { TestChain } from '../audit/chain.ts';
import { beginRound, contribute, PARTIES, sealed, submit, USERS } from '../audit/round.ts';

type Block = TestChain['head'];

/** A round up to the block that closes it; its direction as extrinsics. */
function closedRound(): { readonly chain: TestChain; readonly direction: readonly Uint8Array[] } {
  const chain = new TestChain({ users: USERS });
  chain.runToActive();
  const parts = beginRound(chain);
  chain.runToPhase(1, 'Open');
  for (const name of PARTIES) contribute(chain, name);
  chain.block();
  submit(chain, 'reporter', LANES.usage, 0, sealed(chain, 'reporter', LANES.usage, 0, [20, 5, 25, 0, 0, 0, 0, 0]));
  while (chain.phase(1) === 'Open') chain.block();
  const direction = parts.map((part, index) => {
    const call = tally.call.publishDirection({ round: 1, part: index, salt: SALT, direction: asBytes(part) });
    return encodeBare(chain.runtime.callTy, call);
  });
  return { chain, direction };
}

/** A node around the service: it says what is final and what is best, and notes what is foreseen and what goes to the pool. */
class TestHost {
  readonly foreseen: string[] = [];
  readonly submitted: string[] = [];
  bestBlock: Block;
  areBodiesHidden = false;
  /** A runtime API that cannot be called. */
  failing: string | undefined;
  readonly #chain: TestChain;
  #finalBlock: Block;
  readonly #listeners = new Map<string, (event: unknown) => void>();
  readonly #bodies = new Map<string, readonly Uint8Array[]>();

  constructor(chain: TestChain) {
    this.#chain = chain;
    this.#finalBlock = chain.head;
    this.bestBlock = chain.head;
  }

  readonly best = () => refOf(this.bestBlock);
  readonly finalized = () => refOf(this.#finalBlock);
  readonly hashByNumber = (number: number) => this.#chain.blocks[number]?.hash;
  readonly body = (hash: string) => {
    if (this.areBodiesHidden) return undefined;
    return this.#bodies.get(hash) ?? this.#chain.blocks.find((one) => one.hash === hash)?.body;
  };
  readonly callsIn = (bytes: Uint8Array) => this.#chain.runtime.callsIn(bytes);
  readonly call = (hash: string, method: string, input: Uint8Array) => {
    if (method === this.failing) throw new Error('the database is away');
    return this.#chain.runtime.call(this.#at(hash).state, fromHex(hash), method, input, { verify: verifyTask });
  };

  readonly foresee = (hash: string): Foreseen => {
    const { apply, call } = this.#chain.runtime.foresee(this.#at(hash).state, fromHex(hash), { verify: verifyTask });
    return {
      call,
      apply: (bytes) => {
        this.foreseen.push(toHex(bytes));
        return apply(bytes);
      },
    };
  };

  readonly submit = (bytes: Uint8Array) => Promise.resolve(this.submitted.push(toHex(bytes)));

  readonly on = (event: string, listener: (event: never) => void) => {
    this.#listeners.set(event, listener as never);
    return () => this.#listeners.delete(event);
  };

  get listens(): readonly string[] {
    return [...this.#listeners.keys()];
  }

  pool(bytes: Uint8Array): void {
    this.#listeners.get('transaction')?.({ bytes });
  }

  /** A block of a branch that is not the best one. */
  block(body: readonly Uint8Array[]): void {
    const hash = `0x${this.#bodies.size.toString(16).padStart(64, 'f')}`;
    this.#bodies.set(hash, body);
    this.#listeners.get('imported')?.({ ref: { hash, number: 0 } });
  }

  finalize(block: Block): void {
    this.#finalBlock = block;
    this.#listeners.get('finalized')?.({ ref: refOf(block) });
  }

  #at(hash: string): Block {
    return this.#chain.blocks.find((one) => one.hash === hash)!;
  }
}

const refOf = ({ hash, header }: Block) => ({ hash, number: header.number });
const hexOf = (extrinsics: readonly Uint8Array[]): string[] => extrinsics.map((bytes) => toHex(bytes));
const looked = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('node/committee: what the service hears', function () {
  this.timeout(240_000);
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

  interface Serving {
    readonly chain: TestChain;
    readonly isMember?: boolean;
    readonly log?: CommitteeLog;
    readonly shelf?: { readonly folder: string; readonly heldBytes?: number };
  }

  async function serve(host: TestHost, { isMember = true, chain, log = silent, shelf }: Serving) {
    const { committee } = await devKeys('//Alice');
    const folder = scratchFolder('service');
    const vaultPath = join(folder, 'committee.vault');
    const validator = isMember ? { committee, vaultPath, takesUnnamed: false, tamper: undefined } : undefined;
    const start = { genesis: chain.genesis, folder, ...shelf, validator };
    const service = new CommitteeService(host as never, start, log);
    await service.start();
    return service;
  }

  it('takes note of every post of a block', async () => {
    const { chain } = closedRound();
    const host = new TestHost(chain);
    chain.actAhead();
    const posts = chain.waitingBytes();
    const service = await serve(host, { chain });
    host.block(posts);
    await looked();
    await service.stop();
    expect(posts.length).to.be.greaterThan(1);
    expect(host.foreseen).to.have.members(hexOf(posts));
  });

  it('acts on a direction while blocks above the best one have time for it, however far finality is behind', async () => {
    const { chain, direction } = closedRound();
    const host = new TestHost(chain);
    chain.runToPhase(1, 'Direction');
    const [early, { deadline }] = [chain.head, tally.use(chain.ctx).store.rounds.get(1)!];
    while (chain.head.header.number < deadline - chain.params.n) chain.block();
    expect(chain.phase(1)).to.equal('Direction');
    host.bestBlock = chain.head;
    const service = await serve(host, { chain });
    for (const part of direction) host.pool(part);
    await looked();
    expect(host.foreseen).to.deep.equal([]);
    host.bestBlock = early;
    // Something else is heard of: the service looks again.
    const before: Uint8Array[] = chain.blocks.flatMap(({ body }) => body).filter((bytes) => isReveal(chain, bytes));
    host.pool(before[0]!);
    await looked();
    await service.stop();
    expect(host.foreseen).to.include.members(hexOf(direction));
  });

  it('brings a direction out of a branch that nobody follows to the pool at once, and again until it is final', async () => {
    const { chain, direction } = closedRound();
    const host = new TestHost(chain);
    const service = await serve(host, { chain });
    host.block(direction);
    await looked();
    expect(host.submitted).to.deep.equal(hexOf(direction));
    for (let blocks = 0; blocks < 3; blocks++) {
      expect(host.submitted).to.deep.equal(hexOf(direction));
      chain.block();
      host.bestBlock = chain.head;
      host.block([]);
    }
    await service.stop();
    expect(host.submitted).to.deep.equal(hexOf([...direction, ...direction]));
  });

  it('of a node that posts nothing foresees nothing', async () => {
    const { chain } = closedRound();
    const host = new TestHost(chain);
    const service = await serve(host, { chain, isMember: false });
    const { listens } = host;
    await service.stop();
    expect(listens).to.deep.equal(['finalized']);
  });

  it('of a node that posts nothing evaluates a round whose openings began and ended between two final blocks', async () => {
    const { chain, direction } = closedRound();
    const host = new TestHost(chain);
    const heard = Promise.withResolvers<unknown>();
    const tell = (facts: object): void => heard.resolve(facts);
    const service = await serve(host, { chain, isMember: false, log: { info: tell, warn: tell, error: tell } });
    for (const part of direction) chain.queue(part);
    chain.runToPhase(1, 'Settled');
    host.finalize(chain.head);
    const facts = await heard.promise;
    await service.stop();
    expect(facts).to.include({ round: 1 });
  });

  it('asks again for the bodies that were not there when it looked, and says it once', async () => {
    const { chain, direction } = closedRound();
    const host = new TestHost(chain);
    const heard = Promise.withResolvers<unknown>();
    const warned: object[] = [];
    const log = {
      info: (facts: object) => heard.resolve(facts),
      warn: (facts: object) => void warned.push(facts),
      error: (facts: object) => heard.resolve(facts),
    };
    host.areBodiesHidden = true;
    const service = await serve(host, { chain, isMember: false, log });
    const missing = warned.length;
    chain.block();
    host.finalize(chain.head);
    expect([missing > 0, warned.length - missing]).to.deep.equal([true, 0]);
    host.areBodiesHidden = false;
    chain.block();
    host.finalize(chain.head);
    for (const part of direction) chain.queue(part);
    chain.runToPhase(1, 'Settled');
    host.finalize(chain.head);
    const facts = await heard.promise;
    await service.stop();
    expect(facts).to.include({ round: 1 });
    expect(warned).to.have.length(missing);
  });

  it('tells the thread later of opened parts that a look which failed did not come to tell', async () => {
    const { chain, direction } = closedRound();
    const host = new TestHost(chain);
    const heard = Promise.withResolvers<unknown>();
    const failed: object[] = [];
    const log = { info: heard.resolve, warn: heard.resolve, error: (facts: object) => void failed.push(facts) };
    const service = await serve(host, { chain, isMember: false, log });
    for (const part of direction) chain.queue(part);
    chain.runToPhase(1, 'Payout');
    host.failing = 'CommitteeApi_term';
    host.finalize(chain.head);
    expect(failed).to.have.length(1);
    host.failing = undefined;
    chain.runToPhase(1, 'Settled');
    host.finalize(chain.head);
    const facts = await heard.promise;
    await service.stop();
    expect(facts).to.include({ round: 1 });
    expect(failed).to.have.length(1);
  });

  it('tells the thread again what its disk had no room for', async () => {
    const { chain, direction } = closedRound();
    const host = new TestHost(chain);
    const [full, heard] = [Promise.withResolvers<object>(), Promise.withResolvers<object>()];
    const folder = join(scratchFolder('service'), 'shelf');
    writeFileSync(folder, '');
    const log = { info: heard.resolve, warn: full.resolve, error: heard.resolve };
    const service = await serve(host, { chain, isMember: false, log, shelf: { folder, heldBytes: 0 } });
    expect(await full.promise).to.include({ code: 'evaluation/shelf' });
    rmSync(folder);
    for (const part of direction) chain.queue(part);
    chain.runToPhase(1, 'Settled');
    host.finalize(chain.head);
    const facts = await heard.promise;
    await service.stop();
    expect(facts).to.include({ round: 1 });
  });
});

function isReveal(chain: TestChain, bytes: Uint8Array): boolean {
  const [only] = chain.runtime.callsIn(bytes);
  if (only?.call.tag !== 'Tally' || only.call.value.tag !== 'post') return false;
  return (only.call.value.value as { post: TallyPost }).post.body.tag === 'Reveal';
}
