// Going through a bucket's keys in order, with what stands together under a delimiter gathered.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/s3/bucket.h"
#include "services/s3/fields.h"
#include "services/s3/record.h"
#include "store/store.h"

namespace pawl::s3 {

struct ListRequest {
  std::string prefix;
  std::string delimiter;
  std::string from;   // keys from here on, the key itself included
  std::string after;  // a common prefix that was shown already; or empty
  std::size_t limit = 1'000;
};

struct Listed {
  std::string key;                     // or the common prefix
  std::optional<ObjectRecord> record;  // nothing: a common prefix
};

struct ListPage {
  std::vector<Listed> items;
  bool truncated = false;
  std::string next;  // where the next page begins: its `from`
};

// Objects; delete markers are left out.
ListPage list_keys(const store::Store& store, const Bucket& bucket, const ListRequest& request);

// The common prefix of a key, or nothing.
std::optional<std::string> common_prefix(std::string_view key, std::string_view prefix,
                                         std::string_view delimiter);

// `max-keys`, `max-uploads` ...: at most 1000.
Result<std::size_t, ServiceError> read_limit(const Fields& fields, std::string_view name);

// Texts as the request wants them: with `encoding-type=url` encoded.
class Encoding {
 public:
  static Result<Encoding, ServiceError> read(const Fields& fields);
  std::string operator()(std::string_view text) const;
  bool is_url() const { return url_; }

 private:
  bool url_ = false;
};

// The smallest key behind this one.
std::string successor(std::string key);

}  // namespace pawl::s3
