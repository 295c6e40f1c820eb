/**
 * The size of a value as JSON in UTF-8; counting stops above `limit`. Iterative, because `JSON.stringify` exceeds the
 * stack for deeply nested payloads.
 */
export const countJsonBytes = (value: unknown, limit: number): number => {
  const open: unknown[] = [value];
  let bytes = 0;
  while (open.length > 0 && bytes <= limit) {
    const next = open.pop();
    if (Array.isArray(next)) {
      bytes += 1 + Math.max(1, next.length);
      for (const item of next) open.push(item);
    } else if (typeof next === 'object' && next !== null) {
      const entries = Object.entries(next);
      bytes += 1 + Math.max(1, entries.length);
      for (const [key, member] of entries) {
        bytes += Buffer.byteLength(JSON.stringify(key)) + 1;
        open.push(member);
      }
    } else {
      bytes += Buffer.byteLength(JSON.stringify(next) ?? 'null');
    }
  }
  return bytes;
};
