/** Prints the reports of several drivers as one table. Arguments: their files. */
import { readFileSync } from 'node:fs';
import { type Report, renderTable } from './report.ts';

const paths = process.argv.slice(2);
const reports = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Report);
const machines = reports.map(({ driver, machine }) => `${driver}: on Linux ${machine.kernel}, ${machine.cpuCount} CPU`);
process.stdout.write(`${renderTable(reports)}\n\n${machines.join(' · ')}\nwritten to ${paths.join(', ')}\n`);
