import type { FailureReason } from "./failure.ts";

/** Vietnamese first, English under it. */
export type Both = readonly [vi: string, en: string];

const usage = {
  facilityAdd:
    'npm run lientuyen -- facility-add 12912 "Trạm Y tế xã Mù Cả" commune|provincial|central|department',
  contractAdd:
    "npm run lientuyen -- contract-add HD-12912-12901-2026 12912 12901 2026-11-25 [cardiology …] [urgent=30 …]",
} as const;

/** One clear sentence for each thing that a person can mend. */
export const explain = (reason: FailureReason): Both => {
  switch (reason.code) {
    case "portInUse":
      return [
        `Cổng ${reason.port} đang có chương trình khác dùng. Chọn cổng khác: PORT=${reason.port + 1} npm start`,
        `Port ${reason.port} is in use by another program. Choose another: PORT=${reason.port + 1} npm start`,
      ];
    case "portNotAllowed":
      return [
        `Tài khoản này không được mở cổng ${reason.port}. Chọn cổng từ 1024 trở lên: PORT=8080 npm start`,
        `This account may not open port ${reason.port}. Choose 1024 or above: PORT=8080 npm start`,
      ];
    case "noSuchAddress":
      return [
        `Máy này không có địa chỉ ${reason.host} (HOST).`,
        `This machine has no address ${reason.host} (HOST).`,
      ];
    case "diskFull":
      return [
        `Đĩa chứa ${reason.folder} đã đầy. Hãy giải phóng ít nhất 500 MB rồi chạy lại; dữ liệu đã lưu vẫn còn.`,
        `The disk that holds ${reason.folder} is full. Free 500 MB at least and start again; what was saved is kept.`,
      ];
    case "newerFolder":
      return [
        `Thư mục dữ liệu ${reason.folder} do phiên bản mới hơn tạo ra (dạng ${reason.found}, bản này hiểu đến ${reason.known}). Hãy cập nhật chương trình.`,
        `The data folder ${reason.folder} was written by a newer version (format ${reason.found}, this one knows ${reason.known}). Update the program.`,
      ];
    case "folderNotOurs":
      return [
        `Thư mục ${reason.folder} có tệp khác, không phải dữ liệu của Liên Tuyến. Hãy chọn thư mục trống: LIENTUYEN_DATA=…`,
        `The folder ${reason.folder} holds other files, not this program's data. Choose an empty one: LIENTUYEN_DATA=…`,
      ];
    case "folderNotWritable":
      return [
        `Không ghi được vào thư mục dữ liệu ${reason.folder}. Hãy chạy bằng tài khoản sở hữu thư mục, hoặc chọn chỗ khác: LIENTUYEN_DATA=…`,
        `The data folder ${reason.folder} cannot be written to. Run as its owner, or choose another: LIENTUYEN_DATA=…`,
      ];
    case "alreadyRunning":
      return [
        `Liên Tuyến đang chạy trên thư mục ${reason.folder}: ${reason.address}`,
        `Already running on the folder ${reason.folder}: ${reason.address}`,
      ];
    case "demoOnNetwork":
      return [
        `Đây là bản chạy thử: tài khoản mẫu chỉ mở trên máy này, không mở ra mạng (${reason.host}). Nếu thật sự muốn, thêm --demo-on-network; để dùng thật, đặt LIENTUYEN_DEMO=0.`,
        `This is the demo: its accounts listen on this machine only, not on the network (${reason.host}). Add --demo-on-network if you mean it; for real use set LIENTUYEN_DEMO=0.`,
      ];
    case "demoFolder":
      return [
        `Thư mục ${reason.folder} đang chứa mạng lưới mẫu. Để bắt đầu trống, chọn thư mục khác: LIENTUYEN_DATA=…`,
        `The folder ${reason.folder} holds the demo network. To start empty choose another: LIENTUYEN_DATA=…`,
      ];
    case "emptyFolder":
      return [
        `Thư mục ${reason.folder} là bản dùng thật, không nạp mạng lưới mẫu vào đó.`,
        `The folder ${reason.folder} is in real use; the demo network is not put into it.`,
      ];
    case "badSetting":
      return [
        `Thiết lập ${reason.name} không đúng: ${reason.detail}`,
        `The setting ${reason.name} is not valid: ${reason.detail}`,
      ];
    case "unreadable":
      return [`Không đọc được tệp ${reason.file}.`, `The file ${reason.file} cannot be read.`];
    case "databaseFailed":
      return [
        `PostgreSQL không khởi động được; xem ${reason.log}. ${reason.detail}`,
        `PostgreSQL did not start; see ${reason.log}.`,
      ];
    case "databaseOtherVersion":
      return [
        `Dữ liệu thuộc PostgreSQL ${reason.found}, bản này đi kèm PostgreSQL 18. Hãy cập nhật chương trình.`,
        `The data is of PostgreSQL ${reason.found}; this version carries 18. Update the program.`,
      ];
    case "databaseNotReached":
      return [
        `Không vào được cơ sở dữ liệu ở DATABASE_URL: ${reason.detail}`,
        `The database at DATABASE_URL cannot be used: ${reason.detail}`,
      ];
    case "databaseHoldsOthers":
      return [
        `Cơ sở dữ liệu ở DATABASE_URL đã có dữ liệu không thuộc thư mục ${reason.folder}. Hãy dùng đúng thư mục dữ liệu (khóa của máy chủ nằm ở đó), hoặc một cơ sở dữ liệu trống.`,
        `The database at DATABASE_URL holds data that does not belong to the folder ${reason.folder}. Use the data folder that goes with it (the server's keys are there), or an empty database.`,
      ];
    case "cannotStart":
      return [
        `Máy chủ không khởi động được: ${reason.detail}`,
        `The server cannot start: ${reason.detail}`,
      ];
    case "noAccount":
      return [
        `PostgreSQL không chạy bằng root và không tạo được tài khoản phụ. Hãy chạy bằng tài khoản thường. ${reason.detail}`,
        "PostgreSQL does not run as root and no other account could be made. Run as an ordinary user.",
      ];
    case "unsupported":
      return [
        `Máy này (${reason.machine}) chưa có PostgreSQL đi kèm. Hãy đặt DATABASE_URL.`,
        `No PostgreSQL comes with this program for ${reason.machine}. Set DATABASE_URL.`,
      ];
    case "noNetwork":
      return [
        `Máy này không có địa chỉ mạng nội bộ nào để mở (${reason.detail}).`,
        `This machine has no local network address to open (${reason.detail}).`,
      ];
    case "notRunning":
      return [
        `Liên Tuyến chưa chạy trên thư mục ${reason.folder}. Hãy npm start trước, rồi chạy lệnh này ở cửa sổ khác (nếu dùng thư mục khác: LIENTUYEN_DATA=…).`,
        `Nothing runs on the folder ${reason.folder}. Do npm start first, then this command in another window (if the folder is another: LIENTUYEN_DATA=…).`,
      ];
    case "databaseElsewhere":
      return [
        `Máy chủ trên ${reason.folder} dùng cơ sở dữ liệu bên ngoài; hãy đặt cùng DATABASE_URL cho lệnh này.`,
        `The server on ${reason.folder} uses a database of its own choosing; give this command the same DATABASE_URL.`,
      ];
    case "usage":
      return [`Cách dùng: ${usage[reason.of]}`, `Usage: ${usage[reason.of]}`];
    case "badFacilityCode":
      return [
        `Mã cơ sở "${reason.given}" không đúng: cần đúng 5 ký tự, chữ in hoa hoặc số.`,
        `The facility code "${reason.given}" is not valid: exactly 5 capital letters or digits.`,
      ];
    case "badLevel":
      return [
        `Không có tuyến "${reason.given}". Các tuyến: ${reason.known}.`,
        `There is no level "${reason.given}". Levels: ${reason.known}.`,
      ];
    case "badDay":
      return [
        `Ngày "${reason.given}" không đúng. Viết năm-tháng-ngày, ví dụ 2026-11-25.`,
        `The day "${reason.given}" is not valid. Write year-month-day, e.g. 2026-11-25.`,
      ];
    case "badSpecialty":
      return [
        `Không có chuyên khoa "${reason.given}". Các chuyên khoa: ${reason.known}.`,
        `There is no specialty "${reason.given}". Specialties: ${reason.known}.`,
      ];
    case "sameFacility":
      return [
        `Hợp đồng cần hai cơ sở khác nhau, không phải ${reason.facility} hai lần.`,
        `A contract is between two facilities, not ${reason.facility} twice.`,
      ];
    case "facilityHasPeople":
      return [
        `Cơ sở ${reason.facility} (${reason.name}) đã có người dùng; quản trị viên ở đó thêm người khác.`,
        `Facility ${reason.facility} (${reason.name}) has people already; its administrator adds others.`,
      ];
    case "facilityDiffers":
      return [
        `Mã ${reason.facility} đã là cơ sở "${reason.name}" (${reason.level}). Dùng đúng tên và tuyến đó để lấy liên kết mới, hoặc mã khác.`,
        `The code ${reason.facility} is "${reason.name}" (${reason.level}) already. Give that name and level for a new link, or another code.`,
      ];
    case "unknownFacility":
      return [
        `Chưa có cơ sở ${reason.facility}. Lập trước bằng facility-add.`,
        `There is no facility ${reason.facility}. Found it first with facility-add.`,
      ];
    case "contractTaken":
      return [
        `Hợp đồng ${reason.contract} đã có ở cơ sở ${reason.facility}. Dùng số hợp đồng khác.`,
        `Facility ${reason.facility} has a contract ${reason.contract} already. Use another number.`,
      ];
    case "unknownCommand":
      return [
        `Không có lệnh ${reason.name}. Các lệnh: start, migrate, seed, facility-add, contract-add, export, verify.`,
        `There is no command ${reason.name}. Commands: start, migrate, seed, facility-add, contract-add, export, verify.`,
      ];
    case "wrongArguments":
      return [`Cách dùng: npm run lientuyen -- ${reason.usage}`, "Usage: as above."];
    case "noDataFolder":
      return [
        `Thư mục ${reason.folder} không có dữ liệu của Liên Tuyến. Hãy chỉ đúng thư mục: LIENTUYEN_DATA=…`,
        `The folder ${reason.folder} holds no data of this program. Name the right one: LIENTUYEN_DATA=…`,
      ];
    case "noSuchCase":
      return [
        `Không có ca ${reason.name} trong dữ liệu này.`,
        `There is no case ${reason.name} in this data.`,
      ];
    case "severalCases":
      return [
        `Mã ${reason.name} trùng ở nhiều ca. Hãy dùng mã dài: ${reason.cases.join(", ")}`,
        `Several cases have the number ${reason.name}. Use the long name of one.`,
      ];
    case "fileThere":
      return [
        `Tệp ${reason.file} đã có, không ghi đè. Hãy chọn tên khác.`,
        `The file ${reason.file} is there and is not overwritten. Choose another name.`,
      ];
    case "bundleTooLarge":
      return [
        `Các tệp của ca quá lớn cho một gói: ${reason.bytes} byte, nhiều nhất ${reason.most}.`,
        `The case's files are too large for one bundle: ${reason.bytes} bytes, ${reason.most} at most.`,
      ];
    case "notABundle":
      return [
        `${reason.file} không phải gói ca bệnh của Liên Tuyến, hoặc đã hỏng: ${reason.detail}`,
        `${reason.file} is no case bundle, or is damaged: ${reason.detail}`,
      ];
    case "backupThere":
      return [
        `Thư mục ${reason.folder} không trống. Mỗi bản sao lưu cần một thư mục mới.`,
        `The folder ${reason.folder} is not empty. Each backup takes a new folder.`,
      ];
    case "notABackup":
      return [
        `Thư mục ${reason.folder} không phải bản sao lưu đầy đủ của Liên Tuyến.`,
        `The folder ${reason.folder} is no whole backup of this program.`,
      ];
    case "newerBackup":
      return [
        `Bản sao lưu ${reason.folder} do phiên bản mới hơn ghi (dạng ${reason.found}, bản này hiểu đến ${reason.known}). Hãy cập nhật chương trình.`,
        `The backup ${reason.folder} was written by a newer version (format ${reason.found}, this one knows ${reason.known}). Update the program.`,
      ];
    case "backupDamaged":
      return [
        `Bản sao lưu đã hỏng ở ${reason.file}. Chưa có gì bị thay đổi; hãy dùng bản sao lưu khác.`,
        `The backup is damaged at ${reason.file}. Nothing was changed; use another backup.`,
      ];
    case "otherInstallation":
      return [
        `Thư mục dữ liệu ${reason.folder} thuộc một hệ thống khác với bản sao lưu này. Hãy chọn thư mục trống: LIENTUYEN_DATA=…`,
        `The data folder ${reason.folder} belongs to another installation than this backup. Choose an empty one: LIENTUYEN_DATA=…`,
      ];
    case "serverConnected":
      return [
        "Còn máy chủ Liên Tuyến đang dùng cơ sở dữ liệu này. Hãy dừng mọi máy chủ rồi khôi phục lại.",
        "A server of this program still uses this database. Stop every server, then restore again.",
      ];
    case "restoreUnfinished":
      return [
        `Việc khôi phục vào ${reason.folder} bị ngắt giữa chừng. Hãy chạy lại: npm run lientuyen -- restore THƯ-MỤC-SAO-LƯU`,
        `A restore into ${reason.folder} was cut off. Run it again: npm run lientuyen -- restore FOLDER`,
      ];
    case "newerBundle":
      return [
        `${reason.file} do phiên bản mới hơn ghi (dạng ${reason.found}). Hãy cập nhật chương trình rồi kiểm tra lại.`,
        `${reason.file} was written by a newer version (format ${reason.found}). Update the program and check again.`,
      ];
  }
};

