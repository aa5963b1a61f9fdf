// Every expectation is what jsonata-js 2.2.2 answers.
#include "jsonata/date_picture.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pawl::jsonata {
namespace {

constexpr double kMarch = 1521801216617;     // 2018-03-23T10:33:36.617Z, a Friday
constexpr double kNovember = 1510067557007;  // 2017-11-07T15:12:37.007Z, a Tuesday
constexpr WallMillis kNow = 1795319246252;   // 2026-11-22T03:47:26.252Z

struct FormatCase {
  double millis;
  const char* picture;
  const char* zone;
  const char* text;
};

std::string format(double millis, const char* picture, const char* zone = "0") {
  const auto compiled = DatePicture::compile(picture);
  if (!compiled.ok()) return std::string(compiled.error().code);
  const auto text = compiled->format(millis, zone);
  return text.ok() ? *text : std::string(text.error().code);
}

void check(std::initializer_list<FormatCase> cases) {
  for (const auto& [millis, picture, zone, text] : cases) {
    EXPECT_EQ(format(millis, picture, *zone == 0 ? "0" : zone), text) << picture;
  }
}

TEST(FormatDate, KeepsLiterals) {
  check({{kMarch, "Hello", "", "Hello"},
         {kMarch, "[[Year]]: [[[Y0001]]]", "", "[Year]: [2018]"},
         {kMarch, "a]]b[[c]", "", "a]b[c]"},
         {kMarch, "", "", ""},
         {kMarch, "[Y]-[ M01]-[D 01]T[H01 ]:[ m   ]:[s].[f0  01][Z01:\n 01t]", "",
          "2018-03-23T10:33:36.617Z"}});
}

TEST(FormatDate, PresentsNumbers) {
  check(
      {{kMarch, "[Y9,999,*] [Y,2] [Y,2-2] [Y##01,2-2] [YI] [Yw]", "",
        "2,018 18 18 18 MMXVIII two thousand and eighteen"},
       {kMarch, "[D#1]/[M#1]/[Y0001] [D1o] [Dwo] [Da]", "", "23/3/2018 23rd twenty-third w"},
       {kNovember, "[f] [f1] [f01] [f001] [f0001] [f,3-3]", "", "7 7 07 007 0007 007"},
       {kNovember, "[h] [h01] [H] [m] [m1] [s] [hw] [HI] [mA]", "", "3 03 15 12 12 37 three XV L"},
       {kNovember, "[D,a-b] [D,] [D,2-] [D,-2] [D,*] [M,2,3]", "", "7 7 07 7 7 0,1,1"},
       {kNovember, "[d] [d001] [W] [w] [x] [X] [F1]", "", "311 311 45 2 11 2017 2"},
       {-62198755200000, "[Y0001] [YI] [Yw] [Y,2-2]", "", "-0001 -I -one -01"},
       {INFINITY, "[Y0001]", "", "0NaN"}});
}

TEST(FormatDate, PresentsNames) {
  check({{kMarch, "[FNn,3-3], [D1o] [MNn,3-3] [Y] [C]", "", "Fri, 23rd Mar 2018 ISO"},
         {kMarch, "[F] [FN] [MN] [Mn] [MNn,*-4] [xNn]", "", "friday FRIDAY MARCH march Marc March"},
         {kNovember, "[P] [PN] [Pn] [PNn] [P1] [PN,1-1] [E]", "", "pm PM pm pm pm PM ISO"}});
}

TEST(FormatDate, CountsWeeksByTheirThursday) {
  check(
      {{1359633600000, "[w] of [xNn]", "", "5 of January"},
       {1533038400000, "[w] of [xNn]", "", "1 of August"},
       {1451736000000, "[X0001]-W[W01]-[F1]", "", "2015-W53-6"},
       {1230764400000, "[X]-W[W01]-[F1]", "", "2009-W01-3"},
       {-1e15, "[Y]-[M]-[D] [FNn] [X] [W] [w] [xNn]", "", "-29719-4-5 Tuesday -29719 14 1 April"}});
}

TEST(FormatDate, ShiftsToAZone) {
  check({{kNovember, "[H01]:[m01] [z] [Z]", "-0500", "10:12 GMT-05:00 -05:00"},
         {0, "[Z0] [Z00] [Z000] [Z0000] [Z00:00] [z0]", "+0100", "+1 +01 +100 +0100 +01:00 GMT+1"},
         {0, "[Z0] [Z0000] [Z00:00]", "-0530", "-6:-30 -0630 -06:30"},
         {0, "[Z] [Z0101t] [Z01:01t]", "", "+00:00 Z Z"},
         {kNovember, "[Y]-[M]-[D]", "+1400", "2017-11-8"}});
  EXPECT_EQ(iso_date_text(0, "0"), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_date_text(1540127100000, "-0500"), "2018-10-21T08:05:00.000-05:00");
  EXPECT_EQ(iso_date_text(1540127100000, "0000"), "2018-10-21T13:05:00.000Z");
  EXPECT_EQ(iso_date_text(-0.5, "0"), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_date_text(8.64e15 + 1, "0"), "0NaN-NaN-NaNTNaN:NaN:NaN.NaNZ");
}

TEST(FormatDate, NamesWhatIsWrong) {
  check({{0, "[YN]", "", "D3133"},
         {0, "[Z00000]", "", "D3134"},
         {0, "[ZI]", "", "D3134"},
         {0, "[Y", "", "D3135"},
         {0, "[]", "", "D3132"},
         {0, "[q]", "", "D3132"},
         {0, "[Do]", "", "D3130"},
         {0, "[Y[M]]", "", "D3130"},
         {0, "[D0\u0660]", "", "D3131"},
         {0, "[D,99999999]", "", ""}});
  EXPECT_EQ(std::get<std::string>(DatePicture::compile("[q]").error().value), "q");
}

struct ParseCase {
  const char* text;
  const char* picture;
  const char* answer;
};

std::string parse(const char* text, const char* picture) {
  const auto compiled = DatePicture::compile(picture);
  if (!compiled.ok()) return std::string(compiled.error().code);
  const auto millis = compiled->parse(text, kNow);
  if (!millis.ok()) return std::string(millis.error().code);
  if (!*millis) return "nothing";
  return std::isnan(**millis) ? "NaN" : std::to_string(static_cast<std::int64_t>(**millis));
}

void check(std::initializer_list<ParseCase> cases) {
  for (const auto& [text, picture, answer] : cases) {
    EXPECT_EQ(parse(text, picture), answer) << text << " as " << picture;
  }
}

TEST(ParseDate, ReadsNumbers) {
  check({{"201802", "[Y,*-4][M01]", "1517443200000"},
         {"20180205", "[Y0001][M01][D01]", "1517788800000"},
         {"20171107", "[Y][M][D]", "12637641600000"},
         {"27th 3 1976", "[D1o] [M#1] [Y0001]", "196732800000"},
         {"27 03 MMXVIII", "[D1] [M01] [YI]", "1522108800000"},
         {"ae C mmxviii", "[Da] [MA] [Yi]", "1522454400000"},
         {"2018-094", "[Y0001]-[d001]", "1522800000000"},
         {"99/99/2017", "[D01]/[M01]/[Y0001]", "1749254400000"},
         {"17-11-07", "[Y]-[M]-[D]", "-1645747200000"},
         {"2017-0-07", "[Y]-[M]-[D]", "1483747200000"},
         {"2017-11-b", "[Y]-[M]-[DA]", "1512345600000"},
         {"2017-11-v", "[Y]-[M]-[DI]", "NaN"},
         {"999999-1-1", "[Y]-[M]-[D]", "NaN"}});
}

TEST(ParseDate, ReadsWordsAndNames) {
  check(
      {{"one thousand, nine hundred and eighty-four", "[Yw]", "441763200000"},
       {"Twentieth of August, two thousand and seventeen", "[DW] of [MNn], [Yw]", "1503187200000"},
       {"three hundred and sixty-fifth day of 2018", "[dwo] day of [Y]", "1546214400000"},
       {"12 Nov 2017", "[D1] [MNn,*-3] [Y]", "1510444800000"},
       {"Wednesday, 14th November 2018", "[FNn], [D1o] [MNn] [Y]", "1542153600000"},
       {"2017 March", "[Y] [MN]", "1488326400000"},
       {"2017 MARCH", "[Y] [MN]", "1483228800000"},
       {"2017 Mars", "[Y] [MNn,3-3]", "1483228800000"}});
}

TEST(ParseDate, ReadsTimes) {
  check(
      {{"4/4/2018 12:06 am", "[D1]/[M1]/[Y0001] [h]:[m] [P]", "1522800360000"},
       {"4/4/2018 11:30 pm", "[D1]/[M1]/[Y0001] [h]:[m] [P]", "1522884600000"},
       {"2018-03-27T14:03:00.123Z", "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]Z",
        "1522159380123"},
       {"2026-04-08T19:05:04.01987", "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f1]", "1775675104019"},
       {"2017-11-07 3 -01:30", "[Y]-[M]-[D] [H] [Z]", "1510025400000"},
       {"2017-11-07 3 gmt+01:00", "[Y]-[M]-[D] [H] [z]", "1510020000000"},
       {"2017-11-07 3 +12345", "[Y]-[M]-[D] [H] [Z0]", "1509959700000"},
       {"2017-11-07T10", "[Y]-[M]-[D]t[H]", "1510048800000"}});
}

TEST(ParseDate, CompletesWhatIsNotSaid) {
  check({{"5", "[M]", "1777593600000"},
         {"12", "[D]", "1794441600000"},
         {"300", "[d]", "1793072846252"},
         {"10:20", "[m]:[s]", "1795317020000"},
         {"10", "[s]", "1795319230000"},
         {"1 am", "[h] [P]", "1795309200000"},
         {"2017 5", "[Y] [D]", "D3136"},
         {"2017-11-07 3", "[Y]-[M]-[D] [h]", "D3136"},
         {"2018-W05-3", "[X0001]-W[W01]-[F1]", "D3136"},
         {"12 5", "[H] [s]", "D3136"}});
}

TEST(ParseDate, AnswersNothingForOtherText) {
  check({{"x", "hello", "nothing"},
         {"hello", "hello", "nothing"},
         {"2017-11", "[Y]-[M]-", "nothing"},
         {"2017-11-5", "[Y]-[M]-[D1o]", "nothing"},
         {"2017-11-07 3 Z", "[Y]-[M]-[D] [H] [Z01:01t]", "nothing"},
         {"2017", "[Y]-[M]-[q]", "D3132"},
         {"2017", "[YN]", "D3133"},
         {"ISO", "[C]", "D3133"},
         {"5", "[D#]", "D3130"}});
}

TEST(ParseDate, TakesBoundedTimeToFail) {
  std::string text(400, 'a');
  text += '1';
  EXPECT_EQ(parse(text.c_str(), "[MNn][FNn][MNn][FNn][MNn][FNn]"), "nothing");
}

TEST(ParseIsoDate, FollowsDateParse) {
  const std::pair<const char*, double> cases[] = {
      {"1970-01-01T00:00:00.001Z", 1},
      {"2017", 1483228800000},
      {"2017-11", 1509494400000},
      {"2017-11-07", 1510012800000},
      {"2017-11-07T15:07:54", 1510067274000},
      {"2017-11-07T15:07:54.972345678Z", 1510067274972},
      {"2017-11-07T15:07:54.972Z", 1510067274972},
      {"2017-02-29T00:00:00.000Z", 1488326400000},
      {"2017-11-07T15:07:54+05:30", 1510047474000},
      {"2017-11-07T15:07:54.1-0530", 1510087074100},
      {"2017-11Z", 1509494400000},
      {"2017T10:00:00", 1483264800000},
      {"2017-02-29", 1488326400000},
      {"2017-11-31", 1512086400000},
      {"2017-11-07T24:00:00", 1510099200000},
      {"0000-01-01", -62167219200000},
  };
  for (const auto& [text, millis] : cases) EXPECT_EQ(parse_iso_date(text), millis) << text;
  for (const char* text : {"2017-13-01T00:00:00.000Z", "2017-13-01", "2017-00-10", "2017-10-00",
                           "2017-11-32", "2017-11-07T25:00:00", "2017-11-07T24:00:01",
                           "2017-11-07+05:30", "2017-0530", "2017-11-07T15:07:54+24:00"}) {
    const auto millis = parse_iso_date(text);
    EXPECT_TRUE(millis && std::isnan(*millis)) << text;
  }
  for (const char* text :
       {"", "foo", "01-02-2018", "2018-02-03 11:15:33", "2017-1", "2017-13-40", "2017-11-07T15:07Z",
        "2017-11-07T23:59:60", " 2017", "2017\n", "2017-11-07T10:00:00."}) {
    EXPECT_EQ(parse_iso_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace pawl::jsonata
