import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { compact, field, option, type Ty, u16, u32 } from '../../primitives/scale/index.ts';
import {
  blockNumber,
  definePallet,
  ensure,
  h256,
  type HeldCall,
  innerCall,
  lookup,
  type MultiAddress,
  multiAddress,
  type Origin,
  type RuntimeCall,
} from '../support/index.ts';
import { system } from '../system/index.ts';
import { announce, type Due, ensureDue, useAnnounced, withdraw } from './announcements.ts';
import { held } from './held.ts';
import { isAllowed, proxyType, type ProxyType, type Rights } from './kinds.ts';
import { addProxy, createPure, findProxy, killPure, removeProxies, removeProxy } from './proxies.ts';
import { type Proxy, state } from './state.ts';
import { weights } from './weights.ts';

interface Proxied {
  readonly real: MultiAddress;
  readonly forceProxyType: ProxyType | undefined;
  readonly call: RuntimeCall;
}
type Announced = Proxied & { readonly delegate: MultiAddress };
type At = Proxy & { readonly origin: Origin };

const refusal = system.errors.CallFiltered.value;

/** The origin of a call that is made for `real`. What already bound the caller binds it on: no proxy of a proxy may do more than either. */
function actingFor(origin: Origin, real: Uint8Array, { proxyType: type, delay }: Rights): Origin {
  const rights: Rights = { proxyType: type, delay };
  return origin.as(real).filtered({ allows: (call) => isAllowed(rights, call), refusal });
}

/** A proxy that may call at once. */
function atOnce(pallet: At, { real, forceProxyType }: Proxied): Origin {
  const who = pallet.origin.signed();
  const account = lookup(real);
  const found = findProxy(pallet, account, who, forceProxyType);
  ensure(found.delay === 0, pallet.errors.Unannounced);
  return actingFor(pallet.origin, account, found);
}

/** A proxy whose call was announced; anybody may ask for the call then, but only the proxy itself may choose the type by which it is made. */
function afterNotice(pallet: At, args: Announced, callHash: Uint8Array): { origin: Origin; due: Due } {
  const who = pallet.origin.signed();
  const [delegate, real] = [lookup(args.delegate), lookup(args.real)];
  ensure(args.forceProxyType === undefined || sameBytes(who, delegate), pallet.errors.Unproxyable);
  const found = findProxy(pallet, real, delegate, args.forceProxyType);
  return {
    origin: actingFor(pallet.origin, real, found),
    due: { delegate, real, callHash, delay: found.delay },
  };
}

function dispatch({ ctx, events }: Proxy, origin: Origin, call: RuntimeCall): void {
  const error = ctx.dispatcher.dispatch(ctx, origin, call);
  events.ProxyExecuted({
    result: error === undefined ? { tag: 'Ok', value: undefined } : { tag: 'Err', value: error },
  });
}

/** Nobody who did not sign calls for others. */
const holds = ({ real, call }: Proxied, who: Uint8Array | undefined): HeldCall[] =>
  who === undefined || real.tag !== 'Id' ? [] : [{ signer: real.value, call }];

const real = field(multiAddress, 'The account that is called for.');
const delegate = field(multiAddress, 'The proxy.');
const type = field(proxyType, 'What it may call.');
const delay = field(blockNumber, 'Blocks that its calls are announced before; 0: they are made at once.');
const forceProxyType = field(option(proxyType), 'The type by which the call is made; the widest if left out.');
const callHash = field(h256, 'blake2b-256 of the encoded call.');
const index = field(u16, 'Tells apart those made by one extrinsic.');

