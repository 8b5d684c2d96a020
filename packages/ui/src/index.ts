export { Banner, Empty, Tag, Waiting, type Tone } from "./Banner.tsx";
export { Button, buttonClass, type ButtonLook } from "./Button.tsx";
export { Check, Choice, type ChoiceOption } from "./Choice.tsx";
export { Clock, useNow, type ClockText } from "./Clock.tsx";
export { Dialog, type DialogProps } from "./Dialog.tsx";
export {
  Field,
  FieldError,
  GrowingField,
  Select,
  TextArea,
  TextField,
  type FieldControl,
  type FieldText,
  type Option,
} from "./Field.tsx";
export { Icon, type IconName } from "./Icon.tsx";
export { NumericPad, pressed, type PadKey } from "./NumericPad.tsx";
export { Facts, Hidden, Panel } from "./Panel.tsx";
export { StepList, type Step, type StepLink, type StepState } from "./StepList.tsx";
export {
  VitalChart,
  type ChartPoint,
  type ChartSeries,
  type VitalChartProps,
} from "./VitalChart.tsx";
