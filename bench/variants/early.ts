// In place of lib/runtime.ts: it is created, and SSM is asked, while the module loads.
import { deadlineIn } from '../../lib/deadline.ts';
import { createRuntime as create } from '../../lib/runtime.ts';

const runtime = create();
runtime.parameters.credentials(deadlineIn(6_000)).catch(() => {});

export const createRuntime = () => runtime;
