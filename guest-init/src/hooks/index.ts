/** Programs of the user's own that run while the guest boots: as root before its network and its user are there, as the user after. */
export { runRootHooks, runUserHooks } from './run-hooks.ts';
