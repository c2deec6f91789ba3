/** The licences of the story, and how somebody stores and sells them. */
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { partOf } from '../../primitives/money.ts';
import { tac } from '../demo/report.ts';
import type { Json } from './ledger.ts';
import { type Person, TAC } from './people.ts';
import { field, type Stage } from './stage.ts';
import type { View } from './view.ts';

/** A digest of something that stays with its owner. */
export const digestOf = (...what: string[]): string => toHex(hash32Of('tacit/story/1', ...what));

export type Asset = Readonly<Record<string, number>>;

/** Tiers, added up: 1 metadata, 2 architecture, 4 inference, 8 fine-tune, 16 train. */
const TO_USE = 7;
const TO_CHANGE = 15;
const TO_TRAIN = 17;

export const PRICES = {
  miraTraining: 100n * TAC,
  portfolioTraining: 200n * TAC,
  base: 1_000n * TAC,
  fineTune: 60n * TAC,
  bundle: 30n * TAC,
  child: 40n * TAC,
};
/** Uses of one bundle. */
export const BUNDLE_USES = 3;
/** Revenue shares that derived works owe, in basis points. */
export const SHARES = { mira: 300, portfolio: 1_000, base: 2_000, trained: 1_500 };

/** For a price that is paid once, for good, under a text of the owner's own. */
function sold(text: string, amount: bigint, rest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    base: { Custom: digestOf('licence', text) },
    purposes: 31,
    tiers: TO_USE,
    seats: null,
    price: { Once: { amount } },
    duration: null,
    uses: null,
    grace: 0,
    transferable: false,
    derivatives: 'Yes',
    revenueShare: 0,
    revenueCeiling: null,
    restrictions: 0,
    territory: [],
    renewal: 'None',
    approvers: [],
    approvals: 0,
    ...rest,
  };
}

export const TERMS = {
  miraTraining: sold('mira', PRICES.miraTraining, { tiers: TO_TRAIN, revenueShare: SHARES.mira }),
  portfolioTraining: sold('portfolio', PRICES.portfolioTraining, { tiers: TO_TRAIN, revenueShare: SHARES.portfolio }),
  base: sold('base', PRICES.base, { revenueShare: SHARES.base }),
  /** Who fine-tunes passes on the same rights. */
  fineTune: sold('trained', PRICES.fineTune, {
    tiers: TO_CHANGE,
    derivatives: 'Reciprocal',
    revenueShare: SHARES.trained,
  }),
  bundle: sold('trained', PRICES.bundle, {
    price: { Bundle: { uses: BUNDLE_USES, amount: PRICES.bundle } },
    derivatives: 'No',
    renewal: 'Manual',
  }),
  /** Nothing may be made of it: more than its parent restricts. */
  child: sold('child', PRICES.child, { derivatives: 'No' }),
} as const;
export type TermsName = keyof typeof TERMS;

/** Stores terms. @returns their hash */
export async function storeTerms(stage: Stage, chapter: number, who: Person, name: TermsName): Promise<string> {
  const done = await stage.act({
    chapter,
    step: `terms-${name}`,
    who,
    what: 'stores terms of a licence',
    call: stage.tx('licensing', 'storeTerms', TERMS[name]),
    check: async (view, done) => {
      const kept = (await view.ask('licensingApi', 'terms', field(done, 'licensing.TermsStored', 'id'))) as Stored;
      const { price, tiers, revenueShare } = TERMS[name];
      return {
        storer: [kept.storer, who.address],
        terms: [
          { tiers: kept.terms.tiers, revenueShare: kept.terms.revenueShare, price: amountOf(kept.terms.price) },
          { tiers, revenueShare, price: amountOf(price as Json) },
        ],
      };
    },
    sees: (done) => `they stand as ${short(field(done, 'licensing.TermsStored', 'id'))}`,
  });
  return field(done, 'licensing.TermsStored', 'id');
}

interface Stored {
  readonly storer: string;
  readonly terms: { readonly tiers: number; readonly revenueShare: number; readonly price: Json };
}

/** The amount of a price, whatever its kind. */
function amountOf(price: Json): string {
  const [value] = Object.values(price as Record<string, { amount: number | bigint }>);
  return `${value?.amount}`;
}

/** `$Model 3`, for people. */
export const nameOf = (asset: Asset): string => Object.entries(asset).map(([kind, id]) => `$${kind} ${id}`)[0] ?? '';

