import { runSupervisor } from '../src/supervisor/index.ts';

void runSupervisor().then(() => process.exit());
