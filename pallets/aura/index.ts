import { TacitError } from '../../primitives/errors.ts';
import { bounded, enumeration, newtype, u32, u64, vec } from '../../primitives/scale/index.ts';
import { auraId, rotatedNow, validators } from '../session/index.ts';
import { constant, type Context, definePallet, type DigestItem, latin1, method, value } from '../support/index.ts';

/** Milliseconds of a slot: the author of slot `s` is authority `s mod n`, and blocks of a slot carry a time within it. */
export const SLOT_DURATION = 2000n;
/** Engine id of Aura in digests. */
export const AURA_ENGINE = Uint8Array.from([0x61, 0x75, 0x72, 0x61]);

const slot = newtype('sp_consensus_slots::Slot', u64);
const slotDuration = newtype('sp_consensus_slots::SlotDuration', u64);
/** polkadot-sdk `sp_consensus_aura::ConsensusLog`. */
const consensusLog = enumeration(
  'sp_consensus_aura::ConsensusLog',
  { AuthoritiesChange: bounded(vec(auraId), 1024), OnDisabled: u32 },
  { indexes: { AuthoritiesChange: 1, OnDisabled: 2 } },
);

/** Slots and the order of authors. */
export const aura = definePallet({
  name: 'Aura',
  index: 6,
  docs: 'Slots, and whose turn it is in each of them.',
  storage: {
    authorities: value(vec(auraId), { default: [], docs: 'The authorities, in their order.' }),
    currentSlot: value(slot, { default: 0n, docs: 'The slot of this block.' }),
  },
  errors: {},
  constants: { SlotDuration: constant(u64, SLOT_DURATION, 'Milliseconds of a slot.') },
  onInitialize({ ctx, store }) {
    const now = slotOf(ctx.header.digest);
    if (now === undefined) throw new TacitError('aura/no-slot', 'the block names no slot');
    if (now <= store.currentSlot.get())
      throw new TacitError('aura/slot-not-increasing', 'slots must increase', { slot: now });
    store.currentSlot.put(now);
    if (!rotatedNow(ctx)) return;
    const authorities = validators(ctx).map(({ keys }) => keys.aura);
    store.authorities.put(authorities);
    ctx.log({
      tag: 'Consensus',
      value: [AURA_ENGINE, consensusLog.codec.enc({ tag: 'AuthoritiesChange', value: authorities })],
    });
  },
  genesis({ ctx, store }) {
    store.authorities.put(validators(ctx).map(({ keys }) => keys.aura));
  },
  apis: {
    AuraApi: {
      version: 1,
      docs: 'Slots and authors.',
      methods: {
        slotDuration: method({
          docs: 'Milliseconds of a slot.',
          inputs: {},
          output: slotDuration,
          run: () => SLOT_DURATION,
        }),
        authorities: method({
          docs: 'The authors, in the order of their turns.',
          inputs: {},
          output: vec(auraId),
          run: (ctx): Uint8Array[] => aura.use(ctx).store.authorities.get(),
        }),
      },
    },
  },
});

/** The slot that a digest names before the block is executed. */
export function slotOf(digest: readonly DigestItem[]): bigint | undefined {
  const found = digest.filter((item) => item.tag === 'PreRuntime' && latin1(item.value[0]) === 'aura');
  const item = found[0];
  if (item?.tag !== 'PreRuntime' || found.length > 1) return undefined;
  return slot.codec.dec(item.value[1]);
}

/** The digest item by which an author claims `slot`. */
export function slotClaim(claimed: bigint): DigestItem {
  return { tag: 'PreRuntime', value: [AURA_ENGINE, slot.codec.enc(claimed)] };
}

export function currentSlot(ctx: Context): bigint {
  return aura.use(ctx).store.currentSlot.get();
}

/** The account of the block's author. */
export function author(ctx: Context): Uint8Array | undefined {
  const all = validators(ctx);
  return all.length === 0 ? undefined : all[Number(currentSlot(ctx) % BigInt(all.length))]?.account;
}
