import { routes } from "@lientuyen/api";
import type { Act } from "@lientuyen/session";
import * as v from "valibot";
import { joinRoom, tone, type Endpoint } from "../../media/endpoint.ts";
import type { World } from "./world.ts";

/** A person of a council without a browser: their own account, session and voice. */
export interface LightMember {
  readonly who: string;
  readonly act: (act: Act) => Promise<v.InferOutput<typeof routes.session.out>["state"]>;
  readonly look: () => Promise<v.InferOutput<typeof routes.session.out>["state"]>;
  /** Into the room, with a voice where asked. Throws where the door does not open. */
  readonly join: (speaks: boolean) => Promise<Endpoint>;
}

/** Comes to the door of the one open session. */
export const comeToDoor = async (world: World, account: string): Promise<LightMember> => {
  const post = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const headers = { "content-type": "application/json", "x-lientuyen-protocol": "1", ...more };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return fetch(`${world.url}${path}`, init);
  };
  const signed = await post("/v1/sign-in", { account, password: world.passwordOf(account) });
  const { csrf, me } = v.parse(routes.signIn.out, await signed.json());
  const session = {
    cookie: signed.headers.getSetCookie()[0]?.split(";")[0] ?? "",
    "x-lientuyen-csrf": csrf,
  };
  const who = `${me.facility}/${me.person}`;
  const listed = await fetch(`${world.url}/v1/sessions`, { headers: session });
  const { sessions } = v.parse(routes.sessions.out, await listed.json());
  const open = sessions.find(({ state }) => state.phase === "open");
  if (open === undefined) throw new Error("no open session");
  const path = `/v1/sessions/${open.session}`;
  const stateOf = async (answer: Response) => {
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return v.parse(routes.session.out, await answer.json()).state;
  };
  const act = async (given: Act) => stateOf(await post(`${path}/acts`, { act: given }, session));
  await act({ act: "arrive", who });
  return {
    who,
    act,
    look: async () => stateOf(await fetch(`${world.url}${path}`, { headers: session })),
    join: async (speaks) => {
      const answer = await post(`${path}/token`, {}, session);
      const { token } = v.parse(routes.sessionToken.out, await answer.json());
      const endpoint = await joinRoom(world.url, token);
      if (endpoint === undefined) throw new Error(`${account} was not let in`);
      if (speaks) await endpoint.speak(tone);
      return endpoint;
    },
  };
};
