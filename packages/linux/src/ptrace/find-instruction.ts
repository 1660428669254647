import { MuvmError } from '@muvm/errors';
import { type Architecture, thisArchitecture } from './architecture.ts';
import { type Mapping, readMappings } from './mappings.ts';
import { processName } from './refusal.ts';
import { RemoteMemory } from './remote-memory.ts';

const VDSO = '[vdso]';
const EXECUTABLE = ' r-x';
/** How much of other code is looked through where the kernel's own has none. */
const SEARCHED_MAPPINGS_MAX = 64;
const SEARCHED_BYTES_MAX = 1024 * 1024;

/** The address of an instruction for a system call that a process has already: its code is not written to. */
export function findInstruction(pid: number, tid: number): bigint {
  using memory = new RemoteMemory(pid, tid);
  const vdso = readMappings(pid, tid, VDSO);
  const address = searchAll(memory, vdso) ?? searchAll(memory, readMappings(pid, tid, EXECUTABLE));
  if (address !== undefined) return address;
  throw new MuvmError('SYSTEM', `Cannot find an instruction for system calls in the code of ${processName(pid)}`, {
    hint: 'Run the program on a kernel with a vDSO.',
  });
}

function searchAll(memory: RemoteMemory, mappings: readonly Mapping[]): bigint | undefined {
  for (const { start, end } of mappings.slice(0, SEARCHED_MAPPINGS_MAX)) {
    const length = end - start;
    const code = memory.read(start, length > SEARCHED_BYTES_MAX ? SEARCHED_BYTES_MAX : Number(length));
    const offset = searchCode(code);
    if (offset !== undefined) return start + BigInt(offset);
  }
  return undefined;
}

/** The offset of the instruction in code that begins at a multiple of its alignment. */
export function searchCode(
  code: Buffer,
  { instruction, instructionAlignment }: Architecture = thisArchitecture(),
): number | undefined {
  for (let at = code.indexOf(instruction); at >= 0; at = code.indexOf(instruction, at + 1)) {
    if (at % instructionAlignment === 0) return at;
  }
  return undefined;
}
