/**
 * What is attached to a mail that was saved as it came (RFC 2045): the texts of its base64 parts, those of a mail that it
 * encloses too. Checkpoints go by mail in no other encoding.
 */
export const attachedTexts = (mail: string): readonly string[] => {
  const texts: string[] = [];
  let part = freshPart();
  for (const line of [...mail.split(/\r?\n/), "--"]) {
    if (line.startsWith("--")) {
      if (part.base64 && part.body.length > 0)
        texts.push(Buffer.from(part.body.join(""), "base64").toString("utf8"));
      part = freshPart();
    } else if (!part.inHeader) part.body.push(line.trim());
    else if (line === "") part.inHeader = false;
    else if (/^content-transfer-encoding:\s*base64\s*$/i.test(line)) part.base64 = true;
  }
  return texts;
};

interface Part {
  inHeader: boolean;
  base64: boolean;
  readonly body: string[];
}

const freshPart = (): Part => ({ inHeader: true, base64: false, body: [] });
