import { openSharedVms } from './shared-vm.ts';

export default openSharedVms;
