#include "services/s3/listing.h"

#include <algorithm>

#include "base/percent.h"
#include "services/s3/text.h"

namespace pawl::s3 {

std::string successor(std::string key) {
  key.push_back('\0');
  return key;
}

std::optional<std::string> common_prefix(std::string_view key, std::string_view prefix,
                                         std::string_view delimiter) {
  if (delimiter.empty()) return std::nullopt;
  const std::size_t at = key.find(delimiter, prefix.size());
  if (at == std::string_view::npos) return std::nullopt;
  return std::string(key.substr(0, at + delimiter.size()));
}

Result<std::size_t, ServiceError> read_limit(const Fields& fields, std::string_view name) {
  const auto wanted = fields.integer(name);
  if (!wanted) return std::size_t{1'000};
  if (*wanted < 0) {
    return Err{invalid_argument("Argument maxKeys must be an integer between 0 and 2147483647",
                                name, std::to_string(*wanted))};
  }
  return static_cast<std::size_t>(std::min<std::int64_t>(*wanted, 1'000));
}

Result<Encoding, ServiceError> Encoding::read(const Fields& fields) {
  Encoding encoding;
  const std::string wanted = fields.text("EncodingType");
  if (!wanted.empty() && wanted != "url") {
    return Err{
        invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", wanted)};
  }
  encoding.url_ = !wanted.empty();
  return encoding;
}

std::string Encoding::operator()(std::string_view text) const {
  return url_ ? form_encode_key(text) : std::string(text);
}

ListPage list_keys(const store::Store& store, const Bucket& bucket, const ListRequest& request) {
  ListPage page;
  if (request.limit == 0) return page;
  const std::string end = behind(object_key(bucket.id, request.prefix));
  const std::size_t key_begin = object_key(bucket.id, "").size();
  std::string from = object_key(bucket.id, std::max(request.prefix, request.from));
  bool done = false;
  while (!done) {
    done = true;
    store.scan(shard_of(bucket.id), store::Space::kState, from, end,
               store::Store::Direction::kForward,
               [&](std::string_view row, std::string_view value) {
                 const std::string_view key = row.substr(key_begin);
                 auto record = decode_object(value);
                 if (!record || record->is_marker()) return true;
                 auto common = common_prefix(key, request.prefix, request.delimiter);
                 if (common && *common == request.after) {
                   from = behind(object_key(bucket.id, *common));
                   done = false;
                   return false;
                 }
                 if (page.items.size() == request.limit) {
                   page.truncated = true;
                   return false;
                 }
                 if (common) {
                   // The rest of them is jumped over.
                   from = behind(object_key(bucket.id, *common));
                   page.next = behind(*common);
                   page.items.push_back({std::move(*common), std::nullopt});
                   done = false;
                   return false;
                 }
                 page.next = successor(std::string(key));
                 page.items.push_back({std::string(key), std::move(record)});
                 return true;
               });
    if (!done && !end.empty() && from >= end) done = true;
  }
  return page;
}

}  // namespace pawl::s3
