import jsQR from "jsqr";
import * as v from "valibot";

const Picture = v.object({
  data: v.instance(Uint8ClampedArray),
  width: v.number(),
  height: v.number(),
});

/** One picture in, its QR's text out ("" where there is none). */
addEventListener("message", (event: MessageEvent<unknown>) => {
  const { data, width, height } = v.parse(Picture, event.data);
  postMessage(jsQR.default(data, width, height)?.data ?? "");
});
