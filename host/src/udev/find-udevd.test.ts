import { expect, test } from '@jest/globals';
import { findUdevd } from './find-udevd.ts';

test('findUdevd() finds the first that is there, unless another is named', () => {
  expect(findUdevd({}, ['/nonexistent/udevd', '/bin/sh', '/etc/passwd'])).toBe('/bin/sh');
  expect(findUdevd({}, ['/nonexistent/udevd'])).toBeUndefined();
  expect(findUdevd({ MUVM_UDEVD_PATH: '' }, ['/bin/sh'])).toBe('/bin/sh');
  expect(findUdevd({ MUVM_UDEVD_PATH: '/nonexistent/own' }, ['/bin/sh'])).toBe('/nonexistent/own');
});
