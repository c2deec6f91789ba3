/** Deposits of data and models, and what must hold of them. */
import { type Held, mustHold } from '../support/index.ts';
import { depositOf } from './rules.ts';
import { MODEL_DEPOSIT, type Registry } from './state.ts';

export const held = {
  *deposits({ store }: Registry): Generator<Held> {
    for (const [, data] of store.data.entries()) yield [data.owner, depositOf(data)];
    for (const [, { owner }] of store.models.entries()) yield [owner, MODEL_DEPOSIT];
  },
  /** Each entry is found by its digest, and parents are older than children: lineage has no cycles. */
  tryState({ store }: Registry): undefined {
    for (const [[id], { digest }] of store.data.entries())
      mustHold(
        store.dataByDigest.get(digest) === id,
        'registry/broken-digest',
        `$Data ${id} is not found by its digest`,
      );
    for (const [[id], { fingerprint, parents }] of store.models.entries()) {
      const isFound = store.modelByFingerprint.get(fingerprint) === id;
      mustHold(isFound, 'registry/broken-digest', `$Model ${id} is not found by its fingerprint`);
      for (const { value } of parents) {
        const isOlder = 'data' in value ? store.data.has(value.data) : value.model < id;
        mustHold(isOlder, 'registry/broken-lineage', `$Model ${id} comes from what is not there before it`);
      }
    }
  },
};
