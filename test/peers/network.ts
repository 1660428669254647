/**
 * Either side of test/vm/network.test.ts.
 *
 *     node network.cjs serve SIDE ADDRESS/PORT…     serves TCP and UDP, says `up`, and ends with its stdin
 *     node network.cjs names ADDRESS NAME=IP…       serves names, likewise
 *     node network.cjs ask QUESTIONS                asks, and prints the answers: both JSON
 */
import { serveNames } from './name-server.ts';
import { askAll } from './network-client.ts';
import { serve } from './network-server.ts';

async function main([mode, first = '', ...words]: readonly string[]): Promise<void> {
  if (mode === 'ask') {
    console.log(JSON.stringify(await askAll(JSON.parse(first))));
    return;
  }
  if (mode === 'names') {
    const addresses = new Map(words.map((word) => word.split('=') as [string, string]));
    await serveNames(first, (name) => addresses.get(name));
  } else {
    await Promise.all(
      words.map((word) => {
        const [address = '', port] = word.split('/');
        return serve(first, address, Number(port));
      }),
    );
  }
  console.log('up');
  process.stdin.resume().once('end', () => process.exit());
}

void main(process.argv.slice(2));
