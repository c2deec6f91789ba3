/** Prints the runtime's metadata and version as JSON: what client/sdk/generate makes the client's types of. The client itself never imports the runtime. */
import { toHex } from '../../primitives/crypto/hex.ts';
import { runtime } from '../../runtime/index.ts';

const { specName, specVersion, transactionVersion } = runtime.version;
process.stdout.write(
  JSON.stringify({
    version: { specName, specVersion, transactionVersion },
    described: toHex(runtime.metadata(15)),
  }),
);
