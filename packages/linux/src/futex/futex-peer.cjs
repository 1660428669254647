/**
 * A program with fences, for tests. It does what each line of its standard input says and answers with a line. Its system
 * calls are made here, so that ours are not tried with themselves.
 *
 *     node futex-peer.cjs FILE…      a line is a verb and the number of a file, see `verbs`
 */
const { openSync, readSync, writeSync } = require('node:fs');
const koffi = require('koffi');

const libc = koffi.load('libc.so.6');
const mmap = libc.func('uintptr_t mmap(void *at, size_t bytes, int protection, int flags, int fd, int64_t offset)');
const syscall = libc.func(
  'long syscall(long number, uintptr_t word, int operation, int value, void *timeout, void *other, unsigned int mask)',
);
const SYS_FUTEX = process.arch === 'arm64' ? 98 : 202;
const [FUTEX_WAIT, FUTEX_WAKE] = [0, 1];
const EVERYONE = 0x7fff_ffff;

const addresses = process.argv.slice(2).map((path) => BigInt(mmap(null, 4, 3, 1, openSync(path, 'r+'), 0)));
const words = addresses.map((address) => new Int32Array(koffi.view(address, 4)));
const wake = (place) => syscall(SYS_FUTEX, addresses[place], FUTEX_WAKE, EVERYONE, null, null, 0);

/** As xshmfence(3) does it. */
const verbs = {
  /** Answers so many times what is stored to the last word: an odd number is a question, the next one the answer. */
  echo(rounds) {
    const place = words.length - 1;
    for (let left = rounds; left > 0; ) {
      const value = Atomics.load(words[place], 0);
      if (value % 2 === 1) {
        Atomics.store(words[place], 0, value + 1);
        wake(place);
        left -= 1;
      } else syscall(SYS_FUTEX, addresses[place], FUTEX_WAIT, value, null, null, 0);
    }
    return rounds;
  },
  /** Answers so many times a byte that comes on descriptor 3, on 4. */
  pipe(rounds) {
    const byte = Buffer.alloc(1);
    for (let left = rounds; left > 0; left -= 1) writeSync(4, byte, 0, readSync(3, byte));
    return rounds;
  },
  load: (place) => Atomics.load(words[place], 0),
  wake,
  /** Triggers it, and wakes whether or not somebody is known to wait. */
  fire(place) {
    Atomics.store(words[place], 0, 1);
    return wake(place);
  },
  trigger(place) {
    if (Atomics.compareExchange(words[place], 0, 0, 1) !== -1) return 0;
    Atomics.store(words[place], 0, 1);
    return wake(place);
  },
  reset: (place) => Atomics.compareExchange(words[place], 0, 1, 0),
  await(place) {
    let waits = 0;
    for (; Atomics.load(words[place], 0) !== 1; waits += 1) {
      Atomics.compareExchange(words[place], 0, 0, -1);
      syscall(SYS_FUTEX, addresses[place], FUTEX_WAIT, -1, null, null, 0);
    }
    return waits;
  },
  /** Changes and wakes all words that many times. */
  storm(rounds) {
    for (let round = 0; round < rounds; round += 1) {
      for (let place = 0; place < words.length; place += 1) {
        Atomics.add(words[place], 0, 1);
        wake(place);
      }
    }
    return rounds;
  },
};

function readLine() {
  const byte = Buffer.alloc(1);
  for (let line = ''; ; line += byte) if (readSync(0, byte) === 0 || byte[0] === 10) return line;
}

writeSync(1, 'ready\n');
for (let line = readLine(); line !== ''; line = readLine()) {
  const [verb, argument] = line.split(' ');
  writeSync(1, `${verbs[verb](Number(argument))}\n`);
}
