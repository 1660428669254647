const AF_UNIX = 1;
const PATH_OFFSET = 2;

/** struct sockaddr_un of linux/un.h: 0 u16 family · 2 char path[108], with its final zero byte. */
export const SOCKADDR_UN_BYTES = 110;

/** The longest path of a Unix socket, in bytes. */
export const SOCKET_PATH_BYTES_MAX = SOCKADDR_UN_BYTES - PATH_OFFSET - 1;

/** The address of a Unix socket, as bind(2) and connect(2) take it. @throws RangeError where the path is too long */
export function unixAddress(path: string): Buffer {
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) throw new RangeError(`Cannot use the socket path "${path}"`);
  const address = Buffer.alloc(SOCKADDR_UN_BYTES);
  address.writeUInt16LE(AF_UNIX, 0);
  address.write(path, PATH_OFFSET);
  return address;
}
