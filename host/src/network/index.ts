/** What connects a guest to the network without root: passt. And the ports of the guest that the host has. */
export { cardAddress } from './card-address.ts';
export { type Network, type NetworkPeer, openNetwork, passtMissing } from './open-network.ts';
