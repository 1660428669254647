import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

type Callback = (error?: Error | null) => void;

/** What Node asks a stream that it has several chunks for, where the stream can take them together. */
interface GatheringStream {
  _writev?: unknown;
}

/**
 * A socket that is never handed more than so many bytes in one system call.
 *
 * Since Linux 6.17 (and its stable releases back to 6.12) a vsock packet of more than about 32 KiB is made of several
 * pieces of memory, and libkrun up to 1.18.0 drops those: its device reads the first piece alone. One call makes one
 * packet at most, so what is written here always is one piece.
 *
 * OWNERSHIP: takes the socket; the end and the destruction of each is that of the other.
 */
export function packetStream(socket: Socket, packetBytesMax: number): Duplex {
  // Else Node would join the packets that wait into one call again.
  (socket as GatheringStream)._writev = undefined;
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done: Callback) => writePackets(socket, chunk, packetBytesMax, done),
    writev: (chunks, done: Callback) => {
      const pieces = chunks.map(({ chunk }) => chunk as Buffer);
      writePackets(socket, pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces), packetBytesMax, done);
    },
    final: (done: Callback) => void socket.end(() => done()),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => {
    if (!stream.push(chunk)) socket.pause();
  });
  socket.once('end', () => stream.push(null));
  socket.once('error', (error) => stream.destroy(error));
  socket.once('close', () => stream.destroy());
  return stream;
}

/** Each packet goes out when the one before is with the kernel. */
function writePackets(socket: Socket, bytes: Buffer, packetBytesMax: number, done: Callback): void {
  if (bytes.length <= packetBytesMax) {
    socket.write(bytes, done);
    return;
  }
  socket.write(bytes.subarray(0, packetBytesMax), (error) => {
    if (error) done(error);
    else writePackets(socket, bytes.subarray(packetBytesMax), packetBytesMax, done);
  });
}
