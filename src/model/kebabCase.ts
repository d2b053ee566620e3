/** `delayRule` -> `delay-rule`: how options are called wherever people write or read them outside of code. */
export function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
