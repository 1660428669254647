import { describe, expect, test } from '@jest/globals';
import { thisHost } from './host.ts';

describe('thisHost()', () => {
  test('knows the CPUs that this process may use', () => {
    const cpus = thisHost().cpus();
    expect(cpus.length).toBeGreaterThan(0);
    expect([...cpus].sort((a, b) => a - b)).toEqual(cpus);
  });

  test('tells a file that is not there from one that cannot be read', () => {
    expect(thisHost().readFile('/nonexistent/file')).toBeUndefined();
    expect(() => thisHost().readFile('/')).toThrow('EISDIR');
  });

  test('takes nothing but a directory for one', () => {
    const { isDirectory } = thisHost();
    expect([isDirectory('/'), isDirectory('/etc/passwd'), isDirectory('/nonexistent')]).toEqual([true, false, false]);
    expect(isDirectory('/etc/passwd/x')).toBe(false);
  });
});
