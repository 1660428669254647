/** What connects a guest to the network without root: passt. */
export { cardAddress } from './card-address.ts';
export { type NetworkPeer, openNetwork } from './open-network.ts';
