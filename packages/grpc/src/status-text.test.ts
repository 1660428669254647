import { describe, expect, test } from '@jest/globals';
import { decodeStatusText, encodeStatusText, STATUS_TEXT_BYTES_MAX } from './status-text.ts';

describe('encodeStatusText()', () => {
  test.each([
    ['Cannot run "ls": no such file', 'Cannot run "ls": no such file'],
    ['100 %', '100 %25'],
    ['“late” €😀', '%E2%80%9Clate%E2%80%9D %E2%82%AC%F0%9F%98%80'],
    ['a\tb\r\nc\0\x7f', 'a%09b%0D%0Ac%00%7F'],
    ['  x  ', '%20 x %20'],
    [' ', '%20'],
    ['', ''],
    ['a\ud800b', 'a%EF%BF%BDb'],
  ])('encodes %j as %j', (text, encoded) => {
    expect(encodeStatusText(text)).toBe(encoded);
    // grpc-js decodes with this one, and so do other clients.
    expect(decodeURI(encoded)).toBe(text.replace('\ud800', '\uFFFD'));
  });

  test.each(['x', '€', '😀', ' ', '\0', '\udfff'])('cuts many of %j after a whole character', (character) => {
    const encoded = encodeStatusText(character.repeat(500_000));
    expect(encoded.length).toBeLessThanOrEqual(STATUS_TEXT_BYTES_MAX);
    expect(encoded.length).toBeGreaterThan(STATUS_TEXT_BYTES_MAX - 20);
    expect(() => decodeURIComponent(encoded)).not.toThrow();
  });
});

describe('decodeStatusText()', () => {
  test('reads what encodeStatusText() writes', () => {
    for (const text of ['', ' ', 'plain', '100 %', '“late” €😀', '%41', 'x'.repeat(8000)]) {
      expect(decodeStatusText(encodeStatusText(text))).toBe(text);
    }
  });

  test.each([
    ['%', '%'],
    ['%4', '%4'],
    ['%zz%41', '%zzA'],
    ['%%41', '%A'],
    ['%2541', '%41'],
    ['%e2%82%ac', '€'],
    ['%FF', '\uFFFD'],
    ['%E2%82', '\uFFFD'],
    ['%C0%80', '\uFFFD\uFFFD'],
    ['%ED%A0%80', '\uFFFD\uFFFD\uFFFD'],
    ['caf\u00e9', 'café'],
    ['%1B]0;x%07', '\uFFFD]0;x\uFFFD'],
    ['a%0Ab\rc\u0000', 'a\uFFFDb\uFFFDc\uFFFD'],
    ['%C2%9B31m', '\uFFFD31m'],
    ['%E2%80%AEtxt%E2%80%A8%E2%81%A6', '\uFFFDtxt\uFFFD\uFFFD'],
  ])('decodes %j as %j', (encoded, text) => expect(decodeStatusText(encoded)).toBe(text));

  test('shortens megabytes', () => {
    for (const piece of ['x', '%41', '%', '%4', '%E2%82%AC', '%1B']) {
      expect(decodeStatusText(piece.repeat(2_000_000)).length).toBeLessThanOrEqual(STATUS_TEXT_BYTES_MAX);
    }
  });

  test('accepts any characters', () => {
    let seed = 3;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647);
    const alphabet = ['%', '%', '4', 'f', 'E2', '%82', '\0', '\x1b', '\ud800', '\u202e', 'é', ' '];
    for (let round = 0; round < 2000; round += 1) {
      const odd = Array.from({ length: random() % 30 }, () => alphabet[random() % alphabet.length]).join('');
      expect(decodeStatusText(odd)).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
    }
  });
});
