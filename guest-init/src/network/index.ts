/** The guest's network: its card, its addresses, and where names are asked for. */
export { configureNetwork } from './configure-network.ts';
