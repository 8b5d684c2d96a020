/** Why the server does not start, as one sentence for the person at the console. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}
