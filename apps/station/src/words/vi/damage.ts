/** Something in this machine's store had other bytes than were written. `which`: the case's number, where it is known. */
export const damage = {
  title: "Bộ nhớ trình duyệt trên máy này có chỗ bị hỏng",
  help: "Phần còn lại vẫn dùng bình thường. Nếu gặp lại, báo người quản trị CNTT kiểm tra ổ đĩa.",
  ofCase: (number: string) => (number === "" ? "Một ca" : `Ca ${number}`),
  case: {
    waiting: (which: string) =>
      `${which}: có mục đọc không được. Sẽ tự đọc lại từ máy chủ khi có mạng.`,
    mended: (which: string) => `${which}: mục bị hỏng đã được đọc lại từ máy chủ.`,
    lost: (which: string) =>
      `${which}: có mục bị hỏng mà máy chủ không có. Mục đó đã mất, cần xem và ghi lại.`,
  },
  unsent: {
    waiting: (which: string, kind: string) =>
      `${which}: mục “${kind}” chưa gửi bị hỏng. Bản niêm phong của nó sẽ được gửi khi có mạng.`,
    mended: (which: string, kind: string) =>
      `${which}: mục “${kind}” bị hỏng trên máy nhưng đã gửi được bằng bản niêm phong.`,
    lost: (which: string, kind: string) =>
      `${which}: mục “${kind}” chưa kịp gửi đã hỏng, không lấy lại được. Cần ghi lại.`,
  },
  file: {
    waiting: (which: string) =>
      `${which}: một tệp đọc không được. Sẽ tự lấy lại từ máy chủ khi có mạng.`,
    mended: (which: string) => `${which}: tệp bị hỏng đã được lấy lại từ máy chủ.`,
    lost: (which: string) =>
      `${which}: một tệp chưa gửi xong đã hỏng, không lấy lại được. Cần chụp hoặc ghi lại.`,
  },
  draft: "Một đoạn đang gõ dở đã hỏng, không lấy lại được.",
  view: "Ghi nhận về một lượt xem ca khi mất mạng đã hỏng, không gửi được.",
  directory: {
    waiting: "Danh bạ trên máy có mục đọc không được. Sẽ tự đọc lại từ máy chủ khi có mạng.",
    mended: "Danh bạ đã được đọc lại từ máy chủ.",
    lost: "Danh bạ trên máy có mục đọc không được.",
  },
  lists: "Các danh sách trên máy bị hỏng đã được dựng lại từ các ca.",
  understood: "Đã rõ",
  storeLost: "Trình duyệt đã mất dữ liệu giữ trên máy này",
  storeLostHelp: (unsent: number) =>
    unsent === 0
      ? "Mọi ca đều đã gửi: đăng nhập lại, ca sẽ tự về máy."
      : `Ca đã gửi sẽ tự về máy khi đăng nhập lại. ${unsent} mục chưa gửi không còn trên máy này: hỏi người đã ghi và ghi lại.`,
};
