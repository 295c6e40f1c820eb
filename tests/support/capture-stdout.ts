/** What was written to standard output while something was done. */
export const captureStdout = async <T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly text: string }> => {
  const { write } = process.stdout;
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    return { result: await work(), text };
  } finally {
    process.stdout.write = write;
  }
};
