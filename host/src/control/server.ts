import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ProgressEvent, VmStatus } from './status.ts';

/** What the control server asks of the supervisor. */
export interface ControlledVm {
  status(): Promise<VmStatus>;
  /** All phases so far, then each new one; ends with the VM. */
  progress(): AsyncIterable<ProgressEvent>;
  /** Begins to end the VM. */
  stop(): void;
}

type Handler = (vm: ControlledVm, response: ServerResponse) => Promise<void>;

const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /v1/status': async (vm, response) => answer(response, 200, await vm.status()),
  'GET /v1/progress': async (vm, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    for await (const event of vm.progress()) {
      if (response.destroyed) return;
      response.write(`${JSON.stringify(event)}\n`);
    }
    response.end();
  },
  'POST /v1/stop': async (vm, response) => {
    answer(response, 202, {});
    vm.stop();
  },
};

/** Makes the control server; the caller lets it listen. One bad request ends that request alone. */
export function serveControl(vm: ControlledVm): Server {
  return createServer((request, response) => {
    request.resume();
    respond(vm, request, response).catch((error: unknown) => answer(response, 500, { error: String(error) }));
  });
}

async function respond(vm: ControlledVm, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const handler = ROUTES[`${request.method} ${request.url}`];
  if (handler) await handler(vm, response);
  else answer(response, 404, { error: `Cannot ${request.method} ${request.url}`, routes: Object.keys(ROUTES) });
}

function answer(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
