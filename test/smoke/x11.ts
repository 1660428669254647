/** X11 programs of the guest on an X server of the host. */
import { expect } from '@jest/globals';
import { programsMissing, until, type WarmVm, withoutHidden, type XServer } from '../framework/index.ts';
import type { Surroundings } from './surroundings.ts';

const WINDOW_MS = 60_000;

export function describeX11(vm: WarmVm, surroundings: Surroundings): void {
  const skip = programsMissing('Xvfb', 'xdpyinfo', 'xev', 'xwininfo');
  const server = () => surroundings.xServer as XServer;

  vm.test(
    'sees the X server of the host',
    async () => {
      const { stdout, errors, status } = await vm.run(['--', 'xdpyinfo']);
      expect({ errors, status }).toEqual({ errors: '', status: 0 });
      expect(withoutHidden(stdout)).toBe(withoutHidden(String(server().run('xdpyinfo'))));
    },
    { skip },
  );

  vm.test(
    'shows its window there, and takes it away at its end',
    async () => {
      const title = 'muvm smoke';
      const isShown = () => String(server().run('xwininfo', '-root', '-tree')).includes(`"${title}"`);
      const client = vm.start(['--', 'xev', '-name', title]);
      expect(await until(isShown, WINDOW_MS)).toBe(true);
      client.kill('SIGTERM');
      await client.result;
      expect(await until(() => !isShown(), WINDOW_MS)).toBe(true);
    },
    { skip },
  );
}
