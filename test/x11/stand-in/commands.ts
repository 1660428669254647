import type { ExportedFile } from '@muvm/linux';
import type { Identifier } from '@muvm/virtgpu';

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
  const id = command.length >= 12 ? command.readUInt32LE(8) : 0;
  const actions: Readonly<Record<number, () => void>> = {
    1: () => commands.init(),
    3() {},
    4: () => send(command, commands),
    8() {
      const file = { fsId: command.readBigUInt64LE(8), handle: command.readBigUInt64LE(16) };
      commands.futexNew(file, command.readUInt32LE(24));
    },
    9: () => commands.futexSignal(id),
    10: () => commands.futexDestroy(id),
  };
  const code = command[0] as number;
  const action = actions[code];
  if (!action) throw new Error(`There is no command ${code}`);
  action();
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
