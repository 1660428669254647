import { FOREIGN_ROOT } from '@muvm/protocol/contract';

/**
 * The text of FEX's `Config.json` with our root in it. All else that the host's own says is kept.
 *
 * Source: FEX, Source/Common/Config.cpp; `MergedRootFS` is known to some builds, and passed over by the others.
 *
 * @param text the host's own; one that is no JSON object counts as none
 */
export function renderFexConfig(text: string | undefined, isMerged: boolean): string {
  const host = asObject(parsed(text));
  const { MergedRootFS: _, ...config } = asObject(host['Config']);
  const merged = isMerged ? { MergedRootFS: '1' } : {};
  return `${JSON.stringify({ ...host, Config: { ...config, RootFS: FOREIGN_ROOT, ...merged } }, undefined, 2)}\n`;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
