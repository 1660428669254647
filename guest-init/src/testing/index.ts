/** What the tests of this room share: the service in this process, on a Unix socket, with a gRPC client of its own. */
export { type CommandResult, type RunOptions, runCommand } from './run-command.ts';
export { startTestServer, type TestServer } from './test-server.ts';
