/** Takes the place of lib/http.ts: the page hands the runtime a connection to its emulated Braze. */
export const sendOnce = (): never => {
  throw new Error('The page has no network.');
};
