import { becomeVm } from '../src/driver/libkrun/become-vm.ts';

process.exit(becomeVm(process.argv[2] as string));
