/** What the beginning of a facility's name is shortened to in writing, longest first. */
const shortForms: readonly (readonly [begins: string, short: string])[] = [
  ["Bệnh viện Đa khoa Trung ương", "BVĐKTW"],
  ["Bệnh viện Đa khoa khu vực", "BVĐKKV"],
  ["Bệnh viện Đa khoa tỉnh", "BVĐK"],
  ["Bệnh viện Trung ương", "BVTW"],
  ["Bệnh viện Đa khoa", "BVĐK"],
  ["Phòng khám Đa khoa", "PKĐK"],
  ["Trạm Y tế phường", "TYT"],
  ["Trung tâm Y tế", "TTYT"],
  ["Trạm Y tế xã", "TYT"],
  ["Trạm Y tế", "TYT"],
  ["Bệnh viện", "BV"],
  ["Sở Y tế", "SYT"],
];

/** "Trạm Y tế xã Thu Lũm" to "TYT Thu Lũm"; a name that begins otherwise stays as it is. */
export function shortFacilityName(name: string): string {
  const written = name.normalize().trim();
  const lower = written.toLocaleLowerCase("vi");
  const found = shortForms.find(([begins]) => lower.startsWith(`${begins.toLowerCase()} `));
  return found === undefined ? written : `${found[1]}${written.slice(found[0].length)}`;
}
