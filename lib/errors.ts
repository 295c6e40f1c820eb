/** An operator must act before this can work: a parameter is missing, malformed or denied. The message says which. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** SSM could not answer in time; nobody is to blame and a later try may work. `cause` is its last error. */
export class ParametersUnavailableError extends Error {
  override readonly name = 'ParametersUnavailableError';
}
