/** What a driver can do, which the other may not. What it cannot is said in one line where a user asks for it. */
export interface DriverFeatures {
  readonly emulation: boolean;
  readonly sharedMemory: boolean;
  readonly gpu: boolean;
  readonly network: boolean;
  readonly vsock: boolean;
  readonly disks: boolean;
  readonly freePageReporting: boolean;
  readonly entropy: boolean;
}

export interface FeatureRow {
  /** What it is for a user, as a row of docs/drivers.md. */
  readonly meaning: string;
  /** What it needs beside the driver. */
  readonly needs: string;
}

/** THE TABLE of features, in the order of docs/drivers.md. test/vm/parity.test.ts holds it against real machines. */
export const FEATURE_ROWS: Readonly<Record<keyof DriverFeatures, FeatureRow>> = {
  emulation: { meaning: 'runs where there is no KVM, by emulation of the processor', needs: '' },
  sharedMemory: { meaning: "`/dev/shm` is the host's: a mapped file is one memory on both sides (DAX)", needs: '' },
  gpu: {
    meaning: 'a GPU that the guest shares with the host (virtio-gpu)',
    needs: 'a libkrun that was built with GPU; for more than software rendering a GPU of the host',
  },
  network: { meaning: 'a network card', needs: 'passt; QEMU can do with its own user network' },
  vsock: { meaning: 'streams between host and guest are vsock connections, not a serial port', needs: '' },
  disks: {
    meaning: 'images as read-only disks, for the libraries of another processor',
    needs: 'a libkrun that was built with disks; on x86-64 three are the most',
  },
  freePageReporting: { meaning: 'memory that the guest frees goes back to the host', needs: '' },
  entropy: { meaning: "random numbers of the host's (virtio-rng)", needs: '' },
};
