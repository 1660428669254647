/** Numbers in one byte order, written where there is room for them. */
export interface Words {
  readonly isLittle: boolean;
  /** What does not fit into the bytes is left out. */
  write(bytes: Buffer, at: number, value: number, length: number): void;
  number(value: number, length: number): Buffer;
}

export function wordsOf(isLittle: boolean): Words {
  const number = (value: number, length: number) => {
    const bytes = Buffer.alloc(length);
    const part = value % 2 ** (8 * length);
    if (isLittle) bytes.writeUIntLE(part, 0, length);
    else bytes.writeUIntBE(part, 0, length);
    return bytes;
  };
  return { isLittle, number, write: (bytes, at, value, length) => void number(value, length).copy(bytes, at) };
}