const TIER_NAMES = ['metadata', 'architecture', 'inference', 'fine-tune', 'train'];
const tiersIn = (bits: number): string => TIER_NAMES.filter((_, place) => (bits & (1 << place)) !== 0).join(', ');

export const short = (hash: string): string => `${hash.slice(0, 10)}…`;

/** Offers grants of an asset under stored terms to everyone. @returns the offer's number */
export async function offer(
  stage: Stage,
  { chapter, step, who, asset, terms }: { chapter: number; step: string; who: Person; asset: Asset; terms: string },
): Promise<number> {
  const done = await stage.act({
    chapter,
    step,
    who,
    what: `offers licences of ${nameOf(asset)} to everyone`,
    call: stage.tx('licensing', 'offer', asset, terms, null, null),
    check: async (view, done) => {
      const number = field<number>(done, 'licensing.Offered', 'offer');
      const kept = (await view.ask('licensingApi', 'offer', asset, number)) as { terms: string; maker: string };
      return { terms: [kept.terms, terms], maker: [kept.maker, who.address] };
    },
    sees: (done) => `offer ${field<number>(done, 'licensing.Offered', 'offer')}`,
  });
  return field(done, 'licensing.Offered', 'offer');
}

/** How a price is split, by the parameters of a block. */
export async function splitOf(view: View, price: bigint): Promise<{ earned: bigint; lost: bigint }> {
  const lost = ['LicenceBurn', 'LicenceTreasury'] as const;
  const parts = await Promise.all(lost.map(async (name) => partOf(price, Number(await parameterIn(view, name)))));
  const sum = parts.reduce((all, part) => all + part, 0n);
  return { earned: price - sum, lost: sum };
}

/** What a parameter of the chain is, in a block. */
export async function parameterIn(view: View, wanted: string): Promise<string> {
  const all = (await view.ask('parametersApi', 'all')) as { name: string; value: number | string }[];
  return `${BigInt(all.find(({ name }) => name === wanted)?.value ?? -1)}`;
}

/** Buys a grant and opens it: the price goes into escrow, then to the asset. @returns the grant's number */
export async function buy(
  stage: Stage,
  wish: { chapter: number; step: string; who: Person; asset: Asset; offer: number; price: bigint; tiers: number },
): Promise<number> {
  const { chapter, step, who, asset, offer: number, price, tiers } = wish;
  const bought = await stage.act({
    chapter,
    step: `${step}-buy`,
    who,
    what: `buys a licence of ${nameOf(asset)} for ${price / TAC} TAC`,
    call: stage.tx('licensing', 'buy', asset, number, price),
    check: async (view, done) => {
      const kept = (await view.ask('licensingApi', 'grant', field(done, 'licensing.Bought', 'grant'))) as Grant;
      const access = (await view.ask('licensingApi', 'access', asset, who.address)) as { reason: string };
      return {
        holder: [kept.grant.holder, who.address],
        inEscrow: [escrowOf(kept), `${price}`],
        access: [access.reason, 'NotOpened'],
      };
    },
    sees: (done) => `grant ${field<number>(done, 'licensing.Bought', 'grant')}; the price waits in escrow`,
  });
  const grant = field<number>(bought, 'licensing.Bought', 'grant');
  await stage.act({
    chapter,
    step: `${step}-open`,
    who,
    what: `opens grant ${grant}`,
    call: stage.tx('licensing', 'open', grant),
    check: async (view, done) => {
      const access = (await view.ask('licensingApi', 'access', asset, who.address)) as { tiers: number; grant: number };
      const { earned } = await splitOf(view, price);
      return {
        tiers: [access.tiers, tiers],
        grant: [access.grant, grant],
        earned: [`${field(done, 'licensing.Opened', 'earned')}`, `${earned}`],
      };
    },
    sees: (_, found) =>
      `may do: ${tiersIn(tiers)}; of the price ${tac(BigInt(String(found['earned'])))} TAC are earned`,
  });
  return grant;
}

interface Grant {
  readonly grant: {
    readonly holder: string;
    readonly state: { paid?: { escrow: Record<string, number | string> } };
  };
}
function escrowOf({ grant }: Grant): string {
  const parts = Object.values(grant.state.paid?.escrow ?? {});
  return `${parts.reduce<bigint>((sum, part) => sum + BigInt(part), 0n)}`;
}
export const TIERS = { toUse: TO_USE, toChange: TO_CHANGE, toTrain: TO_TRAIN };
