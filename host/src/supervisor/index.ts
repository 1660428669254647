/** The process beside a VM: it starts it, relays the calls of all clients to it, and ends and clears it away. */
export { runSupervisor } from './run-supervisor.ts';
