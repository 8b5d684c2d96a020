export const shell = {
  product: "Liên Tuyến",
  purpose: "Hội chẩn từ xa giữa các tuyến",
  loading: "Đang mở…",
  languageName: "Ngôn ngữ",
  vietnamese: "Tiếng Việt",
  english: "English",
  account: "Tên đăng nhập",
  password: "Mật khẩu",
  showPassword: "Hiện chữ",
  signIn: "Đăng nhập",
  signingIn: "Đang đăng nhập…",
  signInOffline: "Lần đăng nhập đầu tiên trên máy này cần có mạng. Máy sẽ tự thử lại khi có mạng.",
  needAccount: "Nhập tên đăng nhập.",
  needPassword: "Nhập mật khẩu.",
  backToPeople: "Chọn người khác",
  chooseSecretTitle: "Chọn mã mở khóa",
  chooseSecretWhy: (name: string) =>
    `${name}, mã này mở máy khi không có mạng và khóa dữ liệu người bệnh trên máy.`,
  secret: "Mã PIN hoặc câu mật khẩu",
  secretHint: "Từ 6 chữ số khó đoán (không dùng 123456), hoặc câu từ 12 ký tự.",
  secretAgain: "Nhập lại",
  secretsDiffer: "Hai lần nhập không giống nhau.",
  saveSecret: "Xong",
  savingSecret: "Đang khóa dữ liệu…",
  weakSecret: "Quá ngắn. Cần từ 6 chữ số, hoặc câu từ 12 ký tự.",
  whoAreYou: "Ai đang dùng máy?",
  unlockOf: (name: string) => `Mở khóa: ${name}`,
  unlock: "Mở khóa",
  unlocking: "Đang mở…",
  forgotSecret: "Quên mã",
  forgotExplain:
    "Đăng nhập lại bằng mật khẩu (cần có mạng) rồi chọn mã mới. Những gì chưa gửi vẫn còn nguyên.",
  otherPerson: "Người khác đăng nhập",
  sendingWhileLocked: (n: number) => `Còn ${n} mục chưa gửi. Máy khóa vẫn gửi khi có mạng.`,
  updateReady: "Đã có phiên bản mới.",
  update: "Cập nhật ngay",
  emergency: "Cấp cứu, không mở được máy",
  emergencyExplain:
    "Ghi được ca mới, không xem được ca cũ. Ca này ghi dấu chưa xác nhận cho tới khi bạn đăng nhập lại.",
  emergencyName: "Tên bạn",
  emergencyNeedName: "Nhập tên bạn để tuyến trên biết ai gửi.",
  emergencyStart: "Ghi ca cấp cứu",
  elsewhereTitle: "Đang mở ở cửa sổ khác",
  elsewhereText:
    "Chỉ một cửa sổ được giữ dữ liệu. Dùng ở đây thì cửa sổ kia tự khóa; nội dung đang gõ vẫn còn.",
  useHere: "Dùng ở đây",
  impossibleTitle: "Trình duyệt này chưa dùng được",
  insecureAddress:
    "Địa chỉ này không an toàn nên trình duyệt không cho mã hóa dữ liệu. Hãy mở địa chỉ bắt đầu bằng https://, hoặc mở ngay trên máy chủ bằng http://localhost.",
  noStorage:
    "Trình duyệt không cho lưu dữ liệu (có thể đang ở chế độ ẩn danh). Hãy mở cửa sổ thường.",
  noCrypto: "Trình duyệt quá cũ, thiếu phần mã hóa. Cần Chrome, Edge hoặc Cốc Cốc bản 109 trở lên.",
  failures: {
    wrong_sign_in: "Sai tên đăng nhập hoặc mật khẩu.",
    too_many: "Quá nhiều lần thử.",
    offline: "Không có mạng. Thử lại khi có mạng.",
    unavailable: "Máy chủ đang tạm dừng. Thử lại sau ít phút.",
    forbidden:
      "Không dùng được máy này: máy đã bị thu hồi, hoặc bạn không còn vai trò ở đơn vị. Hỏi người quản trị CNTT.",
    wrongSecret: "Sai mã. Thử lại.",
    weakSecret: "Quá dễ đoán. Đừng dùng dãy liền như 123456, hay chỉ một, hai chữ số.",
    storageFull: "Máy hết chỗ lưu. Xóa bớt tệp trên máy rồi thử lại.",
    internal: "Có lỗi trên máy này. Tải lại trang rồi thử lại; dữ liệu vẫn còn.",
  },
  waitSeconds: (n: number) => `Chờ ${n} giây rồi thử lại.`,
  brokenTitle: "Màn hình này gặp lỗi",
  brokenText: "Dữ liệu đã lưu vẫn còn trên máy. Mở lại màn hình để làm tiếp.",
  reopen: "Mở lại",
  /** "nam, 34 tuổi"; "" where nothing is known. */
  patientLine: (sex: string | undefined, ageMonths: number | undefined): string =>
    [
      sex === "male" ? "nam" : sex === "female" ? "nữ" : "",
      ageMonths === undefined
        ? ""
        : ageMonths < 72
          ? `${ageMonths} tháng tuổi`
          : `${Math.floor(ageMonths / 12)} tuổi`,
    ]
      .filter((part) => part !== "")
      .join(", "),
};
