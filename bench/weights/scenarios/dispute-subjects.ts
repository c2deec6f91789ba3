/** What disputes are about, where it costs most: models with many versions and ancestors, a grant with all its seats. */
import { type Grant, licensing, type Terms, terms as termsTy } from '../../../pallets/licensing/index.ts';
import type { Asset } from '../../../pallets/ownership/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import type { Context } from '../../../pallets/support/index.ts';
import { littleEndian } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';

/** As many versions, ancestors and seats as are looked at. */
const VERSIONS = 16;
const KIN = 32;
const SEATS = 64;
const digest = (n: number): Uint8Array => blake2b256(littleEndian(BigInt(n), 8));

/** Two models that have the same tensors, each with many versions and with ancestors of its own. */
export function putKin(ctx: Context, older: bigint, younger: bigint): void {
  for (const [model, block, ancestors] of [
    [older, 1, 1_000n],
    [younger, 2, 2_000n],
  ] as const) {
    putVersions(ctx, model, block);
    const { store } = registry.use(ctx);
    const line = [model, ...Array.from({ length: KIN - 1 }, (_, n) => ancestors + BigInt(n))];
    for (const [place, child] of line.slice(0, -1).entries()) {
      const parent: Asset = { tag: 'Model', value: line[place + 1]! };
      const relation = { tag: 'FinetunedFrom' as const };
      store.links.put(child, [{ parent, relation, shareBps: 0, ceiling: undefined, version: 0, block }]);
    }
  }
}

function putVersions(ctx: Context, model: bigint, block: number): void {
  const { store } = registry.use(ctx);
  store.models.put(model, { versions: VERSIONS, branches: 1, block });
  for (let version = 0; version < VERSIONS; version++) {
    const release = {
      fingerprint: digest(version),
      architecture: digest(0),
      tensors: { root: digest(1_000 + version), count: 1_000 },
      card: undefined,
      changelog: undefined,
    };
    const semver = { major: version, minor: 0, patch: 0, pre: '' };
    store.versions.put(model, version, { branch: 'main', semver, from: [], release, block, deprecated: undefined });
  }
}

const TERMS: Terms = {
  base: { tag: 'Spdx', value: 'Apache-2.0' },
  purposes: 31,
  tiers: 31,
  seats: SEATS,
  price: { tag: 'Free' },
  duration: undefined,
  uses: undefined,
  grace: 0,
  transferable: true,
  derivatives: { tag: 'Yes' },
  revenueShare: 0,
  revenueCeiling: undefined,
  restrictions: 0,
  territory: [],
  renewal: { tag: 'None' },
  approvers: [],
  approvals: 0,
};

/** Grant 0 of an asset, with all its seats taken. */
export function putGrant(ctx: Context, asset: Asset, holder: Uint8Array): void {
  const { store } = licensing.use(ctx);
  const terms = blake2b256(termsTy.codec.enc(TERMS));
  store.terms.put(terms, { terms: TERMS, storer: holder, deposit: 0n, references: 1 });
  const none = { paid: 0n, lost: 0n, deposit: 0n, fund: 0n, used: 0n, revocation: undefined, isContested: false };
  const grant: Grant = { asset, terms, holder, state: { tag: 'Open' }, end: undefined, ...none };
  store.grants.put(0n, grant);
  const seats = Array.from({ length: SEATS - 1 }, (_, n) => ({ account: digest(2_000 + n), since: 1 }));
  store.seats.put(0n, seats);
  for (const [place, account] of [holder, ...seats.map((seat) => seat.account)].entries()) {
    const entry = { grant: 0n, isHolder: place === 0, tiers: 31, until: undefined, usesLeft: undefined };
    store.access.put(asset, account, [entry]);
  }
}
