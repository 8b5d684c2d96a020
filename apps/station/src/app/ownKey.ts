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

/**
 * Whether what this device signs now waits for a release: its key was disowned alone, or with the whole device, on
 * which no new key helps.
 */
export const disownedWith = (
  { facilities, keys }: DirectoryView,
  { facility, device }: Author,
  key: string,
): "key" | "device" | undefined => {
  if (keys.get(key)?.disowned === undefined) return undefined;
  const machine = facilities.get(facility)?.devices.find((one) => one.device === device);
  return machine?.disowned === true ? "device" : "key";
};
