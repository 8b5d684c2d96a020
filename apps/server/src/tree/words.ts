import type { CheckpointFacts } from "@lientuyen/record";

/** What is laid down in one mail. */
export interface MailFacts {
  /** Fingerprint of the installation's root key. */
  readonly root: string;
  readonly facts: CheckpointFacts;
  readonly count: number;
  /** The last deposit as it is attached. */
  readonly text: string;
}

/** Vietnamese first, English under it: whoever keeps the mail need not know the product. */
export const mailOfDeposits = ({ root, facts, count, text }: MailFacts) => ({
  subject: `Liên Tuyến: mốc xác nhận lịch sử ${facts.at} (${root.slice(0, 8)})`,
  text: `Thư này do máy chủ Liên Tuyến tự gửi. Xin giữ nguyên thư và tệp đính kèm, không cần trả lời.

Thư không chứa thông tin của người bệnh. Mỗi tệp đính kèm là một mốc: chữ ký của máy chủ lên toàn bộ lịch sử tính đến lúc đó. Người giữ máy chủ không sửa được mốc đã nằm ở hộp thư của quý vị, nên về sau có thể lấy thư ra đối chiếu xem lịch sử có bị viết lại hay không:

  npm run lientuyen -- verify <gói ca bệnh> --root ${root} --deposits <thư mục chứa các thư đã lưu dạng .eml>

The server sends this by itself; keep the mail and what is attached. It holds nothing of any patient. Each file is a checkpoint, the server's signature over its whole history until then: with it anybody can show later whether that history was written anew (docs/verify.md).

Khóa gốc / root: ${root}
Số mốc trong thư / checkpoints: ${count}
Mốc mới nhất / the last one: ${facts.at}
  kỷ / epoch ${facts.epoch}, số biên nhận / receipts ${facts.size}
  gốc cây / tree ${facts.root}

${text}
`,
});
