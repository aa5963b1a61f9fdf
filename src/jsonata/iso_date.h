// Time stamps without a picture, as $fromMillis prints and $toMillis reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::jsonata {

// An offset as $fromMillis takes it: "+0530", "-0500", "0000". Hours and minutes both carry the
// sign, after jsonata-js's division: "-0530" is 6 hours and 30 minutes. Empty: UTC.
struct ZoneOffset {
  double hours = 0;
  double minutes = 0;  // NaN, as the hours, when the text is no number

  static ZoneOffset parse(std::string_view text);
  double milliseconds() const { return (hours * 60 + minutes) * 60'000; }
};

// $fromMillis: "2018-03-23T10:33:36.617Z", or with the zone's "+05:30".
std::string iso_date_text(double millis, std::string_view zone);

// $toMillis: ECMAScript's Date.parse of an ISO 8601 time stamp; without a zone it is in UTC. Days
// up to 31 roll over into the next month; NaN for other dates that are none (month 13, hour 25).
// Nothing for a text of another form (D3110).
std::optional<double> parse_iso_date(std::string_view text);

}  // namespace pawl::jsonata
