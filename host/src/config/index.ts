/**
 * Wishes: what can be set, where settings come from, and what they amount to. Everything is derived from one table,
 * and beyond {@link resolveSettings} nothing is missing or unchecked.
 */
export { type ConfigEntry, configEntries } from './config-entries.ts';
export { formatCpuRanges, parseCpuRanges } from './cpu-list.ts';
export { fault } from './faults.ts';
export { configPaths } from './files.ts';
export { type Host, thisHost } from './host.ts';
export { nearest } from './nearest.ts';
export { type PublishedPorts, writePublishedPorts } from './published-ports.ts';
export type { Variable } from './readers.ts';
export { planVm, type Resolution, resolveSettings, type Words } from './resolve.ts';
export { GROUPS, type Group, type Setting } from './setting.ts';
export {
  COMPLETION_SHELLS,
  type CompletionShell,
  SETTING_ROWS,
  SETTINGS,
  type SettingName,
  type Settings,
} from './settings.ts';
export { renderSettingsPage } from './settings-page.ts';
export type { Given } from './source.ts';
export { VMM_CHOICES, type VmmChoice, type VmPlan } from './vm-plan.ts';
