import { type MuvmError, reasonOf } from '@muvm/errors';
import { fault } from './faults.ts';
import type { Host } from './host.ts';
import { type JsonFault, scanJson } from './scan-json.ts';

/** The object in a configuration file. Undefined where there is no file, or something is wrong, which is added to `faults`. */
export function readConfig(path: string, host: Host, faults: MuvmError[]): Record<string, unknown> | undefined {
  const text = readText(path, host, faults);
  if (text === undefined) return undefined;
  const scanned = scanJson(text);
  if (scanned.fault) {
    faults.push(notJson(path, scanned.fault));
    return undefined;
  }
  const config: unknown = JSON.parse(text);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    faults.push(fault(`Cannot use "${path}" as it must hold a JSON object`));
    return undefined;
  }
  const twice = scanned.keys.filter((key, index) => scanned.keys.indexOf(key) < index);
  for (const key of new Set(twice)) faults.push(fault(`Cannot use the key "${key}" twice in "${path}"`));
  return { ...config };
}

function readText(path: string, host: Host, faults: MuvmError[]): string | undefined {
  try {
    return host.readFile(path);
  } catch (error) {
    faults.push(fault(`Cannot read "${path}": ${reasonOf(error)}`));
    return undefined;
  }
}

function notJson(path: string, { line, column, wanted, found }: JsonFault): MuvmError {
  const instead = found === undefined ? 'the end of the file' : JSON.stringify(found);
  return fault(
    `Cannot read "${path}" as it must hold valid JSON: line ${line}, column ${column} must be ${wanted}, not ${instead}`,
    hintOn(found, wanted),
  );
}

/** For what other languages allow. */
function hintOn(found: string | undefined, wanted: string): string | undefined {
  if (found === '/' || found === '#') return 'JSON has no comments.';
  if (found === "'") return 'JSON has its texts in double quotes.';
  if (found === '}' && wanted.startsWith('a key')) return 'JSON has no "," before "}".';
  if (found === ']' && wanted === 'a value') return 'JSON has no "," before "]".';
  return undefined;
}
