/** How busy channels are, as the radio has measured. linux/nl80211.h, enum nl80211_survey_info. */

import { attr, attributes, flag, nested, s8, u32, u64 } from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { surveyAttributes as survey } from "./generated/nested.ts";
import { ifIndex } from "./interface.ts";
import { messageType } from "./message.ts";

const surveySet = attributes({
  /** MHz. */
  frequency: attr(survey.FREQUENCY, u32),
  /** dBm. */
  noise: attr(survey.NOISE, s8),
  /** The radio is there now. */
  inUse: attr(survey.IN_USE, flag),
  /** ms since some time: on the channel, and of these busy, receiving and sending. */
  time: attr(survey.TIME, u64),
  busy: attr(survey.TIME_BUSY, u64),
  receiving: attr(survey.TIME_RX, u64),
  sending: attr(survey.TIME_TX, u64),
});

/** Dumped. */
export const getSurvey = messageType("GET_SURVEY", { ifIndex }, ["ifIndex"]);

/** One channel in the answer to {@link getSurvey}. */
export const surveyResult = messageType("NEW_SURVEY_RESULTS", {
  ifIndex,
  survey: attr(ids.SURVEY_INFO, nested(surveySet)),
});
