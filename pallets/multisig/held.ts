/** Deposits of open operations, and what must hold of them. */
import { compareBytes, sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { type Held, mustHold } from '../support/index.ts';
import type { Multisig } from './state.ts';

export const held = {
  *deposits({ store }: Multisig): Generator<Held> {
    for (const [, { depositor, deposit }] of store.multisigs.entries()) yield [depositor, deposit];
  },
  /** An operation has been approved by who opened it, and by nobody twice. */
  tryState({ store }: Multisig): undefined {
    for (const [[account], { approvals, depositor }] of store.multisigs.entries()) {
      const name = `an operation of ${toHex(account)}`;
      const isSorted = approvals.every((each, i) => i === 0 || compareBytes(approvals[i - 1]!, each) < 0);
      mustHold(isSorted, 'multisig/broken-approvals', `${name} has approvals out of order`);
      const isOpened = approvals.some((each) => sameBytes(each, depositor));
      mustHold(isOpened, 'multisig/broken-approvals', `${name} is not approved by who opened it`);
    }
  },
};
