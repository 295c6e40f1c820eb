/** Not retryable: an operator must correct what the message names, such as a missing, malformed or denied parameter. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Retryable: SSM did not answer in time. `cause` is its last error. */
export class ParametersUnavailableError extends Error {
  override readonly name = 'ParametersUnavailableError';
}
