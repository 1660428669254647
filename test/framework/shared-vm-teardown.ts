import { closeSharedVms } from './shared-vm.ts';

export default closeSharedVms;
