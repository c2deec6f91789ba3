/** Values as the legacy JSON-RPC API writes them. */
import { digestItem, type Header } from '../../pallets/support/types.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import type { VersionInfo } from './backend.ts';
import { hexOf } from './params.ts';

export const hexNumber = (value: number | bigint): string => `0x${value.toString(16)}`;

export function headerJson(header: Header): object {
  return {
    parentHash: toHex(header.parentHash),
    number: hexNumber(header.number),
    stateRoot: toHex(header.stateRoot),
    extrinsicsRoot: toHex(header.extrinsicsRoot),
    digest: { logs: header.digest.logs.map((log) => hexOf(digestItem.codec.enc(log))) },
  };
}

/** The legacy form: `apis` as pairs. */
export function versionJson(version: VersionInfo): object {
  return { ...version, apis: version.apis.map(([id, number]) => [toHex(id), number]), stateVersion: 1 };
}

/** The form of chainHead: `apis` as an object, and only what the specification names. */
export function specJson({
  specName,
  implName,
  specVersion,
  implVersion,
  transactionVersion,
  apis,
}: VersionInfo): object {
  const named = Object.fromEntries(apis.map(([id, number]) => [toHex(id), number]));
  return { specName, implName, specVersion, implVersion, transactionVersion, apis: named };
}

/** A stored justification as `chain_getBlock` gives it: engine and bytes, both as lists of numbers. */
export function justificationsJson(justification: Uint8Array | undefined): unknown {
  return justification ? [[[...Buffer.from('FRNK')], [...justification]]] : null;
}
