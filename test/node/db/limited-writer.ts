/**
 * Writes records one by one to the database named by its argument, prints each acknowledged number, goes on after failures until it has tried COUNT, and
 * tells how each ended. Its parent limits the size of its files (RLIMIT_FSIZE), and takes the limit away when it hears of the first failure.
 */
import { openLevel } from '../../../node/db/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';

const COUNT = 200;
const kv = await openLevel(process.argv[2]!);
for (let i = 0; i < COUNT; i++) {
  try {
    await kv.write([[utf8(`key ${i}`), new Uint8Array(1500).fill(i)]], true);
    process.send!({ acknowledged: i });
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    process.send!({ refused: i, code, message });
    await new Promise((resolve) => process.once('message', resolve));
  }
}
process.send!('done');
await new Promise((resolve) => process.once('message', resolve));
await kv.close();
process.disconnect();
