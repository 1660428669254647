import { describe, expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { describeStatus, errorTrailers, GRPC_STATUS, readStatus, statusTrailers } from './status.ts';

test('the codes are 0 to 16, each once', () => {
  expect(Object.values(GRPC_STATUS)).toEqual(Array.from({ length: 17 }, (_, code) => code));
});

describe('readStatus()', () => {
  test('reads what errorTrailers() writes', () => {
    const error = new MuvmError('BOOT_FAILED', '100 % “late”', { hint: 'Wait — then retry.' });
    const trailers = errorTrailers(error, GRPC_STATUS.FAILED_PRECONDITION);
    expect(trailers).toEqual({
      'grpc-status': '9',
      'grpc-message': '100 %25 %E2%80%9Clate%E2%80%9D',
      'muvm-code': 'BOOT_FAILED',
      'muvm-hint': 'Wait %E2%80%94 then retry.',
    });
    expect(readStatus(trailers)).toEqual({ code: 9, message: '100 % “late”' });
  });

  test('reads a status without a message', () => {
    expect(readStatus(statusTrailers(GRPC_STATUS.OK))).toEqual({ code: 0, message: '' });
  });

  test('takes a missing status for UNKNOWN', () => {
    expect(readStatus({ 'grpc-message': 'x' })).toEqual({ code: 2, message: 'grpc-status is missing' });
  });

  test.each(['', '-1', '00', '0,13', '0, 0', '1.0', '1e0', '1000', ' 0', '0\n', '٣', 'OK'])(
    'takes the malformed status %j for UNKNOWN',
    (status) => {
      const read = readStatus({ 'grpc-status': status });
      expect(read.code).toBe(GRPC_STATUS.UNKNOWN);
      expect(read.message).toBe(`grpc-status is malformed: "${status.replace('\n', '\uFFFD')}"`);
    },
  );

  test('takes several statuses for UNKNOWN, and shortens long ones', () => {
    expect(readStatus({ 'grpc-status': ['0', '0'] }).code).toBe(GRPC_STATUS.UNKNOWN);
    expect(readStatus({ 'grpc-status': '0'.repeat(5_000_000) }).message.length).toBeLessThan(10_000);
  });

  test('keeps a code outside of the specification', () => {
    expect(readStatus({ 'grpc-status': '999' }).code).toBe(999);
  });
});

test.each([
  [{ code: 13, message: 'disk is full' }, '13 (INTERNAL): disk is full'],
  [{ code: 14, message: '' }, '14 (UNAVAILABLE)'],
  [{ code: 99, message: '' }, '99 (unknown code)'],
])('describeStatus() of %j is %j', (status, text) => expect(describeStatus(status)).toBe(text));
