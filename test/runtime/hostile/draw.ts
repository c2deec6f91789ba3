/** Calls drawn from what stands in a state, from calls made before, from the edges of types, and from nothing at all. */
import {
  type AnyCall,
  type AnyPallet,
  type HeldCall,
  Origin,
  type RuntimeCall,
} from '../../../pallets/support/index.ts';
import { compareBytes } from '../../../primitives/crypto/bytes.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { type Def, type Ty, u8, unit } from '../../../primitives/scale/index.ts';
import { edgesOf, least } from './edges.ts';
import type { Known } from './known.ts';
import type { Random } from './random.ts';
import { isCall, joined, labelOf, variantValue } from './types.ts';

const MAX_DEPTH = 6;
/** Amounts of money are mostly such as accounts have. */
const MONEY_BITS = 34;

/** A random value of a type. */
export function drawValue(ty: Ty<unknown>, known: Known, random: Random, depth = 0): unknown {
  if (isCall(ty)) return drawInner(known, random);
  const found = known.of(ty);
  if (found.length > 0 && !random.once(4)) return random.pick(found);
  const def = ty.def();
  const label = labelOf(ty);
  if (label === 'Balance' && !random.once(4)) return random.wide(MONEY_BITS);
  if (label === 'BlockNumber' && !random.once(4)) return random.below(100);
  if (depth > MAX_DEPTH) return least(ty);
  const inner = (of: Ty<unknown>): unknown => drawValue(of, known, random, depth + 1);
  switch (def.tag) {
    case 'alias':
      return inner(def.of);
    case 'compact':
      return def.of === unit ? undefined : inner(def.of);
    case 'primitive':
      return primitive(ty, def.name, random);
    case 'array':
      return random.bytes(def.length);
    case 'sequence':
      if (def.of === u8) return random.bytes(random.below(Math.min(ty.maxLength ?? 64, 64) + 1));
      return sequence(ty, def.of, inner, random);
    case 'tuple':
      return def.of.length === 0 ? undefined : def.of.map(inner);
    case 'composite':
      return joined(
        def.fields,
        def.fields.map(({ type }) => inner(type)),
      );
    case 'variant': {
      const variant = random.pick(def.variants);
      return variantValue(
        ty,
        variant,
        variant.fields.map(({ type }) => inner(type)),
      );
    }
  }
}

function primitive(
  { maxLength = 40 }: Ty<unknown>,
  name: (Def & { tag: 'primitive' })['name'],
  random: Random,
): unknown {
  switch (name) {
    case 'bool':
      return random.once(2);
    case 'str':
      return 'abcdefghij'.repeat(4).slice(0, random.below(Math.min(maxLength, 40) + 1));
    case 'u64':
      return random.wide(random.once(4) ? 64 : 12);
    case 'u128':
      return random.wide(random.once(4) ? 128 : MONEY_BITS);
    case 'i32':
      return Number(random.wide(31));
    default: {
      const bits = { u8: 8, u16: 16, u32: 32 }[name];
      return Number(random.wide(random.once(4) ? bits : Math.min(bits, 5)));
    }
  }
}

/** Lists of bytes are mostly such as are asked for: ascending, each once. */
function sequence(
  { maxLength = 4 }: Ty<unknown>,
  of: Ty<unknown>,
  inner: (of: Ty<unknown>) => unknown,
  random: Random,
): unknown[] {
  const list = Array.from({ length: random.below(Math.min(maxLength, 4) + 1) }, () => inner(of));
  if (random.once(3) || !list.every((each) => each instanceof Uint8Array)) return list;
  const sorted = list.toSorted((a, b) => compareBytes(a, b));
  return sorted.filter((each, i) => i === 0 || compareBytes(sorted[i - 1]!, each) !== 0);
}

function drawInner({ history, calls }: Known, random: Random): RuntimeCall {
  return history.length > 0 && random.once(2) ? random.pick(history).call : random.pick(calls);
}

export interface Drawn {
  /** Undefined: nobody signs. */
  readonly signer: Uint8Array | undefined;
  readonly call: RuntimeCall;
}

/** Arguments of a call by their types and names. */
type Args = Record<string, unknown>;

export class Caller {
  readonly #pallets: readonly AnyPallet[];
  readonly #calls = new Map<string, AnyCall>();

  constructor(pallets: readonly AnyPallet[]) {
    this.#pallets = pallets.filter(({ calls }) => calls.size > 0);
    for (const { name, calls } of pallets) for (const [call, it] of calls) this.#calls.set(`${name}.${call}`, it);
  }

  /** Draws of one call of some pallet, by anybody, without end. Pallets are as likely as each other, however many calls they have. */
  *draws(known: Known, accounts: readonly Uint8Array[], random: Random): Generator<Drawn, never> {
    const pallet = random.pick(this.#pallets);
    const call = random.pick([...pallet.calls.values()]);
    for (;;) yield this.of(pallet, call, known, accounts, random);
  }

  of(pallet: AnyPallet, call: AnyCall, known: Known, accounts: readonly Uint8Array[], random: Random): Drawn {
    const model = this.#model(pallet.name, call.name, known, random);
    const args = this.#args(call, model?.call, known, random);
    const beside = Object.entries(call.args).flatMap(([name, ty]) => besideOf(known, ty, args[name]));
    const likely = model !== undefined && !random.once(3) ? [model.signer] : beside;
    const signer = likely.length > 0 && !random.once(4) ? random.pick(likely) : random.pick([...accounts, undefined]);
    return { signer, call: { tag: pallet.name, value: { tag: call.name, value: args } } };
  }

  /** A call to go by: one of the same name, or of the same pallet, or any other. */
  #model(pallet: string, call: string, { history }: Known, random: Random): HeldCall | undefined {
    if (history.length === 0 || random.once(3)) return undefined;
    const near = history.filter(({ call: made }) => made.tag === pallet);
    const same = near.filter(({ call: made }) => made.value.tag === call);
    const likely = [same, near].filter((list) => list.length > 0 && !random.once(3));
    return random.pick(likely[0] ?? history);
  }

  /** Fields that the model has under the same name and type are mostly taken from it. */
  #args({ args }: AnyCall, model: RuntimeCall | undefined, known: Known, random: Random): Args {
    const from = model && this.#calls.get(`${model.tag}.${model.value.tag}`);
    return Object.fromEntries(
      Object.entries(args).map(([name, ty]) => {
        const other = from?.args[name];
        if (model !== undefined && other !== undefined && isLike(ty, other) && !random.once(8))
          return [name, (model.value.value as Args)[name]];
        return [name, random.once(6) ? random.pick(edgesOf(ty, known)) : drawValue(ty, known, random)];
      }),
    );
  }
}

/** What cannot be encoded stands beside nothing. */
function besideOf(known: Known, ty: Ty<unknown>, value: unknown): Uint8Array[] {
  try {
    return known.beside(ty, value);
  } catch (error) {
    if (isTacitError(error)) return [];
    throw error;
  }
}

const isLike = (a: Ty<unknown>, b: Ty<unknown>): boolean => labelOf(a) === labelOf(b) && a.minSize === b.minSize;

export const originOf = (signer: Uint8Array | undefined): Origin =>
  signer === undefined ? Origin.none : Origin.signed(signer);
