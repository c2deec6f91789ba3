/** Flipping bytes of a chain as it lies in a database. */
import { expect } from 'chai';
import { assert as hold, asyncProperty, constantFrom, nat, record as anyOf } from 'fast-check';
import { type AuditReport, audit } from '../../../node/audit/audit.ts';
import { storeSource } from '../../../node/audit/folder.ts';
import { type KeyValue, openMemory } from '../../../node/db/index.ts';
import type { VerifyPool } from '../../../node/workers/index.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import type { TestChain } from './chain.ts';

type Record = [key: Uint8Array, value: Uint8Array];

/** Records of headers, bodies, large extrinsics, justifications, canonical numbers, state nodes and the finalized head. */
async function recordsOf(kv: KeyValue): Promise<Record[]> {
  // Use counts of large extrinsics and the node's small records are its own housekeeping, as are the heads besides the finalized one.
  const housekeeping = [0x04, 0x0a];
  const found: Record[] = [];
  for await (const [key, value] of kv.range(Uint8Array.of(0), Uint8Array.of(255))) {
    const isHead = key[0] === 0x09 && Buffer.from(key.subarray(1)).toString('latin1') !== 'finalized';
    if (value.length > 0 && !housekeeping.includes(key[0]!) && !isHead) found.push([key, value]);
  }
  return found;
}

/** Any flipped bit of any record is found, and named with its block. */
export async function expectFlipsFound(chain: TestChain, verifier: VerifyPool, numRuns: number): Promise<void> {
  const clean = openMemory();
  await chain.store(clean);
  const records = await recordsOf(clean);
  const areas = [...new Set(records.map(([key]) => key[0]!))];
  expect(areas).to.include.members([0x01, 0x02, 0x03, 0x05, 0x06, 0x08, 0x09]);
  const flips = anyOf({ area: constantFrom(...areas), record: nat(), byte: nat(), bit: nat({ max: 7 }) });
  await hold(
    asyncProperty(flips, async ({ area, record, byte, bit }) => {
      const within = records.filter(([key]) => key[0] === area);
      const [key, value] = within[record % within.length]!;
      const bad = value.slice();
      bad[byte % bad.length]! ^= 1 << bit;
      const kv = openMemory();
      await kv.write([...records, [key, bad]], false);
      let report: AuditReport;
      try {
        report = await audit(storeSource(kv), { spec: chain.spec, verifier });
      } catch (error) {
        // A reference to a large extrinsic that leads nowhere looks like one that was pruned; a head that cannot be read is none.
        expect(isTacitError(error) && error.code, String(error)).to.be.oneOf(['audit/needs-archive', 'audit/damaged']);
        return;
      }
      expect(report.ok).to.equal(false);
      const failures = report.checks.flatMap(({ failure }) => failure ?? []);
      expect(failures).to.have.length.above(0);
      for (const failure of failures) expect(failure.block, JSON.stringify(failure)).to.be.a('number');
    }),
    { numRuns, seed: 20_260_725 },
  );
}
