import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { createGuestStreamLink, createHostStreamLink } from './stream-ports.ts';
import { temporaryDirectory } from './testing/pairs.ts';
import { createUnixSocketLink } from './unix-socket-link.ts';

const PORTS = { hostToGuest: 1, guestToHost: 2 };
const ECHO_PORT = 7;

/** Both sides of a link over Unix sockets, which stand for the vsock ports that libkrun maps to them. */
function links() {
  const directory = temporaryDirectory();
  const [near, far] = [createUnixSocketLink(directory.path), createUnixSocketLink(directory.path)];
  const guest = createGuestStreamLink(far, PORTS);
  const host = createHostStreamLink(near, PORTS);
  return {
    near,
    guest,
    host,
    async [Symbol.asyncDispose]() {
      for (const each of [host, guest, near, far]) await each[Symbol.asyncDispose]();
      directory[Symbol.dispose]();
    },
  };
}

test('streams go both ways, named by ports that no socket stands for', async () => {
  await using both = links();
  both.guest.listen(ECHO_PORT, (stream) => stream.pipe(stream));
  both.host.listen(ECHO_PORT, (stream) => stream.end('from the host'));
  const there = await both.host.connect(ECHO_PORT);
  there.end('echoed');
  expect(String(await buffer(there))).toBe('echoed');
  expect(String(await buffer(await both.guest.connect(ECHO_PORT)))).toBe('from the host');
  await expect(both.host.connect(9)).rejects.toMatchObject({ code: 'REFUSED' });
});

test('a stream that nobody reads stops alone', async () => {
  await using both = links();
  both.guest.listen(ECHO_PORT, (stream) => stream.pipe(stream));
  const stalled = await both.host.connect(ECHO_PORT);
  stalled.pause();
  while (stalled.write(Buffer.alloc(65_536)));
  const other = await both.host.connect(ECHO_PORT);
  other.end('still here');
  expect(String(await buffer(other))).toBe('still here');
  stalled.destroy();
});

test('a host that was lost in the middle of a stream may come anew', async () => {
  await using both = links();
  both.guest.listen(ECHO_PORT, (stream) => stream.pipe(stream));
  const lost = await both.host.connect(ECHO_PORT);
  lost.write(Buffer.alloc(65_536));
  await both.host[Symbol.asyncDispose]();
  await using later = createHostStreamLink(both.near, PORTS);
  const stream = await later.connect(ECHO_PORT);
  stream.end('anew');
  expect(String(await buffer(stream))).toBe('anew');
});
