/**
 * The one catalogue of error codes: HTTP status (or 200 where it is an answer to one entry of a batch),
 * and what the person reads in both languages.
 */
export const errors = {
  bad_request: {
    status: 400,
    vi: "Yêu cầu không đúng dạng.",
    en: "The request is not well formed.",
  },
  not_json: {
    status: 400,
    vi: "Dữ liệu gửi lên không đọc được.",
    en: "The data sent cannot be read.",
  },
  too_large: { status: 413, vi: "Dữ liệu quá lớn.", en: "The data is too large." },
  too_deep: { status: 400, vi: "Dữ liệu lồng quá sâu.", en: "The data is nested too deeply." },
  wrong_sign_in: {
    status: 401,
    vi: "Sai tên đăng nhập hoặc mật khẩu.",
    en: "Wrong user name or password.",
  },
  not_signed_in: {
    status: 401,
    vi: "Phiên đăng nhập đã hết. Hãy đăng nhập lại; nội dung đã gõ vẫn còn.",
    en: "The session has ended. Sign in again; what you typed is kept.",
  },
  csrf: {
    status: 403,
    vi: "Yêu cầu không đến từ trang này.",
    en: "The request did not come from this page.",
  },
  forbidden: { status: 403, vi: "Bạn không có quyền làm việc này.", en: "You may not do this." },
  not_found: { status: 404, vi: "Không tìm thấy.", en: "Not found." },
  too_many: {
    status: 429,
    vi: "Quá nhiều lần thử. Chờ một phút rồi thử lại.",
    en: "Too many attempts. Wait a minute and try again.",
  },
  old_protocol: {
    status: 426,
    vi: "Phiên bản trên máy này quá cũ. Hãy tải lại khi có mạng; dữ liệu chưa gửi vẫn còn.",
    en: "This device runs a version that is too old. Reload when online; nothing unsent is lost.",
  },
  unavailable: {
    status: 503,
    vi: "Máy chủ đang tạm dừng. Dữ liệu giữ trên máy này và tự gửi lại.",
    en: "The server is paused. Your data stays here and is sent by itself.",
  },
  storage_full: {
    status: 507,
    vi: "Máy chủ hết chỗ lưu tệp. Đã báo quản trị; tệp vẫn giữ trên máy này.",
    en: "The server has no room for files. The file stays on this device.",
  },
  internal: {
    status: 500,
    vi: "Có lỗi ở máy chủ. Mã tra cứu: {reference}.",
    en: "The server failed. Reference: {reference}.",
  },
  // answers to one entry
  not_canonical: {
    status: 200,
    vi: "Bản ghi không đúng dạng chuẩn.",
    en: "The entry is not in canonical form.",
  },
  bad_header: {
    status: 200,
    vi: "Phần đầu bản ghi không hợp lệ.",
    en: "The entry's header is not valid.",
  },
  bad_body: {
    status: 200,
    vi: "Nội dung bản ghi không hợp lệ.",
    en: "The entry's content is not valid.",
  },
  body_hash_mismatch: {
    status: 200,
    vi: "Nội dung không khớp với chữ ký.",
    en: "The content does not match what was signed.",
  },
  bad_signature: { status: 200, vi: "Chữ ký không đúng.", en: "The signature is wrong." },
  unknown_key: {
    status: 200,
    vi: "Khóa ký chưa được chứng nhận.",
    en: "The signing key is not certified.",
  },
  disowned_key: {
    status: 200,
    vi: "Khóa này đã bị thu hồi; bản ghi chờ quản trị xem lại.",
    en: "This key was disowned; the entry waits for the administrator.",
  },
  id_conflict: {
    status: 200,
    vi: "Trùng mã bản ghi với nội dung khác.",
    en: "The same id exists with other content.",
  },
  strangers_case: {
    status: 200,
    vi: "Cơ sở của bạn không tham gia ca này.",
    en: "Your facility has no part in this case.",
  },
  unknown_log: { status: 200, vi: "Không có ca này.", en: "There is no such case." },
  unknown_kind: {
    status: 200,
    vi: "Loại bản ghi này máy chủ chưa biết.",
    en: "The server does not know this kind of entry.",
  },
  role_forbids: {
    status: 200,
    vi: "Vai trò của bạn không được ghi mục này.",
    en: "Your role may not write this.",
  },
  no_contract: {
    status: 200,
    vi: "Hai cơ sở chưa có hợp đồng còn hiệu lực; chỉ gửi được ca cấp cứu.",
    en: "There is no contract in force between the two facilities; only an emergency can be sent.",
  },
  unknown_facility: { status: 200, vi: "Không có cơ sở này.", en: "There is no such facility." },
  unknown_person: {
    status: 200,
    vi: "Không có người này ở cơ sở.",
    en: "There is no such person at the facility.",
  },
  head_moved: {
    status: 200,
    vi: "Người khác vừa nhận hoặc chuyển yêu cầu này.",
    en: "Somebody else has just taken or moved this request.",
  },
  wrong_state: {
    status: 200,
    vi: "Yêu cầu không còn ở trạng thái cho phép việc này.",
    en: "The request is no longer in a state that allows this.",
  },
  retry_later: {
    status: 200,
    vi: "Máy chủ chưa có mục được nhắc tới; sẽ tự gửi lại.",
    en: "The server does not yet have what this refers to; it is sent again by itself.",
  },
  target_refused: {
    status: 200,
    vi: "Mục mà nó dựa vào đã bị từ chối.",
    en: "What this depends on was refused.",
  },
  counter_reused: {
    status: 200,
    vi: "Khóa ký này đang được dùng trên hai máy nên việc này chưa được nhận. Hãy làm lại trên một máy.",
    en: "This key is in use on two machines, so this was not taken. Do it again on one machine.",
  },
  // files
  file_empty: {
    status: 422,
    vi: "Tệp rỗng (0 byte). Hãy chọn lại.",
    en: "The file is empty (0 bytes). Choose again.",
  },
  file_too_large: {
    status: 413,
    vi: "Tệp quá lớn (tối đa {limit}).",
    en: "The file is too large (at most {limit}).",
  },
  file_type_refused: {
    status: 415,
    vi: "Loại tệp này không nhận.",
    en: "This type of file is not accepted.",
  },
  file_type_mismatch: {
    status: 415,
    vi: "Nội dung tệp không đúng với loại ghi trên tên.",
    en: "The file's content is not of the type that it claims.",
  },
  file_hash_mismatch: {
    status: 422,
    vi: "Tệp bị hỏng trên đường truyền; sẽ gửi lại.",
    en: "The file was damaged on the way; it is sent again.",
  },
  // live sessions
  session_refused: {
    status: 409,
    vi: "Lúc này không làm được việc đó trong buổi hội chẩn.",
    en: "That cannot be done in the session now.",
  },
  recording_needs_consent: {
    status: 409,
    vi: "Chưa ghi sự đồng ý cho ghi âm của người bệnh vào ca, hoặc loại ca này không được ghi âm.",
    en: "The case does not hold the patient's consent to being recorded, or cases of this type are not recorded.",
  },
  live_absent: {
    status: 503,
    vi: "Máy chủ hình và tiếng chưa sẵn sàng. Trao đổi bằng chữ trong ca vẫn dùng được.",
    en: "The media engine is not ready. Writing in the case goes on.",
  },
  guest_link_over: {
    status: 410,
    vi: "Đường dẫn khách mời đã được dùng hoặc đã hết hạn. Hãy xin người mời một đường dẫn mới.",
    en: "This guest link was used already or has expired. Ask whoever invited you for a new one.",
  },
  account_taken: {
    status: 409,
    vi: "Tên đăng nhập này đã có người dùng. Hãy chọn tên khác.",
    en: "This user name is taken. Choose another.",
  },
  link_expired: {
    status: 410,
    vi: "Mã chụp ảnh đã hết hạn. Hãy mở mã mới trên máy tính.",
    en: "This camera link has expired. Open a new one on the PC.",
  },
} as const;

export type ErrorCode = keyof typeof errors;
