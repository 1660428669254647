/** Device nodes of the guest: whose they are, and udev, which keeps them where the host has it. */
export { giveDevices } from './give-devices.ts';
export { startUdev } from './start-udev.ts';
