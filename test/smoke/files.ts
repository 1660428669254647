/** Files: both sides see the same ones, and the guest has no more rights on them than the user. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { SkipReason, WarmVm } from '../framework/index.ts';

const SECRET = '/etc/shadow';

/** Why this host cannot show a refusal: root may write everything. */
const ordinaryUserObstacle = (): SkipReason =>
  process.getuid?.() === 0 ? 'root may write every file; run it as an ordinary user' : undefined;

export function describeFiles(vm: WarmVm): void {
  const path = (name: string) => join(vm.sandbox.files, name);

  vm.test('carry content both ways', async () => {
    writeFileSync(path('from-host'), 'host\n');
    const { stdout, status } = await vm.run(['--', 'sh', '-c', 'cat from-host; echo guest > from-guest']);
    expect({ stdout, status }).toEqual({ stdout: 'host\n', status: 0 });
    expect(readFileSync(path('from-guest'), 'utf8')).toBe('guest\n');
  });

  vm.test('belong to the user on the host if the user makes them in the guest', async () => {
    expect((await vm.run(['--', 'sh', '-c', 'umask 027; touch made'])).status).toBe(0);
    const { uid, gid, mode } = statSync(path('made'));
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: process.getuid?.(), gid: process.getgid?.(), mode: 0o640 });
  });

  vm.test(
    'refuse root of the guest if they refuse the user',
    async () => {
      const script = `id -u; echo x >> ${SECRET}; cat ${SECRET}; touch /etc/muvm-smoke`;
      const { stdout, stderr, status } = await vm.run(['--privileged', '--', 'sh', '-c', script]);
      expect({ stdout, isRefused: status !== 0 }).toEqual({ stdout: '0\n', isRefused: true });
      expect(stderr.match(/Permission denied/g)).toHaveLength(3);
      expect(existsSync('/etc/muvm-smoke')).toBe(false);
    },
    { skip: ordinaryUserObstacle() },
  );

  vm.test(
    'refuse the user in the guest if their mode does',
    async () => {
      writeFileSync(path('closed'), 'x\n');
      chmodSync(path('closed'), 0o000);
      const { stdout, stderr, status } = await vm.run(['--', 'cat', 'closed']);
      expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
      expect(stderr).toContain('Permission denied');
    },
    { skip: ordinaryUserObstacle() },
  );
}
