interface Size {
  readonly width: number;
  readonly height: number;
}

const photoWithinMs = 4_000;
const frameWithinMs = 3_000;

/**
 * One picture at the camera's own full size, whatever size is being sent: a photograph where the camera can take one,
 * else a frame at the largest size of its film; the larger of the two. The camera is afterwards as it was.
 */
export const takeStill = async (track: MediaStreamTrack): Promise<Blob | undefined> => {
  const { width, height } = track.getCapabilities();
  const film: Size = { width: width?.max ?? 0, height: height?.max ?? 0 };
  const photo = await takePhoto(track);
  const photoSize = photo === undefined ? undefined : await sizeOf(photo);
  if (photoSize !== undefined && areaOf(photoSize) >= areaOf(film)) return photo;
  const frame = await takeFrame(track, film);
  if (frame === undefined) return photo;
  const isPhotoLarger = photoSize !== undefined && areaOf(photoSize) > areaOf(await sizeOf(frame));
  return isPhotoLarger ? photo : frame;
};

const areaOf = (size: Size | undefined): number =>
  size === undefined ? 0 : size.width * size.height;

const sizeOf = async (picture: Blob): Promise<Size | undefined> => {
  const bitmap = await createImageBitmap(picture).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
};

const within = <T>(ms: number, work: Promise<T>): Promise<T | undefined> =>
  Promise.race([
    work.catch(() => undefined),
    new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), ms);
    }),
  ]);

/** Without its sizes named, a camera photographs at the size of its film. */
const takePhoto = async (track: MediaStreamTrack): Promise<Blob | undefined> => {
  if (!("ImageCapture" in window)) return undefined;
  const capture = new ImageCapture(track);
  const most = await within(photoWithinMs, capture.getPhotoCapabilities());
  const imageWidth = most?.imageWidth?.max;
  const imageHeight = most?.imageHeight?.max;
  if (imageWidth === undefined || imageHeight === undefined) return undefined;
  return within(photoWithinMs, capture.takePhoto({ imageWidth, imageHeight }));
};

const takeFrame = async (track: MediaStreamTrack, most: Size): Promise<Blob | undefined> => {
  const before = track.getConstraints();
  try {
    if (areaOf(most) > 0)
      await track.applyConstraints({
        ...before,
        width: { ideal: most.width },
        height: { ideal: most.height },
      });
    return await drawFrame(track);
  } catch {
    return undefined;
  } finally {
    await track.applyConstraints(before).catch(() => undefined);
  }
};

/** The first frame that has the size that the track says it has now. */
const drawFrame = async (track: MediaStreamTrack): Promise<Blob | undefined> => {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  await video.play();
  const until = performance.now() + frameWithinMs;
  while (video.videoWidth !== track.getSettings().width && performance.now() < until)
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  video.srcObject = null;
  const drawn = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", 0.95),
  );
  return drawn ?? undefined;
};
