/** States of a chain to make calls on, each as often as wanted. */
import {
  type BlockStart,
  type Composition,
  Context,
  fromLatin1,
  type HeldCall,
  type Host,
  MemoryState,
  Overlay,
  type RuntimeCall,
  storagePrefix,
} from '../../../pallets/support/index.ts';
import { Known } from './known.ts';
import { isOfPallet } from './types.ts';

export interface Scene {
  readonly name: string;
  readonly composition: Composition;
  readonly state: MemoryState;
  readonly header: BlockStart;
  readonly known: Known;
}

/** Proofs and signatures are taken as they come: what is behind them must stand on its own. */
const CREDULOUS: Host = { verify: () => true };

/** Calls that every runtime has, to stand within others. */
function innerCalls({ pallets }: Composition, account: Uint8Array): RuntimeCall[] {
  const remark: RuntimeCall = { tag: 'System', value: { tag: 'remark', value: { remark: Uint8Array.of(1) } } };
  const transfer: RuntimeCall = {
    tag: 'Balances',
    value: { tag: 'transferKeepAlive', value: { dest: { tag: 'Id', value: account }, value: 1_000n } },
  };
  const batch: RuntimeCall = { tag: 'Utility', value: { tag: 'batchAll', value: { calls: [remark, transfer] } } };
  return [remark, transfer, batch].filter(({ tag }) => pallets.some(({ name }) => name === tag));
}

/** The state of a block under way, as it stands. `history`: calls made before it, or after it. */
export function sceneOf(
  name: string,
  composition: Composition,
  ctx: Context,
  history: readonly HeldCall[] = [],
): Scene {
  const state = new MemoryState();
  state.apply(new Map(ctx.storage.entries('')));
  const { header } = ctx;
  const bare = { name, composition, state, header };
  const here = opened(bare);
  const inner = innerCalls(composition, accountsIn(here)[0] ?? new Uint8Array(32));
  return { ...bare, known: new Known(here, composition.pallets, history, inner) };
}

/** The block of a scene once more, as nobody had touched it. */
export function opened({ composition, state, header }: Omit<Scene, 'known'>, storage = new Overlay(state)): Context {
  const ctx = new Context(composition, storage, header, CREDULOUS);
  ctx.phase = { tag: 'ApplyExtrinsic', value: 1 };
  return ctx;
}

/** System.Account: hashes of pallet and item, and of the account. */
const PREFIX_BYTES = 32 + 16;

/** All accounts of a state that somebody may have a key of, in order of their hashes. */
export function accountsIn(ctx: Context): Uint8Array[] {
  const prefix = storagePrefix('System', 'Account');
  const accounts = ctx.storage.entries(prefix).map(([key]) => key.slice(PREFIX_BYTES));
  return accounts.filter((account) => !isOfPallet(account)).map(fromLatin1);
}
