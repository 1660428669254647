import { describe, expect, test } from '@jest/globals';
import { renderFexConfig } from './fex-config.ts';

const render = (text: string | undefined, isMerged = false): unknown => JSON.parse(renderFexConfig(text, isMerged));

describe('renderFexConfig()', () => {
  test('names our root, and keeps what else the host has set', () => {
    const host = '{"Config": {"RootFS": "default.erofs", "TSOEnabled": "0"}, "ThunksDB": {"GL": 1}}';
    expect(render(host)).toEqual({
      Config: { RootFS: '/run/muvm/rootfs', TSOEnabled: '0' },
      ThunksDB: { GL: 1 },
    });
  });

  test('says whether the root is merged', () => {
    expect(render(undefined, true)).toEqual({ Config: { RootFS: '/run/muvm/rootfs', MergedRootFS: '1' } });
    expect(render('{"Config": {"MergedRootFS": "1"}}')).toEqual({ Config: { RootFS: '/run/muvm/rootfs' } });
  });

  test.each(['', '{', '[]', 'null', '{"Config": 7}'])('does without a host that says %j', (text) => {
    expect(render(text)).toEqual({ Config: { RootFS: '/run/muvm/rootfs' } });
  });
});
