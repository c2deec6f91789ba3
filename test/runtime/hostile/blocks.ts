/** A chain that goes on from a scene, with blocks of drawn calls, and what is looked at after each of them. */
import { CHECK, CheckBook, type CheckReport } from '../../../node/audit/book.ts';
import { DepositAudit } from '../../../node/audit/deposits.ts';
import { slotClaim } from '../../../pallets/aura/index.ts';
import { checkIssuance, holdings } from '../../../pallets/balances/index.ts';
import {
  type Changes,
  checkPallets,
  Context,
  type HeldCall,
  MemoryState,
  Origin,
  Overlay,
  type RuntimeCall,
  Journal,
  JournalOverlay,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { u32, u64 } from '../../../primitives/scale/index.ts';
import { encodeBare, encodeSigned, runtime } from '../../../runtime/index.ts';
import { Caller, type Drawn, originOf } from './draw.ts';
import { type Growth, GrowthGauge } from './growth.ts';
import { Known } from './known.ts';
import { Random } from './random.ts';
import { accountsIn, opened, type Scene, sceneOf } from './scene.ts';

/** So many draws are tried to find a call that succeeds. */
const TRIES = 16;
/** Of what was made on the way so much is remembered. */
const REMEMBERED = 200;
const FIRST_SLOT = 900_000_000n;

const NONE: Growth = { entries: 0, bytes: 0, paid: 0n };

class Undo extends Error {}

/** A call that stands in a block. */
export interface Done {
  readonly call: RuntimeCall;
  readonly outcome: string;
  readonly growth: Growth;
}

type Run = ReturnType<typeof runtime.begin>;

/** What is left of the block that a scene stands in. */
function ended(scene: Scene): Changes {
  const ctx = opened(scene);
  const { composition } = runtime;
  const slot = ctx.header.digest.flatMap(({ tag, value }) => (tag === 'PreRuntime' ? u64.codec.dec(value[1]) : []))[0]!;
  for (const pallet of composition.pallets) {
    const call = pallet.inherentCall(ctx, slot * 2000n + 7n);
    // It may stand in the block already.
    if (call !== undefined) composition.dispatch(ctx, Origin.none, call);
  }
  composition.finalize(ctx);
  return ctx.changes();
}

export class Blocks {
  readonly #state = new MemoryState();
  readonly #caller = new Caller(runtime.composition.pallets);
  readonly #gauge = new GrowthGauge(runtime.composition);
  readonly #checks = [remembered(checkIssuance), checkPallets(runtime.composition.pallets, holdings)];
  readonly #journal = new Journal();
  readonly #inner: readonly RuntimeCall[];
  readonly #history: HeldCall[];
  readonly #book = new CheckBook();
  readonly #deposits: DepositAudit;
  readonly #faults: unknown[] = [];
  readonly #host = { verify: () => true, report: (error: unknown): unknown => this.#faults.push(error) };
  #number: number;
  #before: Context;
  #run: Run;
  #known: Known;

  constructor(scene: Scene) {
    const { state, header, known } = scene;
    this.#state.apply(new Map(new Overlay(state).entries('')));
    this.#state.apply(ended(scene));
    this.#number = header.number;
    this.#inner = known.calls;
    this.#history = [...known.history];
    this.#before = this.#reading();
    this.#deposits = new DepositAudit(this.#before, runtime.composition.pallets, this.#book);
    this.#run = this.#begin();
    this.#known = this.#look();
  }

  /** A copy of the state as it stands now, to be read. */
  #reading(): Context {
    const copy = new MemoryState();
    copy.apply(new Map(new Overlay(this.#state).entries('')));
    const start = { parentHash: new Uint8Array(32), number: this.#number, digest: [] };
    return new Context(runtime.composition, new Overlay(copy), start, this.#host);
  }

  #begin(): Run {
    this.#number++;
    const slot = FIRST_SLOT + BigInt(this.#number);
    const parentHash = blake2b256(u32.codec.enc(this.#number - 1));
    const run = runtime.begin(this.#state, { parentHash, number: this.#number, digest: [slotClaim(slot)] }, this.#host);
    for (const inherent of run.inherents(slot * 2000n + 7n))
      if (run.apply(inherent) !== 'ok') throw new Error('an inherent was refused');
    return run;
  }

  #look(): Known {
    return new Known(this.#run.ctx, runtime.composition.pallets, this.#history.slice(-REMEMBERED), this.#inner);
  }

  /** A drawn call is put into the block; one that succeeds, if that is wished and one is found. */
  call(seed: number, isToSucceed: boolean): Done {
    const draws = this.#caller.draws(this.#known, accountsIn(this.#run.ctx), new Random(seed));
    let drawn = draws.next().value;
    for (let left = isToSucceed ? TRIES : 0; left > 0; left--) {
      for (const origin of [originOf(drawn.signer), Origin.root])
        if (this.#wouldSucceed(origin, drawn.call)) return this.#make(origin, drawn);
      drawn = draws.next().value;
    }
    return this.#make(originOf(drawn.signer), drawn);
  }

  /** So many of the calls that were made elsewhere are made again, in their order. */
  *replay(from: number, count: number): Generator<Done> {
    const made = this.#history.slice(from % (this.#history.length + 1)).slice(0, count);
    for (const one of made) yield this.#make(originOf(one.signer), one);
  }

  /** The block as it stands, for others to go on from. */
  scene(name: string): Scene {
    return sceneOf(name, runtime.composition, this.#run.ctx, this.#history);
  }

  #wouldSucceed(origin: Origin, call: RuntimeCall): boolean {
    const { composition } = runtime;
    const { ctx } = this.#run;
    let succeeds = false;
    try {
      const decoded = composition.callTy.codec.dec(composition.callTy.codec.enc(call));
      ctx.transactional(() => {
        const isInherent = composition.infoOf(decoded).class === 'Mandatory';
        const mayCome =
          !origin.isNone || (!isInherent && 'valid' in composition.validateUnsigned(ctx, decoded, 'external'));
        succeeds = mayCome && composition.dispatch(ctx, origin, decoded) === undefined;
        throw new Undo();
      });
    } catch (error) {
      // What cannot be encoded does not succeed; what else is thrown comes up again when the call is made.
      if (!(error instanceof Undo)) return false;
    }
    return succeeds;
  }

  #make(origin: Origin, { signer, call }: Drawn): Done {
    const { ctx } = this.#run;
    const before = new Map(ctx.changes());
    const outcome = origin === Origin.root ? this.#byRoot(call) : this.#extrinsic(signer, call);
    // What the chain itself asks for is nobody's to pay.
    const growth = origin === Origin.root ? NONE : this.#gauge.between(this.#state, before, ctx.changes());
    if (outcome === 'ok') this.#history.push({ signer, call });
    return { call, outcome, growth };
  }

  /** As governance has it made. */
  #byRoot(call: RuntimeCall): string {
    const error = runtime.composition.dispatch(this.#run.ctx, Origin.root, call);
    return error === undefined ? 'ok' : runtime.composition.errorName(error);
  }

  #extrinsic(signer: Uint8Array | undefined, call: RuntimeCall): string {
    const { ctx } = this.#run;
    let bytes: Uint8Array;
    try {
      bytes = signer === undefined ? encodeBare(runtime.callTy, call) : this.#signed(signer, call);
    } catch {
      return 'unencodable';
    }
    const events = ctx.events.length;
    const outcome = this.#run.apply(bytes);
    if (this.#faults.length > 0) throw new Error(`${call.tag}.${call.value.tag}`, { cause: this.#faults[0] });
    if (outcome === 'exhausted') {
      this.end();
      return 'exhausted';
    }
    if (outcome !== 'ok') return 'refused';
    const failed = ctx.events
      .slice(events)
      .some(({ pallet, name }) => pallet === 'System' && name === 'ExtrinsicFailed');
    return failed ? 'failed' : 'ok';
  }

  #signed(account: Uint8Array, call: RuntimeCall): Uint8Array {
    const { nonce } = system.use(this.#run.ctx).store.account.get(account);
    const genesisHash = system.use(this.#run.ctx).store.blockHash.get(0);
    const sign = () => ({ tag: 'Sr25519' as const, value: new Uint8Array(64) });
    return encodeSigned(
      runtime.callTy,
      call,
      { account, nonce, sign },
      { ...runtime.version, genesisHash, birthHash: genesisHash },
    );
  }

  /** Ends the block, looks at what it made of the state, and begins the next. */
  end(): void {
    const { changes } = this.#run.finish();
    if (this.#faults.length > 0) throw new Error('a hook', { cause: this.#faults[0] });
    this.#state.apply(changes);
    for (const key of changes.keys()) this.#journal.wrote(key);
    const after = this.#reading();
    const { dispatcher, header, host } = after;
    const written = new Context(dispatcher, new JournalOverlay(this.#state, this.#journal), header, host);
    for (const check of this.#checks) check(written);
    this.#deposits.block({
      number: this.#number,
      hash: new Uint8Array(32),
      calls: [],
      events: [],
      before: this.#before,
      after,
      state: undefined as never,
      changed: new Set(changes.keys()),
    });
    this.#before = after;
    this.#run = this.#begin();
    this.#known = this.#look();
  }

  /** Counts all deposits anew: what was kept block by block must be the same. */
  finish(): void {
    this.end();
    this.#deposits.whole(this.#before);
    const report = this.#book.report(true).find(({ id }) => id === CHECK.money) as CheckReport;
    if (report.failure !== undefined) throw new Error(JSON.stringify(report.failure));
  }
}
