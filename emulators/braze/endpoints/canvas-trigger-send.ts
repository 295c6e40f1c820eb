import { triggerEndpoint } from '../trigger.ts';

export const canvasTriggerSend = triggerEndpoint({
  kind: 'Canvas',
  permission: 'canvas.trigger.send',
  idKey: 'canvas_id',
  propertyKeys: ['context', 'canvas_entry_properties'],
  known: ({ canvases }) => canvases,
  record: ({ canvas_entries }, canvas_id, dispatch_id, context) => {
    canvas_entries.push({ canvas_id, dispatch_id, context });
  },
});
