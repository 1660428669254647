import type { KrunFunction } from '../functions.ts';
import type { NativeArgument, NativeLibrary } from '../native-library.ts';

/** The functions that muvm asks for, by the release that brought them: include/libkrun.h of its tags. */
const ADDED: ReadonlyArray<readonly [release: string, names: readonly KrunFunction[]]> = [
  [
    '1.8',
    [
      'krun_set_log_level',
      'krun_create_ctx',
      'krun_free_ctx',
      'krun_set_vm_config',
      'krun_set_root',
      'krun_add_virtiofs',
      'krun_set_passt_fd',
      'krun_set_net_mac',
      'krun_add_vsock_port',
      'krun_set_console_output',
      'krun_set_env',
      'krun_start_enter',
    ],
  ],
  ['1.9.5', ['krun_add_virtiofs2', 'krun_add_disk', 'krun_set_gpu_options2']],
  ['1.10', ['krun_add_disk2', 'krun_add_vsock_port2']],
  ['1.11', []],
  ['1.13', ['krun_init_log']],
  ['1.15', ['krun_add_net_unixstream']],
  ['1.17', ['krun_disable_implicit_vsock', 'krun_add_vsock']],
  ['1.17.3', ['krun_has_feature']],
  ['1.18', ['krun_add_virtiofs3']],
  ['1.19', ['krun_disable_implicit_init']],
];

/** The functions of a release that is in the list. */
export function functionsOf(release: string): KrunFunction[] {
  const last = ADDED.findIndex(([each]) => each === release);
  if (last < 0) throw new RangeError(`Cannot act libkrun ${release} as it is not in the list`);
  return ADDED.slice(0, last + 1).flatMap(([, names]) => names);
}

export interface ActedLibrary extends NativeLibrary {
  /** Every call, as name and arguments, but the questions for features. */
  readonly calls: (readonly [KrunFunction, ...NativeArgument[]])[];
}

/**
 * A library that has some functions, records their calls, and returns what `results` says, else 0. Of features it has
 * all.
 */
export function actLibrary(
  names: readonly KrunFunction[],
  results: Partial<Record<KrunFunction, (...args: readonly NativeArgument[]) => number>> = {},
): ActedLibrary {
  const calls: (readonly [KrunFunction, ...NativeArgument[]])[] = [];
  return {
    calls,
    find(prototype) {
      const name = /(\w+)\(/.exec(prototype)?.[1] as KrunFunction;
      if (!names.includes(name)) return undefined;
      return (...args) => {
        if (name !== 'krun_has_feature') calls.push([name, ...args]);
        return results[name]?.(...args) ?? (name === 'krun_has_feature' ? 1 : 0);
      };
    },
  };
}
