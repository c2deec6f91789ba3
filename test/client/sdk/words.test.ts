import { expect } from 'chai';
import { seedOfWords, wordsOf } from '../../../client/sdk/words.ts';
import { random } from '../../../client/sdk/random.ts';

describe('client/sdk/words', () => {
  it('24 words are a seed and back, however they are written', () => {
    const seed = random(32);
    const words = wordsOf(seed);
    expect(words.split(' ')).to.have.length(24);
    expect(seedOfWords(`  ${words.toUpperCase().replaceAll(' ', '\n ')}\n`)).to.deep.equal(seed);
    expect(wordsOf(new Uint8Array(32))).to.match(/^(abandon ){23}art$/);
  });

  it('words that are none, too few, or in another order are refused without saying them', () => {
    // of random words one in 256 is right backwards too, and some are words of the messages
    const words = wordsOf(Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1)).split(' ');
    for (const bad of [
      '',
      words.slice(1).join(' '),
      [...words.slice(1), 'tacit'].join(' '),
      words.toReversed().join(' '),
    ]) {
      expect(() => seedOfWords(bad))
        .to.throw()
        .with.property('code', 'sdk/bad-words');
      const said = messageOf(() => seedOfWords(bad)).split(/\W+/);
      for (const word of [...words, 'tacit']) expect(said).to.not.include(word);
    }
  });
});

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return '';
}
