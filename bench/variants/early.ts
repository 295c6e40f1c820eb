// In place of lib/delivery/dispatch.ts: the stage is opened and SSM is asked while the module loads.
import { deadlineIn } from '../../lib/deadline.ts';
import { dispatch, openStage as open } from '../../lib/delivery/dispatch.ts';

const stage = open();
stage.parameters.credentials(deadlineIn(6_000)).catch(() => {});

export const openStage = () => stage;
export { dispatch };
