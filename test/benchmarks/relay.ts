/**
 * Runs in the guest, as root: passes raw bytes between a virtio-serial port and a child.
 *
 *     node relay.cjs PORT out FILE        cat FILE → port
 *     node relay.cjs PORT in BYTES        port → cat > /dev/null, then one byte back
 */
import { spawn } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { adoptStream } from '@muvm/linux';

const [portNumber, direction, argument] = process.argv.slice(2) as [string, string, string];
const port = adoptStream(openSync(`/dev/vport0p${portNumber}`, constants.O_RDWR | constants.O_NONBLOCK));
port.on('error', () => process.exit(1));
process.stdout.write('ready\n');

if (direction === 'out') {
  spawn('cat', [argument], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.pipe(port, { end: false });
} else {
  const child = spawn('sh', ['-c', 'cat > /dev/null'], { stdio: ['pipe', 'ignore', 'inherit'] });
  let missing = Number(argument);
  port.on('data', (chunk: Buffer) => {
    missing -= chunk.length;
    if (!child.stdin.write(chunk)) {
      port.pause();
      child.stdin.once('drain', () => port.resume());
    }
    if (missing <= 0) child.stdin.end();
  });
  child.once('exit', () => port.write('.'));
}
