import { bounded, bytes, field, type Of, option, struct, u32 } from '../../primitives/scale/index.ts';
import { reserve, unreserve } from '../balances/index.ts';
import {
  accountId,
  balance,
  constant,
  type Context,
  defineState,
  definePallet,
  ensure,
  event,
  map,
  method,
  mustHold,
} from '../support/index.ts';
import { weights } from './weights.ts';

/** Reserved while a card stands, in units of 10^-6 TAC: what lies in the state costs its owner something. */
export const CARD_DEPOSIT = 50_000n;
const MAX_TEXT = 256;

const text = field(bounded(bytes, MAX_TEXT), 'What the card says, in UTF-8.');
const card = struct('tacit_template::Card', { text, since: field(u32, 'The block in which it was last written.') });
type Card = Of<typeof card>;

/** What other files of the pallet share. A larger pallet has it in a `state.ts`. */
const state = defineState({
  name: 'Template',
  // Free numbers: see the list in runtime/index.ts. A number is never used again.
  index: 250,
  docs: 'A card for each account: the least pallet that is whole.',
  storage: {
    cards: map(accountId, card, { docs: 'The card of an account.' }),
  },
  events: {
    Written: event('An account wrote its card.', { who: field(accountId, 'Whose card it is.') }),
    TornUp: event('An account took its card away, and has its deposit back.', {
      who: field(accountId, 'Whose card it was.'),
    }),
  },
  errors: { NoCard: 'The caller has no card.', EmptyText: 'A card says something.' },
  constants: { CardDeposit: constant(balance, CARD_DEPOSIT, 'Reserved while a card stands.') },
});

/** The pallet to copy: checks, then writes, then events; a deposit for what it keeps; a runtime API for those who read. */
export const template = definePallet({
  ...state,
  calls: {
    write: {
      index: 0,
      docs: 'Write the caller’s card, or write it anew. A deposit is reserved while it stands.',
      args: { text },
      weight: ({ measured }) => measured(weights.write),
      run({ ctx, store, origin, events, errors }, { text }) {
        const who = origin.signed();
        ensure(text.length > 0, errors.EmptyText);
        if (!store.cards.has(who)) reserve(ctx, who, CARD_DEPOSIT);
        store.cards.put(who, { text, since: ctx.block });
        events.Written({ who });
      },
    },
    tearUp: {
      index: 1,
      docs: 'Take the caller’s card away.',
      args: {},
      weight: ({ measured }) => measured(weights.tearUp),
      run({ ctx, store, origin, events, errors }) {
        const who = origin.signed();
        ensure(store.cards.has(who), errors.NoCard);
        store.cards.remove(who);
        unreserve(ctx, who, CARD_DEPOSIT);
        events.TornUp({ who });
      },
    },
  },
  // What it holds reserved: tests and the audit compare it with what is reserved of each account.
  *deposits({ store }) {
    for (const [[who]] of store.cards.entries()) yield [who, CARD_DEPOSIT];
  },
  // What must always hold of its storage.
  tryState({ store }) {
    for (const [, { text }] of store.cards.entries())
      mustHold(text.length > 0, 'template/broken-card', 'a card is empty');
  },
  apis: {
    TemplateApi: {
      version: 1,
      docs: 'Cards, for clients.',
      methods: {
        card: method({
          docs: 'The card of an account.',
          inputs: { who: accountId },
          output: option(card),
          run: (ctx, { who }): Card | undefined => cardOf(ctx, who),
        }),
      },
    },
  },
});

/** The pallet's face for other pallets: functions of the context. */
export function cardOf(ctx: Context, who: Uint8Array): Card | undefined {
  return state.use(ctx).store.cards.get(who);
}
