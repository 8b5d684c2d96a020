import { personAt } from "@lientuyen/record";
import type { FastifyReply } from "fastify";
import type { Handlers } from "../http/register.ts";
import type { Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import { cookieName } from "../http/guard.ts";
import { readLog } from "../feed/feed.ts";
import {
  changePassword,
  createAccount,
  setPassword,
  shortestPassword,
  signIn,
  type SignedIn,
} from "./accounts.ts";
import { makeChallenge, signInByKey } from "./keySignIn.ts";
import { enrolKey } from "./enrol.ts";
import { foundFirstAdministrator, readFirstLink } from "./firstAdministrator.ts";
import { meOf } from "./me.ts";
import { endSession } from "./sessions.ts";
import { appendSealed, openStoreSecret } from "./sealed.ts";
import { csrfOf } from "./tokens.ts";

type Names =
  | "signIn"
  | "keyChallenge"
  | "keySignIn"
  | "openStoreSecret"
  | "signOut"
  | "me"
  | "changePassword"
  | "firstLink"
  | "firstAdministrator"
  | "enrolKey"
  | "sealed"
  | "addPerson"
  | "resetPassword"
  | "serverKeys";

export const identityHandlers = (core: Core, secure: boolean): Pick<Handlers, Names> => {
  const cookie = { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
  const begun = async (reply: FastifyReply, signedIn: SignedIn) => {
    reply.setCookie(cookieName(secure), signedIn.token, cookie);
    return { me: await meOf(core, signedIn), csrf: csrfOf(signedIn.token) };
  };
  return {
    signIn: async ({ input, request, reply }) =>
      begun(reply, await signIn(core, input.account, input.password, request.ip)),
    keyChallenge: async ({ request }) => ({ challenge: await makeChallenge(core, request.ip) }),
    keySignIn: async ({ input, request, reply }) =>
      begun(reply, await signInByKey(core, input, request.ip)),
    openStoreSecret: async ({ session, input }) => ({
      secret: await openStoreSecret(core, session, input),
    }),
    signOut: async ({ session, reply }) => {
      await endSession(core, session);
      reply.clearCookie(cookieName(secure), cookie);
    },
    me: async ({ session, sessionToken }) => ({
      me: await meOf(core, session),
      csrf: csrfOf(sessionToken ?? ""),
    }),
    changePassword: ({ session, input }) => changePassword(core, session, input.old, input.new),
    firstLink: ({ input }) => readFirstLink(core, input.token),
    firstAdministrator: ({ input }) => foundFirstAdministrator(core, input),
    enrolKey: ({ session, input }) => enrolKey(core, session, input),
    sealed: async ({ transport, input }) => ({
      answers: [...(await appendSealed(core, transport, input))],
    }),
    addPerson: async ({ session, input }) => {
      if (input.password.length < shortestPassword) throw new Failure("bad_request", "password");
      const { view } = await core.database.asFacility(session.facility, (tx) =>
        core.directory.current(tx),
      );
      if (personAt(view, session.facility, input.person) === undefined)
        throw new Failure("bad_request", "person");
      await createAccount(core, { ...input, facility: session.facility });
    },
    resetPassword: async ({ session, params }) => {
      const password = Buffer.from(core.random(15)).toString("base64url");
      if (!(await setPassword(core, params.person, session.facility, password, undefined)))
        throw new Failure("not_found");
      return { password };
    },
    serverKeys: async () => ({
      entries: [
        ...(await core.database.asSystem((tx) => readLog(tx, core.logbook, "installation"))),
      ],
    }),
  };
};
