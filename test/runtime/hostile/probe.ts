/** Makes one call on a scene and says what is wrong with what came of it, whatever that was. */
import { holdings } from '../../../pallets/balances/index.ts';
import {
  checkPallets,
  type Context,
  type DispatchError,
  fromLatin1,
  latin1,
  Origin,
  type RuntimeCall,
  storagePrefix,
  Journal,
  JournalOverlay,
} from '../../../pallets/support/index.ts';
import { StorageItem } from '../../../pallets/support/storage.ts';
import { dispatchError } from '../../../pallets/support/types.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { opened, type Scene } from './scene.ts';
import { isOfPallet } from './types.ts';

export interface Finding {
  /** `fault`, `origin`, `noop`, `tasks`, `state`, `theft`, `codec`, `order`. */
  readonly kind: string;
  readonly call: string;
  readonly what: string;
}

/** Who makes a call. `nobody`: by dispatch alone, as if a call within another could lose its signer. */
export type By = { readonly account: Uint8Array } | 'root' | 'unsigned' | 'nobody' | 'filtered';

const REFUSAL: DispatchError = { tag: 'Exhausted' };
const ACCOUNTS = storagePrefix('System', 'Account');

/** Counts what is written within a call that fails. */
class Watching extends JournalOverlay {
  readonly #writes: number[] = [0];
  /** The most keys that were written and taken back. */
  undone = 0;

  override put(key: string, value: Uint8Array): void {
    this.#writes[this.#writes.length - 1]! += 1;
    super.put(key, value);
  }

  override remove(key: string): void {
    this.#writes[this.#writes.length - 1]! += 1;
    super.remove(key);
  }

  override begin(): void {
    this.#writes.push(0);
    super.begin();
  }

  override commit(): void {
    super.commit();
    const top = this.#writes.pop()!;
    this.#writes[this.#writes.length - 1]! += top;
  }

  override rollback(): void {
    super.rollback();
    this.undone = Math.max(this.undone, this.#writes.pop()!);
  }
}

const said = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

export class Probe {
  readonly scene: Scene;
  readonly findings: Finding[] = [];
  /** How often each call had each outcome. */
  readonly outcomes = new Map<string, Map<string, number>>();
  /** Why the state itself is no good to check money on; undefined if it is. */
  readonly unsound: string | undefined;
  readonly #check: (ctx: Context) => void;
  /** What holds of the scene holds after a call as far as the call has written nothing of it. */
  readonly #journal = new Journal();
  readonly #items = new Map<string, StorageItem<unknown[], unknown>>();
  /** Successes whose origin was tried, by call. */
  readonly #crossed = new Map<string, number>();

  constructor(scene: Scene) {
    this.scene = scene;
    const { pallets } = scene.composition;
    this.#check = checkPallets(pallets, holdings);
    for (const { name, storage } of pallets) {
      for (const [item, decl] of Object.entries(storage)) {
        const found = new StorageItem<unknown[], unknown>(name, item, decl);
        this.#items.set(found.prefix, found);
      }
    }
    this.unsound = this.#broken(opened(scene, new JournalOverlay(scene.state, this.#journal)));
  }

  #broken(ctx: Context): string | undefined {
    try {
      this.#check(ctx);
      return undefined;
    } catch (error) {
      return said(error);
    }
  }

