/**
 * The client of a Tacit chain, for Node and browsers. Owns what a participant does: connect to a node without believing it, read rounds with proof, enrol,
 * contribute, report usage, own a model's rounds, find the notes of a wallet and claim them. Does not own where keys and files are kept (`Ports`; Node's own
 * are in `@tacit/client/node`, a page's in `@tacit/client/browser`), nor the runtime's code: types come from its metadata.
 *
 * ```ts
 * import { connect, finalizedState, readRound, scan, walletOf, random } from '@tacit/client';
 *
 * await using chain = await connect('ws://127.0.0.1:9944', { chain: chainSpecification });
 * const wallet = walletOf(random(32));
 * const { notes } = await scan(chain, wallet); // every value is proved, or an error says what the node did
 * ```
 */
export { type BuildInput, type Builder, buildHere, type BuildOptions } from './build.ts';
export {
  balanceOf,
  CLAIM_FEE,
  checkClaim,
  claim,
  claimable,
  type Claimed,
  type ClaimOptions,
  type ClaimTerms,
  LEAST_CLAIM,
  mostOf,
  waitOf,
} from './claim.ts';
export {
  claimNow,
  exponential,
  MEAN_MS,
  openPlan,
  type Planned,
  planClaims,
  redrawn,
  sealPlan,
  type Spread,
  type Wish,
} from './claim-plan.ts';
export { type Chain, connect, type ConnectOptions, isDisconnected, persist } from './connect.ts';
export {
  castBallot,
  contribute,
  type Contributed,
  type ContributeOptions,
  enrol,
  type Evidence,
  recountStanding,
  reportCounts,
  reportEach,
  reportUsage,
  reportUses,
  stateStanding,
} from './contribute.ts';
export { calls, constants, storage, version } from './generated/chain.ts';
export { type Wallet, walletOf } from './keys.ts';
export { type DataOptions, digestsOf, registerData } from './data.ts';
export {
  buyLicence,
  checkDerivation,
  type DerivationView,
  offerLicence,
  type OfferView,
  readAccess,
  readOffers,
} from './licences.ts';
export {
  type Checkpoint,
  type FinalBlock,
  isRefusal,
  LightClient,
  type LightOptions,
  type State,
  type TrustRoot,
  trustRootOf,
} from './light/index.ts';
export { createJointRound, createRound, fund, pay, publishDirection, type NewModel, registerModel } from './model.ts';
export {
  ROUND_TEMPLATES,
  type JointPlan,
  type NoveltyPlan,
  type PoolPart,
  type ReporterPlan,
  type RoundPlan,
} from './plan.ts';
export {
  type BinView,
  type Book,
  emptyBook,
  nameOf,
  type OfClaim,
  type OfRound,
  openBook,
  type OwnNote,
  type Problem,
  scan,
  type Scan,
  sealBook,
  type SpentBy,
} from './notes/index.ts';
export { type Files, type Ports, random } from './ports.ts';
export { type ClaimInput, type ProvedClaim, proveHere, type ProveOptions, type Prover } from './prove.ts';
export { type Checked, checkReceipt, makeReceipt, type OwnersPapers } from './receipt/receipt.ts';
export { checkStatement, makeStatement, makeVerifierKey, type Stated, type StatedNote } from './receipt/statement.ts';
export { partLengths, quantise } from './quantise.ts';
export {
  contextOf,
  finalizedState,
  followRound,
  itemOf,
  type ItemView,
  type MoneyView,
  type PayoutView,
  readAggregate,
  readAggregatePart,
  readItem,
  readKeys,
  readMoney,
  readPayout,
  readRound,
  readSum,
  type RoundView,
  type SumView,
  untilCommittee,
} from './round.ts';
export { openTerms, storeTerms } from './terms.ts';
export { type NamedTensor, TensorTree } from '../../primitives/proofs/tensor-tree.ts';
export { payFrom, type Payment, type Purse, purseFor, purses } from './spend.ts';
export { keysOfEntry, type StorageItem, storageKey, storedValue } from './storage.ts';
export { eventField, extrinsicOf, nextNonce, send, type SendOptions, type Sent } from './transact.ts';
export { isVoucherOf, signVoucher, type Voucher, voucherBytes, type VoucherText } from './voucher.ts';
export { partsOf, type SketchOptions, sketchOf, updateOf, type UpdateSource } from './update.ts';
export { type ByteSource, type NumberType, updateIn } from './update-file.ts';
export { bucketsOf, type Sketch } from '../../primitives/round/sketch.ts';
export { openWalletText, sealWallet } from './wallet-file.ts';
export { seedOfWords, wordsOf } from './words.ts';
