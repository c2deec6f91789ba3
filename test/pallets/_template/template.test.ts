import { expect } from 'chai';
import { CARD_DEPOSIT, cardOf, template } from '../../../pallets/_template/index.ts';
import { balances, checkIssuance, holdings, reservedOf } from '../../../pallets/balances/index.ts';
import { checkPallets, mockRuntime, Origin, remembered } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';

const pallets = [system, balances, template];
const [alice, poor] = [1, 2].map((n) => new Uint8Array(32).fill(n)) as [Uint8Array, Uint8Array];
const { call, errors } = template;
const fresh = () =>
  mockRuntime(
    pallets,
    {
      balances: {
        accounts: [
          [alice, 10n ** 7n],
          [poor, 20_000n],
        ],
      },
    },
    { invariants: [remembered(checkIssuance), checkPallets(pallets, holdings)] },
  );

describe('pallets/_template', () => {
  it('keeps a card for a deposit, however often it is written', () => {
    const chain = fresh();
    expect(chain.dispatch(Origin.signed(alice), call.write({ text: utf8('here') }))).to.equal('ok');
    expect(chain.dispatch(Origin.signed(alice), call.write({ text: utf8('and there') }))).to.equal('ok');
    expect(cardOf(chain.ctx, alice)?.text).to.deep.equal(utf8('and there'));
    expect(reservedOf(chain.ctx, alice)).to.equal(CARD_DEPOSIT);
    expect(chain.dispatch(Origin.signed(alice), call.tearUp({}))).to.equal('ok');
    expect(cardOf(chain.ctx, alice)).to.equal(undefined);
    expect(reservedOf(chain.ctx, alice)).to.equal(0n);
  });

  it('refuses what it must, and changes nothing then', () => {
    const chain = fresh();
    chain.expectNoop(Origin.signed(alice), call.write({ text: new Uint8Array() }), errors.EmptyText);
    chain.expectNoop(Origin.signed(alice), call.tearUp({}), errors.NoCard);
    chain.expectNoop(Origin.signed(poor), call.write({ text: utf8('x') }), balances.errors.InsufficientBalance);
    expect(() => chain.dispatch(Origin.signed(alice), call.write({ text: new Uint8Array(257) }))).to.throw('257');
  });
});
