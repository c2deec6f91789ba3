/** The words of docs/anonymity.md around its tables. */

export function approach(): string {
  return `Written by \`npm run anonymity -- --page\`; do not edit. Figures: bench/anonymity/results.json.

A claim with hidden change (specification §12) says that *some* note of a bin was spent. Who looks at everything that is public can still prefer some notes to others. How often is it right? This page lets an adversary guess, for every claim, which note it
spent and which item of which round it was paid for. Nobody can be sure that there is no better adversary: the figures say what these strategies find, and what wallets should do against them.`;
}

export function method(rounds: number, sample: number, seed: number): string {
  return `## Method

*World.* ${rounds.toLocaleString('en')} rounds, one an hour, of sixteen items each, out of 240 wallets of which some take part nearly always and most now and then. A round pays 20 to 200 TAC by scores, and stakes of 1 TAC. A bin closes when its places are
taken, or with 64 notes and a day old; its largest amount is that of §12.10. Whole numbers only, seed ${seed}.

*Wallets.* All behave alike. A wallet runs eight hours a day, at hours of its own. *At once*: it looks once a day and claims whatever it can, in one block. Else every note that can be claimed has a delay of its own, exponential with the mean given, in
hours in which the wallet runs.

What it claims the wallet's own code draws (\`client/sdk/claim-amount.ts\`): by chance one of the amounts that would pay the note in full, and two notes of change from eight largest amounts on. Change goes to the end of the list, into a younger bin, and is claimed in its turn.

*Adversary.* It knows who owns each note of a round, and what everybody expects it to hold: the truth is within a quarter of that. It knows which notes are change of which claim, and the hours in which each account's wallet runs. How often each amount follows which, and how often
claims near in time are one wallet's, is taken from the truth, as somebody would know it who has watched for years. Its own items and their change are known to it.

*Guess.* A strategy weighs the notes of the bin; the heaviest is its guess, one of the heaviest by chance. If that is change, it guesses at the claim which the change is of, until it comes to a round's note: that is the item. Each figure is of ${sample.toLocaleString('en')}
claims of honest wallets, evenly out of the last three quarters: in nineteen of twenty worlds one of 10 % is within 1.6, one of 1 % within 0.5.`;
}

export function strategies(): string {
  return `## Strategies

* **uniform**: all notes of the bin that are not its own weigh the same.
* **amount**: a round's note weighs by the chance that a wallet draws this amount of a note of which so much is expected; change, by how often this amount follows that of its claim.
* **timing**: notes of accounts that sleep weigh nothing, nor change of a claim made at other hours. Claims in one block, or within a quarter of an hour, may be one wallet's: an account with notes in all of their bins weighs more.
* **change**: change follows its claim: by amounts that follow each other, and by the hours of the day.
* **sums**: claims near in time are taken for one wallet's, and their amounts together for what one account is expected to have in their bins.
* **all**: the product of all that.`;
}

export function sybils(): string {
  return `Items of the adversary, their notes and the change of their claims are known to it and fall out of every bin. With a share of sybils the honest notes of a bin shrink by as much, and right guesses grow in proportion.`;
}

export function paces(): string {
  return `*Days*: from the round to the claim, median. *Paid*: of what the first half of the rounds paid, the part claimed at the end. *Split*: already from twice its bin's largest amount on a note leaves two notes of change.`;
}

export function toWallets(): string {
  return `## What wallets do

* **Each claim has a delay of its own, six hours in the mean**, in hours in which the wallet runs, from the closing of the note's bin; order follows from chance. Delays that are independent of each other leave little to see in times but the hours of the day. Longer means hide no
more than the noise and keep the money waiting, shorter ones lean on bins that close often. At once, claims on several bins in one block say together whose they are.
* **A note is split only where it holds at least eight times its bin's largest amount.** Split notes have fewer of their claims guessed, and as many more claims: an item is guessed right as often. A split is for time: it halves the row of claims of a very large note, each of which waits for
the closing of another bin.
* **A wallet says how large a bin is.** A ring of 64 is a small one.
* **Machines that never sleep hide their owner's hours.** By the hours alone about half of a bin falls out.`;
}

export function limits(): string {
  return `## Limits

Guesses are one claim at a time; an adversary that solves for all claims together, as for a matching, does no worse and may do better. First claims on a round's note are easier than those on change: with a mean of three days most of the claims that are seen are first ones.

The network is not in it: who sees from which connection a claim comes knows whose it is. All wallets behave alike; one that does not stands out. What people do with the money afterwards is not in it [two fresh accounts that pay one shop].

Expectations are off by up to a quarter here. Where an amount is known to the grain, first claims that it does not allow fall out, and no sum tells more, for no claim takes the whole. Bins of sixteen items an hour, and their change, fill in less than a day: with fewer rounds they are smaller.`;
}
