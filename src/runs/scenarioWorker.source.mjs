// Run from source only: threads need a TypeScript loader of their own before they can import scenarioWorker.ts.
import { register } from 'tsx/esm/api';

register();
export default (await import('./scenarioWorker.ts')).default;
