import { expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { parseStartReport, renderStartReport } from './start-report.ts';

test('a report of success carries no failure', () => {
  expect(parseStartReport(renderStartReport().trim())).toBeUndefined();
});

test('a report of failure carries code, sentence and hint, on one line', () => {
  const line = renderStartReport(new MuvmError('MISSING_PART', 'Cannot find "x"\nin PATH', { hint: 'Install it.' }));
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(parseStartReport(line.trim())).toMatchObject({
    code: 'MISSING_PART',
    message: 'Cannot find "x"\nin PATH',
    hint: 'Install it.',
  });
});

test('any other error becomes a sentence of ours', () => {
  const error = Object.assign(new Error('ENOSPC: x'), { code: 'ENOSPC', syscall: 'write' });
  expect(parseStartReport(renderStartReport(error).trim())?.message).toBe('Supervisor failed: no space left on device');
});
