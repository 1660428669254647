/** Pictures as portable pixmaps: a text `P6 WIDTH HEIGHT 255`, then three bytes for each pixel. Source: ppm(5). */
const PIXEL_BYTES = 3;
const HEADER = /^P6\s+(\d+)\s+(\d+)\s+255\s/;

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

/** @throws Error for what is no such picture */
export function readPicture(picture: Buffer): Pixels {
  const match = HEADER.exec(picture.toString('latin1', 0, 64));
  if (!match) throw new Error('Cannot read a picture that is no portable pixmap');
  return { width: Number(match[1]), height: Number(match[2]), bytes: picture.subarray(match[0].length) };
}

/** A picture in which every pixel is unlike its neighbours and no two rows are the same. */
export function patternPicture(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(width * height * PIXEL_BYTES);
  for (let at = 0; at < bytes.length; at += PIXEL_BYTES) {
    const pixel = at / PIXEL_BYTES;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    bytes.set([(x * 7 + y) & 0xff, (y * 5 + x * x) & 0xff, (x ^ (y * 3)) & 0xff], at);
  }
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), bytes]);
}

/** Whether a picture is part of a screen, unchanged. */
export function holdsPicture(screen: Buffer, picture: Buffer): boolean {
  const [whole, part] = [readPicture(screen), readPicture(picture)];
  const rowOf = ({ width, bytes }: Pixels, y: number, from = 0, length = width) =>
    bytes.subarray((y * width + from) * PIXEL_BYTES, (y * width + from + length) * PIXEL_BYTES);
  const start = whole.bytes.indexOf(rowOf(part, 0));
  if (start < 0 || start % PIXEL_BYTES !== 0) return false;
  const pixel = start / PIXEL_BYTES;
  const [left, top] = [pixel % whole.width, Math.floor(pixel / whole.width)];
  if (top + part.height > whole.height) return false;
  return Array.from({ length: part.height }, (_, y) => y).every((y) =>
    rowOf(whole, top + y, left, part.width).equals(rowOf(part, y)),
  );
}
