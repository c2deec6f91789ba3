/** What clients ask. */
import {
  bounded,
  enumeration,
  field,
  option,
  str,
  struct,
  u32,
  u64,
  vec,
  type Of,
} from '../../primitives/scale/index.ts';
import { asset, basisPoints } from '../ownership/types.ts';
import { accountId, type Api, balance, type Context, h256, method } from '../support/index.ts';
import { access } from './access.ts';
import { judge, type Verdict } from './derivation.ts';
import { clause, decide, table, type Table } from './gate/index.ts';
import {
  access as accessTy,
  accessEntries,
  grant,
  MAX_BONDS,
  offer,
  seats,
  termsRecord,
  amendment,
} from './records.ts';
import { termsUnder } from './licences.ts';
import { priceOfUses } from './price.ts';
import { state } from './state.ts';
import { tableOf } from './table-state.ts';
import { grantId, offerId, relation, terms, termsId } from './types.ts';

/** The most entries of a list that one answer has. */
const PAGE = 100;

const parents = bounded(
  vec(
    struct('tacit_licensing::Parent', {
      asset,
      relation,
      grant: field(option(grantId), 'By which grant; none: the best that the owner of the work holds.'),
    }),
  ),
  MAX_BONDS,
);
const verdict = struct('tacit_licensing::Verdict', {
  parent: asset,
  clause: field(option(str), 'The clause, or what else stands against it; none: it may.'),
  cure: field(str, 'What would help.'),
  shareBps: field(basisPoints, 'What of its earnings the work owes to the parent.'),
  ceiling: field(option(balance), 'The most that it owes in all.'),
});
const conflict = struct('tacit_licensing::Conflict', { clause, cure: field(str, 'What would help.') });
const numbered = struct('tacit_licensing::NumberedOffer', { id: offerId, offer });
const grantView = struct('tacit_licensing::GrantView', {
  id: grantId,
  grant,
  seats: field(seats, 'The accounts that use it besides its holder.'),
  amendment: field(option(amendment), 'Other terms that one side proposes.'),
});
type GrantView = Of<typeof grantView>;
const under = struct('tacit_licensing::Under', { id: termsId, terms });
const source = enumeration('tacit_licensing::TermsOf', {
  /** Stored terms. */
  Stored: termsId,
  /** Terms that nobody has stored. */
  Given: terms,
});

const pageOf = <T>(all: Iterable<T>, from: number, limit: number): T[] =>
  [...all].slice(from, from + Math.min(limit, PAGE));

function viewOf(ctx: Context, id: bigint): GrantView | undefined {
  const { store } = state.use(ctx);
  const found = store.grants.get(id);
  return found && { id, grant: found, seats: store.seats.get(id), amendment: store.amendments.get(id) };
}

const shown = ({ parent, refusal, shareBps, ceiling }: Verdict) => {
  return { parent, clause: refusal?.clause, cure: refusal?.cure ?? '', shareBps, ceiling };
};

const given = (ctx: Context, of: Of<typeof source>) =>
  of.tag === 'Given' ? of.value : state.use(ctx).store.terms.get(of.value)?.terms;

export const licensingApi: Api = {
  version: 1,
  docs: 'Terms, offers, grants, and what an account may do.',
  methods: {
    access: method({
      docs: 'The best that an account may do with an asset now, and until when; else why not.',
      inputs: { asset, account: accountId },
      output: accessTy,
      run: (ctx, { asset, account }) => access(ctx, asset, account),
    }),
    entries: method({
      docs: 'What an account may do with an asset, by each of its grants.',
      inputs: { asset, account: accountId },
      output: accessEntries,
      run: (ctx, { asset, account }) => state.use(ctx).store.access.get(asset, account),
    }),
    terms: method({
      docs: 'Stored terms.',
      inputs: { id: termsId },
      output: option(termsRecord),
      run: (ctx, { id }) => state.use(ctx).store.terms.get(id),
    }),
    termsUnder: method({
      docs: 'What an asset is under for everyone; none: nothing is allowed.',
      inputs: { asset },
      output: option(under),
      run: (ctx, { asset }) => termsUnder(ctx, asset),
    }),
    offer: method({
      docs: 'One offer of an asset.',
      inputs: { asset, id: offerId },
      output: option(offer),
      run: (ctx, { asset, id }) => state.use(ctx).store.offers.get(asset, id),
    }),
    offers: method({
      docs: 'Offers of an asset; at most 100 an answer.',
      inputs: { asset, from: u32, limit: u32 },
      output: vec(numbered),
      run: (ctx, { asset, from, limit }) =>
        pageOf(state.use(ctx).store.offers.entries(asset), from, limit).map(([[, id], offer]) => ({ id, offer })),
    }),
    grant: method({
      docs: 'A grant with its seats, and what is proposed for it.',
      inputs: { id: grantId },
      output: option(grantView),
      run: (ctx, { id }) => viewOf(ctx, id),
    }),
    grantsOf: method({
      docs: 'Grants that an account holds; at most 100 an answer.',
      inputs: { account: accountId, from: u32, limit: u32 },
      output: vec(grantView),
      run: (ctx, { account, from, limit }) =>
        pageOf(state.use(ctx).store.grantsOf.entries(account), from, limit).flatMap(
          ([[, id]]) => viewOf(ctx, id) ?? [],
        ),
    }),
    priceOfUses: method({
      docs: 'What so many further uses of a grant cost, where its terms have uses paid singly; else nothing.',
      inputs: { grant: grantId, uses: u64 },
      output: balance,
      run: (ctx, { grant, uses }) => usesCost(ctx, grant, uses),
    }),
    checkDerivation: method({
      docs: 'Whether an account may make a work under these terms from others: of each parent, in order, the clause that refuses and its cure.',
      inputs: { owner: accountId, terms: option(termsId), parents },
      output: vec(verdict),
      run: (ctx, { owner, terms, parents }) => {
        const list = parents.map(({ asset, relation, grant }) => ({ asset, relation: relation.tag, grant }));
        return judge(state.use(ctx), { owner, terms, parents: list }).map(shown);
      },
    }),
    table: method({
      docs: 'The table by which the gate decides.',
      inputs: {},
      output: table,
      run: (ctx): Table => tableOf(ctx),
    }),
    tableHash: method({
      docs: 'blake2b-256 of the encoded table.',
      inputs: {},
      output: h256,
      run: (ctx) => state.use(ctx).store.tableHash.get(),
    }),
    decide: method({
      docs: 'Whether a work under some terms may come from one under others, by the table alone; none: it may.',
      inputs: { parent: source, relation, child: source },
      output: option(conflict),
      run: (ctx, { parent, relation, child }) => {
        const found = decide(tableOf(ctx), given(ctx, parent), relation.tag, given(ctx, child));
        return found && { clause: { tag: found.clause }, cure: found.cure };
      },
    }),
  },
};

/** 2^128 and above is no amount: then it is the largest there is. */
function usesCost(ctx: Context, id: bigint, uses: bigint): bigint {
  const { store } = state.use(ctx);
  const found = store.grants.get(id);
  const price = found && store.terms.get(found.terms)?.terms.price;
  const cost = found && price ? priceOfUses(price, found.used, uses) : 0n;
  const most = (1n << 128n) - 1n;
  return cost < most ? cost : most;
}
