export const camera = {
  title: "Chụp ảnh cho ca bệnh",
  explain:
    "Trang này chỉ thêm ảnh vào ca đang mở trên máy tính của trạm, không xem được gì khác. Ảnh không mang vị trí.",
  shoot: "Chụp ảnh",
  sending: (n: number) => `Ảnh ${n}: đang gửi…`,
  arrived: (n: number) => `Ảnh ${n}: đã gửi`,
  notSent: (n: number) => `Ảnh ${n}: chưa gửi được`,
  again: "Gửi lại",
  cannotMeet:
    "Không gửi được? Điện thoại phải vào được cùng máy chủ với máy tính. Nếu không, nối cáp USB rồi bấm “Chọn ảnh qua cáp” trên máy tính.",
};
