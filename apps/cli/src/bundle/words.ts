import type { Both } from "../words.ts";

/** What `export` and `verify` say. */
export const bundleWords = {
  written: (file: string): Both => [`Đã ghi gói ca bệnh: ${file}`, `Written: ${file}`],
  tellRoot: (root: string): Both => [
    `Dấu vân tay khóa gốc, hãy báo cho người nhận bằng đường khác (điện thoại, văn bản): ${root}`,
    `Root fingerprint; tell it to the receiver on another way: verify <bundle.zip> --root ${root}`,
  ],
  authentic: (root: string): Both => [
    `✔ XÁC THỰC dưới khóa gốc ${root}: mọi bản ghi, biên nhận và tệp trong gói đều nguyên vẹn.`,
    "AUTHENTIC under that root: every entry, receipt and file in the bundle is whole.",
  ],
  consistent: (root: string): Both => [
    `NHẤT QUÁN, CHƯA XÁC THỰC: trong gói không có gì sai, nhưng chưa biết gói của ai. Hỏi dấu vân tay khóa gốc nơi gửi rồi kiểm tra lại với --root. Gói tự khai: ${root}`,
    "CONSISTENT, NOT AUTHENTIC: nothing contradicts itself, but whose it is was not checked. Check again with --root.",
  ],
  broken: (count: number): Both => [
    `✘ KHÔNG NGUYÊN VẸN: ${count} chỗ sai. Không dùng gói này làm bằng chứng.`,
    `NOT SOUND: ${count} fault(s). Do not rely on this bundle.`,
  ],
  counts: (report: {
    readonly case: string;
    readonly entries: number;
    readonly files: number;
    readonly completeAt: string | undefined;
  }): Both => [
    `Ca ${report.case}: ${report.entries} bản ghi, ${report.files} tệp, đầy đủ đến ${report.completeAt ?? "– (không rõ)"} theo máy chủ đã ký.`,
    `${report.entries} entries, ${report.files} files, complete as of ${report.completeAt ?? "– (not known)"} by the server's signed word.`,
  ],
  earlier: (count: number): Both => [
    `${count} biên nhận cũ, cấp trước khi máy chủ được khôi phục từ bản sao lưu.`,
    `${count} receipts from before the server was restored from a backup.`,
  ],
  deposited: (file: string, at: string): Both => [
    `✔ Lịch sử khớp với mốc ${at} đang được giữ ở nơi khác: ${file}`,
    "The history is the one that a checkpoint kept elsewhere tells.",
  ],
  notDeposited: (count: number): Both => [
    `✘ CHƯA ĐỐI CHIẾU ĐƯỢC: trong ${count} mốc đang giữ không có mốc nào nối được với gói này. Lấy bản mới hơn của thư mục mốc rồi kiểm tra lại.`,
    "NOT COMPARED: none of the checkpoints kept elsewhere can be tied to this bundle. Fetch a newer copy of them and check again.",
  ],
  checkpoint: ({ root, size, at }: Readonly<{ root: string; size: number; at: string }>): Both => [
    `Mốc xác nhận lịch sử ${at}: ${size} biên nhận, gốc cây ${root}. Có thể so với mốc mà nơi khác đang giữ.`,
    "The checkpoint that every entry is proven under; compare it with one that others keep.",
  ],
  withheld: (name: string): Both => [
    `Nội dung đã được gỡ, bản ghi vẫn nguyên vẹn: ${name}`,
    "withheld: the body was taken away by an entry of the case; not broken.",
  ],
} as const;

/** One sentence for each thing that can be wrong in a bundle. */
export const faultWords = {
  signature: ["bản ghi hoặc chữ ký đã bị sửa", "the entry or its signature was changed"],
  bodyHash: [
    "nội dung đã bị sửa hoặc bị bỏ đi",
    "the body was changed, or is missing without having been withheld",
  ],
  chain: [
    "biên nhận không nối tiếp biên nhận trước nó",
    "the receipt does not follow from the one before it",
  ],
  receipt: [
    "biên nhận không phải của máy chủ này cho bản ghi này",
    "the receipt is not this server's for this entry",
  ],
  unknownKey: ["danh bạ không chứng nhận khóa đã ký", "no directory certifies the key"],
  gap: ["trước bản ghi này bị thiếu bản ghi, từ số", "entries are missing before it, from"],
  order: ["bản ghi bị đổi thứ tự", "the entry does not stand in the order of its receipts"],
  repeated: ["bản ghi này đã có ở trên", "the entry stands further up already"],
  otherLog: ["bản ghi thuộc sổ khác", "the entry belongs to another log"],
  wrongSigner: [
    "khóa này không được ký loại bản ghi này trong danh bạ",
    "this key may not write that into this directory",
  ],
  disownedKey: [
    "ký bằng khóa đã bị thu hồi trước khi bản ghi đến",
    "signed by a key that had been disowned before the entry was received",
  ],
  fileChanged: ["tệp đã bị sửa:", "the file was changed:"],
  fileMissing: ["thiếu tệp:", "the file is missing:"],
  fileStray: ["tệp không thuộc bản ghi nào", "no entry names this file"],
  tailCut: [
    "phần cuối của sổ bị cắt; máy chủ đã ký rằng sổ đến số",
    "the log's tail is cut off; the server signed that it goes to",
  ],
  extent: [
    "lời máy chủ ký về độ dài các sổ không đúng chữ ký",
    "the server's signed word on how far the logs go does not hold",
  ],
  earlierReceipt: [
    "biên nhận cũ kèm theo không đúng",
    "an earlier receipt of it does not prove itself",
  ],
  doubled: [
    "máy chủ đã cấp hai biên nhận khác nhau mà không ghi lại rằng đã khôi phục từ bản sao lưu",
    "the server gave two different receipts, and no restore from a backup is on record between them",
  ],
  fork: [
    "máy chủ đã ký một lịch sử khác với mốc đang được giữ ở nơi khác: giữ lại cả hai và báo cơ quan quản lý",
    "the server signed another history than the checkpoint kept elsewhere: keep both, and tell the authority",
  ],
  checkpoint: [
    "mốc xác nhận lịch sử không phải của máy chủ này",
    "the checkpoint is not signed by this server",
  ],
  checkpointSince: [
    "mốc xác nhận lịch sử không nối tiếp mốc trước mà gói mang theo",
    "the checkpoint does not continue the earlier one that the bundle carries",
  ],
  checkpointDate: [
    "biên nhận muộn hơn mốc xác nhận lịch sử chứa nó: mốc bị ghi lùi ngày",
    "its receipt is later than the checkpoint that holds it: the checkpoint is back-dated",
  ],
  tree: [
    "bản ghi không nằm trong lịch sử mà mốc đã xác nhận",
    "the entry is not in the history that the checkpoint signs",
  ],
  noFounding: [
    "không có bản ghi lập hệ thống với khóa gốc",
    "the installation's founding entry with its root key is missing",
  ],
  otherRoot: ["khóa gốc của gói không phải khóa đã cho", "the bundle's root is another one"],
  noCase: ["không có bản ghi nào của ca", "no entry of the case is there"],
} as const satisfies Record<string, Both>;
