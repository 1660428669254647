import { expect, test } from '@jest/globals';
import { parseDisplay } from './display.ts';

test.each([
  [':0', { kind: 'local', number: 0, screen: 0 }],
  [':12.3', { kind: 'local', number: 12, screen: 3 }],
  ['unix:1', { kind: 'local', number: 1, screen: 0 }],
  ['unix/vm:1.2', { kind: 'local', number: 1, screen: 2 }],
  ['localhost:10.0', { kind: 'tcp', host: 'localhost', number: 10, screen: 0 }],
  ['192.0.2.7:0', { kind: 'tcp', host: '192.0.2.7', number: 0, screen: 0 }],
  ['[2001:db8::1]:3', { kind: 'tcp', host: '2001:db8::1', number: 3, screen: 0 }],
  ['tcp/far:1', { kind: 'tcp', host: 'far', number: 1, screen: 0 }],
  ['/tmp/own/socket', { kind: 'path', path: '/tmp/own/socket', screen: 0 }],
  ['unix:/tmp/own', { kind: 'path', path: '/tmp/own', screen: 0 }],
])('parseDisplay(%j)', (text, expected) => expect(parseDisplay(text)).toEqual(expected));

test.each(['', '0', 'host', ':', ':x', ':99999', 'decnet/x:0', 'node::0', ':0.x', '::'])(
  'parseDisplay(%j) is none',
  (text) => expect(parseDisplay(text)).toBeUndefined(),
);