/** What is told after a backup and a restore. */
export const backupWords = {
  kept: (folder: string, at: string): Both => [
    `Đã sao lưu toàn bộ, tính đến ${at}: ${folder}`,
    `Everything as of ${at} is backed up.`,
  ],
  keepSafe: [
    "Trong đó có khóa của máy chủ và dữ liệu người bệnh: hãy cất kỹ như chính máy chủ, ở một nơi khác.",
    "It holds the server's keys and patients' data: keep it as safe as the server itself, in another place.",
  ],
  missing: (count: number): Both => [
    `${count} tệp có trong cơ sở dữ liệu nhưng không còn nguyên trên đĩa nên không sao lưu được; thiết bị còn giữ sẽ gửi lại.`,
    `${count} files that the database names are not whole on the disk and are not in the backup; devices that hold them send them again.`,
  ],
  restored: (at: string): Both => [
    `Đã khôi phục về ${at}. Lịch sử sang kỳ mới; mọi người đăng nhập lại, thiết bị sẽ tự gửi những gì máy chủ còn thiếu.`,
    `Restored to ${at}. A new epoch is on record; people sign in again, and devices send by themselves what the server lacks.`,
  ],
  aside: (schema: string): Both => [
    `Dữ liệu trước khi khôi phục vẫn còn trong cơ sở dữ liệu, ở schema ${schema}.`,
    `What was there before is kept in the database, in the schema ${schema}.`,
  ],
} as const;

