/**
 * The guest's side of test/vm/vsock.test.ts: links over the vsock loopback, which kernels of hosts often lack. Prints what it saw as
 * JSON.
 *
 *     node vsock-loopback.cjs transfer|many|strangers|nobody|taken
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { createVsockLink } from '../../packages/link/src/index.ts';
import { VSOCK_CIDS } from '../../packages/linux/src/index.ts';

const PORT = 40_000 + (process.pid % 20_000);
const TRANSFER_BYTES = 4 * 1024 * 1024;
const CONNECTIONS = 20;
const LOOPBACK = { acceptCids: [VSOCK_CIDS.local], connectCid: VSOCK_CIDS.local };

type Failure = { readonly code: unknown; readonly message: string };

const failureOf = (error: unknown): Failure => ({
  code: (error as { code?: unknown }).code,
  // The port differs from run to run.
  message: (error as Error).message.replace(`${PORT}`, 'PORT'),
});

const SCENARIOS: Readonly<Record<string, () => Promise<object>>> = {
  async transfer() {
    await using link = createVsockLink(LOOPBACK);
    link.listen(PORT, (stream) => stream.pipe(stream));
    const payload = randomBytes(TRANSFER_BYTES);
    const stream = await link.connect(PORT);
    stream.write(payload);
    const chunks: Buffer[] = [];
    for (let receivedBytes = 0; receivedBytes < payload.length; ) {
      const [chunk] = (await once(stream, 'data')) as [Buffer];
      chunks.push(chunk);
      receivedBytes += chunk.length;
    }
    stream.destroy();
    return { isSame: Buffer.concat(chunks).equals(payload) };
  },
  async many() {
    await using link = createVsockLink(LOOPBACK);
    link.listen(PORT, (stream) => stream.end('welcome'));
    const streams = await Promise.all(Array.from({ length: CONNECTIONS }, () => link.connect(PORT)));
    const answers = await Promise.all(streams.map((stream) => buffer(stream)));
    return { answers: answers.map(String) };
  },
  async strangers() {
    await using server = createVsockLink();
    await using link = createVsockLink(LOOPBACK);
    let entered = 0;
    server.listen(PORT, () => {
      entered += 1;
    });
    const failure = await link.connect(PORT).then(() => undefined, failureOf);
    return { code: failure?.code, entered };
  },
  async nobody() {
    await using link = createVsockLink(LOOPBACK);
    return { failure: await link.connect(PORT).then(() => undefined, failureOf) };
  },
  async taken() {
    await using link = createVsockLink(LOOPBACK);
    link.listen(PORT, () => {});
    try {
      link.listen(PORT, () => {});
      return {};
    } catch (error) {
      return { message: failureOf(error).message };
    }
  },
};

async function main([name = '']: readonly string[]): Promise<void> {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new RangeError(`Cannot run "${name}": expected one of ${Object.keys(SCENARIOS).join(', ')}`);
  process.stdout.write(`${JSON.stringify(await scenario())}\n`);
}

void main(process.argv.slice(2));
