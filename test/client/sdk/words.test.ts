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
    const words = wordsOf(random(32)).split(' ');
    for (const bad of [
      '',
      words.slice(1).join(' '),
      [...words.slice(1), 'tacit'].join(' '),
      words.toReversed().join(' '),
    ]) {
      expect(() => seedOfWords(bad))
        .to.throw()
        .with.property('code', 'sdk/bad-words');
      expect(() => seedOfWords(bad)).not.to.throw(words[5] as string);
    }
  });
});