export const progress = {
  keeping: ["Đang sao lưu", "backing up"],
  checkingBackup: ["Đang kiểm tra bản sao lưu", "checking the backup"],
  restoring: ["Đang khôi phục", "restoring"],
  database: ["Đang mở cơ sở dữ liệu", "opening the database"],
  migrating: ["Đang cập nhật cấu trúc dữ liệu", "migrating"],
  seeding: ["Đang tạo mạng lưới mẫu (chỉ lần đầu)", "making the demo network (first time only)"],
  stopping: ["Đang dừng …", "stopping …"],
  stopped: ["Đã dừng. Dữ liệu đã lưu an toàn.", "Stopped. Everything is saved."],
  unforeseen: ["Có lỗi không lường trước:", "An unforeseen fault:"],
  databaseGone: [
    "PostgreSQL dừng bất ngờ, đang mở lại …",
    "PostgreSQL went away, starting it again …",
  ],
} as const satisfies Record<string, Both>;

export const greeting = {
  ready: (address: string): Both => [`Liên Tuyến đang chạy: ${address}`, `Running at ${address}`],
  depositAway: (folder: string): Both => [
    `Chưa ghi được mốc xác nhận lịch sử vào ${folder}: thư mục không có hoặc không cho ghi. Sẽ thử lại mỗi phút.`,
    "Checkpoints cannot be laid down there: the folder is missing or not ours to write. It is tried again every minute.",
  ],
  demo: [
    "Người dùng mẫu (mật khẩu riêng của bản cài này):",
    "Demo people (passwords of this installation alone):",
  ],
  firstLink: (link: string): Both => [
    `Mở liên kết này một lần để tạo quản trị viên đầu tiên: ${link}`,
    "Open this link once to make the first administrator.",
  ],
  facilityAdded: (facility: string, link: string): Both => [
    `Đã lập cơ sở ${facility}. Quản trị viên của cơ sở mở liên kết này một lần, trong 24 giờ: ${link}`,
    `Facility ${facility} is founded. Its administrator opens this link once, within 24 hours.`,
  ],
  contractAgreed: (contract: string, one: string, other: string): Both => [
    `Đã ghi hợp đồng ${contract} ở cả hai cơ sở ${one} và ${other}.`,
    `Contract ${contract} is written at both facilities, ${one} and ${other}.`,
  ],
  stop: ["Dừng: Ctrl-C", "Stop: Ctrl-C"],
  trust: (address: string): Both => [
    `Điện thoại: quét mã này hoặc mở ${address}`,
    `Phones: scan this code or open ${address}`,
  ],
} as const;

