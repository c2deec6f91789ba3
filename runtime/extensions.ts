import { TacitError } from '../primitives/errors.ts';
import {
  compact,
  described,
  enumeration,
  fixed,
  makeTy,
  named,
  newtype,
  option,
  struct,
  type Ty,
  tuple,
  u8,
  u32,
  unit,
} from '../primitives/scale/index.ts';
import { balance, h256 } from '../pallets/support/index.ts';
import { nonce } from '../pallets/system/types.ts';

/** How long a signed extrinsic is valid: `period` blocks (a power of two) from the last block whose number is `phase` modulo it. */
export interface MortalEra {
  period: number;
  phase: number;
}

const eraVariants: Record<string, null | Ty<number>> = { Immortal: null };
for (let i = 1; i < 256; i++) eraVariants[`Mortal${i}`] = u8;
/** polkadot-sdk `sp_runtime::generic::Era`; undefined is immortal. */
export const era: Ty<MortalEra | undefined> = makeTy({
  path: 'sp_runtime::generic::era::Era',
  minSize: 1,
  read(reader) {
    const first = reader.u8();
    if (first === 0) return undefined;
    const encoded = first | (reader.u8() << 8);
    const period = 2 << (encoded % 16);
    const phase = (encoded >> 4) * Math.max(period >> 12, 1);
    if (period < 4 || phase >= period) throw new TacitError('extrinsic/bad-era', `phase ${phase} of period ${period}`);
    return { period, phase };
  },
  write(writer, value) {
    if (value === undefined) {
      writer.u8(0);
      return;
    }
    const { period, phase } = value;
    const power = Math.log2(period);
    if (!Number.isInteger(power) || power < 2 || power > 16 || !(phase >= 0 && phase < period)) {
      throw new TacitError('extrinsic/bad-era', `phase ${phase} of period ${period}`);
    }
    writer.u16(Math.min(15, Math.max(1, power - 1)) | (Math.floor(phase / Math.max(period >> 12, 1)) << 4));
  },
  def: () => enumeration('', eraVariants).def(),
});

/** The block from which an era counts, seen from block `current`. */
export function eraBirth({ period, phase }: MortalEra, current: number): number {
  return Math.floor((Math.max(current, phase) - phase) / period) * period + phase;
}

export interface Extension {
  readonly identifier: string;
  readonly ty: Ty<unknown>;
  /** What is signed besides, without being sent. */
  readonly additional: Ty<unknown>;
}
const empty = (path: string): Ty<undefined> => ({
  ...described(unit, { path }),
  def: () => ({ tag: 'composite', fields: [] }),
});
const frame = (module: string, name: string) => `frame_system::extensions::${module}::${name}`;
/** Whether a signer binds itself to the description by which it showed the call (RFC 78 of the Polkadot fellowship): hardware wallets do. */
const metadataHashMode = enumeration('frame_metadata_hash_extension::Mode', { Disabled: null, Enabled: null });
/** The signed extensions, in the order in which they are encoded and signed. */
export const extensions: readonly Extension[] = [
  {
    identifier: 'CheckNonZeroSender',
    ty: empty(frame('check_non_zero_sender', 'CheckNonZeroSender')),
    additional: unit,
  },
  { identifier: 'CheckSpecVersion', ty: empty(frame('check_spec_version', 'CheckSpecVersion')), additional: u32 },
  { identifier: 'CheckTxVersion', ty: empty(frame('check_tx_version', 'CheckTxVersion')), additional: u32 },
  { identifier: 'CheckGenesis', ty: empty(frame('check_genesis', 'CheckGenesis')), additional: h256 },
  {
    identifier: 'CheckMortality',
    ty: newtype(frame('check_mortality', 'CheckMortality'), named('Era', era)),
    additional: h256,
  },
  { identifier: 'CheckNonce', ty: newtype(frame('check_nonce', 'CheckNonce'), compact(nonce)), additional: unit },
  { identifier: 'CheckWeight', ty: empty(frame('check_weight', 'CheckWeight')), additional: unit },
  {
    identifier: 'ChargeTransactionPayment',
    ty: newtype('pallet_transaction_payment::ChargeTransactionPayment', compact(balance)),
    additional: unit,
  },
  {
    identifier: 'CheckMetadataHash',
    ty: struct('frame_metadata_hash_extension::CheckMetadataHash', { mode: metadataHashMode }),
    additional: option(fixed(32)),
  },
];
/** All extensions' data: only the era, the nonce, the tip and the mode of the metadata hash take bytes. */
export const extra = tuple(...extensions.map(({ ty }) => ty));
export const sentExtra = tuple(era, compact(u32), compact(balance), metadataHashMode);
