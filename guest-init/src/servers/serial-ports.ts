import { createGuestSerialLink, watchSerialPort } from '@muvm/link';
import { setWallClock } from '@muvm/linux';
import { SERIAL_PORTS } from '@muvm/protocol/contract';
import { guestHandlers, identityFromHeader } from '../exec/index.ts';
import { RpcServer } from '../rpc/index.ts';
import { serveSockets } from '../sockets/index.ts';
import { serveBridge } from '../x11/index.ts';
import { serveEcho } from './echo.ts';
import { openKernelValues } from './kernel-value.ts';
import { leave, type ServeOptions } from './serve-options.ts';

/** Serves until a call of Shutdown was answered. @throws MuvmError where a port cannot be opened */
export async function serveSerialPorts(options: ServeOptions): Promise<void> {
  const stop = new AbortController();
  const server = new RpcServer(
    guestHandlers({
      ...options,
      identityOf: identityFromHeader,
      setClock: setWallClock,
      setKernelValue: openKernelValues(),
      powerOff: () => void leave([server], stop),
    }),
  );
  await using link = createGuestSerialLink({
    hostToGuest: devicePath(SERIAL_PORTS.hostToGuest.number),
    guestToHost: devicePath(SERIAL_PORTS.guestToHost.number),
  });
  serveEcho(link);
  serveSockets(link, options.config);
  serveBridge(options);
  await watchSerialPort(devicePath(SERIAL_PORTS.rpc.number), (socket) => server.serve(socket), stop.signal);
}

/** Device 0 is the first virtio-serial device, which the console is on too. */
function devicePath(portNumber: number): string {
  return `/dev/vport0p${portNumber}`;
}