/** Calls for other accounts. `callTy` is the runtime's call type, which holds this pallet's calls in turn: pass it lazily. */
export function proxyPallet(callTy: Ty<RuntimeCall>) {
  const inner = innerCall(callTy);
  const call = field(inner.ty, 'What is called.');
  return definePallet({
    ...state,
    ...held,
    calls: {
      proxy: {
        index: 0,
        docs: 'Make a call for an account that the caller is a proxy of.',
        args: { real, forceProxyType, call },
        weight: ({ of, measured }, { call: made }) => measured(weights.proxy) + of(made),
        holds,
        tasks: (pallet, args) => pallet.ctx.dispatcher.tasks(pallet.ctx, atOnce(pallet, args), args.call),
        run(pallet, args) {
          dispatch(pallet, atOnce(pallet, args), args.call);
        },
      },
      addProxy: {
        index: 1,
        docs: 'Let another account call for the caller. A deposit is reserved.',
        args: { delegate, proxyType: type, delay },
        weight: ({ measured }) => measured(weights.addProxy),
        run(pallet, { delegate: to, ...rights }) {
          addProxy(pallet, pallet.origin.signed(), { delegate: lookup(to), ...rights });
        },
      },
      removeProxy: {
        index: 2,
        docs: 'Take a proxy of the caller away, and what it has announced for the caller.',
        args: { delegate, proxyType: type, delay },
        weight: ({ measured }) => measured(weights.removeProxy),
        run(pallet, { delegate: from, ...rights }) {
          removeProxy(pallet, pallet.origin.signed(), { delegate: lookup(from), ...rights });
        },
      },
      removeProxies: {
        index: 3,
        docs: 'Take all proxies of the caller away. An account without a key is lost by it, with all it holds.',
        args: {},
        weight: ({ measured }) => measured(weights.removeProxies),
        run(pallet) {
          removeProxies(pallet, pallet.origin.signed());
        },
      },
      createPure: {
        index: 4,
        docs: 'Make an account that has no key; the caller is its first proxy and puts up the deposit.',
        args: { proxyType: type, delay, index },
        weight: ({ measured }) => measured(weights.createPure),
        run(pallet, args) {
          createPure(pallet, pallet.origin.signed(), args);
        },
      },
      killPure: {
        index: 5,
        docs: 'End the calling account, which has no key; what it holds is lost. Its spawner gets the deposit back.',
        args: {
          spawner: field(multiAddress, 'Who made it.'),
          proxyType: field(proxyType, 'As it was made.'),
          index: field(u16, 'As it was made.'),
          height: field(compact(blockNumber), 'The block in which it was made.'),
          extIndex: field(compact(u32), 'The extrinsic of that block, from 0.'),
        },
        weight: ({ measured }) => measured(weights.killPure),
        run(pallet, { spawner, ...birth }) {
          killPure(pallet, pallet.origin.signed(), { spawner: lookup(spawner), ...birth });
        },
      },
      announce: {
        index: 6,
        docs: 'Announce a call that the caller will make as a proxy. A deposit is reserved while it waits.',
        args: { real, callHash },
        weight: ({ measured }) => measured(weights.announce),
        run(pallet, { real: whose, callHash: hash }) {
          const who = pallet.origin.signed();
          const account = lookup(whose);
          findProxy(pallet, account, who);
          announce(pallet, who, account, hash);
        },
      },
      removeAnnouncement: {
        index: 7,
        docs: 'Take back a call that the caller has announced.',
        args: { real, callHash },
        weight: ({ measured }) => measured(weights.removeAnnouncement),
        run(pallet, { real: whose, callHash: hash }) {
          withdraw(pallet, pallet.origin.signed(), lookup(whose), hash);
        },
      },
      rejectAnnouncement: {
        index: 8,
        docs: 'Strike a call that a proxy of the caller has announced; the proxy gets its deposit back.',
        args: { delegate, callHash },
        weight: ({ measured }) => measured(weights.rejectAnnouncement),
        run(pallet, { delegate: whose, callHash: hash }) {
          const who = pallet.origin.signed();
          withdraw(pallet, lookup(whose), who, hash);
        },
      },
      proxyAnnounced: {
        index: 9,
        docs: 'Make a call that a proxy has announced long enough ago. Anybody may.',
        args: { delegate, real, forceProxyType, call },
        weight: ({ of, measured }, { call: made }) => measured(weights.proxyAnnounced, inner.lengthOf(made)) + of(made),
        holds,
        tasks(pallet, args) {
          const { origin, due } = afterNotice(pallet, args, inner.hashOf(args.call));
          ensureDue(pallet, due);
          return pallet.ctx.dispatcher.tasks(pallet.ctx, origin, args.call);
        },
        run(pallet, args) {
          const { origin, due } = afterNotice(pallet, args, inner.hashOf(args.call));
          useAnnounced(pallet, due);
          dispatch(pallet, origin, args.call);
        },
      },
    },
  });
}

export { callsOf, covers, isAllowed, proxyType, type ProxyType } from './kinds.ts';
export { pureAccount } from './proxies.ts';
