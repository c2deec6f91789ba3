/** Tries every call of a scene's pallets, or one of them, in every way. */
import type { AnyCall, AnyPallet, RuntimeCall } from '../../../pallets/support/index.ts';
import type { Ty } from '../../../primitives/scale/index.ts';
import { Caller } from './draw.ts';
import { edgesOf } from './edges.ts';
import { type By, Probe } from './probe.ts';
import { Random } from './random.ts';
import { accountsIn, opened, type Scene } from './scene.ts';

/** Who has nothing, and is known to nobody. */
const STRANGER = new Uint8Array(32).fill(0x77);
/** Of the drawn calls the first are made by callers of every kind. */
const BY_ALL = 4;

/** Calls of one name that were made elsewhere, and are made again. */
const REPLAYED = 16;

const byOf = (signer: Uint8Array | undefined): By => (signer === undefined ? 'unsigned' : { account: signer });

/** So many of a list, from all over it. */
function spread<T>(list: readonly T[], count: number): T[] {
  return list.filter(
    (_, i) =>
      list.length <= count || Math.floor((i * count) / list.length) !== Math.floor(((i - 1) * count) / list.length),
  );
}

type Args = readonly (readonly [name: string, ty: Ty<unknown>])[];

function callOf(pallet: AnyPallet, call: AnyCall, value: object): RuntimeCall {
  return { tag: pallet.name, value: { tag: call.name, value } };
}

/** A call as it is given, and with one argument after the other at each of its edges. */
function* variations(pallet: AnyPallet, call: AnyCall, given: object, { known }: Scene): Generator<RuntimeCall> {
  yield callOf(pallet, call, given);
  for (const [name, ty] of Object.entries(call.args) as Args)
    for (const value of edgesOf(ty, known)) yield callOf(pallet, call, { ...given, [name]: value });
}

/** All arguments at their first edge. */
function plainArgs({ args }: AnyCall, { known }: Scene): object {
  return Object.fromEntries((Object.entries(args) as Args).map(([name, ty]) => [name, edgesOf(ty, known)[0]]));
}

function attackCall(
  probe: Probe,
  pallet: AnyPallet,
  call: AnyCall,
  random: Random,
  { draws, edges = Infinity }: Attack,
): void {
  const { scene } = probe;
  const { known } = scene;
  const accounts = accountsIn(opened(scene));
  const same = known.history.filter((made) => made.call.tag === pallet.name && made.call.value.tag === call.name);
  const made = spread(same, REPLAYED);
  const good = made.filter(({ signer, call: one }) => {
    const root = signer === undefined && probe.make('root', one) === 'ok';
    return probe.make(byOf(signer), one) === 'ok' || root;
  });
  const model = good.length + made.length === 0 ? undefined : random.pick(good.length > 0 ? good : made);
  const args = model === undefined ? plainArgs(call, scene) : (model.call.value.value as object);
  const beside = (Object.entries(call.args) as Args).flatMap(([name, ty]) => known.beside(ty, args[name as never]));
  const owner = model?.signer ?? (beside.length > 0 ? random.pick(beside) : random.pick(accounts));
  const signers = [owner, random.pick(accounts), STRANGER];
  for (const one of spread([...variations(pallet, call, args, scene)], edges)) {
    for (const account of signers) probe.make({ account }, one);
    probe.make('unsigned', one);
    probe.make('root', one);
  }
  const caller = new Caller(scene.composition.pallets);
  for (let i = 0; i < draws; i++) {
    const { signer, call: drawn } = caller.of(pallet, call, known, accounts, random);
    const by: By[] = [byOf(signer), 'root', 'nobody', 'filtered'];
    for (const who of i < BY_ALL ? by : by.slice(0, 1)) probe.make(who, drawn);
  }
}

export interface Attack {
  readonly seed: number;
  /** Calls drawn at random, of each. */
  readonly draws: number;
  /** Calls at the edges of their arguments, at most; all by default. */
  readonly edges?: number;
  /** Only calls of this name, `Pallet.call`. */
  readonly only?: string;
}

/** What came of it stands in the probe. */
export function attack(scene: Scene, how: Attack): Probe {
  const { seed, only } = how;
  const probe = new Probe(scene);
  const random = new Random(seed);
  for (const pallet of scene.composition.pallets) {
    for (const call of pallet.calls.values()) {
      if (only === undefined || only === `${pallet.name}.${call.name}`) attackCall(probe, pallet, call, random, how);
    }
  }
  return probe;
}
