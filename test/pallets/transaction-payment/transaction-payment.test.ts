import { expect } from 'chai';
import { builtinSpec } from '../../../chain-spec/index.ts';
import { aura, slotClaim } from '../../../pallets/aura/index.ts';
import {
  balances,
  checkIssuance,
  EXISTENTIAL_DEPOSIT,
  freeOf,
  holdings,
  totalIssuance,
} from '../../../pallets/balances/index.ts';
import { session } from '../../../pallets/session/index.ts';
import { checkPallets, DispatchFailure, mockRuntime, remembered } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import {
  charge,
  collected,
  feeOf,
  lengthToFee,
  totalFee,
  transactionPayment,
} from '../../../pallets/transaction-payment/index.ts';

const payer = new Uint8Array(32).fill(9);
const { validators, bond } = builtinSpec('local')!.genesis.session;
const START = 10n ** 9n;

function fresh(withValidators: boolean) {
  const accounts: [Uint8Array, bigint][] = [[payer, START]];
  if (withValidators) for (const { account } of validators) accounts.push([account, 2n * bond]);
  const pallets = [system, balances, transactionPayment, session, aura];
  return mockRuntime(
    pallets,
    { balances: { accounts }, ...(withValidators ? { session: { bond, validators } } : {}) },
    {
      digest: (block) => [slotClaim(BigInt(block))],
      invariants: [remembered((ctx) => checkIssuance(ctx, collected(ctx))), checkPallets(pallets, holdings)],
    },
  );
}

describe('pallets/transaction-payment', () => {
  it('fees follow length and weight', () => {
    const info = { weight: 5_000_000n, class: 'Normal' as const, paysFee: true };
    const small = feeOf(100, info);
    expect(totalFee(feeOf(200, info)) - totalFee(small)).to.equal(lengthToFee(100));
    expect(totalFee(feeOf(100, { ...info, weight: 9_000_000n })) - totalFee(small)).to.equal(4n);
    expect(totalFee(feeOf(100, { ...info, paysFee: false }))).to.equal(0n);
  });

  it('each author gets the fees of its own block', () => {
    const chain = fresh(true);
    for (let block = 1; block <= 4; block++) {
      const author = validators[block % 4]!.account;
      const before = freeOf(chain.ctx, author);
      charge(chain.ctx, payer, 5n + BigInt(block));
      expect(collected(chain.ctx)).to.equal(5n + BigInt(block));
      chain.runToBlock(block + 1);
      expect(freeOf(chain.ctx, author)).to.equal(before + 5n + BigInt(block));
      expect(collected(chain.ctx)).to.equal(0n);
    }
  });

  it('without an author that could take them, fees are burned', () => {
    const chain = fresh(false);
    charge(chain.ctx, payer, 500n);
    chain.runToBlock(2);
    expect(totalIssuance(chain.ctx)).to.equal(START - 500n);
  });

  it('a fee never takes the existential deposit', () => {
    const { ctx } = fresh(true);
    expect(() => charge(ctx, payer, START - EXISTENTIAL_DEPOSIT + 1n)).to.throw(DispatchFailure);
    charge(ctx, payer, START - EXISTENTIAL_DEPOSIT);
    expect(freeOf(ctx, payer)).to.equal(EXISTENTIAL_DEPOSIT);
  });
});
