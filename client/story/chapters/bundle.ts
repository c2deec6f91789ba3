/** 5: a user buys a bundle of uses, uses it up by vouchers that her gateway settles, is refused, and renews. */
import { toHex } from '../../../primitives/crypto/hex.ts';
import { signVoucher } from '../../sdk/voucher.ts';
import { TAC } from '../people.ts';
import { field, type Pairs, type Stage } from '../stage.ts';
import { buy, BUNDLE_USES, offer, parameterIn, PRICES, storeTerms, TIERS } from '../terms.ts';
import type { View } from '../view.ts';
import type { Trained } from './training.ts';

const CHAPTER = 5;

interface Access {
  readonly tiers: number;
  readonly usesLeft: number | null;
  readonly reason: string | null;
}

/** Theo offers bundles, and licences to build on the model. */
export async function offers(stage: Stage, trained: Trained): Promise<{ bundle: number; fineTune: number }> {
  const who = stage.people.Theo;
  const asset = { Model: trained.model };
  const [bundle, fineTune] = await Promise.all([
    storeTerms(stage, CHAPTER, who, 'bundle').then((terms) =>
      offer(stage, { chapter: CHAPTER, step: 'bundle-offered', who, asset, terms }),
    ),
    offer(stage, { chapter: 4, step: 'fine-tune-offered', who, asset, terms: trained.terms }),
  ]);
  return { bundle, fineTune };
}

/** @returns the bundles' grants */
export async function usedUpAndRenewed(
  stage: Stage,
  model: number,
  bundleOffer: number,
): Promise<{ ursula: number; victor: number }> {
  const asset = { Model: model };
  const common = { chapter: CHAPTER, asset, offer: bundleOffer, price: PRICES.bundle, tiers: TIERS.toUse };
  const [ursula, victor] = await Promise.all([
    buy(stage, { ...common, step: 'ursula', who: stage.people.Ursula }),
    buy(stage, { ...common, step: 'victor', who: stage.people.Victor }),
  ]);
  const channel = await opens(stage, ursula);
  const gateway = new Gateway(stage, model, channel);
  await gateway.settles('settles-bundle', BUNDLE_USES, { tiers: 0, usesLeft: null, reason: 'UsesExhausted' });
  await Promise.all([
    gateway.isRefused(
      'older-voucher',
      1,
      'vouchers.NotHigher',
      'a voucher says all uses so far: an older one adds nothing',
    ),
    gateway.isRefused('one-use-too-many', BUNDLE_USES + 1, 'licensing.UsesExhausted', 'the bundle is used up'),
  ]);
  await renews(stage, model, ursula);
  const left = { tiers: TIERS.toUse, usesLeft: BUNDLE_USES - 1, reason: null };
  await gateway.settles('settles-after-renewal', BUNDLE_USES + 1, left);
  await gateway.ends();
  return { ursula, victor };
}

/** What a user may do with the model, by `LicensingApi_access`. */
async function accessOf(view: View, stage: Stage, model: number): Promise<Access> {
  const asked = [{ Model: model }, stage.people.Ursula.address];
  const { tiers, usesLeft, reason } = (await view.ask('licensingApi', 'access', ...asked)) as Access;
  return { tiers, usesLeft, reason };
}

/** Uses of a bundle are paid: the channel needs no deposit. @returns its number */
async function opens(stage: Stage, grant: number): Promise<number> {
  const { Ursula, Gita } = stage.people;
  const top = await stage.ledger.height(stage.ledger.top);
  const window = Number(await parameterIn(await stage.view(top.hash), 'VoucherWindow'));
  const until = top.number + window + 1_000;
  const done = await stage.act({
    chapter: CHAPTER,
    step: 'opens-channel',
    who: Ursula,
    what: 'opens a channel to Gita’s gateway',
    call: stage.tx('vouchers', 'open', grant, Gita.address, null, 0, until),
    check: async (view, done) => {
      const id = field<number>(done, 'vouchers.Opened', 'channel');
      const { user, gateway, uses, left } = (await view.ask('vouchersApi', 'channel', id)) as Record<string, unknown>;
      return {
        channel: [
          [user, gateway, uses, left],
          [Ursula.address, Gita.address, 0, 0],
        ],
      };
    },
    sees: () => 'from now on she signs what she has used, and sends nothing to the chain',
  });
  return field(done, 'vouchers.Opened', 'channel');
}

/** Serves a user, and shows the chain what the user has signed. */
class Gateway {
  readonly #stage: Stage;
  readonly #model: number;
  readonly #channel: number;

  constructor(stage: Stage, model: number, channel: number) {
    this.#stage = stage;
    this.#model = model;
    this.#channel = channel;
  }

  /** A voucher for all uses so far, as its user has signed it. */
  #voucher(uses: number) {
    const { chain, people, tx } = { ...this.#stage, tx: this.#stage.tx.bind(this.#stage) };
    const text = { genesis: chain.genesis, channel: BigInt(this.#channel), uses: BigInt(uses), amount: 0n };
    const { signature } = signVoucher(people.Ursula.pair, text);
    return tx('vouchers', 'settle', this.#channel, uses, 0, { [signature.tag]: toHex(signature.value) });
  }

  async settles(step: string, uses: number, access: Access): Promise<void> {
    await this.#stage.act({
      chapter: CHAPTER,
      step,
      who: this.#stage.people.Gita,
      what: `has served ${uses} uses in all, and settles Ursula’s last voucher`,
      call: this.#voucher(uses),
      check: async (view) => {
        const channel = (await view.ask('vouchersApi', 'channel', this.#channel)) as { uses: number };
        return { uses: [channel.uses, uses], access: [await accessOf(view, this.#stage, this.#model), access] };
      },
      sees: () => (access.reason === null ? `${access.usesLeft} uses are left` : `Ursula’s access: ${access.reason}`),
    });
  }

  async isRefused(step: string, uses: number, refused: string, sees: string): Promise<void> {
    await this.#stage.act({
      chapter: CHAPTER,
      step,
      who: this.#stage.people.Gita,
      what: `shows a voucher for ${uses} uses`,
      call: this.#voucher(uses),
      refused,
      check: async (view): Promise<Pairs> => {
        const channel = (await view.ask('vouchersApi', 'channel', this.#channel)) as { uses: number };
        return { uses: [channel.uses, BUNDLE_USES] };
      },
      sees: () => `${refused}: ${sees}`,
    });
  }

  async ends(): Promise<void> {
    await this.#stage.act({
      chapter: CHAPTER,
      step: 'ends-channel',
      who: this.#stage.people.Gita,
      what: 'ends the channel',
      call: this.#stage.tx('vouchers', 'end', this.#channel),
      check: async (view) => ({ channel: [await view.ask('vouchersApi', 'channel', this.#channel), null] }),
      sees: () => 'Ursula has its deposit back',
    });
  }
}

async function renews(stage: Stage, model: number, grant: number): Promise<void> {
  await stage.act({
    chapter: CHAPTER,
    step: 'renews',
    who: stage.people.Ursula,
    what: `renews for ${PRICES.bundle / TAC} TAC`,
    call: stage.tx('licensing', 'renew', grant, PRICES.bundle),
    check: async (view) => {
      const { grant: kept } = (await view.ask('licensingApi', 'grant', grant)) as { grant: { paid: number } };
      return {
        access: [await accessOf(view, stage, model), { tiers: TIERS.toUse, usesLeft: BUNDLE_USES, reason: null }],
        paid: [kept.paid, Number(2n * PRICES.bundle)],
      };
    },
    sees: () => `${BUNDLE_USES} uses more`,
  });
}
