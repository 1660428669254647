import { openSync } from 'node:fs';
import { MuvmError } from '@muvm/errors';
import { exportVirtiofsFile, peerCredentials, releaseStragglers } from '@muvm/linux';
import { findRenderNode, openVirtgpu, VIRTIO_GPU_DRIVER } from '@muvm/virtgpu';
import { FenceWatch } from './fence-watch.ts';
import { Fences } from './fences.ts';
import { moveMemfd } from './memfd/index.ts';
import { runBridge } from './run-bridge.ts';

/** Where files lie that the host can map too. */
const SHARED_DIRECTORY = '/dev/shm';
const STRAGGLERS_MS = 5;

/** The bridge of a machine that has a GPU. It never returns. @param listener as in `BridgeOptions` */
export function bridgeMachine(listener: number, onProblem: (sentence: string) => void): never {
  const path = findRenderNode(VIRTIO_GPU_DRIVER);
  if (path === undefined) throw new MuvmError('MISSING_PART', 'Cannot find a virtio-gpu in this machine');
  const watch = new FenceWatch();
  return runBridge({
    listener,
    onProblem,
    openDevice: () => openVirtgpu(path),
    openRenderNode: () => openSync(path, 'r+'),
    createFences: (channel, socket) =>
      new Fences({
        watch,
        channel,
        exportFile: exportVirtiofsFile,
        replaceFile: (fd) => moveMemfd(peerCredentials(socket).pid, fd, SHARED_DIRECTORY),
      }),
    // A process that could not be stopped in time is let go as soon as it can be.
    afterTurn: () => (releaseStragglers() > 0 ? STRAGGLERS_MS : undefined),
  });
}
