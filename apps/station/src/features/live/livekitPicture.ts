import { rungs as table, type RungName } from "@lientuyen/session";
import {
  VideoPreset,
  VideoQuality,
  type LocalTrack,
  type LocalVideoTrack,
  type RemoteTrackPublication,
} from "livekit-client";

export const qualityOf = (rung: RungName): VideoQuality | undefined => {
  const height = table[rung].video?.height;
  if (height === undefined) return undefined;
  if (height >= 720) return VideoQuality.HIGH;
  return height >= 360 ? VideoQuality.MEDIUM : VideoQuality.LOW;
};
const presetOf = (rung: RungName): VideoPreset => {
  const { height = 180, kbps = 90, fps = 12 } = table[rung].video ?? {};
  return new VideoPreset((height * 16) / 9, height, kbps * 1_000, fps);
};
/** A machine of few cores is not asked for the large picture. */
export const largest: RungName = navigator.hardwareConcurrency >= 4 ? "videoLarge" : "videoMedium";
const smaller: readonly RungName[] =
  largest === "videoLarge" ? ["videoSmall", "videoMedium"] : ["videoSmall"];
export const pictureOptions = {
  simulcast: true,
  videoEncoding: presetOf(largest).encoding,
  videoSimulcastLayers: smaller.map(presetOf),
};

/**
 * The receivers' wishes (dynacast) and the sender's own rung, whichever is less: the library knows the first alone.
 * Gives the way to set the rung.
 */
const placeOf = (quality: number): number => quality;
export const capLayers = (track: LocalVideoTrack): ((most: number) => void) => {
  const native = track.setPublishingLayers.bind(track);
  let most: number = VideoQuality.HIGH;
  let again: (() => Promise<void>) | undefined;
  track.setPublishingLayers = (isSvc, qualities) => {
    const wished = qualities.map(({ enabled }) => enabled);
    again = () => {
      for (const [at, each] of qualities.entries())
        each.enabled = wished[at] === true && placeOf(each.quality) <= most;
      return native(isSvc, qualities);
    };
    return again();
  };
  return (next) => {
    most = next;
    if (again === undefined) track.setPublishingQuality(VideoQuality.HIGH);
    else void again();
  };
};

/** Kept apart from the library's own switching by what is on the screen, which goes on where a picture is wanted. */
export const receivePicture = (
  publication: RemoteTrackPublication,
  quality: VideoQuality | undefined,
): void => {
  if (quality === undefined) return publication.setEnabled(false);
  if (!publication.isEnabled) {
    Reflect.set(publication, "requestedDisabled", undefined);
    Reflect.set(publication, "requestedMaxQuality", undefined);
  }
  publication.setVideoQuality(quality);
};

/** False: that camera cannot be opened. */
export const chooseDevice = async (
  camera: LocalTrack | undefined,
  deviceId: string,
): Promise<boolean> => {
  if (camera === undefined) return false;
  const before = camera.mediaStreamTrack.getSettings().deviceId;
  try {
    await camera.setDeviceId({ exact: deviceId });
    return camera.isMuted || camera.mediaStreamTrack.getSettings().deviceId === deviceId;
  } catch {
    // Never black: what was seen before is seen again.
    if (before !== undefined) await camera.setDeviceId({ exact: before }).catch(() => undefined);
    return false;
  }
};
