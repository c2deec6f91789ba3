import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { slotClaim } from '../../pallets/aura/index.ts';
import { checkIssuance, holdings } from '../../pallets/balances/index.ts';
import {
  checkPallets,
  Context,
  type DigestItem,
  type EventRecord,
  fromLatin1,
  type Host,
  MemoryState,
  type RuntimeCall,
  storagePrefix,
  verifySignature,
  type Changes,
  Journal,
  JournalOverlay,
  remembered,
} from '../../pallets/support/index.ts';
import { builtinSpec, type ChainSpec } from '../../chain-spec/index.ts';
import {
  type ApplyOutcome,
  encodeSigned,
  headerHash,
  type MortalEra,
  runtime as product,
  type Runtime,
} from '../../runtime/index.ts';

const keyring = new Keyring({ type: 'sr25519' });
/** A development account. */
export const dev = (name: string): KeyringPair => keyring.createFromUri(`//${name}`);

export interface BlockDone {
  outcomes: ApplyOutcome[];
  events: readonly EventRecord[];
  digestLogs: readonly DigestItem[];
}

/** A runtime with a state in memory and blocks one slot apart. After every block money is conserved, and what pallets declare of their state holds. */
export class TestChain {
  readonly runtime: Runtime;
  readonly state = new MemoryState();
  readonly genesisHash: Uint8Array;
  readonly host: Host = { verify: verifySignature };
  hash: Uint8Array;
  number = 0;
  slot = 1000n;
  readonly #checks: readonly ((ctx: Context) => void)[];
  readonly #journal = new Journal();

  constructor(spec: ChainSpec = builtinSpec('dev')!, runtime: Runtime = product) {
    this.runtime = runtime;
    this.#checks = [remembered(checkIssuance), checkPallets(runtime.composition.pallets, holdings)];
    const genesis = runtime.genesis(spec);
    this.state.apply(genesis.changes);
    this.hash = headerHash(genesis.header(new Uint8Array(32)));
    this.genesisHash = this.hash;
  }

  signed(
    pair: KeyringPair,
    call: RuntimeCall,
    nonce: number,
    wish: { tip?: bigint; era?: MortalEra; birthHash?: Uint8Array } = {},
  ): Uint8Array {
    const { birthHash = this.genesisHash, ...rest } = wish;
    const sign = (payload: Uint8Array) => ({ tag: 'Sr25519' as const, value: pair.sign(payload) });
    const facts = { ...this.runtime.version, genesisHash: this.genesisHash, birthHash };
    return encodeSigned(this.runtime.callTy, call, { account: pair.publicKey, nonce, ...rest, sign }, facts);
  }

  begin(digest: DigestItem[] = [slotClaim(this.slot + 1n)]) {
    return this.runtime.begin(this.state, { parentHash: this.hash, number: this.number + 1, digest }, this.host);
  }

  block(extrinsics: Uint8Array[] = []): BlockDone {
    const run = this.begin();
    this.slot++;
    this.number++;
    const inherents = run.inherents(this.slot * 2000n + 7n).map((each) => run.apply(each));
    if (inherents.some((outcome) => outcome !== 'ok')) throw new Error(`inherents: ${JSON.stringify(inherents)}`);
    const outcomes = extrinsics.map((each) => run.apply(each));
    const { changes, digestLogs } = run.finish();
    this.apply(changes);
    this.hash = headerHash({
      parentHash: this.hash,
      number: this.number,
      stateRoot: new Uint8Array(32),
      extrinsicsRoot: new Uint8Array(32),
      digest: { logs: [slotClaim(this.slot), ...digestLogs] },
    });
    for (const check of this.#checks) check(this.ctx());
    this.#checkEvents(run.ctx.events);
    return { outcomes, events: run.ctx.events, digestLogs };
  }

  /** The changes of a block come into the state. */
  apply(changes: Changes): void {
    this.state.apply(changes);
    for (const key of changes.keys()) this.#journal.wrote(key);
  }

  /** What stands in the state is what was emitted: nothing of a failed call is left in it. */
  #checkEvents(emitted: readonly EventRecord[]): void {
    const stored = this.runtime.eventsTy.codec.dec(this.state.get(fromLatin1(storagePrefix('System', 'Events')))!);
    const names = (list: string[]): string => list.join(' ');
    const found = names(stored.map(({ event }) => `${event.tag}.${event.value.tag}`));
    if (found !== names(emitted.map(({ pallet, name }) => `${pallet}.${name}`)))
      throw new Error(`stored events differ: ${found}`);
  }

  /** A context to read the latest state with. */
  ctx(): Context {
    const start = { parentHash: this.hash, number: this.number, digest: [] };
    return new Context(this.runtime.composition, new JournalOverlay(this.state, this.#journal), start, this.host);
  }

  snapshot(): Map<string, string> {
    return new Map(
      this.state
        .entries(new Uint8Array())
        .map(([key, value]) => [Buffer.from(key).toString('hex'), Buffer.from(value).toString('hex')]),
    );
  }
}
