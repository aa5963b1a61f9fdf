#include "services/s3/conditions.h"

#include <algorithm>

#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

// A list of entity tags, or *.
bool matches(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (item == "*" || unquoted(item) == etag) return true;
  }
  return false;
}

struct Conditions {
  std::string if_match;
  std::string if_none_match;
  std::optional<WallMillis> modified_since;
  std::optional<WallMillis> unmodified_since;
};

Conditions read_conditions(const Fields& fields, const std::string& prefix) {
  return {.if_match = fields.text(prefix + "IfMatch"),
          .if_none_match = fields.text(prefix + "IfNoneMatch"),
          .modified_since = parse_time(fields.text(prefix + "IfModifiedSince")),
          .unmodified_since = parse_time(fields.text(prefix + "IfUnmodifiedSince"))};
}

enum class Verdict { kGoOn, kIfMatch, kIfUnmodifiedSince, kIfNoneMatch, kIfModifiedSince };

// An entity tag that is given decides; the time beside it does not.
Verdict judge(const Conditions& conditions, const ObjectRecord& record) {
  // Times of requests have no milliseconds.
  const WallMillis modified = record.modified / 1000 * 1000;
  if (!conditions.if_match.empty()) {
    if (!matches(conditions.if_match, record.etag)) return Verdict::kIfMatch;
  } else if (conditions.unmodified_since && modified > *conditions.unmodified_since) {
    return Verdict::kIfUnmodifiedSince;
  }
  if (!conditions.if_none_match.empty()) {
    if (matches(conditions.if_none_match, record.etag)) return Verdict::kIfNoneMatch;
  } else if (conditions.modified_since && modified <= *conditions.modified_since) {
    return Verdict::kIfModifiedSince;
  }
  return Verdict::kGoOn;
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kGoOn:
      return "";
    case Verdict::kIfMatch:
      return "If-Match";
    case Verdict::kIfUnmodifiedSince:
      return "If-Unmodified-Since";
    case Verdict::kIfNoneMatch:
      return "If-None-Match";
    case Verdict::kIfModifiedSince:
      return "If-Modified-Since";
  }
  return "";
}

}  // namespace

Result<void, ServiceError> check_read(const Fields& fields, const ObjectRecord& record) {
  const Verdict verdict = judge(read_conditions(fields, ""), record);
  switch (verdict) {
    case Verdict::kGoOn:
      return {};
    case Verdict::kIfMatch:
    case Verdict::kIfUnmodifiedSince:
      return Err{precondition_failed(name_of(verdict))};
    case Verdict::kIfNoneMatch:
    case Verdict::kIfModifiedSince:
      return Err{not_modified(record.etag, record.modified)};
  }
  return {};
}

Result<void, ServiceError> check_copy_source(const Fields& fields, const ObjectRecord& record) {
  const Verdict verdict = judge(read_conditions(fields, "CopySource"), record);
  if (verdict == Verdict::kGoOn) return {};
  return Err{precondition_failed("x-amz-copy-source-" + std::string(name_of(verdict)))};
}

Result<void, ServiceError> check_write(const Fields& fields, std::string_view key,
                                       const std::optional<ObjectRecord>& current) {
  const bool exists = current && !current->is_marker();
  if (fields.has("IfNoneMatch")) {
    if (fields.text("IfNoneMatch") != "*") {
      return Err{error("NotImplemented",
                       "A header you provided implies functionality that is not implemented", 501)};
    }
    if (exists) return Err{precondition_failed("If-None-Match")};
  }
  if (fields.has("IfMatch")) {
    if (!exists) return Err{no_such_key(key)};
    if (!matches(fields.text("IfMatch"), current->etag)) {
      return Err{precondition_failed("If-Match")};
    }
  }
  return {};
}

}  // namespace pawl::s3
