// DeleteObject, DeleteObjects.
#include <memory>

#include "json/writer.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr std::size_t kDeletionsMax = 1'000;

Result<void, ServiceError> check_deletion(const Fields& fields,
                                          const std::optional<ObjectRecord>& record) {
  const std::string wanted = fields.text(fields.has("IfMatch") ? "IfMatch" : "ETag");
  if (wanted.empty() || wanted == "*") return {};
  if (!record || record->is_marker()) return {};
  if (unquoted(wanted) == record->etag) return {};
  return Err{precondition_failed("If-Match")};
}

}  // namespace

void Service::delete_one(const Place& place, const std::string& version_id,
                         const json::Value& conditions, const std::string& request_id,
                         std::function<void(Result<Deletion, ServiceError>)> done) {
  enter(place, [this, place, version_id, conditions, request_id,
                done = std::move(done)](Result<Pass, ServiceError> pass) {
    if (!pass.ok()) return done(Err{pass.error()});
    Change change;
    Deletion deletion;
    ObjectEvent event{.name = "ObjectRemoved:Delete",
                      .bucket = place.bucket,
                      .key = place.key,
                      .object = {},
                      .request_id = request_id,
                      .time = clock_.wall_now()};
    event.object.sequence = next_sequence();
    const auto latest = current(place);
    if (auto allowed = check_deletion(Fields(conditions.root()), latest); !allowed.ok()) {
      return done(Err{allowed.error()});
    }
    if (!version_id.empty()) {
      deletion.version_id = version_id;
      auto record = find_version(place, version_id);
      // A version that is not there is deleted already.
      if (!record.ok() && record.error().code != "NoSuchVersion") return done(Err{record.error()});
      if (record.ok()) {
        deletion.is_marker = record->is_marker();
        event.object.version_id = record->version_id;
        drop_version(place, *record, change);
      }
    } else if (place.bucket->versioning == Versioning::kNever) {
      if (latest) drop_version(place, *latest, change);
    } else {
      ObjectRecord marker;
      marker.kind = ObjectRecord::Kind::kDeleteMarker;
      marker.sequence = next_sequence();
      marker.modified = clock_.wall_now();
      deletion.is_marker = true;
      event.name = "ObjectRemoved:DeleteMarkerCreated";
      event.object = put_record(place, marker, latest, change);
      deletion.version_id = event.object.shown_version();
    }
    if (change.batch.empty()) return done(deletion);
    commit(place.bucket, std::move(change),
           [this, done, deletion, event = std::move(event), held = std::move(*pass)] {
             notifications_.tell(event, [done, deletion] { done(deletion); });
           });
  });
}

void Service::delete_object(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  const auto place = place_of(fields);
  if (!place.ok()) return reply(Err{place.error()});
  delete_one(*place, fields.text("VersionId"), call.input, call.request_id,
             [reply](Result<Deletion, ServiceError> deletion) {
               if (!deletion.ok()) return reply(Err{deletion.error()});
               std::string text;
               json::Writer out(text);
               out.begin_object();
               if (deletion->is_marker) out.key("DeleteMarker").boolean(true);
               if (!deletion->version_id.empty()) out.key("VersionId").string(deletion->version_id);
               out.end_object();
               reply(json::Value::trusted(std::move(text)));
             });
}

namespace {

// The deletions of one request, which end in any order and are answered in that of the request.
struct Deletions {
  struct Entry {
    std::string key;
    std::string version_id;
    std::string deleted;  // JSON, or
    std::string failed;   // JSON
  };
  std::vector<Entry> entries;
  std::atomic<std::size_t> open{0};
  bool quiet = false;
  Reply reply;

  void finish_one() {
    if (--open > 0) return;
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("Deleted").begin_array();
    for (const Entry& entry : entries) {
      if (!quiet && !entry.deleted.empty()) out.raw(entry.deleted);
    }
    out.end_array().key("Errors").begin_array();
    for (const Entry& entry : entries) {
      if (!entry.failed.empty()) out.raw(entry.failed);
    }
    out.end_array().end_object();
    reply(json::Value::trusted(std::move(text)));
  }
};

std::string failed_entry(const Deletions::Entry& entry, const ServiceError& failure) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Key").string(entry.key);
  if (!entry.version_id.empty()) out.key("VersionId").string(entry.version_id);
  out.key("Code").string(failure.code).key("Message").string(failure.message).end_object();
  return text;
}

std::string deleted_entry(const Deletions::Entry& entry, const std::string& version_id,
                          bool is_marker) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Key").string(entry.key);
  if (!entry.version_id.empty()) out.key("VersionId").string(entry.version_id);
  if (is_marker) {
    out.key("DeleteMarker").boolean(true);
    out.key("DeleteMarkerVersionId").string(version_id);
  }
  out.end_object();
  return text;
}

ServiceError malformed() {
  return error("MalformedXML",
               "The XML you provided was not well-formed or did not validate against our published "
               "schema");
}

}  // namespace

void Service::delete_objects(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  auto bucket = buckets_.get(fields.text("Bucket"));
  if (!bucket.ok()) return reply(Err{bucket.error()});
  const json::Node* request = fields.node("Delete");
  const json::Node* objects = request == nullptr ? nullptr : request->find("Objects");
  if (objects == nullptr || objects->size() == 0 || objects->size() > kDeletionsMax) {
    return reply(Err{malformed()});
  }
  const auto deletions = std::make_shared<Deletions>();
  deletions->reply = reply;
  deletions->quiet = Fields(*request).flag("Quiet");
  deletions->open = objects->size();
  for (const json::Node& object : *objects) {
    const Fields identifier(object);
    deletions->entries.push_back({.key = identifier.text("Key"),
                                  .version_id = identifier.text("VersionId"),
                                  .deleted = {},
                                  .failed = {}});
  }
  for (std::size_t i = 0; i < deletions->entries.size(); ++i) {
    const Deletions::Entry& entry = deletions->entries[i];
    delete_one({*bucket, entry.key}, entry.version_id, json::Value::of(objects->at(i)),
               call.request_id, [deletions, i](Result<Deletion, ServiceError> result) {
                 Deletions::Entry& mine = deletions->entries[i];
                 if (result.ok()) {
                   mine.deleted = deleted_entry(mine, result->version_id, result->is_marker);
                 } else {
                   mine.failed = failed_entry(mine, result.error());
                 }
                 deletions->finish_one();
               });
  }
}

}  // namespace pawl::s3
