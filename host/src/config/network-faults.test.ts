import { expect, test } from '@jest/globals';
import { networkFaults } from './network-faults.ts';
import { type PublishedPorts, readPublishedPorts } from './published-ports.ts';

function ports(...texts: string[]): PublishedPorts[] {
  return texts.map((text) => {
    const reading = readPublishedPorts(text);
    if ('wanted' in reading) throw new Error(text);
    return reading.value;
  });
}

const faultsOf = (publishedPorts: PublishedPorts[], passtSocket?: string, passtArgs: string[][] = []) =>
  networkFaults({ publishedPorts, passtSocket, passtArgs }).map(({ message }) => message);

test.each([
  [['8080:80', '8080:81']],
  [['8080:80', '127.0.0.1:8080:81']],
  [['8000-8010:80-90', '8005:1']],
  [['80/udp', '80/udp']],
])('networkFaults() refuses %j, which want the same port', (texts) => {
  expect(faultsOf(ports(...texts))).toEqual([
    expect.stringMatching(/^Cannot publish "[^"]+" together with "[^"]+" as/),
  ]);
});

test.each([
  [['80', '80/udp']],
  [['0:80', '0:80']],
  [['127.0.0.1:8080:80', '127.0.0.2:8080:80']],
  [['8000-8004:80-84', '8005:85']],
])('networkFaults() takes %j', (texts) => expect(faultsOf(ports(...texts))).toEqual([]));

test('networkFaults() refuses too many ports', () => {
  expect(faultsOf(ports('10000-11023'))).toEqual([]);
  expect(faultsOf(ports('10000-11023', '1'))).toEqual(['Cannot publish 1025 ports as 1024 is the most']);
});

test('networkFaults() refuses what a passt that runs already cannot be told', () => {
  expect(faultsOf(ports('80'), '/passt.sock', [['-4']])).toEqual([
    'Cannot use --publish together with --passt-socket as that passt runs already',
    'Cannot use --passt-args together with --passt-socket as that passt runs already',
  ]);
  expect(faultsOf([], '/passt.sock')).toEqual([]);
});
