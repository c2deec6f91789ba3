/** Calls of the registry with as little in them as may be. */
import { registry } from '../../pallets/registry/index.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { utf8 } from '../../primitives/crypto/bytes.ts';

type NewModel = Parameters<typeof registry.call.registerModel>[0];
type NewData = Parameters<typeof registry.call.registerData>[0];
type NewVersion = Parameters<typeof registry.call.releaseVersion>[0];
export type Parent = NewModel['parents'][number];

/** A name's hash: a fingerprint, a digest. */
export const named = (name: string): Uint8Array => blake2b256(utf8(name));

export const plainRelease = (fingerprint: Uint8Array): NewModel['release'] => ({
  fingerprint,
  architecture: named('architecture'),
  tensors: undefined,
  card: undefined,
  changelog: undefined,
});
export const numbered = (major: number, minor: number, patch: number, pre = ''): NewModel['semver'] => ({
  major,
  minor,
  patch,
  pre,
});

export const newModel = (fingerprint: Uint8Array, more: Partial<NewModel> = {}) =>
  registry.call.registerModel({
    release: plainRelease(fingerprint),
    branch: 'main',
    semver: numbered(1, 0, 0),
    terms: undefined,
    parents: [],
    ...more,
  });

/** Data named by their content, which nobody ever sees. */
export const newData = (content: string, more: Partial<NewData> = {}) =>
  registry.call.registerData({
    sha256: named(`sha2-256 of ${content}`),
    blake2b256: named(content),
    digests: [],
    disclosure: undefined,
    optedOut: false,
    collective: false,
    ...more,
  });

export const newVersion = (model: bigint, fingerprint: Uint8Array, more: Partial<NewVersion> = {}) =>
  registry.call.releaseVersion({
    model,
    branch: 'main',
    semver: numbered(1, 0, 1),
    from: [0],
    release: plainRelease(fingerprint),
    parents: [],
    ...more,
  });

export const asset = (tag: Parent['asset']['tag'], value: bigint): Parent['asset'] => ({ tag, value });
export const trainedOn = (data: bigint): Parent => parentOf('Data', data, 'TrainedOn');
export const finetunedFrom = (model: bigint): Parent => parentOf('Model', model, 'FinetunedFrom');
export const parentOf = (
  tag: Parent['asset']['tag'],
  id: bigint,
  relation: Parent['relation']['tag'],
  grant?: bigint,
): Parent => ({
  asset: asset(tag, id),
  relation: { tag: relation },
  grant,
  mostBps: 10_000,
  mostInAll: undefined,
});
