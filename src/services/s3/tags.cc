// Tags of objects, and their access control lists, which are always the owner's.
#include "services/s3/attributes.h"
#include "services/s3/configurations.h"
#include "services/s3/service.h"

namespace pawl::s3 {

namespace {

constexpr std::size_t kObjectTagsMax = 10;

}  // namespace

OperationResult Service::get_tags(const Call& call) {
  const Fields fields(call.input.root());
  const Place place = TRY(place_of(fields));
  const ObjectRecord record = TRY(readable(place, fields.text("VersionId")));
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_version(out, *place.bucket, record);
  write_tag_set(out, record.attributes.tags);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void Service::put_tags(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  auto tags = read_tag_set(fields.node("Tagging"), kObjectTagsMax);
  if (!tags.ok()) return reply(Err{tags.error()});
  change_tags(call, std::move(*tags), reply);
}

void Service::delete_tags(const Call& call, const Reply& reply) { change_tags(call, {}, reply); }

void Service::change_tags(const Call& call, Pairs tags, const Reply& reply) {
  const Fields fields(call.input.root());
  const auto place = place_of(fields);
  if (!place.ok()) return reply(Err{place.error()});
  enter(*place, [this, place = *place, version_id = fields.text("VersionId"),
                 tags = std::move(tags), reply](Result<Pass, ServiceError> pass) {
    if (!pass.ok()) return reply(Err{pass.error()});
    auto record = readable(place, version_id);
    if (!record.ok()) return reply(Err{record.error()});
    record->attributes.tags = tags;
    const auto latest = current(place);
    const bool is_latest = latest && latest->sequence == record->sequence;
    Change change;
    change.batch.put(store::Space::kState,
                     is_latest ? object_key(place.bucket->id, place.key)
                               : version_key(place.bucket->id, place.key, record->sequence),
                     encode(*record));
    std::string text;
    json::Writer out(text);
    out.begin_object();
    write_version(out, *place.bucket, *record);
    out.end_object();
    commit(place.bucket, std::move(change),
           [reply, answer = json::Value::trusted(std::move(text)), held = std::move(*pass)] {
             reply(answer);
           });
  });
}

OperationResult Service::get_object_acl(const Call& call) {
  const Fields fields(call.input.root());
  const Place place = TRY(place_of(fields));
  TRY(readable(place, fields.text("VersionId")));
  return owners_access(place.bucket->account);
}

}  // namespace pawl::s3
