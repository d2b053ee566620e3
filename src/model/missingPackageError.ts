/** What is thrown where an optional package is wanted and not installed. */

/** `packages` are to be installed by whoever calls; `message` says how. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
  readonly packages: readonly string[];

  constructor(packages: readonly string[], use: string, options?: ErrorOptions) {
    super(
      `${use} need ${packages.join(' and ')}, which rolla does not bring along: npm install ${packages.join(' ')}`,
      options,
    );
    this.packages = packages;
  }
}
