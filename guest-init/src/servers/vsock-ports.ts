import { once } from 'node:events';
import { createGuestStreamLink, createVsockLink } from '@muvm/link';
import { setWallClock } from '@muvm/linux';
import { EXEC_PORTS, type Identity, STREAM_PORTS } from '@muvm/protocol/contract';
import { guestHandlers } from '../exec/index.ts';
import { RpcServer } from '../rpc/index.ts';
import { serveSockets } from '../sockets/index.ts';
import { serveBridge } from '../x11/index.ts';
import { serveEcho } from './echo.ts';
import { openKernelValues } from './kernel-value.ts';
import { leave, type ServeOptions } from './serve-options.ts';

/** Serves each identity on a port of its own, until a call of Shutdown was answered. @throws MuvmError where it cannot listen */
export async function serveVsockPorts(options: ServeOptions): Promise<void> {
  const stop = new AbortController();
  const powerOff = () => void leave(servers, stop);
  await using vsock = createVsockLink({ packetBytesMax: options.config.vsockPacketBytes ?? undefined });
  const setKernelValue = openKernelValues();
  const servers = Object.entries(EXEC_PORTS).map(([name, port]) => {
    const identityOf = () => name as Identity;
    const server = new RpcServer(
      guestHandlers({ ...options, powerOff, identityOf, setClock: setWallClock, setKernelValue }),
    );
    vsock.listen(port, (stream) => server.serve(stream));
    return server;
  });
  await using link = createGuestStreamLink(vsock, STREAM_PORTS);
  serveEcho(link);
  serveSockets(link, options.config);
  serveBridge(options);
  await once(stop.signal, 'abort');
}
