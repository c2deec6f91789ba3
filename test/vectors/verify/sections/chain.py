"""§4.4, §9.2, §11.1, §14.10 to §14.12"""

from ..core import hash32_of, need, unhex
from ..finality import ed25519_holds, final_block, threshold, vote_payload
from ..scale import Extrinsic, Header, Scale, compact, read_call, storage_key
from ..trie import list_root, read_proof, root
from .registry import check


@check('compact')
def compact_integer(given):
    reader = Scale(unhex(given))
    value = reader.compact()
    reader.finish()
    need(compact(value) == unhex(given), 'vectors/not-canonical')
    return value


@check('call')
def call(given):
    return read_call(unhex(given))


@check('header')
def header(given):
    reader = Scale(unhex(given))
    own = Header(reader)
    reader.finish()
    return {
        'hash': own.hash,
        'parentHash': own.parent,
        'number': own.number,
        'stateRoot': own.state_root,
        'extrinsicsRoot': own.extrinsics_root,
        'logs': own.logs,
    }


@check('extrinsic')
def extrinsic(given):
    own = Extrinsic(unhex(given['data']))
    metadata_hash = given['metadataHash'] and unhex(given['metadataHash'])
    need(own.hashes_metadata == (metadata_hash is not None), 'vectors/other-mode')
    hashes = unhex(given['genesisHash']), unhex(given['birthHash'])
    payload = own.payload(given['specVersion'], given['transactionVersion'], *hashes, metadata_hash)
    return {
        'hash': own.hash,
        'signer': own.signer,
        'nonce': own.nonce,
        'tip': own.tip,
        'era': own.era,
        'call': own.call,
        'payload': payload,
        'signature': own.kind == 'Ed25519' and ed25519_holds(own.signer, payload, own.signature),
    }


@check('bareExtrinsic')
def bare(given):
    own = Extrinsic(unhex(given))
    return {'hash': own.hash, 'call': own.call}


@check('storageKey')
def key(given):
    keys = [unhex(one) if isinstance(one, str) and one.startswith('0x') else int(one) for one in given['keys']]
    return storage_key(given['item'], keys)


@check('beacon')
def beacon(given):
    return hash32_of('tacit/beacon/1', unhex(given['genesis']), given['round'], *(unhex(one) for one in given['secrets']))


@check('directionHash')
def direction(given):
    return hash32_of('tacit/direction/2', given['part'], unhex(given['salt']), unhex(given['direction']))


@check('postText')
def post(given):
    return hash32_of('tacit/post/1', unhex(given['genesis']), bytes([given['pallet'], 0]), unhex(given['post']))


@check('trieRoot')
def trie_root(given):
    return root((unhex(key), unhex(value)) for key, value in given)


@check('listRoot')
def of_list(given):
    return list_root([unhex(one) for one in given])


@check('readProof')
def read(given):
    return read_proof(unhex(given['root']), [unhex(one) for one in given['proof']], unhex(given['key']))


@check('ed25519')
def ed25519(given):
    return ed25519_holds(unhex(given['key']), unhex(given['message']), unhex(given['signature']))


@check('threshold')
def least(given):
    return threshold([int(one) for one in given])


@check('votePayload')
def vote(given):
    return vote_payload(given['kind'], unhex(given['hash']), given['number'], int(given['round']), int(given['setId']))


@check('justification')
def justification(given):
    weights = {unhex(one['id']): int(one['weight']) for one in given['authorities']}
    found = final_block(unhex(given['data']), weights, int(given['setId']))
    return found and {'round': found[0], 'hash': found[1][0], 'number': found[1][1]}
