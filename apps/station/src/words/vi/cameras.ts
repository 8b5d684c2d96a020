/** The cameras of an endpoint in a call. */
export const cameras = {
  choose: "Chọn camera",
  close: "Đóng",
  see: (name: string) => `Xem ${name}`,
  title: "Camera của máy này",
  help: "Đặt tên để bên kia biết đang xem gì. Chủ tọa, thư ký và bác sĩ được hỏi có thể đổi camera từ xa.",
  none: "Chưa thấy camera nào. Bật camera một lần để trình duyệt cho xem danh sách.",
  nameOf: (label: string) => `Camera này xem gì: ${label}`,
  pick: "Dùng",
  picked: "Đang dùng",
  pickThis: (label: string) => `Dùng: ${label}`,
  failed: "Không mở được camera này: xem dây cắm, hoặc chương trình khác đang dùng.",
  switchTo: (name: string, who: string) => `Xem ${name} của ${who}`,
  name: {
    room: "toàn phòng",
    examination: "bàn khám",
    ultrasound: "siêu âm",
    endoscope: "nội soi",
    theatre: "phòng mổ",
    other: "khác",
  },
};
