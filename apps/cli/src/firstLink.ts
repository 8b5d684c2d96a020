import { makeFirstLink, type LientuyenServer } from "@lientuyen/server";

/** The one-time link for the first administrator; undefined once there is one. The token stands behind #: it is in no log. */
export const firstLink = async (
  core: LientuyenServer["core"],
  address: string,
): Promise<string | undefined> => {
  const token = await makeFirstLink(core);
  return token === undefined ? undefined : `${address}/first#${token}`;
};
