/** Takes the place of node:crypto, which only calls over HTTPS and signed links need: the page makes neither. */
const unreachable = (): never => {
  throw new Error('The page signs nothing.');
};

export const createHmac = unreachable;
export const timingSafeEqual = unreachable;