  #find(kind: string, call: string, what: string): string {
    this.findings.push({ kind, call, what: `${this.scene.name}: ${what}` });
    return kind;
  }

  /** The outcome: `ok`, the name of the error, `unencodable`, `invalid`, or the kind of a finding. */
  make(by: By, call: RuntimeCall): string {
    const name = `${call.tag}.${call.value.tag}`;
    const outcome = this.#make(by, call, name);
    const counts = this.outcomes.get(name) ?? new Map<string, number>();
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    this.outcomes.set(name, counts);
    return outcome;
  }

  #make(by: By, call: RuntimeCall, name: string): string {
    const { callTy } = this.scene.composition;
    let decoded: RuntimeCall;
    try {
      const bytes = callTy.codec.enc(call);
      decoded = callTy.codec.dec(bytes);
      if (!sameBytes(callTy.codec.enc(decoded), bytes))
        return this.#find('codec', name, 'another encoding of the same');
    } catch (error) {
      // What cannot be encoded cannot be called.
      return isTacitError(error) ? 'unencodable' : this.#find('fault', name, `encoding: ${said(error)}`);
    }
    try {
      return this.#dispatch(by, decoded, name);
    } catch (error) {
      return this.#find('fault', name, said(error));
    }
  }

  /** A context on which nothing has happened; what looks only must leave it so. */
  #looks(name: string, what: string, look: (ctx: Context) => void): void {
    const ctx = opened(this.scene);
    look(ctx);
    if (ctx.changes().size > 0 || ctx.events.length > 0) this.#find('tasks', name, `${what} has changed the state`);
  }

  #dispatch(by: By, call: RuntimeCall, name: string): string {
    const { composition } = this.scene;
    const origin = originBy(by);
    if (composition.infoOf(call).weight < 0n) return this.#find('fault', name, 'weighs less than nothing');
    this.#looks(name, 'asking for its tasks', (ctx) => composition.tasks(ctx, origin, call));
    if (by === 'unsigned' && composition.infoOf(call).class !== 'Mandatory') {
      let isValid = false;
      this.#looks(name, 'judging it', (ctx) => {
        isValid = 'valid' in composition.validateUnsigned(ctx, call, 'external');
      });
      if (!isValid) return 'invalid';
    }
    // What a pallet judges before, nobody makes without.
    if (by === 'nobody' && this.#isJudged(call)) return 'judged';
    const storage = new Watching(this.scene.state, new Journal(this.#journal));
    const ctx = opened(this.scene, storage);
    const error = composition.dispatch(ctx, origin, call);
    if (error !== undefined) return this.#failed(ctx, storage, call, error, name);
    this.#succeeded(by, ctx, call, name);
    return 'ok';
  }

  #failed(ctx: Context, { undone }: Watching, call: RuntimeCall, error: DispatchError, name: string): string {
    const { composition } = this.scene;
    dispatchError.codec.enc(error);
    const outcome = composition.errorName(error);
    if (outcome.endsWith('.unknown')) this.#find('fault', name, `fails with an error that no pallet declares`);
    const left = [ctx.changes().size, ctx.events.length, ctx.encodedEvents().length - 1, ctx.logs.length];
    if (left.some((count) => count > 0))
      this.#find('noop', name, `fails with ${outcome} and leaves ${left.join(', ')}`);
    const pallet = composition.pallets.find((each) => each.name === call.tag)!;
    const isOwn = error.tag === 'Module' && error.value.index === pallet.index;
    const holds = pallet.calls.get(call.value.tag)?.holds !== undefined;
    if (isOwn && !holds && undone > 0)
      this.#find('order', name, `writes ${undone} keys before it fails with ${outcome}`);
    return outcome;
  }

  #succeeded(by: By, ctx: Context, call: RuntimeCall, name: string): void {
    if (by === 'filtered') this.#find('origin', name, 'is made though a filter refuses it');
    if (by === 'nobody') this.#find('origin', name, 'is made by nobody, and no pallet judges such calls');
    this.#checkWritten(ctx, name);
    const broken = this.unsound === undefined ? this.#broken(ctx) : undefined;
    if (broken !== undefined) this.#find('state', name, broken);
    if (typeof by === 'object') this.#checkTheft(by.account, ctx, call, name);
    const crossed = this.#crossed.get(name) ?? 0;
    if (crossed >= CROSSED) return;
    this.#crossed.set(name, crossed + 1);
    this.#cross(by, call, name);
    this.#again(by, ctx, call, name);
  }

  /** What somebody may do, or the chain itself, nobody at all may not; and a filter keeps it from whoever may. */
  #cross(by: By, call: RuntimeCall, name: string): void {
    if (by !== 'unsigned' && by !== 'nobody' && !this.#isJudged(call) && this.#alone(Origin.none, call) === 'ok')
      this.#find('origin', name, 'does not look at its origin');
    const filtered = this.#alone(originBy(by).filtered({ allows: () => false, refusal: REFUSAL }), call);
    if (filtered !== REFUSAL.tag) this.#find('origin', name, `a filter refuses it, and it ends with ${filtered}`);
  }

  /** Whether its pallet judges the call where nobody signs it. */
  #isJudged(call: RuntimeCall): boolean {
    const { composition } = this.scene;
    if (composition.infoOf(call).class === 'Mandatory') return true;
    return !('unknown' in composition.validateUnsigned(opened(this.scene), call, 'external'));
  }

  /** The same once more, in the same block. */
  #again(by: By, ctx: Context, call: RuntimeCall, name: string): void {
    const { composition } = this.scene;
    const before = ctx.changes().size;
    const error = composition.dispatch(ctx, originBy(by), call);
    if (error !== undefined && ctx.changes().size !== before)
      this.#find('noop', name, 'leaves something the second time');
    const broken = this.unsound === undefined ? this.#broken(ctx) : undefined;
    if (broken !== undefined) this.#find('state', name, `made twice: ${broken}`);
  }

  #alone(origin: Origin, call: RuntimeCall): string {
    const { composition } = this.scene;
    const error = composition.dispatch(opened(this.scene), origin, call);
    return error === undefined ? 'ok' : composition.errorName(error);
  }

  /** Whatever was written is found under a declared item and is what its codec writes. */
  #checkWritten(ctx: Context, name: string): void {
    for (const [key, value] of ctx.changes()) {
      const item = this.#items.get(key.slice(0, 32));
      if (item === undefined) this.#find('codec', name, `writes a key of no storage item: ${toHex(fromLatin1(key))}`);
      if (item === undefined || value === null) continue;
      const keys = item.keysOf(key);
      const isSame = item.key(keys) === key && sameBytes(item.encode(item.decode(value)), value);
      if (!isSame) this.#find('codec', name, `writes ${toHex(value)}, which is not what it decodes to`);
    }
    const { eventTy } = this.scene.composition;
    for (const { pallet, name: event, data } of ctx.events)
      eventTy.codec.dec(eventTy.codec.enc({ tag: pallet, value: { tag: event, value: data } }));
  }

  /** Nobody's free money gets less by what somebody else signed, but that of pallets' accounts. */
  #checkTheft(account: Uint8Array, ctx: Context, call: RuntimeCall, name: string): void {
    const makers = this.scene.composition
      .madeBy({ signer: account, call })
      .map(({ signer }) => signer && latin1(signer));
    const mine = new Set([latin1(account), ...makers]);
    const before = opened(this.scene);
    for (const key of ctx.changes().keys()) {
      if (!key.startsWith(ACCOUNTS)) continue;
      const whose = key.slice(48);
      if (mine.has(whose) || isOfPallet(whose)) continue;
      const who = fromLatin1(whose);
      const taken = holdings.freeOf(before, who) - holdings.freeOf(ctx, who);
      // A delegate may have money of the owner reserved: it stays the owner's.
      const bound = holdings.reservedOf(ctx, who) - holdings.reservedOf(before, who);
      if (taken > 0n && taken > bound) this.#find('theft', name, `takes ${taken} of ${toHex(who)}, who did not sign`);
    }
  }
}

/** Successes of one call on one scene whose origin is tried with every other. */
const CROSSED = 3;

function originBy(by: By): Origin {
  if (typeof by === 'object') return Origin.signed(by.account);
  if (by === 'root') return Origin.root;
  if (by === 'filtered') {
    const anyone = Origin.signed(new Uint8Array(32).fill(1));
    return anyone.filtered({ allows: () => false, refusal: REFUSAL });
  }
  return Origin.none;
}
