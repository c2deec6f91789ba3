/** 5: a user buys a bundle of uses, hands all of them to her workshop, is refused, and renews. */
import { type Name, type Person, TAC } from '../people.ts';
import type { Stage } from '../stage.ts';
import { buy, BUNDLE_USES, offer, PRICES, splitOf, storeTerms, TIERS } from '../terms.ts';
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
  await uses(stage, model, ursula);
  await renews(stage, model, ursula);
  return { ursula, victor };
}