/** What is said of the media engine. */
export const live = {
  preparing: [
    "Đang chuẩn bị máy chủ hình và tiếng LiveKit (vài phút, chỉ một lần). Mọi phần khác dùng được ngay.",
    "Making the media engine LiveKit ready (some minutes, once). Everything else can be used now.",
  ],
  ready: ["Máy chủ hình và tiếng LiveKit đã chạy.", "The media engine LiveKit is running."],
  gone: [
    "Máy chủ hình và tiếng dừng bất ngờ, đang mở lại …",
    "The media engine went away, starting it again …",
  ],
  back: ["Máy chủ hình và tiếng đã chạy lại.", "The media engine is running again."],
  absent: (detail: string): Both => [
    `Chưa có máy chủ hình và tiếng LiveKit; mọi phần khác vẫn chạy. Cách cài: docs/operations/live.md. (${detail})`,
    "There is no media engine; everything else runs. How to get one: docs/operations/live.md.",
  ],
} as const;

/** The page that tells a phone how to trust this installation. */
export const trustPage = {
  title: "Để điện thoại tin máy chủ Liên Tuyến này",
  why: "Camera và lưu trữ mã hóa chỉ chạy trên địa chỉ an toàn (https). Máy chủ này tự cấp chứng chỉ cho mạng nội bộ, nên mỗi điện thoại cần cài chứng chỉ gốc một lần. Chứng chỉ này chỉ có hiệu lực với địa chỉ mạng nội bộ, không dùng được cho trang nào trên Internet.",
  download: "1. Tải chứng chỉ gốc",
  android:
    "2. Android: Cài đặt → Bảo mật → Mã hóa và thông tin xác thực → Cài đặt chứng chỉ → Chứng chỉ CA → chọn tệp vừa tải.",
  iphone:
    "2. iPhone: Cài đặt → Đã tải về hồ sơ → Cài đặt; rồi Cài đặt chung → Giới thiệu → Cài đặt tin cậy chứng chỉ → bật.",
  computer:
    "2. Máy tính: mở tệp và đưa vào «Trusted Root Certification Authorities» (Windows) hoặc chạy «trust anchor» (Linux).",
  compare: "3. So dấu vân tay trên màn hình cài đặt với dòng này:",
  open: "4. Mở Liên Tuyến",
  scan: "Quét để mở trang này trên điện thoại:",
  english:
    "Install this root certificate once on each phone (Android: Settings → Security → Install a certificate → CA; iPhone: install the profile, then enable full trust under About → Certificate Trust Settings), compare the fingerprint, then open the address. The certificate is limited to local network addresses.",
} as const;
