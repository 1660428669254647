import type { ExportedFile, Identifier } from '@muvm/virtgpu';

/** What the VMM does for each command. */
export interface Commands {
  init(): void;
  send(data: Buffer, identifiers: readonly Identifier[]): void;
  futexNew(file: ExportedFile, id: number): void;
  futexSignal(id: number): void;
  futexDestroy(id: number): void;
}

/** Takes commands apart as the VMM does. @throws Error where it would stop there, and drop the rest */
export function executeAll(bytes: Buffer, commands: Commands): void {
  for (let at = 0; at < bytes.length; ) {
    const command = bytes.subarray(at);
    execute(command, commands);
    const sizeBytes = command.readUInt16LE(2);
    if (sizeBytes === 0) throw new Error('A command of no size stops the GPU of a real machine for ever');
    at += sizeBytes;
  }
}

function execute(command: Buffer, commands: Commands): void {
  const code = command[0];
  if (code === 1) return commands.init();
  if (code === 3) return;
  if (code === 4) return send(command, commands);
  if (code === 8) {
    const file = { fsId: command.readBigUInt64LE(8), handle: command.readBigUInt64LE(16) };
    return commands.futexNew(file, command.readUInt32LE(24));
  }
  if (code === 9) return commands.futexSignal(command.readUInt32LE(8));
  if (code === 10) return commands.futexDestroy(command.readUInt32LE(8));
  throw new Error(`There is no command ${code}`);
}

function send(command: Buffer, commands: Commands): void {
  const [count, dataBytes] = [command.readUInt32LE(8), command.readUInt32LE(12)];
  if (count > 28 || 352 + dataBytes > command.length) throw new Error('A message that the VMM drops');
  const identifiers = Array.from({ length: count }, (_, index) => ({
    id: command.readUInt32LE(16 + 4 * index),
    type: command.readUInt32LE(128 + 4 * index),
  }));
  commands.send(command.subarray(352, 352 + dataBytes), identifiers);
}
