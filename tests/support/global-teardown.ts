export default async function stop(): Promise<void> {
  await globalThis.sqsOfThisRun.close();
}
