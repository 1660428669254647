/**
 * The bridge on a stand-in for the GPU, as a process:
 *
 *     node bridge-peer.cjs LISTENER SERVER [shared|apart]
 *
 * LISTENER: where its clients connect. SERVER: the socket of the X server. Prints "ready", then what it has to say of clients.
 */
import { openSync } from 'node:fs';
import { Fences, FenceWatch, moveMemfd, runBridge } from '@muvm/guest-init/x11-bridge';
import { listenUnix, peerCredentials } from '@muvm/linux';
import { createStandIn, exportFile } from './stand-in/index.ts';

const [listener, server, mode] = process.argv.slice(2) as [string, string, 'shared' | 'apart' | undefined];
const fd = listenUnix(listener);
const watch = new FenceWatch();
process.stdout.write('ready\n');
runBridge({
  listener: fd,
  openDevice: () => createStandIn(server, mode),
  openRenderNode: () => openSync('/dev/null', 'r+'),
  createFences: (channel, socket) =>
    new Fences({
      watch,
      channel,
      exportFile,
      replaceFile: (fd) => moveMemfd(peerCredentials(socket).pid, fd, '/dev/shm'),
    }),
  onProblem: (sentence) => process.stdout.write(`${sentence}\n`),
});
