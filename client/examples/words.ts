/** Terms of licences, and what they allow, in words. */
import { tac } from '../demo/report.ts';
import type { Terms } from '../sdk/generated/chain.ts';

const TIERS = ['see its metadata', 'see its architecture', 'run it', 'fine-tune it', 'train on it'];

/** What may be done by these tiers. */
export function tiersInWords(tiers: number): string {
  const allowed = TIERS.filter((_, bit) => (tiers & (1 << bit)) !== 0);
  return allowed.length === 0 ? 'nothing' : allowed.join(', ');
}

function priceInWords({ price }: Terms): string {
  switch (price.tag) {
    case 'Free':
      return 'free';
    case 'Once':
      return `${tac(price.value.amount)} TAC, once`;
    case 'PerUse':
      return `${tac(price.value.amount)} TAC for each use`;
    case 'Volume':
      return `${tac(price.value.steps[0]?.amount ?? 0n)} TAC for the first uses, then by steps`;
    case 'Bundle':
      return `${tac(price.value.amount)} TAC for ${price.value.uses} uses`;
    case 'Subscription':
      return `${tac(price.value.amount)} TAC for every ${price.value.period} blocks`;
  }
}

/** What is paid when a licence under these terms is bought, in units. */
export function dueAtOnce({ price }: Terms): bigint {
  return price.tag === 'Once' || price.tag === 'Bundle' || price.tag === 'Subscription' ? price.value.amount : 0n;
}

/** What terms allow, cost and ask. */
export function inWords(terms: Terms): string {
  const parts = [`allows to ${tiersInWords(terms.tiers)}`, `costs ${priceInWords(terms)}`];
  if (terms.revenueShare > 0) parts.push(`asks for ${terms.revenueShare / 100} % of what derived works earn`);
  if (terms.derivatives.tag === 'No') parts.push('allows no derived works');
  return parts.join('; ');
}
