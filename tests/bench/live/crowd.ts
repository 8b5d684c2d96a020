import {
  LocalVideoTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
  type RemoteTrackPublication,
} from "@livekit/rtc-node";
import * as v from "valibot";
import { publishVoice, tone } from "../../media/endpoint.ts";

// A process of many light endpoints in one room: all take the voices, some speak, some are seen. It says how many are in
// each time that one more is.

const Order = v.strictObject({
  url: v.string(),
  members: v.array(
    v.strictObject({ token: v.string(), does: v.picklist(["listens", "speaks", "isSeen"]) }),
  ),
});

const [width, height] = [320, 180];
const pictureMs = 80;

/** A grey that moves: twelve small pictures a second. */
const show = async (room: Room): Promise<void> => {
  const source = new VideoSource(width, height);
  const options = new TrackPublishOptions();
  options.source = TrackSource.SOURCE_CAMERA;
  await room.localParticipant?.publishTrack(
    LocalVideoTrack.createVideoTrack("camera", source),
    options,
  );
  let n = 0;
  setInterval(() => {
    const pixels = new Uint8Array((width * height * 3) / 2).fill(128);
    pixels.fill((n * 8) % 256, 0, width * height);
    pixels.fill(255, (n % height) * width, (n % height) * width + width);
    source.captureFrame(new VideoFrame(pixels, width, height, VideoBufferType.I420));
    n++;
  }, pictureMs);
};

const enter = async (
  url: string,
  { token, does }: v.InferOutput<typeof Order>["members"][number],
): Promise<boolean> => {
  const room = new Room();
  const take = (publication: RemoteTrackPublication): void => {
    if (publication.kind === TrackKind.KIND_AUDIO) publication.setSubscribed(true);
  };
  room.on(RoomEvent.TrackPublished, take);
  await room.connect(url, token, { autoSubscribe: false, dynacast: false });
  for (const { trackPublications } of room.remoteParticipants.values())
    for (const publication of trackPublications.values()) take(publication);
  if (does === "listens") return true;
  void publishVoice(room, tone, new AbortController().signal).catch(() => undefined);
  if (does === "isSeen") await show(room);
  return true;
};

process.on("message", (message) => {
  void (async () => {
    const { url, members } = v.parse(Order, message);
    let inside = 0;
    for (const member of members)
      if (await enter(url, member).catch(() => false)) process.send?.({ inside: ++inside });
  })();
});
process.on("disconnect", () => process.exit(0));
