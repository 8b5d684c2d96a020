import type { Author, DirectoryView } from "@lientuyen/record";

/** Whether the server has seen this person's key on this device in use on a second machine, and nobody has disowned it yet. */
export const isCloned = ({ keys }: DirectoryView, { person, facility, device }: Author): boolean =>
  [...keys.values()].some(
    (key) =>
      key.person === person &&
      key.facility === facility &&
      key.device === device &&
      key.cloned &&
      key.disowned === undefined,
  );
