/** What disputes are about, where it costs most: models with many versions and ancestors, a grant with all its seats. */
import { licensing } from '../../../pallets/licensing/index.ts';
import { type Asset, ownership } from '../../../pallets/ownership/index.ts';
import { type MockRuntime, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { littleEndian } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { finetunedFrom, named, newModel, newVersion, numbered, plainRelease } from '../../../test/support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../../test/support/terms.ts';

/** As many versions, ancestors, seats and holders as there may be, or are looked at. */
const VERSIONS = 16;
const KIN = 32;
const SEATS = 64;
const HOLDERS = 16;
const digest = (n: number): Uint8Array => blake2b256(littleEndian(BigInt(n), 8));
const TREE = { root: digest(0), count: 1_000 };
const open = openTerms('CC-BY-4.0');

/** Dispatches a call that has to succeed. */
export function make({ dispatch }: MockRuntime, who: Uint8Array, call: RuntimeCall): void {
  const outcome = dispatch(Origin.signed(who), call);
  if (outcome !== 'ok') throw new Error(`${call.tag}.${call.value.tag}: ${outcome}`);
}

/** A model with the same tensors as every other one that is made here, many versions and a line of ancestors. @returns its number; `first` is that of the eldest */
export function putModel(chain: MockRuntime, owner: Uint8Array, first: number, isLarge: boolean): bigint {
  const ancestors = isLarge ? KIN - 1 : 0;
  const id = BigInt(first + ancestors);
  const releaseOf = (name: string, tensors = TREE) => ({ ...plainRelease(named(name)), tensors });
  if (isLarge && first === 0) make(chain, owner, storeTerms(open));
  const terms = isLarge ? idOfTerms(open) : undefined;
  for (let n = first; n <= first + ancestors; n++) {
    const parents = n === first ? [] : [finetunedFrom(BigInt(n - 1))];
    make(chain, owner, newModel(named(`model ${n}`), { release: releaseOf(`model ${n}`), terms, parents }));
  }
  for (let version = 1; version < (isLarge ? VERSIONS : 1); version++) {
    const name = `version ${version} of ${id}`;
    const more = { release: releaseOf(name, { root: named(name), count: 1_000 }), semver: numbered(1, 0, version) };
    make(chain, owner, newVersion(id, named(name), { ...more, from: [version - 1] }));
  }
  return id;
}

/** Sixteen accounts have a part of an asset, none of them its owner. */
export function hold({ ctx }: MockRuntime, asset: Asset, kind: number): void {
  const { store } = ownership.use(ctx);
  const shares = Array.from({ length: HOLDERS }, (_, n) => ({
    account: new Uint8Array(32).fill(kind).fill(n, 0, 1),
    bps: 625,
  }));
  store.titles.put(asset, { ...store.titles.get(asset)!, shares });
}

/** Grant 0, of an asset, with all its seats taken. */
export function putGrant(chain: MockRuntime, asset: Asset, owner: Uint8Array, holder: Uint8Array): void {
  const terms = openTerms('Apache-2.0', { seats: SEATS });
  make(chain, owner, storeTerms(terms));
  make(chain, owner, licensing.call.offer({ asset, terms: idOfTerms(terms), buyer: undefined, until: undefined }));
  make(chain, holder, licensing.call.buy({ asset, offer: 0n, most: 0n }));
  for (let n = 1; n < SEATS; n++) {
    const account = { tag: 'Id' as const, value: digest(2_000 + n) };
    make(chain, holder, licensing.call.assignSeat({ grant: 0n, account, uses: undefined }));
  }
}
